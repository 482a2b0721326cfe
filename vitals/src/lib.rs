//! The face for machines that watch: health for load balancers, figures for monitoring, and the public tiles of the ledger.
//! Deliberately absent: anything about a report or a person; whoever asks here is nobody.

pub mod health;
pub mod metrics;
pub mod tiles;
