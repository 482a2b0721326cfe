//! Who may reach what. Default deny: what no policy of `policies/access` allows does not exist for the one who asks.
//! The functions here put the questions and hand out the permits; the policies, which are reviewed text, decide.

use domain::{Actor, CredentialId, PersonId, ProviderId};

use crate::RuleSet;
use crate::permit::{
    Assign, ConfirmGround, Deconflict, Export, GrantMedia, HoldViewing, KeepCases, KeepPortal, List, Permit,
    Read, RecordGround, Right, Route, Scope, SeeTransfers, Transfer, UsePortal, ViewMedia, Work,
};

mod action;
mod approvals;
mod authority;
mod memo;
mod question;
mod role;
mod rules;
mod viewer;

#[cfg(test)]
mod by_hand;

pub use action::{Action, Oversight, Reach};
pub use approvals::{Matter, may_agree, may_ask};
pub use authority::{ChangedCell, authority_table, cell_of, changed_cells};
pub use question::{Asker, Person, Space};
pub use role::ViewerRole;
pub use rules::{AccessRules, Answer, Explained, Why};
pub use viewer::Viewer;

/// Nobody said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The role has no right of this kind at all.
    #[error("this role may not do that")]
    Role,
    /// The use banner was not acknowledged in this session.
    #[error("the use banner has not been acknowledged")]
    Banner,
    /// A policy forbids what another one may allow.
    #[error("{} ({}, {})", .0.says, .0.rule, .0.source)]
    Forbidden(&'static Why),
}

/// The kinds of permit, each with the action that makes it.
pub trait Grants {
    /// What is asked for.
    const ACTION: Action;
}

impl Grants for List {
    const ACTION: Action = Action::List;
}
impl Grants for Read {
    const ACTION: Action = Action::Read;
}
impl Grants for Export {
    const ACTION: Action = Action::Take;
}
impl Grants for RecordGround {
    const ACTION: Action = Action::RecordGround;
}
impl Grants for ConfirmGround {
    const ACTION: Action = Action::ConfirmGround;
}
impl Grants for ViewMedia {
    const ACTION: Action = Action::ViewMedia;
}
impl Grants for HoldViewing {
    const ACTION: Action = Action::HoldViewing;
}
impl Grants for GrantMedia {
    const ACTION: Action = Action::GrantMedia;
}
impl Grants for Work {
    const ACTION: Action = Action::Work;
}
impl Grants for Assign {
    const ACTION: Action = Action::Assign;
}
impl Grants for KeepCases {
    const ACTION: Action = Action::KeepCases;
}
impl Grants for Deconflict {
    const ACTION: Action = Action::Deconflict;
}
impl Grants for UsePortal {
    const ACTION: Action = Action::UsePortal;
}
impl Grants for KeepPortal {
    const ACTION: Action = Action::KeepPortal;
}
impl Grants for Transfer {
    const ACTION: Action = Action::Transfer;
}
impl Grants for SeeTransfers {
    const ACTION: Action = Action::SeeTransfers;
}
impl Grants for Route {
    const ACTION: Action = Action::Route;
}

/// A permit for where the viewer is at home: an agency's people for what their agency was given, the clearinghouse's
/// own people for the house.
///
/// # Errors
/// [`Denial`] where no policy allows it, and before the banner.
pub fn permit<Kind: Grants>(viewer: &Viewer) -> Result<Permit<Kind>, Denial> {
    let home = viewer.home()?;
    let why = asked(&viewer.asker()?, Kind::ACTION, &home)?;
    let scope = match home {
        Space::Agency(agency) => Scope::Agency(agency.clone()),
        Space::Provider(provider) => Scope::Provider(provider.clone()),
        _ => Scope::House,
    };
    Ok(Permit::new(scope, viewer.actor.clone(), why))
}

/// The right to do one thing in one place, where nothing of a report is read by it.
///
/// # Errors
/// [`Denial`] where no policy allows it, and before the banner.
pub fn right(viewer: &Viewer, action: Action, space: &Space<'_>) -> Result<Right, Denial> {
    let why = asked(&viewer.asker()?, action, space)?;
    Ok(Right::new(action, viewer.actor.clone(), why))
}

/// Puts a question to the policies in force.
fn asked(who: &Asker<'_>, action: Action, space: &Space<'_>) -> Result<&'static Why, Denial> {
    match RuleSet::in_force().access().decide(who, action, space) {
        Answer::Yes(why) => Ok(why),
        Answer::No(Some(why)) if why.rule == BANNER => Err(Denial::Banner),
        Answer::No(Some(why)) => Err(Denial::Forbidden(why)),
        Answer::No(None) => Err(Denial::Role),
    }
}

/// The rule of the use banner.
const BANNER: &str = "R-72";

/// An agency's people and systems may list what was made available to that agency.
///
/// # Errors
/// [`Denial`] when the viewer belongs to no agency or has not acknowledged the banner.
pub fn agency_list(viewer: &Viewer) -> Result<Permit<List>, Denial> {
    of_agency(viewer)
}

/// They may read a report that was made available to their agency.
///
/// # Errors
/// As [`agency_list`].
pub fn agency_read(viewer: &Viewer) -> Result<Permit<Read>, Denial> {
    of_agency(viewer)
}

/// They may take it away as a package.
///
/// # Errors
/// As [`agency_list`].
pub fn agency_export(viewer: &Viewer) -> Result<Permit<Export>, Denial> {
    of_agency(viewer)
}

fn of_agency<Kind: Grants>(viewer: &Viewer) -> Result<Permit<Kind>, Denial> {
    if viewer.agency.is_none() {
        return Err(Denial::Role);
    }
    permit(viewer)
}

/// A provider may see its own reports and no other.
#[must_use]
pub fn provider_read(provider: ProviderId, credential: CredentialId) -> Permit<Read> {
    let asker = Asker::Credential { credential: &credential, provider: &provider };
    // INVARIANT: the shipped policies let every credential read what its provider sent; the authority table shows it.
    let why = asked(&asker, Action::Read, &Space::Provider(&provider)).expect("a provider may read its own");
    let actor = Actor::Provider { provider: provider.clone(), credential };
    Permit::new(Scope::Provider(provider), actor, why)
}

/// So may its people, once they have acknowledged the banner, which tells them where content may go.
///
/// # Errors
/// [`Denial`] for a role of somebody else and before the banner.
pub fn provider_person_read(
    provider: ProviderId,
    person: PersonId,
    role: ViewerRole,
    banner_acknowledged: bool,
) -> Result<Permit<Read>, Denial> {
    if !role.is_of_provider() {
        return Err(Denial::Role);
    }
    let asker = Asker::Person(Person {
        person: &person,
        role,
        agency: None,
        provider: Some(&provider),
        banner: banner_acknowledged,
        fresh: false,
    });
    let why = asked(&asker, Action::Read, &Space::Provider(&provider))?;
    Ok(Permit::new(Scope::Provider(provider), Actor::Person { person, agency: None }, why))
}

/// Whoever may read a provider's own reports may list them: the reach stays what it was.
#[must_use]
pub fn provider_list(read: &Permit<Read>) -> Permit<List> {
    Permit::new(read.scope().clone(), read.actor().clone(), read.why())
}

/// The house's workers may read a report's statements to move it on; file bytes stay behind the gate (R-19a).
#[must_use]
pub fn pipeline_read() -> Permit<Read> {
    // INVARIANT: as above; without it no report would move on.
    let why =
        asked(&Asker::Worker, Action::Read, &Space::House).expect("workers may read to move reports on");
    Permit::new(Scope::House, Actor::House, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AgencyId, Id};

    fn viewer(role: ViewerRole, banner: bool) -> Viewer {
        let person = PersonId::parse("p-1").unwrap();
        Viewer::person(person, AgencyId::parse("icac-us-mn").unwrap(), role, banner)
    }

    // PROVES: R-36
    #[test]
    fn an_officer_reaches_only_the_own_agency() {
        let permit = agency_read(&viewer(ViewerRole::Investigator, true)).unwrap();
        assert_eq!(permit.scope(), &Scope::Agency(AgencyId::parse("icac-us-mn").unwrap()));
    }

    // PROVES: R-33
    #[test]
    fn a_providers_person_reaches_only_what_that_provider_sent() {
        let (provider, person) = (ProviderId::parse("examplechat").unwrap(), PersonId::parse("p-1").unwrap());
        let ask = |role, banner| provider_person_read(provider.clone(), person.clone(), role, banner);
        let permit = ask(ViewerRole::ProviderReporter, true).unwrap();
        assert_eq!(permit.scope(), &Scope::Provider(provider.clone()));
        assert_eq!(ask(ViewerRole::ProviderAdmin, false).unwrap_err(), Denial::Banner);
        assert_eq!(ask(ViewerRole::Investigator, true).unwrap_err(), Denial::Role);
        assert_eq!(agency_list(&viewer(ViewerRole::ProviderAdmin, true)).unwrap_err(), Denial::Role);
    }

    // PROVES: R-72
    #[test]
    fn nothing_is_shown_before_the_banner_is_acknowledged() {
        assert_eq!(agency_list(&viewer(ViewerRole::Commander, false)).unwrap_err(), Denial::Banner);
        assert_eq!(agency_export(&viewer(ViewerRole::Investigator, false)).unwrap_err(), Denial::Banner);
    }

    #[test]
    fn a_providers_administrator_keeps_its_own_people_and_reads_no_further_than_it_sent() {
        let [own, other] = ["examplechat", "otherchat"].map(|id| ProviderId::parse(id).unwrap());
        let admin = |role| Viewer::of_provider(PersonId::parse("p-1").unwrap(), own.clone(), role, true);
        let keeps =
            |role, provider| right(&admin(role), Action::KeepPeople, &Space::Provider(provider)).is_ok();
        assert!(keeps(ViewerRole::ProviderAdmin, &own) && !keeps(ViewerRole::ProviderAdmin, &other));
        assert!(!keeps(ViewerRole::ProviderReporter, &own));
        assert!(right(&admin(ViewerRole::ProviderAdmin), Action::KeepPeople, &Space::House).is_err());
        let permit = permit::<Read>(&admin(ViewerRole::ProviderAdmin)).unwrap();
        assert_eq!(permit.scope(), &Scope::Provider(own));
    }

    #[test]
    fn staff_of_the_clearinghouse_hold_no_agency_permit() {
        assert_eq!(agency_list(&viewer(ViewerRole::Analyst, true)).unwrap_err(), Denial::Role);
    }

    fn of_the_house(role: ViewerRole) -> Viewer {
        Viewer::staff(PersonId::parse("p-2").unwrap(), role, true)
    }

    // PROVES: R-18 R-76c
    #[test]
    fn of_the_clearinghouses_own_people_those_who_work_reports_read_them_and_no_others() {
        for role in ViewerRole::OF_PEOPLE.into_iter().filter(|role| role.is_of_house()) {
            let works = [ViewerRole::Analyst, ViewerRole::Supervisor, ViewerRole::Counsel].contains(&role);
            let read = permit::<Read>(&of_the_house(role));
            assert_eq!(read.is_ok(), works, "{role:?}");
            assert!(permit::<Export>(&of_the_house(role)).is_err(), "{role:?} takes no copy away");
            assert!(read.is_err() || read.unwrap().scope() == &Scope::House);
        }
        let ledger = Space::Oversight(Oversight::Ledger);
        let see = |role| right(&of_the_house(role), Action::Oversee, &ledger);
        assert_eq!(see(ViewerRole::Auditor).unwrap().why().rule, "R-76c");
        assert_eq!(see(ViewerRole::SecurityAdmin).unwrap_err(), Denial::Role);
    }
}
