//! The configuration file: TOML, every key known, no secret in it.

use toml::Table;

use super::settings::{Secretless, Settings};
use super::{Config, shape};
use crate::outcome::{Failure, Result};

/// Reads a file's text; refusals name file, line and column.
pub(super) fn read(name: &str, text: &str) -> Result<Table> {
    let refuse = |fault: &toml::de::Error| {
        let (line, column) = fault.span().map_or((1, 1), |span| place(text, span.start));
        Failure::new(format!("{name}:{line}:{column}: {}", fault.message().trim()))
            .hint("`clearinghouse config check --schema` lists every key")
    };
    let table: Table = toml::from_str(text).map_err(|fault| refuse(&fault))?;
    refuse_secrets(name, text, &table)?;
    toml::from_str::<Settings>(text).map_err(|fault| refuse(&fault))?;
    Ok(table)
}

fn refuse_secrets(name: &str, text: &str, table: &Table) -> Result<()> {
    for key in shape::secrets(&Config::schema()) {
        if find(table, &key).is_some() {
            let leaf = key.rsplit('.').next().unwrap_or(&key);
            let line = line_of(text, leaf);
            let variable = super::environment::variable(&key);
            return Err(Failure::new(format!(
                "{name}:{line}: {key} is a secret and may not stand in the file"
            ))
            .hint(format!("use {key}_file, or the environment: {variable}")));
        }
    }
    let url = find(table, "database.url").and_then(toml::Value::as_str);
    if url.is_some_and(|url| Secretless(url.to_owned()).has_password()) {
        let line = line_of(text, "url");
        return Err(Failure::new(format!(
            "{name}:{line}: database.url holds a password, which may not stand in the file"
        ))
        .hint("use database.password_file, or the environment: CLEARINGHOUSE__DATABASE__PASSWORD"));
    }
    Ok(())
}

fn find<'a>(table: &'a Table, dotted: &str) -> Option<&'a toml::Value> {
    let (first, rest) = dotted.split_once('.').map_or((dotted, None), |(first, rest)| (first, Some(rest)));
    let value = table.get(first)?;
    match rest {
        None => Some(value),
        Some(rest) => find(value.as_table()?, rest),
    }
}

/// Line and column, counted from 1, of a byte offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The first line that sets a key of that name; good enough to find it by eye.
fn line_of(text: &str, key: &str) -> usize {
    let sets = |line: &str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(sets).map_or(1, |at| at + 1)
}
