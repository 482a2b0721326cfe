//! Which agency has a report, in its rows, on both engines.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

#[path = "../../../store/tests/nouns/desk.rs"]
#[expect(dead_code, reason = "the desk of the store's tests; these begin with fewer moves")]
mod desk;
mod desk_calls;
mod fed;
mod figures;
mod foreign;
mod given_back;
mod passing;
#[path = "../../../casework/tests/nouns/people.rs"]
mod people;
mod told;
mod transfers;

use people::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};
