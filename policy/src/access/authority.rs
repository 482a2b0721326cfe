//! The authority table: who may do what, where, as the policies in force decide it. Printed, reviewed and checked in,
//! so that a change of a policy shows what it changes.

use std::fmt::{self, Write as _};

use domain::{AgencyId, ApprovalKind, CredentialId, Id, PersonId, ProviderId};

use super::action::{Action, Oversight, Reach};
use super::approvals::Matter;
use super::question::{Asker, Person, Space};
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

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Person(role) => role.as_str(),
            Self::System => "agency-system",
            Self::Credential => "provider-credential",
            Self::Worker => "worker",
            Self::Operator => "operator",
        }
    }
}

impl Reach {
    /// The places of a table, as seen by the one who asks.
    pub(crate) fn places(self) -> Vec<&'static str> {
        match self {
            Self::Spaces => {
                vec!["own agency", "another agency", "own provider", "another provider", "the house"]
            }
            Self::Oversight => Oversight::ALL.iter().map(|record| record.as_str()).collect(),
            Self::Approvals => ApprovalKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        }
    }
}

/// The whole table, in Markdown: one part an action, so that a new action is a new part and nothing else.
#[must_use]
pub fn authority_table(rules: &AccessRules) -> String {
    let mut page = String::from(HEAD);
    for &action in Action::ALL {
        part(&mut page, rules, action).expect("a string takes it");
    }
    page
}

/// The cells of the table that another rule set answers otherwise: who, what, where, what is said now, and then.
#[must_use]
pub fn changed_cells(now: &AccessRules, then: &AccessRules) -> Vec<ChangedCell> {
    let mut changed = Vec::new();
    for &action in Action::ALL {
        for (place, name) in action.reach().places().into_iter().enumerate() {
            for kind in Kind::all() {
                let said = |rules| cell(ask(rules, kind, true, place, action));
                let (was, will_be) = (said(now), said(then));
                if was != will_be {
                    changed.push(ChangedCell {
                        who: kind.name(),
                        may: action.as_str(),
                        place: name,
                        was,
                        will_be,
                    });
                }
            }
        }
    }
    changed
}

/// A cell that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChangedCell {
    /// Who asks.
    pub who: &'static str,
    /// For which action.
    pub may: &'static str,
    /// Where.
    pub place: &'static str,
    /// What is answered now.
    pub was: String,
    /// What would be answered.
    pub will_be: String,
}

/// One cell of the table by its names; `None` when the table has no such row, action or column.
#[must_use]
pub fn cell_of<'a>(rules: &'a AccessRules, who: &str, action: &str, place: &str) -> Option<Answer<'a>> {
    let kind = Kind::all().find(|kind| kind.name() == who)?;
    let action = Action::ALL.iter().copied().find(|one| one.as_str() == action)?;
    let place = action.reach().places().into_iter().position(|name| name == place)?;
    Some(ask(rules, kind, true, place, action))
}

fn part(page: &mut String, rules: &AccessRules, action: Action) -> fmt::Result {
    let places = action.reach().places();
    writeln!(page, "\n## Who may {}\n\nAction `{}`.\n", action.words(), action.as_str())?;
    writeln!(page, "| who | {} |", places.join(" | "))?;
    writeln!(page, "| ---{} |", " | ---".repeat(places.len()))?;
    for kind in Kind::all() {
        let cells: Vec<String> =
            (0..places.len()).map(|place| cell(ask(rules, kind, true, place, action))).collect();
        writeln!(page, "| {} | {} |", kind.name(), cells.join(" | "))?;
    }
    Ok(())
}

const HEAD: &str = "# Who may do what\n\n\
    Made from the policies in `policies/access` by `clearinghouse policy authority`; do not edit it by hand. A cell\n\
    names the rule and the policy that allow it. Everything else is refused, and answered as if it did not exist. A\n\
    person who has not acknowledged the use banner in this session may nothing (R-72, `banner-first`). The person of\n\
    this page proved a moment ago that it is still them.\n";

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
        Kind::Person(role) => Asker::Person(Person {
            person: &person,
            role,
            agency: role.is_of_agency().then_some(&own),
            provider: role.is_of_provider().then_some(&own_provider),
            banner,
            fresh: true,
        }),
        Kind::System => Asker::System { client: &credential, agency: &own },
        Kind::Credential => Asker::Credential { credential: &credential, provider: &own_provider },
        Kind::Worker => Asker::Worker,
        Kind::Operator => Asker::Operator,
    };
    let matter = |asked_by| {
        let kind = ApprovalKind::ALL[place];
        Space::Approval(Matter { kind, agency: Some(&own), provider: Some(&own_provider), asked_by })
    };
    if action == Action::GiveApproval {
        // Asked by another person, in whichever role that one may ask.
        let first = id::<PersonId>("p-2");
        let may =
            |role| matches!(ask(rules, Kind::Person(role), true, place, Action::AskApproval), Answer::Yes(_));
        let roles = ViewerRole::OF_PEOPLE.into_iter().filter(|role| may(*role));
        let mut answers = roles.map(|role| rules.decide(&who, action, &matter(Some((&first, role)))));
        return answers.find(|answer| matches!(answer, Answer::Yes(_))).unwrap_or(Answer::No(None));
    }
    let space = match (action.reach(), place) {
        (Reach::Approvals, _) => matter(None),
        (Reach::Spaces, 0) => Space::Agency(&own),
        (Reach::Spaces, 1) => Space::Agency(&other),
        (Reach::Spaces, 2) => Space::Provider(&own_provider),
        (Reach::Spaces, 3) => Space::Provider(&other_provider),
        (Reach::Spaces, _) => Space::House,
        (Reach::Oversight, place) => Space::Oversight(Oversight::ALL[place]),
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

    // PROVES: R-85
    #[test]
    fn what_another_rule_set_would_change_is_told_cell_by_cell() {
        let files = RuleSet::embedded_files().to_vec();
        let without: Vec<_> =
            files.iter().copied().filter(|(name, _)| *name != "access/operator-hands-over.cedar").collect();
        let (now, then) = (RuleSet::load(&files).unwrap(), RuleSet::load(&without).unwrap());
        assert!(changed_cells(now.access(), now.access()).is_empty());
        let changed = changed_cells(now.access(), then.access());
        let told: Vec<(&str, &str, &str)> =
            changed.iter().map(|cell| (cell.who, cell.may, cell.place)).collect();
        let expected = ["read-report", "take-package"]
            .map(|may| ["own agency", "another agency"].map(|place| ("operator", may, place)));
        assert_eq!(told, expected.concat());
        assert!(changed.iter().all(|cell| cell.will_be == "no"), "{changed:?}");
    }

    #[test]
    fn a_cell_is_found_by_its_names() {
        let rules = RuleSet::embedded().access();
        let said = |who, action, place| cell_of(rules, who, action, place);
        assert!(matches!(said("investigator", "read-report", "own agency"), Some(Answer::Yes(_))));
        assert!(matches!(said("investigator", "read-report", "another agency"), Some(Answer::No(_))));
        assert!(said("inspector", "read-report", "own agency").is_none());
        assert!(said("investigator", "oversee", "own agency").is_none());
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
