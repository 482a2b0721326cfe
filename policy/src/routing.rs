//! Who must have a report: a pure function of stored facts, rules and instant, so that replaying it gives the same
//! answer. It never answers with nobody.

mod decide;
mod decision;
mod facts;
mod picture;
mod place;
mod rules;
#[cfg(test)]
mod tests;

pub use decide::route;
pub use decision::{Flag, RouteDecision, RouteRecipient};
pub use facts::{EvidenceKind, Network, Party, PlaceEvidence, RoutingFacts};
pub use place::DecidedPlace;
pub use rules::{RoutingRule, RoutingRules, Send};
