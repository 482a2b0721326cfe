//! Routed to available: one delivery for each agency that may receive, each on exactly one basis. An agency
//! that is not qualified at this moment receives nothing; when none that counts is left, the report goes to the
//! recipient of last resort. A report never ends without a delivery.

use dissemination::foreign_request::{self, Asked};
use dissemination::way_out::{self, Parting};
use domain::{AgencyClass, AgencyId, Purpose, ReportId, Stage};
use policy::routing::DecidedPlace;
use policy::{Directory, RuleSet, access};
use store::route::{self, RouteRecord};
use store::{Act, Refusal, delivery};

use super::{Filed, Record, StrideFault, Walk};

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
    /// What is said of an agency abroad that asked for it.
    asked: Option<Asked>,
}

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let record = routed(walk).await?;
    let rules = RuleSet::in_force().routing();
    let last = rules.directory().last_resort().map(|recipient| recipient.id.clone()).collect();
    let asked = asked(&*walk.filed()?, rules.directory());
    let plan = Plan { report: walk.report(), record, last, tribal_counts: rules.tribal_counts(), asked };
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

/// What a report says of an agency abroad that asked for it: legal process from there was served. An agency of that country
/// which we reach directly is the answer once it has the report (18 USC 2258A(d)(5)).
fn asked(filed: &Filed, directory: &Directory) -> Option<Asked> {
    let said = filed.submission.law_enforcement.as_ref()?;
    let country = said.foreign_country.clone().filter(|country| !country.is_empty());
    if said.foreign_process != Some(true) || country.as_deref() == Some("US") {
        return None;
    }
    let point = country.as_deref().and_then(|country| directory.foreign_point(country, filed.at()));
    let point = point.filter(|point| point.rung == 1 && point.recipient.class == AgencyClass::Foreign);
    Some(Asked { point: point.map(|point| point.recipient.id.clone()), country })
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
    // Before any delivery, one of which may be the answer.
    plan.asked.iter().try_for_each(|asked| foreign_request::open(act, plan.report, asked))?;
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
