//! A mail server that we did not write, which puts every message that it takes into a folder; and a demo that writes to it
//! under an address that is known before it starts, as one has to be that stands in a message.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use crate::common::Running;
use crate::walks::tools;

/// How often it is looked whether the mail server listens, and how long is waited between.
const MOST_LOOKS: usize = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// Ports that are tried, two at a time: the demo shows pictures on the one behind its own.
const MOST_TRIES: usize = 100;

/// The mail server.
pub struct Post {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Post {
    /// Starts it.
    pub fn office() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let port = free(|_| true);
        let mut command = Command::new(tools("api").join("bin/aiosmtpd"));
        command.args(["-n", "-c", "aiosmtpd.handlers.Mailbox"]).arg(folder.path().join("mail"));
        command.args(["-l", &format!("127.0.0.1:{port}")]);
        let child = command.spawn().expect("the mail server starts");
        let post = Self { child, port, folder };
        let listens = (0..MOST_LOOKS).any(|_| {
            let open = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            if !open {
                std::thread::park_timeout(BETWEEN_LOOKS);
            }
            open
        });
        assert!(listens, "the mail server does not listen");
        post
    }

    /// Where it puts what it took.
    pub fn mailboxes(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// A demo without reports that writes to it.
    pub fn demo(&self) -> Running {
        let port = free(|port| port.checked_add(1).is_some_and(|next| bound(next).is_some()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        command.args(["demo", "--json", "--reports", "0", "--port", &port.to_string()]);
        for (key, value) in [
            ("SERVER", format!("plain://127.0.0.1:{}", self.port)),
            ("FROM", "house@clearinghouse.example".to_owned()),
            ("LINK", format!("http://localhost:{port}/agency/notify")),
        ] {
            command.env(format!("CLEARINGHOUSE__MAIL__{key}"), value);
        }
        Running::start(command)
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it can be waited for");
    }
}

/// A port that nobody has at the moment.
fn free(fits: impl Fn(u16) -> bool) -> u16 {
    let port = |_| Some(bound(0)?.local_addr().ok()?.port());
    (0..MOST_TRIES).filter_map(port).find(|port| fits(*port)).expect("a port is free")
}

fn bound(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}

/// The folder as a walk is told it.
pub fn told(folder: &Path) -> String {
    folder.to_str().expect("the path of a test is text").to_owned()
}
