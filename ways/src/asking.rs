//! What TLS asks of a browser on the listener for cards.

use std::sync::Arc;

use config::outcome::{Failure, Result};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, SignatureScheme};

/// Asks every browser for a card of authorities of these names.
///
/// # Errors
/// When no crypto module is installed.
pub fn asking_for_cards_of(names: &[Vec<u8>]) -> Result<Arc<dyn ClientCertVerifier>> {
    Ok(Arc::new(Asking::for_cards_of(names)?))
}

/// Asks for a certificate, and sees that whoever shows one has its key. What the certificate is worth is judged by the
/// page that it was shown to, with `card::Trust`: only there a person can be told what is wrong with their card, a
/// refusal leaves a leaf, and the revocation list is the one of that moment. Until then it opens nothing
/// (docs/decisions/021-cards-are-judged-at-the-page.md).
#[derive(Debug)]
struct Asking {
    hints: Vec<DistinguishedName>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Asking {
    fn for_cards_of(names: &[Vec<u8>]) -> Result<Self> {
        let provider = CryptoProvider::get_default();
        let provider = provider.ok_or_else(|| Failure::new("no crypto module is installed".to_owned()))?;
        let hints = names.iter().map(|name| DistinguishedName::from(name.clone())).collect();
        Ok(Self { hints, algorithms: provider.signature_verification_algorithms })
    }
}

impl ClientCertVerifier for Asking {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> std::result::Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
