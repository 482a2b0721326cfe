//! The real binary, of which every word is kept.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// A house whose words are kept until it ends.
pub struct Watched {
    child: Child,
    /// The one line that it prints when it is ready.
    pub ready: Value,
    said: Vec<JoinHandle<String>>,
    _scratch: tempfile::TempDir,
}

impl Watched {
    /// The program.
    pub fn command() -> Command {
        Command::new(env!("CARGO_BIN_EXE_clearinghouse"))
    }

    /// Starts a command that prints one JSON line when it is ready.
    pub fn start(mut command: Command) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        command.env("TMPDIR", scratch.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = kept(child.stderr.take().unwrap());
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Ok(ready) = serde_json::from_str(&line) else {
            child.wait().unwrap();
            panic!("the house ended before it was ready:\n{}", errors.join().unwrap());
        };
        Self { child, ready, said: vec![errors, kept(output)], _scratch: scratch }
    }

    /// Ends it in order and answers all that it said after its ready line.
    pub fn end(mut self) -> String {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
        let ended = self.child.wait().unwrap();
        let said: String = self.said.drain(..).map(|one| one.join().unwrap()).collect();
        assert!(ended.success(), "{ended}: {said}");
        said
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // After its end there is nobody to end.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

fn kept(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
