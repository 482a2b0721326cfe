//! `sandbox`, as an engineer's continuous integration meets it: known credentials, honest answers, faults on demand,
//! a clock that moves, a reset, a page of everything that was asked, and nothing of a file on the disk.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;
#[path = "sandbox/wire.rs"]
mod wire;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;
use serde_json::Value;
use wire::{REPORT, Wire};

fn command(more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(["sandbox", "--json", "--port", "0"]).args(more);
    command
}

fn sandbox(more: &[&str]) -> Running {
    Running::start(command(more))
}

fn refused(mut command: Command) -> (Option<i32>, String) {
    let ended = command.output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

/// The requests that the sandbox remembers of a sender.
fn requests(wire: &Wire, query: &str) -> Vec<Value> {
    let listed: Value = wire.fetch(&format!("/sandbox/requests?{query}")).json().unwrap();
    listed["requests"].as_array().unwrap().clone()
}

#[test]
fn the_known_credentials_do_what_is_said_of_them() {
    let house = sandbox(&[]);
    assert_eq!(house.provider(0), ("usr123".to_owned(), "pswd123".to_owned()));
    let wire = Wire::to(&house);
    let report = wire.submit();
    assert!(wire.get("status").body.contains("Remote User : usr123, Remote Ip : 127.0.0.1"));
    let adder = wire.with("update123", "pswd123");
    assert_eq!(adder.xml("submit", REPORT).code(), "3100");
    assert_eq!(adder.upload(&report, b"one").code(), "0");
    assert_eq!(wire.with("off123", "pswd123").get("status").code(), "3000");
    assert_eq!(wire.with("usr123", "wrong").get("status").status, 401);
    assert_eq!(wire.with("nobody", "pswd123").get("status").status, 401);
    let other = wire.with("usr456", "pswd456");
    for path in ["finish", "retract"] {
        assert_eq!(other.close(path, &report).code(), "5001", "a report of another sender does not exist");
    }
    assert_ne!(other.submit(), report);
    assert_eq!(wire.close("finish", &report).code(), "0");
}

fn strangers() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    assert!(folder.is_dir(), "the strangers' clients are not installed: run `cargo xtask test`");
    folder
}

fn walks(mut client: Command) {
    let house = sandbox(&[]);
    let (username, password) = house.provider(0);
    let ended = client.args([house.ispws(), username, password]).output().expect("the client starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && said.trim_end().ends_with("ok"), "{said}\n{errors}");
}

#[test]
fn strangers_clients_pass_against_a_sandbox_unchanged() {
    let script = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers").join(name);
    let mut python = Command::new(strangers().join("python/bin/python"));
    python.arg(script("ncmec_cybertip_walk.py"));
    walks(python);
    let mut node = Command::new("node");
    node.arg(script("civitai_walk.mjs")).arg(strangers().join("node"));
    walks(node);
}

#[test]
fn a_fault_that_answers_does_nothing_else() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    for code in ["1000", "1100", "1110", "1111", "1210", "1300"] {
        let answer = wire.faulty(code).xml("submit", REPORT);
        assert_eq!((answer.status, answer.code().as_str()), (500, code));
        assert!(answer.request_id.is_some());
        let finish = wire.faulty(code).close("finish", &report);
        assert!(
            finish.body.contains("<reportDoneResponse>") && finish.element("reportId") == report,
            "{finish:?}"
        );
    }
    let unauthenticated = wire.faulty("401").get("status");
    assert_eq!((unauthenticated.status, unauthenticated.body.as_str()), (401, ""));
    let limited = wire.faulty("rate-limited").upload(&report, b"one");
    assert_eq!(
        (limited.status, limited.code().as_str(), limited.retry_after.as_deref()),
        (503, "1000", Some("1"))
    );
    for status in [429, 503] {
        assert_eq!(wire.faulty(&status.to_string()).get("status").retry_after.as_deref(), Some("1"));
    }
    for status in [429, 500, 502, 503, 504] {
        let broken = wire.faulty(&status.to_string()).close("finish", &report);
        assert_eq!((broken.status, broken.body.contains('<')), (status, false));
    }
    let done = wire.close("finish", &report);
    assert!(
        done.code() == "0" && done.body.contains("<files/>") | done.body.contains("<files></files>"),
        "{done:?}"
    );
    let told = requests(&wire, "limit=1000");
    let worked = |entry: &&Value| entry["code"] == 0 && entry["path"] == "/ispws/submit";
    assert_eq!(told.iter().filter(worked).count(), 1, "only the one without a fault was done");
}

#[test]
fn a_slow_answer_is_late_and_right() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    let began = requests(&wire, "").len();
    assert_eq!(wire.faulty("slow=1").xml("submit", REPORT).code(), "0");
    let entry = requests(&wire, "").remove(began);
    assert!(entry["durationMs"].as_u64().unwrap() >= 1_000, "{entry}");
    assert_eq!(entry["faults"][0], "slow=1");
}

#[test]
fn a_lost_answer_is_work_that_was_done_and_not_told() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    let lost = wire.faulty("lost-answer");
    assert_eq!(lost.raw_submit(), "", "not one byte of an answer comes");
    let entry = requests(&wire, "").pop().unwrap();
    assert_eq!((entry["unanswered"].as_str(), entry["code"].as_u64()), (Some("lost on purpose"), Some(0)));
    let report = entry["report"].to_string();
    assert!(lost.try_close("finish", &report).is_none());
    // The oracle of a client that does not know: it was done.
    assert_eq!(wire.close("retract", &report).code(), "5102");
}

#[test]
fn expire_now_answers_and_destroys_only_this_report() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    let (report, other) = (wire.submit(), wire.submit());
    assert_eq!(wire.faulty("expire-now").upload(&report, b"one").code(), "0");
    assert_eq!(wire.upload(&report, b"two").code(), "5001");
    assert_eq!(wire.close("finish", &report).code(), "5001");
    assert_eq!(wire.close("finish", &other).code(), "0");
    let gone = wire.faulty("expire-now").xml("submit", REPORT).element("reportId");
    assert_eq!(wire.close("retract", &gone).code(), "5001");
}

#[test]
fn faults_of_the_command_line_strike_every_nth_request() {
    let house = sandbox(&["--fault", "1100:every 3:on submit", "--fault", "429:on xsd"]);
    let wire = Wire::to(&house);
    let codes: Vec<String> = (0..6).map(|_| wire.xml("submit", REPORT).code()).collect();
    assert_eq!(codes, ["0", "0", "1100", "0", "0", "1100"]);
    assert_eq!(wire.get("xsd").status, 429);
    assert_eq!(wire.get("status").status, 200);
}

#[test]
fn an_unknown_fault_is_refused_with_the_list() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    let answer = wire.faulty("sloth").xml("submit", REPORT);
    assert_eq!((answer.status, answer.code().as_str()), (400, "4000"));
    assert!(answer.body.contains("lost-answer") && answer.body.contains("expire-now"), "{answer:?}");
    let wrong_clock = wire.header("sandbox-clock", "-1h").get("status");
    assert_eq!(wrong_clock.code(), "4000");
    let (code, said) = refused(command(&["--fault", "sloth"]));
    assert!(code == Some(2) && said.contains("slow=SECONDS"), "{said}");
}

#[test]
fn a_sender_moves_its_own_clock_and_no_other() {
    let house = sandbox(&[]);
    let (wire, other) = (Wire::to(&house), Wire::to(&house).with("usr456", "pswd456"));
    let [by_order, by_header, foreign] = [wire.submit(), wire.submit(), other.submit()];
    let moved: Value = wire.order("clock", &[("by", "+23h")]).json().unwrap();
    assert_eq!((moved["aheadSeconds"].as_u64(), moved["expired"].as_u64()), (Some(23 * 3_600), Some(0)));
    assert_eq!(wire.upload(&by_order, b"late").code(), "0");
    // A wrong password moves nothing, and the file lengthened nothing: the day is longer than its hour.
    assert_eq!(wire.with("usr123", "wrong").header("sandbox-clock", "+9d").get("status").status, 401);
    assert_eq!(wire.close("finish", &by_order).code(), "0");
    assert_eq!(wire.header("sandbox-clock", "+61m").close("finish", &by_header).code(), "5001");
    assert_eq!(other.close("finish", &foreign).code(), "0");
    assert_eq!(wire.order("clock", &[("by", "9999d")]).status(), 400);
}

#[test]
fn a_reset_takes_what_is_the_senders_and_nothing_of_another() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("kept");
    let house = sandbox(&["--data", data.to_str().unwrap()]);
    let (wire, other) = (Wire::to(&house), Wire::to(&house).with("usr456", "pswd456"));
    let [open, finished, foreign] = [wire.submit(), wire.submit(), other.submit()];
    wire.upload(&open, b"one");
    wire.close("finish", &finished);
    assert_eq!(wire.with("usr123", "wrong").order("reset", &[]).status(), 401);
    let answer: Value = wire.order("reset", &[]).json().unwrap();
    assert_eq!(answer["reset"], "usr123");
    assert!(requests(&wire, "sender=usr123").is_empty());
    assert_eq!(requests(&wire, "sender=usr456").len(), 1);
    assert!(
        !data.join("usr123/0").exists() && data.join("usr123/1").exists() && data.join("usr456/0").exists()
    );
    for report in [&open, &finished] {
        assert_eq!(wire.close("retract", report).code(), "5001");
    }
    assert!(wire.submit() > finished, "a number is never given out twice");
    assert_eq!(other.close("finish", &foreign).code(), "0");
}

#[test]
fn a_folder_keeps_reports_and_the_house_in_it_walks_them_to_an_agency() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("kept");
    let more = ["--data", data.to_str().unwrap()];
    let first = sandbox(&more);
    let finished = Wire::to(&first).submit();
    assert_eq!(Wire::to(&first).close("finish", &finished).code(), "0");
    let path = format!("/provider/v1/reports/{finished}");
    let walked = |wire: &Wire| wire.own(&path)["state"].as_str().map(str::to_owned);
    let wire = Wire::to(&first);
    assert!((0..10_000).any(|_| walked(&wire).as_deref() == Some("available")), "{:?}", walked(&wire));
    drop(first);
    let second = sandbox(&more);
    assert_eq!(walked(&Wire::to(&second)).as_deref(), Some("available"));
    assert_eq!(Wire::to(&second).close("retract", &finished).code(), "5102");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_byte_of_an_upload_is_on_the_disk_afterwards() {
    const MEBIBYTE: usize = 1 << 20;
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("kept");
    let house = sandbox(&["--data", data.to_str().unwrap()]);
    let wire = Wire::to(&house);
    let bytes_below = || files(&data).iter().map(|path| path.metadata().unwrap().len()).sum::<u64>();
    let before = bytes_below();
    let report = wire.submit();
    let marker = b"NEVER-ON-THE-DISK";
    let file: Vec<u8> = marker.iter().copied().cycle().take(24 * MEBIBYTE).collect();
    // A file of our own corpus, too: a demo keeps those, a sandbox does not.
    let own = synth::corpus::bytes(0);
    for bytes in [file.as_slice(), marker, own] {
        assert_eq!(wire.upload(&report, bytes).code(), "0");
    }
    assert_eq!(wire.upload(&report, b"hello").element("hash"), "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(wire.close("finish", &report).code(), "0");
    drop(house);
    // Sealed bytes look like nothing, so their amount is held against what was sent; rows and tables need some room.
    let more = bytes_below() - before;
    assert!(more < 8 * MEBIBYTE as u64, "{more} bytes more");
    // What lies in the vault is empty or a public table, and those are named by what they hold.
    for path in
        files(&data).into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "vault"))
    {
        let held = std::fs::read(&path).unwrap();
        let named_by_it = path.file_name().unwrap().to_str() == Some(&seal::hex(&seal::sha256(&held)));
        assert!(held.is_empty() || (named_by_it && held != own), "{}", path.display());
    }
    for path in files(&data) {
        let held = std::fs::read(&path).unwrap();
        assert!(!held.windows(marker.len()).any(|window| window == marker), "{}", path.display());
    }
}

#[test]
fn the_pages_say_what_was_asked_and_answered_without_a_script() {
    let house = sandbox(&["--fault", "1300:every 1000"]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    wire.xml("submit", &REPORT.replace("</incidentType>", "</incidentType><odd>&lt;script&gt;</odd>"));
    wire.upload(&report, b"SECRET-BYTES");
    let page = wire.fetch("/sandbox");
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert!(page.headers().get("refresh").is_none());
    let page = page.text().unwrap();
    for words in [
        "cvc-complex-type.2.4.a",
        "code 4100",
        "line 1, column",
        "usr456",
        "pswd123",
        "lost-answer",
        "Send invented data only",
        "1300:every 1000",
        "Reset usr123",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script>") && !page.contains(" onclick"));
    let again = wire.fetch("/sandbox?live=page");
    assert_eq!(again.headers()["refresh"], "5");
    let part = wire.fetch("/sandbox?live=script&part=requests&sender=usr123").text().unwrap();
    assert!(part.starts_with("<div id=\"requests\"") && part.contains("hx-trigger=\"every 2s\""), "{part}");
    assert!(!wire.fetch("/sandbox?live=off").text().unwrap().contains("hx-trigger"));
    let refused = wire.fetch("/sandbox/requests/2").text().unwrap();
    assert!(refused.contains("&lt;odd&gt;&amp;lt;script&amp;gt;&lt;/odd&gt;"), "{refused}");
    let upload = wire.fetch("/sandbox/requests/3").text().unwrap();
    assert!(upload.contains("name=&quot;file&quot;") && !upload.contains("SECRET-BYTES"), "{upload}");
    assert_eq!(wire.fetch("/sandbox/requests/99").status(), 404);
    assert_eq!(wire.fetch("/sandbox/requests/x").status(), 404);
}

#[test]
fn the_buttons_of_the_page_need_the_page() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    wire.submit();
    let page = wire.fetch("/sandbox").text().unwrap();
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let press = |origin: &str, token: &str| {
        let form = [("sender", "usr123"), ("csrf", token)];
        let press =
            wire.client.post(format!("{}/sandbox/reset", wire.origin())).header("origin", origin).form(&form);
        press.send().unwrap().status().as_u16()
    };
    assert_eq!(press("https://evil.example", &token), 401);
    assert_eq!(press(&wire.origin(), "0123"), 401);
    assert_eq!(requests(&wire, "").len(), 1);
    assert_eq!(press(&wire.origin(), &token), 303);
    assert!(requests(&wire, "").is_empty());
}

#[test]
fn requests_are_listed_from_a_cursor_on() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    for _ in 0..3 {
        wire.get("status");
    }
    wire.with("usr456", "pswd456").get("status");
    wire.with("stranger", "x").get("status");
    let first: Value = wire.fetch("/sandbox/requests?limit=2").json().unwrap();
    assert_eq!((first["requests"].as_array().unwrap().len(), first["next"].as_u64()), (2, Some(2)));
    let rest = requests(&wire, "after=2");
    let who: Vec<Option<&str>> = rest.iter().map(|entry| entry["sender"].as_str()).collect();
    assert_eq!(who, [Some("usr123"), Some("usr456"), None]);
    assert_eq!((rest[2]["status"].as_u64(), rest[2]["username"].as_str()), (Some(401), Some("stranger")));
    assert!(rest[0]["requestId"].as_str().is_some_and(|id| id.len() == 36));
    assert_eq!(wire.fetch("/sandbox/requests?after=x").status(), 400);
    assert_eq!(wire.fetch("/sandbox/requests?sender=x").status(), 404);
}

#[test]
fn a_client_that_leaves_is_written_down_too() {
    let house = sandbox(&[]);
    let wire = Wire::to(&house);
    wire.faulty("slow=60").raw_and_leave();
    let left = (0..1_000).find_map(|_| requests(&wire, "").pop());
    assert_eq!(left.unwrap()["unanswered"], "the client left before it was answered");
}

#[test]
fn nowhere_else_do_a_sandboxs_headers_and_pages_mean_anything() {
    let demo = Running::demo(0, &[]);
    let wire = Wire::to(&demo).with(&demo.provider(0).0, &demo.provider(0).1);
    let report = wire.faulty("1000, lost-answer, expire-now").header("sandbox-clock", "+25h").submit();
    for word in ["1000", "401", "429", "503", "lost-answer", "sloth"] {
        assert_eq!(wire.faulty(word).get("status").status, 200, "{word}");
    }
    assert_eq!(wire.close("finish", &report).code(), "0");
    for path in ["/sandbox", "/sandbox/requests"] {
        assert_eq!(wire.fetch(path).status(), 404);
    }
    assert_eq!(wire.order("reset", &[]).status(), 404);
    assert_eq!(wire.order("clock", &[("by", "25h")]).status(), 404);
}

#[test]
fn a_real_house_never_becomes_a_sandbox() {
    for profile in ["hotline", "ncmec", "law-enforcement"] {
        let scratch = tempfile::tempdir().unwrap();
        for place in ["", "usr123/0"] {
            let data = scratch.path().join(profile).join(place.len().to_string());
            let mut init = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
            init.args(["init", "--profile", profile, "--data"]).arg(data.join(place));
            assert!(init.output().unwrap().status.success());
            let (code, said) = refused(command(&["--data", data.to_str().unwrap()]));
            assert!(code == Some(1) && said.contains("not a sandbox"), "{profile}: {said}");
        }
    }
}

fn from_root(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

#[test]
fn the_book_lists_every_fault_and_every_credential() {
    let book = from_root("docs/providers/sandbox.md");
    for (word, does) in providers::sandbox::KINDS {
        assert!(book.contains(&format!("| `{word}` | {does} |")), "{word}");
    }
    let house = sandbox(&[]);
    for account in house.ready["providers"].as_array().unwrap() {
        let text = |key: &str| account[key].as_str().unwrap().to_owned();
        let row = format!("| `{}` | `{}` | {} |", text("username"), text("password"), text("name"));
        assert!(book.contains(&row), "{row}");
    }
}

#[test]
fn the_container_file_builds_what_is_there_and_runs_as_nobody_special() {
    let container = from_root("Containerfile");
    let line = |word: &str| container.lines().find(|line| line.starts_with(word)).unwrap_or_default();
    assert!(line("RUN cargo").ends_with("--release --locked --package clearinghouse --bin clearinghouse"));
    assert!(container.contains("/source/target/release/clearinghouse /usr/local/bin/clearinghouse"));
    assert!(container.find("USER 10001").unwrap() < container.find("ENTRYPOINT").unwrap());
    assert!(from_root(".dockerignore").lines().any(|line| line == "target"));
    // The command that the image runs is one of ours.
    let words: Vec<String> = serde_json::from_str(line("CMD").trim_start_matches("CMD ")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    let house = Running::start({
        command.args(&words).args(["--json", "--port", "0"]);
        command
    });
    assert_eq!(Wire::to(&house).get("status").status, 200);
}
