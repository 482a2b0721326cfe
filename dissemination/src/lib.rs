//! Which agency has a report, and how it comes to have it: the one way out, who holds it, what one agency hands on to
//! another or asks of a provider, and what comes back; how much each has and had; and how an entry of a case leaves that holds
//! criminal justice information. The only SQL about that; one file a noun.
//!
//! Like `casework` below it: synchronous, every write an act with its leaf, every read behind a permit. Deliberately absent:
//! which exception allows it, which `policy` decides and `workspace` asks; and which agency the rules name, which is the
//! pipeline's to know.

pub mod desk;
pub mod figures;
pub mod foreign_request;
pub mod given_back;
pub mod holder;
mod news;
pub mod passing;
pub mod preservation;
pub mod transfer;
pub mod way_out;

pub(crate) use casework::{agency, standing};
pub(crate) use house::{Act, Event, EventKind, Refusal, Result, View, column};
