//! Whoever asks what everybody may ask leaves nothing behind: not on disk, not in the database, not in a backup, not in
//! the ledger, not in the log (security-practice 7.3).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::FrozenClock;
use reqwest::blocking::Client;
use testkit::{Scratch, both_engines};

use super::watched::Watched;
use super::{MARK, client, marked};

/// From where those come who must not be found again, and how an address looks in hexadecimal.
const HIDDEN: [u8; 4] = [127, 0, 0, 77];
const NEEDLES: [&str; 3] = ["127.0.0.77", "7f00004d", MARK];
/// From where somebody comes whom the ledger has to name (R-76b): without finding them, finding nobody proves nothing.
const NAMED: [u8; 4] = [127, 0, 0, 78];

/// What everybody may ask, of an anonymous listener.
const OF_THE_RECORD: [&str; 5] =
    ["/log/checkpoint", "/log/tile/0/000", "/log/tile/zq-canary", "/log/zq-canary", "/health/live"];
/// And of one that is not.
const OF_THE_HOUSE: [&str; 8] = [
    "/log/checkpoint",
    "/log/tile/0/zq-canary",
    "/agency/sign-in?to=zq-canary",
    "/provider/sign-in",
    "/desk/sign-in",
    "/provider/help",
    "/assets/house.css",
    "/zq-canary",
];

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A house in a folder on one of the databases.
struct Ground<'a> {
    folder: PathBuf,
    scratch: &'a Scratch,
}

impl Ground<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Watched::command();
        command.args(words);
        match words[0] {
            "init" => command.arg("--data").arg(&self.folder),
            _ => command.arg("--config").arg(self.folder.join("clearinghouse.toml")),
        };
        command.env("CLEARINGHOUSE__DATABASE__URL", &self.scratch.settings.url);
        if let Some(file) = &self.scratch.settings.ca_file {
            command.env("CLEARINGHOUSE__DATABASE__CA_FILE", file);
        }
        for (key, value) in [
            ("LOG__FILTER", super::LOUD),
            ("LISTEN__HOUSE__ADDRESS", "127.0.0.1:0"),
            ("LISTEN__RECORD__ADDRESS", "127.0.0.1:0"),
            ("LISTEN__RECORD__SURFACES", "[\"log\"]"),
            ("LISTEN__RECORD__ANONYMOUS", "true"),
        ] {
            command.env(format!("CLEARINGHOUSE__{key}"), value);
        }
        command
    }

    /// Everything that the database holds, as it is written to be carried elsewhere.
    fn dump(&self) -> Vec<u8> {
        if self.scratch.name == "sqlite" {
            // The file itself is searched, and its log beside it.
            let file = self.scratch.settings.url.trim_start_matches("sqlite:");
            let sides = ["", "-wal"].map(|side| std::fs::read(format!("{file}{side}")).unwrap_or_default());
            return sides.concat();
        }
        let mut dump = Command::new("pg_dump");
        dump.arg(&self.scratch.settings.url);
        if let Some(file) = &self.scratch.settings.ca_file {
            dump.env("PGSSLROOTCERT", file).env("PGSSLMODE", "verify-ca");
        }
        run(&mut dump)
    }

    /// The ledger in clear, as an auditor with the keys reads it.
    fn ledger(&self) -> String {
        let variables = [
            ("CLEARINGHOUSE__DATABASE__URL".to_owned(), self.scratch.settings.url.clone()),
            (
                "CLEARINGHOUSE__DATABASE__CA_FILE".to_owned(),
                self.scratch
                    .settings
                    .ca_file
                    .as_ref()
                    .map_or_else(String::new, |file| file.display().to_string()),
            ),
        ];
        let variables = variables.into_iter().filter(|(_, value)| !value.is_empty());
        let config = self.folder.join("clearinghouse.toml");
        let written = std::fs::metadata(&config).unwrap().modified().unwrap();
        let config = config::Config::load(&config, &config::Variables::of(variables)).unwrap();
        let settings = config.store().unwrap();
        let clock = Arc::new(FrozenClock::at(jiff::Timestamp::try_from(written).unwrap()));
        let given = store::Given { clock, random: Arc::new(seal::SystemRandom), corpus: Arc::new(|_| true) };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = store::House::open(&settings, given).await.unwrap();
            while house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
            let reader = house.clone();
            let all = house.read("test::records", move |view| {
                let mut text = String::new();
                let mut from = 0;
                loop {
                    let page = reader.book().records(view, from, 1_000)?;
                    if page.is_empty() {
                        return Ok(text);
                    }
                    from += page.len() as u64;
                    text.extend(
                        page.iter().filter_map(|one| one.event.as_ref()).map(|event| format!("{event}\n")),
                    );
                }
            });
            all.await.unwrap()
        })
    }
}

fn ask(client: &Client, base: &str, paths: &[&str]) {
    for path in paths {
        let request =
            client.get(format!("{base}{path}")).header("cookie", format!("__Host-s={MARK}; a={MARK}"));
        let answer = marked(request).send().unwrap();
        assert!(!answer.headers().contains_key("set-cookie"), "{path}");
        assert!(!answer.headers().contains_key("accept-ch"), "{path}");
        assert!(!answer.status().is_server_error(), "{path}: {}", answer.status());
        client.head(format!("{base}{path}")).send().unwrap();
    }
}

/// Which needle lies where in these bytes.
fn found(place: &str, bytes: &[u8]) -> Vec<String> {
    let is_in =
        |needle: &&str| bytes.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle.as_bytes()));
    NEEDLES.into_iter().filter(is_in).map(|needle| format!("{needle} in {place}")).collect()
}

fn in_folder(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            all.extend(in_folder(&path));
        } else {
            all.extend(found(&path.display().to_string(), &std::fs::read(&path).unwrap()));
        }
    }
    all
}

both_engines! {
    // PROVES: R-11 R-76b
    fn whoever_asks_what_everybody_may_ask_is_found_nowhere(scratch) {
        let place = tempfile::tempdir().unwrap();
        let ground = Ground { folder: place.path().join("house"), scratch };
        run(&mut ground.command(&["init", "--profile", "synthetic-demo"]));
        run(&mut ground.command(&["provider", "add", "Harbor-Chat", "--json"]));
        let house = Watched::start(ground.command(&["serve", "--json"]));
        let listeners = house.ready["listeners"].clone();
        let base = |n: usize| listeners[n].as_str().unwrap().trim_end_matches('/').to_owned();
        let hidden = client(HIDDEN);
        ask(&hidden, &base(1), &OF_THE_RECORD);
        ask(&hidden, &base(0), &OF_THE_HOUSE);
        let named = client(NAMED);
        let wrong = named.get(format!("{}/ispws/status", base(0))).basic_auth("nobody", Some("nothing"));
        assert_eq!(wrong.send().unwrap().status(), reqwest::StatusCode::UNAUTHORIZED);
        if scratch.name == "sqlite" {
            let backup = place.path().join("backup");
            run(&mut ground.command(&["backup", "--to", backup.to_str().unwrap()]));
        }
        let mut all = found("the log", house.end().as_bytes());
        all.extend(found("the database", &ground.dump()));
        all.extend(in_folder(place.path()));
        let ledger = ground.ledger();
        assert!(ledger.contains("127.0.0.78"), "the ledger names whoever it has to: {ledger}");
        all.extend(found("the ledger", ledger.as_bytes()));
        assert!(all.is_empty(), "{all:#?}");
    }
}

#[test]
fn an_anonymous_listener_serves_nothing_that_has_to_know_who_asks() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("house");
    run(Watched::command().args(["init", "--profile", "synthetic-demo", "--data"]).arg(&folder));
    let mut check = Watched::command();
    check.args(["config", "check", "--config"]).arg(folder.join("clearinghouse.toml"));
    check.env("CLEARINGHOUSE__LISTEN__RECORD__ANONYMOUS", "true");
    check.env("CLEARINGHOUSE__LISTEN__RECORD__SURFACES", "[\"log\", \"staff\"]");
    let checked = check.output().unwrap();
    let says = String::from_utf8_lossy(&checked.stderr);
    assert!(!checked.status.success() && says.contains("serves staff, which has to know who asks"), "{says}");
}
