//! Pages: headings, paragraphs, labelled values and tables as tagged PDF (PDF/UA-1, PDF/A-3a) with the same bytes every
//! time. The caller gives the words and the moment; the faces are embedded. Deliberately absent: pictures, colours with
//! a meaning, text from right to left, and every noun of ours.

mod document;
mod draw;
mod face;
mod fault;
mod layout;
mod lines;
mod tree;

pub use document::{Attachment, Column, Cover, Document, Fit, Level, Moment, Table};
pub use fault::Fault;
