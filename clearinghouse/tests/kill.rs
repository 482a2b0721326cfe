//! The house is killed under load, again and again, and started again: every finish that was acknowledged reaches an
//! agency exactly once, with all its files readable.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::Running;
use reqwest::blocking::{Client, multipart};

/// How often the house is killed.
const ROUNDS: usize = 4;
/// Finishes that are acknowledged in a round before it dies; the moment within the next request is left to chance.
const PER_ROUND: usize = 25;
const CALLERS: usize = 6;
/// How often the feed is asked before the test gives up, and how long it waits between: together longer than the lease
/// that a killed worker leaves behind.
const MOST_LOOKS: usize = 400;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

const REPORT: &str = "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";

/// What was acknowledged: each report with the bytes of its file.
type Acknowledged = Arc<Mutex<BTreeMap<u64, Vec<u8>>>>;

fn demo(data: &Path, database: &[(&str, String)]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(["demo", "--json", "--port", "0", "--reports", "0", "--data"]).arg(data);
    command.envs(database.iter().map(|(name, value)| (name, value)));
    Running::start(command)
}

/// One report from submit to finish; `None` when the house died on the way.
fn file(client: &Client, base: &str, user: &(String, String), bytes: Vec<u8>) -> Option<(u64, Vec<u8>)> {
    let post = |path: &str| client.post(format!("{base}/{path}")).basic_auth(&user.0, Some(&user.1));
    let element = |body: &str, name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        rest.split_once('<').map(|(text, _)| text.to_owned())
    };
    let answer = post("submit").header("content-type", "text/xml").body(REPORT).send().ok()?.text().ok()?;
    let report = element(&answer, "reportId")?;
    let part = multipart::Part::bytes(bytes.clone()).file_name("card.png");
    let form = multipart::Form::new().text("id", report.clone()).part("file", part);
    let answer = post("upload").multipart(form).send().ok()?.text().ok()?;
    let file = element(&answer, "fileId")?;
    let details = format!(
        "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>\
         <fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
    );
    let answer =
        post("fileinfo").header("content-type", "text/xml").body(details).send().ok()?.text().ok()?;
    (element(&answer, "responseCode")? == "0").then_some(())?;
    let answer = post("finish").form(&[("id", &report)]).send().ok()?.text().ok()?;
    (element(&answer, "responseCode")? == "0").then_some(())?;
    Some((report.parse().ok()?, bytes))
}

/// Sends until the house is killed in the middle of it.
fn load_and_kill(mut house: Running, acknowledged: &Acknowledged) {
    let (base, user) = (house.ispws(), house.provider(0));
    let (count, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (base, user, count, stop) = (&base, &user, &count, &stop);
            scope.spawn(move || {
                let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
                while !stop.load(Ordering::Relaxed) {
                    let bytes =
                        synth::corpus::bytes(caller + CALLERS * count.load(Ordering::Relaxed)).to_vec();
                    let Some((report, bytes)) = file(&client, base, user, bytes) else { return };
                    acknowledged.lock().unwrap().insert(report, bytes);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while count.load(Ordering::Relaxed) < PER_ROUND {
            std::thread::yield_now();
        }
        house.child.kill().unwrap();
        stop.store(true, Ordering::Relaxed);
    });
}

/// Every report of the agency's feed, as often as it stands there.
fn feed(client: &Client, base: &str, token: &str) -> BTreeMap<u64, usize> {
    let (mut after, mut found) = ("0".to_owned(), BTreeMap::new());
    loop {
        let address = format!("{base}/feed?after={after}&limit=1000");
        let page: serde_json::Value = client.get(address).bearer_auth(token).send().unwrap().json().unwrap();
        let entries = page["entries"].as_array().unwrap();
        if entries.is_empty() {
            return found;
        }
        for entry in entries {
            *found.entry(entry["report"].as_u64().unwrap()).or_default() += 1;
        }
        after = page["next"].as_str().unwrap().to_owned();
    }
}

/// True when the report's package holds a file with these bytes.
fn holds(client: &Client, base: &str, token: &str, report: u64, bytes: &[u8]) -> bool {
    let address = format!("{base}/reports/{report}/package");
    let package = client.get(address).bearer_auth(token).send().unwrap().bytes().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len()).any(|at| {
        let mut member = archive.by_index(at).unwrap();
        let is_file = member.name().unwrap().starts_with("files/");
        let mut found = Vec::new();
        member.read_to_end(&mut found).unwrap();
        is_file && found == bytes
    })
}

fn survives(database: &[(&str, String)]) {
    let data = tempfile::tempdir().unwrap();
    let acknowledged = Acknowledged::default();
    for _ in 0..ROUNDS {
        load_and_kill(demo(data.path(), database), &acknowledged);
    }
    let house = demo(data.path(), database);
    let systems = house.ready["agency_api"].as_array().unwrap();
    let federal =
        systems.iter().find(|one| one["agency"] == "us-fbi").expect("the default agency has a token");
    let (base, token) = (federal["base"].as_str().unwrap(), federal["token"].as_str().unwrap());
    let client = Client::new();
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() >= ROUNDS * PER_ROUND);
    let arrived = (0..MOST_LOOKS).any(|_| {
        let found = feed(&client, base, token);
        assert!(found.values().all(|times| *times == 1), "a report came twice");
        let all = acknowledged.keys().all(|report| found.contains_key(report));
        if !all {
            std::thread::park_timeout(BETWEEN_LOOKS);
        }
        all
    });
    assert!(arrived, "an acknowledged report did not arrive");
    for (report, bytes) in acknowledged.iter() {
        assert!(holds(&client, base, token, *report, bytes), "report {report} lost its file");
    }
}

#[test]
fn every_acknowledged_finish_survives_being_killed_on_sqlite() {
    survives(&[]);
}

#[test]
fn every_acknowledged_finish_survives_being_killed_on_postgresql() {
    let database = testkit::postgres::fresh_database();
    let mut settings = vec![("CLEARINGHOUSE__DATABASE__URL", database.url())];
    if let Some(authority) = std::env::var_os("CLEARINGHOUSE_TEST_POSTGRES_CA") {
        settings.push(("CLEARINGHOUSE__DATABASE__CA_FILE", authority.into_string().unwrap()));
    }
    survives(&settings);
}
