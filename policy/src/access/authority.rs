//! The authority table: who may do what, where, as the policies in force decide it. Printed, reviewed and checked in,
//! so that a change of a policy shows what it changes.

use std::fmt::Write as _;

use domain::{AgencyId, CredentialId, Id, PersonId, ProviderId};

use super::question::{Action, Asker, Space};
use super::{AccessRules, Answer, ViewerRole};

/// Somebody of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person in a role, of an agency, a provider or neither, as the role has it.
    Person(ViewerRole),
    /// An agency's own system.
    System,
    /// A provider's credential.
    Credential,
    /// The house's workers.
    Worker,
    /// The operator, at the command line.
    Operator,
}

impl Kind {
    /// Everybody who can ask.
    pub fn all() -> impl Iterator<Item = Self> {
        let systems = [Self::System, Self::Credential, Self::Worker, Self::Operator];
        ViewerRole::OF_PEOPLE.into_iter().map(Self::Person).chain(systems)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Person(role) => role.as_str(),
            Self::System => "agency-system",
            Self::Credential => "provider-credential",
            Self::Worker => "worker",
            Self::Operator => "operator",
        }
    }
}

/// Where, as seen by the one who asks.
const PLACES: [&str; 5] = ["own agency", "another agency", "own provider", "another provider", "the house"];

/// The whole table, in Markdown.
#[must_use]
pub fn authority_table(rules: &AccessRules) -> String {
    let mut page = String::from(HEAD);
    for kind in Kind::all() {
        for (place, name) in PLACES.iter().enumerate() {
            let cells = Action::ALL.map(|action| cell(ask(rules, kind, true, place, action)));
            // INVARIANT: writing to a string does not fail.
            writeln!(page, "| {} | {name} | {} |", kind.name(), cells.join(" | "))
                .expect("a string takes it");
        }
    }
    page
}

const HEAD: &str = "# Who may do what\n\n\
    Made from the policies in `policies/access` by `clearinghouse policy authority`; do not edit it by hand. A cell\n\
    names the rule and the policy that allow it. Everything else is refused, and answered as if it did not exist. A\n\
    person who has not acknowledged the use banner in this session may nothing (R-72, `banner-first`).\n\n\
    | who | where | list reports | read a report | take a package |\n\
    | --- | --- | --- | --- | --- |\n";

fn cell(answer: Answer<'_>) -> String {
    match answer {
        Answer::Yes(why) => format!("{} `{}`", why.rule, why.policy),
        Answer::No(Some(why)) => format!("no: {} `{}`", why.rule, why.policy),
        Answer::No(None) => "no".to_owned(),
    }
}

/// One cell. Everybody of an agency is of `own`, everybody of a provider too.
pub(crate) fn ask(rules: &AccessRules, kind: Kind, banner: bool, place: usize, action: Action) -> Answer<'_> {
    let (own, other) = (id::<AgencyId>("own"), id::<AgencyId>("another"));
    let (own_provider, other_provider) = (id::<ProviderId>("own"), id::<ProviderId>("another"));
    let (person, credential) = (id::<PersonId>("p-1"), id::<CredentialId>("c-1"));
    let who = match kind {
        Kind::Person(role) => Asker::Person {
            person: &person,
            role,
            agency: role.is_of_agency().then_some(&own),
            provider: role.is_of_provider().then_some(&own_provider),
            banner,
        },
        Kind::System => Asker::System { client: &credential, agency: &own },
        Kind::Credential => Asker::Credential { credential: &credential, provider: &own_provider },
        Kind::Worker => Asker::Worker,
        Kind::Operator => Asker::Operator,
    };
    let space = match place {
        0 => Space::Agency(&own),
        1 => Space::Agency(&other),
        2 => Space::Provider(&own_provider),
        3 => Space::Provider(&other_provider),
        _ => Space::House,
    };
    rules.decide(&who, action, &space)
}

fn id<T: Id>(text: &str) -> T {
    // INVARIANT: the names of this file are short and lower case.
    T::parse(text).unwrap_or_else(|_| unreachable!("a name of this file is an id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleSet;

    /// The same judgement in another style, by hand: what the table must say.
    fn by_hand(kind: Kind, banner: bool, place: usize, action: Action) -> Option<&'static str> {
        let officer = [ViewerRole::Commander, ViewerRole::Investigator, ViewerRole::Prosecutor];
        let staff = [ViewerRole::ProviderReporter, ViewerRole::ProviderAdmin];
        let (is_officer, is_staff) = match kind {
            Kind::Person(_) if !banner => return None,
            Kind::Person(role) => (officer.contains(&role), staff.contains(&role)),
            Kind::System => (true, false),
            Kind::Credential => (false, true),
            Kind::Worker => return (place == 4 && action == Action::Read).then_some("R-20"),
            Kind::Operator => return (place < 2 && action != Action::List).then_some("R-23"),
        };
        if is_officer && place == 0 {
            return Some(if action == Action::Take { "R-22" } else { "R-36" });
        }
        (is_staff && place == 2 && action != Action::Take).then_some("R-33")
    }

    #[test]
    fn policies_and_a_judgement_by_hand_agree_on_everybody_everywhere() {
        let rules = RuleSet::embedded().access();
        for kind in Kind::all() {
            for banner in [true, false] {
                for (place, name) in PLACES.iter().enumerate() {
                    for action in Action::ALL {
                        let found = match ask(rules, kind, banner, place, action) {
                            Answer::Yes(why) => Some(why.rule.as_str()),
                            Answer::No(_) => None,
                        };
                        let hand = by_hand(kind, banner, place, action);
                        assert_eq!(found, hand, "{kind:?} {banner} {name} {action:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_checked_in_table_is_that_of_the_policies_in_force() {
        let printed = authority_table(RuleSet::embedded().access());
        let checked_in = include_str!("../../../docs/authority.md");
        assert!(
            printed == checked_in,
            "clearinghouse policy authority > docs/authority.md, and review the change"
        );
    }
}
