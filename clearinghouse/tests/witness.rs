//! Witnesses as their operators run them: the program itself, asked over HTTP by honest logs, by forgers and by forks, and
//! killed again and again; and a house whose ledger they vouch for.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/courier.rs"]
mod courier;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use common::Running;
use courier::Courier;
use ledger::{
    AddCheckpoint, Checkpoint, Edge, Fault, Hash, NoteSigner, TileSource, VerifierKey, consistency_proof,
    cosignatures, leaf_hash, sign,
};
use reqwest::blocking::{Client, Response};
use seal::SigningKey;
use served::Place;
use verify::Keys;

const ORIGIN: &str = "log.example/test";
const MOST_LOOKS: usize = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..MOST_LOOKS {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(BETWEEN_LOOKS);
    }
    panic!("waited in vain for {what}");
}

/// A log that is as honest as the test wants.
struct Log {
    key: VerifierKey,
    signing: SigningKey,
}

impl Log {
    fn named(name: &str, seed: u8) -> Self {
        let signing = SigningKey::from_seed([seed; 32]).unwrap();
        Self { key: VerifierKey::new(name, signing.public()).unwrap(), signing }
    }
}

impl NoteSigner for Log {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault> {
        self.signing.sign(message).map_err(|fault| Fault::Sign(Box::new(fault)))
    }
}

/// Fewer than 256 leaves, which two forks share up to `at`.
struct Tree(Vec<Hash>);

impl Tree {
    fn forked(size: u64, fork: u8, at: u64) -> Self {
        Self((0..size).map(|index| leaf_hash(&[index as u8, if index < at { 0 } else { fork }])).collect())
    }

    fn checkpoint(&self) -> Checkpoint {
        let mut edge = Edge::empty();
        edge.append(&self.0);
        Checkpoint { origin: ORIGIN.to_owned(), size: self.0.len() as u64, root: edge.root() }
    }

    fn request(&self, old: u64, log: &Log) -> AddCheckpoint {
        let size = self.0.len() as u64;
        let proof = if old <= size { consistency_proof(old, size, self).unwrap() } else { Vec::new() };
        AddCheckpoint { old, proof, note: sign(&self.checkpoint(), log).unwrap() }
    }
}

impl TileSource for Tree {
    fn tile(&self, _: u8, _: u64, _: u16) -> Result<Vec<u8>, Fault> {
        Ok(self.0.concat())
    }
}

/// A witness's key file, and its verifier key.
fn witness_key(folder: &Path, name: &str) -> (PathBuf, VerifierKey) {
    let file = folder.join(format!("{}.key", name.replace('/', "-")));
    let made = program().args(["witness", "--make-key", name, "--key"]).arg(&file).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let again = program().args(["witness", "--make-key", name, "--key"]).arg(&file).output().unwrap();
    assert!(!again.status.success(), "a key was written over");
    (file, String::from_utf8(made.stdout).unwrap().trim_end().parse().unwrap())
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_clearinghouse"))
}

fn witness(key: &Path, state: &Path, logs: &[&VerifierKey], listen: &str) -> Running {
    let mut command = program();
    command.args(["witness", "--json", "--listen", listen, "--key"]).arg(key).arg("--state").arg(state);
    for log in logs {
        command.arg("--log").arg(log.to_string());
    }
    Running::start(command)
}

fn url(witness: &Running) -> String {
    witness.ready["url"].as_str().unwrap().trim_end_matches('/').to_owned()
}

fn add(client: &Client, base: &str, body: String) -> reqwest::Result<Response> {
    client.post(format!("{base}/add-checkpoint")).body(body).send()
}

// PROVES: R-75 R-76c
#[test]
fn a_witness_answers_every_request_as_the_protocol_says() {
    let folder = tempfile::tempdir().unwrap();
    let (log, stranger) = (Log::named(ORIGIN, 1), Log::named(ORIGIN, 2));
    let (key, vkey) = witness_key(folder.path(), "witness.example/w1");
    let state = folder.path().join("state");
    let running = witness(&key, &state, &[&log.key], "127.0.0.1:0");
    let (client, base) = (Client::new(), url(&running));
    let asked = |request: &AddCheckpoint| add(&client, &base, request.text()).unwrap();

    let (five, nine) = (Tree::forked(5, 0, 5), Tree::forked(9, 0, 9));
    let answer = asked(&five.request(0, &log));
    assert_eq!(answer.status(), 200);
    let note = format!("{}{}", five.request(0, &log).note, answer.text().unwrap());
    assert_eq!(cosignatures(&note, std::slice::from_ref(&vkey)).unwrap().len(), 1);

    let stale = asked(&nine.request(0, &log));
    assert_eq!(
        (stale.status().as_u16(), stale.headers()["content-type"].to_str().unwrap()),
        (409, "text/x.tlog.size")
    );
    assert_eq!(stale.text().unwrap(), "5\n");
    assert_eq!(asked(&nine.request(5, &stranger)).status(), 403);
    assert_eq!(asked(&Tree::forked(9, 1, 3).request(5, &log)).status(), 422);
    assert_eq!(asked(&Tree::forked(5, 1, 3).request(5, &log)).status(), 422);
    assert_eq!(asked(&five.request(9, &log)).status(), 400);
    let elsewhere = nine.request(5, &log).text().replace(ORIGIN, "log.example/other");
    assert_eq!(add(&client, &base, elsewhere).unwrap().status(), 404);
    for bad in ["", "old", "old 5", "old 05\n\n", "old 5\nx\n\nnote", "\u{0}", "old 5\n\n\n\n\n"] {
        let status = add(&client, &base, bad.to_owned()).unwrap().status().as_u16();
        assert!(matches!(status, 400 | 404), "{bad:?}: {status}");
    }
    // Its connection is closed on it, perhaps before it has said all of it.
    let long = add(&Client::new(), &base, "x".repeat(1 << 20));
    assert!(long.is_err() || long.is_ok_and(|answer| answer.status() == 413));
    assert_eq!(asked(&nine.request(5, &log)).status(), 200);

    // What it cosigned last is there for monitors, and outlives a restart.
    let monitored = |base: &str| {
        let name = seal::hex(&seal::sha256(ORIGIN.as_bytes()));
        client.get(format!("{base}/{name}/checkpoint")).send().unwrap().text().unwrap()
    };
    let before = monitored(&base);
    assert_eq!(ledger::open(&before, std::slice::from_ref(&log.key)).unwrap(), nine.checkpoint());
    // A second witness on the same folder is refused.
    let second = program()
        .args(["witness", "--listen", "127.0.0.1:0", "--key"])
        .arg(&key)
        .arg("--state")
        .arg(&state)
        .arg("--log")
        .arg(log.key.to_string())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("another witness holds"));
    drop(running);
    let running = witness(&key, &state, &[&log.key], "127.0.0.1:0");
    assert_eq!(monitored(&url(&running)), before);
    assert_eq!(add(&client, &url(&running), five.request(0, &log).text()).unwrap().status(), 409);
}

/// How often the witness is killed, and how many cosignatures it gives in between.
const KILLS: usize = 12;
const PER_LIFE: usize = 6;

/// A cosignature that arrived.
#[derive(Debug)]
struct Cosigned {
    life: usize,
    size: u64,
    /// Which of the two stories.
    fork: u8,
}

// PROVES: R-75 R-76c
#[test]
fn a_witness_killed_at_any_moment_never_contradicts_itself() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::named(ORIGIN, 1);
    let (key, _) = witness_key(folder.path(), "witness.example/w1");
    let state = folder.path().join("state");
    let cosigned: Mutex<Vec<Cosigned>> = Mutex::default();
    for life in 0..KILLS {
        let running = Mutex::new(Some(witness(&key, &state, &[&log.key], "127.0.0.1:0")));
        let base = url(running.lock().unwrap().as_ref().unwrap());
        let before = cosigned.lock().unwrap().len();
        std::thread::scope(|scope| {
            // Two sides of a log that tells two stories, both in haste. Which of them wins is left to chance.
            for fork in 0..2_u8 {
                let (base, log, cosigned, running) = (&base, &log, &cosigned, &running);
                scope.spawn(move || {
                    let client = Client::new();
                    let mut old = 0;
                    for size in (life as u64 + 1)..250 {
                        let tree = Tree::forked(size, fork, 4);
                        let Ok(answer) = add(&client, base, tree.request(old.min(size), log).text()) else {
                            return;
                        };
                        match answer.status().as_u16() {
                            200 => {
                                let Ok(line) = answer.text() else { return };
                                assert!(line.starts_with('\u{2014}'));
                                let mut all = cosigned.lock().unwrap();
                                all.push(Cosigned { life, size, fork });
                                if all.len() - before >= PER_LIFE {
                                    drop(all);
                                    // SIGKILL, whatever it is doing for the other side.
                                    drop(running.lock().unwrap().take());
                                    return;
                                }
                                old = size;
                            }
                            409 => match answer.text().map(|text| text.trim_end().parse()) {
                                Ok(Ok(size)) => old = size,
                                _ => return,
                            },
                            _ => {}
                        }
                    }
                });
            }
        });
    }
    let all = cosigned.into_inner().unwrap();
    assert!(all.len() >= KILLS, "{} cosignatures", all.len());
    let beyond: Vec<_> = all.iter().filter(|one| one.size > 4).collect();
    assert!(!beyond.is_empty());
    assert!(beyond.iter().all(|one| one.fork == beyond[0].fork), "both stories were cosigned: {all:?}");
    // Answers to the two sides may cross each other, but not those to one side, nor those of two lives.
    for fork in 0..2 {
        let told: Vec<_> = all.iter().filter(|one| one.fork == fork).collect();
        assert!(told.is_sorted_by_key(|one| one.size), "an older tree after a newer one: {told:?}");
    }
    for lives in all.chunk_by(|one, next| one.life == next.life).collect::<Vec<_>>().windows(2) {
        let newest = lives[0].iter().map(|one| one.size).max();
        let oldest = lives[1].iter().map(|one| one.size).min();
        assert!(newest <= oldest, "an older tree in a later life: {lives:?}");
    }
}

/// A house that three witnesses watch, of which two must agree.
// PROVES: R-75 R-76c
#[test]
fn two_of_three_witnesses_vouch_for_a_house_and_one_that_is_away_delays_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(&folder.path().join("house"));
    place.make();
    let printed = String::from_utf8(place.run(&["ledger", "checkpoint", "--json"]).stdout).unwrap();
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let log: VerifierKey = printed["key"].as_str().unwrap().parse().unwrap();

    let mut witnesses = Vec::new();
    let mut config = "\n[ledger]\nquorum = 2\n".to_owned();
    for number in 1..=3 {
        let (key, vkey) = witness_key(folder.path(), &format!("witness.example/w{number}"));
        let state = folder.path().join(format!("state-{number}"));
        // The third never comes up.
        let running = (number < 3).then(|| witness(&key, &state, &[&log], "127.0.0.1:0"));
        let url = running.as_ref().map_or("http://127.0.0.1:9".to_owned(), url);
        config.push_str(&format!("[[ledger.witness]]\nurl = \"{url}\"\nkey = \"{vkey}\"\n"));
        witnesses.push((running, vkey));
    }
    let file = folder.path().join("house/clearinghouse.toml");
    std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(config.as_bytes()).unwrap();
    let keys: Vec<VerifierKey> = witnesses.iter().map(|(_, key)| key.clone()).collect();

    let served = place.serve();
    let client = Client::new();
    let published =
        || client.get(format!("{}/log/checkpoint", served.base())).send().unwrap().text().unwrap();
    let vouched = |note: &str| cosignatures(note, &keys).unwrap().len() == 2;
    let note = wait_for("a quorum", || Some(published()).filter(|note| vouched(note)));
    let first = ledger::open(&note, std::slice::from_ref(&log)).unwrap();

    // More is done, and it is vouched for too, with one witness away all the time.
    assert!(place.run(&["provider", "add", "Other-Chat", "--json"]).status.success());
    let grown = wait_for("the next quorum", || {
        let note = published();
        let now = ledger::open(&note, std::slice::from_ref(&log)).unwrap();
        (now.size > first.size && vouched(&note)).then_some(now)
    });
    // The tiles that are served make exactly the trees that were cosigned, and the entries the leaves.
    let tile = |name: &str| client.get(format!("{}/log/{name}", served.base())).send().unwrap();
    let mut edge = Edge::empty();
    for index in 0..grown.size.div_ceil(256) {
        let width = (grown.size - index * 256).min(256);
        let suffix = if width == 256 { String::new() } else { format!(".p/{width}") };
        let answer = tile(&format!("tile/0/{index:03}{suffix}"));
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let hashes = answer.bytes().unwrap().to_vec();
        edge.append(hashes.as_chunks().0);
        let entries = tile(&format!("tile/entries/{index:03}{suffix}")).bytes().unwrap().to_vec();
        let leaves: Vec<Hash> = entries.chunks(61).map(|one| leaf_hash(&one[2..])).collect();
        assert_eq!((entries[0], entries[1], leaves.concat()), (0, 59, hashes));
    }
    assert_eq!((edge.size(), edge.root()), (grown.size, grown.root));
    for beyond in
        ["tile/0/999", "tile/0/999.p/7", "tile/entries/7", "tile/entries/999", "tile/9/000", "tile/x"]
    {
        assert_eq!(tile(beyond).status(), 404, "{beyond}");
    }

    // A proof carries the cosignatures, and the doctor names the one that is away.
    let checked = place.run(&["check", "--json"]);
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("a quorum of 2 of 3") && said.contains("witness.example/w3"), "{said}");
    let verified = place.run(&["ledger", "verify", "--json"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// A house that two witnesses watch, both of which must agree, and the policy by which somebody checks what it hands out.
// PROVES: R-75 R-76c
#[test]
fn what_leaves_a_watched_house_holds_under_a_policy_that_asks_for_a_quorum() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(&folder.path().join("house"));
    let given = place.make();
    let printed = String::from_utf8(place.run(&["ledger", "checkpoint", "--json"]).stdout).unwrap();
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let log: VerifierKey = printed["key"].as_str().unwrap().parse().unwrap();
    let (mut witnesses, mut config) = (Vec::new(), "\n[ledger]\nquorum = 2\n".to_owned());
    for number in 1..=2 {
        let (key, vkey) = witness_key(folder.path(), &format!("witness.example/w{number}"));
        let running = witness(&key, &folder.path().join(format!("state-{number}")), &[&log], "127.0.0.1:0");
        config.push_str(&format!("[[ledger.witness]]\nurl = \"{}\"\nkey = \"{vkey}\"\n", url(&running)));
        witnesses.push((running, vkey));
    }
    let file = folder.path().join("house/clearinghouse.toml");
    std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(config.as_bytes()).unwrap();
    let (_, stranger) = witness_key(folder.path(), "witness.example/stranger");

    let served = place.serve();
    let client = Client::new();
    let get = |path: &str| {
        let (user, password) = &given.provider;
        let asked = client.get(format!("{}{path}", served.base()));
        let asked = match path.starts_with("/agency") {
            true => asked.bearer_auth(&given.token),
            false => asked.basic_auth(user, Some(password)),
        };
        asked.send().unwrap().error_for_status().unwrap().bytes().unwrap()
    };
    let keys = String::from_utf8(get("/provider/v1/verifier-keys").to_vec()).unwrap();
    let under = |second: &VerifierKey| {
        let (first, second) = (&witnesses[0].1, second.to_string());
        let policy = format!(
            "log {log}\nwitness one {first}\nwitness two {second}\ngroup both 2 one two\nquorum both\n"
        );
        Keys::under_policy(&keys, &policy).unwrap()
    };
    let (ours, other) = (under(&witnesses[1].1), under(&stranger));

    // A checkpoint that an auditor keeps, then a report on its whole way.
    let kept = wait_for("a quorum", || {
        Some(get("/log/checkpoint")).filter(|note| verify::checkpoint(note, None, &ours).hold())
    });
    let courier = Courier::to(&served.ispws(), &given.provider, Duration::from_secs(60));
    let report = courier.file(b"harmless bytes", |refused| panic!("{refused:?}")).unwrap();
    let arrived =
        || get("/agency/v1/feed?after=0").windows(8).any(|part| part == b"\"report\"").then_some(());
    wait_for("the delivery", arrived);
    let package = wait_for("a cosigned package", || {
        let bytes = get(&format!("/agency/v1/reports/{report}/package"));
        verify::package(&mut Cursor::new(&bytes), &ours).hold().then_some(bytes)
    });
    let receipt = get(&format!("/provider/v1/reports/{report}/receipt.json"));
    let number = report.to_string();
    let path = folder.path().join("certificate.json");
    // Everything of the report is vouched for before it is certified: the certificate shows all of it.
    let told = place.run(&["ledger", "verify", "--rows-only", "--json"]).stdout;
    let leaves = serde_json::from_slice::<serde_json::Value>(&told).unwrap()["leaves"].as_u64().unwrap();
    wait_for("a quorum over everything", || {
        let note = get("/log/checkpoint");
        let size =
            ledger::open(std::str::from_utf8(&note).unwrap(), std::slice::from_ref(&log)).unwrap().size;
        (size >= leaves && verify::checkpoint(&note, None, &ours).hold()).then_some(())
    });
    let words =
        ["certificate", &number, "--for", "us-fbi", "--signer", "J. Doe", "--role", "custodian", "--to"];
    let made = place.run(&[&words[..], &[path.to_str().unwrap()]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = std::fs::read(&path).unwrap();
    let size = ledger::open(std::str::from_utf8(&kept).unwrap(), std::slice::from_ref(&log)).unwrap().size;
    let growth = place.run(&["ledger", "prove", "--from", &size.to_string()]).stdout;

    type Checked<'a> = (&'a str, Box<dyn Fn(&Keys) -> verify::Findings + 'a>);
    let all: [Checked<'_>; 4] = [
        ("package", Box::new(|keys| verify::package(&mut Cursor::new(&package), keys))),
        ("receipt", Box::new(|keys| verify::receipt(&receipt, keys))),
        ("certificate", Box::new(|keys| verify::certificate(&certificate, keys))),
        ("growth", Box::new(|keys| verify::growth(&growth, Some(&kept), keys))),
    ];
    for (what, check) in &all {
        assert!(check(&ours).hold(), "{what}: {:#?}", check(&ours).checks());
        assert!(!check(&other).hold(), "{what} holds although a witness of the policy never saw it");
    }
    // Whoever asks to begin where no checkpoint was, or beyond the end, is told so.
    let beyond = place.run(&["ledger", "prove", "--from", "999999999"]);
    assert!(
        !beyond.status.success() && String::from_utf8_lossy(&beyond.stderr).contains("fewer than 999999999")
    );
    let between = place.run(&["ledger", "prove", "--from", "1", "--to", "999999999"]);
    assert!(String::from_utf8_lossy(&between.stderr).contains("no checkpoint of 999999999 leaves"));
}
