//! Judgements: pure functions with reasons, over rules that are data. The only maker of permits. Deliberately absent:
//! a clock, a file, a row. Whoever asks brings the facts and the instant.

pub mod access;
pub mod directory;
pub mod disclosure;
pub mod gate;
pub mod ground;
pub mod parcel;
pub mod permit;
pub mod processor;
pub mod quality;
pub mod redisclosure;
pub mod relaxation;
pub mod retention;
pub mod routing;
pub mod rules;
pub mod triage;
pub mod vendor;

pub use access::{Denial, Viewer, ViewerRole};
pub use directory::{Directory, Recipient};
pub use gate::{FileFacts, Opening, Withheld};
pub use ground::RecordedGround;
pub use parcel::Parcel;
pub use permit::{Export, List, OpenFile, Permit, Read, Right, Scope};
pub use quality::QualityFacts;
pub use relaxation::Relaxation;
pub use retention::{Clocks, DestructionTimes, Schedule};
pub use routing::{PlaceEvidence, RouteDecision, RoutingFacts, route};
pub use rules::{RuleFault, RuleSet, RuleSetId, Texts, check};
pub use triage::{TriageFacts, Verdict};
