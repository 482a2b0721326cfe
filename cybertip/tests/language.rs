//! The reporting language as strangers meet it: documents, messages, bounds, schema.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "language/answers.rs"]
mod answers;
#[path = "language/documents.rs"]
mod documents;
#[path = "language/hints.rs"]
mod hints;
#[path = "language/leniency.rs"]
mod leniency;
#[path = "language/malformed.rs"]
mod malformed;
#[path = "language/oracle.rs"]
mod oracle;
#[path = "language/removal.rs"]
mod removal;
#[path = "language/round_trip.rs"]
mod round_trip;
#[path = "language/strategies.rs"]
mod strategies;
#[path = "language/support.rs"]
mod support;
