//! Reports that come are given to whom the rules name, in turn, and never twice.

use casework::assignment::{self, Member, Terms};
use casework::standing::{self, Change, Standing};
use domain::{Priority, ReportId, Status};
use policy::permit::{Assign, Work};
use policy::{List, Permit};
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

fn to(unit: &str) -> Terms {
    Terms { incident_type: None, place: None, least: None, unit: unit.to_owned(), in_turn: true }
}

async fn rule(desk: &Desk, terms: Terms) -> Result<()> {
    let assigns: Permit<Assign> = permit("chief-1", OWN);
    by(desk, ("chief-1", OWN), move |act| assignment::add_rule(act, &assigns, &terms)).await
}

async fn member(desk: &Desk, unit: &str, person: &str) {
    let (assigns, new): (Permit<Assign>, _) =
        (permit("chief-1", OWN), Member { unit: unit.to_owned(), person: person_id(person) });
    by(desk, ("chief-1", OWN), move |act| assignment::add_member(act, &assigns, &new)).await.unwrap();
}

/// A report that came, and was walked to its end.
async fn came(desk: &Desk, incident: &str, priority: Priority) -> ReportId {
    let report = desk.routed(PROVIDERS[0], incident, priority).await;
    desk.deliver(report, OWN).await.unwrap();
    arrived(desk, report).await;
    report
}

async fn arrived(desk: &Desk, report: ReportId) {
    desk.act(move |act| {
        casework::arrived(act, report)?;
        act.note(store::Event::of_house(store::EventKind::ListRead)).map(drop)
    })
    .await
    .unwrap();
}

async fn stands(desk: &Desk, report: ReportId) -> Standing {
    let lists: Permit<List> = permit("ann", OWN);
    desk.read(move |view| standing::get(view, &lists, report)).await.unwrap()
}

async fn holder(desk: &Desk, report: ReportId) -> (Option<String>, Option<String>) {
    let said = stands(desk, report).await.said;
    (said.unit, said.person.map(|person| person.to_string()))
}

fn gave(unit: &str, person: &str) -> (Option<String>, Option<String>) {
    (Some(unit.to_owned()), Some(person.to_owned()))
}

both_engines! {
    fn the_first_rule_that_fits_gives_a_report_to_its_unit_and_to_whoever_is_next(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let urgent = Terms { least: Some(Priority::Urgent), ..to("Night") };
            rule(&desk, Terms { in_turn: false, ..urgent }).await.unwrap();
            rule(&desk, Terms { incident_type: Some("sextortion".to_owned()), ..to("North") }).await.unwrap();
            member(&desk, "North", "bob").await;
            member(&desk, "North", "ann").await;
            for next in ["ann", "bob", "ann"] {
                let report = came(&desk, "sextortion", Priority::Routine).await;
                assert_eq!(holder(&desk, report).await, gave("North", next));
            }
            let report = came(&desk, "sextortion", Priority::Immediate).await;
            assert_eq!(holder(&desk, report).await, (Some("Night".to_owned()), None));
            assert_eq!(stands(&desk, report).await.said.status, Status::Assigned);
            let report = came(&desk, "csam", Priority::Routine).await;
            assert_eq!(stands(&desk, report).await.said.status, Status::New);
            desk.house
                .has_caused(&[store::EventKind::AssignRuleChanged, store::EventKind::UnitChanged])
                .await;
            testkit::tamper::is_found(scratch, &["assign_rule", "unit_member"], async || desk.house.wrong().await).await;
        });
    }

    fn what_somebody_touched_is_left_alone_and_nothing_is_given_twice(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let before = desk.delivered_to(OWN).await;
            let works: Permit<Work> = permit("bob", OWN);
            let noticed = by(&desk, ("bob", OWN), move |act| {
                standing::change(act, &works, (before, 1), &Change::acknowledge(), None)
            });
            noticed.await.unwrap();
            rule(&desk, to("North")).await.unwrap();
            member(&desk, "North", "ann").await;
            arrived(&desk, before).await;
            assert_eq!(stands(&desk, before).await.said.status, Status::Acknowledged);
            let report = came(&desk, "csam", Priority::Routine).await;
            arrived(&desk, report).await;
            assert_eq!(stands(&desk, report).await.version, 2);
        });
    }

    fn the_number_of_a_rule_that_was_removed_is_never_given_to_another(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let remove = async |position| {
                let assigns: Permit<Assign> = permit("chief-1", OWN);
                by(&desk, ("chief-1", OWN), move |act| assignment::remove_rule(act, &assigns, position)).await
            };
            for unit in ["North", "South"] {
                rule(&desk, to(unit)).await.unwrap();
            }
            remove(2).await.unwrap();
            assert_eq!(refusal(remove(2).await), Some(Refusal::NotFound));
            rule(&desk, to("West")).await.unwrap();
            let lists: Permit<List> = permit("ann", OWN);
            let rules = desk.read(move |view| assignment::rules(view, &lists)).await.unwrap();
            let rules: Vec<_> = rules.iter().map(|one| (one.position, one.terms.unit.as_str())).collect();
            assert_eq!(rules, [(1, "North"), (3, "West")]);
            remove(1).await.unwrap();
            remove(3).await.unwrap();
            let report = came(&desk, "csam", Priority::Routine).await;
            assert_eq!(stands(&desk, report).await.said.status, Status::New, "no rule is left");
        });
    }

    // PROVES: R-36
    fn units_and_rules_are_an_agencys_own(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            rule(&desk, to("North")).await.unwrap();
            let report = desk.delivered_to(OTHER).await;
            arrived(&desk, report).await;
            let lists: Permit<List> = permit("cyd", OTHER);
            let other = desk.read(move |view| {
                Ok((standing::get(view, &lists, report)?.version, assignment::rules(view, &lists)?.len()))
            });
            assert_eq!(other.await.unwrap(), (1, 0));
            let assigns: Permit<Assign> = permit("chief-2", OTHER);
            let removed =
                by(&desk, ("chief-2", OTHER), move |act| assignment::remove_rule(act, &assigns, 1)).await;
            assert_eq!(refusal(removed), Some(Refusal::NotFound));
            assert_eq!(refusal(rule(&desk, to("")).await), Some(Refusal::Unfit { what: "unit" }));
        });
    }
}
