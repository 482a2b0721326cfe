//! An agency that follows its feed by the cursor misses nothing, whoever writes and sequences meanwhile; and a feed that
//! was changed behind the house's back is found.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::bind;
use domain::{AgencyClass, AgencyId, BasisCode, Id, PersonId, ReportId};
use policy::access::agency_list;
use policy::{List, Permit, Viewer, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::delivery::{self, Channel, FeedEntry, NewDelivery};
use store::testing::TestHouse;
use store::{Event, EventKind, House};
use testkit::both_engines;

use crate::{act, report, run, sequenced};

const REPORTS: u64 = 120;

const INSERT_PROVIDER: &str = "-- test::insert_provider
    INSERT INTO provider (id, name, added_at) VALUES ('dull', 'Dull Example', 0)";

const INSERT_CREDENTIAL: &str = "-- test::insert_credential
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at)
    VALUES ('dull-1', 'dull', 'dull', :digest, 1, 1, 0)";

/// A report on the last step before its deliveries.
const INSERT_REPORT: &str = "-- test::insert_report
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, priority, documents, files,
        opened_at, finished_at, preserve_until, submission_sha256, undelivered_since)
    VALUES (:report, 'dull', 'dull-1', 'routed', 'dull', 0, 'routine', 0, 0, 0, 0, 0, :digest, 0)";

/// What can be done to a feed, with `:id` that of no leaf.
const CHANGES: [(&str, &str); 6] = [
    (
        "lost",
        "-- test::change\nDELETE FROM feed_entry WHERE position = (SELECT MIN(position) FROM feed_entry)",
    ),
    (
        "moved",
        "-- test::change\nUPDATE feed_entry SET position = position + 1000
         WHERE position = (SELECT MAX(position) FROM feed_entry)",
    ),
    (
        "given to another agency",
        "-- test::change\nUPDATE feed_entry SET agency_id = 'us-fbi'
         WHERE position = (SELECT MIN(position) FROM feed_entry)",
    ),
    (
        "made to name another leaf",
        "-- test::change\nUPDATE feed_entry SET leaf_id = :id
         WHERE position = (SELECT MIN(position) FROM feed_entry)",
    ),
    (
        "doubled for another agency",
        "-- test::change\nINSERT INTO feed_entry SELECT 'us-fbi', position, leaf_id, transfer_id FROM kept_feed",
    ),
    (
        "added",
        "-- test::change\nINSERT INTO feed_entry (agency_id, position, leaf_id) VALUES ('icac-us-mn', 9000, :id)",
    ),
];

const KEEP: &str = "-- test::keep\nCREATE TABLE kept_feed AS SELECT * FROM feed_entry";

const BACK: [&str; 2] = [
    "-- test::clear\nDELETE FROM feed_entry",
    "-- test::back\nINSERT INTO feed_entry SELECT * FROM kept_feed",
];

fn agency() -> AgencyId {
    AgencyId::parse("icac-us-mn").unwrap()
}

fn permit() -> Permit<List> {
    let person = PersonId::parse("p-1").unwrap();
    agency_list(&Viewer::person(person, agency(), ViewerRole::Commander, true)).unwrap()
}

async fn routed(house: &House) {
    act(house, |act| {
        let qualification = Qualification {
            fact: "state agency".to_owned(),
            verified_by: "operator".to_owned(),
            evidence: "statute".to_owned(),
            until: None,
        };
        let agency = Agency {
            id: agency(),
            name: "Dull Task Force".to_owned(),
            class: AgencyClass::State,
            relationship: None,
            state: Some("MN".to_owned()),
            qualification: Some(qualification),
            disabled_at: None,
        };
        agency::put(act, &agency)?;
        act.tx().execute(INSERT_PROVIDER, &bind! {})?;
        act.tx().execute(INSERT_CREDENTIAL, &bind! { digest: [0_u8; 32] })?;
        for number in 1..=REPORTS {
            act.new_report_key(report(number))?;
            act.tx().execute(INSERT_REPORT, &bind! { report: number, digest: [0_u8; 32] })?;
            act.note(Event::of_report(EventKind::ReportOpened, report(number)))?;
        }
        act.note(Event::of_house(EventKind::ListRead))
    })
    .await
    .unwrap();
}

async fn delivered(house: &House, number: u64) {
    let deliver = act(house, move |act| {
        let new = NewDelivery {
            report: report(number),
            agency: agency(),
            basis: BasisCode::C2State,
            channel: Channel::Portal,
            rule: "R-20".to_owned(),
            says: "dull".to_owned(),
            rule_set: "test".to_owned(),
            place: None,
        };
        delivery::add(act, &new)
    });
    assert!(deliver.await.unwrap().is_some());
}

async fn fed(house: &House, after: u64, most: u32) -> Vec<FeedEntry> {
    house.read("test::feed", move |view| delivery::feed(view, &permit(), after, most)).await.unwrap()
}

/// Follows the feed in small pages until everything has come.
async fn follow(house: House) -> Vec<ReportId> {
    let (mut cursor, mut seen) = (0, Vec::new());
    while (seen.len() as u64) < REPORTS {
        for entry in fed(&house, cursor, 7).await {
            assert!(entry.position > cursor);
            cursor = entry.position;
            seen.push(entry.report);
        }
        tokio::task::yield_now().await;
    }
    seen
}

both_engines! {
    fn a_reader_of_the_feed_misses_nothing_while_others_write_and_sequence(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let twin = house.twin(8).await;
            routed(&house).await;
            let done = Arc::new(AtomicBool::new(false));
            let sequencers = [house.house().clone(), twin.clone()].map(|house| {
                let done = Arc::clone(&done);
                tokio::spawn(async move {
                    while !done.load(Ordering::SeqCst) {
                        house.book().sequence().await.unwrap();
                        tokio::task::yield_now().await;
                    }
                })
            });
            let reader = tokio::spawn(follow(twin.clone()));
            let writers = (0..4_u64).map(|writer| {
                let house = if writer % 2 == 0 { house.house().clone() } else { twin.clone() };
                tokio::spawn(async move {
                    for number in (1..=REPORTS).filter(|number| number % 4 == writer) {
                        delivered(&house, number).await;
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await.unwrap();
            }
            let seen = tokio::time::timeout(std::time::Duration::from_secs(60), reader).await;
            done.store(true, Ordering::SeqCst);
            for sequencer in sequencers {
                sequencer.await.unwrap();
            }
            let whole: Vec<ReportId> = fed(&house, 0, 1_000).await.iter().map(|entry| entry.report).collect();
            assert_eq!(whole.len() as u64, REPORTS);
            assert_eq!(seen.expect("the reader gets everything").unwrap(), whole);
        });
    }

    fn an_entry_of_a_feed_that_was_changed_lost_or_added_is_found(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let database = scratch.open();
            routed(&house).await;
            for number in 1..=3 {
                delivered(&house, number).await;
            }
            sequenced(&house).await;
            let wrong = async || house.book().verify().await.unwrap().wrong;
            let change = |sql: &'static str| {
                let args = if sql.contains(":id") { bind! { id: [7_u8; 16] } } else { bind! {} };
                database.write::<_, database::Fault, _>("test::change", move |tx| tx.execute(sql, &args)).wait()
            };
            change(KEEP).unwrap();
            for (what, sql) in CHANGES {
                assert_eq!(wrong().await, None, "before one is {what}");
                change(sql).unwrap();
                assert!(wrong().await.unwrap_or_default().contains("feed_entry"), "{what}");
                for back in BACK {
                    change(back).unwrap();
                }
            }
            assert_eq!(wrong().await, None);
        });
    }
}
