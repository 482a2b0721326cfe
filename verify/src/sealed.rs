//! A package that is sealed to an agency: whose it is and who vouches for it can be seen by anybody, what is in it only
//! under a key of the agency.
//!
//! ```text
//! "clearinghouse sealed package v1\n" | length (4) | envelope | length (4) | signature | sealed archive to the end
//! ```

use std::io::{Read, Seek, SeekFrom, Write};

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::chunked::{self, Stretch};
use crate::digest::{self, Digest, hex, unhex};
use crate::findings::Findings;
use crate::hpke::Message;
use crate::keys::Keys;
use crate::package::{self, KEY_ENDING, Manifest};
use crate::secret::{Secret, spaced};
use crate::{base64, json, note};

pub(crate) const FIRST_LINE: &str = "clearinghouse sealed package v1\n";
const FORMAT: &str = "clearinghouse sealed package";
const CIPHER: &str = "cobblestone-256";
const LABEL: &[u8] = b"clearinghouse/pkg/v1";
const ARCHIVE_LABEL: &[u8] = b"clearinghouse/pkg/v1/archive";
const PACKAGE_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
/// The longest envelope: one for 64 keys is far shorter.
const MOST_ENVELOPE_BYTES: u32 = 1 << 20;

/// What stands in front of the sealed archive.
struct Envelope {
    members: Map<String, Value>,
    bytes: Vec<u8>,
    signature: String,
    archive: Stretch,
}

/// The parts of the list that everything else is bound to.
struct Bound {
    agency: String,
    package: [u8; PACKAGE_BYTES],
    manifest: Digest,
}

/// Checks what anybody can check of a sealed package: who vouches for it, and for whom it is.
#[must_use]
pub fn sealed(reader: &mut (impl Read + Seek), keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    checked(reader, keys, &mut findings);
    findings
}

/// Opens a sealed package into `plain`, and checks the package that was in it. Nothing is to be believed, or kept, unless
/// all findings hold.
pub fn open(
    reader: &mut (impl Read + Seek),
    secret: &Secret,
    keys: &Keys,
    plain: &mut (impl Read + Write + Seek),
) -> Findings {
    let mut findings = Findings::default();
    let Some((envelope, bound)) = checked(reader, keys, &mut findings) else { return findings };
    let Some(key) = findings.note("key", unsealed(&envelope, &bound, secret)) else { return findings };
    let context = [ARCHIVE_LABEL, &bound.package, &bound.manifest].concat();
    let written = chunked::open(reader, &envelope.archive, &key, &context, plain)
        .and_then(|bytes| Ok((plain.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?, bytes)))
        .map(|(_, bytes)| ((), format!("{bytes} bytes, whole and unchanged")));
    if findings.note("seal", written).is_none() {
        return findings;
    }
    if let Some((manifest, bytes)) = package::check(plain, keys, &mut findings) {
        findings.note("what it was said to be", same(&envelope, &manifest, &bytes).map(|says| ((), says)));
    }
    findings
}

fn checked(
    reader: &mut (impl Read + Seek),
    keys: &Keys,
    findings: &mut Findings,
) -> Option<(Envelope, Bound)> {
    let envelope = findings.note("envelope", envelope(reader))?;
    // Signature first: nothing that nobody vouches for is looked into.
    findings.note("signature of the envelope", signature(&envelope, keys))?;
    let bound = findings.note("addressed to", bound(&envelope))?;
    Some((envelope, bound))
}

fn envelope(reader: &mut (impl Read + Seek)) -> Result<(Envelope, String), String> {
    const CUT: &str = "it ends too early or is not in its form";
    let length = reader.seek(SeekFrom::End(0)).map_err(|_| CUT)?;
    reader.seek(SeekFrom::Start(0)).map_err(|_| CUT)?;
    let mut first = [0; FIRST_LINE.len()];
    reader.read_exact(&mut first).map_err(|_| CUT)?;
    if first != *FIRST_LINE.as_bytes() {
        return Err(CUT.to_owned());
    }
    let mut part = || -> Result<Vec<u8>, String> {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map_err(|_| CUT)?;
        let bytes = u32::from_be_bytes(bytes);
        if bytes > MOST_ENVELOPE_BYTES {
            return Err(CUT.to_owned());
        }
        let mut part = vec![0; bytes as usize];
        reader.read_exact(&mut part).map_err(|_| CUT)?;
        Ok(part)
    };
    let (bytes, signature) = (part()?, part()?);
    let signature = String::from_utf8(signature).map_err(|_| CUT)?;
    let at = FIRST_LINE.len() as u64 + 8 + bytes.len() as u64 + signature.len() as u64;
    let members = json::object(&bytes)?;
    let says = format!("{} bytes, then the sealed archive", at);
    let archive = Stretch { at, bytes: length.saturating_sub(at) };
    Ok((Envelope { members, bytes, signature, archive }, says))
}

fn manifest(envelope: &Envelope) -> Result<&Map<String, Value>, String> {
    envelope
        .members
        .get("manifest")
        .and_then(Value::as_object)
        .ok_or_else(|| "the list is missing".to_owned())
}

fn signature(envelope: &Envelope, keys: &Keys) -> Result<((), String), String> {
    let report = json::whole(manifest(envelope)?, "report")?;
    let text = format!("{FIRST_LINE}report {report}\nsha256 {}\n", hex(&digest::of(&envelope.bytes)));
    let name = note::signer(&envelope.signature)?;
    name.strip_suffix(KEY_ENDING).ok_or_else(|| format!("{name} is not a key for packages"))?;
    note::signed_by(&envelope.signature, &text, name, keys)?;
    Ok(((), format!("signed by {name}")))
}

fn bound(envelope: &Envelope) -> Result<(Bound, String), String> {
    let manifest = manifest(envelope)?;
    let archive = manifest.get("archive").and_then(Value::as_object).ok_or("the archive is not described")?;
    let known = json::text(manifest, "format")? == FORMAT
        && json::whole(manifest, "version")? == 1
        && json::text(archive, "cipher")? == CIPHER;
    if !known {
        return Err("it is sealed in a way that is not known here".to_owned());
    }
    let agency = json::text(manifest, "agency")?.to_owned();
    let package = unhex(json::text(manifest, "package")?).ok_or("the package has no number")?;
    let spelled = json::canonical_members(manifest).ok_or("the list has numbers that are not whole")?;
    let count = json::objects(&envelope.members, "recipients")?.len();
    let says = format!("{agency}, {count} of its keys; report {}", json::whole(manifest, "report")?);
    Ok((Bound { agency, package, manifest: digest::of(&spelled) }, says))
}

/// The key of the archive, if it was sealed to this secret.
fn unsealed(
    envelope: &Envelope,
    bound: &Bound,
    secret: &Secret,
) -> Result<(Zeroizing<Vec<u8>>, String), String> {
    let own = hex(&secret.id());
    let recipients = json::objects(&envelope.members, "recipients")?;
    let mut others = Vec::new();
    for one in recipients {
        let key = json::text(one, "key")?;
        if key != own {
            others.push(spaced(key));
            continue;
        }
        let suite = secret.suite();
        let numbers = [json::whole(one, "kem")?, json::whole(one, "kdf")?, json::whole(one, "aead")?];
        if numbers != [suite.kem, suite.kdf, suite.aead].map(u64::from)
            || one.get("second") != Some(&Value::Null)
        {
            return Err("it is sealed with algorithms that are not known here".to_owned());
        }
        let bytes =
            |name| base64::decoded(json::text(one, name)?).ok_or_else(|| format!("{name} is not base64"));
        let info = [LABEL, bound.agency.as_bytes(), &secret.id(), &bound.package].concat();
        let (enc, sealed) = (bytes("enc")?, bytes("sealedKey")?);
        let message = Message { enc: &enc, info: &info, aad: &bound.manifest, sealed: &sealed };
        let key = secret.open(&message).filter(|key| key.len() == KEY_BYTES);
        let key =
            key.ok_or("your key is named, but what was sealed to it does not open: it was made wrong")?;
        return Ok((key, format!("sealed to yours, {}", spaced(&own))));
    }
    Err(format!("this is not sealed to your key {}. It is sealed to: {}", spaced(&own), others.join("; ")))
}

/// The package inside is the one that the envelope speaks of.
fn same(envelope: &Envelope, inner: &Manifest, bytes: &[u8]) -> Result<String, String> {
    let outer = manifest(envelope)?;
    let archive = outer.get("archive").and_then(Value::as_object).ok_or("the archive is not described")?;
    let same = json::text(archive, "manifestSha256")? == hex(&digest::of(bytes))
        && json::whole(outer, "report")? == json::whole(inner, "report")?
        && json::text(outer, "agency")? == json::text(inner, "agency")?
        && json::text(outer, "delivery")? == json::text(inner, "delivery")?;
    match same {
        true => Ok("the package inside is the one that the envelope names".to_owned()),
        false => Err("the package inside is another one than the envelope names".to_owned()),
    }
}
