//! What an agency labelled as criminal justice information stands on two of its own pages and on its own sheet. Everything
//! else that anybody can ask for is asked for: pages and answers of the clearinghouse, of providers, of other agencies, of the
//! agency itself and of its systems, its copies, and what is sent of its own accord.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use axum::body::Body;
use axum::http::{StatusCode, header};
use http_body_util::BodyExt as _;
use store::EventKind;
use testkit::both_engines;
use tower::ServiceExt as _;

use super::asking::{Pass, Walled};
use super::list::{self, Callers};
use super::things::Things;
use super::walk;

/// Stands in the labelled exhibit, and nowhere else.
const LABELLED: &str = "zq-walled-criminal-history";
/// Where it may stand.
const PAGES: [&str; 2] = ["/agency/cases/{case}", "/agency/cases/{case}/entries/{entry}"];
/// Those whose case it is. Others of their agency are not members of it.
const OWN: [&str; 3] = ["investigator", "commander", "unit_supervisor"];
/// A stream that ends with its session; it says that there is something, and not what.
const ENDLESS: &str = "/agency/inbox/events";
/// Copies that an officer takes, after the entry was changed as the list of forms wants it.
const COPIES: [&str; 7] = [
    "/package",
    "/court",
    "/document",
    "/certificate",
    "/preservation",
    "/entries/{entry}",
    "/entries/{entry}/pass-on",
];

/// What a system is given as a package, member by member.
async fn packed(walled: &Walled, report: &str, pass: &Pass) -> Vec<(String, Vec<u8>)> {
    let path = format!("/agency/v1/reports/{report}/package?sealed=no");
    let request = Walled::request("GET", &path, pass).body(Body::empty()).unwrap();
    let answer = walled.router.clone().oneshot(request).await.expect("a router always answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        members.push((name, bytes));
    }
    members
}

/// Everybody at home behind these doors, and the systems.
async fn everybody(walled: &Walled) -> Vec<(String, Pass)> {
    let mut all = Vec::new();
    for callers in [Callers::Staff, Callers::Provider, Callers::Agency] {
        for word in walled.words(callers) {
            all.push((word.to_owned(), walled.enter(word).await));
        }
    }
    all.push(("its own system".to_owned(), walled.token(0)));
    all.push(("another agency's system".to_owned(), walled.token(1)));
    all.push(("a provider's credential".to_owned(), walled.credential(0)));
    all
}

both_engines! {
    // PROVES: R-43 R-68
    fn what_is_labelled_stands_on_its_own_pages_and_on_its_sheet_and_nowhere_else(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let things = Things::of(&walled).await;
            let lines = list::lines();
            let is_plain = |path: &str| !path.contains(['{', '*']) && path != ENDLESS;
            let plain = lines.iter().filter(|line| line.takes("GET") && is_plain(&line.path));
            let plain: Vec<&str> = plain.map(|line| line.path.as_str()).collect();
            let mut shown = BTreeSet::new();
            for (who, pass) in &everybody(&walled).await {
                let mut note = |path: &str, body: &str| {
                    if body.contains(LABELLED) {
                        shown.insert((path.to_owned(), who.clone()));
                    }
                };
                for path in &plain {
                    note(path, &walled.ask("GET", path, pass).await.body);
                }
                for case in things.cases().iter().filter(|case| case.method == "GET") {
                    note(&case.line.path, &case.ask(&walled, pass).await.body);
                }
            }
            let wanted = PAGES.iter().flat_map(|page| OWN.iter().map(|who| ((*page).to_owned(), (*who).to_owned())));
            assert_eq!(shown, wanted.collect());
            for (name, bytes) in packed(&walled, &things.report, &walled.token(0)).await {
                assert!(!String::from_utf8_lossy(&bytes).contains(LABELLED), "{name}");
            }
            // No copy of a report holds it; its own sheet is taken by whoever works in its case, and not without a record.
            let officer = walled.enter("investigator").await;
            let is_copy = |path: &str| COPIES.iter().any(|end| path.ends_with(end));
            for case in things.cases().iter().filter(|case| case.method == "POST" && is_copy(&case.line.path)) {
                let answer = case.ask(&walled, &officer).await;
                let is_sheet = case.line.path.ends_with("/pass-on");
                let is_pdf = answer.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/pdf");
                assert!(!answer.body.contains(LABELLED), "{}", case.line.path);
                assert!(!is_sheet || is_pdf && answer.status == StatusCode::OK, "{}: {}", case.line.path, answer.status);
            }
            assert_eq!(walled.house.leaves(EventKind::CjiPassedOn).await, 1);
        });
    }
}
