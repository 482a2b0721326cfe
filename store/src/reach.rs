//! Who reaches what: the scope of a permit as the `WHERE` of a query. What is out of reach does not exist.

use database::{Row, Where, bind};
use domain::{AgencyId, Id, ReportId};
use policy::permit::{HoldViewing, ViewMedia};
use policy::{Export, Permit, Read, Scope};

use crate::{Refusal, Result, View, column};

const FIND: &str = "-- reach::find
    SELECT report.id FROM report WHERE report.id = :report /*where*/";

const DELIVERED: &str = "EXISTS (SELECT 1 FROM delivery
    WHERE delivery.report_id = report.id AND delivery.agency_id = :agency)";
const SUBMITTED: &str = "report.provider_id = :provider";

/// The kinds of permit that open a report's content.
///
/// ```
/// fn said(view: &store::View<'_>, permit: &policy::Permit<policy::Read>, report: domain::ReportId) -> bool {
///     store::report::submission(view, permit, report).is_ok()
/// }
/// ```
///
/// One that only lists does not:
///
/// ```compile_fail,E0277
/// fn said(view: &store::View<'_>, permit: &policy::Permit<policy::List>, report: domain::ReportId) -> bool {
///     store::report::submission(view, permit, report).is_ok()
/// }
/// ```
pub trait Content: private::Sealed {}

impl Content for Read {}
impl Content for Export {}
impl Content for ViewMedia {}
impl Content for HoldViewing {}

mod private {
    /// Keeps others from adding kinds.
    pub trait Sealed {}
    impl Sealed for policy::Read {}
    impl Sealed for policy::Export {}
    impl Sealed for policy::permit::ViewMedia {}
    impl Sealed for policy::permit::HoldViewing {}
}

/// Answers when the permit reaches what a provider submitted: its own provider, an agency that has it, the house.
///
/// # Errors
/// [`Refusal::NotFound`] in every other case.
pub(crate) fn submitted<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<()> {
    let filter = match permit.scope() {
        Scope::House => Where::new(),
        Scope::Agency(agency) => Where::new().and(DELIVERED, "agency", agency.as_str()),
        Scope::Provider(provider) => Where::new().and(SUBMITTED, "provider", provider.as_str()),
    };
    // Nobody ever loses a report or a delivery: what is within reach stays so.
    view.once(format!("{report} is within reach of {:?}", permit.scope()), || {
        let found: Vec<u64> = view.tx().rows_where(FIND, &filter, &bind! { report: report.get() })?;
        if found.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(()) }
    })
}

/// Whose rows a permit finds, as columns have it: an agency's id, or nothing for the clearinghouse's own people.
pub(crate) fn home<K>(permit: &Permit<K>) -> Result<&str> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(agency.as_str()),
        Scope::House => Ok(HOUSE),
        Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

/// The clearinghouse, where a row names whose it is.
pub(crate) const HOUSE: &str = "";

/// Whose a row is.
pub(crate) fn agency_of(
    row: &Row<'_>,
    column: &str,
) -> std::result::Result<Option<AgencyId>, database::Fault> {
    if row.get::<String>(column)?.is_empty() { Ok(None) } else { column::parsed(row, column).map(Some) }
}

/// Answers when the permit reaches what the house added: an agency that has the report, the house. No provider ever
/// learns it (R-32).
///
/// # Errors
/// [`Refusal::NotFound`] in every other case.
pub(crate) fn added<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<()> {
    match permit.scope() {
        Scope::Provider(_) => Err(Refusal::NotFound.into()),
        Scope::House | Scope::Agency(_) => submitted(view, permit, report),
    }
}
