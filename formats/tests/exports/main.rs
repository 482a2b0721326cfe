//! The exports against the rules of the tools that read them: each rule of the profile is one test, and strangers'
//! ways of reading run over every sample.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod case_uco;
mod chat;
mod csv;
mod fixtures;
mod generated;
mod le_download;
mod package;
mod pages;
mod readers;
mod report_full;
mod sample;
mod sender_notes;
mod signer;
mod vics;
mod whole;
