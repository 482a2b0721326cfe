//! Nobody gets past a door who should not: not strangers, not people of another face, not sessions that ended, sit
//! locked, sat idle or grew old, not people who were switched off. And no change is taken that did not come from a page
//! of ours, of this session, for this form.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{StatusCode, header};
use domain::{Actor, Id as _, PersonId, Purpose};
use testkit::both_engines;

use super::asking::{Answer, Pass, Walled};
use super::list::{self, Callers, Line};
use super::{ORIGIN, walk};

/// A report, a form, a credential that nobody has.
const NOBODYS: &str = "999999999";
const FACES: [Callers; 3] = [Callers::Provider, Callers::Agency, Callers::Staff];

/// What a session that is locked still opens: the way to verify oneself again, and the ways out.
const OUT_OF_A_LOCK: [&str; 6] =
    ["/verify", "/verify/demo", "/verify/with/{way}", "/sign-out", "/sign-out-everywhere", "/lock"];

/// The lines behind the doors of people.
fn rooms() -> Vec<Line> {
    list::lines().into_iter().filter(|line| FACES.contains(&line.callers)).collect()
}

fn methods(line: &Line) -> impl Iterator<Item = &str> {
    ["GET", "POST"].into_iter().filter(|method| line.takes(method))
}

/// An answer without what differs from one to the next.
fn told(answer: &Answer) -> (StatusCode, String, String) {
    (answer.status, answer.location().to_owned(), answer.body.clone())
}

/// What somebody who is let in nowhere gets at each of these lines.
async fn walked(
    walled: &Walled,
    lines: &[Line],
    pass: &Pass,
) -> BTreeMap<String, (StatusCode, String, String)> {
    let mut all = BTreeMap::new();
    for line in lines {
        for method in methods(line) {
            let answer = walled.ask(method, &line.with(NOBODYS), pass).await;
            assert!(answer.is_refusal(), "{method} {} by {pass:?}: {answer:?}", line.path);
            assert!(!answer.headers.contains_key(header::SET_COOKIE) || answer.status.is_redirection());
            all.insert(format!("{method} {}", line.path), told(&answer));
        }
    }
    all
}

both_engines! {
    // PROVES: R-29
    fn whoever_is_not_let_in_is_told_the_same_as_a_stranger(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let rooms = rooms();
            assert!(rooms.len() > 40, "{rooms:?}");
            let stranger = walked(&walled, &rooms, &Pass::Nothing).await;
            let mut shut: Vec<(&str, Pass)> = vec![
                ("a cookie of no session", Pass::Cookie(format!("__Host-s={}", "ab".repeat(32)))),
                ("a broken cookie", Pass::Cookie("__Host-s=' OR 1=1 --".to_owned())),
                ("a cookie without its prefix", Pass::Cookie(format!("s={}", "ab".repeat(32)))),
                ("a provider's credential", walled.credential(0)),
                ("an agency's token", walled.token(0)),
            ];
            shut.push(("a session that was left", left(&walled).await));
            shut.push(("a person who was switched off", switched_off(&walled).await));
            for (who, pass) in &shut {
                assert_eq!(walked(&walled, &rooms, pass).await, stranger, "{who}");
            }
            // People of one face are strangers in the two others.
            let off = walled.words(Callers::Staff).pop();
            for callers in FACES {
                let others: Vec<Line> = rooms.iter().filter(|line| line.callers != callers).cloned().collect();
                for word in walled.words(callers).into_iter().filter(|word| Some(*word) != off) {
                    let pass = walled.enter(word).await;
                    for (asked, answer) in walked(&walled, &others, &pass).await {
                        assert_eq!(answer, stranger[&asked], "{word} at {asked}");
                    }
                }
            }
        });
    }

    // PROVES: R-70
    fn a_session_that_is_locked_idle_or_old_opens_no_room(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let rooms = rooms();
            for (minutes, is_over) in [(11, false), (16, true), (8 * 60 + 1, true)] {
                for callers in FACES {
                    let own: Vec<Line> = rooms.iter().filter(|line| line.callers == callers).cloned().collect();
                    let word = walled.words(callers)[0];
                    let pass = walled.enter(word).await;
                    let stranger = walked(&walled, &own, &Pass::Nothing).await;
                    walled.advance(minutes);
                    let is_way_out = |line: &Line| OUT_OF_A_LOCK.iter().any(|end| line.path.ends_with(end));
                    let own: Vec<Line> = own.into_iter().filter(|line| is_over || !is_way_out(line)).collect();
                    for (asked, answer) in walked(&walled, &own, &pass).await {
                        // A form that was sent while the screen was locked is kept on the page that asks for the key.
                        let is_kept = !is_over && answer.0 == StatusCode::FORBIDDEN && asked.starts_with("POST ");
                        let is_door = answer.0 == StatusCode::SEE_OTHER || is_kept || answer == stranger[&asked];
                        assert!(is_door, "{word} after {minutes} minutes at {asked}: {answer:?}");
                        assert!(!is_over || answer == stranger[&asked], "{word} after {minutes}: {asked}");
                    }
                }
            }
        });
    }

    fn machines_are_let_in_by_their_own_secret_alone(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let officer = walled.enter(walled.words(Callers::Agency)[0]).await;
            let sender = walled.enter(walled.words(Callers::Provider)[0]).await;
            let (credential, token) = (walled.credential(0), walled.token(0));
            let wrong = [
                Pass::Nothing,
                officer,
                sender,
                Pass::Basic("nobody".to_owned(), "nothing".to_owned()),
                Pass::Bearer("0".repeat(64)),
            ];
            for line in list::lines() {
                let other = match line.callers {
                    Callers::Credential => &token,
                    Callers::Token => &credential,
                    _ => continue,
                };
                for pass in wrong.iter().chain([other]) {
                    for method in ["GET", "POST", "PATCH", "DELETE"].into_iter().filter(|one| line.takes(one)) {
                        let answer = walled.ask(method, &line.with(NOBODYS), pass).await;
                        let shut = answer.status == StatusCode::UNAUTHORIZED
                            || answer.status == StatusCode::FORBIDDEN
                            || answer.status == StatusCode::NOT_FOUND
                            || answer.status == StatusCode::METHOD_NOT_ALLOWED;
                        assert!(shut, "{method} {} by {pass:?}: {answer:?}", line.path);
                    }
                }
            }
        });
    }

    fn no_change_is_taken_from_elsewhere_or_without_its_own_token(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            for callers in FACES {
                let lines: Vec<Line> = rooms().into_iter().filter(|line| line.callers == callers).collect();
                for word in walled.words(callers) {
                    let pass = walled.enter(word).await;
                    let home = walled.home(callers, &pass).await;
                    let (_, token) = home.form("sign-out").expect("every page has the way out");
                    for line in lines.iter().filter(|line| line.takes("POST")) {
                        forged(&walled, line, &pass, &token).await;
                    }
                    // After all that they are still signed in: not even the way out was taken.
                    assert_eq!(walled.home(callers, &pass).await.status, StatusCode::OK, "{word}");
                }
            }
        });
    }
}

/// Every way to post what no page of ours would, in a session that is live.
async fn forged(walled: &Walled, line: &Line, pass: &Pass, token: &str) {
    let evil =
        ["https://evil.example", "null", "https://walls.example.evil.example", "http://walls.example:81"];
    let sites = ["cross-site", "same-site", "none"];
    let froms = evil.iter().map(|origin| (Some(*origin), None));
    let froms = froms.chain(sites.iter().map(|site| (Some(ORIGIN), Some(*site)))).chain([(None, None)]);
    let is_way_out = line.path.ends_with("/sign-out");
    let mut tried: Vec<(Option<&str>, Option<&str>, String)> =
        froms.map(|(origin, site)| (origin, site, format!("csrf={token}"))).collect();
    let forged = "0".repeat(64);
    for form in [String::new(), "csrf=".to_owned(), format!("csrf={forged}")] {
        tried.push((Some(ORIGIN), Some("same-origin"), form));
    }
    if !is_way_out {
        // The token of another form of the same session.
        tried.push((Some(ORIGIN), Some("same-origin"), format!("csrf={token}")));
    }
    for (origin, site, form) in tried {
        let mut request = Walled::request("POST", &line.with(NOBODYS), pass)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let answer = walled.send(request.body(Body::from(form.clone())).unwrap()).await;
        let to_a_door = answer.status == StatusCode::SEE_OTHER && answer.is_refusal();
        let refused = answer.status.is_client_error() || to_a_door;
        assert!(refused, "{} from {origin:?} {site:?} with {form:?}: {answer:?}", line.path);
    }
}

/// The cookie of a session that its person left.
async fn left(walled: &Walled) -> Pass {
    let pass = walled.enter(walled.words(Callers::Agency)[0]).await;
    let home = walled.home(Callers::Agency, &pass).await;
    let (action, token) = home.form("sign-out").expect("every page has the way out");
    let answer = walled.post(&action, &pass, &format!("csrf={token}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    pass
}

/// The cookie of somebody who was switched off while signed in.
async fn switched_off(walled: &Walled) -> Pass {
    let word = *walled.words(Callers::Staff).last().expect("the clearinghouse has people");
    let pass = walled.enter(word).await;
    let id = PersonId::parse(&format!("demo-{word}")).unwrap();
    let disabled = walled.house.act(Actor::Operator, Purpose::Administration, "person-disable", move |act| {
        store::person::disable(act, &id)
    });
    disabled.await.unwrap();
    pass
}
