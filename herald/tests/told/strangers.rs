//! Programs that we did not write, as receivers: each prints its port first, and then what it heard.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A program that hears.
pub struct Stranger {
    child: Child,
    heard: BufReader<ChildStdout>,
    told: ChildStdin,
    port: u64,
}

impl Stranger {
    /// A script of this folder, run by the Python that `cargo xtask test` installed.
    pub fn python(script: &str, words: &[&str]) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let named = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
        let python = named.unwrap_or_else(|| here.join("../target/strangers")).join("api/bin/python");
        assert!(python.exists(), "the strangers' programs are not installed: run `cargo xtask test`");
        let mut command = Command::new(python);
        command
            .arg(here.join("tests/told").join(script))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let heard = BufReader::new(child.stdout.take().expect("its words are piped"));
        let told = child.stdin.take().expect("it can be told");
        let mut stranger = Self { child, heard, told, port: 0 };
        stranger.port = stranger.next()["port"].as_u64().expect("it says its port");
        stranger
    }

    /// Where it listens.
    pub fn port(&self) -> u64 {
        self.port
    }

    /// Tells it a line.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.told, "{line}").expect("it listens to us");
    }

    /// What it heard next.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.heard.read_line(&mut line).expect("its words are text");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("it ended, or said {line:?}"))
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it can be waited for");
    }
}

/// A certificate of `localhost` and its key, as files.
pub fn certificate(folder: &Path) -> (String, String) {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate can be made");
    let (certificate, key) = (folder.join("server.pem"), folder.join("server.key"));
    std::fs::write(&certificate, made.cert.pem()).expect("the folder can be written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("the folder can be written");
    (certificate.display().to_string(), key.display().to_string())
}
