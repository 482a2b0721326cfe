//! Grounds in their rows: each opens exactly the files that it names, for its agency, while it holds; and every look at
//! a file is asked for, judged twice, and served once.

use domain::{Actor, ApprovalKind, FileId, GroundId, Id, PersonId, Private, Purpose, ReportId};
use jiff::SignedDuration;
use policy::ground::Words;
use policy::permit::{ConfirmGround, GrantMedia, HoldViewing, RecordGround, ViewMedia};
use policy::{Permit, Viewer, ViewerRole, Withheld, access, gate};
use store::approval;
use store::ground::{self, CounselGround, NewGround};
use store::media::{self, Again, Asked, CAPABILITY_LASTS, Manner, Shut};
use store::person::{self, Home, Person};
use store::viewing_session::{self, Kind, NewSession};
use store::{EventKind, Refusal, delivery, evidence};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, reads, route_it};
use crate::{refusal, run};

const OWN: &str = AGENCIES[0].0;
const OTHER: &str = AGENCIES[1].0;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const SESSION: [u8; 32] = [7; 32];

fn viewer(person: &str, agency: &str, role: ViewerRole) -> Viewer {
    Viewer::person(PersonId::parse(person).unwrap(), agency_id(agency), role, true)
}

fn records(person: &str, agency: &str) -> Permit<RecordGround> {
    access::permit(&viewer(person, agency, ViewerRole::Investigator)).unwrap()
}

fn confirms(person: &str, agency: &str) -> Permit<ConfirmGround> {
    access::permit(&viewer(person, agency, ViewerRole::Commander)).unwrap()
}

fn grants() -> Permit<GrantMedia> {
    access::permit(&viewer("p-chief", OWN, ViewerRole::Commander)).unwrap()
}

fn views(person: &str) -> Permit<ViewMedia> {
    access::permit(&viewer(person, OWN, ViewerRole::Investigator)).unwrap()
}

fn warrant() -> Words {
    let said = |text: &str| text.to_owned();
    Words::Warrant { court: said("District Court"), number: said("26-mj-1"), scope: said("the named files") }
}

/// A report that both state agencies have, with files that nobody viewed.
async fn with_files(desk: &Desk, files: u8) -> (ReportId, Vec<FileId>) {
    let report = desk.opened().await;
    let mut ids = Vec::new();
    for number in 0..files {
        ids.push(desk.attached(report, format!("dull bytes {number}").as_bytes()).await);
    }
    desk.finish(report).await.unwrap();
    desk.act(move |act| route_it(act, report, domain::Priority::Routine)).await.unwrap();
    desk.deliver(report, OWN).await.unwrap();
    desk.deliver(report, OTHER).await.unwrap();
    (report, ids)
}

fn ground_for(desk: &Desk, report: ReportId, file: &FileId, words: Words) -> NewGround {
    let now = desk.house.now();
    NewGround {
        report,
        files: vec![file.clone()],
        words,
        from: now,
        until: Some(now + HOUR),
        document_sha256: None,
    }
}

async fn recorded(desk: &Desk, new: NewGround) -> store::Result<GroundId> {
    desk.act(move |act| ground::record(act, &records("p-7", OWN), &new)).await
}

/// What the gate says of each file of a report, for an agency.
async fn gated(desk: &Desk, report: ReportId, agency: &'static str) -> Vec<Result<(), Withheld>> {
    let facts = desk.read(move |view| evidence::facts(view, &reads(agency), report)).await.unwrap();
    facts.iter().map(|facts| gate::open(facts, &Actor::House).map(drop)).collect()
}

async fn leaves(desk: &Desk, report: ReportId, kind: EventKind) -> usize {
    let told = desk.read(move |view| {
        Ok(view.tx().rows::<(String,)>(
            "-- test::leaves
            SELECT kind FROM ledger_leaf WHERE report_id = :report AND kind = :kind",
            &database::bind! { report: report.get(), kind: kind.as_str() },
        )?)
    });
    told.await.unwrap().len()
}

async fn hired(desk: &Desk, id: &'static str, role: ViewerRole) {
    let person = Person {
        id: PersonId::parse(id).unwrap(),
        home: Home::Agency(agency_id(OWN)),
        role,
        name: Private::new("Dull Person".to_owned()),
    };
    desk.act(move |act| person::add(act, &person)).await.unwrap();
}

async fn granted(desk: &Desk) {
    hired(desk, "p-7", ViewerRole::Investigator).await;
    let until = desk.house.now() + HOUR * 24;
    let reason = Private::new("works media cases".to_owned());
    let given =
        desk.act(move |act| media::grant(act, &grants(), &PersonId::parse("p-7").unwrap(), until, &reason));
    given.await.unwrap();
}

async fn asked(
    desk: &Desk,
    report: ReportId,
    file: &FileId,
    manner: Manner,
    again: Option<Again>,
    secret: u8,
) -> Result<(), Shut> {
    let asked = Asked { report, file: file.clone(), manner, again, session: SESSION, secret: [secret; 32] };
    desk.act(move |act| media::ask(act, &views("p-7"), &asked)).await.unwrap()
}

async fn served(desk: &Desk, secret: u8) -> store::Result<Result<Manner, Shut>> {
    let served = desk.act(move |act| media::serve(act, &views("p-7"), [secret; 32])).await?;
    Ok(served.map(|served| served.manner))
}

both_engines! {
    // PROVES: R-17 R-19
    fn one_ground_in_a_report_of_many_files_opens_exactly_one(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 5).await;
            assert!(gated(&desk, report, OWN).await.iter().all(|one| *one == Err(Withheld::NoGround)));
            recorded(&desk, ground_for(&desk, report, &files[2], warrant())).await.unwrap();
            let open: Vec<bool> = gated(&desk, report, OWN).await.iter().map(Result::is_ok).collect();
            assert_eq!(open, [false, false, true, false, false]);
            // The other agency has the report, and not the warrant.
            assert!(gated(&desk, report, OTHER).await.iter().all(Result::is_err));
            desk.house.has_caused(&[store::EventKind::GroundRecorded]).await;
        });
    }

    // PROVES: R-17
    fn a_ground_holds_up_to_its_end_and_until_it_is_taken_back(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 2).await;
            recorded(&desk, ground_for(&desk, report, &files[0], warrant())).await.unwrap();
            let second = recorded(&desk, ground_for(&desk, report, &files[1], warrant())).await.unwrap();
            let others = desk.act({
                let second = second.clone();
                move |act| ground::revoke(act, &records("p-9", OTHER), &second)
            });
            assert_eq!(refusal(others.await), Some(Refusal::NotFound));
            desk.act(move |act| ground::revoke(act, &records("p-9", OWN), &second)).await.unwrap();
            assert_eq!(gated(&desk, report, OWN).await, [Ok(()), Err(Withheld::Revoked)]);
            desk.house.advance(HOUR - SECOND);
            assert_eq!(gated(&desk, report, OWN).await[0], Ok(()));
            desk.house.advance(SECOND);
            assert_eq!(gated(&desk, report, OWN).await[0], Err(Withheld::Expired));
        });
    }

    // PROVES: R-17
    fn exigent_circumstances_open_nothing_before_the_commander_says_yes(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 1).await;
            let said = |text: &str| text.to_owned();
            let words = Words::Exigent { supervisor: said("Lt. Dull"), reason: said("a child is in reach") };
            let id = recorded(&desk, ground_for(&desk, report, &files[0], words)).await.unwrap();
            assert_eq!(gated(&desk, report, OWN).await, [Err(Withheld::Waiting)]);
            let second = |permit: Permit<ConfirmGround>| {
                let id = id.clone();
                desk.act(move |act| ground::second(act, &permit, &id))
            };
            // Whoever recorded it is not the second person, and neither is another agency's commander.
            let what = "second person";
            assert_eq!(refusal(second(confirms("p-7", OWN)).await), Some(Refusal::Unfit { what }));
            assert_eq!(refusal(second(confirms("p-8", OTHER)).await), Some(Refusal::NotFound));
            second(confirms("p-8", OWN)).await.unwrap();
            assert_eq!(gated(&desk, report, OWN).await, [Ok(())]);
            let told = desk.read(move |view| ground::of_report(view, &reads(OWN), report)).await.unwrap();
            assert_eq!(told[0].seconded_by, PersonId::parse("p-8").ok());
            assert_eq!(told[0].files, files);
        });
    }

    fn a_ground_for_what_the_agency_does_not_have_is_not_recorded(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 1).await;
            let (sibling, _) = with_files(&desk, 1).await;
            let wrong = ground_for(&desk, sibling, &files[0], warrant());
            assert_eq!(refusal(recorded(&desk, wrong).await), Some(Refusal::FileNotFound));
            let counsel = ground_for(&desk, report, &files[0], Words::Counsel { memo: "memo 1".to_owned() });
            let what = "kind of ground";
            assert_eq!(refusal(recorded(&desk, counsel).await), Some(Refusal::Unfit { what }));
            let new = ground_for(&desk, report, &files[0], warrant());
            let strangers = desk.act(move |act| ground::record(act, &records("p-3", "fed-us"), &new));
            assert_eq!(refusal(strangers.await), Some(Refusal::NotFound));
            let held = desk.read(move |view| delivery::of_report(view, &reads(OWN), report)).await.unwrap();
            assert_eq!(held.len(), 2);
        });
    }

    // PROVES: R-18
    fn media_permission_is_per_person_ends_by_itself_and_is_never_ones_own_gift(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk, "p-7", ViewerRole::Investigator).await;
            hired(&desk, "p-chief", ViewerRole::Commander).await;
            let person = |id: &str| PersonId::parse(id).unwrap();
            let give = |id: &'static str, lasts: SignedDuration, reason: &'static str| {
                let until = desk.house.now() + lasts;
                let reason = Private::new(reason.to_owned());
                desk.act(move |act| media::grant(act, &grants(), &person(id), until, &reason))
            };
            assert!(give("p-chief", HOUR, "for me").await.is_err());
            assert!(give("p-7", HOUR, "  ").await.is_err());
            assert!(give("p-7", HOUR * 24 * 91, "too long").await.is_err());
            assert_eq!(refusal(give("p-nobody", HOUR, "who").await), Some(Refusal::NotFound));
            give("p-7", HOUR, "works media cases").await.unwrap();
            let listed = desk.read(|view| media::permissions(view, &grants())).await.unwrap();
            assert_eq!((listed.len(), listed[0].reason.reveal().as_str()), (1, "works media cases"));
            let live = || desk.read(move |view| {
                media::live(view, Some(&agency_id(OWN)), &PersonId::parse("p-7").unwrap())
            });
            assert!(live().await.unwrap().is_some());
            desk.house.advance(HOUR);
            assert!(live().await.unwrap().is_none());
            give("p-7", HOUR, "again").await.unwrap();
            desk.act(move |act| media::revoke(act, &grants(), &person("p-7"))).await.unwrap();
            assert!(live().await.unwrap().is_none());
            desk.house.has_caused(&[store::EventKind::MediaRevoked]).await;
            testkit::tamper::is_found(scratch, &["media_permission"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-17 R-18
    fn a_look_needs_a_ground_and_a_permission_and_a_refusal_is_in_the_ledger(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 2).await;
            let look = asked(&desk, report, &files[0], Manner::Grey, None, 1).await;
            assert_eq!(look, Err(Shut::Gate(Withheld::NoGround)));
            recorded(&desk, ground_for(&desk, report, &files[0], warrant())).await.unwrap();
            let look = asked(&desk, report, &files[0], Manner::Grey, None, 2).await;
            assert_eq!(look, Err(Shut::NoPermission));
            assert_eq!(leaves(&desk, report, EventKind::ViewRefused).await, 2);
            granted(&desk).await;
            asked(&desk, report, &files[0], Manner::Grey, None, 3).await.unwrap();
            assert_eq!(leaves(&desk, report, EventKind::ViewAsked).await, 1);
            assert_eq!(leaves(&desk, report, EventKind::FileOpened).await, 0);
            assert_eq!(served(&desk, 3).await.unwrap(), Ok(Manner::Grey));
            assert_eq!(leaves(&desk, report, EventKind::FileOpened).await, 1);
            assert!(asked(&desk, report, &files[1], Manner::Grey, None, 4).await.is_err());
            desk.house.has_caused(&[store::EventKind::ViewRefused]).await;
        });
    }

    fn a_capability_serves_once_within_its_minute_and_never_after_its_ground(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 1).await;
            granted(&desk).await;
            let id = recorded(&desk, ground_for(&desk, report, &files[0], warrant())).await.unwrap();
            let look = |secret| asked(&desk, report, &files[0], Manner::Grey, None, secret);
            look(1).await.unwrap();
            served(&desk, 1).await.unwrap().unwrap();
            assert_eq!(refusal(served(&desk, 1).await), Some(Refusal::NotFound));
            look(2).await.unwrap();
            desk.house.advance(CAPABILITY_LASTS);
            assert_eq!(refusal(served(&desk, 2).await), Some(Refusal::NotFound));
            // One viewer a person: the newer one closes the older.
            look(3).await.unwrap();
            look(4).await.unwrap();
            assert_eq!(refusal(served(&desk, 3).await), Some(Refusal::NotFound));
            desk.act(move |act| media::close(act, &views("p-7"), report)).await.unwrap();
            assert_eq!(refusal(served(&desk, 4).await), Some(Refusal::NotFound));
            assert_eq!(leaves(&desk, report, EventKind::ViewClosed).await, 1);
            look(5).await.unwrap();
            // Between asking and looking the warrant was taken back.
            desk.act(move |act| ground::revoke(act, &records("p-7", OWN), &id)).await.unwrap();
            assert_eq!(served(&desk, 5).await.unwrap(), Err(Shut::Gate(Withheld::Revoked)));
            assert_eq!(leaves(&desk, report, EventKind::ViewRefused).await, 1);
            let caused = [
                store::EventKind::FileOpened, store::EventKind::GroundRevoked,
                store::EventKind::MediaGranted, store::EventKind::ViewAsked,
            ];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["media_view"], async || desk.house.wrong().await).await;
        });
    }

    fn clear_comes_after_grey_and_what_was_seen_is_not_shown_again_without_a_reason(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 1).await;
            granted(&desk).await;
            recorded(&desk, ground_for(&desk, report, &files[0], warrant())).await.unwrap();
            let look = |manner, again, secret| asked(&desk, report, &files[0], manner, again, secret);
            assert_eq!(look(Manner::Clear, None, 1).await, Err(Shut::GreyFirst));
            look(Manner::Grey, None, 2).await.unwrap();
            assert_eq!(look(Manner::Clear, None, 3).await, Err(Shut::GreyFirst));
            look(Manner::Grey, None, 4).await.unwrap();
            served(&desk, 4).await.unwrap().unwrap();
            look(Manner::Clear, None, 5).await.unwrap();
            served(&desk, 5).await.unwrap().unwrap();
            let at = desk.house.now();
            assert_eq!(look(Manner::Grey, None, 6).await, Err(Shut::SeenBefore { at }));
            look(Manner::Grey, Some(Again::Court), 7).await.unwrap();
            let until = desk.house.now() + SECOND;
            let counted = desk.read(move |view| {
                media::served_between(view, &grants(), view.now() - HOUR, until)
            });
            let person = PersonId::parse("p-7").unwrap();
            assert_eq!(
                counted.await.unwrap(),
                [(person.clone(), Manner::Clear, 1), (person, Manner::Grey, 1)]
            );
        });
    }

    // PROVES: R-17
    fn counsels_word_opens_a_file_once_a_supervisor_and_counsel_agreed_on_exactly_that(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 2).await;
            for (id, role) in [("supervisor", ViewerRole::Supervisor), ("counsel", ViewerRole::Counsel)] {
                let (id, name) = (PersonId::parse(id).unwrap(), Private::new("Dull Person".to_owned()));
                let person = Person { id, home: Home::House, role, name };
                desk.act(move |act| person::add(act, &person)).await.unwrap();
            }
            let agreed = CounselGround {
                report, agency: Some(agency_id(OWN)), files: vec![files[1].clone()], memo: "memo 26-7".to_owned(), until: None,
            };
            let details = serde_json::to_value(&agreed).unwrap();
            let by = |who: &str| Actor::Person { person: PersonId::parse(who).unwrap(), agency: None };
            let asked = desk.house.act(by("supervisor"), Purpose::Administration, "test::ask", move |act| {
                approval::ask(act, ApprovalKind::CounselGround, "report-1", &details)
            });
            let id = asked.await.unwrap();
            let record = || {
                let id = id.clone();
                desk.act(move |act| {
                    let approved = approval::take(act, &id, ApprovalKind::CounselGround)?;
                    ground::record_agreed(act, &approved)
                })
            };
            assert_eq!(refusal(record().await), Some(Refusal::Closed));
            let agree = desk.house.act(by("counsel"), Purpose::Administration, "test::agree", {
                let id = id.clone();
                move |act| approval::approve(act, &id).map(drop)
            });
            agree.await.unwrap();
            record().await.unwrap();
            assert_eq!(gated(&desk, report, OWN).await, [Err(Withheld::NoGround), Ok(())]);
            assert!(gated(&desk, report, OTHER).await.iter().all(Result::is_err));
            assert_eq!(refusal(record().await), Some(Refusal::Closed));
            desk.house.has_caused(&[store::EventKind::GroundSeconded]).await;
            testkit::tamper::is_found(scratch, &["ground", "ground_file"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-17 R-76
    fn a_file_of_another_report_that_was_slipped_into_a_ground_is_found(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let ((report, files), (other, others)) = (with_files(&desk, 1).await, with_files(&desk, 1).await);
            recorded(&desk, ground_for(&desk, report, &files[0], warrant())).await.unwrap();
            assert_eq!(desk.house.wrong().await, None);
            let put = format!("INSERT INTO ground_file (ground_id, report_id, file_id) SELECT id, {other}, '{}' FROM ground", others[0]);
            assert_eq!(testkit::tamper::behind(&scratch.open(), &[&put]), [1]);
            let wrong = desk.house.wrong().await.unwrap_or_default();
            assert!(wrong.starts_with("ground_file has 1 rows"), "{wrong:?}");
        });
    }

    // PROVES: R-36 R-76
    fn whoever_sees_two_tellings_of_the_same_rows_cannot_see_that_they_are_the_same(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 1).await;
            let permit = access::permit::<HoldViewing>(&viewer("p-5", OWN, ViewerRole::Prosecutor)).unwrap();
            // The second mark changes nothing, and nobody else marked anything between.
            for _ in 0..2 {
                let (permit, file) = (permit.clone(), files[0].clone());
                desk.act(move |act| viewing_session::mark(act, &permit, report, &file, "V-1")).await.unwrap();
            }
            while desk.house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
            let reader = desk.house.house().clone();
            let records = desk.read(move |view| reader.book().records(view, 0, 1_000)).await.unwrap();
            let told = |record: store::Record| Some(record.event?["rows"]["victim_mark"].as_str()?.to_owned());
            let told: Vec<String> = records.into_iter().filter_map(told).collect();
            assert_eq!(told.len(), 2);
            assert_ne!(told[0], told[1]);
            assert_eq!(desk.house.wrong().await, None);
        });
    }

    // PROVES: R-73 R-74
    fn a_victims_appointment_holds_only_files_with_that_victims_mark(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = with_files(&desk, 3).await;
            let keeps = |role| access::permit::<HoldViewing>(&viewer("p-5", OWN, role));
            assert!(keeps(ViewerRole::Investigator).is_err());
            let permit = keeps(ViewerRole::Prosecutor).unwrap();
            let now = desk.house.now();
            let new = |kind, victim: Option<&str>, items: &[FileId]| NewSession {
                report,
                kind,
                starts_at: now + HOUR,
                ends_at: now + HOUR * 2,
                supervised_by: PersonId::parse("p-7").unwrap(),
                words: viewing_session::Words {
                    place: "Room 4, District Court".to_owned(),
                    people: vec!["Dull Person, counsel".to_owned()],
                    victim: victim.map(str::to_owned),
                },
                items: items.to_vec(),
            };
            let record = |new: NewSession| {
                let permit = permit.clone();
                desk.act(move |act| viewing_session::record(act, &permit, &new))
            };
            record(new(Kind::Defence, None, &files)).await.unwrap();
            let unmarked = record(new(Kind::Victim, Some("V-1"), &files[..1])).await;
            assert!(matches!(refusal(unmarked), Some(Refusal::Unfit { .. })));
            let mark = |mark: &'static str| {
                let (permit, file) = (permit.clone(), files[0].clone());
                desk.act(move |act| viewing_session::mark(act, &permit, report, &file, mark))
            };
            assert!(mark("Dull Person").await.is_err());
            mark("V-1").await.unwrap();
            record(new(Kind::Victim, Some("V-1"), &files[..1])).await.unwrap();
            assert!(record(new(Kind::Victim, Some("V-1"), &files[..2])).await.is_err());
            assert!(record(new(Kind::Victim, Some("V-2"), &files[..1])).await.is_err());
            assert!(record(new(Kind::Defence, None, &[])).await.is_err());
            let kept = desk.read(move |view| viewing_session::of_report(view, &reads(OWN), report)).await.unwrap();
            assert_eq!(kept.len(), 2);
            let others = desk.read(move |view| viewing_session::of_report(view, &reads(OTHER), report)).await;
            assert!(others.unwrap().is_empty());
            desk.house.has_caused(&[store::EventKind::VictimMarked, store::EventKind::ViewingRecorded]).await;
            testkit::tamper::is_found(scratch, &["victim_mark", "viewing_item", "viewing_session"], async || desk.house.wrong().await).await;
        });
    }
}
