//! The receipt as canonical JSON.

use serde_json::{Map, Value, json};

use super::{DUTY, LedgerPart, Receipt, ReceiptDocument, ReceiptFile, SignedReceipt, moment};
use crate::package::canonical;

/// What is signed: everything but the signature.
pub(super) fn body(receipt: &Receipt, ledger: &LedgerPart) -> Vec<u8> {
    canonical(&Value::Object(members(receipt, ledger)))
}

/// The whole receipt.
pub(super) fn write(signed: &SignedReceipt) -> Vec<u8> {
    let mut members = members(&signed.receipt, &signed.ledger);
    members.insert("signature".to_owned(), json!(signed.note));
    canonical(&Value::Object(members))
}

fn members(receipt: &Receipt, ledger: &LedgerPart) -> Map<String, Value> {
    let Value::Object(members) = json!({
        "schema": "urn:clearinghouse:schema:receipt:1.0",
        "report": receipt.report.get(),
        "provider": receipt.provider.to_string(),
        "providerName": receipt.provider_name,
        "completedAt": moment(receipt.completed_at),
        "preserveUntil": moment(receipt.preserve_until),
        "duty": DUTY,
        "submissionSha256": seal::hex(&receipt.submission_sha256),
        "documents": receipt.documents.iter().map(document).collect::<Vec<Value>>(),
        "files": receipt.files.iter().map(file).collect::<Vec<Value>>(),
        "ledger": { "salt": ledger.salt, "event": ledger.event, "proof": receipt.proof },
    }) else {
        return Map::new();
    };
    members
}

pub(crate) fn document(one: &ReceiptDocument) -> Value {
    let mut value =
        json!({ "position": one.position, "size": one.size_bytes, "sha256": seal::hex(&one.sha256) });
    if let Some(file) = &one.file {
        value["file"] = json!(file.as_str());
    }
    value
}

pub(crate) fn file(one: &ReceiptFile) -> Value {
    json!({
        "position": one.position, "file": one.file.as_str(), "size": one.size_bytes,
        "sha256": seal::hex(&one.sha256),
    })
}
