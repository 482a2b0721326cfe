//! The steps of the schema, in order. A step that has landed is never edited.

use database::Migration;

/// All steps, the oldest first.
pub(crate) const ALL: &[Migration] = &[
    Migration::new(1, "core", include_str!("../migrations/0001_core.sql")),
    Migration::new(2, "nouns", include_str!("../migrations/0002_nouns.sql")),
    Migration::new(6, "providers", include_str!("../migrations/0006_providers.sql")),
];
