//! `policy replay`: what other rules would answer: every right of the authority table, and, where there is a house, the
//! decisions that it has stored. Nothing is changed.

use std::path::PathBuf;

use clap::Args;
use domain::{Actor, Purpose, ReportId};
use policy::access::{self, ChangedCell};
use policy::{RuleSet, triage};
use serde::Serialize;
use serde_json::json;
use store::{Error, Event, EventKind, House, Refusal, View, route};

use crate::commands::{ConfigArg, Voice};
use crate::outcome::{Doing, Result};
use crate::{house, rules, say};

/// Reports of one reading transaction.
const PAGE: u32 = 200;
/// Changed decisions that are told one by one; all are counted.
const MOST_TOLD: usize = 1_000;

/// Shows what would change under other rules: rights, and the priorities and routes that the house has stored.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse policy replay --rules my-rules\n  clearinghouse policy replay --rules my-rules --stored --config house/clearinghouse.toml"
)]
pub(crate) struct Replay {
    /// Folder of the rules to try, of the shape of rules_folder.
    #[arg(long, value_name = "DIR")]
    rules: PathBuf,
    /// Also judge again what the house of the configuration has decided.
    #[arg(long)]
    stored: bool,
    #[command(flatten)]
    config: ConfigArg,
}

#[derive(Debug, Serialize)]
struct Replayed {
    now: String,
    then: String,
    rights: Vec<ChangedCell>,
    stored: Option<Stored>,
}

/// What came of stored decisions.
#[derive(Debug, Default, Serialize)]
struct Stored {
    reports: u64,
    unreadable: u64,
    changed: u64,
    told: Vec<Changed>,
}

#[derive(Debug, Serialize)]
struct Changed {
    report: ReportId,
    what: &'static str,
    was: String,
    will_be: String,
}

pub(super) fn run(args: &Replay, voice: Voice) -> Result<()> {
    let then = rules::load(Some(&args.rules))?;
    let mut replayed = Replayed {
        now: RuleSet::embedded().id().to_string(),
        then: then.id().to_string(),
        rights: Vec::new(),
        stored: None,
    };
    if args.stored {
        let runtime = tokio::runtime::Runtime::new().doing("start")?;
        replayed.stored = Some(runtime.block_on(stored(&args.config, &then))?);
        replayed.now = RuleSet::in_force().id().to_string();
    }
    replayed.rights = access::changed_cells(RuleSet::in_force().access(), then.access());
    if voice.is_json() {
        return say::json(&replayed);
    }
    tell(&replayed);
    Ok(())
}

async fn stored(config: &ConfigArg, then: &RuleSet) -> Result<Stored> {
    let house = house::open(&config.load()?).await?;
    let noted = house.act(Actor::Operator, Purpose::Administration, "policy::replay", |act| {
        act.note(Event::of_house(EventKind::ListRead).with(json!({ "list": "decisions" })))?;
        Ok(())
    });
    noted.await.doing("note the reading")?;
    let (mut stored, mut after) = (Stored::default(), None);
    while let Some(page) = page(&house, after).await? {
        after = page.last().map(|(report, _)| *report);
        for (report, decided) in page {
            stored.judge(report, decided, then);
        }
    }
    house.close();
    Ok(stored)
}

/// What was decided of one report; `None` when its keys are gone.
type Decided = Option<(Option<store::triage::TriageRecord>, Option<route::RouteRecord>)>;

async fn page(house: &House, after: Option<ReportId>) -> Result<Option<Vec<(ReportId, Decided)>>> {
    let read = house.read("policy::replay", move |view| {
        let numbers = store::triage::judged(view, after, PAGE)?;
        numbers.into_iter().map(|report| Ok((report, decided(view, report)?))).collect()
    });
    let page: Vec<(ReportId, Decided)> = read.await.doing("read the decisions")?;
    Ok((!page.is_empty()).then_some(page))
}

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

fn tell(replayed: &Replayed) {
    say::people(format_args!("now  {}\nthen {}", replayed.now, replayed.then));
    for cell in &replayed.rights {
        let ChangedCell { who, may, place, was, will_be } = cell;
        say::people(format_args!("{who}, {may}, {place}: {was} -> {will_be}"));
    }
    say::people(format_args!("{} rights would change", replayed.rights.len()));
    if let Some(stored) = &replayed.stored {
        for Changed { report, what, was, will_be } in &stored.told {
            say::people(format_args!("report {report}, {what}: {was} -> {will_be}"));
        }
        say::people(format_args!(
            "{} decisions of {} reports would change; {} could not be read any more",
            stored.changed, stored.reports, stored.unreadable
        ));
    }
}
