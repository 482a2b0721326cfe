//! An agency's own work in figures, for its own people.

use domain::PersonId;
use office::Trouble;
use policy::permit::Assign;
use policy::{List, Viewer, access};
use store::{House, Refusal, person};

pub use dissemination::figures::{Figures, MOST_COUNTED, WEEKS, Week};

/// What the figures of an agency are, and who has how much; the latter only for whoever gives reports to others.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The figures.
    pub figures: Figures,
    /// Open reports of each person, by name.
    pub held: Option<Vec<(String, u64)>>,
}

/// The figures of the viewer's agency.
///
/// # Errors
/// A denial, or a fault.
pub async fn of(house: &House, viewer: &Viewer) -> Result<Shown, Trouble> {
    let lists = access::permit::<List>(viewer)?;
    let assigns = access::permit::<Assign>(viewer).ok();
    let own = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    let read = house.read("figures", move |view| {
        let figures = dissemination::figures::of(view, &lists)?;
        let Some(assigns) = &assigns else { return Ok(Shown { figures, held: None }) };
        let people = person::of_agency(view, &own)?;
        let ids: Vec<PersonId> = people.iter().map(|one| one.id.clone()).collect();
        let counts = dissemination::figures::held(view, assigns, &ids)?;
        let names = people.into_iter().map(|one| one.name.into_inner());
        Ok(Shown { figures, held: Some(names.zip(counts).collect()) })
    });
    Ok(read.await?)
}
