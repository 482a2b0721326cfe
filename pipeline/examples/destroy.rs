//! What `cargo xtask bench destroy` measures: files of one report destroyed with proof, and every other key wrapped anew.
//!
//! `destroy FILES` prints one line of JSON: seconds of taking the files in, of the whole destruction, of its dropping, and
//! of a rotation over as many surviving keys. On SQLite and files, in the system's temporary folder or `TMPDIR`.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]
#![expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]

use std::time::Instant;

use domain::{
    Actor, ApprovalKind, DestructionCode, DestructionId, FileId, Id, PersonId, Private, Purpose, ReportId,
};
use pipeline::destroy;
use pipeline::intake::{Login, PartHeaders, begin_upload, finish};
use store::destruction::{self, NewDestruction, State};
use store::testing::TestHouse;
use store::{House, approval, evidence, rotation};
use tokio::task::JoinSet;

use furniture::{act, furnished, opened};

mod furniture;

/// Uploads at once: each is durable by itself, and they share the flushes.
const CALLERS: u32 = 32;

fn main() {
    let files = std::env::args().nth(1).and_then(|files| files.parse().ok()).unwrap_or(10_000_u32);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let told = runtime.block_on(measured(files));
    std::io::Write::write_all(&mut std::io::stdout(), format!("{told}\n").as_bytes()).unwrap();
}

async fn measured(files: u32) -> serde_json::Value {
    let house = TestHouse::at_noon().await;
    let login = furnished(&house).await;
    let (goes, taken_s) = taken(&house, &login, files, 0).await;
    taken(&house, &login, files, 1).await;
    agreed(&house, goes).await;
    let (started, mut dropped_s) = (Instant::now(), 0.0);
    while let Some(state) = destroy::step(&house).await.unwrap() {
        if state == State::Dropped && dropped_s == 0.0 {
            dropped_s = started.elapsed().as_secs_f64();
        }
    }
    let destroyed_s = started.elapsed().as_secs_f64();
    let newest = house.read("bench::newest", rotation::newest).await.unwrap();
    let keys = house.read("bench::live", rotation::live).await.unwrap()[0].keys;
    let started = Instant::now();
    house.rotation().run_through(newest).await.unwrap();
    let rotated_s = started.elapsed().as_secs_f64();
    serde_json::json!({
        "files": files, "taken_s": taken_s, "destroyed_s": destroyed_s, "dropped_s": dropped_s,
        "rewrapped_keys": keys, "rewrapped_s": rotated_s,
    })
}

/// A finished report with so many files of 1 KiB, each different, and how long taking them in took.
async fn taken(house: &House, login: &Login, files: u32, salt: u8) -> (Vec<(ReportId, FileId)>, f64) {
    let started = Instant::now();
    let number = opened(house, login).await;
    let mut callers = JoinSet::new();
    for first in 0..CALLERS {
        let (house, login) = (house.clone(), login.clone());
        callers.spawn(async move {
            for file in (first..files).step_by(CALLERS as usize) {
                let mut upload = begin_upload(&house, &login, Some(number)).await.unwrap();
                let mut bytes = vec![salt; 1024];
                bytes[..4].copy_from_slice(&file.to_be_bytes());
                upload.push(bytes.into()).await.unwrap();
                upload.finish(&login, number, PartHeaders::default()).await.unwrap();
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.unwrap();
    }
    finish(house, login, number).await.unwrap();
    let permit = policy::access::pipeline_read();
    let found = house.read("bench::files", move |view| evidence::files(view, &permit, number)).await.unwrap();
    let elapsed = started.elapsed().as_secs_f64();
    (found.into_iter().map(|file| (number, file.id)).collect(), elapsed)
}

/// Asks for the destruction of these files, and has two people agree to it.
async fn agreed(house: &House, files: Vec<(ReportId, FileId)>) {
    let new = NewDestruction {
        id: DestructionId::parse("d-1").unwrap(),
        basis: DestructionCode::SelfReportWithdrawn,
        agency: None,
        reason: Private::new("a bench".to_owned()),
        files,
    };
    act(house, move |act| destruction::ask(act, &new).map(drop)).await;
    let who = |name: &str| Actor::Person { person: PersonId::parse(name).unwrap(), agency: None };
    let asked = house.act(who("supervisor"), Purpose::Administration, "bench::ask", |act| {
        approval::ask(act, ApprovalKind::Destroy, "d-1", &serde_json::json!({}))
    });
    let approval = asked.await.unwrap();
    let given = house.act(who("counsel"), Purpose::Administration, "bench::give", move |act| {
        approval::approve(act, &approval).map(drop)
    });
    given.await.unwrap();
    assert_eq!(destroy::agreed(house).await.unwrap(), 1);
}
