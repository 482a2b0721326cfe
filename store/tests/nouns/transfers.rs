//! Files that arrive in several requests: what was acknowledged stays, what is whole becomes a file, what is not goes
//! with its report.

use database::bind;
use domain::{FileId, ReportId};
use jiff::SignedDuration;
use store::report::{self, OPEN_AFTER_CHANGE, OPEN_AFTER_OPENING};
use store::transfer::{self, Claims, MOST_UNFINISHED, NewTransfer, Transfer};
use store::{BlobKind, Keep, Kept, Refusal, Stored};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, reads_own};
use crate::{refusal, run};

const KEYS: &str = "-- test::keys
    SELECT COUNT(*) FROM keystore WHERE report_id = :report";

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn file(n: u8) -> FileId {
    FileId::from_random([0xa0 | n; 16])
}

async fn begun(desk: &Desk, report: ReportId, id: FileId, size_bytes: u64) -> store::Result<()> {
    let claims = Claims { media_type: Some("image/png".to_owned()), ..Claims::default() };
    let new = NewTransfer { report, file: id, size_bytes, claims };
    desk.act(move |act| transfer::begin(act, &provider_id(PROVIDERS[0]), &new)).await
}

async fn found(desk: &Desk, id: &FileId) -> store::Result<Transfer> {
    let id = id.clone();
    desk.read(move |view| transfer::get(view, &provider_id(PROVIDERS[0]), &id)).await
}

/// A segment that is durable and not yet taken over.
async fn segment(desk: &Desk, name: u8, bytes: &[u8]) -> Kept {
    let mut writer = desk.house.vault().begin(BlobKind::Segment, &FileId::from_random([name; 16])).unwrap();
    writer.push(bytes).await.unwrap();
    writer.finish(Keep::Yes).await.unwrap().kept.unwrap()
}

async fn kept(desk: &Desk, id: &FileId, offset: u64, segments: Vec<Kept>) -> store::Result<u64> {
    let transfer = found(desk, id).await?;
    desk.act(move |act| transfer::keep(act, &provider_id(PROVIDERS[0]), &transfer, offset, &segments)).await
}

/// The whole file, as the pipeline joins it.
async fn joined(desk: &Desk, transfer: &Transfer) -> Stored {
    let id = transfer.file.clone();
    let segments = desk.read(move |view| transfer::segments(view, &id)).await.unwrap();
    let mut writer = desk.house.vault().begin(BlobKind::Evidence, &transfer.file).unwrap();
    desk.house.vault().join(transfer.report, &segments, &mut writer).await.unwrap();
    writer.finish(Keep::Yes).await.unwrap()
}

async fn completed(desk: &Desk, id: &FileId) -> store::Result<()> {
    let transfer = found(desk, id).await?;
    let stored = joined(desk, &transfer).await;
    desk.act(move |act| transfer::complete(act, &provider_id(PROVIDERS[0]), &transfer, stored.clone())).await
}

async fn keys(desk: &Desk, report: ReportId) -> u32 {
    desk.read(move |view| Ok(view.tx().get(KEYS, &bind! { report: report.get() })?)).await.unwrap()
}

async fn swept(desk: &Desk) {
    while desk.read(transfer::is_due).await.unwrap() {
        desk.act(|act| transfer::sweep(act, 10)).await.unwrap();
    }
}

both_engines! {
    fn segments_become_one_file_and_leave_no_key_behind(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, id) = (desk.opened().await, file(1));
            begun(&desk, report, id.clone(), 10).await.unwrap();
            let first = vec![segment(&desk, 1, b"hello ").await, segment(&desk, 2, b"wo").await];
            assert_eq!(kept(&desk, &id, 0, first).await.unwrap(), 8);
            assert_eq!(kept(&desk, &id, 8, vec![segment(&desk, 3, b"rd").await]).await.unwrap(), 10);
            assert_eq!(keys(&desk, report).await, 4);
            completed(&desk, &id).await.unwrap();
            // The report's and the whole file's.
            assert_eq!(keys(&desk, report).await, 2);
            let own = reads_own(PROVIDERS[0]);
            let files = desk.read(move |view| store::evidence::files(view, &own, report)).await.unwrap();
            assert_eq!((files.len(), files[0].size_bytes), (1, 10));
            assert_eq!(files[0].media_type.as_deref(), Some("image/png"));
            let after = found(&desk, &id).await.unwrap();
            assert!(after.is_complete);
            assert_eq!(after.digests, Some((files[0].md5, files[0].sha256)));
            assert_eq!(refusal(completed(&desk, &id).await), Some(Refusal::Conflict));
            desk.house.has_caused(&[store::EventKind::TransferGrew]).await;
        });
    }

    // PROVES: R-17
    fn a_whole_file_cannot_be_joined_past_the_view_gate(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.attached(report, b"nobody may see this").await;
            let own = reads_own(PROVIDERS[0]);
            let files = desk.read(move |view| store::evidence::files(view, &own, report)).await.unwrap();
            let mut blob = files[0].blob.clone().unwrap();
            let mut writer = desk.house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
            let refused = desk.house.vault().join(report, &[blob.clone()], &mut writer).await;
            assert!(matches!(refusal(refused), Some(Refusal::Unfit { .. })));
            // Nor by calling it one.
            blob.kind = BlobKind::Segment;
            let refused = desk.house.vault().join(report, &[blob], &mut writer).await;
            assert_eq!(refusal(refused), Some(Refusal::Destroyed));
        });
    }

    fn what_does_not_begin_where_the_file_ends_is_refused(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, id) = (desk.opened().await, file(1));
            begun(&desk, report, id.clone(), 10).await.unwrap();
            kept(&desk, &id, 0, vec![segment(&desk, 1, b"hello").await]).await.unwrap();
            for (offset, bytes) in [(0, b"hello".as_slice()), (4, b"o"), (6, b"x"), (5, b"longer than it")] {
                let late = vec![segment(&desk, 2, bytes).await];
                assert_eq!(refusal(kept(&desk, &id, offset, late).await), Some(Refusal::Conflict), "{offset}");
            }
            assert_eq!(found(&desk, &id).await.unwrap().received_bytes, 5);
        });
    }

    fn a_transfer_is_its_providers_own_and_bounded_in_number(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            for n in 0..MOST_UNFINISHED {
                begun(&desk, report, FileId::from_random([n as u8; 16]), 1).await.unwrap();
            }
            let many = refusal(begun(&desk, report, file(15), 1).await);
            assert!(matches!(many, Some(Refusal::Unfit { .. })));
            let first = FileId::from_random([0; 16]);
            let foreign = first.clone();
            let foreign = desk.read(move |view| transfer::get(view, &provider_id(PROVIDERS[1]), &foreign)).await;
            assert_eq!(refusal(foreign), Some(Refusal::FileNotFound));
            // One that is dropped makes room.
            let given_up = found(&desk, &first).await.unwrap();
            desk.act(move |act| transfer::abandon(act, &provider_id(PROVIDERS[0]), &given_up)).await.unwrap();
            begun(&desk, report, file(15), 1).await.unwrap();
            desk.house.has_caused(&[store::EventKind::TransferBegun, store::EventKind::TransferDropped]).await;
        });
    }

    fn a_report_stays_open_while_a_file_arrives(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, id) = (desk.opened().await, file(1));
            begun(&desk, report, id.clone(), 3).await.unwrap();
            desk.house.advance(OPEN_AFTER_OPENING - SECOND);
            kept(&desk, &id, 0, vec![segment(&desk, 1, b"one").await]).await.unwrap();
            desk.house.advance(OPEN_AFTER_CHANGE - SECOND);
            completed(&desk, &id).await.unwrap();
        });
    }

    fn an_unfinished_file_goes_with_its_report(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [expiring, finishing] = [desk.opened().await, desk.opened().await];
            for (report, id) in [(expiring, file(1)), (finishing, file(2))] {
                begun(&desk, report, id.clone(), 9).await.unwrap();
                kept(&desk, &id, 0, vec![segment(&desk, id.as_str().len() as u8, b"one").await]).await.unwrap();
            }
            desk.finish(finishing).await.unwrap();
            let late = vec![segment(&desk, 9, b"two").await];
            assert_eq!(refusal(kept(&desk, &file(2), 3, late).await), Some(Refusal::AlreadyFinished));
            desk.house.advance(SignedDuration::from_hours(1));
            swept(&desk).await;
            assert_eq!(refusal(found(&desk, &file(2)).await), Some(Refusal::FileNotFound));
            assert_eq!(keys(&desk, finishing).await, 1);
            assert_eq!(found(&desk, &file(1)).await.unwrap().received_bytes, 3);

            desk.house.advance(OPEN_AFTER_OPENING);
            desk.act(|act| report::expire_due(act, 10)).await.unwrap();
            assert_eq!(keys(&desk, expiring).await, 0);
            swept(&desk).await;
            assert_eq!(refusal(found(&desk, &file(1)).await), Some(Refusal::FileNotFound));
            desk.house.has_caused(&[store::EventKind::TransfersForgotten]).await;
        });
    }
}
