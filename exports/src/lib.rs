//! What leaves the house as documents: one file per kind, each written from the same dossier, after the view gate has
//! taken out of it what it shuts. Values in, bytes out. Deliberately absent: files' bytes, archives, and any decision of
//! what may leave.

mod kinds;
mod source;

pub use kinds::{ALL, find, texts};
pub use source::{Export, Fault, Member, Source, Written};
