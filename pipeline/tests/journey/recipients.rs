//! Agencies that may not receive, and the promise that somebody always does.

use domain::{AgencyId, Id, Stage};
use jiff::SignedDuration;
use pipeline::worker;
use policy::RuleSet;
use store::{agency, work};
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
}
