//! A running house for tests: the real binary, started as a person would, ended by its own process id.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The demo, ready and serving on a port that the system chose.
pub struct Running {
    /// The process, for signals.
    pub child: Child,
    /// The one line that `demo --json` prints when it is ready.
    pub ready: Value,
    /// Where it makes what it needs for this run only; goes with the test, even when the house is killed.
    _scratch: tempfile::TempDir,
}

impl Running {
    /// Starts `clearinghouse demo --json --port 0` with `reports` seeded reports and more arguments.
    pub fn demo(reports: u32, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        command.args(["demo", "--json", "--port", "0", "--reports", &reports.to_string()]).args(more);
        Self::start(command)
    }

    /// Starts a command that prints one JSON line when it is ready.
    pub fn start(mut command: Command) -> Self {
        let scratch = tempfile::tempdir().expect("a folder can be made");
        command.env("TMPDIR", scratch.path());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut errors = child.stderr.take().expect("stderr is piped");
        // What the house says on stderr is read to its end, so that it never waits for a reader.
        let said = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).map(|_| text)
        });
        let mut line = String::new();
        let output = child.stdout.take().expect("stdout is piped");
        BufReader::new(output).read_line(&mut line).expect("stdout can be read");
        if line.is_empty() {
            let status = child.wait().expect("the child can be waited for");
            let said = said.join().expect("the reader ends").unwrap_or_default();
            panic!("the house ended before it was ready ({status}):\n{said}");
        }
        let ready = serde_json::from_str(&line).expect("the ready line is JSON");
        Self { child, ready, _scratch: scratch }
    }

    /// Base of the provider API.
    pub fn ispws(&self) -> String {
        self.ready["ispws"].as_str().expect("ispws is in the ready line").trim_end_matches('/').to_owned()
    }

    /// User name and password of the n-th provider.
    pub fn provider(&self, n: usize) -> (String, String) {
        let text =
            |key: &str| self.ready["providers"][n][key].as_str().expect("a provider has it").to_owned();
        (text("username"), text("password"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().expect("the house can be ended");
        self.child.wait().expect("the house can be waited for");
    }
}
