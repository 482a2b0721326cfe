//! What several tests look for in a report.

use std::net::IpAddr;

use domain::{FileId, FileStatement};
use serde_json::Value;
use synth::{SyntheticFile, SyntheticReport};

/// What the report says of one of its files.
pub fn statement(file: &SyntheticFile) -> FileStatement {
    file.statement(9.try_into().unwrap(), FileId::from_random([0xab; 16]))
}

/// Every text anywhere in a report, with the name of the field it stands in.
pub fn texts(report: &SyntheticReport) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    walk("", &serde_json::to_value(&report.submission).unwrap(), &mut texts);
    for statement in report.files.iter().map(statement) {
        walk("", &serde_json::to_value(&statement).unwrap(), &mut texts);
    }
    texts.extend(report.files.iter().map(|file| ("name".to_owned(), file.name.clone())));
    texts
}

fn walk(field: &str, value: &Value, texts: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => texts.push((field.to_owned(), text.clone())),
        Value::Array(all) => all.iter().for_each(|one| walk(field, one, texts)),
        Value::Object(all) => all.iter().for_each(|(name, one)| walk(name, one, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every internet address in a report.
pub fn addresses(report: &SyntheticReport) -> Vec<IpAddr> {
    texts(report).iter().filter_map(|(_, text)| text.parse().ok()).collect()
}
