//! Synthetic national traffic for the demo, the load generator and the tests: harmless, and the same bytes from the
//! same seed on every machine.
//!
//! A [`Plan`] makes report number `n` alone, without those before it, in the shares of published statistics or in a
//! denser mix for a demonstration ([`Shares`]). Files come from a finite [`corpus`] of drawn test cards, placeholder
//! chats and noise, so that a house that keeps nothing else can know them by digest. [`places`] is the dated
//! table that maps the documentation address ranges to counties and countries, so that routing is really exercised.
//! [`send`](send::send) speaks the real provider API; [`generate()`] writes the same documents to a folder.
//!
//! Deliberately absent: photographs, people, real accounts, hosts, numbers or addresses of any kind, and every clock:
//! the moment before which everything happened is part of the plan.

mod chance;
pub mod corpus;
mod fault;
mod generate;
mod names;
pub mod places;
mod plan;
pub mod send;
mod shares;

pub use fault::{Fault, Verdict};
pub use generate::{Generated, generate};
pub use names::{PROVIDERS, Provider};
pub use plan::{Expected, Plan, SyntheticFile, SyntheticReport};
pub use send::{Account, Acknowledged, SendFault, SendOptions, SendReport, Watch, send};
pub use shares::Shares;
