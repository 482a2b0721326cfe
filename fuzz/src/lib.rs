//! Every parser that a stranger reaches, as a function of bytes that must hold its promises whatever they are: no
//! panic, and nothing said twice differently. `tests/` runs each on the stable compiler for a bounded number of inputs;
//! a fuzzing engine runs the same functions for as long as one likes (`cargo bolero test -p fuzz NAME`).
//!
//! Forms with files are read by the door itself: `clearinghouse/tests/ispws/damaged.rs` damages them in the same way.
//!
//! To add a parser, add its module here and its target in `tests/`.

pub mod cybertip;
pub mod fields;
