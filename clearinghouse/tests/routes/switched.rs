//! A provider that is switched off on the page of the clearinghouse's people: with the next request nothing of it opens, on
//! any route, and what opens again once it is switched on is what nobody took back.

use axum::http::StatusCode;
use testkit::both_engines;

use super::asking::{Answer, Pass, Walled};
use super::list::{self, Callers, Line};
use super::made::{done, filed};
use super::walk;

fn lines(callers: Callers) -> Vec<Line> {
    list::lines().into_iter().filter(|line| line.callers == callers).collect()
}

/// How many of a client's routes serve it; every other answer says that it is not let in when none may.
async fn served(walled: &Walled, report: &str, pass: &Pass, may: bool) -> u32 {
    let mut served = 0;
    for line in lines(Callers::Credential) {
        for method in ["GET", "POST", "PATCH", "DELETE"].into_iter().filter(|one| line.takes(one)) {
            let answer = walled.ask(method, &line.with(report), pass).await;
            served += u32::from(answer.status.is_success());
            let is_shut = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
            assert!(may || is_shut, "{method} {}: {answer:?}", line.path);
        }
    }
    served
}

fn told(answer: &Answer) -> (StatusCode, &str, &str) {
    (answer.status, answer.location(), &answer.body)
}

async fn switched(walled: &Walled, who: &Pass, provider: &str, act: &str, because: &str) {
    let (at, form) = (format!("/admin/providers/{provider}/{act}"), format!("providers/{provider}/{act}"));
    done(walled, who, &at, &form, &format!("because={because}")).await;
}

both_engines! {
    // PROVES: R-33 R-71
    fn nothing_of_a_provider_that_is_switched_off_opens_with_the_next_request(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", "dull").await;
            let provider = walled.kept.providers[0].id.to_string();
            let (system, other) = (walled.credential(0), walled.credential(1));
            let admin = walled.enter("provider_admin").await;
            let head = walled.enter("security_admin").await;
            assert!(served(&walled, &report, &system, true).await > 4);
            let home = walled.home(Callers::Provider, &admin).await;
            assert_eq!(home.status, StatusCode::OK);

            switched(&walled, &head, &provider, "disable", "wrong-hands").await;
            assert_eq!(served(&walled, &report, &system, false).await, 0);
            let answer = walled.ask("GET", "/ispws/status", &system).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.body.contains("<responseCode>3000</responseCode>"), "{answer:?}");
            for line in lines(Callers::Provider) {
                for method in ["GET", "POST"].into_iter().filter(|one| line.takes(one)) {
                    let (own, nobodys) = (
                        walled.ask(method, &line.with(&report), &admin).await,
                        walled.ask(method, &line.with(&report), &Pass::Nothing).await,
                    );

                    assert_eq!(told(&own), told(&nobodys), "{method} {}", line.path);
                }
            }
            // Nobody else is any worse off.
            assert!(served(&walled, &report, &other, true).await > 1);
            let page = walled.ask("GET", &format!("/admin/providers/{provider}"), &head).await;
            assert!(page.body.contains("its credentials or accounts are in wrong hands"), "{page:?}");

            switched(&walled, &head, &provider, "restore", "mended").await;
            assert!(served(&walled, &report, &system, true).await > 4);
            // The session of before is over for good; whoever signs in anew is in.
            assert!(walled.home(Callers::Provider, &admin).await.is_refusal());
            let again = walled.enter("provider_admin").await;
            assert_eq!(walled.home(Callers::Provider, &again).await.status, StatusCode::OK);
        });
    }

    // PROVES: R-71
    fn a_provider_is_switched_by_whoever_runs_the_house_for_a_reason_of_the_list_and_once(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let provider = walled.kept.providers[0].id.to_string();
            let (at, form) = (format!("/admin/providers/{provider}/disable"), format!("providers/{provider}/disable"));
            let send = async |who: &Pass, at: &str, form: &str, because: &str| {
                let token = walled.token_for(who, form);
                walled.post(at, who, &format!("csrf={token}&because={because}")).await.status
            };
            let supervisor = walled.enter("supervisor").await;
            for word in ["analyst", "auditor", "commander", "provider_admin"] {
                let who = walled.enter(word).await;
                let status = send(&who, &at, &form, "misuse").await;
                assert!(status == StatusCode::NOT_FOUND || status == StatusCode::SEE_OTHER, "{word}: {status}");
                let list = walled.ask("GET", "/admin/providers", &who).await;
                assert!(list.is_refusal(), "{word}: {list:?}");
            }
            for because in ["", "mended", "dull"] {
                assert_eq!(send(&supervisor, &at, &form, because).await, StatusCode::UNPROCESSABLE_ENTITY, "{because}");
            }
            let nobody = "providers/nobody-of-this-name/disable";
            let status = send(&supervisor, "/admin/providers/nobody-of-this-name/disable", nobody, "misuse").await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert_eq!(walled.house.leaves(store::EventKind::ProviderDisabled).await, 0);
            assert_eq!(send(&supervisor, &at, &form, "misuse").await, StatusCode::SEE_OTHER);
            assert_eq!(send(&supervisor, &at, &form, "misuse").await, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(walled.house.leaves(store::EventKind::ProviderDisabled).await, 1);
        });
    }
}
