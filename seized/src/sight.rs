//! In which of an agency's seized sets a file of a report stands.

use domain::{AgencyId, Id as _, Private, SeizedSetId};
use house::{House, Refusal, Result, View};
use jiff::Timestamp;
use office::Trouble;
use policy::Viewer;
use policy::access::{self, Action, Space};

use crate::marks::{self, Digests, Kind};
use crate::set::{self, Category, Hit};

/// The most sets that are named of one file.
const MOST_SIGHTS: u32 = 20;

/// A file that is sought: only digests, which may be computed of any file (R-19a).
pub type Sought = Digests;

/// A set in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The set.
    pub set: SeizedSetId,
    /// What its agency calls it.
    pub name: Private<String>,
    /// Since when it counts.
    pub taken_at: Timestamp,
    /// The agency's own category, if its record has one.
    pub category: Option<Category>,
    /// The strongest digest that both share.
    pub by: Kind,
}

/// The sets of the viewer's agency in which each of these files stands.
///
/// # Errors
/// A denial for whoever may not read the agency's reports, or a fault.
pub async fn seen(
    house: &House,
    viewer: &Viewer,
    files: Vec<Sought>,
) -> std::result::Result<Vec<Vec<Sight>>, Trouble> {
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    access::right(viewer, Action::Read, &Space::Agency(&agency))?;
    let all = house
        .read("seized::seen", move |view| files.iter().map(|file| of_one(view, &agency, file)).collect());
    Ok(all.await?)
}

fn of_one(view: &View<'_>, agency: &AgencyId, file: &Sought) -> Result<Vec<Sight>> {
    let mut sights: Vec<Sight> = Vec::new();
    for (by, digest) in file.all() {
        for Hit { set, name, taken_at, category } in
            set::seen(view, agency, &marks::text(agency, by, digest), MOST_SIGHTS)?
        {
            if sights.iter().all(|known| known.set.as_str() != set.as_str()) {
                sights.push(Sight { set, name, taken_at, category, by });
            }
        }
    }
    Ok(sights)
}
