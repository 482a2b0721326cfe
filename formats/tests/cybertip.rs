//! The reporting language as strangers meet it: documents, messages, bounds, schema.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "cybertip/answers.rs"]
mod answers;
#[path = "cybertip/documents.rs"]
mod documents;
#[path = "cybertip/hints.rs"]
mod hints;
#[path = "cybertip/leniency.rs"]
mod leniency;
#[path = "cybertip/malformed.rs"]
mod malformed;
#[path = "cybertip/oracle.rs"]
mod oracle;
#[path = "cybertip/removal.rs"]
mod removal;
#[path = "cybertip/round_trip.rs"]
mod round_trip;
#[path = "cybertip/strategies.rs"]
mod strategies;
#[path = "cybertip/support.rs"]
mod support;
