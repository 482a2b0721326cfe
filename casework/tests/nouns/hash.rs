//! Hashes that an agency asks about.

use casework::hash::{self, Answer, MOST_HASHES, MOST_REPORTS};
use database::bind;
use domain::{Priority, ReportId};
use policy::{List, Permit};
use store::{EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, by, permit, refusal, staffed};

const MANY_REPORTS: &str = "-- test::many_reports
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :most)
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, priority, documents, files,
        opened_at, finished_at, preserve_until, submission_sha256)
    SELECT id + 1000000 + i, provider_id, credential_id, stage, incident_type, urgent, priority, documents, files,
        opened_at, finished_at, preserve_until, submission_sha256
    FROM report, n WHERE id = :like";

const MANY_FILES: &str = "-- test::many_files
    INSERT INTO evidence (report_id, file_id, position, received_at, size_bytes, md5, sha1, sha256, viewed,
        exif_viewed, publicly_available, sealed_upload)
    SELECT report.id, 'a' || report.id, position, evidence.received_at, size_bytes, md5, sha1, sha256, viewed,
        exif_viewed, publicly_available, sealed_upload
    FROM evidence JOIN report ON report.id > evidence.report_id + 1000000 WHERE report_id = :like";

/// A report with one file that an agency has.
async fn holds(desk: &Desk, bytes: &'static [u8], agency: &str) -> ReportId {
    let report = desk.opened_by(PROVIDERS[0], crate::desk::submission("sextortion", "dull words")).await;
    desk.attached(report, bytes).await;
    desk.finish(report).await.unwrap();
    desk.act(move |act| crate::desk::route_it(act, report, Priority::Routine)).await.unwrap();
    desk.deliver(report, agency).await.unwrap();
    report
}

/// The same file in a few hundred reports of nobody, as rows: finished, and made available to no agency.
async fn held_by_many(desk: &Desk, like: ReportId) {
    desk.act(move |act| {
        for sql in [
            (MANY_REPORTS, bind! { like: like.get(), most: 450_i64 }),
            (MANY_FILES, bind! { like: like.get() }),
        ] {
            act.tx().execute(sql.0, &sql.1)?;
        }
        act.note(store::Event::of_house(EventKind::ListRead)).map(drop)
    })
    .await
    .unwrap();
}

fn md5_of_nothing() -> Vec<u8> {
    seal::unhex("d41d8cd98f00b204e9800998ecf8427e").unwrap()
}

both_engines! {
    // PROVES: R-28 R-29
    fn each_hash_has_one_of_three_answers_and_the_asking_is_recorded(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let ours = holds(&desk, b"a dull file of ours", OWN).await;
            holds(&desk, b"a dull file of theirs", OTHER).await;
            let open = desk.opened().await;
            desk.attached(open, b"a file of a report that nobody finished").await;
            let sha256 = |bytes: &[u8]| seal::sha256(bytes).to_vec();
            let asked = vec![
                sha256(b"a dull file of ours"),
                sha256(b"a dull file of theirs"),
                sha256(b"a file of a report that nobody finished"),
                md5_of_nothing(),
            ];
            let sees: Permit<List> = permit("ann", OWN);
            let (reads, digests) = (sees.clone(), asked.clone());
            let found = desk.read(move |view| hash::find(view, &reads, &digests, None)).await.unwrap();
            let answers: Vec<_> = found.iter().map(|one| (one.answer, one.reports.clone())).collect();
            let none = Vec::new;
            assert_eq!(answers, [
                (Answer::Delivered, vec![ours]),
                (Answer::Recognized, none()),
                (Answer::Unrecognized, none()),
                (Answer::Unrecognized, none()),
            ]);
            by(&desk, ("ann", OWN), move |act| hash::note(act, &sees, &found, 7)).await.unwrap();
            desk.house.has_caused(&[EventKind::HashesChecked]).await;
        });
    }

    fn a_file_that_very_many_reports_hold_is_answered_wholly_page_by_page(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            // More of the agency's own than one answer names, the oldest of them behind very many of others.
            let mut own = vec![holds(&desk, b"a common dull file", OWN).await];
            held_by_many(&desk, own[0]).await;
            for _ in 0..MOST_REPORTS {
                own.push(holds(&desk, b"a common dull file", OWN).await);
            }
            let (mut found, mut before, mut pages) = (Vec::new(), None, 0);
            loop {
                let sees: Permit<List> = permit("ann", OWN);
                let digest = vec![seal::sha256(b"a common dull file").to_vec()];
                let page = desk.read(move |view| hash::find(view, &sees, &digest, before)).await.unwrap().remove(0);
                assert_eq!(page.answer, Answer::Delivered);
                assert!(page.next.is_none_or(|next| page.reports.last() == Some(&next)), "a number of its own");
                found.extend(page.reports);
                pages += 1;
                match page.next {
                    Some(next) => before = Some(next),
                    None => break,
                }
                assert!(pages < 10, "it comes to an end");
            }
            own.reverse();
            assert_eq!(found, own);
            assert_eq!(pages, 2);
        });
    }

    fn no_question_tells_where_others_have_a_file(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let theirs = holds(&desk, b"a dull file of theirs", OTHER).await;
            held_by_many(&desk, theirs).await;
            let (ours, open) = (holds(&desk, b"a dull file of ours", OWN).await, desk.opened().await);
            desk.attached(open, b"a file of a report that nobody finished").await;
            let files = [&b"a dull file of theirs"[..], b"a dull file of ours", b"a file of a report that nobody finished"];
            let digests: Vec<_> = files.iter().map(|bytes| seal::sha256(bytes).to_vec()).collect();
            let words = [Answer::Recognized, Answer::Delivered, Answer::Unrecognized];
            // Below all of them, at each of them, behind the last: the words are the same, and no number is a stranger's.
            let at = |number: u64| ReportId::try_from(number).unwrap();
            let befores = [1, theirs.get(), theirs.get() + 1, theirs.get() + 1_000_200, ours.get() + 1, ReportId::LIMIT - 1];
            for before in befores.into_iter().map(|number| Some(at(number))).chain([None]) {
                let (sees, asked): (Permit<List>, _) = (permit("ann", OWN), digests.clone());
                let found = desk.read(move |view| hash::find(view, &sees, &asked, before)).await.unwrap();
                assert_eq!(found.iter().map(|one| one.answer).collect::<Vec<_>>(), words, "{before:?}");
                assert!(found.iter().all(|one| one.next.is_none()), "{before:?}: {found:?}");
                let own = if before.is_none_or(|before| ours < before) { vec![ours] } else { vec![] };
                assert_eq!(found.into_iter().flat_map(|one| one.reports).collect::<Vec<_>>(), own, "{before:?}");
            }
        });
    }

    fn a_hash_that_is_asked_twice_in_one_question_is_answered_twice(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let ours = holds(&desk, b"a dull file of ours", OWN).await;
            let known = seal::sha256(b"a dull file of ours").to_vec();
            let (sees, asked): (Permit<List>, _) = (permit("ann", OWN), vec![known.clone(), md5_of_nothing(), known]);
            let found = desk.read(move |view| hash::find(view, &sees, &asked, None)).await.unwrap();
            let reports: Vec<_> = found.into_iter().map(|one| one.reports).collect();
            assert_eq!(reports, [vec![ours], vec![], vec![ours]]);
        });
    }

    fn a_hash_of_every_kind_finds_its_file_and_what_is_none_is_refused(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let report = desk.opened_by(PROVIDERS[0], crate::desk::submission("sextortion", "dull words")).await;
            let new = desk.uploaded(report, b"a dull file").await;
            let (md5, sha1, sha256) = {
                let known = &new.stored.digests;
                (known.md5.to_vec(), known.sha1.to_vec(), known.sha256.to_vec())
            };
            desk.attach(new).await.unwrap();
            desk.finish(report).await.unwrap();
            let find = async |digests: Vec<Vec<u8>>| {
                let sees: Permit<List> = permit("ann", OWN);
                desk.read(move |view| hash::find(view, &sees, &digests, None)).await
            };
            let found = find(vec![md5, sha1, sha256]).await.unwrap();
            assert!(found.iter().all(|one| one.answer == Answer::Recognized), "{found:?}");
            assert_eq!(refusal(find(vec![]).await), Some(Refusal::Unfit { what: "number of hashes" }));
            assert_eq!(refusal(find(vec![vec![7; 17]]).await), Some(Refusal::Unfit { what: "hash" }));
            let many = vec![vec![7; 32]; MOST_HASHES + 1];
            assert_eq!(refusal(find(many).await), Some(Refusal::Unfit { what: "number of hashes" }));
            assert_eq!(find(vec![vec![7; 32]; MOST_HASHES]).await.unwrap().len(), MOST_HASHES);
        });
    }
}
