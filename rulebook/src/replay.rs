//! What other rules would answer: every right of the authority table, and what the house has decided. Nothing is changed.

use std::fmt;

use domain::{Actor, Purpose, ReportId};
use office::Trouble;
use office::staff::Member;
use policy::access::{self, Action, ChangedCell, Oversight, Space};
use policy::{RuleSet, RuleSetId, triage};
use serde::Serialize;
use serde_json::json;
use store::{Error, Event, EventKind, House, Refusal, View, route, rule_set};

/// Reports of one reading transaction.
const PAGE: u32 = 200;
/// Changed decisions that are told one by one; all are counted.
const MOST_TOLD: usize = 1_000;
/// Reports on which a page tries a set: the newest.
pub const RECENT: u32 = 500;

/// What would change.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// The rules in force.
    pub now: String,
    /// Those that were tried.
    pub then: String,
    /// Rights that would change.
    pub rights: Vec<ChangedCell>,
    /// Decisions that would have come out otherwise, where there is a house.
    pub stored: Option<Stored>,
}

/// What came of stored decisions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stored {
    /// Reports that were judged again.
    pub reports: u64,
    /// Those whose keys are gone.
    pub unreadable: u64,
    /// Decisions that come out otherwise.
    pub changed: u64,
    /// The first of them, one by one.
    pub told: Vec<Changed>,
}

/// A decision that comes out otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// Of which report.
    pub report: ReportId,
    /// Priority or route.
    pub what: &'static str,
    /// What was decided.
    pub was: String,
    /// What would be.
    pub will_be: String,
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "now  {}\nthen {}", self.now, self.then)?;
        for ChangedCell { who, may, place, was, will_be } in &self.rights {
            write!(f, "\n{who}, {may}, {place}: {was} -> {will_be}")?;
        }
        write!(f, "\n{} rights would change", self.rights.len())?;
        let Some(stored) = &self.stored else { return Ok(()) };
        for Changed { report, what, was, will_be } in &stored.told {
            write!(f, "\nreport {report}, {what}: {was} -> {will_be}")?;
        }
        let Stored { reports, unreadable, changed, .. } = stored;
        write!(
            f,
            "\n{changed} decisions of {reports} reports would change; {unreadable} could not be read any more"
        )
    }
}

/// Judges again everything that the house has decided. The reading is in the ledger.
///
/// # Errors
/// A fault of the database.
pub async fn replay(house: &House, then: &RuleSet) -> Result<Replayed, Error> {
    note(house, Actor::Operator).await?;
    let (mut stored, mut after) = (Stored::default(), None);
    loop {
        let read = house.read("rulebook::replay", move |view| {
            let numbers = store::triage::judged(view, after, PAGE)?;
            numbers.into_iter().map(|report| Ok((report, decided(view, report)?))).collect()
        });
        let page: Vec<(ReportId, Decided)> = read.await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        stored.judge_all(page, then);
    }
    Ok(replayed(then, stored))
}

/// Judges the newest reports again, for those who oversee the rules.
///
/// # Errors
/// A denial; "no such thing"; a fault.
pub async fn replay_recent(house: &House, member: &Member, set: RuleSetId) -> Result<Replayed, Trouble> {
    access::right(&member.viewer(house), Action::Oversee, &Space::Oversight(Oversight::Rules))?;
    note(house, member.actor()).await?;
    let read = house.read("rulebook::replay_recent", move |view| {
        let numbers = store::triage::recent(view, RECENT)?;
        let decided: store::Result<Vec<_>> =
            numbers.into_iter().map(|report| Ok((report, decided(view, report)?))).collect();
        Ok((rule_set::texts(view, &set)?, decided?))
    });
    let (texts, decided) = read.await?;
    let judged = tokio::task::spawn_blocking(move || {
        let then = texts.read().map_err(|_| Refusal::Unfit { what: "rules" })?;
        let mut stored = Stored::default();
        stored.judge_all(decided, &then);
        Ok::<_, Refusal>(replayed(&then, stored))
    });
    let judged = judged.await.map_err(|_| Trouble::from(Refusal::Conflict))?;
    Ok(judged?)
}

async fn note(house: &House, actor: Actor) -> Result<(), Error> {
    let noted = house.act(actor, Purpose::Administration, "policy::replay", |act| {
        act.note(Event::of_house(EventKind::ListRead).with(json!({ "list": "decisions" })))?;
        Ok(())
    });
    noted.await
}

fn replayed(then: &RuleSet, stored: Stored) -> Replayed {
    let now = RuleSet::in_force();
    Replayed {
        now: now.id().to_string(),
        then: then.id().to_string(),
        rights: access::changed_cells(now.access(), then.access()),
        stored: Some(stored),
    }
}

/// What was decided of one report; `None` when its keys are gone.
type Decided = Option<(Option<store::triage::TriageRecord>, Option<route::RouteRecord>)>;

fn decided(view: &View<'_>, report: ReportId) -> store::Result<Decided> {
    let permit = access::pipeline_read();
    let read = || {
        let triaged = store::triage::of_report(view, &permit, report)?.map(|(record, _)| record);
        let routed = route::of_report(view, &permit, report)?.map(|(record, _)| record);
        Ok((triaged, routed))
    };
    match read() {
        Err(Error::Refusal(Refusal::Destroyed)) => Ok(None),
        read => read.map(Some),
    }
}

impl Stored {
    fn judge_all(&mut self, page: Vec<(ReportId, Decided)>, then: &RuleSet) {
        page.into_iter().for_each(|(report, decided)| self.judge(report, decided, then));
    }

    fn judge(&mut self, report: ReportId, decided: Decided, then: &RuleSet) {
        self.reports += 1;
        let Some((triaged, routed)) = decided else {
            self.unreadable += 1;
            return;
        };
        if let Some(record) = triaged {
            let will_be = triage::decide(&record.facts, then.triage()).priority;
            self.compare(report, "priority", &record.verdict.priority.to_string(), &will_be.to_string());
        }
        if let Some(record) = routed {
            let recipients = |decision: &policy::RouteDecision| {
                let all = decision.recipients.iter().map(|recipient| recipient.agency.to_string());
                all.collect::<Vec<_>>().join(" ")
            };
            let will_be = policy::route(&record.facts, then.routing());
            self.compare(report, "route", &recipients(&record.decision), &recipients(&will_be));
        }
    }

    fn compare(&mut self, report: ReportId, what: &'static str, was: &str, will_be: &str) {
        if was == will_be {
            return;
        }
        self.changed += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(Changed { report, what, was: was.to_owned(), will_be: will_be.to_owned() });
        }
    }
}
