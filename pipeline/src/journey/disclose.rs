//! Routed to available: one delivery for each agency that may receive, each on exactly one basis. An agency
//! that is not qualified at this moment receives nothing; when none that counts is left, the report goes to the
//! recipient of last resort. A report never ends without a delivery.

use dissemination::way_out::{self, Parting};
use domain::{AgencyClass, AgencyId, Purpose, ReportId, Stage};
use policy::routing::DecidedPlace;
use policy::{RuleSet, access};
use store::route::{self, RouteRecord};
use store::{Act, Refusal, delivery};

use super::{Record, StrideFault, Walk};

const LAST_RESORT: &str = "last-resort";
const LAST_RESORT_SAYS: &str =
    "No agency that the rules named could receive this report, so it goes to the default.";

/// What the act needs beside the rows.
struct Plan {
    report: ReportId,
    record: RouteRecord,
    /// Who takes what nobody else can, first to last.
    last: Vec<AgencyId>,
    tribal_counts: bool,
}

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let record = routed(walk).await?;
    let rules = RuleSet::in_force().routing();
    let last = rules.directory().last_resort().map(|recipient| recipient.id.clone()).collect();
    let plan = Plan { report: walk.report(), record, last, tribal_counts: rules.tribal_counts() };
    let named: Vec<AgencyId> =
        plan.record.decision.recipients.iter().map(|recipient| recipient.agency.clone()).collect();
    let (report, named) = (plan.report, if named.is_empty() { plan.last.clone() } else { named });
    let delivered = Record::new(Stage::Available, "disclose", move |act| {
        // Nothing of the act is kept: a report without a recipient stays where it is, for somebody to see.
        if deliver(act, &plan)? { Ok(()) } else { Err(Refusal::NotQualified.into()) }
    });
    let delivered = delivered.foreseeing(move |act| delivery::foresee(act, report, &named));
    Ok(delivered.for_purpose(Purpose::Disclosure))
}

async fn routed(walk: &mut Walk) -> Result<RouteRecord, StrideFault> {
    if let Some(carried) = walk.routed.take() {
        return Ok(carried);
    }
    let (permit, report) = (access::pipeline_read(), walk.report());
    let routed = walk.house.read("disclose::route", move |view| route::of_report(view, &permit, report));
    let (record, _) = routed.await?.ok_or(StrideFault::Missing("routed"))?;
    Ok(record)
}

/// Makes every delivery that may be made; true when one that counts for R-20 stands.
fn deliver(act: &Act<'_>, plan: &Plan) -> store::Result<bool> {
    let mut counted = false;
    for recipient in &plan.record.decision.recipients {
        counted |= stands(act, plan, &recipient.agency, (&recipient.rule, &recipient.says))?;
    }
    for agency in &plan.last {
        if counted {
            break;
        }
        counted = stands(act, plan, agency, (LAST_RESORT, LAST_RESORT_SAYS))?;
    }
    Ok(counted)
}

/// Delivers to one agency. False when it may not receive, or does not count.
fn stands(act: &Act<'_>, plan: &Plan, agency: &AgencyId, (rule, says): (&str, &str)) -> store::Result<bool> {
    let place = plan.record.decision.place.as_ref().map(DecidedPlace::words);
    let (rule_set, place) = (plan.record.rule_set.as_str(), place.as_deref());
    let parting = Parting { report: plan.report, agency, rule, says, rule_set, place };
    let made = way_out::make_available(act, &parting)?;
    Ok(made.is_some_and(|made| plan.tribal_counts || made.class != AgencyClass::Tribal))
}
