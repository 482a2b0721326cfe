//! What the retention schedule lets go: first only shown, with what holds keep; then, once two people agreed to exactly
//! that, destroyed as any other destruction is.

use domain::{Actor, DestructionCode, DestructionId, FileId, Month, Private, Purpose, ReportId};
use policy::RuleSet;
use policy::retention::{GO_WITH_REPORT, WORDS};
use store::destruction::{self, NewDestruction};
use store::{House, hold, retention};

/// Reports that are looked at in one read.
const PAGE: u32 = 500;
/// Files of one purge. A larger backlog takes several, each agreed to by two people.
pub const MOST_FILES: usize = destruction::MOST_ITEMS;

/// The class of data whose bytes a purge destroys.
pub const EVIDENCE: &str = "evidence";

/// What of a class of data goes when people decided so, in words.
#[must_use]
pub fn goes(class: &str) -> &'static str {
    match class {
        EVIDENCE => "the bytes of files, in backups too, by a purge",
        "report" => "a report's words and every key of it, once no file is left, by a purge",
        WORDS => "words about the house's own acts, by the month, in backups too, by a purge",
        class if GO_WITH_REPORT.contains(&class) => "with its report",
        // A day may be written for these, too: then people look, and the program lets nothing go.
        _ => "nothing",
    }
}

/// What a purge would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that would go, report by report.
    pub goes: Vec<(ReportId, FileId)>,
    /// Their lengths, added up.
    pub bytes: u64,
    /// Files that are due and stay, each with the hold that keeps it.
    pub held: Vec<(ReportId, FileId, hold::Owner)>,
    /// Reports that would go as a whole: their day is there, and no byte of their files is left.
    pub reports: Vec<ReportId>,
    /// Reports that are due and stay, each with the hold that keeps it.
    pub held_reports: Vec<(ReportId, hold::Owner)>,
    /// Months of which the words about the house's own acts would go.
    pub months: Vec<Month>,
    /// Months whose words are due and stay, each with how much of what was written in it is still in force.
    pub held_months: Vec<(Month, u64)>,
    /// Whether there was more than one purge takes.
    pub more: bool,
}

impl Plan {
    /// Whether a purge would destroy nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.goes.is_empty() && self.reports.is_empty() && self.months.is_empty()
    }
}

/// What a purge of evidence would do now. Changes nothing.
///
/// # Errors
/// A fault of the store.
pub async fn dry_run(house: &House) -> store::Result<Plan> {
    let (mut plan, mut after) = (Plan::default(), None);
    loop {
        let read = house.read("retention::dry_run", move |view| {
            let (due, next) = retention::due(view, EVIDENCE, after, PAGE)?;
            let holds =
                due.iter().map(|due| hold::of_report(view, due.report)).collect::<store::Result<Vec<_>>>()?;
            Ok((due, holds, next))
        });
        let (due, holds, next) = read.await?;
        for (due, holds) in due.into_iter().zip(holds) {
            for (file, bytes) in due.files {
                if let Some(hold) = holds.iter().find(|hold| hold.keeps(due.report, &file)) {
                    plan.held.push((due.report, file, hold.owner.clone()));
                } else if plan.goes.len() == MOST_FILES {
                    plan.more = true;
                } else {
                    plan.bytes += bytes;
                    plan.goes.push((due.report, file));
                }
            }
        }
        after = next;
        if after.is_none() || plan.more {
            break;
        }
    }
    whole_reports(house, &mut plan).await?;
    words(house, &mut plan).await?;
    Ok(plan)
}

/// The words about the house's own acts, month by month.
async fn words(house: &House, plan: &mut Plan) -> store::Result<()> {
    let schedule = RuleSet::in_force().schedule(house.profile());
    let Some(before) = schedule.ok().and_then(|schedule| schedule.words_due_before(house.now())) else {
        return Ok(());
    };
    let due = house.read("retention::words", move |view| destruction::due_words(view, before)).await?;
    for due in due {
        match due.open {
            0 if plan.goes.len() + plan.reports.len() + plan.months.len() == MOST_FILES => plan.more = true,
            0 => plan.months.push(due.month),
            open => plan.held_months.push((due.month, open)),
        }
    }
    Ok(())
}

/// The reports themselves, as far as one purge takes them.
async fn whole_reports(house: &House, plan: &mut Plan) -> store::Result<()> {
    let mut after = None;
    while !plan.more {
        let read =
            house.read("retention::reports", move |view| destruction::due_reports(view, after, PAGE)).await?;
        for due in read.0 {
            match due.held_by {
                Some(owner) => plan.held_reports.push((due.report, owner)),
                None if plan.goes.len() + plan.reports.len() == MOST_FILES => plan.more = true,
                None => plan.reports.push(due.report),
            }
        }
        after = read.1;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

/// Asks for the destruction of what a dry run showed. Other copies of the same bytes go only if they are due too: here the
/// schedule decides, not what the bytes are.
///
/// # Errors
/// As [`destruction::ask`].
pub async fn ask(house: &House, actor: Actor, id: DestructionId, plan: Plan) -> store::Result<u64> {
    let new = NewDestruction {
        id,
        basis: DestructionCode::Retention,
        agency: None,
        reason: Private::new("the retention schedule".to_owned()),
        files: plan.goes,
    };
    let (reports, months) = (plan.reports, plan.months);
    let asked = house.act(actor, Purpose::Retention, "retention::ask", move |act| {
        destruction::ask_purge(act, &new, (&reports, &months))
    });
    Ok(asked.await?.0)
}
