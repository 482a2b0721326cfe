//! The adversary: everybody of another tenant, and everybody whose own right ended, asks for every real thing on every
//! route, with tokens that are right for their own session. They are told what they would be told of a thing that never
//! was, no word of it is in any answer, and nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use domain::{Actor, AgencyId, CredentialId, Id as _, PersonId, Purpose};
use policy::ViewerRole;
use store::agency;
use store::person::{self, Home};
use testkit::both_engines;

use super::asking::{Answer, Pass, Walled};
use super::forms::{ELSEWHERE, forms};
use super::list::{self, Callers, Line};
use super::things::{Case, MARK, OWN, Things};
use super::walk;
use crate::commands::demo::people::{SMALL_AGENCY, TASK_FORCE};

/// Pages that change by being asked for: one's own sessions, the question to a new key, the ledger that grows with each.
const LIVELY: [&str; 4] = ["/me", "/me/keys", "/verify", "/oversight/ledger"];
/// Things that stand below a report: somebody may put one below a report of their own.
const BELOW: [&str; 3] = ["{hold}", "{letter}", "{ground}"];
/// What the owner of a form may do only later, or what ends their other sessions.
const NOT_RIPE: [&str; 5] = [
    "/people/{person}/",
    "/forms/{form}/open",
    "/forms/{form}/reopen",
    "/forms/{form}/file",
    "/me/keys/{key}/remove",
];

/// What only a commander may do.
const COMMANDERS: [&str; 6] = [
    "/agency/people/invitations/{invitation}/codes",
    "/agency/people/attest",
    "/agency/people/{person}/disable",
    "/agency/media/grant",
    "/agency/media/revoke",
    "/agency/keys/{key}/revoke",
];

/// What is wrong with an answer to somebody who may not have it.
fn wrong(who: &str, case: &Case, answer: &Answer) -> Option<String> {
    let asked = format!("{who}: {} {} {:?}", case.method, case.line.path, case.things);
    if answer.body.contains(MARK) || answer.door().contains(MARK) {
        return Some(format!("{asked}: is told words of it: {}", answer.status));
    }
    (!answer.is_refusal()).then(|| format!("{asked}: is answered with {}", answer.status))
}

/// Everybody of another tenant, in every role there is.
async fn strangers(walled: &Walled) -> Vec<(String, Pass)> {
    let mut all = vec![("nobody".to_owned(), Pass::Nothing)];
    let other = AgencyId::parse(SMALL_AGENCY).unwrap();
    let sender = walled.kept.providers[1].id.clone();
    for role in ViewerRole::OF_PEOPLE {
        let home = if role.is_of_agency() {
            Home::Agency(other.clone())
        } else if role.is_of_provider() {
            Home::Provider(sender.clone())
        } else {
            Home::House
        };
        let word = format!("other-{}", role.as_str());
        all.push((word.clone(), walled.hire(&word, home, role).await));
    }
    all.push(("another provider's credential".to_owned(), walled.credential(1)));
    all.push(("another agency's token".to_owned(), walled.token(1)));
    all.push(("a token of nobody".to_owned(), Pass::Bearer("f".repeat(64))));
    all
}

/// Whether the clearinghouse's own people are behind this door as a matter of course.
fn is_theirs(case: &Case, who: &str) -> bool {
    let role = ViewerRole::OF_PEOPLE.into_iter().find(|role| who == format!("other-{}", role.as_str()));
    case.line.callers == Callers::Staff && role.is_some_and(ViewerRole::is_of_house)
}

/// The pages of their owners, as they are now.
async fn pages(walled: &Walled, things: &Things) -> BTreeMap<String, String> {
    let mut passes = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (address, word) in &things.pages {
        let path = address.split('?').next().unwrap_or_default();
        if LIVELY.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        if !passes.contains_key(word) {
            passes.insert(*word, walled.enter(word).await);
        }
        let answer = walled.ask("GET", address, &passes[word]).await;
        all.insert(format!("{word} {address}"), without_tokens(&answer.body));
    }
    all
}

fn without_tokens(page: &str) -> String {
    let mut parts = page.split("name=\"csrf\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or("", |(_, rest)| rest))
}

both_engines! {
    // PROVES: R-29 R-32 R-33
    fn nothing_of_a_tenant_is_there_for_anybody_of_another(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let things = Things::of(&walled).await;
            let (cases, others) = (things.cases(), strangers(&walled).await);
            let before = pages(&walled, &things).await;
            let mut found = Vec::new();
            for case in &cases {
                for (who, pass) in others.iter().filter(|(who, _)| !is_theirs(case, who)) {
                    let own = case.ask(&walled, pass).await;
                    found.extend(wrong(who, case, &own));
                    let nothing = case.about_nothing();
                    let nobodys = nothing.ask(&walled, pass).await;
                    if case.told(&own) != nothing.told(&nobodys) {
                        let (own, nobodys) = (case.told(&own), nothing.told(&nobodys));
                        found.push(format!("{who}: {} {}: a thing is told from none: {own:.400?} {nobodys:.400?}", case.method, case.line.path));
                    }
                    // A thing of one tenant below a report of another.
                    let is_below = BELOW.iter().any(|name| case.line.path.contains(name));
                    if let Some(mixed) = case.with("report", &things.other_report).filter(|_| is_below) {
                        found.extend(wrong(who, &mixed, &mixed.ask(&walled, pass).await));
                    }
                }
            }
            assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
            let after = pages(&walled, &things).await;
            let changed: Vec<_> = before.iter().filter(|(page, text)| after.get(*page) != Some(*text)).collect();
            assert!(changed.is_empty(), "changed by strangers: {changed:#?}");
            owners_are_let_in(&walled, &things).await;
        });
    }

    // PROVES: R-21 R-29 R-71
    fn whoever_lost_a_right_is_shown_nothing_of_what_was_theirs(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let things = Things::of(&walled).await;
            let cases: Vec<Case> =
                things.cases().into_iter().filter(|case| case.line.callers == Callers::Agency).collect();
            let off = walled.enter("investigator").await;
            act(&walled, |act| person::disable(act, &PersonId::parse("demo-investigator").unwrap())).await;
            refused(&walled, "switched off", &off, &cases).await;
            let banner = walled.banner_of("commander").await;
            assert_eq!(banner.status, StatusCode::OK, "{banner:?}");
            assert!(!banner.headers.contains_key("set-cookie"), "whoever only read the banner is nobody yet");
            refused(&walled, "a banner that was only read", &Pass::Nothing, &cases).await;
            for (says, minutes) in [("locked", 11), ("idle", 16), ("old", 8 * 60 + 1)] {
                let pass = walled.enter("commander").await;
                walled.advance(minutes);
                refused(&walled, says, &pass, &cases).await;
            }
            let lesser = walled.enter("commander").await;
            downgrade(&walled).await;
            let prosecutor = walled.enter("prosecutor").await;
            for case in cases.iter().filter(|case| case.method == "GET") {
                let (one, other) = (case.ask(&walled, &lesser).await, case.ask(&walled, &prosecutor).await);
                assert_eq!(one.status, other.status, "downgraded: {}", case.line.path);
            }
            let commanders = cases.iter().filter(|case| COMMANDERS.contains(&case.line.path.as_str()));
            let commanders: Vec<Case> = commanders.cloned().collect();
            assert!(commanders.len() >= COMMANDERS.len());
            refused(&walled, "downgraded", &lesser, &commanders).await;
            let late = walled.enter("prosecutor").await;
            let known = agency_of(&walled).await;
            let mut expired = known.clone();
            expired.qualification.as_mut().unwrap().until = Some(walled.house.now());
            act(&walled, move |act| agency::put(act, &expired)).await;
            refused(&walled, "of an agency whose fact expired", &late, &cases).await;
            let now = walled.house.now();
            let gone = agency::Agency { disabled_at: Some(now), ..known };
            act(&walled, move |act| agency::put(act, &gone)).await;
            refused(&walled, "of an agency that was switched off", &late, &cases).await;
            let token = walled.token(0);
            for case in things.cases().iter().filter(|case| case.line.callers == Callers::Token) {
                let answer = case.ask(&walled, &token).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {answer:?}", case.line.path);
            }
        });
    }

    fn a_secret_that_was_taken_back_opens_nothing(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let things = Things::of(&walled).await;
            let (credential, token) = (walled.credential(0), walled.token(0));
            let lines: Vec<Line> = list::lines()
                .into_iter()
                .filter(|line| [Callers::Credential, Callers::Token].contains(&line.callers))
                .collect();
            let mut served = 0;
            for is_live in [true, false] {
                for line in &lines {
                    let pass = if line.callers == Callers::Token { &token } else { &credential };
                    for method in ["GET", "POST", "PATCH", "DELETE"].into_iter().filter(|one| line.takes(one)) {
                        let answer = walled.ask(method, &line.with(&things.report), pass).await;
                        if is_live {
                            served += u32::from(answer.status.is_success());
                            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {}", line.path);
                        } else {
                            let is_shut = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
                            assert!(is_shut, "{method} {}: {}", line.path, answer.status);
                            assert!(!answer.body.contains(MARK), "{method} {}: {answer:?}", line.path);
                        }
                    }
                }
                taken_back(&walled).await;
            }
            assert!(served > 8, "what is live opens: {served}");
        });
    }

    // PROVES: R-70
    fn an_act_that_needs_a_fresh_proof_is_not_done_with_an_old_one(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let things = Things::of(&walled).await;
            let cases = things.cases();
            for word in ["investigator", "commander", "provider_admin"] {
                let pass = walled.enter(word).await;
                walled.advance(6);
                let privileged = agencies::PRIVILEGED.iter().chain(providers::portal::PRIVILEGED);
                let privileged: Vec<_> = privileged.collect();
                let is_one = |case: &&Case| {
                    privileged.iter().any(|one| one.covers(&Method::POST, &case.line.path).is_some())
                };
                let all: Vec<&Case> = cases.iter().filter(|case| case.method == "POST").filter(is_one).collect();
                assert!(all.len() > 10, "{all:?}");
                for case in all {
                    let answer = case.ask(&walled, &pass).await;
                    assert!(answer.is_refusal(), "{word}: {}: {}", case.line.path, answer.status);
                    assert!(!answer.body.contains(MARK), "{word}: {}", case.line.path);
                }
            }
        });
    }
}

/// Every thing of a route is tried, or stands on the list that shrinks.
#[tokio::test]
async fn every_route_that_names_a_thing_is_tried() {
    let rows = testkit::on_sqlite();
    let walled = Walled::on(&rows).await;
    let things = Things::of(&walled).await;
    let tried: Vec<String> =
        things.cases().into_iter().map(|case| format!("{} {}", case.method, case.line.path)).collect();
    let (mut left, mut needed) = (Vec::new(), BTreeSet::new());
    let mut needless: Vec<&str> = ELSEWHERE.iter().map(|(route, _)| *route).collect();
    for line in list::lines() {
        // Links and capabilities are secrets, not names.
        let is_named = line.path.contains('{') && !line.path.contains("{*");
        if !is_named || ![Callers::Agency, Callers::Provider, Callers::Staff].contains(&line.callers) {
            continue;
        }
        for method in ["GET", "POST"].into_iter().filter(|method| line.takes(method)) {
            let asked = format!("{method} {}", line.path);
            if tried.contains(&asked) || OWN.contains(&line.path.as_str()) {
                continue;
            }
            match needless.iter().position(|route| *route == line.path) {
                Some(at) => drop(needed.insert(needless[at])),
                None => left.push(asked),
            }
        }
    }
    needless.retain(|route| !needed.contains(route));
    assert!(needless.is_empty(), "tried after all, or gone: {needless:#?}");
    assert!(left.is_empty(), "routes that name a thing and are not tried: {left:#?}");
}

async fn refused(walled: &Walled, says: &str, pass: &Pass, cases: &[Case]) {
    let mut found = Vec::new();
    for case in cases {
        found.extend(wrong(says, case, &case.ask(walled, pass).await));
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

pub(super) async fn act<F>(walled: &Walled, mut work: F)
where
    F: FnMut(&store::Act<'_>) -> store::Result<()> + Send + 'static,
{
    let done = walled.house.act(Actor::Operator, Purpose::Administration, "test::act", move |act| work(act));
    done.await.unwrap();
}

/// In the rows themselves, behind the back of the session: that two people agree to another role is proved elsewhere.
async fn downgrade(walled: &Walled) {
    act(walled, |act| {
        let sql = "-- test::downgrade
            UPDATE person SET role = 'prosecutor' WHERE id = 'demo-commander'";
        act.tx().execute(sql, &database::Args::none())?;
        act.note(store::Event::of_house(store::EventKind::SettingPut))?;
        Ok(())
    })
    .await;
}

async fn agency_of(walled: &Walled) -> agency::Agency {
    let all = walled.house.read("test::agencies", agency::list).await.unwrap();
    all.into_iter().find(|agency| agency.id.as_str() == TASK_FORCE).expect("it is listed")
}

/// Switches the first provider's credential and the first agency's token off.
async fn taken_back(walled: &Walled) {
    let Pass::Basic(username, _) = walled.credential(0) else { panic!("a credential is a name and a word") };
    let ids = walled.house.read("test::clients", move |view| {
        let client = "-- test::client
            SELECT id FROM agency_client WHERE agency_id = :agency AND disabled_at IS NULL";
        let credential = "-- test::credential
            SELECT id FROM credential WHERE username = :username AND disabled_at IS NULL";
        let client = view.tx().find::<String>(client, &database::bind! { agency: TASK_FORCE })?;
        Ok((client, view.tx().find::<String>(credential, &database::bind! { username: username.as_str() })?))
    });
    let (client, credential) = ids.await.unwrap();
    act(walled, move |act| {
        if let (Some(client), Some(credential)) = (&client, &credential) {
            agency::disable_client(act, &CredentialId::parse(client).unwrap())?;
            store::provider::disable_credential(act, &CredentialId::parse(credential).unwrap())?;
        }
        act.note(store::Event::of_house(store::EventKind::SettingPut))?;
        Ok(())
    })
    .await;
}

/// The same requests are taken from those whose things they are: whatever stands in the suite's way is nothing but that.
async fn owners_are_let_in(walled: &Walled, things: &Things) {
    let owners = ["investigator", "commander", "prosecutor", "provider_reporter", "provider_admin"];
    let mut passes = Vec::new();
    for word in owners {
        passes.push(walled.enter(word).await);
    }
    let of_people = [Callers::Agency, Callers::Provider];
    let is_ripe = |case: &Case| NOT_RIPE.iter().all(|part| !case.line.path.contains(part));
    let all =
        things.cases().into_iter().filter(|case| of_people.contains(&case.line.callers) && is_ripe(case));
    for case in &all.collect::<Vec<_>>() {
        let mut answers = Vec::new();
        for pass in &passes {
            answers.push(case.ask(walled, pass).await);
        }
        // What was done already, or lacks a word, is refused for that reason and not for whose it is.
        let is_theirs = |answer: &Answer| {
            let known = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
            !answer.is_refusal() || known.contains(&answer.status)
        };
        let is_taken = answers.iter().any(is_theirs);
        let answers: Vec<StatusCode> = answers.iter().map(|answer| answer.status).collect();
        let asked = format!("{} {} {:?}", case.method, case.line.path, case.things);
        assert!(is_taken, "{asked} is taken from nobody: {answers:?}");
    }
    assert!(forms().count() > 20);
}
