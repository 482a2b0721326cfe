//! An agency that is revoked in the middle of a download.

use axum::body::Body;
use axum::http::{StatusCode, header};
use domain::{AgencyId, Id as _, PersonId};
use http_body_util::BodyExt as _;
use pipeline::worker;
use store::EventKind as Kind;
use testkit::both_engines;
use tower::ServiceExt as _;

use super::asking::{ORIGIN, Pass, Walled};
use super::made::filed;
use super::tenants::act;
use super::walk;
use crate::commands::demo::people::TASK_FORCE;

/// Asks for a package and answers its body, of which nothing has been read.
async fn begun(walled: &Walled, path: &str, pass: &Pass, form: Option<String>) -> Body {
    let request = Walled::request(if form.is_some() { "POST" } else { "GET" }, path, pass)
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.unwrap_or_default()))
        .unwrap();
    let answer = walled.router.clone().oneshot(request).await.expect("a router always answers");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.into_body()
}

both_engines! {
    // PROVES: R-21
    fn a_package_on_its_way_breaks_off_when_its_agency_is_let_in_no_longer(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", "dull").await;
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            let (person, system) = (walled.enter("investigator").await, walled.token(0));
            let form = format!("csrf={}", walled.token_for(&person, &format!("package-{report}")));
            let by_page = format!("/agency/reports/{report}/package");
            let by_api = format!("/agency/v1/reports/{report}/package?sealed=no");
            // As long as the agency is let in, time alone cuts nothing.
            let body = begun(&walled, &by_page, &person, Some(form.clone())).await;
            walled.advance(1);
            assert!(body.collect().await.is_ok());
            assert_eq!(walled.house.leaves(Kind::DownloadCut).await, 0);
            let mut bodies = Vec::new();
            for (path, pass, form) in [(&by_page, &person, Some(form)), (&by_api, &system, None)] {
                let mut body = begun(&walled, path, pass, form).await;
                assert!(body.frame().await.expect("there is a beginning").is_ok(), "{path}");
                bodies.push(body);
            }
            let agency = AgencyId::parse(TASK_FORCE).unwrap();
            act(&walled, move |act| store::standing::expire(act, &agency).map(drop)).await;
            walled.advance(1);
            for mut body in bodies {
                let next = body.frame().await;
                assert!(matches!(next, Some(Err(_))), "it does not end as if it were whole");
                assert!(body.frame().await.is_none());
            }
            assert_eq!(walled.house.leaves(Kind::DownloadCut).await, 2);
        });
    }

    // PROVES: R-71
    fn a_package_on_its_way_breaks_off_when_its_token_or_its_person_is_switched_off(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", "dull").await;
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            let (person, system) = (walled.enter("investigator").await, walled.token(0));
            let form = format!("csrf={}", walled.token_for(&person, &format!("package-{report}")));
            let by_api = format!("/agency/v1/reports/{report}/package?sealed=no");
            let mut bodies = vec![
                begun(&walled, &format!("/agency/reports/{report}/package"), &person, Some(form)).await,
                begun(&walled, &by_api, &system, None).await,
            ];
            for body in &mut bodies {
                assert!(body.frame().await.expect("there is a beginning").is_ok());
            }
            let Pass::Bearer(token) = system else { unreachable!("a system has a token") };
            let digest = walled.house.secret_digest(token.as_bytes());
            act(&walled, move |act| {
                let (_, credential) = store::agency::find_client(act, digest)?.expect("it opens");
                store::agency::disable_client(act, &credential)?;
                store::person::disable(act, &PersonId::parse("demo-investigator").expect("it is a name"))
            })
            .await;
            walled.advance(1);
            for mut body in bodies {
                assert!(matches!(body.frame().await, Some(Err(_))), "it does not end as if it were whole");
            }
            assert_eq!(walled.house.leaves(Kind::DownloadCut).await, 2);
        });
    }
}
