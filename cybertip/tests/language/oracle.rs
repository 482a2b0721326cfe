//! Our messages against those of the Java runtime's validator, which hold the schema that we serve. The golden texts
//! are its own output; `fixtures/README.md` says how to make them anew.

use std::fs;

use cybertip::{Profile, read_file_details, read_report};

use crate::support::{documents, folder, now};

/// Our answer to a document in the golden form: one line for each message.
fn ours(name: &str, bytes: &[u8]) -> String {
    let profile = if name.starts_with("strict-") { Profile::Strict2025_11 } else { Profile::Current };
    let rejection = if name.starts_with("file-") {
        read_file_details(bytes, None, profile, now()).err()
    } else {
        read_report(bytes, None, profile, now()).err()
    };
    let description = rejection.map_or_else(|| "accepted\n".to_owned(), |rejection| rejection.description());
    description.split_once('\n').map_or("", |(_, lines)| lines).to_owned()
}

/// The golden text with free text hidden: we never repeat it, the Java runtime does.
fn hidden(golden: &str) -> String {
    let mut secret: Option<String> = None;
    let mut lines = Vec::new();
    for line in golden.lines() {
        let mut line = line.to_owned();
        let tells = ["cvc-maxLength-valid: Value '", "cvc-pattern-valid: Value '"];
        let told = tells.iter().find_map(|opening| line.split_once(opening)).map(|(_, rest)| rest.to_owned());
        if let Some(rest) = told {
            secret = rest.split_once('\'').map(|(value, _)| value.to_owned());
        }
        if let Some(value) = &secret {
            line = line.replace(&format!("'{value}'"), "'…'");
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[test]
fn every_bad_document_is_answered_in_the_words_of_the_java_validator() {
    let mut differences = Vec::new();
    let documents = documents("bad");
    assert!(documents.len() > 100, "the folder of bad documents is incomplete");
    for (name, bytes) in &documents {
        let golden = fs::read_to_string(folder("golden").join(format!("{name}.txt"))).unwrap();
        let (wanted, found) = (hidden(golden.trim_end()), ours(name, bytes));
        if wanted != found {
            differences.push(format!("{name}\n  java: {wanted}\n  ours: {found}"));
        }
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

/// The shapes of message that the reference of the API documents for code 4100, and those around them.
const FAMILIES: [&str; 12] = [
    "cvc-complex-type.2.4.a: Invalid content was found starting with element",
    "cvc-complex-type.2.4.b: The content of element",
    "cvc-complex-type.2.4.d: Invalid content was found starting with element",
    "cvc-enumeration-valid: Value",
    "cvc-type.3.1.3: The value",
    "cvc-datatype-valid.1.2.1:",
    "cvc-complex-type.4: Attribute",
    "cvc-complex-type.3.2.2: Attribute",
    "cvc-elt.5.2.2.2.2: The value",
    "cvc-elt.1.a: Cannot find the declaration of element",
    "cvc-maxLength-valid: Value",
    "cvc-pattern-valid: Value",
];

#[test]
fn every_documented_family_of_messages_has_a_golden_text() {
    let golden: Vec<String> = documents("bad")
        .iter()
        .map(|(name, _)| fs::read_to_string(folder("golden").join(format!("{name}.txt"))).unwrap())
        .collect();
    for family in FAMILIES {
        assert!(golden.iter().any(|text| text.contains(&format!("] - {family}"))), "{family}");
    }
    for kind in ["dateTime", "date", "boolean", "integer", "double"] {
        let said = format!("is not a valid value for '{kind}'.");
        assert!(golden.iter().any(|text| text.contains(&said)), "{kind}");
    }
}

#[test]
fn libxml2_agrees_on_what_is_good_and_what_is_bad() {
    let golden = fs::read_to_string(folder("golden").join("libxml2.txt")).unwrap();
    let count = documents("good").len() + documents("bad").len();
    assert_eq!(golden.lines().count(), count, "fixtures/README.md says how to make the text anew");
    for line in golden.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, _, verdict] = words[..] else { panic!("{line}") };
        assert_eq!(verdict, if kind == "good" { "accepted" } else { "rejected" }, "{line}");
    }
}
