//! Hashes that an agency asks about.

use casework::hash::{self, Answer, MOST_HASHES};
use policy::{List, Permit};
use store::{EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, by, permit, refusal, staffed};
use domain::{Priority, ReportId};

/// A report with one file that an agency has.
async fn holds(desk: &Desk, bytes: &'static [u8], agency: &str) -> ReportId {
    let report = desk.opened_by(PROVIDERS[0], crate::desk::submission("sextortion", "dull words")).await;
    desk.attached(report, bytes).await;
    desk.finish(report).await.unwrap();
    desk.act(move |act| crate::desk::route_it(act, report, Priority::Routine)).await.unwrap();
    desk.deliver(report, agency).await.unwrap();
    report
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
            let found = desk.read(move |view| hash::find(view, &reads, &digests)).await.unwrap();
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
                desk.read(move |view| hash::find(view, &sees, &digests)).await
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
