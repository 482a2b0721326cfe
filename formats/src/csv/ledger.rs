//! `ledger.csv`: leaves of the ledger, a line each, for whoever reviews them by eye.

use std::io::{self, Write};

use serde_json::Value;

use super::sheet::{self, Cell, Sheet};

const HEADER: [&str; 16] = [
    "Leaf",
    "At",
    "Kind",
    "Outcome",
    "Code",
    "Actor",
    "Role",
    "Agency",
    "Report",
    "Object",
    "Surface",
    "Address",
    "Bytes In",
    "Bytes Out",
    "Lasted (us)",
    "Details",
];

/// The sheet: place in the tree, moment, kind and event of each leaf. An event that was destroyed leaves its cells empty.
#[must_use]
pub fn ledger(leaves: impl Iterator<Item = (u64, String, &'static str, Value)>) -> Vec<u8> {
    sheet::whole(|out| write(leaves, out))
}

fn write(
    leaves: impl Iterator<Item = (u64, String, &'static str, Value)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(out, HEADER)?;
    for (index, at, kind, event) in leaves {
        let of = |name: &str| cell(&event[name]);
        sheet.row([
            index.into(),
            at.into(),
            kind.into(),
            of("outcome"),
            of("code"),
            of("actor"),
            of("role"),
            of("agency"),
            of("report"),
            of("object"),
            of("surface"),
            of("address"),
            of("bytes_in"),
            of("bytes_out"),
            of("lasted_us"),
            of("details"),
        ])?;
    }
    Ok(())
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => "".into(),
        Value::String(words) => words.as_str().into(),
        other => other.to_string().into(),
    }
}
