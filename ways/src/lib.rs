//! The ways in besides keys, as the configuration has them: the files of authorities whose cards are taken and of what
//! they took back, what TLS asks a browser for, and the connections over which other organisations are asked. What a card
//! or a token is worth is judged below, in `card`, `federation` and `office`. Deliberately absent: pages, rows, decisions.

mod asking;
mod cards;
mod issuers;

pub use asking::asking_for_cards_of;
pub use cards::{Files, Standing, check, configured, of, standing, ways};
