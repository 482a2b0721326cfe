//! An agency's own work in figures: what is counted is its own, and as it stands now.

use casework::outcome;
use casework::standing::{self, Change};
use dissemination::figures::{self, Figures};
use domain::{Outcome, Priority, ReportId, Status};
use jiff::SignedDuration;
use policy::permit::{Assign, Work};
use policy::{List, Permit};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, by, permit, person_id, run, staffed};

async fn figures(desk: &Desk, agency: &str) -> Figures {
    let lists: Permit<List> = permit("ann", agency);
    desk.read(move |view| figures::of(view, &lists)).await.unwrap()
}

async fn takes(desk: &Desk, report: ReportId) {
    let works: Permit<Work> = permit("ann", OWN);
    let take = Change::give_to(person_id("ann"));
    by(desk, ("ann", OWN), move |act| standing::change(act, &works, (report, 1), &take, None)).await.unwrap();
}

fn of<T: Copy + PartialEq>(counts: &[(T, u64)], what: T) -> u64 {
    counts.iter().find(|(one, _)| *one == what).map(|(_, count)| *count).unwrap()
}

both_engines! {
    fn an_agency_sees_its_own_work_in_figures_and_no_others(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let mut reports = Vec::new();
            for priority in [Priority::Urgent, Priority::Routine, Priority::Routine] {
                let report = desk.routed(PROVIDERS[0], "sextortion", priority).await;
                desk.deliver(report, OWN).await.unwrap();
                reports.push(report);
            }
            desk.delivered_to(OTHER).await;
            takes(&desk, reports[1]).await;
            let works: Permit<Work> = permit("ann", OWN);
            let closed = reports[2];
            by(&desk, ("ann", OWN), move |act| outcome::record(act, &works, (closed, 1), Outcome::Arrest)).await.unwrap();

            let found = figures(&desk, OWN).await;
            assert_eq!((of(&found.statuses, Status::New), of(&found.statuses, Status::Assigned)), (1, 1));
            assert_eq!((of(&found.priorities, Priority::Urgent), of(&found.priorities, Priority::Routine)), (1, 1));
            assert_eq!(found.priorities.first().unwrap().0, Priority::Immediate);
            assert_eq!((found.late, of(&found.outcomes, Outcome::Arrest)), (0, 1));
            let week = found.weeks.last().unwrap();
            assert_eq!((found.weeks.len(), week.arrived, week.closed), (12, 3, 1));

            desk.house.advance(SignedDuration::from_hours(9));
            assert_eq!(figures(&desk, OWN).await.late, 1, "the urgent one is late after its eight hours");
            let (assigns, people): (Permit<Assign>, _) = (permit("chief-1", OWN), [person_id("ann"), person_id("bob")]);
            let held = desk.read(move |view| figures::held(view, &assigns, &people)).await.unwrap();
            assert_eq!(held, [1, 0]);
        });
    }
}
