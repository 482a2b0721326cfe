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
    let all = house.read("seized::seen", move |view| of_all(view, &agency, &files));
    Ok(all.await?)
}

fn of_all(view: &View<'_>, agency: &AgencyId, files: &[Sought]) -> Result<Vec<Vec<Sight>>> {
    let all = || files.iter().enumerate().flat_map(|(place, file)| file.all().map(move |one| (place, one)));
    let texts: Vec<_> = all().map(|(_, (by, digest))| marks::text(agency, by, digest)).collect();
    let mut sights: Vec<Vec<Sight>> = files.iter().map(|_| Vec::new()).collect();
    for ((place, (by, _)), hits) in all().zip(set::seen(view, agency, &texts, MOST_SIGHTS)?) {
        for Hit { set, name, taken_at, category } in hits {
            if sights[place].iter().all(|known| known.set.as_str() != set.as_str()) {
                sights[place].push(Sight { set, name, taken_at, category, by });
            }
        }
    }
    Ok(sights)
}
