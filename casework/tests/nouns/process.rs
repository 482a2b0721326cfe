//! Legal process of a case opens exactly the files that it names, while it holds, and nothing once it is taken back.

use casework::process::{self, NewProcess, Process, ProcessWords};
use domain::{CaseId, FileId, Priority, ReportId};
use jiff::SignedDuration;
use policy::ground::{State, Words};
use policy::permit::{ConfirmGround, RecordGround};
use policy::{Permit, gate};
use store::{Refusal, Result, evidence, ground};
use testkit::both_engines;

use crate::cases::{case_of, keeper, keeps, sees};
use crate::desk::{Desk, reads, route_it};
use crate::{OWN, by, permit, refusal, run, staffed};

/// A report with two files that nobody viewed.
async fn with_files(desk: &Desk, bytes: &[u8]) -> (ReportId, FileId, FileId) {
    let report = desk.opened().await;
    let first = desk.attached(report, bytes).await;
    let second = desk.attached(report, b"others").await;
    desk.finish(report).await.unwrap();
    desk.act(move |act| route_it(act, report, Priority::Routine)).await.unwrap();
    desk.deliver(report, OWN).await.unwrap();
    (report, first, second)
}

fn warrant(files: Vec<(ReportId, FileId)>, desk: &Desk) -> NewProcess {
    let ground = Words::Warrant { court: "Dull court".into(), number: "1".into(), scope: "The files".into() };
    let until = Some(desk.house.now() + SignedDuration::from_hours(48));
    NewProcess {
        words: ProcessWords::Opens { ground },
        from: desk.house.now(),
        until,
        document_sha256: None,
        files,
    }
}

async fn record(desk: &Desk, case: CaseId, new: NewProcess) -> Result<String> {
    let records: Permit<RecordGround> = permit("ann", OWN);
    keeps(desk, "ann", move |act, keeper| process::record(act, keeper, &records, case, &new)).await
}

async fn only(desk: &Desk, case: CaseId) -> Process {
    let mut all = sees(desk, "ann", move |view, keeper| process::of_case(view, keeper, case)).await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Which files of a report are open to the agency.
async fn open(desk: &Desk, report: ReportId) -> Vec<FileId> {
    let reads = reads(OWN);
    let facts = desk.read(move |view| evidence::facts(view, &reads, report)).await.unwrap();
    facts.into_iter().filter(|facts| gate::ground(facts).is_some()).map(|facts| facts.file).collect()
}

both_engines! {
    // PROVES: R-17 R-19
    fn a_warrant_opens_the_files_that_it_names_in_every_report_and_no_other(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let ((one, file, other), (two, second, _)) = (with_files(&desk, b"a").await, with_files(&desk, b"b").await);
            let case = case_of(&desk, &[one, two]).await;
            let id = record(&desk, case, warrant(vec![(one, file.clone()), (two, second.clone())], &desk)).await.unwrap();
            assert_eq!((open(&desk, one).await, open(&desk, two).await), (vec![file.clone()], vec![second.clone()]));
            let found = only(&desk, case).await;
            assert_eq!((found.state(desk.house.now()), found.files.len()), (State::Live, 2));
            let records: Permit<RecordGround> = permit("ann", OWN);
            keeps(&desk, "ann", move |act, keeper| process::revoke(act, keeper, &records, (case, &id))).await.unwrap();
            assert_eq!((open(&desk, one).await, open(&desk, two).await), (vec![], vec![]));
            assert_eq!(only(&desk, case).await.state(desk.house.now()), State::Revoked);
            // A file of a report that is not in the case, and one of another report.
            let (three, third, _) = with_files(&desk, b"c").await;
            assert_eq!(refusal(record(&desk, case, warrant(vec![(three, third)], &desk)).await), Some(Refusal::NotFound));
            let wrong = record(&desk, case, warrant(vec![(two, other)], &desk)).await;
            assert_eq!(refusal(wrong), Some(Refusal::FileNotFound));
            let caused = [store::EventKind::ProcessRecorded, store::EventKind::ProcessRevoked];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["case_process", "case_process_ground", "case_report"], async || desk.house.wrong().await).await;
        });
    }

    fn a_warrant_whose_ground_was_taken_back_on_the_page_of_its_file_is_taken_back(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (report, file, _) = with_files(&desk, b"a").await;
            let case = case_of(&desk, &[report]).await;
            record(&desk, case, warrant(vec![(report, file)], &desk)).await.unwrap();
            let reads = reads(OWN);
            let grounds = desk.read(move |view| ground::of_report(view, &reads, report)).await.unwrap();
            let (id, records): (_, Permit<RecordGround>) = (grounds[0].id.clone(), permit("ann", OWN));
            by(&desk, ("ann", OWN), move |act| ground::revoke(act, &records, &id)).await.unwrap();
            assert_eq!(only(&desk, case).await.state(desk.house.now()), State::Revoked);
        });
    }

    fn a_warrant_whose_time_is_over_opens_nothing(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (report, file, _) = with_files(&desk, b"a").await;
            let case = case_of(&desk, &[report]).await;
            record(&desk, case, warrant(vec![(report, file)], &desk)).await.unwrap();
            desk.house.advance(SignedDuration::from_hours(48));
            assert_eq!(open(&desk, report).await, []);
            assert_eq!(only(&desk, case).await.state(desk.house.now()), State::Expired);
        });
    }

    // PROVES: R-17
    fn exigent_circumstances_wait_for_the_commander(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (report, file, _) = with_files(&desk, b"a").await;
            let case = case_of(&desk, &[report]).await;
            let ground = Words::Exigent { supervisor: "Sergeant".into(), reason: "A child is in danger".into() };
            let until = Some(desk.house.now() + SignedDuration::from_hours(4));
            let new = NewProcess { words: ProcessWords::Opens { ground }, until, ..warrant(vec![(report, file)], &desk) };
            let id = record(&desk, case, new).await.unwrap();
            assert_eq!(open(&desk, report).await, []);
            assert_eq!(only(&desk, case).await.state(desk.house.now()), State::Waiting);
            let (confirms, keeper): (Permit<ConfirmGround>, _) = (permit("chief-1", OWN), keeper("chief-1", OWN));
            by(&desk, ("chief-1", OWN), move |act| process::confirm(act, &keeper, &confirms, (case, &id))).await.unwrap();
            assert_eq!(open(&desk, report).await.len(), 1);
            assert_eq!(only(&desk, case).await.state(desk.house.now()), State::Live);
        });
    }

    fn a_subpoena_opens_nothing_and_names_no_file(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (report, file, _) = with_files(&desk, b"a").await;
            let case = case_of(&desk, &[report]).await;
            let words = ProcessWords::Subpoena { issuer: "Dull county".into(), number: "7".into(), scope: "Records".into() };
            let named = NewProcess { words: words.clone(), ..warrant(vec![(report, file)], &desk) };
            let unfit = Some(Refusal::Unfit { what: "files that it names" });
            assert_eq!(refusal(record(&desk, case, named).await), unfit);
            assert_eq!(refusal(record(&desk, case, warrant(vec![], &desk)).await), unfit);
            record(&desk, case, NewProcess { words, ..warrant(vec![], &desk) }).await.unwrap();
            assert_eq!(open(&desk, report).await, []);
        });
    }
}
