//! What an agency's own system reads of what is handed on: each step once, in the order of the ledger, and every report that
//! came back.

use std::collections::BTreeSet;

use casework::webhook::{self, Outcome};
use database::bind;
use dissemination::transfer::{self, Step};
use domain::{CameBack, CredentialId, DeclineReason, Id, ReportId, TransferState};
use jiff::SignedDuration;
use policy::permit::{Assign, SeeTransfers};
use policy::{Permit, Viewer, access};
use store::delivery::{self, FeedEntry};
use store::{EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, lists};
use crate::given_back::{at_desk, decide, give_back};
use crate::transfers::{ANN, CYD, accept, decline, holds, offer, refer, stands, withdraw};
use crate::{OTHER, OWN, by, permit, refusal, run, staffed};

/// What can be done to the notices of feeds behind the house's back.
const CHANGES: [(&str, &str); 4] = [
    (
        "lost",
        "-- test::change\nDELETE FROM feed_entry WHERE transfer_id IS NOT NULL
         AND position = (SELECT MIN(position) FROM feed_entry WHERE transfer_id IS NOT NULL)",
    ),
    (
        "made a step of nothing",
        "-- test::change\nUPDATE feed_entry SET transfer_id = NULL
         WHERE position = (SELECT MIN(position) FROM feed_entry WHERE transfer_id IS NOT NULL)",
    ),
    ("kept without its notice", "-- test::change\nDELETE FROM feed_notice WHERE came_back IS NULL"),
    (
        "made of a delivery",
        "-- test::change\nUPDATE feed_entry SET transfer_id = (SELECT MIN(id) FROM agency_transfer)
         WHERE transfer_id IS NULL",
    ),
];
const KEEP: [&str; 2] = [
    "-- test::keep\nCREATE TABLE kept_feed AS SELECT * FROM feed_entry",
    "-- test::keep\nCREATE TABLE kept_notice AS SELECT * FROM feed_notice",
];
const BACK: [&str; 4] = [
    "-- test::clear\nDELETE FROM feed_entry",
    "-- test::clear\nDELETE FROM feed_notice",
    "-- test::back\nINSERT INTO feed_entry SELECT * FROM kept_feed",
    "-- test::back\nINSERT INTO feed_notice SELECT * FROM kept_notice",
];

fn sees(agency: &str) -> Permit<SeeTransfers> {
    let system = Viewer::system(agency_id(agency), CredentialId::parse("c-1").unwrap());
    access::permit(&system).unwrap()
}

async fn sequenced(desk: &Desk) {
    loop {
        let run = desk.house.book().sequence().await.unwrap();
        if run.from == run.to {
            return;
        }
    }
}

/// The steps after a cursor, once the ledger has numbered everything.
async fn steps(desk: &Desk, agency: &'static str, after: u64) -> Vec<Step> {
    sequenced(desk).await;
    desk.read(move |view| transfer::steps(view, &sees(agency), after, 100)).await.unwrap()
}

/// What stands in a feed after a cursor.
async fn fed(desk: &Desk, agency: &'static str, after: u64) -> Vec<FeedEntry> {
    sequenced(desk).await;
    desk.read(move |view| delivery::feed(view, &lists(agency), after, 100)).await.unwrap()
}

/// Which report came how in an agency's feed since the cursor, which moves on.
async fn news(desk: &Desk, agency: &'static str, cursor: &mut u64) -> Vec<(ReportId, Option<CameBack>)> {
    let found = fed(desk, agency, *cursor).await;
    assert!(found.iter().all(|entry| entry.position > *cursor));
    *cursor = found.last().map_or(*cursor, |entry| entry.position);
    found.into_iter().map(|entry| (entry.report, entry.came_back)).collect()
}

async fn is_whole(desk: &Desk) -> Option<String> {
    desk.house.book().verify().await.unwrap().wrong
}

both_engines! {
    // PROVES: R-34
    fn both_agencies_systems_read_every_step_once_in_the_order_of_the_ledger(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            let at = desk.house.now();
            let (ours, theirs) = (steps(&desk, OWN, 0).await, steps(&desk, OTHER, 0).await);
            assert_eq!((ours.len(), theirs.len(), steps(&desk, AGENCIES[2].0, 0).await.len()), (1, 1, 0));
            assert_eq!((&ours[0].transfer.id, ours[0].position), (&id, theirs[0].position));
            assert_eq!(theirs[0].transfer.state(at), TransferState::Offered);
            assert_eq!(theirs[0].transfer.words, None, "a list opens nothing");
            assert_eq!(fed(&desk, OTHER, 0).await, [], "an offer is no delivery");
            // Whoever keeps the cursor gets what came after it, and nothing twice.
            let cursor = theirs[0].position;
            assert_eq!(steps(&desk, OTHER, cursor).await, []);
            decline(&desk, CYD, &id, 1).await.unwrap();
            // Leaves of one instant are ordered by chance.
            desk.house.advance(SignedDuration::from_secs(1));
            let again = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            desk.house.advance(SignedDuration::from_secs(1));
            withdraw(&desk, ANN, &again, 1).await.unwrap();
            desk.house.advance(SignedDuration::from_secs(1));
            let last = refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            let told = steps(&desk, OTHER, cursor).await;
            let told: Vec<_> = told.iter().map(|step| (step.transfer.id.as_str(), step.transfer.state(at))).collect();
            // Each shows its transfer as it stands now.
            let (declined, withdrawn) = (TransferState::Declined, TransferState::Withdrawn);
            let wanted = [(&id, declined), (&again, withdrawn), (&again, withdrawn), (&last, TransferState::Accepted)];
            assert_eq!(told, wanted.map(|(id, state)| (id.as_str(), state)));
            assert_eq!(steps(&desk, OWN, cursor).await.len(), 4);
            // One by itself, with what is on record; never for a third agency.
            let one = id.clone();
            let seen = desk.read(move |view| transfer::find(view, &sees(OTHER), &one)).await.unwrap();
            assert_eq!(seen.words.unwrap().note, "dull words to them");
            assert_eq!((seen.decline, seen.offered_by.as_str()), (Some(DeclineReason::NobodyFree), ""));
            let other = desk.read(move |view| transfer::find(view, &sees(AGENCIES[2].0), &id)).await;
            assert_eq!(refusal(other), Some(Refusal::NotFound));
            assert_eq!(is_whole(&desk).await, None);
        });
    }

    // PROVES: R-20
    fn a_report_that_comes_back_stands_in_its_agencys_feed_once_and_a_delivery_stays_one(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let (mut ours, mut theirs) = (0, 0);
            assert_eq!(news(&desk, OWN, &mut ours).await, [(report, None)]);
            // What the other agency does not take is still ours.
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            decline(&desk, CYD, &id, 1).await.unwrap();
            assert_eq!(news(&desk, OWN, &mut ours).await, [(report, Some(CameBack::Declined))]);
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            let seen = desk.read(move |view| transfer::find(view, &sees(OWN), &id)).await.unwrap();
            desk.house.advance(seen.due_at.duration_since(desk.house.now()));
            assert_eq!(desk.act(|act| transfer::lapse(act, 10)).await.unwrap(), 1);
            assert_eq!(news(&desk, OWN, &mut ours).await, [(report, Some(CameBack::Lapsed))]);
            // Whoever referred it has it back from the other agency, to which it was a delivery like any.
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(news(&desk, OTHER, &mut theirs).await, [(report, None)]);
            let version = stands(&desk, CYD, report).await.version;
            give_back(&desk, CYD, (report, version), &[]).await.unwrap();
            assert_eq!(news(&desk, OWN, &mut ours).await, [(report, Some(CameBack::GivenBack))]);
            // Handed to it once more.
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(news(&desk, OTHER, &mut theirs).await, [(report, Some(CameBack::Again))]);
            let version = stands(&desk, CYD, report).await.version;
            let id = offer(&desk, CYD, (report, version), OWN).await.unwrap();
            accept(&desk, ANN, &id, 1).await.unwrap();
            assert_eq!(news(&desk, OWN, &mut ours).await, [(report, Some(CameBack::Again))]);
            assert_eq!(news(&desk, OTHER, &mut theirs).await, []);
            assert_eq!(holds(&desk, report, OTHER).await, agency_id(OWN));
            // The entry names the delivery by which the agency has had it all along.
            let all = fed(&desk, OWN, 0).await;
            assert!(all.iter().all(|entry| entry.delivery == all[0].delivery), "{all:?}");
            assert_eq!(is_whole(&desk).await, None);
        });
    }

    // PROVES: R-20
    fn what_the_desk_says_of_a_report_stands_in_the_feed_of_whoever_has_it_then(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (stays, goes) = (desk.delivered_to(OWN).await, desk.delivered_to(OWN).await);
            let (mut ours, mut theirs) = (0, 0);
            news(&desk, OWN, &mut ours).await;
            assert_eq!(give_back(&desk, ANN, (stays, 1), &[]).await.unwrap(), None);
            assert_eq!(news(&desk, OWN, &mut ours).await, [], "it waits for the desk");
            decide(&desk, &at_desk(&desk).await[0], None, "It is yours.").await.unwrap();
            assert_eq!(news(&desk, OWN, &mut ours).await, [(stays, Some(CameBack::Stays))]);
            // An agency that never had it gets a delivery, and nothing beside it.
            assert_eq!(give_back(&desk, ANN, (goes, 1), &[OTHER]).await.unwrap(), Some(agency_id(OTHER)));
            assert_eq!(news(&desk, OTHER, &mut theirs).await, [(goes, None)]);
            assert_eq!(give_back(&desk, CYD, (goes, 1), &[OWN]).await.unwrap(), None, "it gave it back itself");
            decide(&desk, &at_desk(&desk).await[0], Some(OWN), "It is theirs after all.").await.unwrap();
            assert_eq!(news(&desk, OWN, &mut ours).await, [(goes, Some(CameBack::Again))]);
            assert_eq!(news(&desk, OTHER, &mut theirs).await, []);
            assert_eq!(is_whole(&desk).await, None);
            desk.house.has_caused(&[EventKind::ReportReturned, EventKind::ReturnDecided]).await;
        });
    }

    fn a_webhook_is_called_for_what_is_offered_and_for_what_comes_back(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            sequenced(&desk).await;
            for who in [("chief-1", OWN), ("chief-2", OTHER)] {
                let may: Permit<Assign> = permit(who.0, who.1);
                by(&desk, who, move |act| webhook::add(act, &may, "https://hooks.agency.example/").map(drop)).await.unwrap();
            }
            let called = async || {
                sequenced(&desk).await;
                let due = desk.read(|view| webhook::due(view, 16)).await.unwrap();
                let mut agencies = Vec::new();
                for one in due {
                    agencies.push(one.agency.clone());
                    let call = desk.act(move |act| webhook::take(act, &one)).await.unwrap();
                    let taken = Outcome::Taken("answered 204".to_owned());
                    desk.act(move |act| webhook::answered(act, &call, &taken)).await.unwrap();
                }
                desk.house.advance(SignedDuration::from_mins(1));
                agencies
            };
            assert_eq!(called().await, []);
            let both = [agency_id(OWN), agency_id(OTHER)];
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(BTreeSet::from_iter(called().await), BTreeSet::from(both.clone()));
            decline(&desk, CYD, &id, 1).await.unwrap();
            assert_eq!(BTreeSet::from_iter(called().await), BTreeSet::from(both));
            assert_eq!(called().await, []);
        });
    }

    fn a_step_in_a_feed_that_was_changed_lost_or_added_is_found(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let id = offer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            decline(&desk, CYD, &id, 1).await.unwrap();
            sequenced(&desk).await;
            let database = scratch.open();
            let change = |sql: &'static str| {
                database.write::<_, database::Fault, _>("test::change", move |tx| tx.execute(sql, &bind! {})).wait()
            };
            for sql in KEEP {
                change(sql).unwrap();
            }
            for (what, sql) in CHANGES {
                assert_eq!(is_whole(&desk).await, None, "before one is {what}");
                change(sql).unwrap();
                assert!(is_whole(&desk).await.unwrap_or_default().contains("feed_entry"), "{what}");
                for back in BACK {
                    change(back).unwrap();
                }
            }
            assert_eq!(is_whole(&desk).await, None);
        });
    }
}
