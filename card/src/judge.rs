//! The judgement of a certificate.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationOptionsBuilder};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::{Oid, oid};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;

use crate::{Root, Trust, Wrong, subject, trust};

/// Certificates of one path that are looked at.
const MOST_SHOWN: usize = 10;
/// Bytes of one certificate.
const MOST_BYTES: usize = 16 * 1024;
/// Policies of the Federal PKI under which a key is in hardware that it cannot leave: PIV authentication, its form for
/// devices, and that of cards that others issue to the same rules (PIV-I).
const HARDWARE: [Oid<'static>; 3] =
    [oid!(2.16.840.1.101.3.2.1.3.13), oid!(2.16.840.1.101.3.2.1.3.41), oid!(2.16.840.1.101.3.2.1.3.18)];

/// A card that stands for its person now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The authority that vouches for it.
    pub root: Root,
    /// Whom it stands for: `uuid:…` or `fasc-n:…`. Two authorities may say the same of two people, so that only both
    /// together name one.
    pub subject: String,
    /// Its key cannot leave it, by the policy that its authority issued it under.
    pub hardware: bool,
    /// SHA-256 of the certificate.
    pub sha256: String,
}

impl Trust {
    /// Judges what somebody showed whose key TLS has seen: the certificate first, then what leads to its root.
    ///
    /// # Errors
    /// [`Wrong`].
    pub fn judge(&self, shown: &[Vec<u8>], now: Timestamp) -> Result<Card, Wrong> {
        let (own, above) = shown.split_first().ok_or(Wrong::Missing)?;
        if shown.len() > MOST_SHOWN || shown.iter().any(|one| one.len() > MOST_BYTES) {
            return Err(Wrong::Unreadable);
        }
        let root = self.root_of(own, above, now)?;
        let (rest, read) = X509Certificate::from_der(own).map_err(|_| Wrong::Unreadable)?;
        if !rest.is_empty() {
            return Err(Wrong::Unreadable);
        }
        if !is_for_signing_in(&read)? {
            return Err(Wrong::Purpose);
        }
        let (subject, hardware) = (subject::of(&read)?, is_hardware(&read)?);
        Ok(Card { root, subject, hardware, sha256: trust::sha256(own) })
    }

    /// The root to which a path leads that holds now, with no certificate of it revoked and none unspoken of.
    fn root_of(&self, own: &[u8], above: &[Vec<u8>], now: Timestamp) -> Result<Root, Wrong> {
        let own = CertificateDer::from(own);
        let above: Vec<CertificateDer<'_>> = above.iter().map(|one| one.as_slice().into()).collect();
        let certificate = EndEntityCert::try_from(&own).map_err(Wrong::from)?;
        let lists: Vec<&CertRevocationList<'_>> = self.lists.iter().collect();
        let revocation = RevocationOptionsBuilder::new(&lists).map_err(|_| Wrong::Unlisted)?;
        let revocation = revocation.with_expiration_policy(ExpirationPolicy::Enforce).build();
        let path = certificate.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &self.anchors,
            &above,
            moment(now),
            // Of authorities, where they say it; of the card itself it is demanded below.
            KeyUsage::client_auth(),
            Some(revocation),
            None,
        )?;
        let at = self.anchors.iter().position(|anchor| anchor == path.anchor());
        at.and_then(|at| self.roots.get(at)).cloned().ok_or(Wrong::UnknownRoot)
    }
}

/// It says that it is for client authentication, and its key may sign.
fn is_for_signing_in(certificate: &X509Certificate<'_>) -> Result<bool, Wrong> {
    let extended = certificate.extended_key_usage().map_err(|_| Wrong::Unreadable)?;
    let usage = certificate.key_usage().map_err(|_| Wrong::Unreadable)?;
    let is_client = extended.is_some_and(|it| it.value.client_auth);
    Ok(is_client && usage.is_none_or(|it| it.value.digital_signature()))
}

fn is_hardware(certificate: &X509Certificate<'_>) -> Result<bool, Wrong> {
    const POLICIES: Oid<'static> = oid!(2.5.29.32);
    let found = certificate.get_extension_unique(&POLICIES).map_err(|_| Wrong::Unreadable)?;
    Ok(match found.map(|it| it.parsed_extension()) {
        Some(ParsedExtension::CertificatePolicies(policies)) => {
            policies.iter().any(|policy| HARDWARE.contains(&policy.policy_id))
        }
        _ => false,
    })
}

fn moment(now: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // INVARIANT: writing to a string does not fail.
        write!(text, "{byte:02x}").expect("a string takes letters");
        text
    })
}
