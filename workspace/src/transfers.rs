//! Reports that agencies hand on to each other: offered, taken, declined, taken back, referred.

use dissemination::holder;
use domain::{
    AgencyClass, AgencyId, DeclineReason, Purpose, RedisclosureCode, ReportId, TransferKind, TransferReason,
};
use office::Trouble;
use policy::permit::{SeeTransfers, Transfer as Transfers};
use policy::redisclosure::{self, Determination, Exception, NotShared};
use policy::{Scope, Viewer, ViewerRole, access};
use store::{House, View, affiliation, agency};

pub use dissemination::transfer::{MOST_CONDITIONS, MOST_LETTERS, MOST_STEPS, OnRecord, Transfer, Words};

/// What one agency hands on to another, as one of the two sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The transfer.
    pub transfer: Transfer,
    /// Whether the viewer's agency hands it on.
    pub outgoing: bool,
    /// The other agency's name.
    pub other_name: String,
}

/// An agency to which a report can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: AgencyClass,
    /// Whether it is an affiliate of the viewer's task force, or its task force.
    pub affiliated: bool,
}

/// Who holds a report that the viewer's agency was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Whether it is the viewer's own agency.
    pub own: bool,
    /// The agency's name.
    pub name: String,
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The report.
    pub report: ReportId,
    /// The version of its standing that they saw.
    pub version: u32,
    /// To whom.
    pub to: AgencyId,
    /// Whether the agency keeps it too.
    pub kind: TransferKind,
    /// Why.
    pub reason: TransferReason,
    /// What is on record, and words.
    pub words: Words,
}

/// Why nothing was handed on.
#[derive(Debug, thiserror::Error)]
pub enum NotHandedOn {
    /// The exception does not allow it.
    #[error(transparent)]
    NotShared(#[from] NotShared),
    /// The house refused or failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Hands a report on, if policy lets the exception stand for this recipient: a transfer waits for the other agency's word, a
/// referral is made at once. Answers its name.
///
/// # Errors
/// [`NotShared`] for an exception that is not for this agency or lacks what must be on record; a refusal as
/// [`dissemination::transfer::offer`]; a denial; a fault.
pub async fn offer(house: &House, viewer: &Viewer, wish: Wish) -> Result<String, NotHandedOn> {
    let permit = access::permit::<Transfers>(viewer).map_err(Trouble::from)?;
    let code = judged(house, viewer, &wish).await?;
    let Wish { report, version, to, kind, reason, words } = wish;
    let new = dissemination::transfer::NewTransfer { report, version, to, kind, code, reason, words };
    let offered = house.act(viewer.actor.clone(), Purpose::Disclosure, "transfer::offer", move |act| {
        dissemination::transfer::offer(act, &permit, &new)
    });
    Ok(offered.await.map_err(Trouble::from)?)
}

/// What policy says to the exception.
async fn judged(house: &House, viewer: &Viewer, wish: &Wish) -> Result<RedisclosureCode, NotHandedOn> {
    let own = viewer.agency.clone().ok_or(store::Refusal::NotFound).map_err(Trouble::from)?;
    let to = wish.to.clone();
    let both =
        house.read("transfer::both", move |view| Ok((agency::get(view, &own)?, agency::get(view, &to)?)));
    let (from, to) = both.await.map_err(Trouble::from)?;
    let on = match &wish.words.on {
        OnRecord::FoundNecessary { attorney, at } => {
            Exception::FoundNecessary(Some(Determination { attorney, at: *at }))
        }
        OnRecord::StateOffence { state, offence } => Exception::StateOffence { state, offence },
        OnRecord::CourtOrder { order, conditions } => Exception::CourtOrder { order, conditions },
    };
    let by_attorney = viewer.role == ViewerRole::Prosecutor;
    let (one, other) = ((&from.id, from.class), (&to.id, to.class, to.name.as_str()));
    Ok(redisclosure::between(one, by_attorney, other, on, house.now())?)
}

/// The viewer's agency takes what was offered to it. Answers the report.
///
/// # Errors
/// A refusal as [`dissemination::transfer::accept`]; a denial; a fault.
pub async fn accept(
    house: &House,
    viewer: &Viewer,
    (id, version): (String, u32),
) -> Result<ReportId, Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Disclosure, "transfer::accept", move |act| {
        dissemination::transfer::accept(act, &permit, (&id, version))
    });
    Ok(done.await?)
}

/// The viewer's agency says no.
///
/// # Errors
/// A refusal as [`dissemination::transfer::decline`]; a denial; a fault.
pub async fn decline(
    house: &House,
    viewer: &Viewer,
    (id, version): (String, u32),
    (reason, words): (DeclineReason, String),
) -> Result<(), Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Investigation, "transfer::decline", move |act| {
        dissemination::transfer::decline(act, &permit, (&id, version), (reason, &words))
    });
    Ok(done.await?)
}

/// The viewer's agency takes back what it offered.
///
/// # Errors
/// A refusal as [`dissemination::transfer::withdraw`]; a denial; a fault.
pub async fn withdraw(house: &House, viewer: &Viewer, (id, version): (String, u32)) -> Result<(), Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Investigation, "transfer::withdraw", move |act| {
        dissemination::transfer::withdraw(act, &permit, (&id, version))
    });
    Ok(done.await?)
}

/// What other agencies hand on to the viewer's, and what it hands on, each the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<(Vec<Seen>, Vec<Seen>), Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let found = house.read("transfers", move |view| {
        let incoming = dissemination::transfer::incoming(view, &permit)?;
        let outgoing = dissemination::transfer::outgoing(view, &permit)?;
        Ok((named(view, permit.scope(), incoming)?, named(view, permit.scope(), outgoing)?))
    });
    Ok(found.await?)
}

/// One of the viewer's agency.
///
/// # Errors
/// "No such thing" for one of others; a denial; a fault.
pub async fn get(house: &House, viewer: &Viewer, id: String) -> Result<Seen, Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let found = house.read("transfer::get", move |view| {
        let one = dissemination::transfer::get(view, &permit, &id)?;
        Ok(named(view, permit.scope(), vec![one])?.remove(0))
    });
    Ok(found.await?)
}

/// What of one report was handed on or was handed over, and who holds it.
///
/// # Errors
/// A denial, or a fault.
pub async fn of_report(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
) -> Result<(Vec<Seen>, Holder), Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let found = house.read("transfers::of_report", move |view| {
        let Scope::Agency(own) = permit.scope() else { return Err(store::Refusal::NotFound.into()) };
        let all = dissemination::transfer::of_report(view, &permit, report)?;
        let holds = holder::of(view, report, own)?;
        let name = agency::get(view, &holds)?.name;
        Ok((named(view, permit.scope(), all)?, Holder { own: holds == *own, name }))
    });
    Ok(found.await?)
}

/// Every step of what was handed on by and to the viewer's agency, after a cursor, each with its place in the ledger and
/// the transfer as it stands now: for a system, which sees and does not act.
///
/// # Errors
/// A denial, or a fault.
pub async fn steps(
    house: &House,
    viewer: &Viewer,
    after: u64,
    most: u32,
) -> Result<Vec<(u64, Seen)>, Trouble> {
    let permit = access::permit::<SeeTransfers>(viewer)?;
    let found = house.read("transfer::steps", move |view| {
        let steps = dissemination::transfer::steps(view, &permit, after, most)?;
        let (places, all): (Vec<u64>, _) =
            steps.into_iter().map(|step| (step.position, step.transfer)).unzip();
        Ok(places.into_iter().zip(named(view, permit.scope(), all)?).collect())
    });
    Ok(found.await?)
}

/// One of them, with its words.
///
/// # Errors
/// "No such thing" for one of others; a denial; a fault.
pub async fn find(house: &House, viewer: &Viewer, id: String) -> Result<Seen, Trouble> {
    let permit = access::permit::<SeeTransfers>(viewer)?;
    let found = house.read("transfer::find", move |view| {
        let one = dissemination::transfer::find(view, &permit, &id)?;
        Ok(named(view, permit.scope(), vec![one])?.remove(0))
    });
    Ok(found.await?)
}

/// The agencies to which the viewer's can hand a report on, affiliates first; and the State of its own.
///
/// # Errors
/// A denial, or a fault.
pub async fn places(house: &House, viewer: &Viewer) -> Result<(Vec<Place>, Option<String>), Trouble> {
    let permit = access::permit::<Transfers>(viewer)?;
    let found = house.read("transfer::places", move |view| {
        let Scope::Agency(own) = permit.scope() else { return Err(store::Refusal::NotFound.into()) };
        let now = view.now();
        let related = affiliation::of_agency(view, own)?;
        let close: Vec<&AgencyId> =
            related.iter().filter(|one| one.holds(now)).map(|one| one.other(own)).collect();
        let state = agency::get(view, own)?.state;
        let live = agency::list(view)?.into_iter();
        let live = live.filter(|one| one.id != *own && one.disabled_at.is_none() && one.is_qualified(now));
        let mut places: Vec<Place> = live
            .map(|one| Place {
                affiliated: close.contains(&&one.id),
                agency: one.id,
                name: one.name,
                class: one.class,
            })
            .collect();
        places.sort_by(|one, other| (!one.affiliated, &one.name).cmp(&(!other.affiliated, &other.name)));
        Ok((places, state))
    });
    Ok(found.await?)
}

fn named(view: &View<'_>, scope: &Scope, all: Vec<Transfer>) -> store::Result<Vec<Seen>> {
    let one = |transfer: Transfer| {
        let outgoing = scope.agency() == Some(&transfer.from);
        let other = if outgoing { &transfer.to } else { &transfer.from };
        Ok(Seen { other_name: agency::get(view, other)?.name, outgoing, transfer })
    };
    all.into_iter().map(one).collect()
}
