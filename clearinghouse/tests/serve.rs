//! `init`, `check` and `serve`: a house on its own folder, with several listeners.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::Client;
use serde_json::Value;

/// How often a test looks for what it waits for; each look is a request.
const MOST_LOOKS: usize = 1_000_000;

fn clearinghouse(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(line.split_whitespace()).current_dir(folder).output().expect("the binary runs")
}

fn done(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it answers JSON")
}

/// A new house, with its configuration replaced by `listeners` after the parts that `init` wrote.
fn house(listeners: &str) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().expect("a folder can be made");
    done(&clearinghouse(scratch.path(), "init --profile synthetic-demo --data . --json"));
    let file = scratch.path().join("clearinghouse.toml");
    let text = fs::read_to_string(&file).expect("init wrote a configuration");
    let (ground, _) = text.split_once("[listen.").expect("it names a listener");
    fs::write(&file, format!("{ground}{listeners}")).expect("the configuration can be written");
    scratch
}

fn serve(folder: &Path, more: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(["serve", "--json"]).args(more).current_dir(folder);
    Running::start(command)
}

fn url(house: &Running, at: usize) -> String {
    house.ready["listeners"][at].as_str().expect("it is listed").to_owned()
}

#[test]
fn each_listener_serves_its_own_surfaces_and_figures_stand_apart() {
    let scratch = house(
        "[listen.a]\naddress = \"127.0.0.1:0\"\nsurfaces = [\"providers\"]\n\
         [listen.b]\naddress = \"127.0.0.1:0\"\nsurfaces = [\"agencies\"]\n\
         [metrics]\naddress = \"127.0.0.1:0\"\n",
    );
    let house = serve(scratch.path(), &[]);
    let client = Client::new();
    let status = |at: usize, path: &str| client.get(url(&house, at) + path).send().unwrap().status();
    assert_eq!(status(0, "/ispws/status"), StatusCode::UNAUTHORIZED);
    assert_eq!(status(0, "/agency/sign-in"), StatusCode::NOT_FOUND);
    assert_eq!(status(1, "/agency/sign-in"), StatusCode::OK);
    assert_eq!(status(1, "/ispws/status"), StatusCode::NOT_FOUND);
    for at in 0..3 {
        assert_eq!(status(at, "/health/ready"), StatusCode::OK);
        assert_eq!(status(at, "/metrics"), if at == 2 { StatusCode::OK } else { StatusCode::NOT_FOUND });
    }
    let figures = client.get(url(&house, 2) + "/metrics").send().unwrap().text().unwrap();
    for figure in [
        "clearinghouse_database_up 1",
        "clearinghouse_work_dead 0",
        "clearinghouse_oldest_undelivered_seconds 0",
    ] {
        assert!(figures.contains(figure), "{figures}");
    }
}

#[test]
fn a_listener_with_a_name_and_a_certificate_answers_to_that_name_only() {
    let scratch = house("");
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(scratch.path().join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(scratch.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let mut listener =
        fs::OpenOptions::new().append(true).open(scratch.path().join("clearinghouse.toml")).unwrap();
    std::io::Write::write_all(
        &mut listener,
        b"[listen.desk]\naddress = \"127.0.0.1:0\"\nhost = \"localhost\"\nsurfaces = [\"agencies\"]\n\
          certificate_file = \"cert.pem\"\nkey_file = \"key.pem\"\n",
    )
    .unwrap();
    let house = serve(scratch.path(), &["--surface", "agencies", "--no-work"]);
    let base = url(&house, 0);
    assert!(base.starts_with("https://localhost:"), "{base}");
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = Client::builder().tls_certs_only([trusted]).http1_only().build().unwrap();
    let ask = |host: Option<&str>, path: &str| {
        let request = client.get(format!("{base}{path}"));
        match host {
            Some(host) => request.header("host", host),
            None => request,
        }
        .send()
        .unwrap()
        .status()
    };
    assert_eq!(ask(None, "/agency/sign-in"), StatusCode::OK);
    assert_eq!(ask(Some("evil.example"), "/agency/sign-in"), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(ask(Some("evil.example"), "/health/live"), StatusCode::OK);
    assert!(Client::new().get(&base).send().is_err(), "a stranger does not trust our certificate");
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let scratch = house("");
    let found = done(&clearinghouse(scratch.path(), "check --json"));
    assert!(found.as_array().unwrap().iter().all(|part| part["state"] != "failed"), "{found:#}");
    let key = scratch.path().join("root.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let output = clearinghouse(scratch.path(), "check");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("FAILED  keys") && said.contains("chmod 600"), "{said}");
    fs::remove_file(&key).unwrap();
    let output = clearinghouse(scratch.path(), "serve");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no root key"));
}

// PROVES: R-01
#[test]
fn a_house_is_made_once_and_keeps_its_profile() {
    let scratch = house("");
    let again = clearinghouse(scratch.path(), "init --profile hotline --data .");
    assert_eq!(again.status.code(), Some(1));
    let file = scratch.path().join("clearinghouse.toml");
    let text = fs::read_to_string(&file).unwrap().replace("synthetic-demo", "hotline");
    fs::write(&file, text).unwrap();
    let other = clearinghouse(scratch.path(), "provider list");
    assert_eq!(other.status.code(), Some(1));
    let said = String::from_utf8(other.stderr).unwrap();
    assert!(said.contains("set up as synthetic-demo"), "{said}");
}

#[test]
fn an_operator_sets_up_a_provider_agencies_and_tables() {
    let scratch = house("");
    let run = |line: &str| done(&clearinghouse(scratch.path(), line));
    let added = run("provider add Harbor-Chat --json");
    assert_eq!(added["username"], "harbor-chat");
    assert_eq!(added["password"].as_str().unwrap().len(), 64);
    assert_eq!(clearinghouse(scratch.path(), "provider add Harbor-Chat").status.code(), Some(1));
    assert_eq!(run("provider list --json").as_array().unwrap().len(), 1);

    let imported = run("agency import --verified-by tester --evidence none --json");
    assert!(imported["added"].as_u64().unwrap() > 61);
    assert_eq!(run("agency import --json")["added"], 0);
    let unproven = "agency add us-example --name Example --class LOCAL --state MN --json";
    assert_eq!(run(unproven)["qualified"], false);
    let all = run("agency list --json");
    let may = |id: &str| {
        all.as_array().unwrap().iter().find(|one| one["agency"] == id).unwrap()["may_receive"].clone()
    };
    assert_eq!((may("us-example"), may("icac-us-mn")), (false.into(), true.into()));
    assert_eq!(run("agency token icac-us-mn --json")["token"].as_str().unwrap().len(), 64);
    assert_eq!(clearinghouse(scratch.path(), "agency token nobody").status.code(), Some(1));

    run("synth generate --out made --reports 2 --json");
    let table = run("dataset add ip-place made/places.csv --json");
    assert!(table["rows"].as_u64().unwrap() > 100);
    assert_eq!(run("dataset list --json").as_array().unwrap().len(), 1);
    let verdict = run("ledger verify --json");
    assert_eq!(verdict["ok"], true);
}

#[test]
fn a_house_whose_vault_is_gone_is_alive_and_not_ready_until_it_is_back() {
    let scratch = house("[listen.a]\naddress = \"127.0.0.1:0\"\nsurfaces = [\"providers\"]\n");
    let house = serve(scratch.path(), &[]);
    let client = Client::new();
    let ask = |path: &str| {
        let answer = client.get(url(&house, 0) + path).send().unwrap();
        (answer.status(), answer.text().unwrap())
    };
    // An answer is repeated for a second.
    let wait_for = |status: StatusCode| {
        let found = (0..MOST_LOOKS).map(|_| ask("/health/ready")).find(|(found, _)| *found == status);
        found.expect("it is noticed").1
    };
    assert_eq!(wait_for(StatusCode::OK), "ready\n");
    let (vault, away) = (scratch.path().join("vault"), scratch.path().join("elsewhere"));
    fs::rename(&vault, &away).unwrap();
    assert_eq!(wait_for(StatusCode::SERVICE_UNAVAILABLE), "the vault does not answer\n");
    assert_eq!(ask("/health/live").0, StatusCode::OK);
    fs::rename(&away, &vault).unwrap();
    assert_eq!(wait_for(StatusCode::OK), "ready\n");
}

// PROVES: R-52
#[test]
fn a_backup_opens_while_its_epoch_lives_and_is_dead_after_the_next() {
    let house = house("");
    let (folder, copy) = (house.path(), house.path().join("copy"));
    let backup = done(&clearinghouse(folder, "backup --to backup --json"));
    assert_eq!(backup["left_out"][1], "epoch keys");
    assert!(!folder.join("backup/epochs").exists() && !folder.join("backup/root.key").exists());
    let mode = fs::metadata(folder.join("backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    // Another place, with the live keys.
    let restored = || {
        if copy.exists() {
            fs::remove_dir_all(&copy).unwrap();
        }
        fs::create_dir(&copy).unwrap();
        for file in ["clearinghouse.toml", "root.key"] {
            fs::copy(folder.join(file), copy.join(file)).unwrap();
        }
        std::os::unix::fs::symlink(folder.join("epochs"), copy.join("epochs")).unwrap();
        clearinghouse(folder, "restore --from backup --config copy/clearinghouse.toml --json")
    };
    done(&restored());
    assert!(!clearinghouse(folder, "restore --from backup --json").status.success(), "never over a house");
    done(&clearinghouse(folder, "custody rotate --json"));
    let refused = restored();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("custody no longer holds a key"), "{said}");
    // The house itself goes on.
    let status = done(&clearinghouse(folder, "custody status --json"));
    assert_eq!(status["live"][0]["epoch"], 2);
}
