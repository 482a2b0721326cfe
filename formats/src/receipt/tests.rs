//! A receipt over a small ledger of its own, in its three forms.

use domain::Id;
use ledger::{Checkpoint, Edge, VerifierKey};
use seal::SigningKey;
use serde_json::json;

use super::*;
use crate::package::{canonical, ledger_proof};

struct Signer(VerifierKey, SigningKey);

impl NoteSigner for Signer {
    fn key(&self) -> &VerifierKey {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], ledger::Fault> {
        self.1.sign(message).map_err(|fault| ledger::Fault::Sign(Box::new(fault)))
    }
}

fn signer(name: &str, seed: u8) -> Signer {
    let signing = SigningKey::from_seed([seed; 32]).unwrap();
    Signer(VerifierKey::new(name, signing.public()).unwrap(), signing)
}

fn receipt(files: u32) -> Receipt {
    let report = ReportId::try_from(1_000_001).unwrap();
    let file = |at: u32| {
        let mut id = [0xa0; 16];
        id[12..].copy_from_slice(&at.to_be_bytes());
        FileId::from_random(id)
    };
    let documents = vec![
        ReceiptDocument { position: 1, file: None, size_bytes: 812, sha256: [1; 32] },
        ReceiptDocument { position: 2, file: Some(file(1)), size_bytes: 240, sha256: [2; 32] },
    ];
    let one = |at: u32| {
        let sha256 = seal::sha256(&at.to_be_bytes());
        ReceiptFile { position: at, file: file(at), size_bytes: 100, sha256 }
    };
    let files: Vec<ReceiptFile> = (1..=files).map(one).collect();
    let submission_sha256 = submission_digest(report, &documents, &files);
    let event = json!({
        "act": "finish", "actor": "provider:harbor-chat:harbor-1", "kind": "report-finished", "purpose": "intake",
        "details": { "files": files.len(), "submission_sha256": seal::hex(&submission_sha256) }, "report": 1_000_001,
    });
    let salted_event = [vec![7; 32], canonical(&event)].concat();
    let completed_at: Timestamp = "2026-06-01T12:00:00.000120Z".parse().unwrap();
    let mut entry = vec![1, 0, 4];
    entry.extend(completed_at.as_microsecond().to_be_bytes());
    entry.extend([9; 16]);
    entry.extend(seal::sha256(&salted_event));
    let (leaf, other) = (ledger::leaf_hash(&entry), ledger::leaf_hash(b"other"));
    let root = Edge::empty().append(&[leaf, other]).root;
    let checkpoint = Checkpoint { origin: "clearinghouse.example".to_owned(), size: 2, root };
    let note = ledger::sign(&checkpoint, &signer("clearinghouse.example", 1)).unwrap();
    let proof = ledger_proof(&ledger::proof_file(0, &[other], &note), &entry).unwrap();
    Receipt {
        report,
        provider: ProviderId::parse("harbor-chat").unwrap(),
        provider_name: "Harbor \u{202e}<Chat> & Co".to_owned(),
        completed_at,
        preserve_until: domain::preserve_until(completed_at),
        submission_sha256,
        documents,
        files,
        salted_event,
        proof,
    }
}

/// The list that a submission's digest is over, as docs/providers/receipts.md has it.
fn submission_digest(report: ReportId, documents: &[ReceiptDocument], files: &[ReceiptFile]) -> [u8; 32] {
    let mut list = format!("clearinghouse/submission/v1\nreport {report}\n");
    for one in documents {
        list.push_str(&format!("document {} {}\n", one.position, seal::hex(&one.sha256)));
    }
    for ReceiptFile { position, file, size_bytes, sha256 } in files {
        list.push_str(&format!("file {position} {file} {size_bytes} {}\n", seal::hex(sha256)));
    }
    seal::sha256(list.as_bytes())
}

fn keys() -> verify::Keys {
    let (log, receipts) =
        (signer("clearinghouse.example", 1).0, signer("clearinghouse.example/receipts", 2).0);
    verify::Keys::parse(&format!("{log}\n{receipts}\n")).unwrap()
}

fn signed(files: u32) -> SignedReceipt {
    receipt(files).sign(&signer("clearinghouse.example/receipts", 2)).unwrap()
}

#[test]
fn the_same_facts_make_the_same_bytes_in_every_form() {
    let (one, other) = (signed(3), signed(3));
    assert_eq!(one.to_json(), other.to_json());
    assert_eq!(one.to_xml(), other.to_xml());
    assert_eq!(one.to_pdf().unwrap(), other.to_pdf().unwrap());
}

#[test]
fn the_signature_is_over_everything_else_in_the_json() {
    let json = signed(2).to_json();
    let mut value: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(canonical(&value), json);
    let note = value.as_object_mut().unwrap().remove("signature").unwrap();
    let text = text(ReportId::try_from(1_000_001).unwrap(), &canonical(&value));
    let signature = note.as_str().unwrap().strip_prefix(&text).unwrap();
    assert!(signature.starts_with("\n\u{2014} clearinghouse.example/receipts "));
}

#[test]
fn a_moment_has_one_spelling() {
    let value: Value = serde_json::from_slice(&signed(0).to_json()).unwrap();
    assert_eq!(value["completedAt"], "2026-06-01T12:00:00.000120Z");
    assert_eq!(value["preserveUntil"], "2027-06-01T12:00:00.000120Z");
}

#[test]
fn hostile_words_of_a_name_stay_words() {
    let receipt = signed(1);
    let value: Value = serde_json::from_slice(&receipt.to_json()).unwrap();
    assert_eq!(value["providerName"], "Harbor  <Chat> & Co");
    assert!(receipt.to_xml().contains("<providerName>Harbor  &lt;Chat&gt; &amp; Co</providerName>"));
}

#[test]
fn the_xml_has_every_file_and_document_in_order() {
    let xml = signed(3).to_xml();
    let lines: Vec<&str> = xml.lines().map(str::trim).filter(|line| line.ends_with("/>")).collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[1].starts_with("<document position=\"2\" file=\"a0a0"));
    assert!(lines[4].starts_with("<file position=\"3\" file=\"a0a0"));
}

#[test]
fn an_event_that_is_none_is_refused() {
    let mut broken = receipt(1);
    broken.salted_event.truncate(20);
    assert!(broken.sign(&signer("clearinghouse.example/receipts", 2)).is_err());
}

#[test]
fn the_independent_checker_finds_json_and_xml_to_hold_whatever_their_length() {
    for files in [0, 1, 1_000] {
        let receipt = signed(files);
        for bytes in [receipt.to_json(), receipt.to_xml().into_bytes()] {
            let findings = verify::receipt(&bytes, &keys());
            assert!(findings.hold(), "{:#?}", findings.checks());
        }
    }
}

#[test]
fn a_receipt_that_contradicts_itself_is_seen_although_it_is_signed() {
    let sign = |receipt: Receipt| {
        let signed = receipt.sign(&signer("clearinghouse.example/receipts", 2)).unwrap();
        verify::receipt(&signed.to_json(), &keys())
    };
    let wrong: [fn(&mut Receipt); 6] = [
        |one| one.files.truncate(2),
        |one| one.files[0].sha256[0] ^= 1,
        |one| one.documents[0].sha256[0] ^= 1,
        |one| one.submission_sha256[0] ^= 1,
        |one| one.preserve_until = one.completed_at,
        |one| one.report = ReportId::try_from(1_000_002).unwrap(),
    ];
    assert!(sign(receipt(3)).hold());
    for (at, change) in wrong.into_iter().enumerate() {
        let mut changed = receipt(3);
        change(&mut changed);
        assert!(!sign(changed).hold(), "change {at}");
    }
}
