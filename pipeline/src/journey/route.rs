//! Triaged to routed: who must have the report, as a pure function of stored inputs.

use domain::{Priority, Stage};
use policy::{RuleSet, access};
use store::route::{self, RouteRecord};
use store::triage;

use super::{Record, StrideFault, Walk};
use crate::{facts, places};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let priority = priority(walk).await?;
    let (filed, findings) = (walk.filed()?, walk.findings().await?);
    let evidence = places::evidence(&filed.submission, filed.statements(), &findings);
    let facts = facts::routing(filed.at(), &filed.submission, priority, evidence);
    let rules = RuleSet::in_force();
    let decision = policy::route(&facts, rules.routing());
    let record = RouteRecord { facts, decision, rule_set: rules.id().to_string() };
    let report = walk.report();
    walk.routed = Some(record.clone());
    let recorded = Record::new(Stage::Routed, "route", move |act| route::record(act, report, &record));
    Ok(recorded.foreseeing(move |act| route::foresee(act, report)))
}

async fn priority(walk: &Walk) -> Result<Priority, StrideFault> {
    if let Some(carried) = walk.priority {
        return Ok(carried);
    }
    let (permit, report) = (access::pipeline_read(), walk.report());
    let triaged = walk.house.read("route::triaged", move |view| triage::of_report(view, &permit, report));
    let (triaged, _) = triaged.await?.ok_or(StrideFault::Missing("triaged"))?;
    Ok(triaged.verdict.priority)
}
