//! What the schedule lets go: bytes first, then whole reports, each only once two people agreed to exactly that.

use database::bind;
use domain::{Actor, ApprovalKind, DestructionCode, HoldId, Id as _, Month, Private, ReportId, Stage};
use jiff::SignedDuration;
use pipeline::{destroy, retention};
use policy::retention::Stays;
use store::destruction::{self, NewDestruction, State};
use store::hold::{self, Owner};
use store::{EventKind, House, Refusal, approval, evidence, words};
use testkit::both_engines;

use crate::destroyed::{DAY, MN, accept, act, agency, agreed, ask, by, delivered, id, place, refusal, state};
use crate::{furnished, officer, run};

const ALL_KEYS_OF: &str = "-- test::all_keys_of
    SELECT COUNT(*) FROM keystore WHERE report_id = :report";

const DOCUMENTS_OF: &str = "-- test::documents_of
    SELECT COUNT(*) FROM document WHERE report_id = :report";

const SELECTORS_OF: &str = "-- test::selectors_of
    SELECT COUNT(*) FROM selector WHERE report_id = :report";

const WORDS_ROW: &str = "-- test::words_row
    SELECT keystore.epoch, keystore.wrapped, epoch_key.held_as, epoch_key.wrapped FROM keystore
    JOIN epoch_key ON epoch_key.number = keystore.epoch WHERE keystore.report_id = 0 AND keystore.name = :name";

const RESTORE_EPOCH: &str = "-- test::restore_epoch
    INSERT INTO epoch_key (number, held_as, wrapped, created_at) VALUES (:number, :held_as, :wrapped, 1)";

const RESTORE_WORDS: &str = "-- test::restore_words
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at) VALUES (0, :name, :number, :wrapped, 1)";

const DROP_WORDS: &str = "-- test::drop_words
    DELETE FROM keystore WHERE report_id = 0 AND name LIKE 'words/%'";

/// The key of a month's words and its epoch, as a backup has their rows.
type WordsRow = (u32, Vec<u8>, String, Vec<u8>);

async fn words_row(house: &House, month: Month) -> WordsRow {
    let name = format!("words/{month}");
    let row = house
        .read("test::words_row", move |view| Ok(view.tx().get(WORDS_ROW, &bind! { name: name.as_str() })?));
    row.await.unwrap()
}

/// Whether what a backup has of a month's key opens anything beside all that the house has: as the proof of a purge asks.
async fn opens_still(house: &House, month: Month, (epoch, wrapped, ..): &WordsRow) -> bool {
    let name = format!("words/{month}");
    house.rotation().opens_still(*epoch, (0, &name), wrapped.clone()).await.unwrap()
}

async fn restored(house: &House, month: Month, (number, wrapped, held_as, epoch): WordsRow) {
    let name = format!("words/{month}");
    let put = house.write("test::restore", move |tx| {
        tx.execute(RESTORE_EPOCH, &bind! { number, held_as: held_as.as_str(), wrapped: epoch.clone() })?;
        Ok(tx.execute(RESTORE_WORDS, &bind! { name: name.as_str(), number, wrapped: wrapped.clone() })?)
    });
    put.await.unwrap();
}

/// Why a hold was placed.
async fn said(house: &House, name: &'static str) -> String {
    let read = house.read("test::hold", move |view| hold::get(view, &HoldId::parse(name).unwrap()));
    read.await.unwrap().reason.into_inner()
}

fn nothing(name: &'static str) -> NewDestruction {
    NewDestruction {
        id: id(name),
        basis: DestructionCode::Retention,
        agency: None,
        reason: Private::new("too early".to_owned()),
        files: Vec::new(),
    }
}

/// What is due is asked for, and two people agree.
async fn purge(house: &House, name: &'static str) {
    let plan = retention::dry_run(house).await.unwrap();
    retention::ask(house, Actor::House, id(name), plan).await.unwrap();
    let asked = by(house, "p-supervisor", move |act| {
        approval::ask(act, ApprovalKind::Purge, name, &serde_json::json!({}))
    });
    let asked = asked.await.unwrap();
    by(house, "p-counsel", move |act| approval::approve(act, &asked).map(drop)).await.unwrap();
}

async fn release(house: &House, name: &'static str) {
    let mn = Owner::Agency(agency(MN));
    act(house, move |act| hold::release(act, &HoldId::parse(name).unwrap(), &mn)).await.unwrap();
}

both_engines! {
    // PROVES: R-55
    fn the_schedule_lets_go_what_is_due_but_for_what_is_held_and_only_once_two_people_agreed(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card that is due").await;
            let (held, kept) = delivered(&house, b"a dull card that is held").await;
            assert_eq!(retention::dry_run(&house).await.unwrap(), retention::Plan::default());
            place(&house, "h-1", (held, None), Owner::Agency(agency(MN))).await.unwrap();
            // The schedule of the demonstration looks at evidence again after a year.
            house.advance(SignedDuration::from_hours(24 * 366));
            let (late, _) = delivered(&house, b"a dull card that came late").await;
            let plan = retention::dry_run(&house).await.unwrap();
            assert_eq!(plan.goes.iter().map(|(report, _)| *report).collect::<Vec<_>>(), [report]);
            assert_eq!(plan.held, [(held, kept.file.clone(), Owner::Agency(agency(MN)))]);
            let id = id("d-purge");
            retention::ask(&house, Actor::House, id.clone(), plan).await.unwrap();
            destroy::run(&house).await.unwrap();
            assert_eq!(state(&house, "d-purge").await, State::Asked);
            // An agreement to destroy on an agency's word is none to purge.
            let other = agreed(&house, "d-purge").await;
            let wrong = act(&house, move |act| {
                destruction::accept(act, &approval::take(act, &other, ApprovalKind::Destroy)?, DAY)
            });
            assert_eq!(refusal(wrong.await), Some(Refusal::NotFound));
            let asked = by(&house, "p-supervisor", |act| {
                approval::ask(act, ApprovalKind::Purge, "d-purge", &serde_json::json!({}))
            });
            let purge = asked.await.unwrap();
            by(&house, "p-counsel", move |act| approval::approve(act, &purge).map(drop)).await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let permit = policy::access::pipeline_read();
            let left = house.read("test::left", move |view| {
                let of = |report| store::Result::Ok(evidence::files(view, &permit, report)?[0].blob.is_some());
                Ok((of(report)?, of(held)?, of(late)?))
            });
            assert_eq!(left.await.unwrap(), (false, true, true));
        });
    }

    // PROVES: R-53 R-55
    fn a_report_whose_day_is_there_goes_as_a_whole_and_leaves_its_leaves_hashes_and_certificate(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card that is due").await;
            let (held, _) = delivered(&house, b"a dull card that is held").await;
            // First the bytes go, after a year; the report itself stays for another one.
            house.advance(SignedDuration::from_hours(24 * 366));
            assert!(retention::dry_run(&house).await.unwrap().reports.is_empty());
            purge(&house, "d-bytes").await;
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            place(&house, "h-1", (held, None), Owner::Counsel).await.unwrap();
            // The last word on holds is about the report that goes, and stays when it is gone.
            place(&house, "h-2", (report, None), Owner::Agency(agency(MN))).await.unwrap();
            release(&house, "h-2").await;
            house.advance(SignedDuration::from_hours(24 * 365));
            let plan = retention::dry_run(&house).await.unwrap();
            assert_eq!((&plan.reports, &plan.held_reports), (&vec![report], &vec![(held, Owner::Counsel)]));
            assert!(pipeline::dossier(&house, &officer(MN), report).await.is_ok());
            purge(&house, "d-reports").await;
            assert_eq!(destroy::run(&house).await.unwrap(), 1);

            // No key of it is left, no row with a word of it, and nobody reads it.
            for text in [ALL_KEYS_OF, DOCUMENTS_OF, SELECTORS_OF] {
                let count = |report: ReportId| {
                    house.read("test::left", move |view| Ok(view.tx().get::<u64>(text, &bind! { report: report.get() })?))
                };
                assert_eq!(count(report).await.unwrap(), 0, "{text}");
                assert!(count(held).await.unwrap() > 0, "{text}");
            }
            let gone = pipeline::dossier(&house, &officer(MN), report).await.unwrap_err();
            assert_eq!(gone.refusal(), Some(&Refusal::Destroyed));
            assert!(pipeline::dossier(&house, &officer(MN), held).await.is_ok());
            assert_eq!(crate::stage(&house, report).await, Stage::Destroyed);
            // That it was delivered, its hashes, its leaves and the certificate stay, and the ledger still holds.
            assert_eq!(crate::holders(&house, report).await, [MN]);
            let found = house.read("test::find", |view| destruction::find(view, &id("d-reports"))).await.unwrap().unwrap();
            let certificate: serde_json::Value = serde_json::from_str(&found.certificate.unwrap()).unwrap();
            assert_eq!(certificate["reports"][0]["report"], report.get());
            assert_eq!(certificate["proof"]["backup_keys_tried"], 1, "the report's own; its files went before");
            let schema = serde_json::from_str(include_str!("../../../docs/destruction-certificate.schema.json")).unwrap();
            assert_eq!(testkit::schema::breaks(&schema, &certificate), None);
            let said = house.read("test::gone", move |view| destruction::report_gone(view, report)).await.unwrap();
            assert_eq!(said.unwrap().0, id("d-reports"));
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
            assert!(retention::dry_run(&house).await.unwrap().is_empty());
            house.has_caused(&[EventKind::ReportDestroyed]).await;
            testkit::tamper::is_found(scratch, &["destruction_report"], async || house.wrong().await).await;
        });
    }

    // PROVES: R-20 R-52 R-53 R-55 R-76c
    fn nothing_of_decisions_deliveries_and_the_record_ever_goes_however_late_it_is(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card that is due").await;
            let (asked, other) = delivered(&house, b"a dull card that an agency asked for").await;
            place(&house, "h-1", (report, None), Owner::Agency(agency(MN))).await.unwrap();
            release(&house, "h-1").await;
            ask(&house, "d-asked", &[(asked, &other)]).await.unwrap();
            accept(&house, "d-asked").await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let before = rows(&house).await;
            for table in ["delivery", "destruction", "hold", "ledger_leaf", "route", "tombstone", "triage", "approval"] {
                assert!(before.iter().any(|(name, count)| *name == table && *count > 0), "{table}: {before:?}");
            }
            // Each of the three says by which rule, and as of which day; no clock of theirs rings.
            let schedule = policy::RuleSet::embedded().schedule(domain::Profile::SyntheticDemo).unwrap();
            for class in ["decision", "delivery", "audit"] {
                let (_, stays) = schedule.classes().find(|(name, _)| *name == class).unwrap();
                let Stays::Kept(kept) = stays else { panic!("{class} is kept") };
                assert!(kept.source.contains("R-") && kept.as_of.year() >= 2026, "{kept:?}");
                assert_eq!(retention::goes(class), "nothing");
            }
            // A lifetime later everything that may go has gone.
            house.advance(DAY * 365 * 90);
            for name in ["d-bytes", "d-reports"] {
                purge(&house, name).await;
                assert_eq!(destroy::run(&house).await.unwrap(), 1);
                house.advance(DAY);
            }
            assert!(!house.vault().has_key(report, &blob).await.unwrap());
            assert_eq!(crate::stage(&house, report).await, Stage::Destroyed);
            assert!(retention::dry_run(&house).await.unwrap().is_empty());
            for ((table, had), (_, has)) in before.iter().zip(rows(&house).await) {
                assert!(has >= *had, "{table} had {had} rows and has {has}");
            }
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-53 R-55
    fn words_about_acts_go_by_the_month_in_backups_too_and_their_leaves_stay(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card that is held").await;
            place(&house, "h-1", (report, None), Owner::Agency(agency(MN))).await.unwrap();
            release(&house, "h-1").await;
            let asked = by(&house, "p-supervisor", |act| {
                approval::ask(act, ApprovalKind::Destroy, "d-none", &serde_json::json!({ "why": "a dull reason" }))
            });
            let asked = asked.await.unwrap();
            let refused = asked.clone();
            by(&house, "p-counsel", move |act| approval::refuse(act, &refused, "another dull reason")).await.unwrap();
            let month = Month::of(house.now());
            let backup = words_row(&house, month).await;
            assert!(opens_still(&house, month, &backup).await, "while nothing was let go");
            assert_eq!(said(&house, "h-1").await, "a trial");

            // The demonstration lets words go after three years, a whole month at once.
            house.advance(DAY * 1095);
            assert!(retention::dry_run(&house).await.unwrap().months.is_empty());
            house.advance(DAY * 31);
            place(&house, "h-2", (report, None), Owner::Agency(agency(MN))).await.unwrap();
            let plan = retention::dry_run(&house).await.unwrap();
            assert_eq!((&plan.months, plan.held_months.len()), (&vec![month], 0));
            let wrong = act(&house, {
                let now = Month::of(house.now());
                move |act| destruction::ask_purge(act, &nothing("d-early"), (&[], &[now]))
            });
            assert_eq!(refusal(wrong.await), Some(Refusal::Unfit { what: "month" }));
            purge(&house, "d-words").await;
            // What two people agree to is what they were shown, and once it is asked for nobody asks again.
            assert!(retention::dry_run(&house).await.unwrap().months.is_empty());
            assert_eq!(said(&house, "h-1").await, "a trial");
            assert_eq!(destroy::run(&house).await.unwrap(), 1);

            assert_eq!(said(&house, "h-1").await, words::GONE);
            assert_eq!(said(&house, "h-2").await, "a trial");
            let gone = house.read("test::approval", move |view| approval::get(view, &asked)).await.unwrap();
            assert_eq!(gone.state(house.now()), approval::State::Refused);
            assert_eq!(gone.reason.unwrap().reveal(), words::GONE);
            assert!(!gone.details.reveal().to_string().contains("dull"));
            let found = house.read("test::find", |view| destruction::find(view, &id("d-words"))).await.unwrap().unwrap();
            let certificate: serde_json::Value = serde_json::from_str(&found.certificate.unwrap()).unwrap();
            assert_eq!(certificate["words"][0]["month"], month.to_string());
            assert_eq!(certificate["words"][0]["keys"], 1);
            // The proof tried the key of the month as the backup has it.
            assert_eq!((&certificate["proof"]["backup_keys_tried"], &certificate["proof"]["backup_keys_opened"]), (&1.into(), &0.into()));
            assert!(!opens_still(&house, month, &backup).await);
            let schema = serde_json::from_str(include_str!("../../../docs/destruction-certificate.schema.json")).unwrap();
            assert_eq!(testkit::schema::breaks(&schema, &certificate), None);
            // What was done, by whom and when is in the ledger as before, and the ledger holds.
            house.has_caused(&[EventKind::HoldPlaced, EventKind::ApprovalRefused, EventKind::WordsDestroyed]).await;
            testkit::tamper::is_found(scratch, &["destruction_words"], async || house.wrong().await).await;
            assert_eq!(house.book().verify().await.unwrap().wrong, None);

            // The rows of a backup, put back, open nothing: their epoch is dead.
            restored(&house, month, backup).await;
            let read = house.read("test::hold", |view| hold::get(view, &HoldId::parse("h-1").unwrap())).await;
            assert!(read.is_err(), "{read:?}");
        });
    }

    // PROVES: R-55
    fn a_month_of_words_stays_while_something_in_it_is_in_force_and_nobody_lets_it_go_but_a_purge(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card that is held").await;
            place(&house, "h-1", (report, None), Owner::Agency(agency(MN))).await.unwrap();
            let month = Month::of(house.now());
            house.advance(DAY * 1126);
            let plan = retention::dry_run(&house).await.unwrap();
            assert_eq!((plan.months, plan.held_months), (vec![], vec![(month, 1)]));
            release(&house, "h-1").await;
            assert_eq!(retention::dry_run(&house).await.unwrap().months, [month]);
            // A key that somebody took away by hand is a fault, and no word of it reads as one that was let go.
            let drop = house.write("test::drop", |tx| Ok(tx.execute(DROP_WORDS, &bind! {})?));
            assert_eq!(drop.await.unwrap(), 1);
            let read = house.read("test::hold", |view| hold::get(view, &HoldId::parse("h-1").unwrap())).await;
            assert!(read.unwrap_err().refusal().is_none());
        });
    }

    // PROVES: R-53 R-55
    fn a_hold_keeps_a_whole_report_until_two_people_agreed_and_none_comes_after(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card that is due").await;
            house.advance(SignedDuration::from_hours(24 * 366));
            purge(&house, "d-bytes").await;
            destroy::run(&house).await.unwrap();
            house.advance(SignedDuration::from_hours(24 * 365));
            purge(&house, "d-report").await;
            let hold = |name| place(&house, name, (report, None), Owner::Agency(agency(MN)));
            hold("h-1").await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            assert_eq!(crate::stage(&house, report).await, Stage::Retained);

            release(&house, "h-1").await;
            assert_eq!(destroy::agreed(&house).await.unwrap(), 1);
            assert_eq!(crate::stage(&house, report).await, Stage::Retained);
            assert_eq!(refusal(hold("h-2").await), Some(Refusal::Blocked));
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            assert_eq!(crate::stage(&house, report).await, Stage::Destroyed);
            assert_eq!(refusal(hold("h-3").await), Some(Refusal::Blocked));
        });
    }
}

/// Tables of whose classes nothing ever goes, as the page of columns has them.
fn kept_tables() -> Vec<&'static str> {
    let page = include_str!("../../../store/columns.toml");
    let of = |table: &&'static str| {
        let part = page.split(&format!("\n[{table}]\n")).nth(1).unwrap().split("\n[").next().unwrap();
        ["decision", "delivery", "audit"]
            .iter()
            .any(|class| part.contains(&format!("retention = \"{class}\"")))
    };
    let names = page.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    names.filter(of).collect()
}

/// How many rows each of them has.
async fn rows(house: &House) -> Vec<(&'static str, u64)> {
    let mut all = Vec::new();
    for table in kept_tables() {
        let text: &'static str = format!("-- test::rows\nSELECT COUNT(*) FROM {table}").leak();
        let count = house.read("test::rows", move |view| Ok(view.tx().get::<u64>(text, &bind! {})?));
        all.push((table, count.await.unwrap()));
    }
    all
}
