//! Every page of the demo, followed as far as its links lead: nothing that a page names is missing.

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
