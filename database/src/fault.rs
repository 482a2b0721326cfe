//! What can go wrong below the store. Every fault is ours to mend; refusals are made further up.

use crate::{MigrationFault, Mismatch};

/// A transaction that was not committed, and why.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// The database cannot be reached, or the connection broke when its answer to `COMMIT` was still due. Only in
    /// the second case may the transaction have been committed; `code` is then `commit-unknown`.
    #[error("database is unavailable")]
    Unavailable {
        /// What the engine or the network said.
        #[source]
        source: Cause,
    },
    /// Too many transactions already wait. Nothing was started.
    #[error("too many transactions are waiting")]
    Overloaded,
    /// Other transactions got in the way, again and again, and the bounded retries are used up.
    #[error("{name} kept colliding with other transactions")]
    Contended {
        /// The transaction.
        name: &'static str,
    },
    /// The disk is full. Nothing of this transaction was kept.
    #[error("disk is full")]
    Full,
    /// A row breaks a rule of the schema.
    #[error("{statement} breaks a rule of the schema: {name}")]
    Constraint {
        /// The kind of rule.
        kind: Constraint,
        /// The rule: the constraint's name on PostgreSQL, table and columns on SQLite.
        name: String,
        /// The statement, or `COMMIT` for a rule checked at the end.
        statement: &'static str,
    },
    /// A row that must be there is not.
    #[error("{statement} found no row")]
    Missing {
        /// The statement.
        statement: &'static str,
    },
    /// A statement is wrong, was bound wrongly, or answered with something else than was asked for.
    #[error("{name} failed")]
    Statement {
        /// The statement, by the comment in its first line.
        name: &'static str,
        /// What is wrong with it.
        #[source]
        source: Cause,
    },
    /// The closure said all was well although one of its statements had failed; PostgreSQL would have rolled back
    /// in silence.
    #[error("{name} went on after {statement} had failed")]
    Doomed {
        /// The transaction.
        name: &'static str,
        /// The statement that failed.
        statement: &'static str,
    },
    /// The closure panicked. Nothing of its transaction was kept.
    #[error("{name} panicked")]
    Panicked {
        /// The transaction.
        name: &'static str,
    },
    /// The schema and this program do not fit together.
    #[error("schema does not fit this program")]
    Migration(#[from] MigrationFault),
    /// The settings cannot be used.
    #[error("database settings: {0}")]
    Settings(String),
    /// The database was closed before the transaction ran.
    #[error("database is closed")]
    Closed,
}

/// The kinds of rules that a schema can hold rows to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A primary key or unique index.
    Unique,
    /// A reference to a row that is not there, or that is still referred to.
    ForeignKey,
    /// A value is missing.
    NotNull,
    /// A `CHECK`.
    Check,
    /// Any other rule.
    Other,
}

/// What an engine said: its code and its sentence, without the values of the row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct Cause {
    /// SQLSTATE, SQLite's extended result code, or a word of ours.
    pub code: String,
    /// For people who mend it.
    pub message: String,
}

impl Cause {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

impl Fault {
    /// Whether a row with the same key was already there.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Constraint { kind: Constraint::Unique, .. })
    }

    /// Whether the same call may well succeed a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Overloaded | Self::Contended { .. } | Self::Full)
    }

    pub(crate) fn statement(name: &'static str, code: &str, message: impl Into<String>) -> Self {
        Self::Statement { name, source: Cause::new(code, message) }
    }

    pub(crate) fn unavailable(code: &str, message: impl Into<String>) -> Self {
        Self::Unavailable { source: Cause::new(code, message) }
    }

    pub(crate) fn column(name: &'static str, column: &str, mismatch: Mismatch) -> Self {
        Self::statement(name, "column", format!("column {column}: {mismatch}"))
    }
}
