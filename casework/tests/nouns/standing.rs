//! What an agency says of a report: in which order, by whom, and taken back.

use casework::standing::{self, Batch, Change, Standing};
use domain::{Priority, ReportId, Status, StatusReason};
use jiff::SignedDuration;
use policy::permit::{Assign, Work};
use policy::{List, Permit};
use store::{Refusal, Result};
use testkit::{both_engines, tamper};

use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

async fn get(desk: &Desk, report: ReportId) -> Standing {
    let lists: Permit<List> = permit("ann", OWN);
    desk.read(move |view| standing::get(view, &lists, report)).await.unwrap()
}

async fn change(desk: &Desk, who: &str, seen: (ReportId, u32), what: Change) -> Result<Standing> {
    let works: Permit<Work> = permit(who, OWN);
    let assigns: Option<Permit<Assign>> = who.starts_with("chief").then(|| permit(who, OWN));
    by(desk, (who, OWN), move |act| standing::change(act, &works, seen, &what, assigns.as_ref())).await
}

async fn together(desk: &Desk, seen: &[(ReportId, u32)], what: Change) -> Result<Batch> {
    let (works, assigns): (Permit<Work>, Permit<Assign>) = (permit("chief-1", OWN), permit("chief-1", OWN));
    let seen = seen.to_vec();
    by(desk, ("chief-1", OWN), move |act| standing::change_many(act, &works, &seen, &what, Some(&assigns)))
        .await
}

async fn undo(desk: &Desk, who: &str, batch: &str) -> Result<Batch> {
    let (works, batch): (Permit<Work>, String) = (permit(who, OWN), batch.to_owned());
    by(desk, (who, OWN), move |act| standing::undo(act, &works, &batch, None)).await
}

fn status(status: Status, reason: Option<StatusReason>) -> Change {
    Change { status: Some((status, reason)), ..Change::default() }
}

/// A report's standing as it was copied, behind the house's back.
fn put_back(report: ReportId, copy: &str) -> String {
    const TOLD: &str =
        "status, reason, own_rank, rank, person_id, since_at, due_at, changed_at, version, urgency";
    format!(
        "UPDATE standing SET ({TOLD}) = (SELECT {TOLD} FROM {copy} WHERE {copy}.report_id = standing.report_id
            AND {copy}.agency_id = standing.agency_id) WHERE report_id = {report}"
    )
}

both_engines! {
    // PROVES: R-75 R-76
    fn a_row_that_is_put_back_to_what_the_telling_before_said_of_it_is_found(scratch) {
        run(async {
            let (desk, database) = (staffed(scratch).await, scratch.open());
            let mut reports = Vec::new();
            for _ in 0..6 {
                let report = desk.delivered_to(OWN).await;
                change(&desk, "ann", (report, 1), Change::acknowledge()).await.unwrap();
                reports.push(report);
            }
            // Time stands still: the leaves of both tellings are of one instant, and in either order.
            tamper::behind(&database, &["CREATE TABLE before_it AS SELECT * FROM standing"]);
            for report in &reports {
                change(&desk, "ann", (*report, 2), Change::give_to(person_id("ann"))).await.unwrap();
            }
            tamper::behind(&database, &["CREATE TABLE since_then AS SELECT * FROM standing"]);
            while desk.house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
            for report in reports {
                assert_eq!(desk.house.wrong().await, None);
                assert_eq!(tamper::behind(&database, &[&put_back(report, "before_it")]), [1]);
                let wrong = desk.house.wrong().await.unwrap_or_default();
                assert!(wrong.starts_with(&format!("standing of report {report} is not what")), "{wrong:?}");
                tamper::behind(&database, &[&put_back(report, "since_then")]);
            }
            assert_eq!(desk.house.wrong().await, None);
        });
    }

    fn every_delivery_stands_as_new_with_the_deadline_of_its_priority(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Urgent).await;
            desk.deliver(report, OWN).await.unwrap();
            let found = get(&desk, report).await;
            assert_eq!((found.said.status, found.priority(), found.version), (Status::New, Priority::Urgent, 1));
            assert_eq!(found.due_at, Some(desk.house.now() + SignedDuration::from_hours(8)));
            assert!(!found.is_late(desk.house.now()) && found.is_late(found.due_at.unwrap()));
        });
    }

    // PROVES: R-36
    fn what_another_agency_has_is_not_there(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OTHER).await;
            let (lists, works): (Permit<List>, Permit<Work>) = (permit("ann", OWN), permit("ann", OWN));
            let read = desk.read(move |view| standing::get(view, &lists, report)).await;
            assert_eq!(refusal(read), Some(Refusal::NotFound));
            let what = Change::acknowledge();
            let written = by(&desk, ("ann", OWN), move |act| standing::change(act, &works, (report, 1), &what, None));
            assert_eq!(refusal(written.await), Some(Refusal::NotFound));
        });
    }

    fn statuses_follow_each_other_and_each_has_its_reason(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            desk.house.advance(SignedDuration::from_mins(5));
            let noticed = change(&desk, "ann", (report, 1), Change::acknowledge()).await.unwrap();
            assert_eq!((noticed.said.status, noticed.since_at), (Status::Acknowledged, desk.house.now()));
            let taken = change(&desk, "ann", (report, 2), Change::give_to(person_id("ann"))).await.unwrap();
            assert_eq!(taken.said.status, Status::Assigned);
            for (wrong, reason) in [
                (Status::Waiting, None),
                (Status::Closed, Some(StatusReason::AwaitsProcess)),
                (Status::InWork, Some(StatusReason::Duplicate)),
            ] {
                let answer = change(&desk, "ann", (report, 3), status(wrong, reason)).await;
                assert_eq!(refusal(answer), Some(Refusal::Unfit { what: "reason" }), "{wrong}");
            }
            let waits = status(Status::Waiting, Some(StatusReason::AwaitsProcess));
            change(&desk, "ann", (report, 3), waits).await.unwrap();
            let closed = change(&desk, "ann", (report, 4), status(Status::Closed, Some(StatusReason::Unfounded)));
            let closed = closed.await.unwrap();
            assert_eq!(closed.due_at, None);
            assert_eq!(get(&desk, report).await, closed);
            let lists: Permit<List> = permit("bob", OWN);
            let told = desk.read(move |view| standing::history(view, &lists, report)).await.unwrap();
            let statuses: Vec<Status> = told.iter().map(|one| one.said.status).collect();
            assert_eq!(statuses, [Status::Closed, Status::Waiting, Status::Assigned, Status::Acknowledged]);
            desk.house.has_caused(&[store::EventKind::StandingChanged]).await;
            testkit::tamper::is_found(scratch, &["standing", "standing_change"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-20a
    fn the_agencys_own_priority_counts_and_ours_stays_beside_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let what = Change { own_priority: Some(Some(Priority::Immediate)), ..Change::default() };
            let found = change(&desk, "ann", (report, 1), what).await.unwrap();
            assert_eq!((found.priority(), found.advised), (Priority::Immediate, Priority::Routine));
            assert_eq!(found.due_at, Some(found.since_at + SignedDuration::from_hours(1)));
            let what = Change { own_priority: Some(None), ..Change::default() };
            assert_eq!(change(&desk, "ann", (report, 2), what).await.unwrap().priority(), Priority::Routine);
        });
    }

    fn of_two_who_change_the_same_report_the_second_is_told(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            change(&desk, "ann", (report, 1), Change::acknowledge()).await.unwrap();
            let late = change(&desk, "bob", (report, 1), status(Status::Closed, Some(StatusReason::Unfounded)));
            assert_eq!(refusal(late.await), Some(Refusal::Conflict));
            assert_eq!(get(&desk, report).await.said.status, Status::Acknowledged);
        });
    }

    fn an_investigator_takes_a_report_and_only_a_commander_gives_it_to_another(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let given = change(&desk, "ann", (report, 1), Change::give_to(person_id("bob"))).await;
            assert_eq!(refusal(given), Some(Refusal::NotAllowed));
            let unit = Change { unit: Some(Some("North".to_owned())), ..Change::default() };
            assert_eq!(refusal(change(&desk, "ann", (report, 1), unit.clone()).await), Some(Refusal::NotAllowed));
            change(&desk, "chief-1", (report, 1), Change::give_to(person_id("bob"))).await.unwrap();
            change(&desk, "chief-1", (report, 2), unit).await.unwrap();
            let found = get(&desk, report).await.said;
            assert_eq!((found.person, found.unit.as_deref()), (Some(person_id("bob")), Some("North")));
        });
    }

    fn what_was_changed_together_is_taken_back_where_nobody_changed_it_since(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let mut reports = Vec::new();
            for _ in 0..3 {
                reports.push(desk.delivered_to(OWN).await);
            }
            let before = get(&desk, reports[0]).await;
            change(&desk, "ann", (reports[2], 1), Change::acknowledge()).await.unwrap();
            let seen: Vec<_> = reports.iter().map(|report| (*report, 1)).collect();
            let batch = together(&desk, &seen, Change::give_to(person_id("bob"))).await.unwrap();
            assert_eq!((&batch.changed[..], &batch.passed_over[..]), (&reports[..2], &reports[2..]));
            change(&desk, "bob", (reports[1], 2), status(Status::InWork, None)).await.unwrap();
            // Somebody else's change is not anybody's to take back.
            assert_eq!(refusal(undo(&desk, "ann", &batch.id).await), Some(Refusal::NotAllowed));
            let undone = undo(&desk, "chief-1", &batch.id).await.unwrap();
            assert_eq!((&undone.changed[..], &undone.passed_over[..]), (&reports[..1], &reports[1..2]));
            let after = get(&desk, reports[0]).await;
            assert_eq!((after.said, after.since_at, after.due_at), (before.said, before.since_at, before.due_at));
            assert_eq!(get(&desk, reports[1]).await.said.status, Status::InWork);
            // What was taken back can be taken back.
            undo(&desk, "chief-1", &undone.id).await.unwrap();
            assert_eq!(get(&desk, reports[0]).await.said.person, Some(person_id("bob")));
            assert_eq!(refusal(together(&desk, &seen, Change::acknowledge()).await), Some(Refusal::Conflict));
            desk.house.has_caused(&[store::EventKind::StandingUndone]).await;
        });
    }
}
