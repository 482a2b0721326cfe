//! Destroyed means destroyed: what an agency asked for is gone, in backups too, and nothing else is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use database::{Constraint, bind};
use dissemination::preservation;
use domain::{
    Actor, AgencyId, ApprovalId, ApprovalKind, BasisCode, DestructionCode, DestructionId, FileId, HoldId, Id,
    LetterId, PersonId, Private, ProviderId, Purpose, ReportId, TriState,
};
use jiff::SignedDuration;
use ledger::VerifierKey;
use pipeline::intake::{PartHeaders, begin_upload, finish};
use pipeline::worker;
use pipeline::{destroy, keeping};
use policy::{FileFacts, ViewerRole, gate};
use store::approval;
use store::destruction::{self, NewDestruction, State};
use store::hold::{self, NewHold, Owner};
use store::person::{self, Home, Person};
use store::testing::TestHouse;
use store::{BlobRef, Error, House, Refusal, delivery, evidence, provider_destruction};
use testkit::both_engines;

use crate::{dull, furnished, living_in, login, officer, opened, run, tools};

pub(crate) const MN: &str = "icac-us-mn";
const FBI: &str = "us-fbi";
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

const KEY_ROW: &str = "-- test::key_row
    SELECT epoch, wrapped FROM keystore WHERE report_id = :report AND name = :name";

const EPOCH_ROW: &str = "-- test::epoch_row
    SELECT held_as, wrapped FROM epoch_key WHERE number = :number";

const RESTORE_EPOCH: &str = "-- test::restore_epoch
    INSERT INTO epoch_key (number, held_as, wrapped, created_at) VALUES (:number, :held_as, :wrapped, 1)";

const RESTORE_KEY: &str = "-- test::restore_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at) VALUES (:report, :name, :epoch, :wrapped, 1)";

const KEYS_OF: &str = "-- test::keys_of
    SELECT COUNT(*) FROM keystore WHERE report_id = :report AND name <> 'report'";

const BAD_ITEM: &str = "-- test::bad_basis
    INSERT INTO destruction (id, basis, asked_by, asked_at, sealed_reason) VALUES ('x', 'BECAUSE', 'x', 1, '')";

pub(crate) fn agency(name: &str) -> AgencyId {
    AgencyId::parse(name).unwrap()
}

/// A report with one file of these bytes, delivered to Minnesota.
pub(crate) async fn delivered(house: &House, bytes: &[u8]) -> (ReportId, BlobRef) {
    let login = login(house).await;
    let number = opened(house, &login, living_in("MN")).await;
    let mut upload = begin_upload(house, &login, Some(number)).await.unwrap();
    upload.push(bytes.to_vec().into()).await.unwrap();
    upload.finish(&login, number, PartHeaders::default()).await.unwrap();
    finish(house, &login, number).await.unwrap();
    worker::drain(house, &tools()).await.unwrap();
    let permit = policy::access::pipeline_read();
    let files = house.read("test::files", move |view| evidence::files(view, &permit, number)).await.unwrap();
    (number, files[0].blob.clone().unwrap())
}

async fn also_to(house: &House, report: ReportId, to: &'static str) {
    act(house, move |act| {
        let new = delivery::NewDelivery {
            report,
            agency: agency(to),
            basis: BasisCode::C1Fed,
            channel: delivery::Channel::Portal,
            rule: "test".to_owned(),
            says: "a test".to_owned(),
            rule_set: "test".to_owned(),
            place: None,
        };
        delivery::add(act, &new).map(drop)
    })
    .await
    .unwrap();
}

pub(crate) async fn act<T: Send + 'static>(
    house: &House,
    work: impl FnMut(&store::Act<'_>) -> store::Result<T> + Send + 'static,
) -> store::Result<T> {
    house.act(Actor::House, Purpose::Retention, "test::act", work).await
}

pub(crate) fn id(name: &str) -> DestructionId {
    DestructionId::parse(name).unwrap()
}

pub(crate) async fn ask(
    house: &House,
    name: &str,
    files: &[(ReportId, &BlobRef)],
) -> store::Result<(u64, State)> {
    let new = NewDestruction {
        id: id(name),
        basis: DestructionCode::Notified,
        agency: Some(agency(MN)),
        reason: Private::new("the child was found".to_owned()),
        files: files.iter().map(|(report, blob)| (*report, blob.file.clone())).collect(),
    };
    act(house, move |act| destruction::ask(act, &new)).await
}

pub(crate) async fn accept(house: &House, name: &str) -> store::Result<()> {
    let approval = agreed(house, name).await;
    act(house, move |act| {
        let two = approval::take(act, &approval, ApprovalKind::Destroy)?;
        destruction::accept(act, &two, DAY)
    })
    .await
}

/// Supervisor and counsel agree to a destruction.
pub(crate) async fn agreed(house: &House, name: &str) -> ApprovalId {
    let asked = by(house, "p-supervisor", {
        let name = name.to_owned();
        move |act| approval::ask(act, ApprovalKind::Destroy, &name, &serde_json::json!({}))
    });
    let approval = asked.await.unwrap();
    let given = approval.clone();
    by(house, "p-counsel", move |act| approval::approve(act, &given).map(drop)).await.unwrap();
    approval
}

/// An act of one of the clearinghouse's own people, who is hired on first sight.
pub(crate) async fn by<T: Send + 'static>(
    house: &House,
    who: &'static str,
    work: impl FnMut(&store::Act<'_>) -> store::Result<T> + Send + 'static,
) -> store::Result<T> {
    let id = PersonId::parse(who).unwrap();
    let role = if who == "p-counsel" { ViewerRole::Counsel } else { ViewerRole::Supervisor };
    let asked = id.clone();
    if house.read("test::person", move |view| person::find(view, &asked)).await?.is_none() {
        let person =
            Person { id: id.clone(), home: Home::House, role, name: Private::new("Dull".to_owned()) };
        act(house, move |act| person::add(act, &person)).await?;
    }
    house.act(Actor::Person { person: id, agency: None }, Purpose::Administration, "test::by", work).await
}

pub(crate) async fn state(house: &House, name: &str) -> State {
    let id = id(name);
    house.read("test::state", move |view| destruction::find(view, &id)).await.unwrap().unwrap().state()
}

/// Opens a file as an officer of this agency.
async fn read_by(house: &House, report: ReportId, blob: &BlobRef, who: &str) -> store::Result<()> {
    let actor = Actor::Person { person: PersonId::parse("p-1").unwrap(), agency: Some(agency(who)) };
    let facts = FileFacts {
        report,
        file: blob.file.clone(),
        viewed: TriState::Yes,
        public: TriState::Unknown,
        retained: true,
        asker: None,
        at: house.now(),
        grounds: Vec::new(),
        matched: false,
        relaxations: Vec::new(),
    };
    house.vault().open(&gate::open(&facts, &actor).unwrap(), blob).await.map(drop)
}

pub(crate) async fn place(
    house: &House,
    name: &str,
    (report, file): (ReportId, Option<FileId>),
    owner: Owner,
) -> store::Result<()> {
    let review_at = house.now().checked_add(DAY).unwrap();
    let reason = Private::new("a trial".to_owned());
    let new = NewHold { id: HoldId::parse(name).unwrap(), report, file, owner, reason, review_at };
    act(house, move |act| hold::place(act, &new)).await
}

pub(crate) fn refusal<T: std::fmt::Debug>(answer: store::Result<T>) -> Option<Refusal> {
    answer.unwrap_err().refusal()
}

/// The rows by which a backup of this moment would open a file.
async fn backup(house: &House, report: ReportId, blob: &BlobRef) -> (u32, Vec<u8>, String, Vec<u8>) {
    let name = format!("evidence/{}", blob.file);
    let read = house.read("test::backup", move |view| {
        let key = bind! { report: report.get(), name: name.as_str() };
        let (number, wrapped): (u32, Vec<u8>) = view.tx().get(KEY_ROW, &key)?;
        let (held_as, epoch): (String, Vec<u8>) = view.tx().get(EPOCH_ROW, &bind! { number })?;
        Ok((number, wrapped, held_as, epoch))
    });
    read.await.unwrap()
}

/// Puts the rows of a backup back into the live house.
async fn restore(house: &House, report: ReportId, blob: &BlobRef, rows: (u32, Vec<u8>, String, Vec<u8>)) {
    let (number, wrapped, held_as, epoch) = rows;
    let name = format!("evidence/{}", blob.file);
    let put = house.write("test::restore", move |tx| {
        let (wrapped, epoch, held_as) = (wrapped.clone(), epoch.clone(), held_as.as_str());
        tx.execute(RESTORE_EPOCH, &bind! { number, held_as, wrapped: epoch })?;
        tx.execute(
            RESTORE_KEY,
            &bind! { report: report.get(), name: name.as_str(), epoch: number, wrapped },
        )?;
        Ok(())
    });
    put.await.unwrap();
}

both_engines! {
    // PROVES: R-52 R-53
    fn what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"the dull card that goes").await;
            let (copied, copy) = delivered(&house, b"the dull card that goes").await;
            let (other, kept) = delivered(&house, b"the dull card that stays").await;
            let oldest = backup(&house, report, &blob).await;

            // Every copy of the same bytes goes too, and nobody reads from now on.
            assert_eq!(ask(&house, "d-1", &[(report, &blob)]).await.unwrap(), (2, State::Asked));
            assert_eq!(refusal(read_by(&house, report, &blob, MN).await), Some(Refusal::Blocked));
            assert_eq!(refusal(read_by(&house, copied, &copy, MN).await), Some(Refusal::Blocked));
            assert!(read_by(&house, other, &kept, MN).await.is_ok());
            // Nothing is destroyed before two people agreed.
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            assert!(house.vault().has_key(report, &blob).await.unwrap());

            accept(&house, "d-1").await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            assert_eq!(state(&house, "d-1").await, State::Certified);
            for (report, blob) in [(report, &blob), (copied, &copy)] {
                assert!(!house.vault().has_key(report, blob).await.unwrap());
                let keys = house.read("test::keys", move |view| Ok(view.tx().get::<u64>(KEYS_OF, &bind! { report: report.get() })?));
                assert_eq!(keys.await.unwrap(), 0);
            }
            // The oldest backup, put back beside the live custody, opens nothing; the control does.
            restore(&house, report, &blob, oldest).await;
            let house = house.reopened(8).await;
            assert!(house.vault().has_key(report, &blob).await.is_err(), "no epoch, no key");
            assert!(house.vault().opens(other, &kept).await.unwrap());
            assert!(read_by(&house, other, &kept, MN).await.is_ok());

            // Text, hashes and the record of custody remain.
            let permit = policy::access::pipeline_read();
            let files = house.read("test::files", move |view| {
                view.report_key(report)?;
                evidence::files(view, &permit, report)
            });
            let file = files.await.unwrap().remove(0);
            assert_eq!(file.sha256, seal::sha256(b"the dull card that goes"));
            assert_eq!(file.blob, None);
            let facts = house.read("test::facts", move |view| evidence::facts(view, &policy::access::pipeline_read(), report));
            assert!(!facts.await.unwrap()[0].retained);
            // Pages and packages say that it was destroyed, when, and under which certificate.
            let told = pipeline::dossier(&house, &officer(MN), report).await.unwrap();
            let destroyed = told.files[0].destroyed.clone().unwrap();
            assert_eq!((destroyed.destruction, told.files[0].retained), (id("d-1"), false));
            assert!(destroyed.certified_at.unwrap() >= destroyed.at);
            let whole = pipeline::dossier(&house, &officer(MN), other).await.unwrap();
            assert_eq!(whole.files[0].destroyed, None);
            let caused = [
                store::EventKind::ApprovalAsked, store::EventKind::ApprovalGiven,
                store::EventKind::ApprovalSpent, store::EventKind::DestructionAccepted,
                store::EventKind::DestructionAsked, store::EventKind::DestructionCertified,
                store::EventKind::DestructionDead, store::EventKind::DestructionDropped,
                store::EventKind::DestructionProved, store::EventKind::EpochDestroyed,
                store::EventKind::EpochRetired, store::EventKind::FileDestroyed,
            ];
            house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["approval", "destruction", "destruction_item", "epoch_history", "tombstone"], async || house.wrong().await).await;
        });
    }

    // PROVES: R-52
    fn a_certificate_of_destruction_names_everything_and_is_signed(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"the dull card that goes").await;
            delivered(&house, b"the dull card that stays").await;
            ask(&house, "d-1", &[(report, &blob)]).await.unwrap();
            accept(&house, "d-1").await.unwrap();
            destroy::run(&house).await.unwrap();
            let found = house.read("test::find", |view| destruction::find(view, &id("d-1"))).await.unwrap().unwrap();
            let text = found.certificate.unwrap();
            let certificate: serde_json::Value = serde_json::from_str(&text).unwrap();
            let schema = serde_json::from_str(include_str!("../../../docs/destruction-certificate.schema.json")).unwrap();
            assert_eq!(testkit::schema::breaks(&schema, &certificate), None);
            assert_eq!(certificate["basis"], "2258D-d2");
            assert_eq!(certificate["approvers"], serde_json::json!(["p-supervisor", "p-counsel"]));
            assert_eq!(certificate["files"][0]["file"], blob.file.to_string());
            assert_eq!(certificate["files"][0]["keys"], 1);
            assert_eq!(certificate["proof"]["backup_keys_tried"], 1);
            assert_eq!(certificate["proof"]["backup_keys_opened"], 0);
            assert!(certificate["proof"]["control_opened"].is_object());
            assert!(certificate["epoch"]["destroyed_at"].is_string());
            // Whoever has the house's key for receipts checks it; one changed word is seen.
            let key: VerifierKey = house.receipts().key().to_string().parse().unwrap();
            let note = |certificate: &serde_json::Value| {
                let signed = formats::destruction::text(certificate).unwrap();
                let line = certificate["signature"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
                let bytes = STANDARD.decode(line).unwrap();
                assert_eq!(bytes[..4], key.id().to_be_bytes());
                seal::verify(key.public(), signed.as_bytes(), &bytes[4..]).is_ok()
            };
            assert!(note(&certificate));
            let mut changed = certificate.clone();
            changed["files"][0]["keys"] = 2.into();
            assert!(!note(&changed));
            let pages = formats::destruction::pdf(&text).unwrap();
            assert!(pages.starts_with(b"%PDF"));
            // So does the program that shares no line with the house.
            let keys = verify::Keys::parse(&pipeline::provider::verifier_keys(&house)).unwrap();
            let findings = verify::destruction(text.as_bytes(), &keys);
            assert!(findings.hold(), "{:#?}", findings.checks());
            for at in (0..text.len()).step_by(13) {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1;
                assert!(!verify::destruction(&changed, &keys).hold(), "{at}");
            }
        });
    }

    // PROVES: R-52
    fn a_destruction_that_is_killed_after_any_write_comes_to_the_same_end(scratch) {
        run(async {
            let mut house = furnished(&scratch.settings).await;
            let (control, kept) = delivered(&house, b"the dull card that stays").await;
            let mut seen = Vec::new();
            for killed_after in 0..14_u8 {
                let bytes = [b"card ".as_slice(), &[killed_after]].concat();
                let (report, blob) = delivered(&house, &bytes).await;
                let name = format!("d-{killed_after}");
                ask(&house, &name, &[(report, &blob)]).await.unwrap();
                accept(&house, &name).await.unwrap();
                let mut steps = 0;
                while steps < killed_after && destroy::step(&house).await.unwrap().is_some() {
                    steps += 1;
                }
                seen.push(state(&house, &name).await);
                house = house.reopened(50 + u64::from(killed_after)).await;
                assert_eq!(refusal(read_by(&house, report, &blob, MN).await), Some(Refusal::Blocked));
                destroy::run(&house).await.unwrap();
                assert_eq!(state(&house, &name).await, State::Certified, "killed after {killed_after}");
                assert!(!house.vault().has_key(report, &blob).await.unwrap());
                assert!(house.vault().opens(control, &kept).await.unwrap());
            }
            seen.dedup();
            // Every state was the one in which a worker died.
            assert_eq!(seen, [State::Accepted, State::Dropped, State::Dead, State::Proved, State::Certified]);
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-54
    fn another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"the dull card of a trial").await;
            // An agency holds only what it has.
            assert_eq!(refusal(place(&house, "h-0", (report, None), Owner::Agency(agency(FBI))).await), Some(Refusal::NotFound));
            also_to(&house, report, FBI).await;
            place(&house, "h-1", (report, Some(blob.file.clone())), Owner::Agency(agency(FBI))).await.unwrap();
            assert_eq!(ask(&house, "d-1", &[(report, &blob)]).await.unwrap().1, State::Conflict);
            assert_eq!(refusal(read_by(&house, report, &blob, MN).await), Some(Refusal::Blocked));
            assert!(read_by(&house, report, &blob, FBI).await.is_ok());
            assert_eq!(refusal(accept(&house, "d-1").await), Some(Refusal::Conflict));
            destroy::run(&house).await.unwrap();
            assert!(house.vault().has_key(report, &blob).await.unwrap(), "nothing is dropped in silence");
            // A hold that comes after the notification changes nothing.
            assert_eq!(refusal(place(&house, "h-2", (report, None), Owner::Counsel).await), Some(Refusal::Blocked));
            let others = house.read("test::holders", |view| destruction::holders(view, &id("d-1"))).await.unwrap();
            assert_eq!(others, [(Owner::Agency(agency(FBI)), report, Some(blob.file.clone()))]);

            // Nobody but its owner releases it; then it is settled.
            let release = |owner: Owner| act(&house, move |act| hold::release(act, &HoldId::parse("h-1").unwrap(), &owner));
            assert_eq!(refusal(release(Owner::Counsel).await), Some(Refusal::NotFound));
            release(Owner::Agency(agency(FBI))).await.unwrap();
            assert_eq!(act(&house, |act| destruction::settle(act, &id("d-1"))).await.unwrap(), State::Asked);
            accept(&house, "d-1").await.unwrap();
            assert_eq!(refusal(read_by(&house, report, &blob, FBI).await), Some(Refusal::Blocked));
            destroy::run(&house).await.unwrap();
            assert_eq!(state(&house, "d-1").await, State::Certified);
            let caused = [
                store::EventKind::DestructionDisputed, store::EventKind::DestructionSettled,
                store::EventKind::HoldPlaced, store::EventKind::HoldReleased,
            ];
            house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["hold"], async || house.wrong().await).await;
        });
    }

    fn a_refused_destruction_gives_the_files_back_and_is_never_accepted(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            ask(&house, "d-1", &[(report, &blob)]).await.unwrap();
            assert_eq!(refusal(ask(&house, "d-1", &[(report, &blob)]).await), Some(Refusal::Conflict));
            act(&house, |act| destruction::refuse(act, &id("d-1"))).await.unwrap();
            assert!(read_by(&house, report, &blob, MN).await.is_ok());
            assert_eq!(refusal(accept(&house, "d-1").await), Some(Refusal::Conflict));
            assert_eq!(state(&house, "d-1").await, State::Refused);
            house.has_caused(&[store::EventKind::DestructionRefused]).await;
        });
    }

    // PROVES: R-52
    fn an_agency_names_only_what_it_has_and_no_basis_but_those_of_the_list(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            let new = NewDestruction {
                id: id("d-1"),
                basis: DestructionCode::Notified,
                agency: Some(agency(FBI)),
                reason: Private::new("not theirs".to_owned()),
                files: vec![(report, blob.file.clone())],
            };
            let empty = NewDestruction { files: Vec::new(), agency: Some(agency(MN)), ..new.clone() };
            let mute = NewDestruction { reason: Private::new("  ".to_owned()), agency: Some(agency(MN)), ..new.clone() };
            assert_eq!(refusal(act(&house, move |act| destruction::ask(act, &new)).await), Some(Refusal::FileNotFound));
            for odd in [empty, mute] {
                assert!(matches!(refusal(act(&house, move |act| destruction::ask(act, &odd)).await), Some(Refusal::Unfit { .. })));
            }
            assert!(read_by(&house, report, &blob, MN).await.is_ok());
            let bad = house.write("test::bad", |tx| Ok(tx.execute(BAD_ITEM, &bind! {})?)).await;
            assert!(matches!(bad, Err(Error::Fault(store::Fault::Database(database::Fault::Constraint { kind: Constraint::Check, .. })))));
        });
    }

    // PROVES: R-52
    fn a_destruction_that_takes_too_long_is_seen(scratch) {
        run(async {
            let house: TestHouse = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            let backlog = || house.read("test::backlog", destruction::backlog);
            assert_eq!(backlog().await.unwrap(), (0, None));
            ask(&house, "d-1", &[(report, &blob)]).await.unwrap();
            accept(&house, "d-1").await.unwrap();
            let accepted_at = house.now();
            house.advance(SignedDuration::from_hours(13));
            assert_eq!(backlog().await.unwrap(), (1, Some(accepted_at)));
            destroy::run(&house).await.unwrap();
            assert_eq!(backlog().await.unwrap(), (0, None));
        });
    }

    // PROVES: R-52
    fn a_destruction_begins_by_itself_once_supervisor_and_counsel_have_agreed(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            ask(&house, "d-1", &[(report, &blob)]).await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            let approval = agreed(&house, "d-1").await;
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            assert_eq!(state(&house, "d-1").await, State::Certified);
            // What two people agreed to is spent, and another destruction needs two people again.
            let again = act(&house, move |act| approval::take(act, &approval, ApprovalKind::Destroy).map(drop)).await;
            assert_eq!(refusal(again), Some(Refusal::Closed));
        });
    }

    // PROVES: R-46
    fn an_agency_is_reminded_90_30_and_7_days_before_its_sender_may_stop_preserving(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card").await;
            let rung = || async {
                let rung = keeping::reminders(&house, &officer(MN), &[90, 30, 7]).await.unwrap();
                rung.into_iter().map(|(report, _, day)| (report, day)).collect::<Vec<_>>()
            };
            // A year is 365 days here. One second before each reminder the one before it still stands.
            let second = SignedDuration::from_secs(1);
            let mut at = SignedDuration::ZERO;
            for (days, before, after) in [(90, None, 90), (30, Some(90), 30), (7, Some(30), 7)] {
                let due = SignedDuration::from_hours(24 * (365 - days));
                house.advance(due - at - second);
                assert_eq!(rung().await, before.map(|day| (report, day)).into_iter().collect::<Vec<_>>());
                house.advance(second);
                assert_eq!(rung().await, [(report, after)]);
                at = due;
            }
            house.advance(SignedDuration::from_hours(24 * 7));
            assert_eq!(rung().await, []);
            assert!(keeping::reminders(&house, &officer(FBI), &[90]).await.unwrap().is_empty());
        });
    }

    // PROVES: R-49
    fn a_preservation_letter_binds_for_ninety_days_and_is_renewed_once(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, _) = delivered(&house, b"a dull card").await;
            let letter = LetterId::parse("l-1").unwrap();
            let record = |to: &'static str| {
                let letter = letter.clone();
                let words = Private::new("2026-0042".to_owned());
                act(&house, move |act| preservation::record(act, &letter, report, &agency(to), &words))
            };
            assert_eq!(refusal(record(FBI).await), Some(Refusal::NotFound));
            record(MN).await.unwrap();
            let sent_at = house.now();
            house.advance(preservation::BINDS - SignedDuration::from_secs(1));
            let renew = || {
                let letter = letter.clone();
                act(&house, move |act| preservation::renew(act, &letter, &agency(MN)))
            };
            let until = renew().await.unwrap();
            assert_eq!(until, sent_at.checked_add(preservation::BINDS * 2).unwrap());
            assert_eq!(refusal(renew().await), Some(Refusal::Conflict));
            // It is no part of the year for which the report itself asks.
            let found = house.read("test::letters", move |view| preservation::of_report(view, report, &agency(MN)));
            assert_eq!(found.await.unwrap()[0].until_at, until);
            house.has_caused(&[store::EventKind::LetterRecorded, store::EventKind::LetterRenewed]).await;
            testkit::tamper::is_found(scratch, &["preservation_letter"], async || house.wrong().await).await;
        });
    }

    // PROVES: R-51
    fn an_agencys_request_to_its_sender_is_carried_and_acknowledged_and_destroys_nothing_here(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            let file = blob.file.clone();
            let ask = |name: &'static str, to: &'static str| {
                let file = file.clone();
                act(&house, move |act| provider_destruction::ask(act, &id(name), (report, &file), &agency(to)))
            };
            assert_eq!(refusal(ask("r-0", FBI).await), Some(Refusal::FileNotFound));
            ask("r-1", MN).await.unwrap();
            assert_eq!(refusal(ask("r-2", MN).await), Some(Refusal::Conflict));
            let open = house.read("test::open", |view| provider_destruction::open(view, &dull(), 10)).await.unwrap();
            assert_eq!((open.len(), open[0].file.clone()), (1, file.clone()));
            let acknowledge = |who: &'static str| {
                act(&house, move |act| {
                    provider_destruction::acknowledge(act, &id("r-1"), &ProviderId::parse(who).unwrap())
                })
            };
            assert_eq!(refusal(acknowledge("another").await), Some(Refusal::NotFound));
            acknowledge("dull-chat").await.unwrap();
            assert_eq!(refusal(acknowledge("dull-chat").await), Some(Refusal::Conflict));
            // For another it was never there, also when there is nothing more to do.
            assert_eq!(refusal(acknowledge("another").await), Some(Refusal::NotFound));
            assert!(house.vault().opens(report, &blob).await.unwrap());
            let caused = [
                store::EventKind::ProviderDestructionAcknowledged,
                store::EventKind::ProviderDestructionAsked,
            ];
            house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["provider_destruction"], async || house.wrong().await).await;
        });
    }
}
