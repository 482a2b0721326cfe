//! A server for one test that stops it, starts it again, or gives it a certificate.

use std::path::Path;
use std::process::{Child, Command};

use super::process::{self, PORT, base, own, quietly};

/// A server that nobody else uses; dropping it ends it. The kernel ends it if the test's thread is killed.
pub struct Private {
    folder: tempfile::TempDir,
    port: u16,
    settings: Vec<String>,
    server: Option<Child>,
}

impl Private {
    /// Starts a server that listens on its unix socket only.
    pub fn start() -> Self {
        Self::made(tempdir(), PORT, Vec::new())
    }

    /// Starts a server that shows `certificate` with `key`, both PEM, on a loopback port.
    pub fn with_certificate(certificate: &str, key: &str) -> Self {
        let folder = tempdir();
        let mut settings = vec!["ssl=on".to_owned(), "listen_addresses=127.0.0.1".to_owned()];
        for (setting, name, text) in
            [("ssl_cert_file", "server.pem", certificate), ("ssl_key_file", "server.key", key)]
        {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("the temporary folder can be written");
            quietly(Command::new("chmod").arg("600").arg(&path));
            settings.push(format!("{setting}={}", path.display()));
        }
        Self::made(folder, free_port(), settings)
    }

    fn made(folder: tempfile::TempDir, port: u16, settings: Vec<String>) -> Self {
        own(folder.path());
        process::init(&process::binaries(), folder.path());
        let mut private = Self { folder, port, settings, server: None };
        private.resume();
        private
    }

    /// The loopback port of a server with a certificate.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's URL, over the unix socket.
    pub fn url(&self) -> String {
        format!("{}/postgres?sslmode=disable", base(self.folder(), self.port))
    }

    /// Ends the server, as a power cut of its machine would look to us.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        quietly(Command::new("kill").args(["-QUIT", &server.id().to_string()]));
        server.wait().expect("the server ends");
    }

    /// Starts the server again after [`Private::stop`].
    pub fn resume(&mut self) {
        let bin = process::binaries();
        let mut command = process::server(&bin, self.folder(), self.port, Some("QUIT"));
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        process::logged(&mut command, self.folder());
        self.server = Some(command.spawn().expect("setpriv is installed"));
        process::wait_until_it_answers(self.folder(), self.port);
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.stop();
    }
}

fn tempdir() -> tempfile::TempDir {
    tempfile::tempdir().expect("the temporary folder can be written")
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("a bound listener has an address").port()
}
