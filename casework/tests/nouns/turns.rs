//! Two acts at one moment, each of which changes what the other asks about: the first has written and looked and is not over
//! when the second begins. Whichever is second sees the first, and both agencies are told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};

use casework::entry::{self, EntryWords, NewEntry, Terms};
use casework::filing;
use database::{Args, Engine};
use domain::{EntryKind, Priority, ReportId};
use store::{Act, Event, EventKind, delivery, selector};
use testkit::both_engines;

use crate::cases::{case_of, keeper, keeps, sees};
use crate::desk::{Desk, PROVIDERS, delivery_to};
use crate::standing_query::{arrives, names, told};
use crate::typed::{ANN, CYD, MAIL, case, events};
use crate::{OTHER, OWN, by, run, staffed};

const WAITS_FOR_US: &str = "-- test::waits_for_us
    SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'
    AND transactionid = CAST(pg_current_xact_id() AS xid)";

/// Far more questions than a second act needs to come to its end, or to where it waits.
const MOST_LOOKS: usize = 200_000;

/// Where two acts meet. SQLite's writer is alone: there they follow each other, and chance says which is first.
struct Meeting {
    looked: Barrier,
    has_begun: AtomicBool,
    is_over: AtomicBool,
}

impl Meeting {
    fn new() -> Arc<Self> {
        let (looked, has_begun, is_over) = (Barrier::new(2), AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { looked, has_begun, is_over })
    }

    /// In the first act, once it has looked: the second begins, and this one ends when the second waits for it, or is over.
    fn first(&self, act: &Act<'_>) -> store::Result<()> {
        // Whoever is run again has met already.
        if act.tx().dialect().engine() == Engine::Sqlite || self.has_begun.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        self.looked.wait();
        for _ in 0..MOST_LOOKS {
            if self.is_over.load(Ordering::SeqCst) || act.tx().get::<i64>(WAITS_FOR_US, &Args::none())? > 0 {
                return Ok(());
            }
        }
        panic!("the second act neither ends nor waits for the first");
    }

    /// The second: begins once the first has looked.
    async fn second(self: Arc<Self>, desk: &Desk, work: impl Future<Output = ()>) {
        let meeting = Arc::clone(&self);
        let begins = desk.act(move |act| {
            if act.tx().dialect().engine() == Engine::Postgres {
                meeting.looked.wait();
            }
            act.note(Event::of_house(EventKind::ListRead)).map(drop)
        });
        begins.await.unwrap();
        work.await;
        self.is_over.store(true, Ordering::SeqCst);
    }
}

/// A report that names somebody and is on its way to an agency.
async fn on_its_way(desk: &Desk) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
    desk.act(move |act| selector::record(act, report, &[names(MAIL.0, MAIL.1)])).await.unwrap();
    report
}

fn gives(act: &Act<'_>, report: ReportId, agency: &str) -> store::Result<()> {
    delivery::add(act, &delivery_to(report, agency))?;
    casework::given(act, report)
}

both_engines! {
    // PROVES: R-28
    fn what_an_officer_writes_while_a_report_of_it_arrives_is_told_to_both(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (ours, report, meeting) = (case(&desk, ANN).await, on_its_way(&desk).await, Meeting::new());
            let (writer, met) = (keeper(ANN.0, ANN.1), Arc::clone(&meeting));
            let writes = by(&desk, ANN, move |act| {
                let words = EntryWords { title: String::new(), text: format!("He writes as {}", MAIL.1) };
                let new = NewEntry { kind: EntryKind::Note, words, terms: Terms::default(), file: None };
                entry::write(act, &writer, ours, &new)?;
                met.first(act)
            });
            let arrives = async {
                desk.deliver(report, OTHER).await.unwrap();
                told(&desk, report).await;
            };
            let (written, ()) = tokio::join!(writes, meeting.second(&desk, arrives));
            written.unwrap();
            assert_eq!((events(&desk, ANN).await.len(), events(&desk, CYD).await.len()), (1, 1));
        });
    }

    // PROVES: R-28
    fn two_reports_of_one_person_that_are_handed_on_at_one_moment_are_told_of(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (one, other, meeting) = (on_its_way(&desk).await, on_its_way(&desk).await, Meeting::new());
            let met = Arc::clone(&meeting);
            let first = desk.act(move |act| {
                gives(act, one, OWN)?;
                met.first(act)
            });
            let second = async { desk.act(move |act| gives(act, other, OTHER)).await.unwrap() };
            let (given, ()) = tokio::join!(first, meeting.second(&desk, second));
            given.unwrap();
            assert_eq!((events(&desk, ANN).await.len(), events(&desk, CYD).await.len()), (1, 1));
        });
    }

    fn a_report_that_arrives_while_another_of_the_person_is_taken_into_a_case_is_offered_to_the_case(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (had, case) = (arrives(&desk, OWN, MAIL.0, MAIL.1).await, case_of(&desk, &[]).await);
            let (later, meeting) = (on_its_way(&desk).await, Meeting::new());
            let met = Arc::clone(&meeting);
            let takes = keeps(&desk, ANN.0, move |act, keeper| {
                filing::add(act, keeper, case, had)?;
                met.first(act)
            });
            let arrives = async {
                desk.deliver(later, OWN).await.unwrap();
                told(&desk, later).await;
            };
            let (taken, ()) = tokio::join!(takes, meeting.second(&desk, arrives));
            taken.unwrap();
            let hits = sees(&desk, ANN.0, move |view, keeper| filing::hits(view, keeper, case)).await.unwrap();
            assert_eq!(hits.iter().map(|hit| hit.report).collect::<Vec<_>>(), [later]);
        });
    }
}
