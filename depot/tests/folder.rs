//! Pieces in a folder: kept, read in ranges, removed, and never half there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use depot::testing::{TrialDisk, counted};
use depot::{Depot, Fault, Settings, Spot};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Files that hold bytes of a caller.
fn held(folder: &Path) -> usize {
    files_below(folder).iter().filter(|path| path.file_name().is_some_and(|name| name != "lock")).count()
}

fn depot(folder: &Path, disk: &TrialDisk) -> Depot {
    Depot::folder(folder, Arc::new(disk.clone()), counted()).unwrap()
}

/// Writes a large piece in batches.
async fn drafted(depot: &Depot, bytes: &[u8]) -> Result<Spot, Fault> {
    let mut draft = depot.draft();
    let mut buffer = Vec::new();
    for piece in bytes.chunks(10_000) {
        buffer.extend_from_slice(piece);
        draft.write(&mut buffer)?;
        draft.send(&mut buffer).await?;
        assert!(buffer.is_empty());
    }
    draft.finish(b"the rest".to_vec()).await
}

#[tokio::test]
async fn pieces_are_read_in_ranges_and_nothing_is_read_beyond_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let depot = depot(folder.path(), &TrialDisk::default());
    let (first, second) = (vec![1; 1_000], vec![2; 500]);
    depot.put(first).await.unwrap();
    let small = depot.put(second).await.unwrap();
    let large = drafted(&depot, &[3; 25_000]).await.unwrap();

    let source = depot.open_at(&small).await.unwrap();
    assert_eq!(source.fetch(0..500).await.unwrap(), [2; 500]);
    assert_eq!(source.fetch_then(7..9, |bytes| bytes.len()).await.unwrap(), 2);
    assert!(matches!(source.fetch(400..501).await, Err(Fault::Missing)));
    assert!(matches!(source.fetch(u64::MAX - 1..u64::MAX).await, Err(Fault::Missing)));
    let source = depot.open_at(&large).await.unwrap();
    assert_eq!(source.fetch(24_999..25_008).await.unwrap(), b"\x03the rest");
    assert_eq!(depot.length_from(&small).await.unwrap(), 500);
    assert_eq!(depot.length_from(&large).await.unwrap(), 25_008);
}

#[tokio::test]
async fn a_spot_where_nothing_lies_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let depot = depot(folder.path(), &TrialDisk::default());
    let kept = depot.put(vec![1; 10]).await.unwrap();
    let beyond = kept.to_string().replace("/0", "/11");
    for nowhere in ["file/00ff", "pack/00ff/0", "object/00ff", &beyond] {
        let spot: Spot = nowhere.parse().unwrap();
        assert!(matches!(depot.length_from(&spot).await, Err(Fault::Missing)), "{nowhere}");
    }
}

#[tokio::test]
async fn a_dropped_draft_and_one_that_failed_leave_nothing() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), TrialDisk::default());
    let depot = depot(folder.path(), &disk);
    let mut draft = depot.draft();
    draft.write(&mut vec![1; 10_000]).unwrap();
    assert_eq!(held(folder.path()), 1);
    drop(draft);
    disk.limit(12_000);
    let full = drafted(&depot, &[1; 25_000]).await.unwrap_err();
    assert!(matches!(full, Fault::Io { .. }) && full.is_passing());
    disk.clear();
    disk.refuse_flushes(true);
    assert!(drafted(&depot, &[1; 25_000]).await.is_err());
    assert_eq!(held(folder.path()), 0);
}

#[tokio::test]
async fn a_file_is_removed_and_a_pack_stays_for_the_others_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let depot = depot(folder.path(), &TrialDisk::default());
    let small = depot.put(vec![1; 10]).await.unwrap();
    let large = drafted(&depot, &[1; 25_000]).await.unwrap();
    depot.remove(&small).await.unwrap();
    depot.remove(&large).await.unwrap();
    assert!(matches!(depot.length_from(&large).await, Err(Fault::Missing)));
    assert_eq!(depot.length_from(&small).await.unwrap(), 10);
}

#[tokio::test]
async fn named_bytes_are_replaced_and_no_name_climbs_out() {
    let folder = tempfile::tempdir().unwrap();
    let depot = depot(folder.path(), &TrialDisk::default());
    assert_eq!(depot.named("00ff").await.unwrap(), None);
    for bytes in [b"one", b"two"] {
        depot.keep_named("00ff", bytes.to_vec()).await.unwrap();
        assert_eq!(depot.named("00ff").await.unwrap().unwrap(), bytes);
    }
    for name in ["../00ff", "", ".", "a/b"] {
        assert!(matches!(depot.keep_named(name, Vec::new()).await, Err(Fault::Address(_))), "{name}");
        assert!(matches!(depot.named(name).await, Err(Fault::Address(_))), "{name}");
    }
}

#[test]
fn an_address_of_no_kind_is_refused() {
    for address in
        ["", "vault", "ftp://bucket", "s3://bucket?colour=red", "s3://bucket?endpoint=http://objects.example"]
    {
        let settings = Settings { address, access_key_id: None, secret_access_key: None };
        assert!(matches!(Depot::open(&settings, counted()), Err(Fault::Address(_))), "{address}");
    }
}

#[tokio::test]
async fn a_large_piece_is_flushed_while_it_grows_and_what_could_not_be_flushed_then_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let disk = TrialDisk::default();
    let depot = depot(folder.path(), &disk);
    let large = vec![7; 40 << 20];

    let spot = drafted(&depot, &large).await.unwrap();
    assert_eq!(depot.length_from(&spot).await.unwrap(), large.len() as u64 + 8);
    assert!(disk.flushes() > 1, "one flush at the end is what its sender would wait for");

    // The system tells such a fault once: the last flush of this file succeeds.
    disk.refuse_one_flush();
    drafted(&depot, &large).await.unwrap_err();
    assert_eq!(held(folder.path()), 1);
}
