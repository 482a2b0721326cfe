//! The check of a package: archive, list, signature, every member, and the making-available in the ledger.

use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

use serde_json::{Map, Value};

use crate::archive::{Archive, Entry};
use crate::digest::{self, hex};
use crate::findings::Findings;
use crate::json;
use crate::keys::Keys;
use crate::leaf::{self, Leaf};
use crate::note;
use crate::proof::Proof;
use crate::receipt::stands;

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const PROOF: &str = "ledger-proof.txt";
const FORMAT: &str = "clearinghouse package manifest";
/// The key that signs packages is named after the log.
pub(crate) const KEY_ENDING: &str = "/packages";

/// Checks a package.
#[must_use]
pub fn package(reader: &mut (impl Read + Seek), keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    check(reader, keys, &mut findings);
    findings
}

/// Takes every entry of a package apart. The package must have been checked before; `each` gets a name that leads nowhere
/// but into a folder, and writes what `copy` gives it.
///
/// # Errors
/// When the archive cannot be read, or what `each` says.
pub fn unpack(
    reader: &mut (impl Read + Seek),
    mut each: impl FnMut(&str, &mut dyn FnMut(&mut dyn Write) -> Result<(), String>) -> Result<(), String>,
) -> Result<usize, String> {
    let mut archive = Archive::open(reader)?;
    let entries = archive.entries().to_vec();
    for entry in &entries {
        each(&entry.name, &mut |sink| archive.copy(entry, sink))?;
    }
    Ok(entries.len())
}

/// All checks of a package; answers its list, with the list's bytes.
pub(crate) fn check(
    reader: &mut (impl Read + Seek),
    keys: &Keys,
    findings: &mut Findings,
) -> Option<(Manifest, Vec<u8>)> {
    let opened = Archive::open(reader).map(|archive| {
        let says = format!("{} entries, nothing between them", archive.entries().len());
        (archive, says)
    });
    let mut archive = findings.note("archive", opened)?;
    let (manifest, bytes) = findings.note("manifest", manifest(&mut archive))?;
    let origin = findings.note("signature", signature(&mut archive, &manifest, &bytes, keys));
    findings.note("members", members(&mut archive, &manifest).map(|says| ((), says)));
    let leaf = findings.note("leaf", leaf(&mut archive, &manifest));
    if let Some((proof, origin)) = leaf.zip(origin) {
        stands(findings, &proof, &origin, keys);
    }
    Some((manifest, bytes))
}

fn text<R: Read + Seek>(archive: &mut Archive<'_, R>, name: &str) -> Result<Vec<u8>, String> {
    let entry = archive.entries().iter().find(|entry| entry.name == name).cloned();
    let entry: Entry = entry.ok_or_else(|| format!("{name} is missing"))?;
    // Reads it twice, so that its check sum is held against it as well.
    archive.digest(&entry)?;
    archive.text(&entry)
}

pub(crate) type Manifest = Map<String, Value>;

fn manifest<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<((Manifest, Vec<u8>), String), String> {
    let bytes = text(archive, MANIFEST)?;
    let manifest = json::object(&bytes)?;
    if json::text(&manifest, "format")? != FORMAT {
        return Err("it is not the list of a package".to_owned());
    }
    let says = format!(
        "package of report {} for {} on basis {}, {} files withheld",
        json::whole(&manifest, "report")?,
        json::text(&manifest, "agency")?,
        json::text(&manifest, "basis")?,
        json::objects(&manifest, "withheld")?.len()
    );
    Ok(((manifest, bytes), says))
}

fn signature<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    manifest: &Manifest,
    bytes: &[u8],
    keys: &Keys,
) -> Result<(String, String), String> {
    let signature = String::from_utf8(text(archive, SIGNATURE)?).map_err(|_| "it is not a text")?;
    let report = json::whole(manifest, "report")?;
    let text =
        format!("clearinghouse package manifest v1\nreport {report}\nsha256 {}\n", hex(&digest::of(bytes)));
    let name = note::signer(&signature)?;
    let origin = name.strip_suffix(KEY_ENDING).ok_or_else(|| format!("{name} is not a key for packages"))?;
    note::signed_by(&signature, &text, name, keys)?;
    Ok((origin.to_owned(), format!("signed by {name}")))
}

/// Every member is on the list with its length and digest, and everything on the list is there.
fn members<R: Read + Seek>(archive: &mut Archive<'_, R>, manifest: &Manifest) -> Result<String, String> {
    let mut listed = BTreeMap::new();
    for one in json::objects(manifest, "members")? {
        let (name, size, sha256) =
            (json::text(one, "name")?, json::whole(one, "size")?, json::text(one, "sha256")?);
        if listed.insert(name, (size, sha256)).is_some() {
            return Err(format!("{name} is on the list twice"));
        }
    }
    let count = listed.len();
    for entry in archive.entries().to_vec() {
        if entry.name == MANIFEST || entry.name == SIGNATURE {
            continue;
        }
        let name = entry.name.as_str();
        let (size, sha256) = listed.remove(name).ok_or_else(|| format!("{name} is not on the list"))?;
        if entry.size != size || hex(&archive.digest(&entry)?) != sha256 {
            return Err(format!("{name} is not what the list says"));
        }
    }
    match listed.keys().next() {
        Some(name) => Err(format!("{name} is on the list and not in the package")),
        None => Ok(format!("all {count} are what the list says")),
    }
}

/// The leaf is the making-available that the list names.
fn leaf<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    manifest: &Manifest,
) -> Result<(Proof, String), String> {
    let proof = String::from_utf8(text(archive, PROOF)?).map_err(|_| "the proof is not a text")?;
    let proof = Proof::parse(&proof)?;
    let leaf = Leaf::parse(&proof.entry)?;
    leaf.is(leaf::DELIVERED, "a making-available")?;
    match hex(&leaf.id) == json::text(manifest, "delivery")? {
        true => Ok((proof, "is the making-available that the list names".to_owned())),
        false => Err("the leaf is another one than the list names".to_owned()),
    }
}
