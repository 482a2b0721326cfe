//! The one way out: a report is made available to an agency, on exactly one basis. The pipeline goes through here
//! with what rules routed, agencies with what they hand on, and the desk with what came back.

use domain::{AgencyClass, AgencyId, BasisCode, DeliveryId, ReportId};
use policy::directory::basis_of;
use policy::disclosure::{self, Basis, DataClass, Manner, Question, Recipient, Refused, State};
use store::agency::{self, Agency};
use store::delivery::{self, Channel, NewDelivery};

use crate::{Act, Refusal, Result, foreign_request};

/// A report on its way to an agency.
#[derive(Debug, Clone, Copy)]
pub struct Parting<'a> {
    /// The report.
    pub report: ReportId,
    /// To whom.
    pub agency: &'a AgencyId,
    /// The rule that named the agency.
    pub rule: &'a str,
    /// That rule's sentence for the reader.
    pub says: &'a str,
    /// The rule set that it is of.
    pub rule_set: &'a str,
    /// The place that decided the route, in words.
    pub place: Option<&'a str>,
}

/// The agency has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    /// The delivery; `None` where the agency had it before, which is as good.
    pub delivery: Option<DeliveryId>,
    /// The agency's class, by which it counts or does not (R-21a).
    pub class: AgencyClass,
}

/// Makes a report available to an agency that may receive it now. The basis follows from the class that was verified for
/// its record. `None` when it may not receive.
///
/// # Errors
/// As [`delivery::add`]; a fault.
pub fn make_available(act: &Act<'_>, parting: &Parting<'_>) -> Result<Option<Available>> {
    let &Parting { report, agency: id, rule, says, rule_set, place } = parting;
    let not = |why: &dyn std::fmt::Display| {
        tracing::warn!(report.id = report.get(), agency.id = %id, %why, "a named agency may not receive");
    };
    let agency = match agency::live(act, id, act.now()) {
        Ok(agency) => agency,
        Err(house::Error::Refusal(why @ (Refusal::NotQualified | Refusal::Disabled | Refusal::NotFound))) => {
            not(&why);
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let Some(basis) = basis_of(agency.class, agency.relationship) else { return Ok(None) };
    if let Err(refused) = may_have_all(&agency, basis) {
        not(&refused);
        return Ok(None);
    }
    let new = NewDelivery {
        report,
        agency: id.clone(),
        basis,
        channel: Channel::Portal,
        rule: rule.to_owned(),
        says: says.to_owned(),
        rule_set: rule_set.to_owned(),
        place: place.map(str::to_owned),
    };
    let delivery = delivery::add(act, &new)?;
    foreign_request::answer_by(act, report, &agency)?;
    Ok(Some(Available { delivery, class: agency.class }))
}

/// Whether a live agency may have the whole report on this basis: its words, and its files to hold. A file that
/// waits for its destruction is none of them: nobody reads it any more, and whoever gets the report later no more than
/// others. The rest of the report goes to whoever protects a child all the same.
fn may_have_all(agency: &Agency, basis: BasisCode) -> std::result::Result<(), Refused> {
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
