//! The name spaces.

use serde_json::{Value, json};

const UCO: &str = "https://ontology.unifiedcyberontology.org/uco";
const CASE: &str = "https://ontology.caseontology.org/case";
/// Modules of the first that our documents speak of.
const MODULES: [&str; 13] = [
    "action",
    "analysis",
    "configuration",
    "core",
    "identity",
    "location",
    "marking",
    "observable",
    "role",
    "tool",
    "types",
    "victim",
    "vocabulary",
];

pub(super) fn context() -> Value {
    let mut context = json!({
        "@vocab": "urn:clearinghouse:vocabulary:",
        "kb": "urn:clearinghouse:kb:",
        "case-investigation": format!("{CASE}/investigation/"),
        "case-vocabulary": format!("{CASE}/vocabulary/"),
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    });
    for module in MODULES {
        context[format!("uco-{module}")] = format!("{UCO}/{module}/").into();
    }
    context
}
