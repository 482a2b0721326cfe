//! Sets of media that an agency seized, as its own tools describe them: VICS documents and lists of digests. They are
//! the seed of victim identification: a file of a report that was seen in a seized set leads to a device.
//!
//! A set is read record by record within bounds. Its digests are kept under a key and by agency, so that one agency's
//! sets say nothing about another's and a copy of the rows says nothing at all; each record is kept sealed, word for
//! word, with the members that nobody here knows. Deliberately absent: media themselves, and any judgement of ours.

mod intake;
mod marks;
pub mod set;
mod sight;
mod source;
mod story;

pub use intake::{BATCH_BYTES, BATCH_PIECES};
pub use marks::{Digests, Kind};
pub use office::Trouble;
pub use set::{Category, Form, MOST_LISTED, MOST_NAME_LETTERS, SeizedSet, State};
pub use sight::{Sight, Sought, seen};
pub use source::{Feed, Source, feed};
pub use story::{Fault, NewSet, give_back, keeps, list, remove, take};
