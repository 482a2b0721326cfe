//! How much of what an investigator needs a report holds, told to its sender: at finish, report by report, week by
//! week. Advice only, and never a word about anybody else's reports.

mod counts;
mod payment;
mod weeks;

use domain::{FileStatement, Quality, ReportId, Submission};
use jiff::Timestamp;
use policy::{Permit, Read, RuleSet, quality as judge};
use store::{House, View, evidence, quality, report};

use crate::facts::Said;
use crate::provider::ProviderViewer;
use office::Trouble;

pub use weeks::{CommonLack, MOST_WEEKS, WeekCard};

/// What is found of a report that was finished at a moment.
pub(crate) fn of(at: Timestamp, submission: &Submission, files: &[Said<'_>], rules: &RuleSet) -> Quality {
    let judged = judge::judge(&counts::facts(at, submission, files), rules.quality());
    Quality { score: judged.score, lacks: judged.lacks, rule_set: rules.id().to_string(), judged_at: at }
}

/// What the house found of one report of the viewer's own. One that no worker has judged yet, or that is still open,
/// is judged now, by the rules that the program came with.
///
/// # Errors
/// "No such thing" for whatever is not the viewer's; a fault.
pub async fn of_report(house: &House, viewer: &ProviderViewer, number: ReportId) -> Result<Quality, Trouble> {
    let permit = viewer.reads().clone();
    Ok(house.read("quality::of_report", move |view| recorded_or_new(view, &permit, number)).await?)
}

fn recorded_or_new(view: &View<'_>, permit: &Permit<Read>, number: ReportId) -> store::Result<Quality> {
    if let Some(recorded) = quality::of_report(view, permit, number)? {
        return Ok(recorded);
    }
    let at = report::get(view, permit, number)?.finished_at.unwrap_or_else(|| view.now());
    let submission = report::submission(view, permit, number)?;
    let files = evidence::files(view, permit, number)?;
    let said: Vec<Option<&FileStatement>> = files.iter().map(|file| file.statement.as_ref()).collect();
    Ok(of(at, &submission, &said, RuleSet::embedded()))
}

/// The viewer's own weeks, the oldest first and the present one last, at most [`MOST_WEEKS`].
///
/// # Errors
/// A fault.
pub async fn weekly(house: &House, viewer: &ProviderViewer, weeks: u32) -> Result<Vec<WeekCard>, Trouble> {
    let permit = viewer.reads().clone();
    Ok(house.read("quality::weekly", move |view| weeks::cards(view, &permit, weeks)).await?)
}
