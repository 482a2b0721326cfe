//! A PostgreSQL cluster of our own: Debian's binaries, a temporary folder, TLS on, a password that nobody knows.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Server;
use crate::{Result, shell};

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production, with what the book advises; what benchmarks need.
    Full,
    /// Nothing survives a power cut, and no test pulls the plug of the machine.
    None,
}

/// What `docs/operators.md` advises for a house of millions of reports, on a machine of 16 GB or more.
const ADVISED: &[&str] = &[
    "-c",
    "shared_buffers=4GB",
    "-c",
    "max_wal_size=4GB",
    "-c",
    "checkpoint_timeout=30min",
    "-c",
    "wal_compression=lz4",
];

/// The superuser of the cluster, which is not a user of the machine unless we are root.
const SUPERUSER: &str = "postgres";

/// A running cluster; dropping it ends the server and removes the folder.
pub struct Cluster {
    url: String,
    ca: PathBuf,
    // Order matters: the server ends before its folder goes.
    _server: Server,
    _folder: tempfile::TempDir,
}

impl Cluster {
    /// Superuser URL without a database name.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// PEM file of the certificate that the server shows for `localhost` and `127.0.0.1`.
    pub fn ca(&self) -> &Path {
        &self.ca
    }
}

/// The newest PostgreSQL on the machine, or nothing.
pub fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").is_file().then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// Makes and starts a cluster.
pub fn start(durability: Durability) -> Result<Cluster> {
    let bin = binaries().ok_or("PostgreSQL is not installed: apt-get install postgresql")?;
    let folder = tempfile::Builder::new().prefix("clearinghouse-postgres-").tempdir()?;
    let base = folder.path();
    let owner = am_root()?.then_some(SUPERUSER);
    let password = password()?;
    std::fs::write(base.join("password"), &password)?;
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    std::fs::write(base.join("server.pem"), certified.cert.pem())?;
    std::fs::write(base.join("server.key"), certified.signing_key.serialize_pem())?;
    shell::run_quietly(
        Command::new("chmod").arg("600").args([base.join("server.key"), base.join("password")]),
    )?;
    if let Some(owner) = owner {
        shell::run_quietly(Command::new("chown").args(["-R", owner]).arg(base))?;
    }
    init(&bin, base, owner)?;
    let port = super::free_port()?;
    let server = serve(&bin, base, owner, port, durability)?;
    Ok(Cluster {
        url: format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{port}"),
        ca: base.join("server.pem"),
        _server: server,
        _folder: folder,
    })
}

fn init(bin: &Path, base: &Path, owner: Option<&str>) -> Result<()> {
    let mut command = match owner {
        // initdb refuses to run as root.
        Some(owner) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", owner, "--regid", owner, "--init-groups", "--"]).arg(bin.join("initdb"));
            command
        }
        None => Command::new(bin.join("initdb")),
    };
    command.current_dir("/").arg("-D").arg(base.join("cluster")).arg("--pwfile").arg(base.join("password"));
    command.args(["-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    shell::run_quietly(&mut command)
}

fn serve(bin: &Path, base: &Path, owner: Option<&str>, port: u16, durability: Durability) -> Result<Server> {
    let postgres = text(&bin.join("postgres"))?;
    let cluster = text(&base.join("cluster"))?;
    let port_number = port.to_string();
    let certificate = format!("ssl_cert_file={}", text(&base.join("server.pem"))?);
    let key = format!("ssl_key_file={}", text(&base.join("server.key"))?);
    let mut line = vec![postgres.as_str(), "-D", &cluster, "-h", "127.0.0.1", "-k", "", "-p", &port_number];
    line.extend(["-c", "ssl=on", "-c", &certificate, "-c", &key, "-c", "max_connections=300"]);
    line.extend(match durability {
        Durability::Full => ADVISED,
        Durability::None => {
            ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"].as_slice()
        }
    });
    let log = base.join("log");
    // INT is PostgreSQL's "fast shutdown": sessions are cut, nothing is waited for.
    let mut server = Server::start("postgres", "INT", owner, &log, &line)?;
    server.wait_for(port, &log)?;
    Ok(server)
}

fn text(path: &Path) -> Result<String> {
    Ok(path.to_str().ok_or("the temporary folder's path is not text")?.to_owned())
}

/// Whether we are the machine's superuser.
pub fn am_root() -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}

/// Anybody on the machine can reach the port, and a superuser of PostgreSQL can run programs.
fn password() -> Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_over_tls_to_its_password_only() {
        if binaries().is_none() {
            eprintln!("skipped: PostgreSQL is not installed");
            return;
        }
        let cluster = start(Durability::None).unwrap();
        let ask = |url: &str| {
            let ca = cluster.ca().to_str().unwrap();
            let url = format!("{url}/postgres?sslmode=verify-ca&sslrootcert={ca}");
            let output =
                Command::new(binaries().unwrap().join("psql")).args(["-XAtc", "SHOW ssl", &url]).output();
            let output = output.unwrap();
            (output.status.success(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(ask(cluster.url()), (true, "on\n".to_owned()));
        assert!(!ask(&cluster.url().replace('@', "0@")).0);
    }
}
