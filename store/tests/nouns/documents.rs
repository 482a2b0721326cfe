//! What was received is kept to the byte, every statement of it, and the digest over it can be made again.

use database::Settings;
use domain::{FileId, Private, ReportId, TriState, preserve_until};
use policy::access;
use store::evidence::{FileDigest, MOST_FORESEEN, Stretch};
use store::{document, evidence, report, work};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, reads_own, received, statement};
use crate::run;

/// Reads a report as a stride does: the places of its files, and the trips of all such reads so far.
async fn foreseen(desk: &Desk, report: ReportId) -> (Vec<u32>, u64) {
    let permit = access::pipeline_read();
    let read = desk.house.read("test::foreseen", move |view| {
        report::foresee(view, report)?;
        report::get(view, &permit, report)?;
        evidence::files(view, &permit, report)
    });
    let files = read.await.unwrap();
    let trips = desk.house.measures().into_iter().find(|one| one.name == "test::foreseen").unwrap().trips;
    (files.into_iter().map(|file| file.position).collect(), trips)
}

both_engines! {
    fn a_second_statement_takes_the_place_of_the_first_which_stays(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"bytes").await;
            let mut said = statement(report, &file);
            said.viewed = TriState::No;
            desk.describe(said.clone()).await.unwrap();
            said.viewed = TriState::Yes;
            said.original_name = Some(Private::new("a.png".to_owned()));
            desk.describe(said.clone()).await.unwrap();

            let own = reads_own(PROVIDERS[0]);
            let (files, facts, documents) = desk
                .read(move |view| {
                    let files = evidence::files(view, &own, report)?;
                    let facts = evidence::facts(view, &own, report)?;
                    Ok((files, facts, document::of_report(view, &own, report)?))
                })
                .await
                .unwrap();
            assert_eq!(files[0].statement.as_ref(), Some(&said));
            assert_eq!(files[0].uploaded_name, Some(Private::new("dull.png".to_owned())));
            assert_eq!((facts[0].viewed, facts[0].public), (TriState::Yes, TriState::Unknown));
            assert!(facts[0].retained);
            assert_eq!(documents.len(), 3);
            assert_eq!(documents[0].received, received("<report/>"));
            assert_eq!(documents[0].sha256, seal::sha256(b"<report/>"));
            let replaced: Vec<bool> = documents.iter().map(|one| one.superseded_at.is_some()).collect();
            assert_eq!(replaced, [false, true, false]);
            desk.house.has_caused(&[store::EventKind::FileDescribed]).await;
        });
    }

    fn stretches_of_a_reports_files_are_all_of_them_and_each_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            for content in [b"one".as_slice(), b"two", b"three"] {
                desk.attached(report, content).await;
            }
            let own = reads_own(PROVIDERS[0]);
            let read = desk.read(move |view| {
                let whole = evidence::files(view, &own, report)?;
                let (mut files, mut facts) = (Vec::new(), Vec::new());
                for after in [0, 2, 3] {
                    let stretch = Stretch { after, most: 2 };
                    files.push(evidence::files_of(view, &own, report, stretch)?);
                    facts.push(evidence::facts_of(view, &own, report, stretch)?.len());
                }
                Ok((whole, files, facts))
            });
            let (whole, files, facts) = read.await.unwrap();
            assert_eq!(files.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 0]);
            assert_eq!((files.concat(), facts), (whole, vec![2, 1, 0]));
        });
    }

    fn however_many_files_a_report_has_all_are_read_and_only_the_first_of_them_ahead(scratch) {
        run(async {
            let desk = Desk::with(&Settings { connections: 1, ..scratch.settings.clone() }).await;
            let report = desk.opened().await;
            let (mut had, mut costs) = (0, Vec::new());
            for files in [0, MOST_FORESEEN - 1, MOST_FORESEEN + 2] {
                while had < files {
                    desk.attached(report, b"dull bytes").await;
                    had += 1;
                }
                // Statements are prepared first.
                foreseen(&desk, report).await;
                let (_, before) = foreseen(&desk, report).await;
                let (places, trips) = foreseen(&desk, report).await;
                assert_eq!(places, (1..=files).collect::<Vec<_>>());
                costs.push(trips - before);
            }
            if scratch.name == "postgres" {
                assert_eq!(costs[1], costs[0], "the first come ahead: {costs:?}");
                assert_eq!(costs[2] - costs[1], 1, "what did not come ahead is asked for: {costs:?}");
            }
        });
    }

    fn a_finish_records_digest_clock_and_next_work(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"bytes").await;
            let finished = desk.finish(report).await.unwrap();
            let documents = [(1, seal::sha256(b"<report/>"))];
            let files = [FileDigest { position: 1, file, size_bytes: 5, sha256: seal::sha256(b"bytes") }];
            assert_eq!(finished.submission_sha256, report::submission_digest(report, &documents, &files));
            assert_eq!(finished.preserve_until, preserve_until(desk.house.now()));
            let own = reads_own(PROVIDERS[0]);
            let summary = desk.read(move |view| report::get(view, &own, report)).await.unwrap();
            assert_eq!(summary.submission_sha256, Some(finished.submission_sha256));
            assert_eq!((summary.finished_at, summary.files), (Some(desk.house.now()), 1));
            let leases = desk.house.claim("worker", 10, jiff::SignedDuration::from_secs(60)).await.unwrap();
            assert_eq!(leases.iter().map(|lease| lease.work).collect::<Vec<_>>(), [work::WorkId::of(report)]);
        });
    }

    // PROVES: R-19
    fn a_file_of_another_report_is_never_shown(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [one, other] = [desk.opened().await, desk.opened().await];
            desk.attached(one, b"one").await;
            let file = desk.attached(other, b"other").await;
            let house = access::pipeline_read();
            let files = desk.read(move |view| evidence::files(view, &house, other)).await.unwrap();
            assert_eq!(files.into_iter().map(|one| one.id).collect::<Vec<_>>(), [file]);
        });
    }

    fn the_same_bytes_in_earlier_reports_are_counted(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let mut reports = Vec::new();
            for _ in 0..3 {
                let report = desk.opened().await;
                desk.attached(report, b"seen again").await;
                desk.attached(report, b"seen again").await;
                reports.push(report);
            }
            let mut seen = Vec::new();
            for report in reports {
                let house = access::pipeline_read();
                let counts = desk.read(move |view| evidence::seen_before(view, &house, report)).await.unwrap();
                seen.extend(counts.into_iter().map(|one| one.1));
            }
            assert_eq!(seen, [0, 0, 1, 1, 2, 2]);
        });
    }

    fn numbers_go_up_and_are_never_given_twice(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let twin = desk.house.twin(8).await;
            let mut numbers = Vec::new();
            for _ in 0..300 {
                numbers.push(store::number::next(&desk.house).await.unwrap());
                numbers.push(store::number::next(&twin).await.unwrap());
            }
            assert_eq!(numbers[0], ReportId::try_from(1_000_001).unwrap());
            let mine: Vec<_> = numbers.iter().step_by(2).collect();
            assert!(mine.windows(2).all(|pair| pair[0] < pair[1]));
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), 600);
        });
    }
}

#[test]
fn the_digest_over_a_submission_is_that_of_the_documented_list() {
    let report = ReportId::try_from(1_000_001).unwrap();
    let file = FileId::from_random([0xab; 16]);
    let files = [FileDigest { position: 1, file, size_bytes: 7, sha256: [0x11; 32] }];
    let list = format!(
        "clearinghouse/submission/v1\nreport 1000001\ndocument 1 {}\nfile 1 {} 7 {}\n",
        "22".repeat(32),
        "ab".repeat(16),
        "11".repeat(32),
    );
    assert_eq!(report::submission_digest(report, &[(1, [0x22; 32])], &files), seal::sha256(list.as_bytes()));
}
