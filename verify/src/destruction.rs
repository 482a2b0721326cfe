//! The check of a certificate of destruction: that the house signed it, and what it says was destroyed.

use serde_json::Value;

use crate::findings::Findings;
use crate::keys::Keys;
use crate::receipt::KEY_ENDING;
use crate::{json, note};

/// The value of the member `certificate`, and the first line of the signed text.
pub(crate) const FIRST_LINE: &str = "clearinghouse certificate of destruction v1";

/// Checks a certificate of destruction as JSON. It has no proof within: the leaf of kind 101 of the same destruction is
/// proved on its own.
#[must_use]
pub fn destruction(bytes: &[u8], keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read = json::object(bytes).and_then(|members| {
        if json::text(&members, "certificate")? != FIRST_LINE {
            return Err("it is not a certificate of destruction of version 1".to_owned());
        }
        let files = json::objects(&members, "files")?.len();
        let (id, at) = (json::text(&members, "destruction")?, json::text(&members, "certified_at")?);
        let says = format!("destruction {id} of {files} files, certified {at}");
        Ok((members, says))
    });
    let Some(members) = findings.note("form", read) else { return findings };
    findings.note("signature", signature(members, keys).map(|says| ((), says)));
    findings
}

fn signature(mut members: serde_json::Map<String, Value>, keys: &Keys) -> Result<String, String> {
    let line = json::text(&members, "signature")?.to_owned();
    members.remove("signature");
    let body = json::canonical_members(&members).ok_or("it has numbers that are not whole")?;
    let body = String::from_utf8(body).map_err(|_| "it is not a text")?;
    let text = format!("{FIRST_LINE}\n{body}\n");
    let note = format!("{text}\n{line}\n");
    let name = note::signer(&format!("\n\n{line}\n"))?.to_owned();
    if !name.ends_with(KEY_ENDING) {
        return Err(format!("{name} is not a key for certificates of destruction"));
    }
    note::signed_by(&note, &text, &name, keys)?;
    Ok(format!("signed by {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Signer;

    fn certificate() -> Vec<u8> {
        let signer = Signer::log("log.example/receipts", 3);
        let mut value = serde_json::json!({
            "certificate": FIRST_LINE, "certified_at": "2026-06-01T12:00:00Z", "destruction": 7,
            "files": [{ "file": "f1", "keys": 2 }], "method": "as the house says",
        });
        value["destruction"] = "d-7".into();
        let body = String::from_utf8(json::canonical(&value).unwrap()).unwrap();
        let line = signer.line(&format!("{FIRST_LINE}\n{body}\n"));
        value["signature"] = line.trim_end().into();
        json::canonical(&value).unwrap()
    }

    #[test]
    fn every_changed_byte_of_a_certificate_of_destruction_is_seen() {
        let keys = Keys::parse(&Signer::log("log.example/receipts", 3).vkey()).unwrap();
        let good = certificate();
        assert!(destruction(&good, &keys).hold(), "{:?}", destruction(&good, &keys));
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut changed = good.clone();
                changed[at] ^= 1 << bit;
                assert!(!destruction(&changed, &keys).hold(), "{at}");
            }
            assert!(!destruction(&good[..at], &keys).hold());
        }
        let other = Keys::parse(&Signer::log("log.example/packages", 3).vkey()).unwrap();
        assert!(!destruction(&good, &other).hold());
    }
}
