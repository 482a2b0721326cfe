//! What every command stands on: its settings read and the process set up as they say, the house opened with the real
//! clock, real chance and the rules in force, and how it answers. Deliberately absent: any command.

pub(crate) use ::config;
pub(crate) use ::config::outcome;

pub mod clock;
pub mod house;
pub mod limits;
pub mod log;
pub mod origin;
pub mod progress;
pub mod rules;
pub mod say;
pub mod secrets;
mod voice;

pub use voice::{ConfigArg, Voice};
