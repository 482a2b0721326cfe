//! What synthetic traffic promises: repeatable, harmless, in the published shares, where it says it is, and read by
//! the house as it was meant.

#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

mod common;
mod determinism;
mod documents;
mod harmless;
mod places;
mod sending;
mod shares;
