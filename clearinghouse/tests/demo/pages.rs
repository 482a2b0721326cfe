//! Every page of the demo, followed as far as its links lead: nothing that a page names is missing, no id stands twice on
//! one, and its headings leave out no level.

use std::collections::{BTreeSet, VecDeque};

use reqwest::StatusCode;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use crate::common::Running;

/// Enough that every person of the demo has a report to read.
const REPORTS: u32 = 300;
/// Addresses that are followed for one person; lists link to themselves in every order.
const MOST_ADDRESSES: usize = 250;
/// How often an inbox is asked again while reports are on their way into it.
const MOST_LOOKS: usize = 2_000;

/// Somebody of the demo, signed in.
struct Visitor {
    client: Client,
    origin: String,
    cookie: String,
    home: String,
}

impl Visitor {
    fn enter(link: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let (door, secret) = link.rsplit_once('/').unwrap();
        let (scheme, rest) = link.split_once("://").unwrap();
        let origin = format!("{scheme}://{}", rest.split('/').next().unwrap());
        let entered = client.post(door).header("origin", &origin).form(&[("csrf", secret)]).send().unwrap();
        assert_eq!(entered.status(), StatusCode::SEE_OTHER, "{door}");
        let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let home = entered.headers()["location"].to_str().unwrap().to_owned();
        Self { client, origin, cookie, home }
    }

    /// Asks for an address; answers its text when it is a page.
    fn get(&self, path: &str) -> (StatusCode, Option<String>) {
        let asked = self.client.get(format!("{}{path}", self.origin)).header("cookie", &self.cookie);
        let answer = asked.send().unwrap();
        let (status, kind) = (answer.status(), answer.headers().get("content-type").cloned());
        let is_page = kind.is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"));
        (status, is_page.then(|| answer.text().unwrap()))
    }

    /// The inbox once it has a report in it.
    fn wait_for_reports(&self) {
        let has_report = || self.get(&self.home).1.unwrap().contains("/agency/reports/");
        assert!((0..MOST_LOOKS).any(|_| has_report()), "no report came to {}", self.home);
    }

    /// Follows every address from the home page; answers the pages that were seen.
    fn follow(&self) -> BTreeSet<String> {
        let (mut known, mut waiting) =
            (BTreeSet::from([self.home.clone()]), VecDeque::from([self.home.clone()]));
        let mut pages = BTreeSet::new();
        while let Some(path) = waiting.pop_front() {
            let (status, page) = self.get(&path);
            assert_eq!(status, StatusCode::OK, "{path}");
            let Some(page) = page else { continue };
            assert!(page.contains("rel=\"icon\""), "a browser asks for /favicon.ico beside {path}");
            let wrong = ill_formed(&page);
            assert!(wrong.is_empty(), "{path}: {wrong:?}");
            for address in addresses(&page) {
                if known.len() < MOST_ADDRESSES && known.insert(address.clone()) {
                    waiting.push_back(address);
                }
            }
            pages.insert(path);
        }
        pages
    }
}

/// Every address on this origin that a page names, without its fragment.
fn addresses(page: &str) -> Vec<String> {
    let named = [" href=\"", " src=\""].into_iter().flat_map(|name| page.split(name).skip(1));
    let values = named.filter_map(|rest| rest.split('"').next());
    let own = values.filter(|value| value.starts_with('/'));
    own.map(|value| value.replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned()).collect()
}

/// What a reader who goes by headings, or a label that names an id, would stumble over.
fn ill_formed(page: &str) -> Vec<String> {
    let (mut ids, mut level, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    // Within values, too, the signs of markup are written as names: a tag ends with the first of them.
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let id = tag.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next());
        if let Some(id) = id
            && !ids.insert(id)
        {
            wrong.push(format!("the id {id} twice"));
        }
        let name = tag.split_whitespace().next().unwrap_or_default();
        if let Some(next @ 1..=6) = name.strip_prefix('h').and_then(|digit| digit.parse::<u8>().ok()) {
            if next > level + 1 || (next == 1 && level > 0) {
                wrong.push(format!("h{next} follows h{level}"));
            }
            level = next;
        }
    }
    if level == 0 {
        wrong.push("no heading".to_owned());
    }
    wrong
}

#[test]
fn an_id_that_stands_twice_and_a_level_that_is_left_out_are_found() {
    let good = r#"<h1>A</h1><h2 id="a">B</h2><input id="b" data-id="a"><h3>C</h3><h2>D</h2>"#;
    assert_eq!(ill_formed(good), Vec::<String>::new());
    assert_eq!(
        ill_formed(r#"<h1 id="a">A</h1><p id="a">B</p><h3>C</h3>"#),
        ["the id a twice", "h3 follows h1"]
    );
    assert_eq!(ill_formed("<p>A</p>"), ["no heading"]);
    assert_eq!(ill_formed("<h2>A</h2><h1>B</h1>").len(), 2);
}

#[test]
fn everything_that_a_page_names_is_there() {
    let house = Running::demo(REPORTS, &[]);
    for (person, link) in house.ready["sign_in"].as_object().unwrap() {
        let visitor = Visitor::enter(link.as_str().unwrap());
        if person == "commander" {
            visitor.wait_for_reports();
        }
        let pages = visitor.follow();
        if person == "commander" {
            assert!(pages.iter().any(|page| page.starts_with("/agency/reports/")), "{pages:?}");
        }
    }
}
