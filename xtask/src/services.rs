//! The servers that tests and benchmarks talk to. Each is ours alone: in a temporary folder, on a free loopback
//! port, ended by its process id when its handle is dropped, and by the kernel if we are killed first.

pub mod postgres;
pub mod s3;

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Result;

/// How often a starting server is asked whether it answers, and how long it is waited for in all.
const ASK_EVERY: Duration = Duration::from_millis(50);
const ASK_TIMES: u32 = 1_200;

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A running server. Dropping it ends the process and waits for its end.
struct Server {
    name: &'static str,
    child: Child,
    /// The signal that asks this program to end at once, as `kill` spells it.
    ended_by: &'static str,
}

impl Server {
    /// Starts the program with its output in `log`. `setpriv` hands it a signal if we die without a word.
    fn start(
        name: &'static str,
        ended_by: &'static str,
        owner: Option<&str>,
        log: &Path,
        line: &[&str],
    ) -> Result<Self> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", ended_by]);
        if let Some(owner) = owner {
            command.args(["--reuid", owner, "--regid", owner, "--init-groups"]);
        }
        let log = std::fs::File::create(log)?;
        let child = command
            .arg("--")
            .args(line)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{name} could not be started with setpriv: {error}"))?;
        Ok(Self { name, child, ended_by })
    }

    /// Returns once the server accepts connections; fails if it ends first or stays silent.
    #[expect(clippy::disallowed_methods, reason = "another program's start gives no event to wait for")]
    fn wait_for(&mut self, port: u16, log: &Path) -> Result<()> {
        for _ in 0..ASK_TIMES {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                break;
            }
            std::thread::sleep(ASK_EVERY);
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        Err(format!("{} does not answer on port {port}; it said:\n{said}", self.name).into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let signal = format!("-{}", self.ended_by);
        let asked = Command::new("kill").args([&signal, &self.child.id().to_string()]).status();
        let ended = match asked {
            Ok(status) if status.success() => self.child.wait().map(|_| ()),
            _ => self.child.kill().and_then(|()| self.child.wait()).map(|_| ()),
        };
        if let Err(error) = ended {
            eprintln!("{} could not be ended: {error}", self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_server_has_ended() {
        let scratch = tempfile::tempdir().unwrap();
        let server =
            Server::start("sleep", "TERM", None, &scratch.path().join("log"), &["sleep", "600"]).unwrap();
        let process = std::path::PathBuf::from(format!("/proc/{}", server.child.id()));
        assert!(process.exists());
        drop(server);
        assert!(!process.exists());
    }

    #[test]
    fn a_server_that_ends_at_once_is_reported_with_its_words() {
        let scratch = tempfile::tempdir().unwrap();
        let log = scratch.path().join("log");
        let mut server = Server::start("sh", "TERM", None, &log, &["sh", "-c", "echo no such luck"]).unwrap();
        let port = free_port().unwrap();
        let reason = server.wait_for(port, &log).unwrap_err().to_string();
        assert_eq!(reason, format!("sh does not answer on port {port}; it said:\nno such luck\n"));
    }
}
