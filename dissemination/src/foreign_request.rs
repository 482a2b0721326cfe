//! A report that its provider made because an agency abroad asked for it. It owes an answer: that agency's delivery,
//! or a notice to the provider that it could not be forwarded, which must go out in time. Of a delivery the provider
//! may be told the agency and the moment, and nothing else of the case.

use database::{FromRow, Row, Where, bind};
use domain::{
    AgencyClass, AgencyId, BasisCode, ForwardObstacle, Id, IncidentType, Priority, ProviderId, ReportId,
};
use jiff::{SignedDuration, Timestamp};
use policy::disclosure::{self, Basis, DataClass, Manner, Question, Recipient, State};
use policy::permit::Route;
use policy::{Permit, Read, Scope};
use serde_json::json;
use store::agency::{self, Agency};

use crate::way_out::Parting;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, holder, standing};

const INSERT: &str = "-- foreign_request::insert
    INSERT INTO foreign_request (report_id, country, point, opened_at, due_at, version)
    VALUES (:report, :country, :point, :now, :due_at, 1)";

const AWAITS: &str = "-- foreign_request::awaits
    SELECT 1 FROM foreign_request WHERE report_id = :report AND point = :agency AND forwarded_at IS NULL {for_update}";

const LOCK: &str = "-- foreign_request::lock
    SELECT version FROM foreign_request WHERE report_id = :report {for_update}";

const HELD_SINCE: &str = "-- foreign_request::held_since
    SELECT available_at FROM delivery WHERE report_id = :report AND agency_id = :agency";

const FORWARDED: &str = "-- foreign_request::forwarded
    UPDATE foreign_request SET forwarded_to = :agency, forwarded_at = :at, told_at = :told_at, version = version + 1
    WHERE report_id = :report AND forwarded_at IS NULL";

const UNABLE: &str = "-- foreign_request::unable
    UPDATE foreign_request SET unable = :unable, unable_at = :now, unable_by = :by, version = version + 1
    WHERE report_id = :report AND forwarded_at IS NULL AND unable_at IS NULL";

const LIST: &str = "-- foreign_request::list
    SELECT foreign_request.report_id, report.provider_id, country, point, foreign_request.opened_at, due_at, unable,
        unable_at, forwarded_to, agency.name AS agency_name, forwarded_at, told_at, version, report.priority,
        report.incident_type
    FROM foreign_request
    JOIN report ON report.id = foreign_request.report_id
    LEFT JOIN agency ON agency.id = forwarded_to
    WHERE foreign_request.report_id > 0 /*where*/ ORDER BY due_at, foreign_request.report_id LIMIT :most";

const ANSWERED: &str = "-- foreign_request::answered
    SELECT foreign_request.report_id, report.provider_id, country, point, foreign_request.opened_at, due_at, unable,
        unable_at, forwarded_to, agency.name AS agency_name, forwarded_at, told_at, version, report.priority,
        report.incident_type
    FROM foreign_request
    JOIN report ON report.id = foreign_request.report_id
    LEFT JOIN agency ON agency.id = forwarded_to
    WHERE forwarded_at IS NOT NULL OR unable_at IS NOT NULL
    ORDER BY foreign_request.opened_at DESC, foreign_request.report_id LIMIT :most";

const OPEN: &str = "forwarded_at IS NULL AND unable_at IS NULL";
const OF_REPORT: &str = "foreign_request.report_id = :report";

const WAITING: &str = "-- foreign_request::waiting
    SELECT COUNT(*), COUNT(CASE WHEN due_at <= :now THEN 1 END) FROM foreign_request
    WHERE forwarded_at IS NULL AND unable_at IS NULL";

/// How long somebody may look for a way to forward a report before its provider must have been told that there is none. The
/// law says that it shall be told and not when; the provider meanwhile owes an answer of its own abroad.
pub const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows of one list.
const MOST_LISTED: u32 = 500;
/// The rule under which a delivery stands that the desk makes for a request.
const BY_HAND: (&str, &str) =
    ("by-hand", "The provider reported because this agency, or one of its country, asked for it.");

/// What a report says of whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The country; nothing where the report does not say.
    pub country: Option<String>,
    /// The agency of that country that takes reports for it by the rules in force: its delivery answers by itself.
    pub point: Option<AgencyId>,
}

/// A request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRequest {
    /// The report.
    pub report: ReportId,
    /// What the report says of whoever asked.
    pub asked: Asked,
    /// When we came to know.
    pub opened_at: Timestamp,
    /// When its provider must have been answered.
    pub due_at: Timestamp,
    /// Why it could not be forwarded, and since when its provider is told so.
    pub unable: Option<(ForwardObstacle, Timestamp)>,
    /// Which agency has it, and since when.
    pub forwarded: Option<Forwarded>,
    /// Counts the changes.
    pub version: u32,
    /// With which priority.
    pub priority: Option<Priority>,
    /// Key of the report's incident type.
    pub incident_type: String,
    provider: ProviderId,
}

/// A forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// To whom.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Since when the agency has it.
    pub at: Timestamp,
    /// Since when its provider is told; nothing where somebody decided that it is not.
    pub told_at: Option<Timestamp>,
}

impl ForeignRequest {
    /// Whether nobody answered it yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.forwarded.is_none() && self.unable.is_none()
    }

    /// Whether its provider should have been told by now.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.is_open() && self.due_at <= now
    }

    /// The incident type in words.
    #[must_use]
    pub fn kind(&self) -> &str {
        IncidentType::find(&self.incident_type).map_or(&self.incident_type, |kind| &kind.title)
    }
}

/// What the sender of a report is told of it. Nothing else of the case is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It is being seen to, until then at the latest.
    Awaited {
        /// When an answer is due.
        until: Timestamp,
    },
    /// It was forwarded.
    Forwarded {
        /// The name of the agency.
        agency: String,
        /// When.
        at: Timestamp,
    },
    /// It could not be forwarded.
    NotForwarded {
        /// Since when that is said.
        at: Timestamp,
    },
    /// There is nothing to tell: it may be told, and need not.
    Nothing,
}

impl Notice {
    /// On which ground it is told, where something is.
    #[must_use]
    pub const fn basis(&self) -> Option<BasisCode> {
        match self {
            Self::Forwarded { .. } => Some(BasisCode::D5Notice),
            Self::NotForwarded { .. } => Some(BasisCode::D5Inability),
            Self::Awaited { .. } | Self::Nothing => None,
        }
    }
}

/// Writes down that a report owes an answer. Before its deliveries are made, so that the right one is the answer.
///
/// # Errors
/// A fault of the database.
pub fn open(act: &Act<'_>, report: ReportId, asked: &Asked) -> Result<()> {
    let due_at = act.now().saturating_add(ANSWERED_WITHIN).unwrap_or(Timestamp::MAX);
    let row = bind! {
        report: report.get(), country: asked.country.as_deref(), point: asked.point.as_ref().map(Id::as_str),
        now: column::micros(act.now()), due_at: column::micros(due_at),
    };
    act.tx().execute(INSERT, &row)?;
    let details = json!({ "country": asked.country, "point": asked.point, "due_at": due_at });
    act.note(Event::of_report(EventKind::ForeignRequestOpened, report).with(details)).map(drop)
}

/// An agency abroad has a report: the answer, where it is the one that takes reports for the country that asked. Its
/// provider is told.
pub(crate) fn answer_by(act: &Act<'_>, report: ReportId, agency: &Agency) -> Result<()> {
    let asked = bind! { report: report.get(), agency: agency.id.as_str() };
    if agency.class != AgencyClass::Foreign || act.tx().find::<u32>(AWAITS, &asked)?.is_none() {
        return Ok(());
    }
    forwarded(act, report, &agency.id, true)
}

fn forwarded(act: &Act<'_>, report: ReportId, to: &AgencyId, is_told: bool) -> Result<()> {
    let asked = bind! { report: report.get(), agency: to.as_str() };
    let now = column::micros(act.now());
    // An agency that had the report before has it since then.
    let at = act.tx().find::<i64>(HELD_SINCE, &asked)?.unwrap_or(now);
    let row = asked.with("at", at).with("told_at", is_told.then_some(now));
    if act.tx().execute(FORWARDED, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "agency": to, "basis": is_told.then_some(BasisCode::D5Notice), "told": is_told });
    act.note(Event::of_report(EventKind::ForeignRequestForwarded, report).with(details)).map(drop)
}

/// Somebody at the desk forwards a report to an agency abroad, and says whether its provider is told. Also once its provider
/// was told that there was no way: then there is one after all.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Closed`] once it was forwarded, [`Refusal::Conflict`] when somebody changed it since;
/// [`Refusal::Unfit`] for an agency that is not abroad, [`Refusal::NotQualified`] for one that may not receive.
pub fn forward(
    act: &Act<'_>,
    _permit: &Permit<Route>,
    (report, version): (ReportId, u32),
    to: &AgencyId,
    is_told: bool,
) -> Result<()> {
    let found = locked(act, report, version)?;
    if found.forwarded.is_some() {
        return Err(Refusal::Closed.into());
    }
    if agency::live(act, to, act.now())?.class != AgencyClass::Foreign {
        return Err(Refusal::Unfit { what: "agency" }.into());
    }
    // First the answer as somebody gave it: the delivery finds it given.
    forwarded(act, report, to, is_told)?;
    let (rule, says) = BY_HAND;
    let parting = Parting { report, agency: to, rule, says, rule_set: "none", place: None };
    holder::give(act, &parting)?.ok_or(Refusal::NotQualified)?;
    Ok(())
}

/// Somebody at the desk says that a report could not be forwarded. Its provider is told that, and not why.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Closed`] once it was answered, [`Refusal::Conflict`] when somebody changed it since.
pub fn say_unable(
    act: &Act<'_>,
    _permit: &Permit<Route>,
    (report, version): (ReportId, u32),
    because: ForwardObstacle,
) -> Result<()> {
    if !locked(act, report, version)?.is_open() {
        return Err(Refusal::Closed.into());
    }
    let row = bind! {
        report: report.get(), unable: because.as_str(), now: column::micros(act.now()), by: act.actor().text(),
    };
    if act.tx().execute(UNABLE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "because": because, "basis": BasisCode::D5Inability });
    act.note(standing::about(act, EventKind::ForeignRequestUnable, report).with(details)).map(drop)
}

fn locked(act: &Act<'_>, report: ReportId, version: u32) -> Result<ForeignRequest> {
    act.tx().find::<u32>(LOCK, &bind! { report: report.get() })?.ok_or(Refusal::NotFound)?;
    let found = one(act, report)?.ok_or(Refusal::NotFound)?;
    if found.version == version { Ok(found) } else { Err(Refusal::Conflict.into()) }
}

/// What nobody answered yet, the one that is due first at the head.
///
/// # Errors
/// A fault of the database.
pub fn unanswered(view: &View<'_>, _permit: &Permit<Route>) -> Result<Vec<ForeignRequest>> {
    let open = Where::new().and_when(true, OPEN);
    Ok(view.tx().rows_where(LIST, &open, &bind! { most: MOST_LISTED })?)
}

/// What was answered, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn answered(view: &View<'_>, _permit: &Permit<Route>) -> Result<Vec<ForeignRequest>> {
    Ok(view.tx().rows(ANSWERED, &bind! { most: MOST_LISTED })?)
}

/// How many nobody answered yet, and how many of these are overdue.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>, _permit: &Permit<Route>) -> Result<(u32, u32)> {
    Ok(view.tx().get(WAITING, &bind! { now: column::micros(view.now()) })?)
}

/// The request for one report.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, _permit: &Permit<Route>, report: ReportId) -> Result<ForeignRequest> {
    Ok(one(view, report)?.ok_or(Refusal::NotFound)?)
}

fn one(view: &View<'_>, report: ReportId) -> Result<Option<ForeignRequest>> {
    let of = Where::new().and(OF_REPORT, "report", report.get());
    let found: Vec<ForeignRequest> = view.tx().rows_where(LIST, &of, &bind! { most: 1 })?;
    Ok(found.into_iter().next())
}

/// What the sender of a report is told of the request that it named; nothing for a report without one, and for whoever is
/// not its sender.
///
/// # Errors
/// A fault of the database.
pub fn notice(view: &View<'_>, permit: &Permit<Read>, report: ReportId) -> Result<Option<Notice>> {
    let Scope::Provider(provider) = permit.scope() else { return Ok(None) };
    let Some(found) = one(view, report)? else { return Ok(None) };
    let notice = said(&found);
    let may = disclosure::may(&Question {
        recipient: Recipient::Provider,
        data: DataClass::Words,
        manner: Manner::Hold,
        basis: notice.basis().map(Basis::House),
        ground: None,
        state: State {
            in_force: true,
            own: found.provider == *provider,
            counsel: None,
            to_be_destroyed: false,
        },
    });
    Ok(may.is_ok().then_some(notice))
}

fn said(found: &ForeignRequest) -> Notice {
    match (&found.forwarded, found.unable) {
        (Some(to), _) if to.told_at.is_some() => {
            Notice::Forwarded { agency: to.agency_name.clone(), at: to.at }
        }
        // What it was told before would be untrue now, and what is true need not be told.
        (Some(_), _) => Notice::Nothing,
        (None, Some((_, at))) => Notice::NotForwarded { at },
        (None, None) => Notice::Awaited { until: found.due_at },
    }
}

impl FromRow for ForeignRequest {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let unable = column::parsed_option(row, "unable")?.zip(column::moment_option(row, "unable_at")?);
        let (to, name) =
            (column::parsed_option(row, "forwarded_to")?, row.get::<Option<String>>("agency_name")?);
        let forwarded = to.zip(name).zip(column::moment_option(row, "forwarded_at")?);
        let told_at = column::moment_option(row, "told_at")?;
        Ok(Self {
            report: column::report(row, "report_id")?,
            asked: Asked { country: row.get("country")?, point: column::parsed_option(row, "point")? },
            opened_at: column::moment(row, "opened_at")?,
            due_at: column::moment(row, "due_at")?,
            unable,
            forwarded: forwarded.map(|((agency, agency_name), at)| Forwarded {
                agency,
                agency_name,
                at,
                told_at,
            }),
            version: row.get("version")?,
            priority: column::parsed_option(row, "priority")?,
            incident_type: row.get("incident_type")?,
            provider: column::parsed(row, "provider_id")?,
        })
    }
}
