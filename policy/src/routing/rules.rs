//! Routing rule files: one rule a file, tried in their order, with examples of whole decisions.

use domain::AgencyId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::decision::Flag;
use super::facts::{EvidenceKind, RoutingFacts};
use super::picture::Flat;
use crate::directory::Directory;
use crate::rules::{Cause, Condition, Effective, RuleFault, parse, stem};

const SETTINGS: &str = "routing/settings.toml";

/// All routing rules with the directory they name.
#[derive(Debug, Clone)]
pub struct RoutingRules {
    rules: Vec<RoutingRule>,
    directory: Directory,
    settings: Settings,
}

/// What all rules share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Which evidence speaks louder, loudest first.
    evidence_order: Vec<EvidenceKind>,
    /// The operator's switch of R-21a.
    tribal_counts: bool,
}

/// One rule of routing.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutingRule {
    /// Its name, the same as its file's.
    pub name: String,
    /// When it counts.
    pub effective: Effective,
    /// Which legal rule or fact it rests on.
    pub source: String,
    /// Lower is tried earlier.
    pub order: u32,
    /// Whether it is the route or adds to it.
    pub part: Part,
    /// Whom it names.
    pub send: Send,
    /// The sentence that the reader sees; `{agency}`, `{place}` and `{point}` are filled in.
    pub says: String,
    /// When it speaks.
    pub when: Condition,
    examples: Vec<Example>,
}

/// The part that a rule has in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The first of these that speaks is the route.
    Route,
    /// Each of these that speaks adds a recipient.
    Also,
}

/// Whom a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Send {
    /// The task force of the place that decides.
    TaskForce,
    /// The agency of the child's place: its task force, or the point of its country.
    AgencyOfChild,
    /// The point of the country that decides.
    ForeignPoint,
    /// The point of the country whose legal process was served.
    ForeignPointOfProcess,
    /// The agency that the provider named.
    NamedAgency,
    /// The tribal agency of the county that decides.
    TribalAgency,
    /// The federal agency for matters of this nature.
    Nature(String),
    /// The first agency of this default.
    Default(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Written,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    effective_from: Date,
    effective_to: Option<Date>,
    source: String,
    order: u32,
    part: Part,
    send: Send,
    says: String,
    when: Condition,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    /// Whether this rule speaks.
    fires: bool,
    /// Everybody who gets the report under all rules, in order.
    gives: Vec<AgencyId>,
    #[serde(default)]
    flags: Vec<Flag>,
    facts: RoutingFacts,
}

impl RoutingRules {
    pub(crate) fn load(files: &[(&str, &str)], directory: Directory) -> Result<Self, RuleFault> {
        let settings = files.iter().find(|(name, _)| *name == SETTINGS);
        let (_, text) =
            settings.ok_or_else(|| RuleFault::new(SETTINGS, Cause::Directory("is missing".to_owned())))?;
        let settings: Settings = parse(SETTINGS, text)?;
        let complete = EvidenceKind::ALL.iter().all(|kind| settings.evidence_order.contains(kind));
        if !complete || settings.evidence_order.len() != EvidenceKind::ALL.len() {
            let cause = Cause::Directory("evidence_order must name every kind once".to_owned());
            return Err(RuleFault::new(SETTINGS, cause));
        }
        let others = files.iter().filter(|(name, _)| *name != SETTINGS);
        let mut rules =
            others.map(|(name, text)| read(name, text, &directory)).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by(|a, b| (a.order, &a.name, a.effective.from).cmp(&(b.order, &b.name, b.effective.from)));
        for (at, rule) in rules.iter().enumerate() {
            let same =
                |other: &RoutingRule| other.name == rule.name && other.effective.overlaps(&rule.effective);
            if rules[..at].iter().any(same) {
                return Err(RuleFault::new(&file_of(&rule.name), Cause::Twice));
            }
        }
        Ok(Self { rules, directory, settings })
    }

    /// The recipients that rules may name.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Which evidence speaks louder, loudest first.
    #[must_use]
    pub fn evidence_order(&self) -> &[EvidenceKind] {
        &self.settings.evidence_order
    }

    /// Whether a tribal agency alone counts for R-20 (R-21a).
    #[must_use]
    pub const fn tribal_counts(&self) -> bool {
        self.settings.tribal_counts
    }

    /// The rules that count at that instant, in their order.
    pub fn in_force(&self, at: Timestamp) -> impl Iterator<Item = &RoutingRule> {
        self.rules.iter().filter(move |rule| rule.effective.holds(at))
    }

    /// Every rule, whenever it counts.
    pub fn all(&self) -> impl Iterator<Item = &RoutingRule> {
        self.rules.iter()
    }

    /// Runs one rule's examples: each is a whole decision.
    pub(crate) fn check(&self, rule: &RoutingRule) -> Result<usize, RuleFault> {
        for example in &rule.examples {
            let decision = super::decide::route(&example.facts, self);
            let agencies: Vec<&AgencyId> = decision.recipients.iter().map(|r| &r.agency).collect();
            let fires = decision.rules.contains(&rule.name);
            let found = if fires != example.fires {
                Some(format!("the rules that speak are {}", decision.rules.join(", ")))
            } else if agencies.iter().copied().ne(&example.gives) {
                let names: Vec<String> = agencies.iter().map(ToString::to_string).collect();
                Some(format!("it goes to {}", names.join(", ")))
            } else if decision.flags != example.flags {
                Some(format!("the flags are {:?}", decision.flags))
            } else {
                None
            };
            if let Some(found) = found {
                let cause = Cause::ExampleFails { example: example.name.clone(), found };
                return Err(RuleFault::new(&file_of(&rule.name), cause));
            }
        }
        Ok(rule.examples.len())
    }
}

fn read(file: &str, text: &str, directory: &Directory) -> Result<RoutingRule, RuleFault> {
    let fault = |cause| RuleFault::new(file, cause);
    let File { rule: written, example: mut examples } = parse(file, text)?;
    if stem(file) != written.name {
        return Err(fault(Cause::NamedDifferently(written.name)));
    }
    let effective = Effective { from: Some(written.effective_from), to: written.effective_to };
    if !effective.is_ordered() {
        return Err(fault(Cause::EndsBeforeStart));
    }
    written.when.check::<Flat>().map_err(fault)?;
    let known = match &written.send {
        Send::Nature(nature) => directory.knows_nature(nature),
        Send::Default(when) => directory.knows_default(when),
        _ => true,
    };
    if !known {
        return Err(fault(Cause::Directory(format!("{:?} is not on its lists", written.send))));
    }
    if !(examples.iter().any(|e| e.fires) && examples.iter().any(|e| !e.fires)) {
        return Err(fault(Cause::NoExamples));
    }
    let first_day = written
        .effective_from
        .to_zoned_datetime(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    for example in examples.iter_mut().filter(|e| e.facts.at == Timestamp::UNIX_EPOCH) {
        example.facts.at = first_day;
    }
    let Written { name, source, order, part, send, says, when, .. } = written;
    Ok(RoutingRule { name, effective, source, order, part, send, says, when, examples })
}

fn file_of(name: &str) -> String {
    format!("routing/{name}.toml")
}
