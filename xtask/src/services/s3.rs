//! An S3 server in memory: moto, from PyPI, in a virtual environment of its own.

use std::path::Path;

use super::Server;
use crate::Result;

/// A running S3 server; dropping it ends it, and what it held is gone.
pub struct Bucket {
    url: String,
    _server: Server,
    _folder: tempfile::TempDir,
}

impl Bucket {
    /// The endpoint, such as `http://127.0.0.1:9000`; any key and secret are accepted.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Starts the server from the environment that [`crate::strangers`] installed at `venv`.
pub fn start(venv: &Path) -> Result<Bucket> {
    let folder = tempfile::Builder::new().prefix("clearinghouse-s3-").tempdir()?;
    let program = venv.join("bin/moto_server");
    let program = program.to_str().ok_or("the repository's path is not text")?;
    let port = super::free_port()?;
    let log = folder.path().join("log");
    let line = [program, "-H", "127.0.0.1", "-p", &port.to_string()];
    let mut server = Server::start("moto", "TERM", None, &log, &line)?;
    server.wait_for(port, &log)?;
    Ok(Bucket { url: format!("http://127.0.0.1:{port}"), _server: server, _folder: folder })
}
