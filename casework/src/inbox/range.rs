//! One range of one index, by which a page is read. The filter that stands first in an index chooses it; whatever else is
//! asked for is looked at in the rows.

use database::{Args, Where, bind};
use domain::{AgencyId, Id, Priority, Status};

use super::{Holder, InboxQuery, InboxRow, Key, Sort, Which};
use crate::{Result, View, column};

const OLDEST: &str = "-- inbox::oldest
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing
    WHERE agency_id = :agency AND rank = :rank
    AND (received_at, report_id) > (:from_at, :from_report) AND received_at < :bound /*where*/
    ORDER BY received_at, report_id LIMIT :most";

const NEWEST: &str = "-- inbox::newest
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing
    WHERE agency_id = :agency AND rank = :rank
    AND (received_at, report_id) < (:from_at, :from_report) AND received_at >= :bound /*where*/
    ORDER BY received_at DESC, report_id DESC LIMIT :most";

const DUE: &str = "-- inbox::due
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing
    WHERE agency_id = :agency AND due_at IS NOT NULL
    AND (due_at, report_id) > (:from_at, :from_report) AND due_at <= :bound /*where*/
    ORDER BY due_at, report_id LIMIT :most";

const ARRIVED: &str = "-- inbox::arrived
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing
    WHERE agency_id = :agency
    AND (available_at, report_id) < (:from_at, :from_report) AND available_at > :bound /*where*/
    ORDER BY available_at DESC, report_id DESC LIMIT :most";

const CHANGED: &str = "-- inbox::changed
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing
    WHERE agency_id = :agency
    AND (changed_at, report_id) < (:from_at, :from_report) AND changed_at > :bound /*where*/
    ORDER BY changed_at DESC, report_id DESC LIMIT :most";

const OPEN: &str = "status <> 'closed'";
const OF_STATUS: &str = "status = :status";
const OF_PERSON: &str = "person_id = :person AND status <> 'closed'";
const OF_UNIT: &str = "unit = :unit AND status <> 'closed'";
const OF_PLACE: &str = "place = :place AND status <> 'closed'";
const OF_PROVIDER: &str = "provider_id = :provider AND status <> 'closed'";
const OF_INCIDENT: &str = "incident_type = :incident_type AND status <> 'closed'";
const OF_REASON: &str = "reason = :reason";
const OF_BASIS: &str = "basis = :basis AND status <> 'closed'";
/// What has another rank than we advised has it from its agency. It is said twice so that an engine without statistics takes
/// the index of that.
const OF_OWN: &str = "own_rank = :rank AND status <> 'closed'";
const DUE_OF_PERSON: &str = "person_id = :person";
const DUE_OF_UNIT: &str = "unit = :unit";

/// A question to the database: what `EXPLAIN` is asked about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The statement, with its mark for filters.
    pub text: &'static str,
    /// The filters.
    pub filter: Where,
    /// What it is asked with.
    pub args: Args,
}

/// The range, as a statement and what it is asked with.
pub(super) struct Range<'a> {
    agency: &'a AgencyId,
    query: &'a InboxQuery,
    band: Option<Priority>,
}

impl<'a> Range<'a> {
    pub(super) const fn of(agency: &'a AgencyId, query: &'a InboxQuery, band: Option<Priority>) -> Self {
        Self { agency, query, band }
    }

    /// The next rows of it.
    pub(super) fn rows(&self, view: &View<'_>, after: Option<Key>, most: usize) -> Result<Vec<InboxRow>> {
        let Asked { text, filter, args } = self.asked(after, most);
        Ok(view.tx().rows_where(text, &filter, &args)?)
    }

    /// What the database is asked.
    pub(super) fn asked(&self, after: Option<Key>, most: usize) -> Asked {
        let query = self.query;
        let after = after.map(|key| (key.at, key.report));
        let micros = |at: Option<jiff::Timestamp>, without: i64| at.map_or(without, column::micros);
        let (since, until) = (micros(query.since, i64::MIN), micros(query.received_until(), i64::MAX));
        // No report has the number 0, so a bound with it lies just before its moment.
        let (up, down) = ((since, 0), (until, 0));
        let latest = |until: Option<jiff::Timestamp>| {
            let before = (micros(until, i64::MAX), 0);
            after.map_or(before, |after| after.min(before))
        };
        let lowest = (i64::MIN, 0);
        let ranked = |args: Args| args.with("rank", self.band.map_or(0, Priority::rank));
        let asked = |text, filter, (from_at, from_report): (i64, u64), bound: i64| {
            let args = bind! { agency: self.agency.as_str(), most, from_at, from_report, bound };
            Asked { text, filter, args }
        };
        match query.order() {
            Sort::MostUrgent | Sort::Oldest => {
                let one = asked(OLDEST, self.driver(), after.map_or(up, |after| after.max(up)), until);
                Asked { args: ranked(one.args), ..one }
            }
            Sort::Newest => {
                let one = asked(NEWEST, self.driver(), after.map_or(down, |after| after.min(down)), since);
                Asked { args: ranked(one.args), ..one }
            }
            Sort::Deadline => {
                asked(DUE, self.due(), after.unwrap_or(lowest), micros(query.due_until, i64::MAX))
            }
            Sort::Arrived => {
                let bound = micros(query.new_after, i64::MIN);
                asked(ARRIVED, Where::new(), latest(query.available_until), bound)
            }
            Sort::Changed => {
                let bound = micros(query.changed_after, i64::MIN);
                asked(CHANGED, Where::new(), latest(query.changed_until), bound)
            }
        }
    }

    /// The one filter that stands in the index of a list by priority and age.
    fn driver(&self) -> Where {
        let (query, all) = (self.query, Where::new());
        let of_reason = query.reason.map(|reason| all.clone().and(OF_REASON, "reason", reason.as_str()));
        if query.which == Which::Only(Status::Closed) {
            return of_reason.unwrap_or_else(|| all.and(OF_STATUS, "status", Status::Closed.as_str()));
        }
        if let Some(Holder::Person(person)) = &query.holder {
            return all.and(OF_PERSON, "person", person.as_str());
        }
        if let Some(unit) = &query.unit {
            return all.and(OF_UNIT, "unit", unit.as_str());
        }
        if let Some(place) = &query.place {
            return all.and(OF_PLACE, "place", place.as_str());
        }
        if let Some(of_reason) = of_reason {
            return of_reason;
        }
        if self.band.is_some() && query.advised.is_some_and(|advised| Some(advised) != self.band) {
            return all.and_when(true, OF_OWN);
        }
        if let Which::Only(status) = query.which {
            return all.and(OF_STATUS, "status", status.as_str());
        }
        if let Some(provider) = &query.provider {
            return all.and(OF_PROVIDER, "provider", provider.as_str());
        }
        if let Some(basis) = query.basis {
            return all.and(OF_BASIS, "basis", basis.as_str());
        }
        if let Some(incident) = &query.incident_type {
            return all.and(OF_INCIDENT, "incident_type", incident.as_str());
        }
        all.and_when(true, OPEN)
    }

    /// The one that stands in an index of deadlines: without statistics an engine could not tell them apart, so each of them
    /// holds what only its own question asks for.
    fn due(&self) -> Where {
        match (&self.query.holder, &self.query.unit) {
            (Some(Holder::Person(person)), _) => Where::new().and(DUE_OF_PERSON, "person", person.as_str()),
            (_, Some(unit)) => Where::new().and(DUE_OF_UNIT, "unit", unit.as_str()),
            _ => Where::new().and_when(true, OPEN),
        }
    }
}
