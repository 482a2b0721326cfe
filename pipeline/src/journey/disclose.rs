//! Routed to available: one delivery for each agency that may receive, each on exactly one basis. An agency
//! that is not qualified at this moment receives nothing; when none that counts is left, the report goes to the
//! recipient of last resort. A report never ends without a delivery.

use domain::{AgencyClass, AgencyId, BasisCode, Purpose, ReportId, Stage};
use policy::directory::basis_of;
use policy::disclosure::{Basis, DataClass, Manner, Question, Recipient, Refused, State};
use policy::routing::DecidedPlace;
use policy::{RuleSet, access, disclosure};
use store::agency::{self, Agency};
use store::delivery::{self, Channel, NewDelivery};
use store::route::{self, RouteRecord};
use store::{Act, Error, Refusal};

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
    let delivered = Record::new(Stage::Available, "disclose", move |act| {
        // Nothing of the act is kept: a report without a recipient stays where it is, for somebody to see.
        if deliver(act, &plan)? { Ok(()) } else { Err(Refusal::NotQualified.into()) }
    });
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

/// Delivers to one agency. False when it may not receive, or does not count. The basis follows from the class that
/// was verified for its record, which is newer than what routing knew.
fn stands(act: &Act<'_>, plan: &Plan, id: &AgencyId, (rule, says): (&str, &str)) -> store::Result<bool> {
    let report = plan.report;
    let Some(agency) = live(act, id)? else {
        tracing::warn!(report.id = report.get(), agency.id = %id, "a named agency may not receive");
        return Ok(false);
    };
    let Some(basis) = basis_of(agency.class, agency.relationship) else { return Ok(false) };
    if let Err(refused) = may_have_all(&agency, basis) {
        tracing::warn!(report.id = report.get(), agency.id = %id, %refused, "a named agency may not receive");
        return Ok(false);
    }
    let new = NewDelivery {
        report,
        agency: id.clone(),
        basis,
        channel: Channel::Portal,
        rule: rule.to_owned(),
        says: says.to_owned(),
        rule_set: plan.record.rule_set.clone(),
        place: plan.record.decision.place.as_ref().map(DecidedPlace::words),
    };
    // `None` says that the agency has the report already, which is as good.
    delivery::add(act, &new)?;
    Ok(plan.tribal_counts || agency.class != AgencyClass::Tribal)
}

/// Whether a live agency may have the whole report on this basis: its words, and its files to hold.
fn may_have_all(agency: &Agency, basis: BasisCode) -> Result<(), Refused> {
    let asked = |data| Question {
        recipient: Recipient::Agency(agency.class, agency.relationship),
        data,
        manner: Manner::Hold,
        basis: Some(Basis::House(basis)),
        ground: None,
        state: State { in_force: true, own: false, counsel: None, to_be_destroyed: false },
    };
    disclosure::may(&asked(DataClass::Words))?;
    disclosure::may(&asked(DataClass::Depictions))?;
    Ok(())
}

/// The agency, when its qualifying fact holds now.
fn live(act: &Act<'_>, id: &AgencyId) -> store::Result<Option<Agency>> {
    match agency::live(act, id, act.now()) {
        Ok(agency) => Ok(Some(agency)),
        Err(Error::Refusal(Refusal::NotQualified | Refusal::Disabled | Refusal::NotFound)) => Ok(None),
        Err(error) => Err(error),
    }
}
