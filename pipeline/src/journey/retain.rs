//! Available to retained: standing queries are asked about the report, agencies that hold related material are told of each
//! other, the report's clocks are set, and its work is done.

use domain::{Purpose, Stage};
use policy::RuleSet;
use store::retention;

use super::{Record, StrideFault, Walk};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let filed = walk.filed()?;
    let finished_at = filed.summary.finished_at.ok_or(StrideFault::Missing("finished"))?;
    let rules = RuleSet::in_force();
    let clocks = rules.schedule(walk.house.profile())?.clocks(finished_at);
    let (report, rule_set) = (walk.report(), rules.id().to_string());
    let recorded = Record::new(Stage::Retained, "retain", move |act| {
        casework::arrived(act, report)?;
        retention::record(act, report, &clocks, &rule_set)
    });
    Ok(recorded.for_purpose(Purpose::Retention))
}
