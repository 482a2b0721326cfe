//! What an inbox says beside its list: that people are called, that a search found no report, what somebody may not do.

use axum::http::StatusCode;
use pipeline::worker;
use testkit::both_engines;

use super::asking::Walled;
use super::made::{called, done, filed};
use super::walk;

const INBOX: &str = "/agency/inbox";

/// A house with a report of the demo's task force.
async fn with_a_report(scratch: &testkit::Scratch) -> (Walled, String) {
    let walled = Walled::on(scratch).await;
    let (report, _) = filed(&walled, 0, "CA", "dull").await;
    worker::drain(walled.house.house(), &walled.tools).await.unwrap();
    (walled, report)
}

both_engines! {
    fn an_inbox_says_that_people_are_called_until_somebody_took_notice(scratch) {
        walk(async {
            let (walled, report) = with_a_report(scratch).await;
            let (commander, investigator) = (walled.enter("commander").await, walled.enter("investigator").await);
            let says = async || walled.ask("GET", INBOX, &investigator).await.body;
            assert!(!says().await.contains("Somebody is being called"));
            called(&walled, &commander, &report).await;
            let page = says().await;
            assert!(page.contains("Somebody is being called"), "{page}");
            assert!(page.contains(&format!("Nobody has taken notice of report {report} yet.")), "{page}");
            let to = format!("/agency/reports/{report}/standing");
            done(&walled, &investigator, &to, &format!("standing-{report}"), "version=1&set-status=acknowledged").await;
            assert!(!says().await.contains("Somebody is being called"));
        });
    }

    fn a_search_that_finds_cases_alone_does_not_speak_of_reports_to_come(scratch) {
        walk(async {
            let (walled, report) = with_a_report(scratch).await;
            let commander = walled.enter("commander").await;
            let case = format!("title=lighthouse&summary=dull&report={report}");
            done(&walled, &commander, "/agency/cases", "case-open", &case).await;
            let found = done(&walled, &commander, "/agency/inbox/find", "inbox-find", "find=lighthouse").await;
            for says in ["Cases that you reach", "lighthouse</a>", "No report of your agency names exactly that."] {
                assert!(found.body.contains(says), "{says}: {found:?}");
            }
            assert!(!found.body.contains("Reports appear here"), "{found:?}");
        });
    }

    fn a_change_that_somebody_may_not_make_is_refused_before_it_is_shown(scratch) {
        walk(async {
            let (walled, report) = with_a_report(scratch).await;
            let (supervisor, investigator) = (walled.enter("unit_supervisor").await, walled.enter("investigator").await);
            for (who, holder, expected, says) in [
                (&investigator, "demo-commander", StatusCode::UNPROCESSABLE_ENTITY, "Only your commander and your supervisors"),
                (&investigator, "me", StatusCode::OK, "What would change"),
                (&supervisor, "demo-commander", StatusCode::OK, "What would change"),
            ] {
                let form = format!("csrf={}&set-holder={holder}&seen={report}.1", walled.token_for(who, "inbox-together"));
                let answer = walled.post("/agency/inbox/together", who, &form).await;
                assert_eq!(answer.status, expected, "{holder}: {answer:?}");
                assert!(answer.body.contains(says), "{holder}: {answer:?}");
            }
        });
    }
}
