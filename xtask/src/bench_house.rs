//! A house under measurement: the released binary as an operator runs it, in a folder of its own, on loopback only,
//! ended by its process id when its handle is dropped. Beside it what every measurement needs: load, yardsticks, clock.

pub mod caller;
pub mod ceiling;
pub mod clock;
pub mod feed;
mod figures;
pub mod load;
pub mod process;
pub mod rows;
mod stored;
pub mod yardstick;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use synth::Account;

use crate::{Result, shell};
use rows::Rows;
use stored::{Opened, TEMPLATES};

/// A database that a house may stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The one for larger installations.
    Postgres,
}

impl Engine {
    /// Both, the one whose figure leads first.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Its name among the details.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// What a benchmark asks of its house.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Where its rows are.
    pub engine: Engine,
    /// Superuser URL of a PostgreSQL without database name.
    pub postgres: Option<&'a str>,
    /// `synthetic-demo` keeps nothing but the corpus; others keep what they are given.
    pub profile: &'a str,
    /// Whether the process also works on what is finished.
    pub works: bool,
    /// Reports that the house has from earlier years.
    pub stored: u64,
    /// Folder on the disk to be measured.
    pub folder: &'a Path,
}

/// A running house with one provider. Dropping it ends the process; its folder and database go with it.
pub struct BenchHouse {
    served: Served,
    binary: PathBuf,
    account: Account,
    token: Option<String>,
    // Order matters: the process ends before its rows and its folder go.
    rows: Rows,
    folder: tempfile::TempDir,
}

/// The process and its listeners. Dropping it ends the process.
struct Served {
    child: Child,
    base: String,
    figures: String,
}

/// The agency that takes what nobody else can: where it is the only one, every report ends up in its feed.
const AGENCY: &str = "us-fbi";
/// Whatever is wrong is said; a line for each report would be measured too.
const LOG: &str = "error";

/// Builds the binary as it is released, unless one was named.
pub fn binary(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.canonicalize()?);
    }
    shell::run(shell::at_root("cargo").args(["build", "--release", "--package", "clearinghouse"]))?;
    // We were built into the same folder.
    Ok(std::env::current_exe()?.with_file_name("clearinghouse"))
}

impl BenchHouse {
    /// Makes a house, its provider and its agency with the product's own commands, and serves it.
    pub fn start(binary: &Path, wanted: Wanted<'_>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("clearinghouse-bench-").tempdir_in(wanted.folder)?;
        let rows = Rows::make(wanted.engine, wanted.postgres)?;
        let maker = Maker { binary, data: folder.path().join("house"), rows: &rows };
        maker.ask(&["init", "--profile", wanted.profile, "--data", &text(&maker.data)?])?;
        maker.decide_retention(wanted.profile)?;
        let provider = maker.administer(&["provider", "add", "Harbor-Chat"])?;
        let account =
            Account { username: word(&provider["username"])?, password: word(&provider["password"])? };
        let token = if wanted.works || wanted.stored > 0 { Some(maker.agency()?) } else { None };
        let log = folder.path().join("log");
        if let (Some(token), 1..) = (&token, wanted.stored) {
            let first = maker.templates(&account, token, &log)?;
            eprintln!("filling: {} reports", wanted.stored);
            maker.opened()?.fill(first, wanted.stored)?;
            eprintln!("filled: now it is measured");
        }
        let served = maker.serve(wanted.works, &log)?;
        Ok(Self { served, binary: binary.to_owned(), account, token, rows, folder })
    }

    /// Ends the process and serves the same house anew.
    pub fn serve_again(&mut self, works: bool) -> Result<()> {
        self.served.end();
        let data = self.folder.path().join("house");
        let maker = Maker { binary: &self.binary, data, rows: &self.rows };
        self.served = maker.serve(works, &self.folder.path().join("log"))?;
        Ok(())
    }

    /// Base of the provider API.
    pub fn ispws(&self) -> String {
        format!("{}/ispws", self.served.base)
    }

    /// The provider's credentials.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Address of the agency's feed and its token; only a house that works, or did, has an agency.
    pub fn feed(&self) -> Result<(String, &str)> {
        let token = self.token.as_deref().ok_or("a new house that does not work has no agency")?;
        Ok((format!("{}/agency/v1/feed", self.served.base), token))
    }

    /// The process, for `/proc`.
    pub fn pid(&self) -> u32 {
        self.served.child.id()
    }

    /// How often each kind of transaction ran and how long it took on average, as the house itself tells.
    pub fn transactions(&self) -> Result<Value> {
        let text = load::runtime()?.block_on(async {
            reqwest::get(format!("{}/metrics", self.served.figures)).await?.error_for_status()?.text().await
        })?;
        Ok(figures::described(&text))
    }
}

impl Served {
    /// Nothing of it is kept, so nothing is asked of it.
    fn end(&mut self) {
        if let Err(fault) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the house could not be ended: {fault}");
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}

/// Makes a house by the commands that an operator has.
struct Maker<'a> {
    binary: &'a Path,
    data: PathBuf,
    rows: &'a Rows,
}

impl Maker<'_> {
    /// A real house does not start without a schedule of its own: here it has that of the demonstration.
    fn decide_retention(&self, profile: &str) -> Result<()> {
        let shipped = std::fs::read_to_string(shell::root().join("policies/retention/synthetic-demo.toml"))?;
        let folder = self.rules().join("retention");
        std::fs::create_dir_all(&folder)?;
        let own = shipped.replace("\"synthetic-demo\"", &format!("{profile:?}"));
        Ok(std::fs::write(folder.join(format!("{profile}.toml")), own)?)
    }

    /// An agency that may receive, and the token of its system.
    fn agency(&self) -> Result<String> {
        let verified = ["--verified-by", "bench", "--evidence", "none"];
        let add = ["agency", "add", AGENCY, "--name", "Bench", "--class", "FEDERAL", "--fact", "invented"];
        self.administer(&[&add[..], &verified[..]].concat())?;
        word(&self.administer(&["agency", "token", AGENCY])?["token"])
    }

    /// Serves the house and waits until it is ready.
    fn serve(&self, works: bool, log: &Path) -> Result<Served> {
        let mut child = self.served(works, log)?;
        let ready = match first_line(&mut child) {
            Ok(ready) => ready,
            Err(reason) => {
                child.kill()?;
                child.wait()?;
                let said = std::fs::read_to_string(log).unwrap_or_default();
                return Err(format!("the house did not become ready: {reason}\n{said}").into());
            }
        };
        let listener = |at: usize| word(&ready["listeners"][at]);
        Ok(Served { base: listener(0)?, figures: listener(1)?, child })
    }

    fn served(&self, works: bool, log: &Path) -> Result<Child> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(self.binary);
        command.args(["serve", "--json", "--config"]).arg(self.config());
        command.args((!works).then_some("--no-work"));
        self.surround(&mut command);
        command.env("CLEARINGHOUSE__LISTEN__HOUSE__ADDRESS", "127.0.0.1:0");
        command.env("CLEARINGHOUSE__METRICS__ADDRESS", "127.0.0.1:0");
        let log = std::fs::File::create(log)?;
        Ok(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?)
    }

    /// Lets some reports go the whole way, one after the other, and ends the house. Answers the number of the first.
    fn templates(&self, account: &Account, token: &str, log: &Path) -> Result<u64> {
        let served = self.serve(true, log)?;
        let feed = feed::Feed::at(format!("{}/agency/v1/feed", served.base), token.to_owned());
        let base = format!("{}/ispws", served.base);
        load::send(&base, account, load::TEMPLATES, 1, None, std::sync::Arc::new(()))?;
        let mut arrived = load::runtime()?.block_on(feed.first(TEMPLATES))?;
        load::runtime()?.block_on(feed.rested())?;
        arrived.sort_unstable();
        match arrived.first().copied() {
            Some(first) if arrived.iter().copied().eq(first..first + TEMPLATES) => Ok(first),
            _ => Err("the reports to be copied do not follow each other".into()),
        }
    }

    /// The rows, beside the house.
    fn opened(&self) -> Result<Opened> {
        match self.rows.url() {
            Some(url) => Opened::server(&url),
            None => Opened::file(&self.data.join("clearinghouse.sqlite")),
        }
    }

    /// A command of the house that is there.
    fn administer(&self, line: &[&str]) -> Result<Value> {
        let config = text(&self.config())?;
        self.ask(&[line, &["--config", &config]].concat())
    }

    fn ask(&self, line: &[&str]) -> Result<Value> {
        let mut command = Command::new(self.binary);
        self.surround(command.args(line).arg("--json"));
        Ok(serde_json::from_slice(&shell::output(&mut command)?)?)
    }

    fn surround(&self, command: &mut Command) {
        command.env("CLEARINGHOUSE__LOG__FILTER", LOG).envs(self.rows.environment());
        if self.rules().is_dir() {
            command.env("CLEARINGHOUSE__RULES_FOLDER", self.rules());
        }
    }

    /// Rules of its own, which stand in for the shipped ones.
    fn rules(&self) -> PathBuf {
        self.data.join("rules")
    }

    fn config(&self) -> PathBuf {
        self.data.join("clearinghouse.toml")
    }
}

/// The line that says that the house is ready.
fn first_line(child: &mut Child) -> Result<Value> {
    let output = child.stdout.take().ok_or("its output is not piped")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

fn word(value: &Value) -> Result<String> {
    Ok(value.as_str().ok_or("the answer of a command lacks a word")?.to_owned())
}

fn text(path: &Path) -> Result<String> {
    Ok(path.to_str().ok_or("the folder's path is not text")?.to_owned())
}
