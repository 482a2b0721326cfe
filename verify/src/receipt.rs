//! The check of a receipt: what it says, who signed it, and that the ledger says the same.

use serde_json::{Map, Value};

use crate::digest::{self, hex, unhex};
use crate::findings::Findings;
use crate::keys::Keys;
use crate::leaf::{self, Leaf};
use crate::note;
use crate::proof::Proof;
use crate::{calendar, json, xml};

const SCHEMA: &str = "urn:clearinghouse:schema:receipt:1.0";
/// The key that signs receipts is named after the log.
pub(crate) const KEY_ENDING: &str = "/receipts";
pub(crate) const SALT_BYTES: usize = 32;

/// Checks a receipt as JSON or XML.
#[must_use]
pub fn receipt(bytes: &[u8], keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read = if bytes.starts_with(b"<") { xml::members(bytes) } else { json::object(bytes) };
    let read = read.and_then(|members| {
        let says = says(&members)?;
        Ok((members, says))
    });
    let Some(members) = findings.note("form", read) else { return findings };
    let origin = findings.note("signature", signature(&members, keys));
    findings.note("submission", submission(&members).map(|says| ((), says)));
    findings.note("duty to preserve", preservation(&members).map(|says| ((), says)));
    let leaf = findings.note("leaf", leaf(&members));
    if let Some((proof, origin)) = leaf.zip(origin) {
        stands(&mut findings, &proof, &origin, keys);
    }
    findings
}

/// The last two checks of everything that has a proof: the signature of the log, and the place in its tree.
pub(crate) fn stands(findings: &mut Findings, proof: &Proof, origin: &str, keys: &Keys) {
    let checkpoint = proof.checkpoint(keys).and_then(|checkpoint| match checkpoint.origin == origin {
        true => {
            let says = checkpoint.says();
            Ok((checkpoint, says))
        }
        false => Err(format!("it is of the log {}, not of {origin}", checkpoint.origin)),
    });
    if let Some(checkpoint) = findings.note("checkpoint", checkpoint) {
        let place = proof.leads_to(&checkpoint);
        findings.note("ledger", place.map(|index| ((), format!("it is leaf {index} of the log"))));
    }
}

fn says(members: &Map<String, Value>) -> Result<String, String> {
    if json::text(members, "schema")? != SCHEMA {
        return Err("it is not a receipt of version 1".to_owned());
    }
    let (report, provider) = (json::whole(members, "report")?, json::text(members, "provider")?);
    Ok(format!("receipt for report {report} of {provider}"))
}

/// The signature over everything else; answers the log after which its key is named.
fn signature(members: &Map<String, Value>, keys: &Keys) -> Result<(String, String), String> {
    let signature = json::text(members, "signature")?;
    let mut signed = members.clone();
    signed.remove("signature");
    let body = json::canonical_members(&signed).ok_or("it has numbers that are not whole")?;
    let report = json::whole(members, "report")?;
    let text = format!("clearinghouse receipt v1\nreport {report}\nsha256 {}\n", hex(&digest::of(&body)));
    let name = note::signer(signature)?;
    let origin = name.strip_suffix(KEY_ENDING).ok_or_else(|| format!("{name} is not a key for receipts"))?;
    note::signed_by(signature, &text, name, keys)?;
    Ok((origin.to_owned(), format!("signed by {name}")))
}

/// The digest over the list of everything submitted.
pub(crate) fn submission(members: &Map<String, Value>) -> Result<String, String> {
    let mut list = format!("clearinghouse/submission/v1\nreport {}\n", json::whole(members, "report")?);
    let documents = json::objects(members, "documents")?;
    for one in &documents {
        list.push_str(&format!("document {} {}\n", json::whole(one, "position")?, sha256(one)?));
    }
    let files = json::objects(members, "files")?;
    for one in &files {
        let (position, file) = (json::whole(one, "position")?, json::text(one, "file")?);
        list.push_str(&format!("file {position} {file} {} {}\n", json::whole(one, "size")?, sha256(one)?));
    }
    match hex(&digest::of(list.as_bytes())) == json::text(members, "submissionSha256")? {
        true => Ok(format!("{} documents and {} files, as listed", documents.len(), files.len())),
        false => Err("the digest is not that of the listed documents and files".to_owned()),
    }
}

fn sha256(one: &Map<String, Value>) -> Result<&str, String> {
    let text = json::text(one, "sha256")?;
    match unhex::<{ digest::BYTES }>(text) {
        Some(_) => Ok(text),
        None => Err("a digest is not 64 hexadecimal digits".to_owned()),
    }
}

fn preservation(members: &Map<String, Value>) -> Result<String, String> {
    let completed = moment(members, "completedAt")?;
    match calendar::a_year_after(completed) == moment(members, "preserveUntil")? {
        true => Ok(format!("completed {}, one year from then", calendar::written(completed))),
        false => Err("the moment is not one year after the completion".to_owned()),
    }
}

fn moment(members: &Map<String, Value>, name: &str) -> Result<i64, String> {
    calendar::micros(json::text(members, name)?).ok_or_else(|| format!("{name} is not a moment"))
}

/// The leaf commits to an event, and the event says what the receipt says.
fn leaf(members: &Map<String, Value>) -> Result<(Proof, String), String> {
    let ledger = members.get("ledger").and_then(Value::as_object).ok_or("ledger is missing")?;
    let event = ledger.get("event").and_then(Value::as_object).ok_or("the event is missing")?;
    let salt = unhex::<SALT_BYTES>(json::text(ledger, "salt")?).ok_or("the salt is not 32 bytes")?;
    let proof = Proof::parse(json::text(ledger, "proof")?)?;
    let leaf = Leaf::parse(&proof.entry)?;
    leaf.is(leaf::FINISHED, "a finish")?;
    let spelled = json::canonical_members(event).ok_or("the event has numbers that are not whole")?;
    if digest::sha256(&[&salt, &spelled]) != leaf.commitment {
        return Err("the leaf does not commit to the event".to_owned());
    }
    let details = event.get("details").and_then(Value::as_object).ok_or("the event says nothing")?;
    let same = json::text(event, "kind")? == "report-finished"
        && json::whole(event, "report")? == json::whole(members, "report")?
        && json::text(details, "submission_sha256")? == json::text(members, "submissionSha256")?
        && json::whole(details, "files")? == json::objects(members, "files")?.len() as u64
        && leaf.at == moment(members, "completedAt")?;
    match same {
        true => Ok((proof, "commits to this submission at this moment".to_owned())),
        false => Err("the event speaks of something else than the receipt".to_owned()),
    }
}
