//! Making and starting a server: Debian's binaries, a folder of its own, a unix socket in it.

use std::fs::File;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The superuser, and the user of the machine that runs the server when we are root.
pub(super) const SUPERUSER: &str = "postgres";
/// The number in a unix socket's name; nothing listens on the network unless asked to.
pub(super) const PORT: u16 = 5432;

const ASK_EVERY: Duration = Duration::from_millis(20);
const ASK_TIMES: u32 = 1_500;

/// The newest installed PostgreSQL.
pub(super) fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin"))).filter(|(_, bin)| bin.join("initdb").is_file())
    });
    numbered.max().map(|(_, bin)| bin).expect("PostgreSQL is not installed: apt-get install postgresql")
}

/// A folder that the server owns, reachable by nobody else.
pub(super) fn own(folder: &Path) {
    std::fs::create_dir_all(folder).expect("the temporary folder can be written");
    quietly(Command::new("chmod").arg("700").arg(folder));
    if am_root() {
        quietly(Command::new("chown").args(["-R", SUPERUSER]).arg(folder));
    }
}

/// Makes the files of a server in `folder`, which is already owned.
pub(super) fn init(bin: &Path, folder: &Path) {
    let mut command = as_owner(&bin.join("initdb"), None);
    command.arg("-D").arg(folder.join("cluster")).args(["-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]);
    quietly(command.args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"]));
}

/// The words that start the server. It forgets on a power cut, which no test brings about.
pub(super) fn server(bin: &Path, folder: &Path, port: u16, signal: Option<&str>) -> Command {
    let mut command = as_owner(&bin.join("postgres"), signal);
    command.arg("-D").arg(folder.join("cluster")).arg("-k").arg(folder).args(["-p", &port.to_string()]);
    for setting in [
        "fsync=off",
        "full_page_writes=off",
        "listen_addresses=",
        "max_connections=300",
        "shared_buffers=64MB",
    ] {
        command.args(["-c", setting]);
    }
    command
}

/// Where the server listens.
fn socket(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// Whether the server accepts transactions already.
pub(super) fn answers(folder: &Path, port: u16) -> bool {
    if UnixStream::connect(socket(folder, port)).is_err() {
        return false;
    }
    let url = format!("{}/postgres?sslmode=disable", base(folder, port));
    let asked = std::thread::spawn(move || postgres::Client::connect(&url, postgres::NoTls).is_ok());
    asked.join().unwrap_or(false)
}

/// The URL of the server in `folder`, without a database.
pub(super) fn base(folder: &Path, port: u16) -> String {
    let folder = folder.to_str().expect("the temporary folder's path is text").replace('/', "%2F");
    format!("postgres://{SUPERUSER}@{folder}:{port}")
}

/// Waits until the server answers, and fails with its own words when it does not.
#[expect(clippy::disallowed_methods, reason = "another program's start gives no event to wait for")]
pub(super) fn wait_until_it_answers(folder: &Path, port: u16) {
    for _ in 0..ASK_TIMES {
        if answers(folder, port) {
            return;
        }
        std::thread::sleep(ASK_EVERY);
    }
    let said = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("the PostgreSQL of the tests does not answer; it said:\n{said}");
}

/// Sends the command's output to the folder's log, and keeps it away from the test's own streams.
pub(super) fn logged(command: &mut Command, folder: &Path) {
    let log = File::options().create(true).append(true).open(folder.join("log"));
    let log = log.expect("the temporary folder can be written");
    let twin = log.try_clone().expect("the log can be written twice");
    command.current_dir("/").stdin(Stdio::null()).stdout(log).stderr(twin);
}

/// Runs a program of the server's, which refuses to run as root; `signal` is what the kernel sends it when the
/// thread that started it is gone.
fn as_owner(program: &Path, signal: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    if am_root() {
        command.args(["--reuid", SUPERUSER, "--regid", SUPERUSER, "--init-groups"]);
    }
    command.args(signal.map(|signal| format!("--pdeathsig={signal}"))).arg("--").arg(program);
    command
}

pub(super) fn am_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

pub(super) fn quietly(command: &mut Command) {
    let output = command.current_dir("/").stdin(Stdio::null()).output().expect("the program is installed");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
