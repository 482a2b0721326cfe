//! The check of what witnesses said: every cosignature against its checkpoint, every witnessed note against both.

use database::bind;
use ledger::{VerifierKey, cosignatures};

use crate::{Result, View};

const COSIGNED: &str = "-- vouched::cosigned
    SELECT ledger_cosignature.size, ledger_cosignature.witness, ledger_cosignature.line, ledger_checkpoint.note
    FROM ledger_cosignature LEFT JOIN ledger_checkpoint ON ledger_checkpoint.size = ledger_cosignature.size
    WHERE ledger_cosignature.size >= :start AND ledger_cosignature.size <= :stop
    ORDER BY ledger_cosignature.size, ledger_cosignature.witness";

const WITNESSED: &str = "-- vouched::witnessed
    SELECT size, note, witnessed FROM ledger_checkpoint
    WHERE size >= :start AND size <= :stop AND witnessed IS NOT NULL ORDER BY size";

const LINES: &str = "-- vouched::lines
    SELECT line FROM ledger_cosignature WHERE size = :size";

const BEYOND: &str = "-- vouched::beyond
    SELECT COUNT(*) FROM ledger_cosignature WHERE size > :size OR size < 1";

/// What is wrong with what was said of checkpoints between two sizes, both among them.
pub(super) fn between(view: &View<'_>, start: u64, stop: u64) -> Result<Option<String>> {
    let said: Vec<(u64, String, String, Option<String>)> =
        view.tx().rows(COSIGNED, &bind! { start, stop })?;
    for (size, witness, line, note) in said {
        if !holds(&witness, &line, note.as_deref()) {
            return Ok(Some(format!("ledger_cosignature of size {size} is not what its witness signs")));
        }
    }
    let vouched: Vec<(u64, String, String)> = view.tx().rows(WITNESSED, &bind! { start, stop })?;
    for (size, note, witnessed) in vouched {
        let lines: Vec<String> = view.tx().rows(LINES, &bind! { size })?;
        let added = witnessed.strip_prefix(&note).filter(|added| !added.is_empty());
        let is_said = |line: &str| lines.iter().any(|known| known == line);
        if !added.is_some_and(|added| added.split_inclusive('\n').all(is_said)) {
            return Ok(Some(format!(
                "ledger_checkpoint of size {size}: witnessed is not what its witnesses said"
            )));
        }
    }
    Ok(None)
}

/// What was said of a checkpoint that the tree never had.
pub(super) fn beyond(view: &View<'_>, size: u64) -> Result<Option<String>> {
    let beyond: u64 = view.tx().get(BEYOND, &bind! { size })?;
    Ok((beyond > 0).then(|| format!("ledger_cosignature has rows beyond the tree of {size}")))
}

/// Whether a line is the cosignature of this witness, and of nobody else, over this note.
fn holds(witness: &str, line: &str, note: Option<&str>) -> bool {
    let (Ok(key), Some(note)) = (witness.parse::<VerifierKey>(), note) else { return false };
    let found = cosignatures(&format!("{note}{line}"), std::slice::from_ref(&key));
    found.is_ok_and(|found| found.iter().any(|one| one.line == line))
}
