//! The steps of the schema, in order. A step that has landed is never edited.

use database::Migration;

/// All steps, the oldest first.
pub(crate) const ALL: &[Migration] = &[
    Migration::new(1, "core", include_str!("../migrations/0001_core.sql")),
    Migration::new(2, "nouns", include_str!("../migrations/0002_nouns.sql")),
    Migration::new(3, "idempotency", include_str!("../migrations/0003_idempotency.sql")),
    Migration::new(4, "receipts", include_str!("../migrations/0004_receipts.sql")),
    Migration::new(5, "quality", include_str!("../migrations/0005_quality.sql")),
    Migration::new(6, "providers", include_str!("../migrations/0006_providers.sql")),
    Migration::new(7, "roles", include_str!("../migrations/0007_roles.sql")),
    Migration::new(10, "approvals", include_str!("../migrations/0010_approvals.sql")),
    Migration::new(11, "people", include_str!("../migrations/0011_people.sql")),
    Migration::new(20, "sign_in", include_str!("../migrations/0020_sign_in.sql")),
    Migration::new(21, "bindings", include_str!("../migrations/0021_bindings.sql")),
    Migration::new(30, "custody", include_str!("../migrations/0030_custody.sql")),
    Migration::new(31, "destruction", include_str!("../migrations/0031_destruction.sql")),
    Migration::new(40, "gate", include_str!("../migrations/0040_gate.sql")),
    Migration::new(50, "witnesses", include_str!("../migrations/0050_witnesses.sql")),
    Migration::new(60, "agency-keys", include_str!("../migrations/0060_agency_keys.sql")),
    Migration::new(80, "senders", include_str!("../migrations/0080_senders.sql")),
    Migration::new(100, "rules", include_str!("../migrations/0100_rules.sql")),
    Migration::new(101, "gate-of-the-house", include_str!("../migrations/0101_gate_of_the_house.sql")),
    Migration::new(110, "agency-standing", include_str!("../migrations/0110_agency_standing.sql")),
    Migration::new(120, "ledger_search", include_str!("../migrations/0120_ledger_search.sql")),
    Migration::new(121, "purge", include_str!("../migrations/0121_purge.sql")),
    Migration::new(140, "seized", include_str!("../migrations/0140_seized.sql")),
    Migration::new(150, "standing", include_str!("../migrations/0150_standing.sql")),
    Migration::new(151, "cases", include_str!("../migrations/0151_cases.sql")),
    Migration::new(152, "deconfliction", include_str!("../migrations/0152_deconfliction.sql")),
    Migration::new(153, "related", include_str!("../migrations/0153_related.sql")),
];

#[cfg(test)]
mod tests {
    use database::bind;
    use testkit::both_engines;

    use super::*;

    /// People and what leans on them, as they stood before providers had people.
    const BEFORE: [&str; 4] = [
        "-- test::agency
        INSERT INTO agency (id, name, class, changed_at) VALUES ('a-1', 'An agency', 'STATE', 1)",
        "-- test::person
        INSERT INTO person (id, agency_id, role, sealed_name, added_at) VALUES ('p-1', 'a-1', 'analyst', '', 1)",
        "-- test::link
        INSERT INTO sign_in_link (digest, person_id, issued_at, expires_at) VALUES ('1', 'p-1', 1, 2)",
        "-- test::session
        INSERT INTO session (digest, person_id, started_at, seen_at) VALUES ('2', 'p-1', 1, 2)",
    ];

    const COUNT: &str = "-- test::count
        SELECT COUNT(*) FROM person
        JOIN sign_in_link ON sign_in_link.person_id = person.id JOIN session ON session.person_id = person.id";

    const ORPHAN: &str = "-- test::orphan
        INSERT INTO session (digest, person_id, started_at, seen_at) VALUES (:digest, 'nobody', 1, 2)";

    both_engines! {
        fn making_the_people_anew_keeps_everybody_and_what_leans_on_them(scratch) {
            let database = scratch.open();
            let at = ALL.iter().position(|step| step.number() == 6).unwrap();
            database.migrate(&ALL[..at]).unwrap();
            let before = database.write("test::before", |tx| {
                BEFORE.iter().try_for_each(|sql| tx.execute(sql, &bind! {}).map(drop))
            });
            before.wait().unwrap();
            database.migrate(ALL).unwrap();
            let kept: i64 = database.read("test::count", |tx| tx.get(COUNT, &bind! {})).wait().unwrap();
            assert_eq!(kept, 1);
            // The references came along.
            let orphan = database.write("test::orphan", |tx| tx.execute(ORPHAN, &bind! { digest: [3_u8] }));
            assert!(orphan.wait().is_err());
        }
    }
}
