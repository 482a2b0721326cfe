//! The one spelling of the documents that are signed here.

use serde_json::Value;

/// The value's bytes as `ledger` spells them.
///
/// # Panics
/// For fractions and deep nesting, which no document of ours holds.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    // INVARIANT: the members of our documents are listed in code: words, whole numbers, a few levels.
    ledger::canonical(value).expect("a document of ours has whole numbers and few levels")
}
