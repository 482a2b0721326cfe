//! The story of a report: intake, enrich, correlate, triage, route, disclose, retain. Each stride reads, performs and
//! records; it asks `policy` before it tells `store`. Deliberately absent: columns, HTML, and any way to a file's bytes
//! without a permit.

mod agency;
pub mod certificate;
pub mod destroy;
mod enrichers;
mod facts;
pub mod intake;
mod journey;
pub mod keeping;
pub mod package;
mod places;
pub mod portal;
#[cfg(test)]
mod processors;
pub mod provider;
pub mod quality;
pub mod retention;
#[cfg(test)]
mod sample;
pub mod sandbox;
mod selectors;
pub mod sender_profile;
pub mod tables;
pub mod worker;

pub use agency::{
    Allowed, MOST_FILES_AT_ONCE, Session, allowed, dossier, dossier_as, feed, findings_today, no_such_thing,
    opened, session, sign_in_with_link, viewer_of_client, viewer_of_token, watching,
};
pub use exports;
pub use journey::{StrideFault, Tools};
pub use office::agency_keys;
pub use office::{Fresh, Trouble, request_number, sign_out};
pub use policy::access::Why;
pub use policy::{Denial, RuleSet, Viewer, ViewerRole};
pub use selectors::sought;
pub use store::House;
pub use store::delivery::{FeedEntry, MOST_ENTRIES};
