//! Deconfliction: two agencies that hold or wrote something about the same person are told that the other one does,
//! whom to call there, and nothing else. One event of a pair stands for whatever leads to it; what is settled stays settled, however
//! many reports follow.

use std::collections::{BTreeMap, BTreeSet};

use database::{Args, FromRow, Row, Where, bind};
use domain::{
    AgencyClass, AgencyId, BasisCode, CaseId, Id, MemberLevel, PersonId, Priority, Relationship, ReportId,
    Settlement, Status,
};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::disclosure::{self, Basis, DataClass, Manner, Question, Recipient, State};
use policy::permit::Deconflict;
use serde_json::json;
use store::agency::{self, Agency};

use crate::filing::{Digest, telling};
use crate::keeper::Keeper;
use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const HOLDERS: &str = "-- related::holders
    SELECT agency_id, urgency FROM delivery WHERE report_id = :report ORDER BY agency_id";

const SHARING: &str = "-- related::sharing
    SELECT sharing.report_id, delivery.agency_id, delivery.available_at FROM (
        SELECT report_id FROM selector WHERE digest = :digest AND report_id <> :report
        ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS sharing LEFT JOIN delivery ON delivery.report_id = sharing.report_id
    ORDER BY delivery.available_at, sharing.report_id";

/// The bound holds for each selector, so that one that everybody writes hides no other.
const WRITTEN: &str = "-- related::written
    SELECT DISTINCT digest, agency_id, number FROM (
        SELECT case_typed.digest, case_typed.agency_id, number, DENSE_RANK() OVER (
            PARTITION BY case_typed.digest ORDER BY case_typed.agency_id, number) AS place
        FROM selector JOIN case_typed ON case_typed.digest = selector.digest
        WHERE selector.report_id = :report
    ) AS wrote WHERE place <= :most ORDER BY digest, agency_id, number";

const KNOWN: &str = "-- related::known
    SELECT event_id FROM deconfliction_match
    WHERE first_agency = :first AND second_agency = :second AND digest = :digest";

const INSERT: &str = "-- related::insert
    INSERT INTO deconfliction (id, first_agency, second_agency, owner_agency, opened_at, due_at, version, changed_at)
    VALUES (:id, :first, :second, :owner, :now, :due_at, 1, :now)";

const INSERT_SIDE: &str = "-- related::insert_side
    INSERT INTO deconfliction_side (event_id, agency_id) VALUES (:id, :agency)";

const INSERT_MATCH: &str = "-- related::insert_match
    INSERT INTO deconfliction_match (first_agency, second_agency, digest, event_id)
    VALUES (:first, :second, :digest, :id) ON CONFLICT DO NOTHING";

const DELETE_SIDES: &str = "-- related::delete_sides
    DELETE FROM deconfliction_side WHERE event_id = :id";

const DELETE: &str = "-- related::delete
    DELETE FROM deconfliction WHERE id = :id";

const INSERT_POINTER: &str = "-- related::insert_pointer
    INSERT INTO deconfliction_pointer (event_id, agency_id, report_id, found_at)
    VALUES (:id, :agency, :report, :now) ON CONFLICT DO NOTHING";

const INSERT_CASE: &str = "-- related::insert_case
    INSERT INTO deconfliction_case (event_id, agency_id, number, found_at)
    VALUES (:id, :agency, :number, :now) ON CONFLICT DO NOTHING";

const CASES: &str = "-- related::cases
    SELECT number FROM deconfliction_case WHERE event_id = :id AND agency_id = :agency
    ORDER BY found_at DESC, number DESC LIMIT :most";

const LIST: &str = "-- related::list
    SELECT id, first_agency, second_agency, owner_agency, opened_at, due_at, version, changed_at, proposed, proposed_by,
        settled_at, person_id, seen_at
    FROM deconfliction JOIN deconfliction_side ON event_id = id AND deconfliction_side.agency_id = :agency
    WHERE (first_agency = :agency OR second_agency = :agency) /*where*/ ORDER BY due_at, id LIMIT :most";

const OPEN: &str = "settled_at IS NULL";
const SETTLED: &str = "settled_at IS NOT NULL";
const ONE: &str = "id = :id";

const LOCK: &str = "-- related::lock
    SELECT version FROM deconfliction WHERE id = :id {for_update}";

const POINTERS: &str = "-- related::pointers
    SELECT report_id FROM deconfliction_pointer WHERE event_id = :id AND agency_id = :agency
    ORDER BY found_at DESC, report_id DESC LIMIT :most";

const OF_REPORT: &str = "-- related::of_report
    SELECT event_id FROM deconfliction_pointer WHERE agency_id = :agency AND report_id = :report ORDER BY event_id";

const TAKE: &str = "-- related::take
    UPDATE deconfliction_side SET person_id = :person, seen_at = COALESCE(seen_at, :now)
    WHERE event_id = :id AND agency_id = :agency";

const UPDATE: &str = "-- related::update
    UPDATE deconfliction SET proposed = :proposed, proposed_by = :agency, settled_at = :settled_at, changed_at = :now,
        version = version + 1
    WHERE id = :id";

const TOUCH: &str = "-- related::touch
    UPDATE deconfliction SET version = version + 1, changed_at = :now WHERE id = :id";

/// Reports, or cases, that one selector leads to: what more share tells nothing.
pub(crate) const MOST_SHARING: u32 = 100;
/// How long an event lasts that no two reports opened: the priority of a report would say that there is one.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Events, and reports of one event, that are listed.
const MOST_LISTED: u32 = 500;

/// An event between two agencies, as one side sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Its name.
    pub id: String,
    /// The other agency.
    pub other: AgencyId,
    /// Whether this side has to see to it: it had its report first, or wrote first.
    pub owns: bool,
    /// When both were told.
    pub opened_at: Timestamp,
    /// Until when it is to be settled.
    pub due_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
    /// What was proposed, and whether by this side.
    pub proposed: Option<(Settlement, bool)>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// Who of this side handles it.
    pub person: Option<PersonId>,
    /// When somebody of this side took it up.
    pub seen_at: Option<Timestamp>,
}

impl Related {
    /// Whether its time is over and nothing was settled.
    #[must_use]
    pub fn is_late(&self, at: Timestamp) -> bool {
        self.settled_at.is_none() && self.due_at <= at
    }
}

/// Says that [`arrived`] will be called in this act.
pub(crate) fn foresee(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(HOLDERS, bind! { report: report.get() })])?)
}

fn written(report: ReportId) -> (&'static str, Args) {
    (WRITTEN, bind! { report: report.get(), most: MOST_SHARING + 1 })
}

/// Says so once it is known by what the report is found.
pub(crate) fn foresee_sharing(act: &Act<'_>, report: ReportId, digests: &[Digest]) -> Result<()> {
    let sharing = digests.iter().map(|digest| sharing(report, digest));
    Ok(act.tx().ahead(&[written(report)].into_iter().chain(sharing).collect::<Vec<_>>())?)
}

fn sharing(report: ReportId, digest: &Digest) -> (&'static str, Args) {
    (SHARING, bind! { digest, report: report.get(), most: MOST_SHARING + 1 })
}

/// Tells agencies of each other about a report that was just made available. Asked twice it does nothing twice.
///
/// # Errors
/// A fault of the database.
pub fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    let holders: Vec<Holder> = act.tx().rows(HOLDERS, &bind! { report: report.get() })?;
    let digests = telling(act, report)?;
    let asked: Vec<_> = digests.iter().map(|digest| sharing(report, digest)).collect();
    let others = act.tx().rows_all::<Other>(&asked)?;
    let mut wrote: BTreeMap<Digest, Vec<Writing>> = BTreeMap::new();
    let (text, asked) = written(report);
    for Wrote(digest, writing) in act.tx().rows::<Wrote>(text, &asked)? {
        wrote.entry(digest).or_default().push(writing);
    }
    let mut found: BTreeMap<(AgencyId, AgencyId), Shared> = BTreeMap::new();
    for (digest, others) in digests.into_iter().zip(others) {
        let wrote = wrote.remove(&digest).unwrap_or_default();
        if is_common(&others, &wrote) {
            continue;
        }
        for Holder { agency, urgency } in &holders {
            let met = met(agency, &others, &wrote);
            for (other, theirs) in
                met.into_iter().filter(|(other, _)| holders.iter().all(|one| one.agency != *other))
            {
                let shared = found.entry((agency.clone(), other)).or_default();
                shared.add(digest, theirs);
                shared.urgency = shared.urgency.max(*urgency);
            }
        }
    }
    let own = Held::Report(report);
    found.iter().try_for_each(|((newer, earlier), shared)| tell(act, own, (newer, earlier), shared))
}

/// What others hold or wrote of what a report says that an agency was just given.
fn met(holder: &AgencyId, others: &[Other], wrote: &[Writing]) -> Vec<(AgencyId, Held)> {
    // Whoever has the other report too is on its list of recipients, which both can read.
    let is_known = |report: ReportId| {
        others.iter().any(|one| one.report == report && one.agency.as_ref() == Some(holder))
    };
    let reports = others.iter().filter(|other| !is_known(other.report));
    let reports = reports.filter_map(|other| Some((other.agency.clone()?, Held::Report(other.report))));
    let beside = beside(others, holder);
    let cases = wrote.iter().filter(|writing| !beside.contains(&writing.agency));
    reports.chain(cases.map(|writing| (writing.agency.clone(), Held::Case(writing.number)))).collect()
}

/// Who has one of these reports together with an agency.
pub(crate) fn beside(others: &[Other], agency: &AgencyId) -> BTreeSet<AgencyId> {
    let has = |other: &&Other| other.agency.as_ref() == Some(agency);
    let own: BTreeSet<ReportId> = others.iter().filter(has).map(|other| other.report).collect();
    others
        .iter()
        .filter(|other| own.contains(&other.report))
        .filter_map(|other| other.agency.clone())
        .collect()
}

/// Whether more share something than it can tell of.
pub(crate) fn is_common(others: &[Other], wrote: &[Writing]) -> bool {
    let reports: BTreeSet<ReportId> = others.iter().map(|other| other.report).collect();
    reports.len().max(wrote.len()) > MOST_SHARING as usize
}

/// What an event points its own side to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    Report(ReportId),
    Case(CaseId),
}

/// What two agencies have in common by something new of one of them.
#[derive(Default)]
pub(crate) struct Shared {
    digests: BTreeSet<Digest>,
    theirs: BTreeSet<Held>,
    /// Rank of the most urgent report of it.
    pub urgency: u8,
}

impl Shared {
    pub(crate) fn add(&mut self, digest: Digest, theirs: Held) {
        self.digests.insert(digest);
        self.theirs.insert(theirs);
    }
}

/// Makes one event, or adds to the one that stands for this already, settled or not.
pub(crate) fn tell(
    act: &Act<'_>,
    own: Held,
    (newer, earlier): (&AgencyId, &AgencyId),
    shared: &Shared,
) -> Result<()> {
    let (Some(to_newer), Some(to_earlier)) = (may_hear(act, newer)?, may_hear(act, earlier)?) else {
        return Ok(());
    };
    let (first, second) = if newer < earlier { (newer, earlier) } else { (earlier, newer) };
    let matched = |digest: &Digest| bind! { first: first.as_str(), second: second.as_str(), digest };
    let asked: Vec<_> = shared.digests.iter().map(|digest| (KNOWN, matched(digest))).collect();
    let known = act.tx().rows_all::<String>(&asked)?.into_iter().flatten().next();
    let by_reports = matches!(own, Held::Report(_))
        && shared.theirs.iter().any(|theirs| matches!(theirs, Held::Report(_)));
    let urgency = by_reports.then_some(shared.urgency);
    let matches =
        |id: &str| shared.digests.iter().map(|digest| matched(digest).with("id", id)).collect::<Vec<_>>();
    let (id, new) = match known {
        Some(id) => {
            act.tx().put_many(INSERT_MATCH, &matches(&id))?;
            (id, false)
        }
        None => {
            let id = open(act, (first, second), earlier, urgency)?;
            match act.tx().many(INSERT_MATCH, &matches(&id))? {
                0 => (close_up(act, &id, &asked)?, false),
                _ => (id, true),
            }
        }
    };
    let held = shared.theirs.iter().map(|theirs| (earlier, *theirs)).chain([(newer, own)]);
    if !point(act, &id, held)? {
        return Ok(());
    }
    let (report, case) = match own {
        Held::Report(report) => (Some(report), None),
        Held::Case(case) => (None, Some(case)),
    };
    for (to, about, basis) in [(newer, earlier, to_newer), (earlier, newer, to_earlier)] {
        // No event of the report: a certificate would show it to others who have the report.
        let details = json!({
            "basis": basis, "case": case, "new": new, "of": about, "report": report, "to": to,
        });
        worked(act, EventKind::RelatedTold, &id, details)?;
    }
    Ok(())
}

/// Points each side to what it holds; false where everything was pointed to before.
fn point<'a>(act: &Act<'_>, id: &str, held: impl Iterator<Item = (&'a AgencyId, Held)>) -> Result<bool> {
    let now = column::micros(act.now());
    let (mut reports, mut cases) = (Vec::new(), Vec::new());
    for (side, held) in held {
        let row = bind! { id, agency: side.as_str(), now };
        match held {
            Held::Report(report) => reports.push(row.with("report", report.get())),
            Held::Case(case) => cases.push(row.with("number", case.get())),
        }
    }
    let mut pointed = 0;
    for (text, rows) in [(INSERT_POINTER, reports), (INSERT_CASE, cases)] {
        if !rows.is_empty() {
            pointed += act.tx().many(text, &rows)?;
        }
    }
    Ok(pointed > 0)
}

/// An event that the agency that had its part first has to see to.
fn open(
    act: &Act<'_>,
    (first, second): (&AgencyId, &AgencyId),
    owner: &AgencyId,
    urgency: Option<u8>,
) -> Result<String> {
    let id = seal::hex(&act.chance::<16>()?);
    let lasts = urgency.map_or(Some(LASTS), |urgency| {
        let priority = Priority::ALL.iter().find(|priority| priority.rank() == urgency);
        Status::New.lasts(priority.copied().unwrap_or(Priority::Routine))
    });
    let due_at = lasts.and_then(|span| act.now().checked_add(span).ok()).unwrap_or(Timestamp::MAX);
    let row = bind! {
        id: &id, first: first.as_str(), second: second.as_str(), owner: owner.as_str(),
        now: column::micros(act.now()), due_at: column::micros(due_at),
    };
    act.tx().put(INSERT, &row)?;
    let sides = [first, second].map(|side| bind! { id: &id, agency: side.as_str() });
    act.tx().put_many(INSERT_SIDE, &sides)?;
    Ok(id)
}

/// Takes an event away that another act was faster to open, and answers which one that is.
fn close_up(act: &Act<'_>, id: &str, asked: &[(&'static str, Args)]) -> Result<String> {
    act.tx().execute(DELETE_SIDES, &bind! { id })?;
    act.tx().execute(DELETE, &bind! { id })?;
    let faster = act.tx().rows_all::<String>(asked)?.into_iter().flatten().next();
    Ok(faster.ok_or(Refusal::NotFound)?)
}

/// On which basis an agency may be told that another one holds related material; `None` when it may not.
fn may_hear(view: &View<'_>, id: &AgencyId) -> Result<Option<BasisCode>> {
    let Agency { class, relationship, .. } = match agency::live(view, id, view.now()) {
        Ok(agency) => agency,
        Err(house::Error::Refusal(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let Some(basis) = basis_of(class, relationship) else { return Ok(None) };
    let asked = Question {
        recipient: Recipient::Agency(class, relationship),
        data: DataClass::Words,
        manner: Manner::View,
        basis: Some(Basis::House(basis)),
        ground: None,
        state: State { in_force: true, own: false, counsel: None, to_be_destroyed: false },
    };
    Ok(disclosure::may(&asked).is_ok().then_some(basis))
}

/// A disclosure that makes no report available: 18 USC 2258A(g)(3)(A) to (C).
const fn basis_of(class: AgencyClass, relationship: Option<Relationship>) -> Option<BasisCode> {
    Some(match (class, relationship) {
        (AgencyClass::Federal, _) => BasisCode::G3aInvolved,
        (AgencyClass::State, _) => BasisCode::G3bState,
        (AgencyClass::Local, _) => BasisCode::G3bLocal,
        (AgencyClass::Tribal, _) => BasisCode::G3bTribal,
        (AgencyClass::Foreign, Some(Relationship::Designated)) => BasisCode::G3cForDesig,
        (AgencyClass::Foreign, Some(Relationship::Fbi)) => BasisCode::G3cForFbi,
        (AgencyClass::Foreign, Some(Relationship::Ice)) => BasisCode::G3cForIce,
        (AgencyClass::Foreign, Some(Relationship::Interpol)) => BasisCode::G3cForInterpol,
        (AgencyClass::Foreign, None) => return None,
    })
}

/// What the permit's agency shares with others, open or settled, what is due first first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, permit: &Permit<Deconflict>, settled: bool) -> Result<Vec<Related>> {
    let agency = crate::agency(permit)?;
    let filter = Where::new().and_when(true, if settled { SETTLED } else { OPEN });
    let rows: Vec<Seen> =
        view.tx().rows_where(LIST, &filter, &bind! { agency: agency.as_str(), most: MOST_LISTED })?;
    Ok(rows.into_iter().map(|row| row.by(agency)).collect())
}

/// One event of the permit's agency, and its own reports that it is about.
///
/// # Errors
/// [`Refusal::NotFound`] for one of others.
pub fn get(view: &View<'_>, permit: &Permit<Deconflict>, id: &str) -> Result<(Related, Vec<ReportId>)> {
    let agency = crate::agency(permit)?;
    let asked = bind! { agency: agency.as_str(), most: MOST_LISTED };
    let rows: Vec<Seen> = view.tx().rows_where(LIST, &Where::new().and(ONE, "id", id), &asked)?;
    let found = rows.into_iter().next().ok_or(Refusal::NotFound)?.by(agency);
    let numbers: Vec<u64> = view.tx().rows(POINTERS, &asked.with("id", id))?;
    Ok((found, numbers.into_iter().filter_map(|number| number.try_into().ok()).collect()))
}

/// The cases of the keeper's agency that an event is about: those within reach, and how many others there are.
///
/// # Errors
/// A fault of the database.
pub fn cases(view: &View<'_>, keeper: &Keeper, id: &str) -> Result<(Vec<CaseId>, usize)> {
    let asked = bind! { id, agency: keeper.agency()?.as_str(), most: MOST_LISTED };
    let numbers: Vec<u64> = view.tx().rows(CASES, &asked)?;
    let all = numbers.iter().filter_map(|number| ReportId::try_from(*number).ok()).map(CaseId::from);
    let within: Vec<CaseId> =
        all.filter(|case| keeper.reach(view, *case, MemberLevel::Reads).is_ok()).collect();
    let others = numbers.len() - within.len();
    Ok((within, others))
}

/// The events that a report of the permit's agency is part of.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, permit: &Permit<Deconflict>, report: ReportId) -> Result<Vec<Related>> {
    let asked = bind! { agency: crate::agency(permit)?.as_str(), report: report.get() };
    let ids: Vec<String> = view.tx().rows(OF_REPORT, &asked)?;
    ids.iter().map(|id| get(view, permit, id).map(|(found, _)| found)).collect()
}

/// A person of the agency takes it up.
///
/// # Errors
/// [`Refusal::NotFound`] for one of others.
pub fn take(act: &Act<'_>, permit: &Permit<Deconflict>, id: &str, person: &PersonId) -> Result<()> {
    let agency = crate::agency(permit)?;
    get(act, permit, id)?;
    let row = bind! { id, agency: agency.as_str(), person: person.as_str(), now: column::micros(act.now()) };
    act.tx().execute(TAKE, &row)?;
    act.tx().execute(TOUCH, &bind! { id, now: column::micros(act.now()) })?;
    worked(act, EventKind::RelatedWorked, id, json!({ "agency": agency, "person": person }))
}

/// A side says how it wants to settle it. Where the other side said the same, it is settled; so it is by the owner's word
/// alone once its time is over. Answers whether it is.
///
/// # Errors
/// [`Refusal::NotFound`] for one of others, [`Refusal::Conflict`] when the other side changed it since,
/// [`Refusal::Closed`] for what is settled.
pub fn settle(
    act: &Act<'_>,
    permit: &Permit<Deconflict>,
    (id, version): (&str, u32),
    how: Settlement,
) -> Result<bool> {
    let agency = crate::agency(permit)?;
    act.tx().find::<u32>(LOCK, &bind! { id })?.ok_or(Refusal::NotFound)?;
    let (found, _) = get(act, permit, id)?;
    if found.settled_at.is_some() {
        return Err(Refusal::Closed.into());
    }
    if found.version != version {
        return Err(Refusal::Conflict.into());
    }
    let agreed = found.proposed == Some((how, false));
    let settled = agreed || (found.owns && found.is_late(act.now()));
    let now = column::micros(act.now());
    let row = bind! {
        id, proposed: how.as_str(), agency: agency.as_str(), now, settled_at: settled.then_some(now),
    };
    act.tx().execute(UPDATE, &row)?;
    let kind = if settled { EventKind::RelatedSettled } else { EventKind::RelatedWorked };
    worked(act, kind, id, json!({ "agency": agency, "agreed": agreed, "settlement": how }))?;
    Ok(settled)
}

fn worked(act: &Act<'_>, kind: EventKind, id: &str, details: serde_json::Value) -> Result<()> {
    act.note(Event::of_house(kind).to(format!("deconfliction-{id}")).with(details))?;
    Ok(())
}

/// By what somebody is found in a case of another agency.
struct Wrote(Digest, Writing);

impl FromRow for Wrote {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(row.get("digest")?, Writing::from_row(row)?))
    }
}

/// A report that shares something, and one of the agencies that have it, if any has.
pub(crate) struct Other {
    pub report: ReportId,
    pub agency: Option<AgencyId>,
}

impl FromRow for Other {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            agency: column::parsed_option(row, "agency_id")?,
        })
    }
}

/// A case in which somebody wrote something.
pub(crate) struct Writing {
    pub agency: AgencyId,
    pub number: CaseId,
}

impl FromRow for Writing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let number = CaseId::from(column::report(row, "number")?);
        Ok(Self { agency: column::parsed(row, "agency_id")?, number })
    }
}

/// An agency that was given a report.
struct Holder {
    agency: AgencyId,
    urgency: u8,
}

impl FromRow for Holder {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { agency: column::parsed(row, "agency_id")?, urgency: row.get("urgency")? })
    }
}

/// An event with both sides' names.
struct Seen {
    related: Related,
    first: AgencyId,
    second: AgencyId,
    owner: AgencyId,
    proposed: Option<Settlement>,
    proposed_by: Option<AgencyId>,
}

impl Seen {
    fn by(self, agency: &AgencyId) -> Related {
        let by_own = self.proposed_by.as_ref() == Some(agency);
        Related {
            other: if self.first == *agency { self.second } else { self.first },
            owns: self.owner == *agency,
            proposed: self.proposed.map(|how| (how, by_own)),
            ..self.related
        }
    }
}

impl FromRow for Seen {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let first: AgencyId = column::parsed(row, "first_agency")?;
        Ok(Self {
            related: Related {
                id: row.get("id")?,
                other: first.clone(),
                owns: false,
                opened_at: column::moment(row, "opened_at")?,
                due_at: column::moment(row, "due_at")?,
                version: row.get("version")?,
                proposed: None,
                settled_at: column::moment_option(row, "settled_at")?,
                person: column::parsed_option(row, "person_id")?,
                seen_at: column::moment_option(row, "seen_at")?,
            },
            first,
            second: column::parsed(row, "second_agency")?,
            owner: column::parsed(row, "owner_agency")?,
            proposed: column::parsed_option(row, "proposed")?,
            proposed_by: column::parsed_option(row, "proposed_by")?,
        })
    }
}
