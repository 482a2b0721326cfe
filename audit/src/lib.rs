//! The story of the record: an auditor searches the ledger, sees how much was refused, and takes an extract out that
//! anybody can check without trusting us. Each look is itself an event, noted before anything is read. Deliberately
//! absent: any way to change the record, HTML, columns, and the words of reports, which no event holds.

mod extract;
mod refusals;
mod search;

pub use extract::{Extract, Form, MOST_EXTRACTED, NoExtract, extract};
pub use office::Trouble;
pub use refusals::{CHART_DAYS, Day, refusals};
pub use search::{Page, Question, Seen, search};
pub use store::{EventKind, House, LeafId};

use policy::Viewer;
use policy::access::{self, Action, Oversight, Space};

/// Whether the viewer may see the ledger at all.
///
/// # Errors
/// A denial.
fn may(viewer: &Viewer) -> Result<(), Trouble> {
    access::right(viewer, Action::Oversee, &Space::Oversight(Oversight::Ledger))?;
    Ok(())
}
