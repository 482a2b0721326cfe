//! Deliveries: one report made available to one agency, on exactly one basis. A delivery is named by its
//! leaf in the ledger, and its row is never changed.

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{
    AgencyId, BasisCode, CameBack, Delivery, DeliveryId, Id, Priority, ProviderId, ReportId, Stage, Status,
};
use jiff::Timestamp;
use policy::{List, Permit, Scope};
use serde_json::json;

use crate::{Act, Content, Event, EventKind, LeafId, Refusal, Result, View, agency, column, reach};

const LOCK_REPORT: &str = "-- delivery::lock_report
    SELECT stage, priority, finished_at, provider_id, incident_type, files FROM report
    WHERE id = :report {for_update}";

const FIND: &str = "-- delivery::find
    SELECT 1 FROM delivery WHERE report_id = :report AND agency_id = :agency";

const INSERT: &str = "-- delivery::insert
    INSERT INTO delivery (leaf_id, report_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency,
        received_at, provider_id, incident_type, files)
    VALUES (:leaf, :report, :agency, :basis, :channel, :rule, :says, :rule_set, :available_at, :urgency,
        :received_at, :provider, :incident_type, :files)";

// What the agency does with it begins with it: the nouns of an agency's work are in the crate `casework`.
const BEGIN: &str = "-- delivery::begin
    INSERT INTO standing (agency_id, report_id, status, rank, since_at, due_at, changed_at, version, urgency,
        received_at, available_at, provider_id, incident_type, files, place, basis)
    VALUES (:agency, :report, :status, :urgency, :available_at, :due_at, :available_at, 1, :urgency,
        :received_at, :available_at, :provider, :incident_type, :files, :place, :basis)";

const OF_REPORT: &str = "-- delivery::of_report
    SELECT leaf_id, agency_id, agency.name AS agency_name, basis, available_at, channel, rule, says
    FROM delivery JOIN agency ON agency.id = delivery.agency_id
    WHERE report_id = :report ORDER BY available_at, leaf_id";

const OF_AGENCY: &str = "-- delivery::of_agency
    SELECT leaf_id, agency_id, agency.name AS agency_name, basis, available_at, channel, rule, says
    FROM delivery JOIN agency ON agency.id = delivery.agency_id
    WHERE report_id = :report AND agency_id = :agency";

const FEED: &str = "-- delivery::feed
    SELECT feed_entry.position, delivery.leaf_id, report_id, basis, available_at, urgency, received_at, provider_id,
        incident_type, files, came_back
    FROM feed_entry
    LEFT JOIN feed_notice ON feed_notice.leaf_id = feed_entry.leaf_id AND feed_notice.agency_id = feed_entry.agency_id
    JOIN delivery ON delivery.leaf_id = COALESCE(feed_notice.delivery_leaf, feed_entry.leaf_id)
    WHERE feed_entry.agency_id = :agency AND feed_entry.position > :after
    ORDER BY feed_entry.position LIMIT :most";

/// Entries of one page of a feed.
pub const MOST_ENTRIES: u32 = 1_000;

/// How a report reaches its agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Pages and API.
    Portal,
    /// A carrier that is handed over.
    OfflineMedia,
    /// By mail.
    Mail,
}

impl Channel {
    /// The word, as rows and pages show it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::OfflineMedia => "offline-media",
            Self::Mail => "mail",
        }
    }
}

/// A delivery that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Which report.
    pub report: ReportId,
    /// To whom.
    pub agency: AgencyId,
    /// The one basis.
    pub basis: BasisCode,
    /// How.
    pub channel: Channel,
    /// The rule that named the agency.
    pub rule: String,
    /// That rule's sentence for the reader.
    pub says: String,
    /// The rule set that it is of.
    pub rule_set: String,
    /// The place that decided the route, in words.
    pub place: Option<String>,
}

/// One line of an agency's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the ledger, counted from 1: the cursor that continues after it.
    pub position: u64,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The report.
    pub report: ReportId,
    /// On which basis.
    pub basis: BasisCode,
    /// When it was made available.
    pub available_at: Timestamp,
    /// Our advisory priority.
    pub priority: Priority,
    /// When its sender finished it.
    pub received_at: Timestamp,
    /// Who sent it.
    pub provider: ProviderId,
    /// Key of its incident type.
    pub incident_type: String,
    /// Files in it.
    pub files: u32,
    /// How it came back, for a report that the agency had: then the delivery is named again.
    pub came_back: Option<CameBack>,
}

/// Says that [`add`] will be called in this act for these agencies.
///
/// # Errors
/// A fault of the database.
pub fn foresee<'a>(
    act: &Act<'_>,
    report: ReportId,
    agencies: impl IntoIterator<Item = &'a AgencyId>,
) -> Result<()> {
    agencies.into_iter().try_for_each(|agency| {
        agency::foresee(act, agency)?;
        Ok(act.tx().ahead(&[(FIND, bind! { report: report.get(), agency: agency.as_str() })])?)
    })
}

/// Makes a report available to an agency. `None` when the agency already has it.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown report or agency, [`Refusal::Disabled`], [`Refusal::NotQualified`] without a
/// live qualifying fact or on a basis of another class, [`Refusal::Unfit`] for a report that is not routed yet.
pub fn add(act: &Act<'_>, new: &NewDelivery) -> Result<Option<DeliveryId>> {
    // Whoever is given it after somebody else in one act finds it locked already.
    act.tx().ahead(&[(LOCK_REPORT, bind! { report: new.report.get() })])?;
    let report: Option<Routed> = act.tx().find(LOCK_REPORT, &bind! { report: new.report.get() })?;
    let report = report.ok_or(Refusal::NotFound)?;
    let held = bind! { report: new.report.get(), agency: new.agency.as_str() };
    if act.tx().find::<i64>(FIND, &held)?.is_some() {
        return Ok(None);
    }
    if !agency::live(act, &new.agency, act.now())?.may_receive_on(new.basis) {
        return Err(Refusal::NotQualified.into());
    }
    let Routed { stage, priority: Some(priority), received_at: Some(received_at), .. } = report else {
        return Err(Refusal::Unfit { what: "stage" }.into());
    };
    if !matches!(stage, Stage::Routed | Stage::Available | Stage::Retained) {
        return Err(Refusal::Unfit { what: "stage" }.into());
    }
    let details = json!({
        "agency": new.agency, "basis": new.basis, "channel": new.channel.as_str(), "rule": new.rule,
        "rule_set": new.rule_set,
    });
    let leaf = act.note(Event::of_report(EventKind::ReportDelivered, new.report).with(details))?;
    let row = bind! {
        leaf, report: new.report.get(), agency: new.agency.as_str(), basis: new.basis.as_str(),
        channel: new.channel.as_str(), rule: &new.rule, says: &new.says, rule_set: &new.rule_set,
        available_at: column::micros(act.now()), urgency: priority.rank(),
        received_at: column::micros(received_at), provider: report.provider.as_str(),
        incident_type: &report.incident_type, files: report.files,
    };
    act.tx().put(INSERT, &row)?;
    // INVARIANT: every delivery stands in its agency's work, as new and with a deadline.
    let due_at = Status::New.lasts(priority).and_then(|span| act.now().checked_add(span).ok());
    let begun = bind! {
        agency: new.agency.as_str(), report: new.report.get(), status: Status::New.as_str(), urgency: priority.rank(),
        available_at: column::micros(act.now()), due_at: due_at.map(column::micros),
        received_at: column::micros(received_at), provider: report.provider.as_str(),
        incident_type: &report.incident_type, files: report.files, place: new.place.as_deref(),
        basis: new.basis.as_str(),
    };
    act.tx().put(BEGIN, &begun)?;
    Ok(Some(named(leaf)))
}

/// To whom a report was made available, in order.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Delivery>> {
    reach::added(view, permit, report)?;
    let rows: Vec<Made> = view.tx().rows(OF_REPORT, &bind! { report: report.get() })?;
    Ok(rows.into_iter().map(|made| made.0).collect())
}

/// The delivery by which the agency of the permit has a report, with its leaf in the ledger.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, and for a permit that is not an agency's.
pub fn get<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<(Delivery, LeafId)> {
    let Scope::Agency(agency) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    let asked = bind! { report: report.get(), agency: agency.as_str() };
    let made: Option<Made> = view.tx().find(OF_AGENCY, &asked)?;
    let Made(delivery, leaf) = made.ok_or(Refusal::NotFound)?;
    Ok((delivery, leaf))
}

/// What was made available to the agency of the permit after a cursor, or came back to it, in the order of the ledger:
/// nothing is ever added before an entry that was shown. A reader begins at 0; places are counted from 1, because leaves of one instant
/// are ordered by their random ids, so that a delivery may have the ledger's first leaf.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not an agency's.
pub fn feed(view: &View<'_>, permit: &Permit<List>, after: u64, most: u32) -> Result<Vec<FeedEntry>> {
    let Scope::Agency(agency) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    let after = after.min(i64::MAX.unsigned_abs());
    Ok(view.tx().rows(FEED, &bind! { agency: agency.as_str(), after, most: most.min(MOST_ENTRIES) })?)
}

/// A delivery is named by its leaf.
pub(crate) fn named(leaf: LeafId) -> DeliveryId {
    // INVARIANT: a leaf id prints as 32 hexadecimal digits, which an id may consist of.
    DeliveryId::parse(&leaf.to_string()).expect("hexadecimal digits are a delivery id")
}

/// A priority as inboxes sort it: by its rank.
pub(crate) struct Urgency(pub Priority);

impl FromValue for Urgency {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        let rank = u8::from_value(value)?;
        let found = Priority::ALL.iter().find(|priority| priority.rank() == rank);
        found.copied().map(Self).ok_or_else(|| Mismatch::new("rank of a priority", value))
    }
}

struct Routed {
    stage: Stage,
    priority: Option<Priority>,
    received_at: Option<Timestamp>,
    provider: ProviderId,
    incident_type: String,
    files: u32,
}

impl FromRow for Routed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            stage: column::parsed(row, "stage")?,
            priority: column::parsed_option(row, "priority")?,
            received_at: column::moment_option(row, "finished_at")?,
            provider: column::parsed(row, "provider_id")?,
            incident_type: row.get("incident_type")?,
            files: row.get("files")?,
        })
    }
}

/// A delivery with its leaf.
struct Made(Delivery, LeafId);

impl FromRow for Made {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let leaf: LeafId = row.get("leaf_id")?;
        let delivery = Delivery {
            delivery: named(leaf),
            agency: column::parsed(row, "agency_id")?,
            agency_name: row.get("agency_name")?,
            basis: column::parsed(row, "basis")?,
            available_at: column::moment(row, "available_at")?,
            channel: row.get("channel")?,
            rule: row.get("rule")?,
            says: row.get("says")?,
        };
        Ok(Self(delivery, leaf))
    }
}

impl FromRow for FeedEntry {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            delivery: named(row.get("leaf_id")?),
            report: column::report(row, "report_id")?,
            basis: column::parsed(row, "basis")?,
            available_at: column::moment(row, "available_at")?,
            priority: row.get::<Urgency>("urgency")?.0,
            received_at: column::moment(row, "received_at")?,
            provider: column::parsed(row, "provider_id")?,
            incident_type: row.get("incident_type")?,
            files: row.get("files")?,
            came_back: column::parsed_option(row, "came_back")?,
        })
    }
}
