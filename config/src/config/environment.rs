//! Overrides: `CLEARINGHOUSE__SECTION__KEY` replaces `section.key`.

use std::ffi::OsString;

use serde::Deserialize;
use toml::{Table, Value};

use super::settings::Settings;
use crate::outcome::{Failure, Result};

const PREFIX: &str = "CLEARINGHOUSE__";

/// The variables of the process that are ours, in order.
#[derive(Debug, Clone, Default)]
pub struct Variables(Vec<(String, String)>);

impl Variables {
    /// What the process was started with. The one place where the environment is read; clap reads where the file is.
    pub fn of_process() -> Self {
        let text =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self::of(std::env::vars_os().filter_map(text))
    }

    /// The ones of ours among these.
    pub fn of(all: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut ours: Vec<_> = all.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        ours.sort();
        Self(ours)
    }

    /// Their names, for `check`; values may be secret.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// The variable that overrides a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Lays every variable over the file's table. A variable that does not fit is refused by name.
pub(super) fn lay_over(mut table: Table, variables: &Variables) -> Result<Settings> {
    for (name, value) in &variables.0 {
        table = with(table, name, value)?;
    }
    Settings::deserialize(table).map_err(|fault| Failure::new(fault.message().trim().to_owned()))
}

/// The table with one key replaced. A value is text where the key takes text, and TOML where it does not.
fn with(table: Table, name: &str, value: &str) -> Result<Table> {
    let path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
    let refuse = |why: &str| Failure::new(format!("environment variable {name}: {why}"));
    if path.iter().any(String::is_empty) {
        return Err(refuse("is not CLEARINGHOUSE__SECTION__KEY"));
    }
    let readings = [Some(Value::String(value.to_owned())), literal(value)];
    let mut fault = String::new();
    for reading in readings.into_iter().flatten() {
        let mut tried = table.clone();
        if !put(&mut tried, &path, reading) {
            return Err(refuse("stands below a key that is not a table"));
        }
        match Settings::deserialize(tried.clone()) {
            Ok(_) => return Ok(tried),
            Err(error) => fault = error.message().trim().to_owned(),
        }
    }
    Err(refuse(&fault))
}

fn literal(text: &str) -> Option<Value> {
    toml::from_str::<Table>(&format!("value = {text}")).ok()?.remove("value")
}

fn put(table: &mut Table, path: &[String], value: Value) -> bool {
    match path {
        [] => false,
        [key] => {
            table.insert(key.clone(), value);
            true
        }
        [key, rest @ ..] => {
            let below = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            below.as_table_mut().is_some_and(|below| put(below, rest, value))
        }
    }
}
