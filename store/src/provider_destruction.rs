//! An agency's request that a provider destroys a depiction of its own, carried by the house and acknowledged by the
//! provider (18 USC 2258B(c)(2), R-51). The house destroys nothing by it.

use database::{FromRow, Row, bind};
use domain::{AgencyId, DestructionCode, DestructionId, FileId, Id, ProviderId, ReportId};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const SENDER: &str = "-- provider_destruction::sender
    SELECT report.provider_id FROM report JOIN evidence ON evidence.report_id = report.id
    JOIN delivery ON delivery.report_id = report.id
    WHERE report.id = :report AND evidence.file_id = :file AND delivery.agency_id = :agency";

const INSERT: &str = "-- provider_destruction::insert
    INSERT INTO provider_destruction (id, report_id, file_id, agency_id, provider_id, asked_by, asked_at)
    VALUES (:id, :report, :file, :agency, :provider, :asked_by, :now) ON CONFLICT DO NOTHING";

const ACKNOWLEDGE: &str = "-- provider_destruction::acknowledge
    UPDATE provider_destruction SET acknowledged_by = :by, acknowledged_at = :now
    WHERE id = :id AND provider_id = :provider AND acknowledged_at IS NULL";

const FIND: &str = "-- provider_destruction::find
    SELECT id, report_id, file_id, agency_id, asked_at, acknowledged_at FROM provider_destruction
    WHERE id = :id AND provider_id = :provider";

const OPEN: &str = "-- provider_destruction::open
    SELECT id, report_id, file_id, agency_id, asked_at, acknowledged_at FROM provider_destruction
    WHERE provider_id = :provider AND acknowledged_at IS NULL ORDER BY asked_at, id LIMIT :most";

const OF_REPORT: &str = "-- provider_destruction::of_report
    SELECT id, report_id, file_id, agency_id, asked_at, acknowledged_at FROM provider_destruction
    WHERE report_id = :report AND agency_id = :agency ORDER BY asked_at, id";

/// A request to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: DestructionId,
    /// The report.
    pub report: ReportId,
    /// The file that the provider is to destroy.
    pub file: FileId,
    /// Who asks. A provider is not shown it: it never learns who received a report.
    pub agency: AgencyId,
    /// When.
    pub asked_at: Timestamp,
    /// When the provider acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
}

/// Asks the provider that sent a file to destroy its own copy.
///
/// # Errors
/// [`Refusal::FileNotFound`] for a file that the agency does not have, [`Refusal::Conflict`] when it was asked before.
pub fn ask(
    act: &Act<'_>,
    id: &DestructionId,
    (report, file): (ReportId, &FileId),
    agency: &AgencyId,
) -> Result<()> {
    let asked = bind! { report: report.get(), file: file.as_str(), agency: agency.as_str() };
    let provider: String = act.tx().find(SENDER, &asked)?.ok_or(Refusal::FileNotFound)?;
    let row = bind! {
        id: id.as_str(), report: report.get(), file: file.as_str(), agency: agency.as_str(),
        provider: provider.as_str(), asked_by: act.actor().text(), now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let basis = DestructionCode::ProviderRelay.as_str();
    let told = json!({ "request": id, "file": file, "agency": agency, "provider": provider, "basis": basis });
    act.note(Event::of_report(EventKind::ProviderDestructionAsked, report).with(told))?;
    Ok(())
}

/// The provider says that it has done so, or is doing it.
///
/// # Errors
/// [`Refusal::NotFound`] for another provider's request, [`Refusal::Conflict`] for one that was acknowledged.
pub fn acknowledge(act: &Act<'_>, id: &DestructionId, provider: &ProviderId) -> Result<()> {
    let request: Request = act
        .tx()
        .find(FIND, &bind! { id: id.as_str(), provider: provider.as_str() })?
        .ok_or(Refusal::NotFound)?;
    let row = bind! {
        id: id.as_str(), provider: provider.as_str(), by: act.actor().text(), now: column::micros(act.now()),
    };
    if act.tx().execute(ACKNOWLEDGE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let told = json!({ "request": id, "provider": provider });
    act.note(Event::of_report(EventKind::ProviderDestructionAcknowledged, request.report).with(told))?;
    Ok(())
}

/// What a provider is asked to destroy and has not acknowledged, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &View<'_>, provider: &ProviderId, most: u32) -> Result<Vec<Request>> {
    Ok(view.tx().rows(OPEN, &bind! { provider: provider.as_str(), most })?)
}

/// What an agency asked about a report.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, report: ReportId, agency: &AgencyId) -> Result<Vec<Request>> {
    Ok(view.tx().rows(OF_REPORT, &bind! { report: report.get(), agency: agency.as_str() })?)
}

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            agency: column::parsed(row, "agency_id")?,
            asked_at: column::moment(row, "asked_at")?,
            acknowledged_at: column::moment_option(row, "acknowledged_at")?,
        })
    }
}
