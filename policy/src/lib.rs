//! Judgements: pure functions with reasons, over rules that are data. The only maker of permits. Deliberately absent:
//! a clock, a file, a row. Whoever asks brings the facts and the instant.

pub mod access;
pub mod gate;
mod permit;

pub use access::{Denial, Viewer, ViewerRole};
pub use gate::{FileFacts, RecordedGround, Withheld};
pub use permit::{Export, List, OpenFile, Permit, Read, Scope};
