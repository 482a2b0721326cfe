//! What the desk does about a report that its provider made because an agency abroad asked for it: it forwards the report, or
//! says that it cannot, of which the provider is told (18 USC 2258A(d)(5)).

use domain::{AgencyClass, AgencyId, ForwardObstacle, Purpose, ReportId};
use office::Trouble;
use policy::permit::Route;
use policy::{Viewer, access};
use store::{House, Refusal, agency, route};

pub use dissemination::foreign_request::{ANSWERED_WITHIN, ForeignRequest};

/// Both lists of the desk.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// What nobody answered yet, the one that is due first at the head.
    pub unanswered: Vec<ForeignRequest>,
    /// What was answered, the newest first.
    pub answered: Vec<ForeignRequest>,
}

/// One request, with what the desk needs to answer it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The request.
    pub one: ForeignRequest,
    /// The agency that the report names; nothing once the report was destroyed.
    pub named: Option<String>,
    /// Agencies abroad that may receive now, by name.
    pub places: Vec<(AgencyId, String)>,
}

/// What waits and what was answered.
///
/// # Errors
/// A denial, or a fault.
pub async fn lists(house: &House, viewer: &Viewer) -> Result<Lists, Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house.read("foreign_request::lists", move |view| {
        Ok(Lists {
            unanswered: dissemination::foreign_request::unanswered(view, &permit)?,
            answered: dissemination::foreign_request::answered(view, &permit)?,
        })
    });
    Ok(found.await?)
}

/// How many nobody answered yet, and how many of these are overdue.
///
/// # Errors
/// A denial, or a fault.
pub async fn waiting(house: &House, viewer: &Viewer) -> Result<(u32, u32), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house
        .read("foreign_request::waiting", move |view| dissemination::foreign_request::waiting(view, &permit));
    Ok(found.await?)
}

/// The request for one report.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn get(house: &House, viewer: &Viewer, report: ReportId) -> Result<Found, Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house.read("foreign_request::get", move |view| {
        let one = dissemination::foreign_request::get(view, &permit, report)?;
        let now = view.now();
        let abroad = agency::list(view)?.into_iter().filter(|one| one.class == AgencyClass::Foreign);
        let live = abroad.filter(|one| one.disabled_at.is_none() && one.is_qualified(now));
        let mut places: Vec<(AgencyId, String)> = live.map(|one| (one.id, one.name)).collect();
        places.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(Found { one, named: named(view, report)?, places })
    });
    Ok(found.await?)
}

fn named(view: &store::View<'_>, report: ReportId) -> store::Result<Option<String>> {
    match route::of_report(view, &access::pipeline_read(), report) {
        Err(error) if error.refusal() == Some(Refusal::Destroyed) => Ok(None),
        found => Ok(found?.and_then(|(record, _)| record.facts.named_agency)),
    }
}

/// Forwards the report, and says whether its provider is told.
///
/// # Errors
/// A refusal as [`dissemination::foreign_request::forward`]; a denial; a fault.
pub async fn forward(
    house: &House,
    viewer: &Viewer,
    which: (ReportId, u32),
    (to, is_told): (AgencyId, bool),
) -> Result<(), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let forwarded =
        house.act(viewer.actor.clone(), Purpose::Disclosure, "foreign_request::forward", move |act| {
            dissemination::foreign_request::forward(act, &permit, which, &to, is_told)
        });
    Ok(forwarded.await?)
}

/// Says that the report could not be forwarded; its provider is told that, and not why.
///
/// # Errors
/// A refusal as [`dissemination::foreign_request::say_unable`]; a denial; a fault.
pub async fn say_unable(
    house: &House,
    viewer: &Viewer,
    which: (ReportId, u32),
    because: ForwardObstacle,
) -> Result<(), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let said =
        house.act(viewer.actor.clone(), Purpose::Disclosure, "foreign_request::say_unable", move |act| {
            dissemination::foreign_request::say_unable(act, &permit, which, because)
        });
    Ok(said.await?)
}
