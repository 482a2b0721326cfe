//! The receipt as XML: one spelling, so that the JSON, and with it the signature, can be checked from it.

use super::{DUTY, ReceiptDocument, ReceiptFile, SignedReceipt, moment};
use crate::package::canonical;

/// The document.
pub(super) fn write(signed: &SignedReceipt) -> String {
    let SignedReceipt { receipt, ledger, note } = signed;
    let event = String::from_utf8_lossy(&canonical(&ledger.event)).into_owned();
    let mut page = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<receipt xmlns=\"urn:clearinghouse:schema:receipt:1.0\">\n",
    );
    element(&mut page, 1, "report", &receipt.report.to_string());
    element(&mut page, 1, "provider", &receipt.provider.to_string());
    element(&mut page, 1, "providerName", &receipt.provider_name);
    element(&mut page, 1, "completedAt", &moment(receipt.completed_at));
    element(&mut page, 1, "preserveUntil", &moment(receipt.preserve_until));
    element(&mut page, 1, "duty", DUTY);
    element(&mut page, 1, "submissionSha256", &seal::hex(&receipt.submission_sha256));
    page.push_str("  <documents>\n");
    receipt.documents.iter().for_each(|one| page.push_str(&document(one)));
    page.push_str("  </documents>\n  <files>\n");
    receipt.files.iter().for_each(|one| page.push_str(&file(one)));
    page.push_str("  </files>\n  <ledger>\n");
    element(&mut page, 2, "salt", &ledger.salt);
    element(&mut page, 2, "event", &event);
    element(&mut page, 2, "proof", &receipt.proof);
    page.push_str("  </ledger>\n");
    element(&mut page, 1, "signature", note);
    page.push_str("</receipt>\n");
    page
}

fn element(page: &mut String, depth: usize, name: &str, text: &str) {
    let gap = "  ".repeat(depth);
    page.push_str(&format!("{gap}<{name}>{}</{name}>\n", escaped(text)));
}

fn document(one: &ReceiptDocument) -> String {
    let file = one.file.as_ref().map(|file| format!(" file=\"{file}\"")).unwrap_or_default();
    let sha256 = seal::hex(&one.sha256);
    format!(
        "    <document position=\"{}\"{file} size=\"{}\" sha256=\"{sha256}\"/>\n",
        one.position, one.size_bytes
    )
}

fn file(one: &ReceiptFile) -> String {
    let ReceiptFile { position, file, size_bytes, sha256 } = one;
    let sha256 = seal::hex(sha256);
    format!("    <file position=\"{position}\" file=\"{file}\" size=\"{size_bytes}\" sha256=\"{sha256}\"/>\n")
}

/// Text as the content of an element. What XML cannot hold is not in a receipt: its words were put on one line.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
