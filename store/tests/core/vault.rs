//! Bytes in, bytes out, and nothing left where nothing should be.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Actor, FileId, Profile, TriState};
use policy::{FileFacts, OpenFile, gate};
use seal::{Digests, Random, SeededRandom};
use store::testing::{Plan, TestHouse};
use store::{BlobKind, BlobRef, Error, Event, EventKind, Fault, House, Keep, Kept, Refusal, Stored};

use crate::{act, opened, refusal, report, run};

const MIB: usize = 1024 * 1024;

/// Dull bytes of any length.
pub fn dull(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SeededRandom::from_seed(length as u64).fill(&mut bytes).unwrap();
    bytes
}

pub fn file(number: u8) -> FileId {
    FileId::from_random([number; 16])
}

/// The permit of the view gate for one file of report 1.
pub fn permit(number: u8) -> OpenFile {
    let facts = FileFacts {
        report: report(1),
        file: file(number),
        viewed: TriState::Yes,
        public: TriState::Unknown,
        retained: true,
        asker: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        grounds: Vec::new(),
        matched: false,
        relaxations: Vec::new(),
    };
    gate::open(&facts, &Actor::House).unwrap()
}

/// Writes a file in pieces as a network brings them.
pub async fn written(house: &House, number: u8, bytes: &[u8]) -> Stored {
    let mut writer = house.vault().begin(BlobKind::Evidence, &file(number)).unwrap();
    for piece in bytes.chunks(60_001) {
        writer.push(piece).await.unwrap();
    }
    writer.finish(Keep::Yes).await.unwrap()
}

/// Takes a blob over into report 1.
pub async fn adopted(house: &House, kept: &Kept) -> BlobRef {
    let theirs = kept.clone();
    act(house, move |act| {
        act.adopt(report(1), &theirs)?;
        act.note(Event::of_report(EventKind::FileReceived, report(1)))
    })
    .await
    .unwrap();
    kept.blob.clone()
}

pub async fn kept(house: &House, number: u8, bytes: &[u8]) -> BlobRef {
    adopted(house, &written(house, number, bytes).await.kept.unwrap()).await
}

/// Every byte of a blob, piece by piece.
pub async fn read_whole(house: &House, number: u8, blob: &BlobRef) -> Vec<u8> {
    let mut reader = house.vault().open(&permit(number), blob).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = reader.read_next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    assert_eq!(reader.len(), bytes.len() as u64);
    bytes
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Files of the vault that hold sealed bytes.
fn sealed_files(house: &TestHouse) -> Vec<PathBuf> {
    let all = files_below(&house.folder().join("vault"));
    all.into_iter().filter(|path| path.file_name().is_some_and(|name| name != "lock")).collect()
}

#[test]
fn files_of_every_size_come_back_with_their_digests() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let sizes = [0, 1, 16_383, 16_384, 100_000, MIB - 1, MIB, MIB + 1, 3 * MIB, 5 * MIB + 77];
        for (number, size) in (0..).zip(sizes) {
            let bytes = dull(size);
            let stored = written(&house, number, &bytes).await;
            let mut digests = Digests::new();
            digests.update(&bytes);
            assert_eq!(stored.digests, digests.finish(), "{size}");
            let blob = adopted(&house, &stored.kept.unwrap()).await;
            house.vault().check(&blob).await.unwrap();
            assert!(read_whole(&house, number, &blob).await == bytes, "{size}");
        }
    });
}

#[test]
fn any_range_is_read_without_the_rest_and_a_range_outside_is_refused() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        for (number, size) in [(1, 100_000), (2, 3 * MIB)] {
            let bytes = dull(size);
            let blob = kept(&house, number, &bytes).await;
            let reader = house.vault().open(&permit(number), &blob).await.unwrap();
            for (offset, length) in
                [(0, 0), (0, 1), (16_383, 2), (50_000, 40_000), (size - 1, 1), (size, 0), (0, size)]
            {
                let range = reader.read_range(offset as u64, length as u64).await.unwrap();
                assert!(range == bytes[offset..offset + length], "{offset} {length}");
            }
            for (offset, length) in [(size as u64, 1), (u64::MAX, 1), (1, u64::MAX), (0, size as u64 + 1)] {
                let outside = reader.read_range(offset, length).await;
                assert_eq!(refusal(outside), Some(Refusal::Unfit { what: "range" }));
            }
        }
    });
}

// PROVES: R-52
#[test]
fn nobody_opens_a_blob_that_no_act_adopted_or_whose_key_was_destroyed() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let stored = written(&house, 1, b"dull").await.kept.unwrap();
        let early = house.vault().open(&permit(1), &stored.blob).await.map(|_| ());
        assert_eq!(refusal(early), Some(Refusal::Destroyed));
        let blob = adopted(&house, &stored).await;
        assert_eq!(read_whole(&house, 1, &blob).await, b"dull");
        act(&house, |act| {
            act.destroy_keys(report(1))?;
            act.note(Event::of_report(EventKind::ReportExpired, report(1)))
        })
        .await
        .unwrap();
        let late = house.vault().open(&permit(1), &blob).await.map(|_| ());
        assert_eq!(refusal(late), Some(Refusal::Destroyed));
    });
}

// PROVES: R-19
#[test]
fn a_permit_opens_the_file_that_it_names_and_no_other() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let (one, two) = (kept(&house, 1, &dull(900)).await, kept(&house, 2, &dull(900)).await);
        let other = house.vault().open(&permit(2), &one).await.map(|_| ());
        assert_eq!(refusal(other), Some(Refusal::NotFound));
        // A row that was made to point at another file's bytes does not open them.
        let swapped = BlobRef { location: two.location, ..one };
        let swapped = house.vault().open(&permit(1), &swapped).await.map(|_| ());
        assert!(matches!(swapped, Err(Error::Fault(Fault::Seal(_)))));
    });
}

#[test]
fn a_changed_byte_in_the_vault_is_never_released() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let bytes = dull(100_000);
        let blob = kept(&house, 1, &bytes).await;
        let pack = sealed_files(&house).remove(0);
        let mut sealed = std::fs::read(&pack).unwrap();
        sealed[56 + 16_400 + 7] ^= 1;
        std::fs::write(&pack, &sealed).unwrap();
        let reader = house.vault().open(&permit(1), &blob).await.unwrap();
        assert!(reader.read_range(0, 100).await.is_ok());
        assert!(matches!(reader.read_range(16_384, 1).await, Err(Error::Fault(Fault::Seal(_)))));
        std::fs::write(&pack, &sealed[..90_000]).unwrap();
        assert!(matches!(house.vault().check(&blob).await, Err(Error::Fault(Fault::BlobMissing))));
        let cut = house.vault().open(&permit(1), &blob).await.map(|_| ());
        assert!(matches!(cut, Err(Error::Fault(Fault::BlobMissing))));
        std::fs::remove_file(&pack).unwrap();
        assert!(matches!(house.vault().check(&blob).await, Err(Error::Fault(Fault::BlobMissing))));
    });
}

// PROVES: R-64
#[test]
fn plaintext_never_touches_the_disk() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let marked = "dull words that are easily found ".repeat(60_000).into_bytes();
        let mut writer = house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
        writer.push(&marked).await.unwrap();
        kept(&house, 2, &marked[..50_000]).await;
        for path in files_below(house.folder()) {
            let found = std::fs::read(&path).unwrap();
            assert!(!found.windows(20).any(|window| window == &marked[..20]), "{}", path.display());
        }
    });
}

#[test]
fn a_dropped_upload_leaves_nothing_behind() {
    run(async {
        let house = TestHouse::at_noon().await;
        for size in [10, 100_000, 4 * MIB] {
            let mut writer = house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
            writer.push(&dull(size)).await.unwrap();
            drop(writer);
        }
        // The batch in flight is dropped on the thread that pressed it.
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        let began = std::time::Duration::from_secs(10);
        let gone = async {
            while !sealed_files(&house).is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(began, gone).await.expect("the draft is removed");
    });
}

#[test]
fn the_torn_tail_of_a_pack_is_never_read_nor_written_after() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let bytes = dull(5_000);
        let old = kept(&house, 1, &bytes).await;
        let pack = sealed_files(&house).remove(0);
        // As if the power had gone in the middle of the next blob.
        let mut torn = std::fs::read(&pack).unwrap();
        torn.extend_from_slice(&dull(777));
        std::fs::write(&pack, &torn).unwrap();

        let house = house.reopened(8).await;
        let new = kept(&house, 2, &bytes).await;
        assert!(read_whole(&house, 1, &old).await == bytes);
        assert!(read_whole(&house, 2, &new).await == bytes);
        assert_eq!(std::fs::read(&pack).unwrap(), torn);
        assert_eq!(sealed_files(&house).len(), 2);
    });
}

#[test]
fn drafts_of_a_crashed_process_are_cleared_and_those_of_a_living_one_are_not() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let crashed = house.folder().join("vault/drafts/00ff");
        std::fs::create_dir(&crashed).unwrap();
        std::fs::write(crashed.join("lock"), b"").unwrap();
        std::fs::write(crashed.join("12ab"), dull(100)).unwrap();
        let mut writer = house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
        let bytes = dull(3 * MIB);
        writer.push(&bytes).await.unwrap();
        let _twin = house.twin(8).await;
        assert!(!crashed.exists());
        let stored = writer.finish(Keep::Yes).await.unwrap();
        let blob = adopted(&house, &stored.kept.unwrap()).await;
        assert!(read_whole(&house, 1, &blob).await == bytes);
    });
}

// PROVES: R-01
#[test]
fn in_the_synthetic_profile_foreign_bytes_are_hashed_and_not_kept() {
    run(async {
        let ours = [dull(2_000), dull(3 * MIB)];
        let corpus: Vec<[u8; 32]> = ours.iter().map(|bytes| seal::sha256(bytes)).collect();
        let plan = Plan {
            profile: Profile::SyntheticDemo,
            corpus: Arc::new(move |digest| corpus.contains(digest)),
            ..Plan::default()
        };
        let house = TestHouse::of(plan).await;
        opened(&house, 1).await;
        for (number, size) in [(1, 2_001), (2, 3 * MIB + 1)] {
            let bytes = dull(size);
            let stored = written(&house, number, &bytes).await;
            assert_eq!(stored.digests.sha256, seal::sha256(&bytes));
            assert!(stored.kept.is_none());
        }
        assert_eq!(sealed_files(&house), Vec::<PathBuf>::new());
        for (number, bytes) in (3..).zip(&ours) {
            let blob = kept(&house, number, bytes).await;
            assert!(read_whole(&house, number, &blob).await == *bytes);
        }
    });
}

#[test]
fn bytes_that_shall_only_be_hashed_are_not_kept() {
    run(async {
        let house = TestHouse::at_noon().await;
        for size in [100, 3 * MIB] {
            let mut writer = house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
            writer.push(&dull(size)).await.unwrap();
            let stored = writer.finish(Keep::No).await.unwrap();
            assert_eq!((stored.digests.size_bytes, stored.kept.is_none()), (size as u64, true));
        }
        assert_eq!(sealed_files(&house), Vec::<PathBuf>::new());
    });
}

#[test]
fn the_bytes_of_a_dated_table_are_checked_against_their_digest() {
    run(async {
        let house = TestHouse::at_noon().await;
        let bytes = b"192.0.2.0/24 nowhere".to_vec();
        let sha256 = store::dataset::keep(&house, bytes.clone()).await.unwrap();
        assert_eq!(store::dataset::bytes(&house, &sha256).await.unwrap(), bytes);
        assert_eq!(refusal(store::dataset::bytes(&house, &[0; 32]).await), Some(Refusal::NotFound));
        let path = house.folder().join("vault/named").join(seal::hex(&sha256));
        std::fs::write(path, b"192.0.2.0/24 elsewhere").unwrap();
        assert!(matches!(store::dataset::bytes(&house, &sha256).await, Err(Error::Fault(Fault::Seal(_)))));
    });
}

#[test]
fn many_uploads_at_once_do_not_mix() {
    run(async {
        let house = TestHouse::at_noon().await;
        opened(&house, 1).await;
        let uploads = (0..40_u8).map(|number| {
            let house = house.house().clone();
            tokio::spawn(async move {
                let bytes = dull(40_000 * usize::from(number));
                let blob = kept(&house, number, &bytes).await;
                assert!(read_whole(&house, number, &blob).await == bytes, "{number}");
            })
        });
        for upload in uploads.collect::<Vec<_>>() {
            upload.await.unwrap();
        }
    });
}
