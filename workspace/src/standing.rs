//! Taking notice of reports, assigning them, saying how far one is: one at a time, or many with a preview and a way back.

use domain::{PersonId, Purpose, ReportId};
use office::Trouble;
use policy::permit::{Assign, Work};
use policy::{List, Viewer, access};
use store::{House, Refusal, person};

pub use casework::standing::{Batch, Change, MOST_TOGETHER, Said, Standing, Version};

/// One report of a preview: what it is, and what it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// As it is. Its version goes into the form that carries it out.
    pub now: Standing,
    /// As it would be; `None` when nothing would change.
    pub then: Option<Standing>,
}

/// How the viewer's agency stands to a report.
///
/// # Errors
/// "No such thing" for a report that it does not have; a denial; a fault.
pub async fn find(house: &House, viewer: &Viewer, report: ReportId) -> Result<Standing, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    Ok(house.read("standing", move |view| casework::standing::get(view, &permit, report)).await?)
}

/// What was changed of it, the newest first.
///
/// # Errors
/// As [`find`].
pub async fn history(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<Version>, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    Ok(house
        .read("standing::history", move |view| casework::standing::history(view, &permit, report))
        .await?)
}

/// Changes one report as somebody saw it.
///
/// # Errors
/// As [`find`]; [`Refusal::Conflict`] when somebody else changed it since: the caller shows both.
pub async fn change(
    house: &House,
    viewer: &Viewer,
    seen: (ReportId, u32),
    change: Change,
) -> Result<Standing, Trouble> {
    let (permit, leave) = rights(viewer)?;
    let changed = house.act(viewer.actor.clone(), Purpose::Investigation, "standing::change", move |act| {
        known(act, &permit, &change)?;
        casework::standing::change(act, &permit, seen, &change, leave.as_ref())
    });
    Ok(changed.await?)
}

/// What a change of several reports would do, before anybody does it.
///
/// # Errors
/// As [`find`]; a refusal for what no status may become, and for what the viewer could not carry out.
pub async fn preview(
    house: &House,
    viewer: &Viewer,
    reports: Vec<ReportId>,
    change: Change,
) -> Result<Vec<Preview>, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let now = house.now();
    if reports.len() > MOST_TOGETHER {
        return Err(Refusal::Unfit { what: "number of reports" }.into());
    }
    let (work, leave) = rights(viewer)?;
    let seen = house.read("standing::preview", move |view| {
        known(view, &work, &change)?;
        casework::standing::may_give(&work, &change, leave.as_ref())?;
        let one = |report: &ReportId| {
            let now_is = casework::standing::get(view, &permit, *report)?;
            let then = now_is.after(&change, now)?;
            let then = (then.said != now_is.said).then_some(then);
            Ok(Preview { now: now_is, then })
        };
        reports.iter().map(one).collect()
    });
    Ok(seen.await?)
}

/// Carries it out. What somebody changed since the preview is passed over and said.
///
/// # Errors
/// As [`change`].
pub async fn change_many(
    house: &House,
    viewer: &Viewer,
    seen: Vec<(ReportId, u32)>,
    change: Change,
) -> Result<Batch, Trouble> {
    let (permit, leave) = rights(viewer)?;
    let changed =
        house.act(viewer.actor.clone(), Purpose::Investigation, "standing::change_many", move |act| {
            known(act, &permit, &change)?;
            casework::standing::change_many(act, &permit, &seen, &change, leave.as_ref())
        });
    Ok(changed.await?)
}

/// Takes such a change back, where nobody has changed anything since.
///
/// # Errors
/// As [`change`].
pub async fn undo(house: &House, viewer: &Viewer, batch: String) -> Result<Batch, Trouble> {
    let (permit, leave) = rights(viewer)?;
    let undone = house.act(viewer.actor.clone(), Purpose::Investigation, "standing::undo", move |act| {
        casework::standing::undo(act, &permit, &batch, leave.as_ref())
    });
    Ok(undone.await?)
}

/// Whether the viewer may give reports to others.
#[must_use]
pub fn may_assign(viewer: &Viewer) -> bool {
    access::permit::<Assign>(viewer).is_ok()
}

type Rights = (policy::Permit<Work>, Option<policy::Permit<Assign>>);

fn rights(viewer: &Viewer) -> Result<Rights, Trouble> {
    Ok((access::permit::<Work>(viewer)?, access::permit::<Assign>(viewer).ok()))
}

/// Whoever gets a report is a person of the same agency who is let in.
fn known(view: &store::View<'_>, permit: &policy::Permit<Work>, change: &Change) -> store::Result<()> {
    let Some(Some(to)) = &change.person else { return Ok(()) };
    colleague(view, permit.scope(), to)
}

/// Answers when a person is one of the agency's own and let in.
pub(crate) fn colleague(view: &store::View<'_>, of: &policy::Scope, id: &PersonId) -> store::Result<()> {
    let policy::Scope::Agency(agency) = of else { return Err(Refusal::NotFound.into()) };
    let known = person::of_agency(view, agency)?.iter().any(|one| one.id == *id);
    if known { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
