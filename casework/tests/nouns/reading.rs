//! What is new to somebody: whatever came after the visit before this one.

use casework::reading::{self, VISIT};
use domain::ReportId;
use jiff::{SignedDuration, Timestamp};
use policy::{Permit, Read};
use store::Result;
use testkit::both_engines;

use crate::desk::Desk;
use crate::{OTHER, OWN, by, permit, run, staffed};

/// Somebody opens a report; an act leaves a leaf, as the reading itself does.
async fn opens(desk: &Desk, (who, agency): (&str, &str), report: ReportId) -> Result<Option<Timestamp>> {
    let reads: Permit<Read> = permit(who, agency);
    by(desk, (who, agency), move |act| {
        act.note(store::Event::of_report(store::EventKind::ReportRead, report))?;
        reading::open(act, &reads, report)
    })
    .await
}

both_engines! {
    fn what_came_after_ones_last_visit_is_new_however_often_the_page_is_loaded(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let first = desk.house.now();
            assert_eq!(opens(&desk, ("ann", OWN), report).await.unwrap(), None);
            desk.house.advance(SignedDuration::from_mins(5));
            assert_eq!(opens(&desk, ("ann", OWN), report).await.unwrap(), None, "still the first visit");
            let last = desk.house.now();
            desk.house.advance(VISIT);
            assert_eq!(opens(&desk, ("ann", OWN), report).await.unwrap(), Some(last));
            desk.house.advance(SignedDuration::from_mins(1));
            assert_eq!(opens(&desk, ("ann", OWN), report).await.unwrap(), Some(last), "still the second visit");
            // What one has seen, another has not.
            assert_eq!(opens(&desk, ("bob", OWN), report).await.unwrap(), None);
            assert!(first < last);
        });
    }

    fn nobody_marks_what_their_agency_does_not_have(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OTHER).await;
            assert!(opens(&desk, ("ann", OWN), report).await.is_err());
            assert_eq!(opens(&desk, ("cyd", OTHER), report).await.unwrap(), None);
        });
    }
}
