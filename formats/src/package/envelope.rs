//! The envelope of a package that is sealed to an agency: who vouches for it, for whom it is, and the package's key, once
//! for each of the agency's keys. The archive that follows is the same that would have gone out unsealed.
//!
//! ```text
//! "clearinghouse sealed package v1\n" | length (4) | envelope | length (4) | signature | sealed archive to the end
//! ```
//!
//! Lengths are big-endian. Every package has a number, a key and a salt of its own, so two seals of one package differ.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{AgencyId, Delivery, Id as _};
use seal::{DataKey, Random, SealTo, Sealing, random};
use serde_json::{Value, json};

use super::canonical::canonical;
use super::fault::Fault;
use super::plan::Plan;
use crate::signed;

/// First line of the file, and of the text that is signed.
const FIRST_LINE: &str = "clearinghouse sealed package v1\n";
/// What every seal to a key is bound to, with agency, key and package.
const LABEL: &[u8] = b"clearinghouse/pkg/v1";
/// What the sealed archive is bound to, with package and list.
const ARCHIVE_LABEL: &[u8] = b"clearinghouse/pkg/v1/archive";
const PACKAGE_BYTES: usize = 16;

/// A package's envelope, and what seals the archive behind it.
#[derive(Debug)]
pub struct Envelope {
    /// The bytes in front of the archive.
    pub head: Vec<u8>,
    /// Seals the archive.
    pub sealing: Sealing,
    /// The package's number, in hexadecimal.
    pub package: String,
}

impl Plan {
    /// Seals the package to keys of the agency that it was made available to.
    ///
    /// # Errors
    /// When the signer or the crypto module fails.
    pub fn seal(
        &self,
        delivery: &Delivery,
        keys: &[SealTo],
        random: &dyn Random,
        signer: &dyn ledger::NoteSigner,
    ) -> Result<Envelope, Fault> {
        let package: [u8; PACKAGE_BYTES] = random::bytes(random)?;
        let manifest = self.sealed_manifest(delivery, &package);
        let digest = seal::sha256(&canonical(&manifest));
        let key: [u8; 32] = random::bytes(random)?;
        let one = |to| recipient(to, &delivery.agency, &package, &digest, &key);
        let recipients = keys.iter().map(one).collect::<Result<Vec<Value>, Fault>>()?;
        let envelope = canonical(&json!({ "manifest": manifest, "recipients": recipients }));
        let report = self.report();
        let text = format!("{FIRST_LINE}report {report}\nsha256 {}\n", seal::hex(&seal::sha256(&envelope)));
        let note = signed::note(&text, signer).map_err(Fault::Signing)?;
        let context = [ARCHIVE_LABEL, &package, &digest].concat();
        let sealing = Sealing::new(&DataKey::from_bytes(key), &context, random::bytes(random)?)?;
        let mut head = FIRST_LINE.as_bytes().to_vec();
        for part in [envelope.as_slice(), note.as_bytes()] {
            // INVARIANT: at most a few keys and three lines: far below four gibibytes.
            let length = u32::try_from(part.len()).expect("an envelope is short");
            head.extend_from_slice(&length.to_be_bytes());
            head.extend_from_slice(part);
        }
        Ok(Envelope { head, sealing, package: seal::hex(&package) })
    }

    /// What everybody may see. It names no file: digests and names of files are inside.
    fn sealed_manifest(&self, delivery: &Delivery, package: &[u8]) -> Value {
        json!({
            "agency": delivery.agency.to_string(),
            "archive": {
                "cipher": "cobblestone-256",
                "manifestSha256": seal::hex(self.manifest_sha256()),
                "name": self.name(),
            },
            "delivery": delivery.delivery.to_string(),
            "format": "clearinghouse sealed package",
            "package": seal::hex(package),
            "report": self.report().get(),
            "version": 1,
        })
    }

    /// The name of the sealed file.
    #[must_use]
    pub fn sealed_name(&self) -> String {
        self.name().replace(".zip", ".sealed")
    }
}

/// The package's key, sealed to one of the agency's. `second` is the place of a second encapsulation, for the day on which
/// curves alone are not enough; there is none yet.
fn recipient(
    to: &SealTo,
    agency: &AgencyId,
    package: &[u8],
    manifest: &[u8],
    key: &[u8],
) -> Result<Value, Fault> {
    let fingerprint = to.fingerprint();
    let info = [LABEL, agency.as_str().as_bytes(), &fingerprint, package].concat();
    let sealed = to.seal(&info, manifest, key)?;
    Ok(json!({
        "aead": sealed.suite.aead,
        "enc": STANDARD.encode(&sealed.enc),
        "kdf": sealed.suite.kdf,
        "kem": sealed.suite.kem,
        "key": seal::hex(&fingerprint),
        "sealedKey": STANDARD.encode(&sealed.sealed),
        "second": null,
    }))
}
