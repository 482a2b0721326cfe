//! Task forces and their affiliates in their rows, on both engines.

use domain::{ApprovalId, ApprovalKind, Id as _};
use jiff::SignedDuration;
use policy::ViewerRole;
use store::affiliation::{self, Affiliation, Claim};
use store::approval;
use store::person::Home;
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id};
use crate::{refusal, run};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const FORCE: &str = AGENCIES[0].0;
const AFFILIATE: &str = AGENCIES[1].0;

async fn staffed(scratch: &testkit::Scratch) -> Desk {
    let desk = Desk::on(scratch).await;
    desk.hire("supervisor", Home::House, ViewerRole::Supervisor).await;
    desk.hire("counsel", Home::House, ViewerRole::Counsel).await;
    desk
}

fn claim(desk: &Desk, from_days: i64, until_days: i64) -> Claim {
    Claim {
        task_force: agency_id(FORCE),
        affiliate: agency_id(AFFILIATE),
        agreement: "binder 7".to_owned(),
        agreement_sha256: "7".repeat(64),
        from: desk.house.now() + DAY * i32::try_from(from_days).unwrap(),
        until: desk.house.now() + DAY * i32::try_from(until_days).unwrap(),
    }
}

async fn asked(desk: &Desk, claim: Claim) -> Result<ApprovalId> {
    desk.by("supervisor", move |act| {
        claim.fits(act)?;
        let details = serde_json::to_value(&claim).unwrap();
        approval::ask(act, ApprovalKind::AffiliateAgency, claim.affiliate.as_str(), &details)
    })
    .await
}

async fn agreed(desk: &Desk, id: &ApprovalId) -> Result<()> {
    let id = id.clone();
    desk.by("counsel", move |act| {
        approval::approve(act, &id)?;
        affiliation::record(act, &approval::take(act, &id, ApprovalKind::AffiliateAgency)?)
    })
    .await
}

async fn of(desk: &Desk, agency: &str) -> Vec<Affiliation> {
    let agency = agency_id(agency);
    desk.read(move |view| affiliation::of_agency(view, &agency)).await.unwrap()
}

both_engines! {
    // PROVES: R-21
    fn an_affiliate_is_recorded_by_two_people_from_a_day_to_a_day_and_ended_by_one(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let id = asked(&desk, claim(&desk, 1, 10)).await.unwrap();
            assert!(of(&desk, FORCE).await.is_empty(), "one person alone records nothing");
            agreed(&desk, &id).await.unwrap();
            let found = of(&desk, AFFILIATE).await.remove(0);
            assert_eq!((found.other(&agency_id(AFFILIATE)), found.agreed_by.as_str()), (&agency_id(FORCE), "supervisor and counsel"));
            let now = desk.house.now();
            let holds: Vec<bool> = [now, now + DAY, now + DAY * 9, now + DAY * 10].map(|at| found.holds(at)).into();
            assert_eq!(holds, [false, true, true, false]);
            let again = asked(&desk, claim(&desk, 5, 20)).await.unwrap();
            assert_eq!(refusal(agreed(&desk, &again).await), Some(Refusal::Conflict));
            desk.house.advance(DAY * 2);
            let end = || {
                let pair = (agency_id(FORCE), agency_id(AFFILIATE));
                desk.house.act(domain::Actor::House, domain::Purpose::Administration, "test::end", move |act| {
                    affiliation::end(act, &pair.0, &pair.1)
                })
            };
            end().await.unwrap();
            assert_eq!(refusal(end().await), Some(Refusal::NotFound));
            assert!(!of(&desk, FORCE).await[0].holds(desk.house.now()));
            // Once it is over they can be recorded anew.
            let id = asked(&desk, claim(&desk, 0, 10)).await.unwrap();
            agreed(&desk, &id).await.unwrap();
            assert_eq!(of(&desk, FORCE).await.len(), 2);
            desk.house.has_caused(&[store::EventKind::AffiliationMade, store::EventKind::AffiliationEnded]).await;
            testkit::tamper::is_found(scratch, &["affiliation"], async || desk.house.wrong().await).await;
        });
    }

    fn what_lacks_a_document_a_day_or_one_of_the_two_is_not_asked_for(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let good = claim(&desk, 0, 1);
            let unfit = [
                Claim { agreement: " ".to_owned(), ..good.clone() },
                Claim { agreement_sha256: "7".to_owned(), ..good.clone() },
                Claim { until: good.from, ..good.clone() },
                Claim { affiliate: good.task_force.clone(), ..good.clone() },
                claim(&desk, -2, -1),
            ];
            for wrong in unfit {
                assert_eq!(refusal(asked(&desk, wrong).await), Some(Refusal::Unfit { what: "affiliation" }));
            }
            let nobody = Claim { affiliate: agency_id("nobody"), ..good };
            assert_eq!(refusal(asked(&desk, nobody).await), Some(Refusal::NotFound));
        });
    }
}
