//! The vault over a disk that fails.

use std::sync::Arc;

use depot::Depot;
use depot::testing::TrialDisk;
use domain::{Actor, FileId, Purpose, ReportId, TriState};
use policy::{FileFacts, gate};

use super::{BlobKind, Keep, Stored, Vault, chance};
use crate::testing::TestHouse;
use crate::{Error, Event, EventKind, Fault, Result};

fn report() -> ReportId {
    7.try_into().unwrap()
}

fn file() -> FileId {
    FileId::from_random([0xab; 16])
}

fn over(house: &TestHouse, disk: &TrialDisk) -> Vault {
    let (inner, given) = (house.inner(), house.given(9));
    let folder = house.folder().join("vault");
    let depot = Depot::folder(&folder, Arc::new(disk.clone()), chance(&given)).unwrap();
    Vault::over(depot, house.settings().profile, &given, Arc::clone(&inner.keys), inner.database.clone())
}

async fn written(vault: &Vault, bytes: &[u8]) -> Result<Stored> {
    let mut writer = vault.begin(BlobKind::Evidence, &file())?;
    for piece in bytes.chunks(100_000) {
        writer.push(piece).await?;
    }
    writer.finish(Keep::Yes).await
}

#[tokio::test]
async fn a_full_disk_is_a_fault_and_the_house_goes_on_when_it_is_cleared() {
    let (house, disk) = (TestHouse::at_noon().await, TrialDisk::default());
    let vault = over(&house, &disk);
    for size in [50_000, 1_000_000, 3_000_000] {
        let bytes = vec![7; size];
        disk.limit(20_000);
        let full = written(&vault, &bytes).await.unwrap_err();
        let Error::Fault(fault @ Fault::Depot(depot::Fault::Io { .. })) = full else { panic!("{full:?}") };
        assert!(fault.is_passing());
        // Rows lie on another disk here: acts go on.
        house
            .act(Actor::House, Purpose::Intake, "test::act", |act| {
                act.note(Event::of_house(EventKind::ListRead))
            })
            .await
            .unwrap();
        disk.clear();
        assert_eq!(written(&vault, &bytes).await.unwrap().digests.size_bytes, size as u64);
    }
    // Only blobs that were answered are left: one file of its own, and no draft.
    let drafts = std::fs::read_dir(house.folder().join("vault/drafts")).unwrap();
    let left = drafts.flat_map(|drafts| std::fs::read_dir(drafts.unwrap().path()).unwrap());
    assert!(left.into_iter().all(|entry| entry.unwrap().file_name() == "lock"));
}

#[tokio::test]
async fn what_was_kept_after_a_full_disk_opens() {
    let (house, disk) = (TestHouse::at_noon().await, TrialDisk::default());
    let vault = over(&house, &disk);
    disk.limit(500);
    assert!(written(&vault, &[1; 10_000]).await.is_err());
    disk.clear();
    let kept = written(&vault, &[2; 10_000]).await.unwrap().kept.unwrap();
    let blob = kept.blob.clone();
    house
        .act(Actor::House, Purpose::Intake, "test::adopt", move |act| {
            act.new_report_key(report())?;
            act.adopt(report(), &kept)?;
            act.note(Event::of_report(EventKind::FileReceived, report()))
        })
        .await
        .unwrap();
    let facts = FileFacts {
        report: report(),
        file: file(),
        viewed: TriState::Yes,
        public: TriState::No,
        retained: true,
        asker: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        grounds: Vec::new(),
        matched: false,
        relaxations: Vec::new(),
    };
    let permit = gate::open(&facts, &Actor::House).unwrap();
    let reader = vault.open(&permit, &blob).await.unwrap();
    assert_eq!(reader.read_range(0, 10_000).await.unwrap(), vec![2; 10_000]);
}
