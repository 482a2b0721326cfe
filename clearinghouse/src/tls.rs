//! Certificates of the listeners, and the one crypto module behind them.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use web::Tls;

use crate::outcome::{Doing, Failure, Result};

/// Makes aws-lc-rs the crypto module of every TLS connection of this process. Called once, first of all.
pub(crate) fn install_provider() -> Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| Failure::new("another crypto module was installed first".to_owned()))
}

/// Whether TLS runs on a validated module (cargo feature `fips`).
pub(crate) fn is_validated() -> bool {
    CryptoProvider::get_default().is_some_and(|provider| provider.fips())
}

/// Reads certificate and key; refuses a pair that does not belong together. With `authorities` every browser is asked for
/// a card of one of them.
pub(crate) fn load(certificate_file: &Path, key_file: &Path, authorities: Option<&[Vec<u8>]>) -> Result<Tls> {
    let certificates = CertificateDer::pem_file_iter(certificate_file)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .doing(&format!("read the certificate {}", certificate_file.display()))?;
    let key =
        PrivateKeyDer::from_pem_file(key_file).doing(&format!("read the key {}", key_file.display()))?;
    let builder = match authorities {
        None => ServerConfig::builder().with_no_client_auth(),
        Some(names) => ServerConfig::builder().with_client_cert_verifier(ways::asking_for_cards_of(names)?),
    };
    let mut config = builder
        .with_single_cert(certificates, key)
        .doing(&format!("use the certificate {}", certificate_file.display()))?;
    // Nothing is given out that a browser would show again: whoever comes back is as new as the first time, and the key of
    // a card signs anew each time.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.alpn_protocols = match authorities {
        Some(_) => vec![b"http/1.1".to_vec()],
        None => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
    };
    Ok(Tls(Arc::new(config)))
}
