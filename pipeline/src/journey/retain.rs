//! Available to retained: standing queries are asked about the report, agencies that hold related material are told of each
//! other, the report's clocks are set, and its work is done.

use domain::{Actor, Purpose, Stage};
use store::work;
use store::{report, retention};

use super::{StrideFault, Walk};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed()?;
    let finished_at = filed.summary.finished_at.ok_or(StrideFault::Missing("finished"))?;
    let clocks = walk.tools.rules.schedule(walk.house.profile())?.clocks(finished_at);
    let (lease, rule_set) = (walk.lease.clone(), walk.tools.rules.id().to_string());
    let recorded = walk.house.act(Actor::House, Purpose::Retention, "retain", move |act| {
        report::move_on(act, lease.report, Stage::Available, Stage::Retained)?;
        casework::arrived(act, lease.report)?;
        retention::record(act, lease.report, &clocks, &rule_set)?;
        work::done(act, &lease)
    });
    recorded.await?;
    Ok(Stage::Retained)
}
