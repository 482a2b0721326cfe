//! Which authorities are taken, and what they took back: PEM and DER as operators have them, read once.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor};
use webpki::{CertRevocationList, OwnedCertRevocationList, anchor_from_trusted_cert};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _, X509Certificate};

/// Roots of one listener.
const MOST_ROOTS: usize = 64;
/// What a PEM file begins with, where it is one.
const PEM: &[u8] = b"-----BEGIN";

/// Why roots or lists cannot be used. The text says which.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A root is no certificate.
    #[error("root certificate {0} cannot be read")]
    Root(usize),
    /// There is no root, or there are too many.
    #[error("there must be between 1 and {MOST_ROOTS} root certificates, and there are {0}")]
    Roots(usize),
    /// A list is no revocation list.
    #[error("revocation list {0} cannot be read")]
    List(usize),
    /// There is no list at all: nothing could be said not to be revoked.
    #[error("there is no revocation list")]
    NoList,
}

/// An authority that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// SHA-256 of its certificate in lower-case hexadecimal, as `openssl x509 -fingerprint -sha256` shows it.
    pub sha256: String,
    /// What it calls itself, for people.
    pub name: String,
}

/// The authorities that are taken, and their revocation lists.
#[derive(Debug)]
pub struct Trust {
    pub(crate) roots: Vec<Root>,
    pub(crate) anchors: Vec<TrustAnchor<'static>>,
    pub(crate) lists: Vec<CertRevocationList<'static>>,
    hints: Vec<Vec<u8>>,
    stale_at: Vec<Option<Timestamp>>,
}

impl Trust {
    /// Reads the roots, all in one PEM text, and the lists, each in PEM or DER.
    ///
    /// # Errors
    /// [`Unreadable`]: nothing is taken unless all of it is understood.
    pub fn read(roots: &[u8], lists: &[Vec<u8>]) -> Result<Self, Unreadable> {
        let found: Vec<_> = CertificateDer::pem_slice_iter(roots).collect();
        if found.is_empty() || found.len() > MOST_ROOTS {
            return Err(Unreadable::Roots(found.len()));
        }
        let (mut roots, mut anchors, mut hints) = (Vec::new(), Vec::new(), Vec::new());
        for (at, root) in found.into_iter().enumerate() {
            let root = root.map_err(|_| Unreadable::Root(at + 1))?;
            let (_, read) = X509Certificate::from_der(&root).map_err(|_| Unreadable::Root(at + 1))?;
            let anchor = anchor_from_trusted_cert(&root).map_err(|_| Unreadable::Root(at + 1))?;
            roots.push(Root { sha256: sha256(&root), name: read.subject().to_string() });
            hints.push(read.subject().as_raw().to_vec());
            anchors.push(anchor.to_owned());
        }
        let (lists, stale_at) = read_lists(lists)?;
        Ok(Self { roots, anchors, lists, hints, stale_at })
    }

    /// The authorities.
    #[must_use]
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// Their names as TLS tells them to a browser, which then offers the cards that fit.
    #[must_use]
    pub fn hints(&self) -> &[Vec<u8>] {
        &self.hints
    }

    /// When the first of the lists is too old to open anything; the beginning of time when one does not say.
    #[must_use]
    pub fn stale_at(&self) -> Timestamp {
        self.stale_at.iter().map(|at| at.unwrap_or(Timestamp::MIN)).min().unwrap_or(Timestamp::MIN)
    }
}

type Lists = (Vec<CertRevocationList<'static>>, Vec<Option<Timestamp>>);

fn read_lists(files: &[Vec<u8>]) -> Result<Lists, Unreadable> {
    let (mut lists, mut stale_at) = (Vec::new(), Vec::new());
    for (at, file) in files.iter().enumerate() {
        let wrong = || Unreadable::List(at + 1);
        let parts: Vec<CertificateRevocationListDer<'static>> = if file.starts_with(PEM) {
            let read = CertificateRevocationListDer::pem_slice_iter(file).collect::<Result<_, _>>();
            read.map_err(|_| wrong())?
        } else {
            vec![file.clone().into()]
        };
        if parts.is_empty() {
            return Err(wrong());
        }
        for part in parts {
            let (_, read) = CertificateRevocationList::from_der(&part).map_err(|_| wrong())?;
            let next = read.next_update().and_then(|at| Timestamp::from_second(at.timestamp()).ok());
            let list = OwnedCertRevocationList::from_der(&part).map_err(|_| wrong())?;
            lists.push(list.into());
            stale_at.push(next);
        }
    }
    if lists.is_empty() { Err(Unreadable::NoList) } else { Ok((lists, stale_at)) }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    crate::judge::hex(digest(&SHA256, bytes).as_ref())
}
