//! The provider portal of the real binary: filed by hand, kept apart, forged by nobody, read by everybody.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

#[path = "portal/browser.rs"]
mod browser;
#[path = "common/mod.rs"]
mod common;
#[path = "portal/examples.rs"]
mod examples;
#[path = "portal/forgery.rs"]
mod forgery;
#[path = "portal/form.rs"]
mod form;
#[path = "portal/isolation.rs"]
mod isolation;
#[path = "portal/operator.rs"]
mod operator;
#[path = "portal/pages.rs"]
mod pages;
#[path = "portal/rooms.rs"]
mod rooms;
#[path = "common/walks.rs"]
mod walks;
