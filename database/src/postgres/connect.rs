//! How a server is reached: over TLS with a checked certificate, or plainly where nobody else can listen.

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure;
use super::link::Link;
use crate::{Fault, Settings};

/// How long a transaction may wait for a row that another holds, so that no deadlock outside the database
/// occupies a connection for ever.
const LOCK_TIMEOUT_MS: u64 = 10_000;
/// After so long without a byte the system asks whether the server is still there, and asks again so often.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Connector {
    config: Config,
    /// `None` where the URL asks for no TLS and nobody else can listen.
    tls: Option<MakeRustlsConnect>,
    greeting: String,
}

impl Connector {
    pub(super) fn new(settings: &Settings) -> Result<Self, Fault> {
        let mut config =
            Config::from_str(&settings.url).map_err(|error| Fault::Settings(error.to_string()))?;
        config.connect_timeout(Duration::from_millis(settings.connect_timeout_ms));
        // A machine that is gone says nothing at all: the system notices it, so that no connection waits for it for ever.
        config.tcp_user_timeout(Duration::from_millis(settings.answer_timeout_ms));
        config.keepalives_idle(KEEPALIVE_IDLE).keepalives_interval(KEEPALIVE_EVERY).keepalives_retries(3);
        if config.get_application_name().is_none() {
            config.application_name("clearinghouse");
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => private(&config).map(|()| None)?,
            // INVARIANT: a URL that does not say otherwise never falls back to a plain connection.
            _ => {
                config.ssl_mode(SslMode::Require);
                Some(checked(settings.ca_file.as_deref())?)
            }
        };
        // A read of one statement runs without `BEGIN`, and must find that it cannot write; who writes says so.
        let greeting = format!(
            "SET statement_timeout = {}; SET lock_timeout = {LOCK_TIMEOUT_MS}; SET client_encoding = 'UTF8'; \
             SET default_transaction_read_only = on",
            settings.statement_timeout_ms,
        );
        Ok(Self { config, tls, greeting })
    }

    pub(super) fn connect(&self) -> Result<Link, Fault> {
        let link = match &self.tls {
            None => Link::open(&self.config, NoTls)?,
            Some(tls) => Link::open(&self.config, tls.clone())?,
        };
        let client = link.client();
        let greeted = link.wait(Box::pin(client.batch_execute(&self.greeting)));
        greeted.map_err(|error| failure::unreachable(&error))?;
        Ok(link)
    }
}

/// Refuses plain connections to anywhere but this machine.
fn private(config: &Config) -> Result<(), Fault> {
    let is_near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    };
    let near =
        config.get_hosts().iter().all(is_near) && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    if near { Ok(()) } else { Err(Fault::Settings("sslmode=disable is for this machine only".to_owned())) }
}

/// TLS that accepts only servers vouched for by the given authorities, under the name in the URL.
fn checked(ca_file: Option<&Path>) -> Result<MakeRustlsConnect, Fault> {
    let settings = |error: &dyn std::fmt::Display| Fault::Settings(format!("ca file: {error}"));
    let path = ca_file.ok_or_else(|| settings(&"needed to check the server's certificate"))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| settings(&error))? {
        roots.add(certificate.map_err(|error| settings(&error))?).map_err(|error| settings(&error))?;
    }
    if roots.is_empty() {
        return Err(settings(&"holds no certificate"));
    }
    // The provider is named, so that no other crate's choice of default matters here.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| settings(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
