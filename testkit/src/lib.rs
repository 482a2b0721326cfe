//! What tests share: a real database of their own on both engines.
//!
//! A test never gets a double of the database. [`both_engines!`] writes each test once and runs it on SQLite and on
//! PostgreSQL; a missing PostgreSQL fails the test, it does not skip it. Nothing here is for production code.

pub mod postgres;
pub mod schema;
mod scratch;
pub mod tamper;

pub use crate::scratch::{Scratch, engines, on_postgres, on_sqlite};
