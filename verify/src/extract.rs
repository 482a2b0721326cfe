//! The check of an extract of the ledger: who took it out, and that every event it shows is what its leaf commits to and
//! stands in the ledger.

use serde_json::Value;

use crate::certificate::{Members, committed, stand};
use crate::digest::{self, hex};
use crate::findings::Findings;
use crate::keys::Keys;
use crate::leaf::Leaf;
use crate::package::KEY_ENDING;
use crate::proof::Proof;
use crate::{calendar, json, note};

pub(crate) const SCHEMA: &str = "urn:clearinghouse:schema:ledger-extract:1.0";

/// Checks an extract as JSON.
#[must_use]
pub fn extract(bytes: &[u8], keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read = json::object(bytes).and_then(|members| {
        let says = says(&members)?;
        Ok((members, says))
    });
    let Some(members) = findings.note("form", read) else { return findings };
    let origin = findings.note("signature", signature(&members, keys));
    let leaves = findings.note("leaves", leaves(&members));
    if let Some((proofs, origin)) = leaves.zip(origin) {
        let found = match proofs.is_empty() {
            true => Ok("nothing is shown, so nothing is to be proved".to_owned()),
            false => stand(&proofs, &origin, keys),
        };
        findings.note("ledger", found.map(|says| ((), says)));
    }
    findings
}

fn says(members: &Members) -> Result<String, String> {
    if json::text(members, "schema")? != SCHEMA {
        return Err("it is not an extract of version 1".to_owned());
    }
    let asked = members.get("asked").and_then(Value::as_object).ok_or("it does not say what was asked")?;
    let complete =
        asked.get("complete").and_then(Value::as_bool).ok_or("it does not say whether it is all")?;
    Ok(format!(
        "extract of the ledger, made {}, {}",
        json::text(members, "madeAt")?,
        if complete { "everything that was found" } else { "cut at its bound: there may be more" }
    ))
}

fn signature(members: &Members, keys: &Keys) -> Result<(String, String), String> {
    let signature = json::text(members, "signature")?;
    let mut signed = members.clone();
    signed.remove("signature");
    let body = json::canonical_members(&signed).ok_or("it has numbers that are not whole")?;
    let text = format!("clearinghouse ledger extract v1\nsha256 {}\n", hex(&digest::of(&body)));
    let name = note::signer(signature)?;
    let origin = name.strip_suffix(KEY_ENDING).ok_or_else(|| format!("{name} is not a key for extracts"))?;
    note::signed_by(signature, &text, name, keys)?;
    Ok((origin.to_owned(), format!("signed by {name}")))
}

fn leaves(members: &Members) -> Result<(Vec<Proof>, String), String> {
    let (mut proofs, mut closed) = (Vec::new(), 0);
    for one in json::objects(members, "leaves")? {
        let proof = Proof::parse(json::text(one, "proof")?)?;
        let leaf = Leaf::parse(&proof.entry)?;
        if json::whole(one, "code")? != u64::from(leaf.kind)
            || json::text(one, "at")? != calendar::written(leaf.at)
            || json::whole(one, "index")? != proof.index
        {
            return Err("an event has another kind, moment or place than its leaf".to_owned());
        }
        match one.get("event") {
            Some(Value::Object(event)) => committed(one, event, &leaf)?,
            Some(Value::Null) if one.get("salt") == Some(&Value::Null) => closed += 1,
            _ => return Err("an event is neither shown nor left out".to_owned()),
        }
        proofs.push(proof);
    }
    let says = format!(
        "{} events are what their leaves commit to, {closed} more were destroyed",
        proofs.len() - closed
    );
    Ok((proofs, says))
}
