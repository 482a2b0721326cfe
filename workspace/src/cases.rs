//! Cases of an agency: opened, read, and taken one step on. Every step is one act, and names the version that it was made
//! from where two people could write the same thing.

use std::collections::BTreeMap;

use casework::{Keeper, casefile, entry, filing, member, outcome, process, standing};
use domain::{CaseId, CustodyKind, FileId, MemberLevel, Outcome, PersonId, Purpose, ReportId, StatusReason};
use jiff::Timestamp;
use office::Trouble;
use policy::permit::{Assign, ConfirmGround, KeepCases, RecordGround, Work};
use policy::{List, Scope, Viewer, access};
use store::{Act, House, Refusal, number, person};

pub use casework::casefile::{Case, CaseWords, Closing, MOST_LISTED, MOST_OF_CASE, MOST_SHARED, Shared};
pub use casework::entry::{Custody, Entry, EntryWords, NewEntry, Terms};
pub use casework::filing::{Filed, Hit};
pub use casework::member::Member;
pub use casework::process::{NewProcess, Process, ProcessWords};
pub use policy::ground::{State, Words};

use crate::standing::colleague;

/// Everything that stands in a case.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// What the viewer may do in it.
    pub level: MemberLevel,
    /// Who is or was a member.
    pub members: Vec<Member>,
    /// Its reports.
    pub reports: Vec<Filed>,
    /// What its standing query met.
    pub hits: Vec<Hit>,
    /// Notes, tasks, subjects, exhibits.
    pub entries: Vec<Entry>,
    /// What happened to the exhibits.
    pub custody: Vec<Custody>,
    /// Its legal process.
    pub processes: Vec<Process>,
}

/// Files of one report, by their positions in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The report.
    pub report: ReportId,
    /// The first of them.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// One step of a case.
#[derive(Debug, Clone)]
pub enum Step {
    /// Its words are written anew, as they were in this version.
    Rewrite(u32, CaseWords),
    /// Everybody of the agency reads it, or only its members.
    Share(bool),
    /// It is closed.
    Close(StatusReason),
    /// It is opened again.
    Reopen,
    /// Somebody is taken in, or may other things than before.
    TakeIn(PersonId, MemberLevel, String),
    /// Somebody is taken out.
    LetGo(PersonId),
    /// A report is taken in.
    File(ReportId),
    /// A report is taken out.
    Unfile(ReportId),
    /// A report that the standing query met stays outside.
    Leave(ReportId),
    /// Something is written; the range names the file that an exhibit is.
    Write(NewEntry, Option<Range>),
    /// It is written anew, as it was in this version.
    WriteAnew(String, u32, EntryWords, Terms),
    /// Something happened to an exhibit.
    Handle(String, CustodyKind, Timestamp, String),
    /// Legal process is recorded; the ranges name its files.
    Record(NewProcess, Vec<Range>),
    /// The second person says yes to exigent circumstances.
    Confirm(String),
    /// Legal process is taken back.
    Revoke(String),
    /// What came of all its reports.
    Conclude(Outcome),
}

/// The cases within the viewer's reach, those that changed last first.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, closed: bool) -> Result<Vec<Case>, Trouble> {
    let keeper = keeper(viewer)?;
    Ok(house.read("cases", move |view| casefile::list(view, &keeper, closed)).await?)
}

/// The cases that everybody of the viewer's agency may read, its own systems included, by number and without their words.
///
/// # Errors
/// A denial, or a fault.
pub async fn shared(house: &House, viewer: &Viewer, after: u64) -> Result<Vec<Shared>, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    Ok(house.read("cases::shared", move |view| casefile::shared(view, &permit, after)).await?)
}

/// The cases within the viewer's reach that hold every one of these words.
///
/// # Errors
/// As [`list`].
pub async fn holding(house: &House, viewer: &Viewer, words: String) -> Result<Vec<Case>, Trouble> {
    let keeper = keeper(viewer)?;
    Ok(house.read("cases::holding", move |view| casefile::holding(view, &keeper, &words)).await?)
}

/// Opens a case, with a report where there is one.
///
/// # Errors
/// A denial; a refusal for what is incomplete or not the agency's; a fault.
pub async fn open(
    house: &House,
    viewer: &Viewer,
    words: CaseWords,
    report: Option<ReportId>,
) -> Result<CaseId, Trouble> {
    let keeper = keeper(viewer)?;
    let case = CaseId::from(number::next(house).await?);
    let opened = house.act(viewer.actor.clone(), Purpose::Investigation, "case::open", move |act| {
        casefile::open(act, &keeper, case, &words)?;
        report.map_or(Ok(()), |report| filing::add(act, &keeper, case, report))
    });
    opened.await?;
    Ok(case)
}

/// The same by the agency's own system: whoever is named leads the case, and the whole agency may read it.
///
/// # Errors
/// As [`open`]; "no such thing" for who is not one of the agency's people.
pub async fn open_for(
    house: &House,
    viewer: &Viewer,
    words: CaseWords,
    report: Option<ReportId>,
    leads: PersonId,
) -> Result<CaseId, Trouble> {
    let keeper = keeper(viewer)?;
    let case = CaseId::from(number::next(house).await?);
    let opened = house.act(viewer.actor.clone(), Purpose::Investigation, "case::open", move |act| {
        known(act, &keeper, Some(&leads))?;
        casefile::open_for(act, &keeper, case, &words, &leads)?;
        report.map_or(Ok(()), |report| filing::add(act, &keeper, case, report))
    });
    opened.await?;
    Ok(case)
}

/// Everything that stands in a case. Who read it is in the ledger first.
///
/// # Errors
/// "No such thing" out of reach; a denial; a fault.
pub async fn read(house: &House, viewer: &Viewer, case: CaseId) -> Result<Opened, Trouble> {
    let keeper = keeper(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "case::note", {
        let keeper = keeper.clone();
        move |act| casefile::read(act, &keeper, case)
    });
    noted.await?;
    let found = house.read("case", move |view| {
        Ok(Opened {
            case: casefile::get(view, &keeper, case)?,
            level: casefile::level(view, &keeper, case)?,
            members: member::of_case(view, &keeper, case)?,
            reports: filing::of_case(view, &keeper, case)?,
            hits: filing::hits(view, &keeper, case)?,
            entries: entry::of_case(view, &keeper, case)?,
            custody: entry::custody(view, &keeper, case)?,
            processes: process::of_case(view, &keeper, case)?,
        })
    });
    Ok(found.await?)
}

/// The cases within the viewer's reach that a report is in.
///
/// # Errors
/// A denial, or a fault.
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<CaseId>, Trouble> {
    let keeper = keeper(viewer)?;
    Ok(house.read("cases::of_report", move |view| filing::cases_of(view, &keeper, report)).await?)
}

/// Takes a case one step on.
///
/// # Errors
/// "No such thing" out of reach; [`Refusal::Conflict`] when somebody else wrote the same thing since; [`Refusal::Closed`]
/// for a closed case; [`Refusal::NotAllowed`] for what takes a higher level; a denial; a fault.
pub async fn step(house: &House, viewer: &Viewer, case: CaseId, step: Step) -> Result<(), Trouble> {
    let keeper = keeper(viewer)?;
    let hands = Hands {
        records: access::permit(viewer).ok(),
        confirms: access::permit(viewer).ok(),
        works: access::permit(viewer).ok(),
    };
    let done = house.act(viewer.actor.clone(), Purpose::Investigation, "case::step", move |act| {
        carry_out(act, &keeper, &hands, case, &step)
    });
    Ok(done.await?)
}

/// The people of the viewer's agency who are let in, by name.
///
/// # Errors
/// A denial, or a fault.
pub async fn people(house: &House, viewer: &Viewer) -> Result<BTreeMap<PersonId, String>, Trouble> {
    let permit = access::permit::<KeepCases>(viewer)?;
    let found = house.read("people::of_agency", move |view| match permit.scope() {
        Scope::Agency(agency) => person::of_agency(view, agency),
        _ => Ok(Vec::new()),
    });
    Ok(found.await?.into_iter().map(|one| (one.id, one.name.into_inner())).collect())
}

/// Other rights of the viewer, each where there is one.
struct Hands {
    records: Option<policy::Permit<RecordGround>>,
    confirms: Option<policy::Permit<ConfirmGround>>,
    works: Option<policy::Permit<Work>>,
}

pub(crate) fn keeper(viewer: &Viewer) -> Result<Keeper, Trouble> {
    let keeps = access::permit::<KeepCases>(viewer)?;
    Ok(Keeper::new(keeps, access::permit::<Assign>(viewer).ok().as_ref()))
}

fn carry_out(act: &Act<'_>, keeper: &Keeper, hands: &Hands, case: CaseId, step: &Step) -> store::Result<()> {
    match step {
        Step::Rewrite(version, words) => casefile::rewrite(act, keeper, (case, *version), words),
        Step::Share(everybody) => casefile::share(act, keeper, case, *everybody),
        Step::Close(reason) => casefile::close(act, keeper, case, *reason),
        Step::Reopen => casefile::reopen(act, keeper, case),
        Step::TakeIn(person, level, need) => {
            known(act, keeper, Some(person))?;
            member::add(act, keeper, case, (person, *level), need)
        }
        Step::LetGo(person) => member::remove(act, keeper, case, person),
        Step::File(report) => filing::add(act, keeper, case, *report),
        Step::Unfile(report) => filing::remove(act, keeper, case, *report),
        Step::Leave(report) => filing::leave(act, keeper, case, *report),
        Step::Write(new, range) => {
            known(act, keeper, new.terms.person.as_ref())?;
            let file = range.map(|range| files(act, keeper, case, range)).transpose()?;
            let file = file.and_then(|files| files.into_iter().next());
            entry::write(act, keeper, case, &NewEntry { file, ..new.clone() }).map(drop)
        }
        Step::WriteAnew(id, version, words, terms) => {
            known(act, keeper, terms.person.as_ref())?;
            entry::rewrite(act, keeper, (case, id, *version), words, terms)
        }
        Step::Handle(id, kind, at, words) => entry::record(act, keeper, (case, id), (*kind, *at), words),
        Step::Record(new, ranges) => {
            let records = hands.records.as_ref().ok_or(Refusal::NotAllowed)?;
            let named = ranges.iter().map(|range| files(act, keeper, case, *range));
            let files = named.collect::<store::Result<Vec<_>>>()?.concat();
            process::record(act, keeper, records, case, &NewProcess { files, ..new.clone() }).map(drop)
        }
        Step::Confirm(id) => {
            let confirms = hands.confirms.as_ref().ok_or(Refusal::NotAllowed)?;
            process::confirm(act, keeper, confirms, (case, id))
        }
        Step::Revoke(id) => {
            let records = hands.records.as_ref().ok_or(Refusal::NotAllowed)?;
            process::revoke(act, keeper, records, (case, id))
        }
        Step::Conclude(outcome) => {
            let works = hands.works.as_ref().ok_or(Refusal::NotAllowed)?;
            conclude(act, keeper, works, case, *outcome)
        }
    }
}

/// The same outcome for every report of a case that has none yet, or another one.
fn conclude(
    act: &Act<'_>,
    keeper: &Keeper,
    works: &policy::Permit<Work>,
    case: CaseId,
    outcome: Outcome,
) -> store::Result<()> {
    if casefile::level(act, keeper, case)? < MemberLevel::Works {
        return Err(Refusal::NotAllowed.into());
    }
    let reports = filing::of_case(act, keeper, case)?;
    let due = reports.iter().filter(|filed| filed.outcome != Some(outcome));
    let due: Vec<ReportId> = due.map(|filed| filed.report).collect();
    if due.is_empty() {
        return Err(Refusal::Conflict.into());
    }
    due.into_iter().try_for_each(|report| {
        let version = standing::get(act, works, report)?.version;
        outcome::record(act, works, (report, version), outcome).map(drop)
    })
}

fn known(act: &Act<'_>, keeper: &Keeper, person: Option<&PersonId>) -> store::Result<()> {
    let agency = Scope::Agency(keeper.agency()?.clone());
    person.map_or(Ok(()), |person| colleague(act, &agency, person))
}

/// The files of a range; every position of it must be there.
fn files(
    act: &Act<'_>,
    keeper: &Keeper,
    case: CaseId,
    range: Range,
) -> store::Result<Vec<(ReportId, FileId)>> {
    let found = process::files_at(act, keeper, case, (range.report, range.first, range.last))?;
    let wanted = range.last.checked_sub(range.first).map_or(0, |more| u64::from(more) + 1);
    if found.len() as u64 != wanted || wanted == 0 {
        return Err(Refusal::FileNotFound.into());
    }
    Ok(found.into_iter().map(|file| (range.report, file)).collect())
}
