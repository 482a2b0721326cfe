//! An agency's own work in its rows, on both engines.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod agreement;
mod assignment;
mod cases;
mod cji;
#[path = "../../../store/tests/nouns/desk.rs"]
#[expect(dead_code, reason = "the desk of the store's tests; these begin with fewer moves")]
mod desk;
mod hash;
mod inbox;
mod mailbox;
mod oncall;
mod outcomes;
mod people;
mod portal;
mod process;
mod reading;
mod related;
mod standing;
mod standing_query;
mod turns;
mod typed;
mod webhook;
mod wellness;

use people::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};
