//! The check of a certificate: who signed it, what was received, and that every event it shows stands in the ledger.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::digest::{self, hex, unhex};
use crate::findings::Findings;
use crate::keys::Keys;
use crate::leaf::{self, Leaf};
use crate::note;
use crate::package::KEY_ENDING;
use crate::proof::Proof;
use crate::receipt::{SALT_BYTES, submission};
use crate::{calendar, json};

pub(crate) const SCHEMA: &str = "urn:clearinghouse:schema:certificate:1.0";

pub(crate) type Members = Map<String, Value>;

/// Checks a certificate as JSON.
#[must_use]
pub fn certificate(bytes: &[u8], keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read = json::object(bytes).and_then(|members| {
        let says = says(&members)?;
        Ok((members, says))
    });
    let Some(members) = findings.note("form", read) else { return findings };
    let origin = findings.note("signature", signature(&members, keys));
    findings.note("submission", submission(&members).map(|says| ((), says)));
    let custody = findings.note("custody", custody(&members));
    if let Some((proofs, origin)) = custody.zip(origin) {
        findings.note("ledger", stand(&proofs, &origin, keys).map(|says| ((), says)));
    }
    findings
}

fn says(members: &Members) -> Result<String, String> {
    if json::text(members, "schema")? != SCHEMA {
        return Err("it is not a certificate of version 1".to_owned());
    }
    let signer = members.get("signer").and_then(Value::as_object).ok_or("it does not say who is to sign")?;
    Ok(format!(
        "certificate of report {} for {}, to be signed by {}, {}",
        json::whole(members, "report")?,
        json::text(members, "agency")?,
        json::text(signer, "name")?,
        json::text(signer, "role")?,
    ))
}

fn signature(members: &Members, keys: &Keys) -> Result<(String, String), String> {
    let signature = json::text(members, "signature")?;
    let mut signed = members.clone();
    signed.remove("signature");
    let body = json::canonical_members(&signed).ok_or("it has numbers that are not whole")?;
    let report = json::whole(members, "report")?;
    let text = format!("clearinghouse certificate v1\nreport {report}\nsha256 {}\n", hex(&digest::of(&body)));
    let name = note::signer(signature)?;
    let origin =
        name.strip_suffix(KEY_ENDING).ok_or_else(|| format!("{name} is not a key for certificates"))?;
    note::signed_by(signature, &text, name, keys)?;
    Ok((origin.to_owned(), format!("signed by {name}")))
}

/// Every event is what its leaf commits to; the finish is that of this submission, and the delivery is the one that the
/// certificate names.
fn custody(members: &Members) -> Result<(Vec<Proof>, String), String> {
    let events = json::objects(members, "custody")?;
    let (mut proofs, mut closed, mut finished, mut delivered) = (Vec::new(), 0, false, false);
    for one in &events {
        let proof = Proof::parse(json::text(one, "proof")?)?;
        let leaf = Leaf::parse(&proof.entry)?;
        let code = json::whole(one, "code")?;
        if code != u64::from(leaf.kind) || json::text(one, "at")? != calendar::written(leaf.at) {
            return Err("an event has another kind or moment than its leaf".to_owned());
        }
        match one.get("event").and_then(Value::as_object) {
            None if one.get("event") == Some(&Value::Null) && one.get("salt") == Some(&Value::Null) => {
                closed += 1
            }
            None => return Err("an event is neither shown nor left out".to_owned()),
            Some(event) => {
                committed(one, event, &leaf)?;
                if json::whole(event, "report")? != json::whole(members, "report")? {
                    return Err("an event is of another report".to_owned());
                }
                finished |= leaf.kind == leaf::FINISHED && is_finish(members, event, &leaf)?;
                delivered |=
                    leaf.kind == leaf::DELIVERED && hex(&leaf.id) == json::text(members, "delivery")?;
            }
        }
        proofs.push(proof);
    }
    match (finished, delivered) {
        (false, _) => Err("no event shows that this submission was completed".to_owned()),
        (_, false) => Err("no event shows that it was made available".to_owned()),
        _ => {
            let says = format!(
                "{} events are what their leaves commit to, {closed} more are shown closed",
                events.len() - closed
            );
            Ok((proofs, says))
        }
    }
}

/// The event is what its leaf commits to, and of the kind that is said beside it.
pub(crate) fn committed(one: &Members, event: &Members, leaf: &Leaf) -> Result<(), String> {
    let salt = unhex::<SALT_BYTES>(json::text(one, "salt")?).ok_or("a salt is not 32 bytes")?;
    let spelled = json::canonical_members(event).ok_or("an event has numbers that are not whole")?;
    let same = digest::sha256(&[&salt, &spelled]) == leaf.commitment
        && json::text(event, "kind")? == json::text(one, "kind")?;
    match same {
        true => Ok(()),
        false => Err(format!("the leaf of {} does not commit to it", json::text(one, "kind")?)),
    }
}

fn is_finish(members: &Members, event: &Members, leaf: &Leaf) -> Result<bool, String> {
    let details = event.get("details").and_then(Value::as_object).ok_or("the finish says nothing")?;
    Ok(json::text(details, "submission_sha256")? == json::text(members, "submissionSha256")?
        && json::whole(details, "files")? == json::objects(members, "files")?.len() as u64
        && calendar::written(leaf.at) == json::text(members, "completedAt")?)
}

/// Every leaf stands in the tree of its checkpoint, in this order. One checkpoint serves many leaves, and is checked once.
pub(crate) fn stand(proofs: &[Proof], origin: &str, keys: &Keys) -> Result<String, String> {
    let (mut seen, mut last, mut witnessed) = (BTreeSet::new(), None, String::new());
    for proof in proofs {
        let checkpoint = match seen.contains(proof.note()) {
            true => note::body(proof.note())?,
            false => proof.checkpoint(keys)?,
        };
        if checkpoint.origin != origin {
            return Err(format!("a leaf is of the log {}, not of {origin}", checkpoint.origin));
        }
        if seen.insert(proof.note()) {
            witnessed = checkpoint.witnessed.clone();
        }
        let index = proof.leads_to(&checkpoint)?;
        if last.is_some_and(|last| index <= last) {
            return Err("the events do not stand in the order of the ledger".to_owned());
        }
        last = Some(index);
    }
    let last = last.ok_or("it has no events")?;
    Ok(format!("all {} leaves are in the log, the last is leaf {last}; {witnessed}", proofs.len()))
}
