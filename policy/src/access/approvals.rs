//! Who may ask for what two people must agree on, and who may agree.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, RestrictedExpression};
use domain::{AgencyId, ApprovalKind, Id as _, PersonId, ProviderId};

use super::question::{is, uid};
use super::{Action, Asker, Denial, Space, ViewerRole, Why, asked};

/// What is asked for, as far as it matters who asks and who agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matter<'a> {
    /// What it is about.
    pub kind: ApprovalKind,
    /// The agency of the person whom it is about, if it is about one of an agency.
    pub agency: Option<&'a AgencyId>,
    /// Their provider, if they are of one.
    pub provider: Option<&'a ProviderId>,
    /// Who asked, and as what; nobody yet while it is being asked.
    pub asked_by: Option<(&'a PersonId, ViewerRole)>,
}

impl Matter<'_> {
    pub(super) fn entity(&self) -> Entity {
        let mut facts = vec![("kind", is("ApprovalKind", self.kind.as_str()))];
        facts.extend(self.agency.map(|agency| ("agency", is("Agency", agency.as_str()))));
        facts.extend(self.provider.map(|provider| ("provider", is("Provider", provider.as_str()))));
        if let Some((person, role)) = self.asked_by {
            facts.push(("asker", is("Person", person.as_str())));
            facts.push(("asker_role", is("Role", role.as_str())));
        }
        let facts: HashMap<String, RestrictedExpression> =
            facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
        // INVARIANT: names are evaluated without calling anything that could fail.
        Entity::new(uid("Approval", self.kind.as_str()), facts, HashSet::new())
            .expect("plain facts make an entity")
    }
}

/// Whether somebody may ask.
///
/// # Errors
/// [`Denial`] when no policy lets them.
pub fn may_ask(who: &Asker<'_>, matter: &Matter<'_>) -> Result<&'static Why, Denial> {
    asked(who, Action::AskApproval, &Space::Approval(*matter))
}

/// Whether somebody may agree, or refuse to.
///
/// # Errors
/// [`Denial`] when no policy lets them, and always for the one who asked.
pub fn may_agree(who: &Asker<'_>, matter: &Matter<'_>) -> Result<&'static Why, Denial> {
    asked(who, Action::GiveApproval, &Space::Approval(*matter))
}

#[cfg(test)]
mod tests {
    use super::super::Person;
    use super::*;
    use ViewerRole::{Commander, Counsel, Hashkeeper, ProviderAdmin, SecurityAdmin, Supervisor};

    fn id<T: domain::Id>(text: &str) -> T {
        T::parse(text).unwrap()
    }

    /// Who may ask and, for each of them, who may agree: the same judgement by hand.
    fn by_hand(kind: ApprovalKind, own: bool) -> (Vec<ViewerRole>, fn(ViewerRole, ViewerRole) -> bool) {
        const HEADS: [ViewerRole; 3] = [Supervisor, Counsel, SecurityAdmin];
        match kind {
            ApprovalKind::PublishHash => {
                (vec![Hashkeeper], |_, second| matches!(second, Hashkeeper | Supervisor))
            }
            ApprovalKind::RelaxGate => (vec![Counsel], |_, second| matches!(second, Counsel | Supervisor)),
            ApprovalKind::AdmitPerson | ApprovalKind::BindIdentity => {
                (HEADS.to_vec(), |_, second| HEADS.contains(&second))
            }
            ApprovalKind::RecoverPerson | ApprovalKind::ChangeRole if own => {
                (vec![Supervisor, Counsel, SecurityAdmin, Commander, ProviderAdmin], |_, second| {
                    HEADS.contains(&second)
                })
            }
            ApprovalKind::RecoverPerson | ApprovalKind::ChangeRole => {
                (HEADS.to_vec(), |_, second| HEADS.contains(&second))
            }
            _ => (vec![Supervisor, Counsel], |first, second| {
                [(Supervisor, Counsel), (Counsel, Supervisor)].contains(&(first, second))
            }),
        }
    }

    fn asker<'a>(
        person: &'a PersonId,
        role: ViewerRole,
        agency: &'a AgencyId,
        provider: &'a ProviderId,
    ) -> Asker<'a> {
        Asker::Person(Person {
            person,
            role,
            agency: role.is_of_agency().then_some(agency),
            provider: role.is_of_provider().then_some(provider),
            banner: true,
            fresh: false,
        })
    }

    // PROVES: R-21 R-52 R-55 R-67
    #[test]
    fn policies_and_a_judgement_by_hand_agree_on_who_may_ask_and_who_may_agree() {
        let (own, other) = (id::<AgencyId>("own"), id::<AgencyId>("other"));
        let (own_provider, other_provider) = (id::<ProviderId>("own"), id::<ProviderId>("other"));
        let (first, second) = (id::<PersonId>("p-1"), id::<PersonId>("p-2"));
        for &kind in ApprovalKind::ALL {
            for is_own in [true, false] {
                let agency = if is_own { &own } else { &other };
                let provider = if is_own { &own_provider } else { &other_provider };
                let asked = Matter { kind, agency: Some(agency), provider: Some(provider), asked_by: None };
                let (may, agrees) = by_hand(kind, is_own);
                for role in ViewerRole::OF_PEOPLE {
                    let asks = asker(&first, role, &own, &own_provider);
                    assert_eq!(may_ask(&asks, &asked).is_ok(), may.contains(&role), "{kind} {role:?}");
                    if !may.contains(&role) {
                        continue;
                    }
                    let asked = Matter { asked_by: Some((&first, role)), ..asked };
                    assert!(may_agree(&asks, &asked).is_err(), "{kind} {role:?} alone");
                    for other in ViewerRole::OF_PEOPLE {
                        let agreeing = asker(&second, other, &own, &own_provider);
                        let found = may_agree(&agreeing, &asked).is_ok();
                        assert_eq!(found, agrees(role, other), "{kind} {role:?} {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_agrees_before_the_banner() {
        let (person, agency, provider) = (id("p-1"), id("own"), id("own"));
        let asked = Matter { kind: ApprovalKind::Purge, agency: None, provider: None, asked_by: None };
        let Asker::Person(person) = asker(&person, Supervisor, &agency, &provider) else {
            panic!("a person")
        };
        let silent = Asker::Person(Person { banner: false, ..person });
        assert!(may_ask(&silent, &asked).is_err());
    }
}
