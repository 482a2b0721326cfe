//! A delivery exists with one basis of the closed list, to an agency that may receive, or it does not exist.

use database::{Constraint, bind};
use domain::{AgencyClass, BasisCode, Priority, Relationship};
use jiff::SignedDuration;
use store::agency::{self, Agency};
use store::{Error, Fault, Refusal, delivery};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, agency_of, delivery_to, lists, reads};
use crate::{refusal, run};

const INSERT: &str = "-- test::insert_delivery
    INSERT INTO delivery (leaf_id, report_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency,
        received_at, provider_id, incident_type, files)
    VALUES (:leaf, :report, 'icac-us-mn', :basis, 'portal', 'dull', 'dull', 'dull', 0, 1, 0, 'examplechat', 'dull', 0)";

async fn changed(desk: &Desk, change: impl Fn(&mut Agency) + Send + 'static) {
    let (name, class, relationship) = AGENCIES[0];
    desk.act(move |act| {
        let mut agency = agency_of(name, class, relationship);
        change(&mut agency);
        agency::put(act, &agency)
    })
    .await
    .unwrap();
}

both_engines! {
    // PROVES: R-24
    fn an_agency_gets_a_report_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            let made = desk.deliver(report, AGENCIES[0].0).await.unwrap().unwrap();
            let again = desk.act(move |act| {
                let again = delivery::add(act, &delivery_to(report, AGENCIES[0].0))?;
                delivery::add(act, &delivery_to(report, AGENCIES[2].0))?;
                Ok(again)
            });
            assert_eq!(again.await.unwrap(), None);
            let permit = reads(AGENCIES[0].0);
            let (mine, all) = desk
                .read(move |view| {
                    Ok((delivery::get(view, &permit, report)?, delivery::of_report(view, &permit, report)?))
                })
                .await
                .unwrap();
            assert_eq!((mine.0.delivery.clone(), mine.0.basis), (made, BasisCode::C2State));
            assert_eq!(mine.0.delivery.to_string(), mine.1.to_string());
            let to: Vec<_> = all.iter().map(|one| (one.agency.to_string(), one.basis)).collect();
            let (first, second) = ((AGENCIES[0].0.to_owned(), BasisCode::C2State), (AGENCIES[2].0.to_owned(), BasisCode::C1Fed));
            assert!(to == [first.clone(), second.clone()] || to == [second, first], "{to:?}");
        });
    }

    // PROVES: R-21
    fn an_agency_without_a_live_qualifying_fact_receives_nothing(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            let until = desk.house.now() + SignedDuration::from_secs(1);
            changed(&desk, |agency| agency.qualification = None).await;
            assert_eq!(refusal(desk.deliver(report, AGENCIES[0].0).await), Some(Refusal::NotQualified));
            changed(&desk, move |agency| agency.disabled_at = Some(until)).await;
            assert_eq!(refusal(desk.deliver(report, AGENCIES[0].0).await), Some(Refusal::Disabled));
            changed(&desk, move |agency| agency.qualification.as_mut().unwrap().until = Some(until)).await;
            desk.house.advance(SignedDuration::from_secs(1));
            assert_eq!(refusal(desk.deliver(report, AGENCIES[0].0).await), Some(Refusal::NotQualified));
            assert_eq!(refusal(desk.deliver(report, "nobody").await), Some(Refusal::NotFound));
            changed(&desk, |_| ()).await;
            assert!(desk.deliver(report, AGENCIES[0].0).await.unwrap().is_some());
        });
    }

    // PROVES: R-24 R-79
    fn a_basis_of_another_class_is_refused(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            for basis in [BasisCode::C1Fed, BasisCode::C2Local, BasisCode::G3bTribal, BasisCode::C3ForFbi] {
                let mut new = delivery_to(report, AGENCIES[0].0);
                new.basis = basis;
                let made = desk.act(move |act| delivery::add(act, &new)).await;
                assert_eq!(refusal(made), Some(Refusal::NotQualified), "{basis}");
            }
        });
    }

    fn a_report_that_is_not_routed_is_not_delivered(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.finish(report).await.unwrap();
            let made = desk.act(move |act| delivery::add(act, &delivery_to(report, AGENCIES[0].0))).await;
            assert_eq!(refusal(made), Some(Refusal::Unfit { what: "stage" }));
        });
    }

    // PROVES: R-24
    fn a_row_without_a_basis_of_the_closed_list_cannot_exist(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await.get();
            let written = async |basis: Option<&'static str>| {
                let write = desk.act(move |act| {
                    act.tx().execute(INSERT, &bind! { leaf: [7_u8; 16], report, basis })?;
                    // The test only asks whether the row was taken; it is not kept.
                    Err::<(), Error>(Refusal::Conflict.into())
                });
                match write.await {
                    Err(Error::Refusal(Refusal::Conflict)) => None,
                    Err(Error::Fault(Fault::Database(database::Fault::Constraint { kind, .. }))) => Some(kind),
                    other => panic!("{other:?}"),
                }
            };
            for basis in BasisCode::ALL {
                let kept = basis.is_of_delivery();
                assert_eq!(written(Some(basis.as_str())).await.is_none(), kept, "{basis}");
            }
            for basis in ["", "C1", "c1-fed", "G2-i", "C1-FED,C2-STATE"] {
                assert_eq!(written(Some(basis)).await, Some(Constraint::Check), "{basis}");
            }
            assert_eq!(written(None).await, Some(Constraint::NotNull));
        });
    }

    fn a_feed_continues_behind_its_cursor_in_the_order_of_the_ledger(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let mut reports = Vec::new();
            for _ in 0..3 {
                reports.push(desk.delivered_to(AGENCIES[0].0).await);
                desk.delivered_to(AGENCIES[1].0).await;
                desk.house.advance(SignedDuration::from_secs(1));
            }
            let feed = async |after: u64, most: u32| {
                let permit = lists(AGENCIES[0].0);
                desk.read(move |view| delivery::feed(view, &permit, after, most)).await.unwrap()
            };
            // Not before the ledger has given it a place.
            assert_eq!(feed(0, 10).await, []);
            desk.house.book().sequence().await.unwrap();
            let all = feed(0, 10).await;
            assert_eq!(all.iter().map(|entry| entry.report).collect::<Vec<_>>(), reports);
            let first = feed(0, 2).await;
            let rest = feed(first[1].position, 10).await;
            assert_eq!([first, rest].concat(), all);
            assert_eq!(feed(u64::MAX, 10).await, []);
        });
    }
}

// PROVES: R-21 R-24 R-79
#[test]
fn every_basis_fits_the_agencies_that_the_law_names_and_no_other() {
    let classes = [
        (AgencyClass::Federal, None),
        (AgencyClass::State, None),
        (AgencyClass::Local, None),
        (AgencyClass::Tribal, None),
        (AgencyClass::Foreign, None),
        (AgencyClass::Foreign, Some(Relationship::Designated)),
        (AgencyClass::Foreign, Some(Relationship::Fbi)),
        (AgencyClass::Foreign, Some(Relationship::Ice)),
        (AgencyClass::Foreign, Some(Relationship::Interpol)),
    ];
    for (class, relationship) in classes {
        let agency = Agency { id: agency_id("a"), ..agency_of("a", class, relationship) };
        let fits = BasisCode::ALL.iter().filter(|basis| agency.may_receive_on(**basis));
        let fits: Vec<&str> = fits.map(|basis| basis.as_str()).collect();
        let expected: &[&str] = match (class, relationship) {
            (AgencyClass::Federal, _) => &["C1-FED", "G3A-DESIG", "G3A-INVOLVED", "G3E-PROCESS"],
            (AgencyClass::State, _) => &["C2-STATE", "G3B-STATE", "G3E-PROCESS"],
            (AgencyClass::Local, _) => &["C2-LOCAL", "G3B-LOCAL", "G3E-PROCESS"],
            (AgencyClass::Tribal, _) => &["G3B-TRIBAL", "G3E-PROCESS"],
            (AgencyClass::Foreign, None) => &["G3E-PROCESS"],
            (AgencyClass::Foreign, Some(Relationship::Designated)) => &["C3-FOR-DESIG", "G3E-PROCESS"],
            (AgencyClass::Foreign, Some(Relationship::Fbi)) => &["C3-FOR-FBI", "G3E-PROCESS"],
            (AgencyClass::Foreign, Some(Relationship::Ice)) => &["C3-FOR-ICE", "G3E-PROCESS"],
            (AgencyClass::Foreign, Some(Relationship::Interpol)) => &["C3-FOR-INTERPOL", "G3E-PROCESS"],
        };
        assert_eq!(fits, expected, "{class} {relationship:?}");
    }
}
