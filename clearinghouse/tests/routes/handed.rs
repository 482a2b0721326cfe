//! What is handed on, as the systems of both agencies see it: each step, a report that comes back, and a court's conditions
//! wherever the report goes.

use std::io::{Cursor, Read as _};

use axum::body::Body;
use axum::http::{StatusCode, header};
use domain::{AgencyId, Id as _};
use http_body_util::BodyExt as _;
use pipeline::worker;
use serde_json::{Value, json};
use store::EventKind;
use testkit::both_engines;
use tower::ServiceExt as _;

use super::asking::{Pass, Walled};
use super::made::{done, filed};
use super::walk;
use crate::commands::demo::people::SMALL_AGENCY;

const REFERRALS: &str = "/agency/v1/referrals";

async fn token_of(walled: &Walled, agency: &str) -> Pass {
    let agency = AgencyId::parse(agency).unwrap();
    let issued = administration::setup::issue_token(walled.house.house(), &agency, None).await;
    Pass::Bearer(issued.unwrap().secret)
}

/// What a system is answered.
async fn json_of(walled: &Walled, path: &str, pass: &Pass) -> Value {
    while walled.house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
    let answer = walled.ask("GET", path, pass).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    serde_json::from_str(&answer.body).unwrap()
}

/// Hands a report on to the small agency by a court's order, as it stands; answers the address of the transfer.
async fn ordered(walled: &Walled, prosecutor: &Pass, report: &str) -> String {
    let said = format!(
        "version=1&to={SMALL_AGENCY}&kind=transfer&reason=person-lives-there&code=G2-vii&order=Court+of+Nowhere+1\
         &conditions=No+copies.%0D%0ABack+by+Monday.&words=dull+words"
    );
    let path = format!("/agency/reports/{report}/hand-on");
    done(walled, prosecutor, &path, &format!("hand-on-{report}"), &said).await.location().to_owned()
}

/// A step that somebody of an agency takes.
async fn step(walled: &Walled, pass: &Pass, transfer: &str, (step, fields): (&str, &str)) {
    let id = transfer.rsplit('/').next().unwrap();
    done(walled, pass, &format!("{transfer}/{step}"), &format!("transfer-{id}"), fields).await;
}

/// The manifest of a package that a system takes.
async fn manifest(walled: &Walled, report: &str, pass: &Pass) -> Value {
    let path = format!("/agency/v1/reports/{report}/package?sealed=no");
    let request = Walled::request("GET", &path, pass).body(Body::empty()).unwrap();
    let answer = walled.router.clone().oneshot(request).await.expect("a router always answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("manifest.json").unwrap().read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn orders() -> Value {
    json!([{ "order": "Court of Nowhere 1", "conditions": ["No copies.", "Back by Monday."] }])
}

both_engines! {
    // PROVES: R-34 R-41
    fn systems_of_both_agencies_see_every_step_and_a_courts_conditions_go_along(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", "dull").await;
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            let (ours, theirs) = (walled.token(0), token_of(&walled, SMALL_AGENCY).await);
            let (prosecutor, kit) = (walled.enter("prosecutor").await, walled.enter("small_agency").await);
            let number: u64 = report.parse().unwrap();
            let transfer = ordered(&walled, &prosecutor, &report).await;
            let id = transfer.rsplit('/').next().unwrap().to_owned();

            // Offered: the other agency's system sees it and not the report.
            let listed = json_of(&walled, REFERRALS, &theirs).await;
            let one = &listed["referrals"][0];
            assert_eq!((&one["direction"], &one["state"], &one["report"]), (&json!("incoming"), &json!("offered"), &json!(number)));
            assert_eq!((&one["code"], &one["cursor"]), (&json!("G2-vii"), &listed["next"]));
            let whole = json_of(&walled, one["href"].as_str().unwrap(), &theirs).await;
            assert_eq!((&whole["onRecord"]["conditions"], &whole["note"]), (&orders()[0]["conditions"], &json!("dull words")));
            let of = format!("/agency/v1/reports/{report}");
            assert_eq!(walled.ask("GET", &of, &theirs).await.status, StatusCode::NOT_FOUND);
            assert_eq!(json_of(&walled, "/agency/v1/feed", &theirs).await["entries"], json!([]));
            assert_eq!(json_of(&walled, &of, &ours).await["courtOrders"], json!([]), "an offer is no order that was carried out");
            // Who is no party sees nothing, and learns nothing from the name.
            let stranger = walled.token(1);
            assert_eq!(json_of(&walled, REFERRALS, &stranger).await["referrals"], json!([]));
            assert_eq!(walled.ask("GET", &format!("{REFERRALS}/{id}"), &stranger).await.status, StatusCode::NOT_FOUND);

            // Declined: it comes back to the first agency's feed.
            let cursor = json_of(&walled, "/agency/v1/feed", &ours).await["next"].as_str().unwrap().to_owned();
            step(&walled, &kit, &transfer, ("decline", "version=1&reason=nobody-free&words=Ask+on+Monday")).await;
            let news = json_of(&walled, &format!("/agency/v1/feed?after={cursor}"), &ours).await;
            assert_eq!((&news["entries"][0]["report"], &news["entries"][0]["cameBack"]), (&json!(number), &json!("declined")));
            assert_eq!(news["entries"].as_array().unwrap().len(), 1);
            let whole = json_of(&walled, &format!("{REFERRALS}/{id}"), &ours).await;
            assert_eq!((&whole["decline"], &whole["answer"]), (&json!("nobody-free"), &json!("Ask on Monday")));

            // Taken: the conditions stand in the report and in the package, for both.
            let again = ordered(&walled, &prosecutor, &report).await;
            step(&walled, &kit, &again, ("accept", "version=1")).await;
            let next = listed["next"].as_str().unwrap();
            let steps = json_of(&walled, &format!("{REFERRALS}?after={next}"), &theirs).await;
            let states: Vec<&Value> = steps["referrals"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
            assert_eq!(states, ["declined", "accepted", "accepted"]);
            for pass in [&ours, &theirs] {
                assert_eq!(json_of(&walled, &of, pass).await["courtOrders"], orders());
                assert_eq!(manifest(&walled, &report, pass).await["courtOrders"], orders());
            }
            let delivered = json_of(&walled, "/agency/v1/feed", &theirs).await;
            assert_eq!((&delivered["entries"][0]["cameBack"], delivered["entries"].as_array().unwrap().len()), (&Value::Null, 1));
            assert_eq!(walled.house.book().verify().await.unwrap().wrong, None);
        });
    }

    fn a_system_that_would_hand_on_is_told_that_people_do_and_where(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let system = walled.token(0);
            for (method, path) in [("POST", REFERRALS), ("PATCH", "/agency/v1/referrals/1"), ("DELETE", "/agency/v1/referrals/1")] {
                let request = Walled::request(method, path, &system).header(header::CONTENT_TYPE, "application/json");
                let answer = walled.send(request.body(Body::from("{}")).unwrap()).await;
                let problem: Value = serde_json::from_str(&answer.body).unwrap();
                assert_eq!((answer.status, &problem["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("method-not-allowed")));
                assert!(problem["detail"].as_str().unwrap().contains("/agency/transfers"), "{problem}");
                assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
            }
            assert_eq!(walled.house.leaves(EventKind::AgencyTransferOffered).await, 0);
        });
    }
}
