//! How selectors are spelt: two that mean the same have equal bytes, and free text gives up what looks like one. Pure: text in,
//! values out. Deliberately absent: reports, and which of them share something.

pub mod mine;
pub mod normal;
pub mod payment;
mod written;

pub use written::written;
