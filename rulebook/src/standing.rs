//! How the rules stand: what is in force, what is settled, what waits.

use std::fmt;

use jiff::Timestamp;
use office::Trouble;
use office::staff::Member;
use policy::access::{self, Action, Oversight, Space};
use policy::rules::Texts;
use policy::{Relaxation, RuleSet, RuleSetId};
use serde::Serialize;
use store::{House, Refusal, View, person, rule_set};

/// A change as a page lists it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The change.
    pub change: rule_set::Change,
    /// Who asked for it and who agreed; `None` for the first set, and in a demo.
    pub agreed: Option<(String, String)>,
}

/// A set that nobody agreed to yet.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The set.
    pub set: RuleSetId,
    /// When this house saw it first.
    pub since: Timestamp,
}

/// How the rules stand.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The change by which the set in force is so.
    pub in_force: rule_set::Change,
    /// Every change, those to come first.
    pub changes: Vec<Listed>,
    /// What was never agreed to.
    pub offers: Vec<Offer>,
    /// The relaxations of the set in force, over or not.
    pub relaxations: Vec<Relaxation>,
    /// Now.
    pub now: Timestamp,
}

impl Standing {
    /// The change to come, if one is settled.
    #[must_use]
    pub fn next(&self) -> Option<&rule_set::Change> {
        let mut to_come = self.changes.iter().map(|one| &one.change).filter(|one| one.starts_at > self.now);
        to_come.next_back()
    }
}

/// How the rules stand, in short: for the operator's command line.
#[derive(Debug, Clone, Serialize)]
pub struct Outlook {
    /// The set in force.
    pub in_force: RuleSetId,
    /// Since when.
    pub since: Timestamp,
    /// The one to come, and when it starts.
    pub next: Option<(RuleSetId, Timestamp)>,
    /// What was never agreed to.
    pub waiting: Vec<RuleSetId>,
}

impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in force  {} since {}", self.in_force, self.since)?;
        if let Some((set, starts_at)) = &self.next {
            write!(f, "\nto come   {set} on {starts_at}")?;
        }
        self.waiting
            .iter()
            .try_for_each(|set| write!(f, "\nwaits     {set}: two people agree at /admin/rules/{set}"))
    }
}

/// How the rules stand, in short.
///
/// # Errors
/// "No such thing" for a house that keeps no rules yet; a fault.
pub async fn outlook(house: &House) -> store::Result<Outlook> {
    let found = house.read("rulebook::outlook", |view| {
        let current = rule_set::at(view, view.now())?.ok_or(Refusal::NotFound)?;
        let next = rule_set::after(view, view.now())?.map(|change| (change.set, change.starts_at));
        let waiting = rule_set::offered(view)?.into_iter().map(|(set, _)| set).collect();
        Ok(Outlook { in_force: current.set, since: current.starts_at, next, waiting })
    });
    found.await
}

/// How the rules stand, for those who oversee them.
///
/// # Errors
/// A denial; a fault.
pub async fn standing(house: &House, member: &Member) -> Result<Standing, Trouble> {
    access::right(&member.viewer(house), Action::Oversee, &Space::Oversight(Oversight::Rules))?;
    let found = house.read("rulebook::standing", |view| {
        let now = view.now();
        let changes = rule_set::timetable(view)?.into_iter().map(|change| listed(view, change));
        let offers = rule_set::offered(view)?.into_iter().map(|(set, since)| Offer { set, since }).collect();
        Ok(Standing {
            in_force: rule_set::at(view, now)?.ok_or(Refusal::NotFound)?,
            changes: changes.collect::<store::Result<_>>()?,
            offers,
            relaxations: RuleSet::in_force().relaxations().all().to_vec(),
            now,
        })
    });
    Ok(found.await?)
}

fn listed(view: &View<'_>, change: rule_set::Change) -> store::Result<Listed> {
    let Some(approval) = &change.approval else { return Ok(Listed { change, agreed: None }) };
    let approval = store::approval::get(view, approval)?;
    let name = |id: &domain::PersonId| -> store::Result<String> {
        let known = person::find(view, id)?;
        Ok(known.map_or_else(|| domain::Id::as_str(id).to_owned(), |known| known.name.into_inner()))
    };
    let agreed = match &approval.decided {
        Some((second, _)) => Some((name(&approval.asked_by)?, name(second)?)),
        None => None,
    };
    Ok(Listed { change, agreed })
}

/// The texts of the set in force and of another one, for those who oversee the rules.
///
/// # Errors
/// A denial; "no such thing"; a fault.
pub async fn examine(house: &House, member: &Member, set: RuleSetId) -> Result<(Texts, Texts), Trouble> {
    access::right(&member.viewer(house), Action::Oversee, &Space::Oversight(Oversight::Rules))?;
    Ok(both(house, set).await?)
}

/// The texts of the set in force and of another one.
pub(crate) async fn both(house: &House, set: RuleSetId) -> store::Result<(Texts, Texts)> {
    let read = house.read("rulebook::both", move |view| {
        let current = rule_set::at(view, view.now())?.ok_or(Refusal::NotFound)?;
        Ok((rule_set::texts(view, &current.set)?, rule_set::texts(view, &set)?))
    });
    read.await
}

/// The texts of a set that the house keeps.
///
/// # Errors
/// "No such thing"; a fault for texts that were changed where they lie.
pub async fn texts(house: &House, set: RuleSetId) -> store::Result<Texts> {
    house.read("rulebook::texts", move |view| rule_set::texts(view, &set)).await
}
