//! The decision itself.

use jiff::Timestamp;

use super::decision::{Flag, RouteDecision, RouteRecipient};
use super::facts::RoutingFacts;
use super::picture::Picture;
use super::place::DecidedPlace;
use super::rules::{Part, RoutingRule, RoutingRules, Send};
use crate::directory::{Directory, Recipient, TaskForce};

/// The rule name under which a recipient of last resort is explained.
const LAST_RESORT: &str = "last-resort";

/// Decides who must have a report. The same facts under the same rules always give the same decision.
#[must_use]
pub fn route(facts: &RoutingFacts, rules: &RoutingRules) -> RouteDecision {
    let picture = Picture::of(facts, rules);
    let speaking: Vec<&RoutingRule> =
        rules.in_force(facts.at).filter(|rule| rule.when.holds(&picture.flat)).collect();
    let routes = speaking.iter().filter(|rule| rule.part == Part::Route).take(1);
    let also = speaking.iter().filter(|rule| rule.part == Part::Also);
    let mut deciding = Deciding { rules, picture: &picture, decision: blank(&picture) };
    for rule in routes.chain(also) {
        deciding.follow(rule);
    }
    deciding.never_nobody();
    deciding.decision
}

fn blank(picture: &Picture<'_>) -> RouteDecision {
    let weak = picture.facts.evidence.iter().any(|one| one.is_weak() && one.country.is_some());
    let flags = match &picture.place {
        Some(_) => Vec::new(),
        None if weak => vec![Flag::OnlyHostingOrRelay],
        None => vec![Flag::NoPlace],
    };
    RouteDecision { place: picture.place.clone(), recipients: Vec::new(), rules: Vec::new(), flags }
}

struct Deciding<'a> {
    rules: &'a RoutingRules,
    picture: &'a Picture<'a>,
    decision: RouteDecision,
}

/// An agency that a rule names, with what is worth saying of how it was found.
struct Named<'a> {
    recipient: &'a Recipient,
    point: Option<&'a str>,
    flag: Option<Flag>,
}

impl<'a> From<&'a Recipient> for Named<'a> {
    fn from(recipient: &'a Recipient) -> Self {
        Self { recipient, point: None, flag: None }
    }
}

impl<'a> Deciding<'a> {
    fn follow(&mut self, rule: &RoutingRule) {
        self.decision.rules.push(rule.name.clone());
        let Some(named) = self.name(&rule.send) else {
            self.flag(Flag::NobodyListed);
            return;
        };
        if let Some(flag) = named.flag {
            self.flag(flag);
        }
        let place = match rule.send {
            Send::AgencyOfChild => self.picture.child_place.as_ref(),
            _ => self.picture.place.as_ref(),
        };
        let says = fill(&rule.says, &named, place);
        self.add(named.recipient, &rule.name, says);
    }

    fn name(&self, send: &Send) -> Option<Named<'a>> {
        let (directory, at) = (self.rules.directory(), self.picture.facts.at);
        match send {
            Send::TaskForce => task_force(directory, self.picture.place.as_ref()?, at),
            Send::AgencyOfChild => {
                let place = self.picture.child_place.as_ref()?;
                task_force(directory, place, at).or_else(|| point(directory, &place.country, at))
            }
            Send::ForeignPoint => point(directory, &self.picture.place.as_ref()?.country, at),
            Send::ForeignPointOfProcess => {
                point(directory, self.picture.facts.process_country.as_deref()?, at)
            }
            Send::NamedAgency => {
                directory.find_named(self.picture.facts.named_agency.as_deref()?, at).map(Named::from)
            }
            Send::TribalAgency => directory.tribal(self.picture.county()?, at).map(Named::from),
            Send::Nature(nature) => directory.of_nature(nature, at).map(Named::from),
            Send::Default(when) => directory.default_for(when, at).map(Named::from),
        }
    }

    /// Adds an agency once; of an agency without a basis there is no delivery.
    fn add(&mut self, recipient: &Recipient, rule: &str, says: String) {
        let Some(basis) = recipient.basis() else { return };
        if self.decision.recipients.iter().any(|other| other.agency == recipient.id) {
            return;
        }
        self.decision.recipients.push(RouteRecipient {
            agency: recipient.id.clone(),
            class: recipient.class,
            basis,
            rule: rule.to_owned(),
            says,
            counts: recipient.counts(self.rules.tribal_counts()),
        });
    }

    /// whatever the rules said, somebody who counts has the report.
    fn never_nobody(&mut self) {
        if self.decision.counts() {
            return;
        }
        if !self.decision.recipients.is_empty() {
            self.flag(Flag::TribalAlone);
        }
        if let Some(recipient) = last_resort(self.rules.directory(), self.picture.facts.at) {
            let says = format!("No rule named an agency that counts, so {} has the report.", recipient.name);
            self.add(recipient, LAST_RESORT, says);
        }
    }

    fn flag(&mut self, flag: Flag) {
        if !self.decision.flags.contains(&flag) {
            self.decision.flags.push(flag);
        }
    }
}

/// The last resort of that day; where none is in force, the first listed: a report out of time still goes somewhere.
// INVARIANT: the directory's last resort is never empty.
fn last_resort(directory: &Directory, at: Timestamp) -> Option<&Recipient> {
    directory.last_resort().find(|one| one.effective.holds(at)).or_else(|| directory.last_resort().next())
}

fn task_force<'a>(directory: &'a Directory, place: &DecidedPlace, at: Timestamp) -> Option<Named<'a>> {
    let found = directory.task_force(place.state.as_deref()?, place.county_fips.as_deref(), at)?;
    Some(match found {
        TaskForce::Covers(recipient) => recipient.into(),
        TaskForce::Default(recipient) => Named { recipient, point: None, flag: Some(Flag::CountyUnknown) },
    })
}

fn point<'a>(directory: &'a Directory, country: &str, at: Timestamp) -> Option<Named<'a>> {
    // The United States has task forces and federal agencies, not a point abroad.
    if country == "US" {
        return None;
    }
    let found = directory.foreign_point(country, at)?;
    Some(Named { recipient: found.recipient, point: Some(found.point), flag: None })
}

fn fill(says: &str, named: &Named<'_>, place: Option<&DecidedPlace>) -> String {
    let place = place.map_or_else(|| "an unknown place".to_owned(), DecidedPlace::words);
    says.replace("{agency}", &named.recipient.name)
        .replace("{point}", named.point.unwrap_or(&named.recipient.name))
        .replace("{place}", &place)
}
