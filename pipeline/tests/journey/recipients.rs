//! Agencies that may not receive, and the promise that somebody always does.

use casework::oncall;
use dissemination::desk;
use domain::{Actor, AgencyId, Id, Purpose, Stage};
use jiff::SignedDuration;
use pipeline::worker;
use policy::RuleSet;
use store::{EventKind, agency, work};
use testkit::both_engines;

use crate::{administer, filed, furnished, holders, living_in, nobody_waits, registered, run, stage, tools};

/// Takes away what qualifies some agencies.
async fn disqualify(house: &store::House, which: fn(&str) -> bool) {
    administer(house, move |act| {
        for recipient in RuleSet::embedded().routing().directory().recipients() {
            if which(recipient.id.as_str()) {
                agency::put(act, &registered(recipient, false))?;
            }
        }
        Ok(())
    })
    .await;
}

both_engines! {
    // PROVES: R-20 R-21
    fn an_agency_that_is_not_qualified_receives_nothing_and_the_default_does(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            disqualify(&house, |id| id == "icac-us-mn").await;
            let number = filed(&house, living_in("MN")).await;
            worker::drain(&house, &tools()).await.unwrap();
            assert_eq!(holders(&house, number).await, ["us-fbi"]);
            nobody_waits(&house).await;
        });
    }

    // PROVES: R-20 R-21
    fn a_report_that_nobody_may_receive_waits_in_sight_until_somebody_may(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            disqualify(&house, |_| true).await;
            let number = filed(&house, living_in("MN")).await;
            for _ in 0..work::MOST_ATTEMPTS {
                worker::drain(&house, &tools()).await.unwrap();
                house.advance(SignedDuration::from_mins(11));
            }
            assert_eq!(stage(&house, number).await, Stage::Routed);
            assert_eq!(holders(&house, number).await, [""; 0]);
            let dead = house.read("test::dead", work::dead).await.unwrap();
            assert_eq!(dead[0].error, "no agency that counts could receive the report");
            let calls = house.read("test::calls", |view| oncall::due(view, 16)).await.unwrap();
            assert_eq!(calls, [], "nobody is woken for what can wait");

            // Counsel qualifies an agency, an operator takes the work up again.
            administer(&house, move |act| {
                let id = AgencyId::parse("us-hsi").unwrap();
                let recipient = RuleSet::embedded().routing().directory().find(&id, act.now()).unwrap();
                agency::put(act, &registered(recipient, true))
            })
            .await;
            administer(&house, move |act| work::revive(act, dead[0].work)).await;
            worker::drain(&house, &tools()).await.unwrap();
            assert_eq!(holders(&house, number).await, ["us-hsi"]);
            nobody_waits(&house).await;
        });
    }

    // PROVES: R-20 R-20a
    fn what_cannot_wait_and_nobody_may_receive_calls_the_desk_once_until_somebody_may(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            disqualify(&house, |_| true).await;
            let mut hurried = living_in("MN");
            hurried.incident.incident_type = "enticement".to_owned();
            hurried.incident.escalation = Some("a child may be on the way".to_owned().into());
            let number = filed(&house, hurried).await;
            let due = async || house.read("test::calls", |view| oncall::due(view, 16)).await.unwrap();
            let turn = async |call: oncall::Call| {
                let turned = house.act(Actor::House, Purpose::Pipeline, "test::turn", move |act| desk::turn(act, &call));
                turned.await.unwrap()
            };
            worker::drain(&house, &tools()).await.unwrap();
            let call = due().await.remove(0);
            assert_eq!((call.agency.as_ref(), call.report), (None, number));
            assert_eq!(turn(call).await, Some(vec![]));
            assert!(house.read("test::unreached", desk::unreached).await.unwrap(), "and nobody of the desk can be called");
            // Trying again wakes nobody anew.
            house.advance(SignedDuration::from_mins(5));
            worker::drain(&house, &tools()).await.unwrap();
            assert_eq!(due().await, []);
            house.has_caused(&[EventKind::ReportStranded]).await;
            // Counsel qualifies an agency, and it is nobody's at the desk any more.
            administer(&house, move |act| {
                let id = AgencyId::parse("us-hsi").unwrap();
                let recipient = RuleSet::embedded().routing().directory().find(&id, act.now()).unwrap();
                agency::put(act, &registered(recipient, true))
            })
            .await;
            house.advance(SignedDuration::from_mins(11));
            worker::drain(&house, &tools()).await.unwrap();
            assert_eq!(holders(&house, number).await, ["us-hsi"]);
            let calls = due().await;
            let of_desk = calls.into_iter().find(|call| call.agency.is_none()).unwrap();
            assert_eq!(turn(of_desk).await, None);
            assert!(due().await.iter().all(|call| call.agency.is_some()), "the agency's own people are called");
        });
    }
}
