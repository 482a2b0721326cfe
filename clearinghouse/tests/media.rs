//! A real look at a file, in the real binary: asked for, drawn by its own locked process, served once on another origin;
//! and a file that a warrant opens.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;

/// Enough for the task force of the demo to have files of both kinds.
const REPORTS: u32 = 60;

/// Somebody of the demo with a session.
struct Browser {
    client: Client,
    base: String,
    cookie: String,
}

impl Browser {
    fn enter(house: &Running, word: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let link = house.ready["sign_in"][word].as_str().unwrap();
        let (door, secret) = link.rsplit_once('/').unwrap();
        let base = door.trim_end_matches("/agency/enter").to_owned();
        let entered = client.post(door).header("origin", &base).form(&[("csrf", secret)]).send().unwrap();
        let cookie = entered.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { client, base, cookie }
    }

    fn get(&self, path: &str) -> String {
        let url = format!("{}{path}", self.base);
        let answer = self.client.get(url).header("cookie", &self.cookie).send().unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().unwrap()
    }

    /// Sends the form of `page` whose action ends so, with these answers.
    fn post(&self, page: &str, action: &str, answers: &[(&str, &str)]) -> Response {
        let marker = format!("{action}\"");
        let form = page.split("<form").find(|form| form.contains(&marker)).expect("the page has the form");
        let path = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
        let token = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields: Vec<_> = [("csrf", token)].into_iter().chain(answers.iter().copied()).collect();
        let url = format!("{}{path}", self.base);
        let sent = self.client.post(url).header("cookie", &self.cookie).header("origin", &self.base);
        sent.form(&fields).send().unwrap()
    }

    /// The address of a picture whose line in its report says this.
    fn picture_that(&self, says: &str) -> String {
        let found = self.files(says).into_iter().find(|file| {
            let page = self.get(file);
            page.contains("image/png") || page.contains("image/jpeg")
        });
        found.unwrap_or_else(|| panic!("no picture says {says}"))
    }

    /// Addresses of files whose line in their report says this.
    fn files(&self, says: &str) -> Vec<String> {
        let inbox = self.get("/agency/inbox?sort=newest");
        let mut found = Vec::new();
        for part in inbox.split("href=\"/agency/reports/").skip(1) {
            let report = part.split('"').next().unwrap();
            let page = self.get(&format!("/agency/reports/{report}"));
            let lines = page.split("<tr").filter(|line| line.contains(says));
            found.extend(lines.filter_map(|line| {
                let (_, rest) = line.split_once("href=\"/agency/reports/")?;
                Some(format!("/agency/reports/{}", rest.split('"').next()?))
            }));
        }
        found
    }
}

/// The address of the picture on a page.
fn picture(page: &str) -> String {
    page.split("<img src=\"").nth(1).expect("there is a picture").split('"').next().unwrap().to_owned()
}

// PROVES: R-17 R-18 R-66
#[test]
fn a_viewed_file_is_seen_grey_then_clear_each_address_once_and_not_again_without_a_reason() {
    let house = Running::demo(REPORTS, &[]);
    let officer = Browser::enter(&house, "investigator");
    let file = officer.picture_that("ESP_VIEWED");
    let page = officer.get(&file);
    assert!(!page.contains("<img"), "nothing is shown before it is asked for");
    // Clear is not to be had first.
    let early = officer.post(&page, "/look", &[("manner", "clear")]);
    assert_eq!(early.status(), StatusCode::FORBIDDEN);

    let grey = officer.post(&page, "/look", &[("manner", "grey")]);
    assert_eq!(grey.status(), StatusCode::OK);
    let media = house.ready["media"].as_str().unwrap();
    let policy = grey.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("img-src 'self' {media};")), "{policy}");
    assert!(grey.headers().contains_key("refresh"), "it goes without script too");
    let grey = grey.text().unwrap();
    let address = picture(&grey);
    assert!(address.starts_with(media) && media != officer.base);

    // Opened in a window of its own it shows nothing; as a picture it does, once, and without a cookie.
    let alone = officer.client.get(&address).header("sec-fetch-dest", "document").send().unwrap();
    assert_eq!(alone.status(), StatusCode::NOT_FOUND);
    let first = officer.client.get(&address).header("sec-fetch-dest", "image").send().unwrap();
    assert_eq!(first.status(), StatusCode::OK, "{:?}", first.text());
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-site"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(first.headers()[name], value, "{name}");
    }
    assert!(first.headers().get("set-cookie").is_none());
    assert!(first.bytes().unwrap().starts_with(&[0xff, 0xd8, 0xff]));
    let second = officer.client.get(&address).send().unwrap();
    assert_eq!(second.status(), StatusCode::NOT_FOUND);

    let clear = officer.post(&grey, "/look", &[("manner", "clear")]).text().unwrap();
    let address = picture(&clear);
    assert_eq!(officer.client.get(&address).send().unwrap().status(), StatusCode::OK);
    // What was seen is not shown again, unless somebody says why.
    let again = officer.post(&officer.get(&file), "/look", &[("manner", "grey")]);
    assert_eq!(again.status(), StatusCode::FORBIDDEN);
    let again = again.text().unwrap();
    assert!(again.contains("What was seen is not shown again without a reason"), "{again}");
    let reason = [("manner", "grey"), ("again", "court")];
    assert_eq!(officer.post(&again, "/look", &reason).status(), StatusCode::OK);
}

// PROVES: R-18
#[test]
fn what_is_known_or_was_chosen_is_not_shown_and_a_soft_limit_asks() {
    const OWN: &str = "/agency/portal/wellness";
    let house = Running::demo(REPORTS, &[]);
    let officer = Browser::enter(&house, "investigator");
    let file = officer.picture_that("ESP_VIEWED");
    let page = officer.get(&file);
    assert!(page.contains("Nothing within the last seven days"), "{page}");
    let refused = |answers: &[(&str, &str)], says: &str| {
        let answer = officer.post(&page, "/look", &[&[("manner", "grey")], answers].concat());
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{says}");
        let text = answer.text().unwrap();
        assert!(text.contains(says), "{says}: {text}");
    };
    let chosen = |answers: &[(&str, &str)]| {
        assert_eq!(officer.post(&officer.get(OWN), OWN, answers).status(), StatusCode::SEE_OTHER);
    };
    // What somebody chose holds for forms that were open before, too.
    let classes = ["A1", "A2", "B1", "B2", "unclassified"].map(|class| ("spared", class));
    chosen(&[&[("step", "spare")], &classes[..]].concat());
    refused(&[], "you chose not to be shown files of this kind");
    refused(&[("goes_on", "yes")], "you chose not to be shown files of this kind");
    assert!(!officer.get(&file).contains("Show it grey"));
    chosen(&[("step", "spare")]);
    // A soft limit asks, and lets whoever says so go on.
    chosen(&[("step", "own"), ("day-any", "1")]);
    let seen = |answers: &[(&str, &str)]| {
        let answer = officer.post(&page, "/look", answers);
        assert_eq!(answer.status(), StatusCode::OK);
        let address = picture(&answer.text().unwrap());
        assert_eq!(officer.client.get(address).send().unwrap().status(), StatusCode::OK);
    };
    seen(&[("manner", "grey")]);
    seen(&[("manner", "clear")]);
    refused(&[("again", "court")], "a soft limit was reached");
    seen(&[("manner", "grey"), ("again", "court"), ("goes_on", "yes")]);
    // What was seen is counted for whoever saw it, and for nobody else.
    let counted = officer.get(&file);
    assert!(counted.contains("You have come to a soft limit"), "{counted}");
    let commander = Browser::enter(&house, "commander");
    let theirs = commander.get(&file);
    assert!(theirs.contains("Nothing within the last seven days") && !theirs.contains("Spare others"));
    // Whoever saw it says of which class it is: then it is shown to nobody of theirs, whatever they say.
    let unclassed = officer.post(&counted, "/class", &[]);
    assert_eq!(unclassed.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(officer.post(&counted, "/class", &[("class", "B2")]).status(), StatusCode::SEE_OTHER);
    refused(&[("again", "court"), ("goes_on", "yes")], "the same bytes are known");
    let known = commander.get(&file);
    assert!(known.contains("B2: in puberty") && !known.contains("Show it grey"), "{known}");
    assert_eq!(
        officer.post(&officer.get(&file), "/class", &[("take_back", "yes")]).status(),
        StatusCode::SEE_OTHER
    );
    seen(&[("manner", "grey"), ("again", "court"), ("goes_on", "yes")]);
}

// PROVES: R-17 R-18
#[test]
fn a_file_without_a_ground_opens_once_a_warrant_is_recorded_and_shuts_when_it_is_taken_back() {
    let house = Running::demo(REPORTS, &[]);
    let officer = Browser::enter(&house, "investigator");
    let file = officer.picture_that("no ground");
    let page = officer.get(&file);
    assert!(page.contains("It is shut"), "{page}");
    let said = [
        ("kind", "WARRANT"),
        ("court", "Invented District Court"),
        ("number", "26-mj-1"),
        ("scope", "the file named here"),
        ("document", ""),
    ];
    let without_end = officer.post(&page, "/grounds", &[&said[..], &[("ends", "")]].concat());
    assert_eq!(without_end.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without_end.text().unwrap().contains("say when it ends"));
    let recorded = officer.post(&page, "/grounds", &[&said[..], &[("ends", "2099-12-31")]].concat());
    assert_eq!(recorded.status(), StatusCode::SEE_OTHER);
    let page = officer.get(&file);
    assert!(page.contains("26-mj-1") && page.contains("WARRANT"), "{page}");
    let look = officer.post(&page, "/look", &[("manner", "grey")]);
    assert_eq!(look.status(), StatusCode::OK);
    let address = picture(&look.text().unwrap());
    assert_eq!(officer.client.get(&address).send().unwrap().status(), StatusCode::OK);
    // The prosecutor has no media permission, and gets it from the commander and from nobody else.
    let prosecutor = Browser::enter(&house, "prosecutor");
    assert!(prosecutor.get(&file).contains("You have no media permission"));
    let commander = Browser::enter(&house, "commander");
    let media = commander.get("/agency/media");
    assert!(media.contains("1 of 4"), "{media}");
    let who = [("person", "demo-prosecutor"), ("reason", "prepares the case"), ("days", "7")];
    assert_eq!(commander.post(&media, "/media/grant", &who).status(), StatusCode::SEE_OTHER);
    assert!(commander.get("/agency/media").contains("2 of 4"));
    // With what they may their screen locks; whoever signs in anew has it.
    let locked = prosecutor.client.get(format!("{}{file}", prosecutor.base));
    let locked = locked.header("cookie", &prosecutor.cookie).send().unwrap();
    assert!(locked.headers()["location"].to_str().unwrap().starts_with("/agency/verify"));
    let prosecutor = Browser::enter(&house, "prosecutor");
    assert_eq!(
        prosecutor.post(&prosecutor.get(&file), "/look", &[("manner", "grey")]).status(),
        StatusCode::OK
    );
    // Taken back, the warrant opens nothing.
    assert_eq!(officer.post(&page, "/revoke", &[]).status(), StatusCode::SEE_OTHER);
    assert!(officer.get(&file).contains("It is shut"));
}

#[test]
fn the_drawing_process_is_locked_in_the_real_binary_too() {
    for order in ["try-file", "try-socket"] {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        let output = process.args(["draw-picture", order]).env_clear().output().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&output.status), Some(31), "{order}");
        assert!(output.stdout.is_empty());
    }
}
