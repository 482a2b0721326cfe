//! A house as an operator makes and runs it: `init`, `provider add`, `agency import`, `agency token`, `serve`. Where it
//! lies, and through which namespace it is started, is the test's choice.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::common::Running;

/// The agency that gets what no rule gives to another.
const DEFAULT_AGENCY: &str = "us-fbi";

/// Where a house lies and how its program is started.
pub struct Place {
    folder: PathBuf,
    profile: &'static str,
    /// Words that stand before the program, such as those that enter a namespace.
    before: Vec<String>,
    settings: Vec<(String, String)>,
}

/// What the operator was handed.
pub struct Keys {
    /// User name and password of a provider.
    pub provider: (String, String),
    /// Token of the default agency.
    pub token: String,
}

/// A house that serves.
pub struct Served {
    /// Ends with it, as a killed process does.
    running: Running,
    base: String,
}

/// The same address under the host name that keys are made for.
pub fn by_name(address: &str) -> String {
    address.replace("127.0.0.1", "localhost")
}

impl Place {
    /// A house of a hotline below `folder`, with the retention schedule that it has to have, and with these of the shipped
    /// rules, in `folder/rules`.
    pub fn hotline(folder: &Path, of: &[&str]) -> Self {
        let copied = "the folder of a test can be written";
        let (rules, shipped) =
            (folder.join("rules"), Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies"));
        std::fs::create_dir_all(rules.join("retention")).expect(copied);
        let schedule = std::fs::read_to_string(shipped.join("retention/synthetic-demo.toml"));
        let schedule =
            schedule.expect("the schedule is shipped").replace("\"synthetic-demo\"", "\"hotline\"");
        std::fs::write(rules.join("retention/hotline.toml"), schedule).expect(copied);
        for of in of {
            std::fs::create_dir_all(rules.join(of)).expect(copied);
            for file in std::fs::read_dir(shipped.join(of)).expect("the rules are shipped") {
                let file = file.expect("the rules are shipped");
                std::fs::copy(file.path(), rules.join(of).join(file.file_name())).expect(copied);
            }
        }
        let rules = rules.to_str().expect("the path of a test is text").to_owned();
        let place = Self::at(&folder.join("house")).of("hotline").with("RULES_FOLDER", rules);
        place.make();
        place
    }

    /// A house in `folder`, which need not be there yet.
    pub fn at(folder: &Path) -> Self {
        let anywhere = "127.0.0.1:0".to_owned();
        let settings = vec![
            ("CLEARINGHOUSE__LISTEN__HOUSE__ADDRESS".to_owned(), anywhere.clone()),
            ("CLEARINGHOUSE__METRICS__ADDRESS".to_owned(), anywhere),
        ];
        Self { folder: folder.to_owned(), profile: "synthetic-demo", before: Vec::new(), settings }
    }

    /// The same under another profile, such as one that keeps what it is given.
    pub fn of(self, profile: &'static str) -> Self {
        Self { profile, ..self }
    }

    /// The same, started with these words before the program.
    pub fn entered_by(self, before: Vec<String>) -> Self {
        Self { before, ..self }
    }

    /// The same with one more setting, such as `DATABASE__URL`.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.settings.push((format!("CLEARINGHOUSE__{key}"), value.into()));
        self
    }

    /// Makes the house with one provider and every agency of the lists.
    pub fn make(&self) -> Keys {
        let folder = self.folder.to_str().expect("the path of a test is text");
        self.done(&["init", "--profile", self.profile, "--data", folder, "--json"]);
        let added = self.done(&["provider", "add", "Harbor-Chat", "--json"]);
        self.done(&["agency", "import", "--verified-by", "tester", "--evidence", "none", "--json"]);
        let issued = self.done(&["agency", "token", DEFAULT_AGENCY, "--json"]);
        let text = |answer: &Value, key: &str| answer[key].as_str().expect("it is in the answer").to_owned();
        Keys { provider: (text(&added, "username"), text(&added, "password")), token: text(&issued, "token") }
    }

    /// Starts serving and working.
    pub fn serve(&self) -> Served {
        let running = Running::start(self.command(&["serve", "--json"]));
        let base = running.ready["listeners"][0].as_str().expect("it is listed").to_owned();
        Served { running, base }
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program starts")
    }

    fn done(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it answers JSON")
    }

    fn command(&self, words: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_clearinghouse");
        let mut line = self.before.iter().map(String::as_str).chain([program]).chain(words.iter().copied());
        let mut command = Command::new(line.next().expect("there is the program at least"));
        command.args(line);
        if words[0] != "init" {
            command.arg("--config").arg(self.folder.join("clearinghouse.toml"));
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Served {
    /// Its process, for what the kernel tells of it.
    pub fn pid(&self) -> u32 {
        self.running.child.id()
    }

    /// Where it is reached, without a slash at the end.
    pub fn base(&self) -> &str {
        self.base.trim_end_matches('/')
    }

    /// Base of the provider API.
    pub fn ispws(&self) -> String {
        format!("{}/ispws", self.base())
    }

    /// Base of the agencies' API.
    pub fn agency(&self) -> String {
        format!("{}/agency/v1", self.base())
    }
}
