//! One synchronous transaction over SQLite and PostgreSQL.
//!
//! A caller hands a closure to [`Database::write`] or [`Database::read`]; it runs on a thread of the database,
//! inside one transaction, and its answer comes back as a [`Pending`], awaited or waited for. One SQL text serves
//! both engines; the few words that differ are words of [`Dialect`]. Callers that write to SQLite at the same
//! time share one commit, so that full durability does not cost one disk flush each.
//!
//! Deliberately absent: an object mapper, SQL built from strings, any table name but the migration runner's own,
//! an async runtime, and a way to hold a transaction open while waiting for the world.

mod args;
mod bound;
mod clock;
mod database;
mod engine;
mod fault;
mod filter;
mod job;
mod measure;
mod migrate;
mod pending;
mod postgres;
mod queue;
mod row;
mod settings;
mod sqlite;
mod statement;
mod together;
mod tuples;
mod tx;
mod value;

pub use crate::args::Args;
pub use crate::database::Database;
pub use crate::engine::{Dialect, Engine};
pub use crate::fault::{Cause, Constraint, Fault};
pub use crate::filter::Where;
pub use crate::measure::Measure;
pub use crate::migrate::{Migration, MigrationFault};
pub use crate::pending::Pending;
pub use crate::row::{FromRow, Row};
pub use crate::settings::Settings;
pub use crate::tx::{Soon, Tx, VisitAll};
pub use crate::value::{FromValue, Mismatch, ToValue, Value, ValueRef};
