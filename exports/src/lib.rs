//! What leaves the house as documents: one file per kind, each written from the same dossier, after the view gate has
//! taken out of it what it shuts; and the two copies of a report that are filed with a court. Values in, bytes out. Deliberately absent: files' bytes, archives, and any decision of
//! what may leave.

pub mod court;
mod kinds;
mod shelf;
mod source;

pub use kinds::{ALL, find, put};
pub use shelf::{Filling, Shelf};
pub use source::{Export, Member, Put, Source, Text};
