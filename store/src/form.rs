//! Report forms that people of a provider are filling. The answers stand under a key of their own, which is destroyed
//! with them: when the report is filed, when they are thrown away, and when their time is over.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId, ProviderId, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::{Permit, Read, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::report::{OPEN_AFTER_CHANGE, OPEN_AFTER_OPENING};
use crate::sealed::{self, Cell};
use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- form::insert
    INSERT INTO report_form (number, provider_id, person_id, started_at, expires_at, sealed_answers)
    VALUES (:number, :provider, :person, :now, :expires_at, :sealed_answers)";

const SAVE: &str = "-- form::save
    UPDATE report_form SET sealed_answers = :sealed_answers,
        expires_at = CASE WHEN expires_at < :again THEN :again ELSE expires_at END
    WHERE number = :number AND provider_id = :provider AND expires_at > :now";

const BIND: &str = "-- form::bind
    UPDATE report_form SET report_id = :report,
        expires_at = CASE WHEN expires_at < :again THEN :again ELSE expires_at END
    WHERE number = :number AND provider_id = :provider AND (report_id IS NULL AND expires_at > :now OR EXISTS (
        SELECT 1 FROM report WHERE report.id = report_form.report_id AND report.expires_at > :now))";

// Once a report was opened with it, a form lives as long as that report is open, which new files prolong.
const GET: &str = "-- form::get
    SELECT number, person_id, started_at, expires_at, report_id, sealed_answers FROM report_form
    WHERE number = :number AND provider_id = :provider AND (report_id IS NULL AND expires_at > :now OR EXISTS (
        SELECT 1 FROM report WHERE report.id = report_form.report_id AND report.expires_at > :now))";

const OF_PROVIDER: &str = "-- form::of_provider
    SELECT number, person_id, started_at,
        COALESCE((SELECT report.expires_at FROM report WHERE report.id = report_form.report_id), expires_at)
            AS expires_at,
        report_id
    FROM report_form
    WHERE provider_id = :provider AND (report_id IS NULL AND expires_at > :now OR EXISTS (
        SELECT 1 FROM report WHERE report.id = report_form.report_id AND report.expires_at > :now))
    ORDER BY number DESC LIMIT :most";

const REMOVE: &str = "-- form::remove
    DELETE FROM report_form WHERE number = :number";

const REMOVE_OWN: &str = "-- form::remove_own
    DELETE FROM report_form WHERE number = :number AND provider_id = :provider";

const OF_REPORT: &str = "-- form::of_report
    SELECT number FROM report_form WHERE provider_id = :provider AND report_id = :report";

const EXPIRABLE: &str = "-- form::expirable
    SELECT number FROM report_form WHERE expires_at <= :now AND NOT EXISTS (
        SELECT 1 FROM report WHERE report.id = report_form.report_id AND report.expires_at > :now)
    ORDER BY expires_at LIMIT :most";

/// Forms that are listed.
const MOST_LISTED: u32 = 100;

/// A form that is being filled, without its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its number; no report has it.
    pub number: ReportId,
    /// Who began it.
    pub person: PersonId,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it is destroyed unless it is filed or changed.
    pub expires_at: Timestamp,
    /// The report that was opened with its answers and now takes files.
    pub report: Option<ReportId>,
}

/// Begins a form under a number from [`crate::number::next`].
///
/// # Errors
/// A fault for an unknown provider.
pub fn start<A: Serialize>(
    act: &Act<'_>,
    number: ReportId,
    provider: &ProviderId,
    person: &PersonId,
    answers: &A,
) -> Result<()> {
    act.new_report_key(number)?;
    let row = bind! {
        number: number.get(), provider: provider.as_str(), person: person.as_str(), now: column::micros(act.now()),
        expires_at: column::micros(after(act.now(), OPEN_AFTER_OPENING)),
        sealed_answers: sealed::json(act, cell(number), answers)?,
    };
    act.tx().execute(INSERT, &row)?;
    act.note(Event::of_house(EventKind::FormStarted).with(json!({ "form": number, "provider": provider })))?;
    Ok(())
}

/// Keeps the answers as they are now.
///
/// # Errors
/// [`Refusal::NotFound`] for a form that is over or another provider's.
pub fn save<A: Serialize>(act: &Act<'_>, provider: &ProviderId, number: ReportId, answers: &A) -> Result<()> {
    let unknown = |_| Refusal::NotFound;
    act.report_key(number).map_err(unknown)?;
    let row = own(act, provider, number)
        .with("again", column::micros(after(act.now(), OPEN_AFTER_CHANGE)))
        .with("sealed_answers", sealed::json(act, cell(number), answers)?);
    if act.tx().execute(SAVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::FormSaved).with(json!({ "form": number })))?;
    Ok(())
}

/// Says which report was opened with a form's answers; or that there is none any more, before that report is taken back.
///
/// # Errors
/// As [`save`].
pub fn bind_report(
    act: &Act<'_>,
    provider: &ProviderId,
    number: ReportId,
    report: Option<ReportId>,
) -> Result<()> {
    let row = own(act, provider, number)
        .with("again", column::micros(after(act.now(), OPEN_AFTER_CHANGE)))
        .with("report", report.map(ReportId::get));
    if act.tx().execute(BIND, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "form": number, "provider": provider, "report": report });
    act.note(Event::of_house(EventKind::FormSubmitted).with(details))?;
    Ok(())
}

/// A form with its answers.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is over or out of the permit's reach.
pub fn get<A: DeserializeOwned>(
    view: &View<'_>,
    permit: &Permit<Read>,
    number: ReportId,
) -> Result<(Form, A)> {
    let Scope::Provider(provider) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    let found: Option<Sealed> = view.tx().find(GET, &own(view, provider, number))?;
    let Sealed(form, sealed) = found.ok_or(Refusal::NotFound)?;
    Ok((form, sealed::open_json(view, cell(number), &sealed)?))
}

/// The forms that people of a provider are filling, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn of_provider(view: &View<'_>, provider: &ProviderId) -> Result<Vec<Form>> {
    let asked = bind! { provider: provider.as_str(), now: column::micros(view.now()), most: MOST_LISTED };
    Ok(view.tx().rows(OF_PROVIDER, &asked)?)
}

/// The form whose answers opened a report of the provider, while it is there.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, provider: &ProviderId, report: ReportId) -> Result<Option<ReportId>> {
    let asked = bind! { provider: provider.as_str(), report: report.get() };
    Ok(view.tx().find::<Number>(OF_REPORT, &asked)?.map(|row| row.0))
}

/// Destroys a form with its key, because its report is filed or it is thrown away.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not there or another provider's.
pub fn discard(act: &Act<'_>, provider: &ProviderId, number: ReportId) -> Result<()> {
    let own = bind! { number: number.get(), provider: provider.as_str() };
    if act.tx().execute(REMOVE_OWN, &own)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    forget(act, number)
}

/// Forms whose time is over: ask before [`expire_due`], because an act with nothing to do is refused.
///
/// # Errors
/// A fault of the database.
pub fn expirable(view: &View<'_>, most: u32) -> Result<Vec<ReportId>> {
    let rows: Vec<Number> = view.tx().rows(EXPIRABLE, &bind! { now: column::micros(view.now()), most })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Destroys forms whose time is over. Answers which.
///
/// # Errors
/// A fault of the database.
pub fn expire_due(act: &Act<'_>, most: u32) -> Result<Vec<ReportId>> {
    let due = expirable(act, most)?;
    due.iter().try_for_each(|number| destroy(act, *number))?;
    Ok(due)
}

fn destroy(act: &Act<'_>, number: ReportId) -> Result<()> {
    act.tx().execute(REMOVE, &bind! { number: number.get() })?;
    forget(act, number)
}

/// INVARIANT: nothing of what was answered can be read after this, in no copy of the rows either.
fn forget(act: &Act<'_>, number: ReportId) -> Result<()> {
    let keys = act.destroy_keys(number)?;
    let details = json!({ "form": number, "keys_destroyed": keys });
    act.note(Event::of_house(EventKind::FormDestroyed).with(details))?;
    Ok(())
}

fn own(view: &View<'_>, provider: &ProviderId, number: ReportId) -> database::Args {
    bind! { number: number.get(), provider: provider.as_str(), now: column::micros(view.now()) }
}

fn cell(number: ReportId) -> Cell<'static> {
    Cell { report: number, table: "report_form", row: "", column: "sealed_answers" }
}

/// The end of a span; the end of time when there is none.
fn after(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}

struct Number(ReportId);

impl FromRow for Number {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::report(row, "number").map(Self)
    }
}

struct Sealed(Form, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(Form::from_row(row)?, row.get("sealed_answers")?))
    }
}

impl FromRow for Form {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let report: Option<u64> = row.get("report_id")?;
        Ok(Self {
            number: column::report(row, "number")?,
            person: column::parsed(row, "person_id")?,
            started_at: column::moment(row, "started_at")?,
            expires_at: column::moment(row, "expires_at")?,
            report: report.and_then(|number| number.try_into().ok()),
        })
    }
}
