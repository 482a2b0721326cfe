//! The story of a change of rules: a set is offered, compared with the one in force, tried on what was decided, agreed to by
//! two people, and taken up by every process in the same moment. What lies on disk decides nothing by itself. Beside the
//! story of reports, on the same floor. Deliberately absent: columns, HTML, and any rule of its own.

mod compare;
pub mod disk;
mod explain;
mod propose;
mod replay;
mod standing;
mod taking_up;

pub use compare::{FileChange, Line, Shown, compare};
pub use explain::{Explained, May, NotExplained, explain, may};
pub use policy::relaxation::{PROCESSORS, Relaxation, Which};
pub use policy::rules::Texts;
pub use policy::{RuleFault, RuleSetId};
pub use propose::{NotProposed, Wanted, end_relaxation, propose, relax};
pub use replay::{Changed, RECENT, Replayed, Stored, replay, replay_recent};
pub use standing::{Listed, Offer, Outlook, Standing, examine, outlook, standing, texts};
pub use store::House;
pub use store::rule_set::{Change, LEAD};
pub use taking_up::{NotTakenUp, begin, follow, offer, take_up};
