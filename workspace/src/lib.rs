//! The story of an agency's work with what was made available to it. Each function asks `policy`, then `casework`.
//! Deliberately absent: columns, pages, and whatever a report says, which `pipeline` answers.

pub mod assignment;
pub mod cases;
pub mod directory;
pub mod figures;
pub mod foreign_request;
pub mod given_back;
pub mod hashes;
pub mod inbox;
pub mod library;
pub mod outcomes;
pub mod passing;
pub mod presence;
pub mod related;
pub mod requests;
pub mod standing;
pub mod transfers;

pub use office::Trouble;
