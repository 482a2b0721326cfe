//! "Not ours, because": a report goes back to the clearinghouse's routing, which tries the next agency; where none is left,
//! the desk says where it goes.

use dissemination::given_back::Next;
use domain::{AgencyId, Purpose, ReportId};
use office::Trouble;
use policy::permit::{Route, Transfer};
use policy::{RouteDecision, RuleSet, Viewer, access};
use store::route::{self, RouteRecord};
use store::{House, Refusal, agency};

pub use dissemination::given_back::{GivenBack, MOST_COUNTED, MOST_TOGETHER, NewReturn};

/// A return with the names of its agencies.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The return.
    pub one: GivenBack,
    /// The name of the agency that has it instead.
    pub went_to: Option<String>,
}

/// Gives a report back. Answers the name of the agency that has it instead; `None` when the desk has to say where it goes,
/// and the report is where it was until then.
///
/// # Errors
/// A refusal as [`dissemination::given_back::give_back`]; a denial; a fault.
pub async fn give_back(house: &House, viewer: &Viewer, new: NewReturn) -> Result<Option<String>, Trouble> {
    let permit = access::permit::<Transfer>(viewer)?;
    let report = new.report;
    let routed = house.read("given_back::route", move |view| routed(view, report)).await?;
    let next = next(routed);
    let gave = house.act(viewer.actor.clone(), Purpose::Disclosure, "given_back::give_back", move |act| {
        let to = dissemination::given_back::give_back(act, &permit, &new, &next)?;
        to.map(|to| Ok(agency::get(act, &to)?.name)).transpose()
    });
    Ok(gave.await?)
}

/// The route that holds; nothing once the report was destroyed.
fn routed(view: &store::View<'_>, report: ReportId) -> store::Result<Option<RouteRecord>> {
    match route::of_report(view, &access::pipeline_read(), report) {
        Err(error) if error.refusal() == Some(Refusal::Destroyed) => Ok(None),
        found => Ok(found?.map(|(record, _)| record)),
    }
}

/// Whom the rules name, in their order: as it was routed, as the rules in force would route it, and who takes what nobody
/// else can. A pure function of what is stored and of the rules.
fn next(routed: Option<RouteRecord>) -> Vec<Next> {
    let rules = RuleSet::in_force();
    let mut next: Vec<Next> = Vec::new();
    let mut name = |agency: &AgencyId, says: &str, rule_set: String| {
        if next.iter().all(|known| known.agency != *agency) {
            next.push(Next { agency: agency.clone(), says: says.to_owned(), rule_set });
        }
    };
    let mut all = |decision: &RouteDecision, rule_set: &str| {
        for one in decision.recipients.iter().filter(|one| one.counts) {
            name(&one.agency, &one.says, rule_set.to_owned());
        }
    };
    if let Some(record) = routed {
        all(&record.decision, &record.rule_set);
        all(&policy::route(&record.facts, rules.routing()), &rules.id().to_string());
    }
    for last in rules.routing().directory().last_resort() {
        name(&last.id, LAST_SAYS, rules.id().to_string());
    }
    next
}

const LAST_SAYS: &str = "Another agency said that it is not its own, and the rules name nobody else.";

/// What the viewer's agency gave back of one report.
///
/// # Errors
/// A denial, or a fault.
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<Returned>, Trouble> {
    let permit = access::permit::<Transfer>(viewer)?;
    let found = house.read("given_back::of_report", move |view| {
        named(view, dissemination::given_back::of_report(view, &permit, report)?)
    });
    Ok(found.await?)
}

/// For the desk: what waits for it, the most urgent first, and what went on or was decided, the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn at_desk(house: &House, viewer: &Viewer) -> Result<(Vec<Returned>, Vec<Returned>), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house.read("given_back::at_desk", move |view| {
        let waits = named(view, dissemination::given_back::at_desk(view, &permit)?)?;
        Ok((waits, named(view, dissemination::given_back::recent(view, &permit)?)?))
    });
    Ok(found.await?)
}

/// How many wait for the desk.
///
/// # Errors
/// A denial, or a fault.
pub async fn waiting(house: &House, viewer: &Viewer) -> Result<u32, Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found =
        house.read("given_back::waiting", move |view| dissemination::given_back::waiting(view, &permit));
    Ok(found.await?)
}

/// Which return.
pub type Which = (ReportId, AgencyId, u32);

/// One return, for the desk, with the agencies to which it can go, by name.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn get(
    house: &House,
    viewer: &Viewer,
    (report, of, number): Which,
) -> Result<(Returned, Vec<(AgencyId, String)>), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house.read("given_back::get", move |view| {
        let one = dissemination::given_back::get(view, &permit, (report, &of, number))?;
        let now = view.now();
        let live = agency::list(view)?.into_iter();
        let live = live.filter(|one| one.id != of && one.disabled_at.is_none() && one.is_qualified(now));
        let mut places: Vec<(AgencyId, String)> = live.map(|one| (one.id, one.name)).collect();
        places.sort_by(|one, other| one.1.cmp(&other.1));
        Ok((named(view, vec![one])?.remove(0), places))
    });
    Ok(found.await?)
}

/// Somebody at the desk says where it goes, with a reason; nowhere leaves it where it was.
///
/// # Errors
/// A refusal as [`dissemination::given_back::decide`]; a denial; a fault.
pub async fn decide(
    house: &House,
    viewer: &Viewer,
    ((report, of, number), version): (Which, u32),
    (to, words): (Option<AgencyId>, String),
) -> Result<(), Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let decided = house.act(viewer.actor.clone(), Purpose::Disclosure, "given_back::decide", move |act| {
        dissemination::given_back::decide(act, &permit, ((report, &of, number), version), to.as_ref(), &words)
    });
    Ok(decided.await?)
}

/// Agencies that may not receive any more and still hold reports, with how many.
///
/// # Errors
/// A denial, or a fault.
pub async fn left_behind(house: &House, viewer: &Viewer) -> Result<Vec<(AgencyId, String, u32)>, Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let found = house
        .read("given_back::left_behind", move |view| dissemination::given_back::left_behind(view, &permit));
    Ok(found.await?)
}

/// Sends on what such an agency holds, so many reports at a time. Answers how many went on; the others wait for the desk.
///
/// # Errors
/// [`Refusal::Conflict`] for an agency that may receive, and when nothing is left; a denial; a fault.
pub async fn send_on(house: &House, viewer: &Viewer, agency: AgencyId) -> Result<usize, Trouble> {
    let permit = access::permit::<Route>(viewer)?;
    let held = house.read("given_back::left_with", {
        let (permit, agency) = (permit.clone(), agency.clone());
        move |view| {
            let reports = dissemination::given_back::left_with(view, &permit, &agency)?.into_iter();
            reports.map(|report| Ok((report, routed(view, report)?))).collect::<store::Result<Vec<_>>>()
        }
    });
    let held: Vec<_> = held.await?.into_iter().map(|(report, routed)| (report, next(routed))).collect();
    let sent = house.act(viewer.actor.clone(), Purpose::Disclosure, "given_back::send_on", move |act| {
        dissemination::given_back::send_on(act, &permit, &agency, &held)
    });
    Ok(sent.await?)
}

fn named(view: &store::View<'_>, all: Vec<GivenBack>) -> store::Result<Vec<Returned>> {
    let one = |one: GivenBack| {
        let went_to = one.went_to.as_ref().map(|id| Ok::<_, store::Error>(agency::get(view, id)?.name));
        Ok(Returned { went_to: went_to.transpose()?, one })
    };
    all.into_iter().map(one).collect()
}
