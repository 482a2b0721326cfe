//! Registers: who is who, and which tables are in force. Small tables that people change, each told to the ledger as a whole
//! by every act that writes one, so that a row which was changed, lost or added behind the house's back is found.
//!
//! Which acts those are is not a list that somebody could forget to extend: an act's own statements say what it wrote. A
//! column that passes (a mark of use) is not among those that are told, and a statement that writes nothing else is passed
//! over. A migration that changes what is told here must be told by an act as well.

use std::collections::BTreeMap;

use database::{Tx, bind};

use crate::rows::spelled;
use crate::{Fault, Result};

/// A register with its columns that are evidence, in a fixed order: both are part of what was told.
pub(crate) struct Register {
    pub name: &'static str,
    select: &'static str,
    /// Statements that write nothing but what passes.
    passing: &'static [&'static str],
}

const ALL: &[Register] = &[
    Register {
        name: "affiliation",
        select: "-- registers::affiliation
            SELECT task_force_id, affiliate_id, number, agreement, agreement_sha256, from_at, until_at, agreed_by, recorded_at,
                ended_by, ended_at
            FROM affiliation ORDER BY task_force_id, affiliate_id, number",
        passing: &[],
    },
    Register {
        name: "agency",
        select: "-- registers::agency
            SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until,
                changed_at, disabled_at, qualified_at, lapsed_at
            FROM agency ORDER BY id",
        passing: &[],
    },
    Register {
        name: "agency_client",
        select: "-- registers::agency_client
            SELECT id, agency_id, token_digest, added_at, disabled_at FROM agency_client ORDER BY id",
        passing: &[],
    },
    Register {
        name: "agency_key",
        select: "-- registers::agency_key
            SELECT agency_id, fingerprint, public_key, registered_at, registered_by, confirmed_at, confirmed_by, sealed_how,
                ends_at, revoked_at, revoked_by
            FROM agency_key ORDER BY agency_id, fingerprint",
        passing: &[],
    },
    Register {
        name: "credential",
        select: "-- registers::credential
            SELECT id, provider_id, username, secret_digest, may_submit, may_update, added_at, disabled_at, kind, ends_at
            FROM credential ORDER BY id",
        passing: &["credential::mark_used"],
    },
    Register {
        name: "dataset",
        select: "-- registers::dataset
            SELECT sha256, kind, name, as_of, source, licence, attribution, format, size_bytes, added_at
            FROM dataset ORDER BY sha256",
        passing: &[],
    },
    Register {
        name: "hold",
        select: "-- registers::hold
            SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_by, released_at
            FROM hold ORDER BY id",
        passing: &[],
    },
    Register {
        name: "person",
        select: "-- registers::person
            SELECT id, agency_id, provider_id, role, sealed_name, added_at, disabled_at, attested_until, trained_until,
                temporary_until, disabled_because, mail_digest, reviewed_at
            FROM person ORDER BY id",
        passing: &["account::entered"],
    },
    Register {
        name: "provider",
        select: "-- registers::provider
            SELECT id, name, added_at, disabled_at FROM provider ORDER BY id",
        passing: &[],
    },
    Register {
        name: "provider_contact",
        select: "-- registers::provider_contact
            SELECT provider_id, version, recorded_at, sealed_contact FROM provider_contact ORDER BY provider_id, version",
        passing: &[],
    },
    Register {
        name: "sender_profile",
        select: "-- registers::sender_profile
            SELECT provider_id, version, sealed_content, returned_at, returned_by, sealed_comment, saved_at, saved_by,
                submitted_at, submitted_by, approved_at, approved_by, superseded_at
            FROM sender_profile ORDER BY provider_id, version",
        passing: &[],
    },
];

const NEXT: &str = "-- registers::next
    UPDATE told_register SET version = version + 1 WHERE name = :name RETURNING version";

const VERSION: &str = "-- registers::version
    SELECT version FROM told_register WHERE name = :name";

/// What a register said when it was told for the n-th time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// Which telling it was.
    pub version: u64,
    /// Hexadecimal SHA-256 over its rows.
    pub digest: String,
}

/// The registers that these statements wrote.
fn written(sent: &[&'static str]) -> Vec<&'static Register> {
    let wrote = |register: &&Register| sent.iter().any(|text| register.is_written_by(text));
    ALL.iter().filter(wrote).collect()
}

impl Register {
    fn is_written_by(&self, text: &str) -> bool {
        let Some((first, rest)) = text.split_once('\n') else { return false };
        let name = first.trim_start_matches("--").trim();
        let mut words = rest.split_ascii_whitespace();
        let table = match words.next() {
            Some("INSERT" | "DELETE") => words.nth(1),
            Some("UPDATE") => words.next(),
            _ => None,
        };
        table == Some(self.name) && !self.passing.contains(&name)
    }
}

/// Tells every register that an act wrote; at its end, when nothing more is written. Acts that write one register wait for
/// each other here, in the order of the list.
pub(crate) fn told(tx: &Tx<'_>) -> Result<BTreeMap<&'static str, Told>> {
    let told = written(&tx.sent()).into_iter().map(|register| {
        let version: Option<u64> = tx.find(NEXT, &bind! { name: register.name })?;
        let version = version.ok_or(Fault::Row { what: "register" })?;
        let digest = spelled(tx, register.select)?;
        Ok((register.name, Told { version, digest }))
    });
    told.collect()
}

/// The names of all registers.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|register| register.name)
}

/// What a register says now; `None` for a table that is none, and for one whose tellings are not counted.
pub(crate) fn now(tx: &Tx<'_>, name: &str) -> Result<Option<Told>> {
    let Some(register) = ALL.iter().find(|register| register.name == name) else { return Ok(None) };
    let Some(version) = tx.find(VERSION, &bind! { name: register.name })? else { return Ok(None) };
    Ok(Some(Told { version, digest: spelled(tx, register.select)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sent: &[&'static str]) -> Vec<&'static str> {
        written(sent).into_iter().map(|register| register.name).collect()
    }

    #[test]
    fn what_an_act_wrote_is_told_by_its_statements() {
        assert_eq!(names(&["-- a::b\n    INSERT INTO person (id) VALUES (:id)"]), ["person"]);
        assert_eq!(
            names(&["-- a::b\n UPDATE agency SET name = 'x'", "-- a::c\nDELETE FROM hold"]),
            ["agency", "hold"]
        );
        assert_eq!(names(&["-- account::entered\n    UPDATE person SET entered_at = 1"]), Vec::<&str>::new());
        for reads in
            ["-- a::b\n SELECT id FROM person", "-- a::b\n UPDATE person_attribute SET value = ''", ""]
        {
            assert_eq!(names(&[reads]), Vec::<&str>::new(), "{reads}");
        }
    }
}
