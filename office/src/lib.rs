//! The story of people: getting in and out, and what the pages of every face ask of whoever is in. Below the story of
//! reports, which asks it who somebody is. Deliberately absent: reports, columns, HTML.

pub mod accounts;
pub mod affiliations;
pub mod agencies;
pub mod agency_keys;
pub mod approval;
pub mod bindings;
pub mod cards;
mod carried;
mod ceremony;
pub mod courier;
pub mod enrolment;
mod fault;
pub mod federation;
pub mod key_models;
pub mod keys;
pub mod outside;
pub mod passkeys;
pub mod people;
pub mod providers;
mod request;
pub mod sign_in;
pub mod staff;
pub mod vendors;
pub mod visit;

pub use ::federation::{Answer, Question, Wrong as TokenWrong};
pub use card::Wrong as CardWrong;
pub use ceremony::{Asked, Given, Site};
pub use domain::{Assurance, Means};
pub use fault::Trouble;
pub use passkey::{Aaguid, Wrong};
pub use passkeys::Refused;
pub use request::request_number;
pub use sign_in::sign_out;
pub use store::House;
pub use store::agency::Agency;
pub use store::binding::Identity;
pub use store::invitation::{Invitation, New as NewInvitation, Proof, Words};
pub use store::person::{Home, Person};
pub use store::session::{Fresh, LOCK, Session};
pub use visit::Somebody;

/// The beginning of a day that was typed as `2026-02-03`, in UTC.
#[must_use]
pub fn day(text: &str) -> Option<jiff::Timestamp> {
    format!("{}T00:00:00Z", text.trim()).parse().ok()
}
