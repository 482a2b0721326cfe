//! What two people must agree on: one asks, another one agrees, and then it may be done, once. The policies say which
//! roles; this page says never the same person twice, never after its end, and never when one of the two is gone.

use database::{FromRow, Row, bind};
use domain::{Actor, ApprovalId, ApprovalKind, Id, PersonId, Private};
use house::words;
use jiff::{SignedDuration, Timestamp};
use policy::access::{self, Asker, Matter};
use seal::{Place, hex};
use serde_json::{Value, json};

use crate::person::{self, Home, Person};
use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, column};

const INSERT: &str = "-- approval::insert
    INSERT INTO approval (id, kind, subject, sealed_details, asked_by, asked_at, ends_at)
    VALUES (:approval, :kind, :subject, :sealed_details, :asked_by, :now, :ends_at)";

const GET: &str = "-- approval::get
    SELECT id, kind, subject, sealed_details, asked_by, asked_at, ends_at, outcome, decided_by, decided_at,
        sealed_reason, spent_at
    FROM approval WHERE id = :approval";

const OPEN: &str = "-- approval::open
    SELECT id, kind, subject, sealed_details, asked_by, asked_at, ends_at, outcome, decided_by, decided_at,
        sealed_reason, spent_at
    FROM approval WHERE outcome IS NULL AND ends_at > :now ORDER BY asked_at, id LIMIT :most";

const RECENT: &str = "-- approval::recent
    SELECT id, kind, subject, sealed_details, asked_by, asked_at, ends_at, outcome, decided_by, decided_at,
        sealed_reason, spent_at
    FROM approval ORDER BY asked_at DESC, id LIMIT :most";

const DECIDE: &str = "-- approval::decide
    UPDATE approval SET outcome = :outcome, decided_by = :decided_by, decided_at = :now, sealed_reason = :sealed_reason
    WHERE id = :approval AND outcome IS NULL AND ends_at > :now";

const SPEND: &str = "-- approval::spend
    UPDATE approval SET spent_at = :now
    WHERE id = :approval AND outcome = 'approved' AND spent_at IS NULL AND ends_at > :now";

/// Approvals that are listed.
const MOST_LISTED: u32 = 500;
/// Letters of a subject, and of a reason.
const MOST_LETTERS: usize = 2_000;
/// Bytes of the details.
const MOST_DETAILS_BYTES: usize = 64 * 1024;
/// Random bytes of an id.
const ID_BYTES: usize = 10;

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for a second person.
    Open,
    /// A second person agreed, and it was not done yet.
    Approved,
    /// A second person refused.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// It was done.
    Spent,
    /// Its end came first.
    Lapsed,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Spent => "done",
            Self::Lapsed => "lapsed",
        }
    }
}

/// What was asked, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// What it is about.
    pub kind: ApprovalKind,
    /// The id of what it is about.
    pub subject: String,
    /// What exactly is to be done.
    pub details: Private<Value>,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Timestamp,
    /// When it is worth nothing any more.
    pub ends_at: Timestamp,
    /// Who decided, and when.
    pub decided: Option<(PersonId, Timestamp)>,
    /// Why it was refused.
    pub reason: Option<Private<String>>,
    outcome: Option<Outcome>,
    spent_at: Option<Timestamp>,
}

impl Approval {
    /// How it stands at a moment.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> State {
        match self.outcome {
            _ if self.spent_at.is_some() => State::Spent,
            Some(Outcome::Refused) => State::Refused,
            Some(Outcome::Withdrawn) => State::Withdrawn,
            _ if at >= self.ends_at => State::Lapsed,
            Some(Outcome::Approved) => State::Approved,
            None => State::Open,
        }
    }
}

/// Proof that two people agreed. Only [`take`] makes one, and spends the approval as it does.
///
/// ```compile_fail
/// // It cannot be made up.
/// let forged = register::approval::Approved { subject: String::new() };
/// ```
#[derive(Debug)]
pub struct Approved {
    approval: Approval,
    approved_by: PersonId,
    approved_at: Timestamp,
}

impl Approved {
    /// Which approval it was.
    #[must_use]
    pub const fn id(&self) -> &ApprovalId {
        &self.approval.id
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> ApprovalKind {
        self.approval.kind
    }

    /// The id of what it is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.approval.subject
    }

    /// What exactly the two agreed on.
    #[must_use]
    pub const fn details(&self) -> &Private<Value> {
        &self.approval.details
    }

    /// Who asked, and when.
    #[must_use]
    pub const fn asked(&self) -> (&PersonId, Timestamp) {
        (&self.approval.asked_by, self.approval.asked_at)
    }

    /// Who agreed, and when.
    #[must_use]
    pub const fn approved(&self) -> (&PersonId, Timestamp) {
        (&self.approved_by, self.approved_at)
    }
}

/// Asks for what two people must agree on, in the name of the person who acts. `details` say exactly what is to be done:
/// the second person reads them, and whoever does it later finds them in [`Approved`].
///
/// # Errors
/// [`Refusal::NotAllowed`] when nobody or a role without the right asks, [`Refusal::Unfit`] for a subject or details that
/// are too long.
pub fn ask(act: &Act<'_>, kind: ApprovalKind, subject: &str, details: &Value) -> Result<ApprovalId> {
    let asker = acting(act)?;
    if subject.is_empty() || subject.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "subject" }.into());
    }
    let home = home_of_subject(act, kind, subject)?;
    access::may_ask(&asker_of(&asker), &matter(kind, home.as_ref(), None))
        .map_err(|_| Refusal::NotAllowed)?;
    let plain = serde_json::to_vec(details).map_err(|_| Fault::Row { what: "details" })?;
    if plain.len() > MOST_DETAILS_BYTES {
        return Err(Refusal::Unfit { what: "details" }.into());
    }
    let id: String = hex(&act.chance::<ID_BYTES>()?);
    let id = ApprovalId::parse(&id).map_err(|_| Fault::Row { what: "approval id" })?;
    let ends_at = act.now().checked_add(SignedDuration::from_hours(kind.open_for_hours()));
    let ends_at = ends_at.map_err(|_| Refusal::Unfit { what: "moment" })?;
    let row = bind! {
        approval: id.as_str(), kind: kind.as_str(), subject, asked_by: asker.id.as_str(),
        sealed_details: words::seal(act, &place(&id, DETAILS), &plain)?,
        now: column::micros(act.now()), ends_at: column::micros(ends_at),
    };
    act.tx().execute(INSERT, &row)?;
    let told =
        json!({ "approval": id, "ends_at": column::micros(ends_at), "kind": kind, "subject": subject });
    act.note(Event::of_house(EventKind::ApprovalAsked).with(told))?;
    Ok(id)
}

/// Agrees, in the name of the person who acts.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Closed`] once it was decided or is over, [`Refusal::SamePerson`] for the one who
/// asked and for whom it is about, [`Refusal::NotAllowed`] for a role without the right, [`Refusal::Disabled`] when the one who asked is gone.
pub fn approve(act: &Act<'_>, id: &ApprovalId) -> Result<Approval> {
    let (approval, second) = second_person(act, id)?;
    decide(act, id, Outcome::Approved, &second, None)?;
    noted(act, EventKind::ApprovalGiven, &approval)?;
    get(act, id)
}

/// Refuses, with the reason.
///
/// # Errors
/// As [`approve`], and [`Refusal::Unfit`] without a reason.
pub fn refuse(act: &Act<'_>, id: &ApprovalId, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    let (approval, second) = second_person(act, id)?;
    let sealed = words::seal(act, &place(id, REASON), reason.as_bytes())?;
    decide(act, id, Outcome::Refused, &second, Some(sealed))?;
    noted(act, EventKind::ApprovalRefused, &approval)
}

/// Takes it back, in the name of the one who asked.
///
/// # Errors
/// [`Refusal::NotFound`] for anybody else, [`Refusal::Closed`] once it was decided or is over.
pub fn withdraw(act: &Act<'_>, id: &ApprovalId) -> Result<()> {
    let who = acting(act)?;
    let approval = get(act, id)?;
    if approval.asked_by != who.id {
        return Err(Refusal::NotFound.into());
    }
    decide(act, id, Outcome::Withdrawn, &who, None)?;
    noted(act, EventKind::ApprovalWithdrawn, &approval)
}

/// Spends it: what two people agreed on is done in this very act, or not at all.
///
/// # Errors
/// [`Refusal::NotFound`] for another kind, [`Refusal::Closed`] when it was not agreed to, was done before or is over,
/// [`Refusal::Disabled`] when one of the two is gone.
pub fn take(act: &Act<'_>, id: &ApprovalId, kind: ApprovalKind) -> Result<Approved> {
    let approval = get(act, id)?;
    if approval.kind != kind {
        return Err(Refusal::NotFound.into());
    }
    if approval.state(act.now()) != State::Approved {
        return Err(Refusal::Closed.into());
    }
    let (approved_by, approved_at) = approval.decided.clone().ok_or(Refusal::Closed)?;
    for person in [&approval.asked_by, &approved_by] {
        let_in(act, person)?;
    }
    if act.tx().execute(SPEND, &bind! { approval: id.as_str(), now: column::micros(act.now()) })? == 0 {
        return Err(Refusal::Closed.into());
    }
    noted(act, EventKind::ApprovalSpent, &approval)?;
    Ok(Approved { approval, approved_by, approved_at })
}

/// One approval.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &ApprovalId) -> Result<Approval> {
    let row: Option<Sealed> = view.tx().find(GET, &bind! { approval: id.as_str() })?;
    row.ok_or(Refusal::NotFound)?.opened(view)
}

/// What waits for a second person, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &View<'_>) -> Result<Vec<Approval>> {
    let asked = bind! { now: column::micros(view.now()), most: MOST_LISTED };
    let rows: Vec<Sealed> = view.tx().rows(OPEN, &asked)?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// What was asked last, whatever became of it.
///
/// # Errors
/// A fault of the database.
pub fn recent(view: &View<'_>) -> Result<Vec<Approval>> {
    let rows: Vec<Sealed> = view.tx().rows(RECENT, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// Whether somebody may agree to it now, or refuse: what a page asks before it shows the buttons.
///
/// # Errors
/// As [`approve`].
pub fn may_decide(view: &View<'_>, approval: &Approval, who: &PersonId) -> Result<()> {
    let second = let_in(view, who)?;
    let asker = let_in(view, &approval.asked_by)?;
    if approval.state(view.now()) != State::Open {
        return Err(Refusal::Closed.into());
    }
    if second.id == asker.id || is_about(approval, &second.id) {
        return Err(Refusal::SamePerson.into());
    }
    let home = home_of_subject(view, approval.kind, &approval.subject)?;
    let matter = matter(approval.kind, home.as_ref(), Some((&asker.id, asker.role)));
    access::may_agree(&asker_of(&second), &matter).map_err(|_| Refusal::NotAllowed)?;
    Ok(())
}

fn second_person(act: &Act<'_>, id: &ApprovalId) -> Result<(Approval, Person)> {
    let approval = get(act, id)?;
    let second = acting(act)?;
    may_decide(act, &approval, &second.id)?;
    Ok((approval, second))
}

/// The person who acts. What two people must agree on is nobody else's to say: not the operator's, not the house's.
fn acting(act: &Act<'_>) -> Result<Person> {
    let Actor::Person { person, .. } = act.actor() else { return Err(Refusal::NotAllowed.into()) };
    let_in(act, person)
}

/// A person who is let in at all.
fn let_in(view: &View<'_>, id: &PersonId) -> Result<Person> {
    let person = person::find(view, id)?.ok_or(Refusal::Disabled)?;
    if person.home.is_live(view)? { Ok(person) } else { Err(Refusal::Disabled.into()) }
}

/// Whether it is about this person, who then has no voice in it.
fn is_about(approval: &Approval, who: &PersonId) -> bool {
    matches!(approval.kind, ApprovalKind::RecoverPerson | ApprovalKind::ChangeRole)
        && approval.subject == who.as_str()
}

/// Where the person belongs whom it is about.
fn home_of_subject(view: &View<'_>, kind: ApprovalKind, subject: &str) -> Result<Option<Home>> {
    match kind {
        ApprovalKind::RecoverPerson | ApprovalKind::ChangeRole => {
            let id = PersonId::parse(subject).map_err(|_| Refusal::NotFound)?;
            Ok(Some(person::find(view, &id)?.ok_or(Refusal::NotFound)?.home))
        }
        _ => Ok(None),
    }
}

fn matter<'a>(
    kind: ApprovalKind,
    home: Option<&'a Home>,
    asked_by: Option<(&'a PersonId, policy::ViewerRole)>,
) -> Matter<'a> {
    let (agency, provider) = (home.and_then(Home::agency), home.and_then(Home::provider));
    Matter { kind, agency, provider, asked_by }
}

/// Somebody who acts came in through a session, and there is none without the banner (R-72).
fn asker_of(person: &Person) -> Asker<'_> {
    Asker::Person(access::Person {
        person: &person.id,
        role: person.role,
        agency: person.home.agency(),
        provider: person.home.provider(),
        banner: true,
        fresh: false,
    })
}

fn decide(
    act: &Act<'_>,
    id: &ApprovalId,
    outcome: Outcome,
    by: &Person,
    sealed_reason: Option<Vec<u8>>,
) -> Result<()> {
    let row = bind! {
        approval: id.as_str(), outcome: outcome.as_str(), decided_by: by.id.as_str(),
        now: column::micros(act.now()), sealed_reason,
    };
    if act.tx().execute(DECIDE, &row)? == 0 {
        return Err(Refusal::Closed.into());
    }
    Ok(())
}

fn noted(act: &Act<'_>, kind: EventKind, approval: &Approval) -> Result<()> {
    let told = json!({ "approval": approval.id, "kind": approval.kind, "subject": approval.subject });
    act.note(Event::of_house(kind).with(told))?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Approved,
    Refused,
    Withdrawn,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = ();
    fn from_str(word: &str) -> std::result::Result<Self, ()> {
        [Self::Approved, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|one| one.as_str() == word)
            .ok_or(())
    }
}

const DETAILS: &str = "sealed_details";
const REASON: &str = "sealed_reason";

fn place<'a>(id: &'a ApprovalId, column: &'static str) -> Place<'a> {
    Place { table: "approval", row: id.as_str().as_bytes(), column }
}

/// A row before its words are opened.
struct Sealed {
    approval: Approval,
    sealed_details: Vec<u8>,
    sealed_reason: Option<Vec<u8>>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Approval> {
        let Self { mut approval, sealed_details, sealed_reason } = self;
        let details = match words::open(view, &place(&approval.id, DETAILS), &sealed_details)? {
            Some(plain) => {
                serde_json::from_slice(plain.reveal()).map_err(|_| Fault::Row { what: "details" })?
            }
            None => json!({ "what_it_said": words::GONE }),
        };
        approval.details = Private::new(details);
        let opened =
            sealed_reason.map(|sealed| words::open_text(view, &place(&approval.id, REASON), &sealed));
        approval.reason = opened.transpose()?;
        Ok(approval)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let decided_by: Option<PersonId> = column::parsed_option(row, "decided_by")?;
        let approval = Approval {
            id: column::parsed(row, "id")?,
            kind: column::parsed(row, "kind")?,
            subject: row.get("subject")?,
            details: Private::new(Value::Null),
            asked_by: column::parsed(row, "asked_by")?,
            asked_at: column::moment(row, "asked_at")?,
            ends_at: column::moment(row, "ends_at")?,
            decided: decided_by.zip(column::moment_option(row, "decided_at")?),
            reason: None,
            outcome: column::parsed_option(row, "outcome")?,
            spent_at: column::moment_option(row, "spent_at")?,
        };
        Ok(Self {
            approval,
            sealed_details: row.get("sealed_details")?,
            sealed_reason: row.get("sealed_reason")?,
        })
    }
}
