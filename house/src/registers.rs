//! Registers: who is who, what they may, and which rules and tables are in force. Each is told to the ledger as a whole by
//! every act that writes it, and its tellings are counted, so that the newest is known.

use std::collections::BTreeMap;

use ::told::{Of, Table};
use database::{Tx, bind};

use crate::rows::spelled;
use crate::{Fault, Result};

const NEXT: &str = "-- registers::next
    INSERT INTO told_register (name, version) VALUES (:name, 1)
    ON CONFLICT (name) DO UPDATE SET version = told_register.version + 1 RETURNING version";

const VERSION: &str = "-- registers::version
    SELECT version FROM told_register WHERE name = :name";

/// What a register says when it is told for the n-th time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// Which telling it is.
    pub version: u64,
    /// Hexadecimal SHA-256 over its rows.
    pub digest: String,
}

/// Tells every register that an act wrote; at its end, when nothing more is written. Acts that write one register wait for
/// each other here, in the order of the list.
pub(crate) fn told(tx: &Tx<'_>, wrote: &[&'static Table]) -> Result<BTreeMap<&'static str, Told>> {
    let told = wrote.iter().filter(|table| table.of == Of::House).map(|register| {
        let version: Option<u64> = tx.find(NEXT, &bind! { name: register.name })?;
        let version = version.ok_or(Fault::Row { what: "register" })?;
        let digest = spelled(tx, register.select)?;
        Ok((register.name, Told { version, digest }))
    });
    told.collect()
}

/// What a register says now; `None` for one whose tellings are not counted.
pub(crate) fn now(tx: &Tx<'_>, register: &'static Table) -> Result<Option<Told>> {
    let Some(version) = tx.find(VERSION, &bind! { name: register.name })? else { return Ok(None) };
    Ok(Some(Told { version, digest: spelled(tx, register.select)? }))
}

#[cfg(test)]
mod tests {
    use crate::EventKind;

    #[test]
    fn what_strides_tell_is_told_by_kinds_that_there_are() {
        let tells = |kind: &&EventKind| ::told::by_event(kind.as_str()).next().is_some();
        let kinds: Vec<&str> = EventKind::ALL.iter().filter(tells).map(|kind| kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "report-finished",
                "report-enriched",
                "report-correlated",
                "report-triaged",
                "report-routed",
                "report-delivered",
                "report-retained",
                "file-destroyed",
            ]
        );
        for kind in ::told::BIRTHS.iter().flat_map(|birth| birth.kinds) {
            assert!(EventKind::ALL.iter().any(|known| known.as_str() == *kind), "{kind}");
        }
    }
}
