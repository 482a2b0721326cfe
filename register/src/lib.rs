//! Who is who: agencies and providers, their people and systems, and how each of them is let in.
//!
//! Like `store` above it, one file a noun, SQL on top and functions below, inside a transaction that the house lends.
//! `store`, which keeps what is reported, hands all of it on. Deliberately absent: reports, and decisions.

pub mod account;
pub mod affiliation;
pub mod agency;
pub mod agency_key;
pub mod approval;
pub mod binding;
pub mod challenge;
pub mod contact;
pub mod credential;
pub mod enrolment;
pub mod founding;
pub mod guard;
pub mod invitation;
pub mod model;
pub mod passkey;
pub mod person;
pub mod provider;
pub mod recovery;
pub mod role;
pub mod rule_set;
pub mod session;
pub mod spared;
pub mod standing;
pub mod vendor;

pub(crate) use house::{Act, Error, Event, EventKind, Fault, House, Refusal, Result, View, column};
