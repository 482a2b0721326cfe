//! Units of an agency with their people, and the rules by which reports that come are given to them.

use std::collections::BTreeMap;

use domain::{PersonId, Purpose};
use office::Trouble;
use policy::permit::Assign;
use policy::{List, Permit, Scope, Viewer, access};
use store::{Act, House, person};

pub use casework::assignment::{MOST_RULES, Member, Rule, Terms};

use crate::standing::colleague;

/// How an agency gives out what comes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its rules, in the order in which they are asked.
    pub rules: Vec<Rule>,
    /// Who is in which unit.
    pub members: Vec<Member>,
    /// Who is who.
    pub people: BTreeMap<PersonId, String>,
}

/// One change of it.
#[derive(Debug, Clone)]
pub enum Step {
    /// A rule is added behind the others.
    AddRule(Terms),
    /// The rule at this place is removed.
    RemoveRule(u32),
    /// Somebody is taken into a unit.
    TakeIn(Member),
    /// Somebody is taken out of it.
    LetGo(Member),
}

/// How the viewer's agency gives out what comes.
///
/// # Errors
/// A denial, or a fault.
pub async fn plan(house: &House, viewer: &Viewer) -> Result<Plan, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let found = house.read("assignment", move |view| {
        let people = match permit.scope() {
            Scope::Agency(agency) => person::of_agency(view, agency)?,
            Scope::House | Scope::Provider(_) => Vec::new(),
        };
        Ok(Plan {
            rules: casework::assignment::rules(view, &permit)?,
            members: casework::assignment::members(view, &permit)?,
            people: people.into_iter().map(|one| (one.id, one.name.into_inner())).collect(),
        })
    });
    Ok(found.await?)
}

/// Changes it by one step.
///
/// # Errors
/// A denial for whoever may not assign; a refusal for what does not fit or is not there; a fault.
pub async fn step(house: &House, viewer: &Viewer, step: Step) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Investigation, "assignment::step", move |act| {
        carry_out(act, &permit, &step)
    });
    Ok(done.await?)
}

fn carry_out(act: &Act<'_>, permit: &Permit<Assign>, step: &Step) -> store::Result<()> {
    match step {
        Step::AddRule(terms) => casework::assignment::add_rule(act, permit, terms),
        Step::RemoveRule(position) => casework::assignment::remove_rule(act, permit, *position),
        Step::TakeIn(member) => {
            colleague(act, permit.scope(), &member.person)?;
            casework::assignment::add_member(act, permit, member)
        }
        Step::LetGo(member) => casework::assignment::remove_member(act, permit, member),
    }
}
