//! What an open page of the inbox hears of reports that come: over HTTP as any client hears it, and in a real browser as
//! somebody hears it who does not see the page.

#[path = "common/browser.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod browser;
#[path = "common/mod.rs"]
mod common;
#[path = "common/walks.rs"]
mod walks;

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use browser::Browser;
use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use synth::places::{Spot, address_in};
use walks::walk;

const LOS_ANGELES: &str = "06037";
const HENNEPIN: &str = "27053";
/// Pages that one person may have open and watching.
const MOST_OF_ONE: usize = 5;
/// How often it is asked whether the house noticed that somebody left, and how long is waited between.
const MOST_LOOKS: usize = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// A stream of events that is read as it comes.
struct Stream(BufReader<Response>);

impl Stream {
    /// Watches from the moment at which this page was made; `last` is what was heard before.
    fn of(browser: &Browser, page: &str, last: Option<&str>) -> Self {
        let answer = asked(browser, page, last);
        assert_eq!(answer.status(), StatusCode::OK);
        Self(BufReader::new(answer))
    }

    /// The next event with its id, word for word; nothing when the stream ended. Whoever has no place has `silent` for an id.
    fn next(&mut self) -> Option<(String, String)> {
        let (mut id, mut said) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the stream is not torn") == 0 {
                return None;
            }
            match line.trim_end().split_once(": ").unwrap_or((line.trim_end(), "")) {
                ("id", value) => id = value.to_owned(),
                ("event", "silent") => id = "silent".to_owned(),
                ("event", value) => assert_eq!(value, "new"),
                ("data", value) => said = value.to_owned(),
                ("", "") if !said.is_empty() => return Some((id, said)),
                _ => {}
            }
        }
    }
}

/// Asks for the news of a page.
fn asked(browser: &Browser, page: &str, last: Option<&str>) -> Response {
    let (_, rest) = page.split_once("data-events=\"").expect("the page says where its news is");
    let path = rest.split('"').next().expect("an address ends");
    browser.watch(path, last)
}

/// Sends a report about somebody in a county.
fn send(house: &Running, county: &'static str) {
    let (client, user, ispws) = (Client::new(), house.provider(0), house.ispws());
    let ip = address_in(Spot::County(county), 1);
    let report = format!(
        "<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>\
         <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
         <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter>\
         <personOrUserReported><screenName>invented</screenName><ipCaptureEvent><ipAddress>{ip}</ipAddress>\
         <eventName>Login</eventName><dateTime>2026-02-03T14:00:00Z</dateTime></ipCaptureEvent>\
         </personOrUserReported></report>"
    );
    let post = |path: &str| client.post(format!("{ispws}/{path}")).basic_auth(&user.0, Some(&user.1));
    let opened = post("submit").header("content-type", "text/xml").body(report).send();
    let opened = opened.and_then(Response::text).expect("the house answers");
    let (_, rest) = opened.split_once("<reportId>").expect("a report is opened");
    let number = rest.split('<').next().expect("a number ends");
    let finished = post("finish").form(&[("id", number)]).send().expect("the house answers");
    assert!(finished.text().expect("it says so").contains("<responseCode>0<"));
}

fn told(words: &str) -> Option<(String, String)> {
    Some((words.to_owned(), words.to_owned()))
}

/// What a page hears for which there is no place.
fn silent() -> (String, String) {
    ("silent".to_owned(), MOST_OF_ONE.to_string())
}

#[test]
fn an_open_inbox_hears_of_what_came_and_whoever_comes_again_misses_nothing() {
    let house = Running::demo(0, &[]);
    let (casey, kit) = (Browser::enter(&house, "commander"), Browser::enter(&house, "small_agency"));
    let (page, other) = (casey.get("/agency/inbox"), kit.get("/agency/inbox"));
    let mut stream = Stream::of(&casey, &page, None);
    let mut elsewhere = Stream::of(&kit, &other, None);
    send(&house, LOS_ANGELES);
    assert_eq!(stream.next(), told("1"));
    // While nobody listens, another one comes.
    drop(stream);
    send(&house, LOS_ANGELES);
    let mut again = Stream::of(&casey, &page, Some("1"));
    assert_eq!(again.next(), told("2"), "what was heard is not told again, and what came meanwhile is");
    assert_eq!(Stream::of(&casey, &page, None).next(), told("2"), "who heard nothing hears all");
    assert_eq!(Stream::of(&casey, &page, Some("zq")).next(), told("2"), "what makes no sense was not heard");
    // What came for another agency was never told there.
    send(&house, HENNEPIN);
    assert_eq!(elsewhere.next(), told("1"));
}

// PROVES: R-70
#[test]
fn watching_ends_with_the_session_and_is_for_a_few_pages_of_one_person() {
    let house = Running::demo(0, &[]);
    let casey = Browser::enter(&house, "commander");
    let page = casey.get("/agency/inbox");
    let mut streams: Vec<Stream> = (0..MOST_OF_ONE).map(|_| Stream::of(&casey, &page, None)).collect();
    let mut sixth = Stream::of(&casey, &page, None);
    assert_eq!(sixth.next(), Some(silent()), "it is told how many others are open");
    assert_eq!(sixth.next(), None);
    let robin = Browser::enter(&house, "investigator");
    let colleague = Stream::of(&robin, &robin.get("/agency/inbox"), None);
    // A page that was closed makes room, and hears of what comes.
    drop(streams.pop());
    send(&house, LOS_ANGELES);
    let next = (0..MOST_LOOKS).find_map(|_| {
        let mut stream = Stream::of(&casey, &page, None);
        let heard = stream.next().filter(|heard| *heard != silent());
        if heard.is_none() {
            std::thread::park_timeout(BETWEEN_LOOKS);
        }
        heard.map(|_| stream)
    });
    for stream in &mut streams {
        assert_eq!(stream.next(), told("1"));
    }
    streams.push(next.expect("a page that was closed makes room"));
    // The same person ends every session from another place.
    let there = Browser::enter(&house, "commander");
    let ended = there.post(&there.get("/agency/me"), "/agency/sign-out-everywhere", &[]);
    assert!(ended.status().is_redirection(), "{ended:?}");
    for mut stream in streams {
        assert_eq!(stream.next(), None, "a stream ends with its session");
    }
    assert_eq!(asked(&casey, &page, None).status(), StatusCode::NO_CONTENT, "and no browser comes again");
    drop(colleague);
}

#[test]
fn whoever_listens_to_a_page_hears_once_that_something_came() {
    let house = Running::demo(0, &[]);
    let address = address_in(Spot::County(LOS_ANGELES), 1).to_string();
    walk("news/walk.mjs", &[house.ready.to_string(), address]);
}
