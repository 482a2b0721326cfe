//! What is locked before it is told.

/// The row of a thing that whoever tells what several acts may write of it locks first: one of two acts at the same moment
/// then tells what both wrote. Nothing for a thing that one act writes alone.
#[must_use]
pub fn lock(noun: &str) -> Option<&'static str> {
    LOCKS.iter().find(|(known, _)| *known == noun).map(|(_, select)| *select)
}

const LOCKS: &[(&str, &str)] = &[
    (
        "report",
        "-- locks::report
        SELECT id FROM report WHERE id = :key {for_update}",
    ),
    (
        "case",
        "-- locks::case
        SELECT number FROM casefile WHERE number = :key {for_update}",
    ),
    (
        "deconfliction",
        "-- locks::deconfliction
        SELECT id FROM deconfliction WHERE id = :key {for_update}",
    ),
    (
        "destruction",
        "-- locks::destruction
        SELECT id FROM destruction WHERE id = :key {for_update}",
    ),
    (
        "request",
        "-- locks::request
        SELECT number FROM portal_request WHERE number = :key {for_update}",
    ),
    (
        "person",
        "-- locks::person
        SELECT id FROM person WHERE id = :key {for_update}",
    ),
];
