//! Settings of a process: one file, then the environment, each key described once, whatever is not understood refused.
//! Beside them how a command says that it was refused. The binary hands each room what is its own. Deliberately absent:
//! anything that opens, serves or stores.

mod config;
pub mod outcome;

pub use config::*;
