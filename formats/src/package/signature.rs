//! `manifest.sig`: a C2SP signed note whose text names the manifest's digest, so that whoever has the verifier key,
//! one line of text, can check a package with any tool that reads notes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ReportId;
use ledger::{NoteSigner, VerifierKey};

use super::fault::Fault;

/// First line of the signed text. No checkpoint begins so, and so neither can stand for the other.
const FIRST_LINE: &str = "clearinghouse package manifest v1";
const LINE_START: &str = "\u{2014} ";
const ID_BYTES: usize = 4;

/// The text that is signed:
///
/// ```text
/// clearinghouse package manifest v1
/// report <number>
/// sha256 <hex digest of manifest.json>
/// ```
fn body(report: ReportId, manifest_sha256: &[u8]) -> String {
    format!("{FIRST_LINE}\nreport {report}\nsha256 {}\n", seal::hex(manifest_sha256))
}

/// The note for the manifest of this digest.
pub(super) fn sign(
    report: ReportId,
    manifest_sha256: &[u8],
    signer: &dyn NoteSigner,
) -> Result<String, Fault> {
    let body = body(report, manifest_sha256);
    let signature = signer.sign(body.as_bytes()).map_err(Fault::Signing)?;
    let key = signer.key();
    let signed = [&key.id().to_be_bytes()[..], &signature[..]].concat();
    Ok(format!("{body}\n{LINE_START}{} {}\n", key.name(), STANDARD.encode(signed)))
}

/// Checks that the holder of `key` signed exactly this manifest of this report.
///
/// # Errors
/// [`Fault::NotSigned`] for any other text, manifest, report or key.
pub fn check(report: ReportId, manifest: &[u8], note: &str, key: &VerifierKey) -> Result<(), Fault> {
    let body = body(report, &seal::sha256(manifest));
    let line = note.strip_prefix(&body).and_then(|rest| rest.strip_prefix('\n')).ok_or(Fault::NotSigned)?;
    let line =
        line.strip_suffix('\n').and_then(|line| line.strip_prefix(LINE_START)).ok_or(Fault::NotSigned)?;
    let (name, encoded) = line.split_once(' ').ok_or(Fault::NotSigned)?;
    let signed = STANDARD.decode(encoded).map_err(|_| Fault::NotSigned)?;
    let (id, signature) = signed.split_first_chunk::<ID_BYTES>().ok_or(Fault::NotSigned)?;
    if name != key.name() || u32::from_be_bytes(*id) != key.id() {
        return Err(Fault::NotSigned);
    }
    seal::verify(key.public(), body.as_bytes(), signature).map_err(|_| Fault::NotSigned)
}
