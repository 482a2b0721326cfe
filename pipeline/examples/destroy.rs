//! What `cargo xtask bench destroy` measures: files of one report destroyed with proof, and every other key wrapped anew.
//!
//! `destroy FILES` prints one line of JSON: seconds of taking the files in, of the whole destruction, of its dropping, and
//! of a rotation over as many surviving keys. On SQLite and files, in the system's temporary folder or `TMPDIR`.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]
#![expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]

use std::time::Instant;

use domain::{
    Actor, ApprovalKind, CredentialId, DestructionCode, DestructionId, FileId, GivenTime, Id, Incident,
    PersonId, Private, ProviderId, Purpose, ReportId, Reporter, Submission,
};
use pipeline::destroy;
use pipeline::intake::{Login, PartHeaders, authenticate, begin_upload, finish};
use policy::ViewerRole;
use store::destruction::{self, NewDestruction, State};
use store::person::{self, Home, Person};
use store::testing::TestHouse;
use store::{Act, House, approval, document, evidence, number, provider, report, rotation};

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

async fn act<T: Send + 'static>(
    house: &House,
    work: impl FnMut(&Act<'_>) -> store::Result<T> + Send + 'static,
) -> T {
    house.act(Actor::House, Purpose::Retention, "bench::act", work).await.unwrap()
}

async fn furnished(house: &House) -> Login {
    let digest = house.secret_digest(b"a-secret-of-a-bench");
    act(house, move |act| {
        let provider = ProviderId::parse("dull-chat").unwrap();
        provider::add(act, &provider, "Dull Chat")?;
        let credential = provider::NewCredential {
            credential: CredentialId::parse("dull").unwrap(),
            provider,
            username: "dull".to_owned(),
            secret_digest: digest,
            may_submit: true,
            may_update: true,
        };
        provider::add_credential(act, &credential)?;
        for (id, role) in [("supervisor", ViewerRole::Supervisor), ("counsel", ViewerRole::Counsel)] {
            let id = PersonId::parse(id).unwrap();
            person::add(act, &Person { id, home: Home::House, role, name: Private::new("Dull".to_owned()) })?;
        }
        Ok(())
    })
    .await;
    authenticate(house, "dull", "a-secret-of-a-bench").await.unwrap()
}

/// A finished report with so many files of 1 KiB, each different, and how long taking them in took.
async fn taken(house: &House, login: &Login, files: u32, salt: u8) -> (Vec<(ReportId, FileId)>, f64) {
    let started = Instant::now();
    let number = number::next(house).await.unwrap();
    let at = GivenTime { text: "2026-05-30T08:00:00Z".to_owned(), instant: None, zone_unknown: false };
    let incident = Incident {
        incident_type: "csam".to_owned(),
        platform: None,
        escalation: None,
        annotations: Vec::new(),
        occurred: at,
        occurred_means: None,
    };
    let submission = Submission {
        batched: None,
        incident,
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    };
    let new = report::NewReport {
        report: number,
        provider: login.provider.clone(),
        credential: login.credential.clone(),
        urgent: false,
        received: document::Received { body: b"<report/>".to_vec(), content_type: "text/xml".to_owned() },
        submission,
    };
    act(house, move |act| report::open(act, &new)).await;
    for file in 0..files {
        let mut upload = begin_upload(house, login, Some(number)).await.unwrap();
        let mut bytes = vec![salt; 1024];
        bytes[..4].copy_from_slice(&file.to_be_bytes());
        upload.push(&bytes).await.unwrap();
        upload.finish(login, number, PartHeaders::default()).await.unwrap();
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
