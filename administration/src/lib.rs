//! The operator's hands on a house: who may send, receive and look, which tables and rules are there, and what the record
//! says of it. One file a command; beside them what an operator sets up, for commands that make a whole house. Deliberately
//! absent: every process that goes on running.

pub(crate) use ::config::outcome;

mod agency;
mod approval;
mod command;
mod dataset;
mod key_model;
mod ledger;
mod library;
mod person;
mod policy;
mod provider;
mod provider_people;
mod provider_switch;
mod sender_profile;
pub mod setup;
pub mod tools;
mod vendor;

pub use command::Command;
pub use sender_profile::read as read_sender_profile;
