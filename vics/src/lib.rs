//! Media records of the Project VIC family: "VICS 2.0-compatible", built from public code, since the official model is
//! given only under agreement. Written record by record, and read record by record within bounds, whatever the size
//! of the document; members that we do not know are kept word for word.
//!
//! A category is a judgement of law enforcement: we write none, and read 0 and 5 as unknown, since tools disagree on
//! what the two mean. Deliberately absent: reports and their files, which `formats` puts into such documents.

mod meter;
mod read;
mod record;
mod write;

pub use read::{Fault, Form, Outline, Piece, read};
pub use record::{Category, Known, Record};
pub use write::Writer;
