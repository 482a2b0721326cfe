//! What `cargo xtask bench verify` has checked: a package of many files, the certificate of the same report, and as many
//! receipts, each of a report of its own.
//!
//! `papers DIR ITEMS BYTES` writes `package.zip`, `certificate.json`, `receipts/*.json` and `keys.txt` into a folder that is
//! there. On SQLite and files, in the system's temporary folder or `TMPDIR`.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use pipeline::certificate::{Build, Form, Signer, certify};
use pipeline::intake::{Login, finish};
use pipeline::package;
use pipeline::provider::{ProviderViewer, receipt, verifier_keys};
use store::House;
use store::testing::TestHouse;

use available::available;
use furniture::{furnished, opened};

#[path = "furniture/available.rs"]
mod available;
mod furniture;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, items, bytes] = words.as_slice() else { panic!("papers DIR ITEMS BYTES") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(written(Path::new(folder), items.parse().unwrap(), bytes.parse().unwrap()));
}

async fn written(folder: &Path, items: u32, bytes: usize) {
    let house = TestHouse::at_noon().await;
    let login = furnished(&house).await;
    let (number, viewer) = available(&house, &login, items, bytes).await;
    fs::write(folder.join("keys.txt"), verifier_keys(&house)).unwrap();
    let build = Build { version: "0.1.0".to_owned(), sha256: None };
    let signer = Signer { name: "J. Doe".to_owned(), role: "custodian of records".to_owned() };
    let certificate = certify(&house, &viewer, number, (signer, Form::Json), &build).await.unwrap();
    fs::write(folder.join("certificate.json"), certificate.to_json()).unwrap();
    let mut download = package::take(&house, &viewer, number).await.unwrap();
    let mut file = File::create(folder.join("package.zip")).unwrap();
    while let Some(piece) = download.next().await.unwrap() {
        file.write_all(&piece).unwrap();
    }
    receipts(&house, &login, items, folder).await;
}

async fn receipts(house: &House, login: &Login, items: u32, folder: &Path) {
    let folder = folder.join("receipts");
    fs::create_dir(&folder).unwrap();
    let viewer = ProviderViewer::credential(login.provider.clone(), login.credential.clone());
    for _ in 0..items {
        let number = opened(house, login).await;
        finish(house, login, number).await.unwrap();
        let paper = receipt(house, &viewer, number).await.unwrap();
        fs::write(folder.join(format!("{number}.json")), paper.to_json()).unwrap();
    }
}
