//! What the house tells agencies of its own accord: webhooks of their systems, messages to their people, the on-call
//! ladder, which its own desk has too. It says that there is something, and never what: neither a number, nor a name, nor
//! how many. What is told may come late, twice or never; the feed and the inbox are complete without it. Deliberately absent:
//! pages, and any report.

pub mod ladder;
mod letters;
mod mail;
pub mod messages;
mod reach;
mod ring;
mod settings;
mod signature;
pub mod webhooks;
mod work;

pub use letters::courier;
pub use mail::{Message, Note, Post, Sending};
pub use office::Trouble;
pub use reach::{Network, Reach, Wrong};
pub use ring::{called, ring};
pub use settings::{Settings, settings};
pub use signature::{Signed, signed, written};
pub use work::{run, tick};
