//! Webhooks: where an agency's own system is told that there is something new in its feed. What is told holds no content
//! and can be told late, twice or never: whoever reads the feed misses nothing. So there is no row for a call, only one for
//! each webhook, which says how far its receiver was told and when it is called next; and for a month what it was told, so
//! that its agency can have it said again under the same name ([`replay`]).

pub mod replay;

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, Private};
use house::pause;
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::Assign;
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column};

const INSERT: &str = "-- webhook::insert
    INSERT INTO webhook (id, agency_id, added_by, added_at, told, asked, due_at, attempts, sealed_target)
    VALUES (:id, :agency, :by, :now, (SELECT COALESCE(MAX(position), 0) FROM feed_entry WHERE agency_id = :agency),
        0, :now, 0, :sealed_target)";

const OF_AGENCY: &str = "-- webhook::of_agency
    SELECT id, added_by, added_at, told, attempts, failing_since, last_at, last_answer, former_until, again_after, again_until,
        again_next, sealed_target
    FROM webhook WHERE agency_id = :agency AND removed_at IS NULL ORDER BY added_at, id LIMIT :most";

const FIND: &str = "-- webhook::find
    SELECT id, added_by, added_at, told, attempts, failing_since, last_at, last_answer, former_until, again_after, again_until,
        again_next, sealed_target
    FROM webhook WHERE agency_id = :agency AND id = :id AND removed_at IS NULL";

const ROTATE: &str = "-- webhook::rotate
    UPDATE webhook SET sealed_target = :sealed_target, former_until = :until WHERE id = :id";

const REMOVE: &str = "-- webhook::remove
    UPDATE webhook SET removed_at = :now, removed_by = :by
    WHERE agency_id = :agency AND id = :id AND removed_at IS NULL";

/// Asked again before the call that it asks for has ended, it changes nothing: nobody can have themselves called without end.
/// What comes within a turn stays as it is, because somebody may be calling until then.
const ASK: &str = "-- webhook::ask
    UPDATE webhook SET asked = 1, due_at = CASE WHEN asked = 1 OR due_at <= :turn THEN due_at ELSE :now END
    WHERE agency_id = :agency AND id = :id AND removed_at IS NULL";

/// Only of agencies that are let in: one that is not hears nothing, not even that there is something.
const DUE: &str = "-- webhook::due
    SELECT webhook.id, webhook.agency_id, webhook.due_at FROM webhook JOIN agency ON agency.id = webhook.agency_id
    WHERE webhook.removed_at IS NULL AND webhook.due_at <= :now AND agency.disabled_at IS NULL
        AND agency.qualifying_fact IS NOT NULL AND (agency.qualified_until IS NULL OR agency.qualified_until > :now)
        AND (webhook.asked = 1 OR webhook.again_after IS NOT NULL OR EXISTS (SELECT 1 FROM feed_entry
            WHERE feed_entry.agency_id = webhook.agency_id AND feed_entry.position > webhook.told))
    ORDER BY webhook.due_at LIMIT :most";

const NEWEST: &str = "-- webhook::newest
    SELECT COALESCE(MAX(position), 0) FROM feed_entry WHERE agency_id = :agency";

/// Whoever takes it first has it, until its time is over.
const TAKE: &str = "-- webhook::take
    UPDATE webhook SET due_at = :until, attempts = attempts + 1
    WHERE id = :id AND due_at = :due_at AND removed_at IS NULL";

const SAID: &str = "-- webhook::said
    INSERT INTO webhook_call (webhook_id, through, name, first_at) VALUES (:id, :through, :name, :now)
    ON CONFLICT (webhook_id, through) DO NOTHING";

const NAME: &str = "-- webhook::name
    SELECT name FROM webhook_call WHERE webhook_id = :id AND through = :through";

const TOOK: &str = "-- webhook::took
    UPDATE webhook SET told = CASE WHEN told < :told THEN :told ELSE told END, again_next = :again_next, due_at = :due_at,
        attempts = 0, failing_since = NULL, last_at = :now, last_answer = :answer
    WHERE id = :id";

const FAILED: &str = "-- webhook::failed
    UPDATE webhook SET again_next = :again_next, due_at = :due_at, failing_since = COALESCE(failing_since, :now),
        last_at = :now, last_answer = :answer
    WHERE id = :id";

/// The call that somebody asked for was made.
const PINGED: &str = "-- webhook::pinged
    UPDATE webhook SET asked = 0 WHERE id = :id";

/// Webhooks of one agency.
pub const MOST: u32 = 5;
/// Letters of an address.
pub const MOST_URL_LETTERS: usize = 1_000;
/// Letters of an answer that are kept.
const MOST_ANSWER_LETTERS: usize = 200;
/// How long the secret before this one signs too.
const FORMER_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// How long a call may take before another process makes it anew.
pub const TURN: SignedDuration = SignedDuration::from_secs(60);
/// What lies between two calls that were taken, however much is new.
const GAP: SignedDuration = SignedDuration::from_secs(5);
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// A webhook as its agency sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name.
    pub id: String,
    /// Where it leads; an address may hold a secret of the receiver.
    pub url: Private<String>,
    /// Who added it, as the ledger writes them.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
    /// The place of the feed up to which its receiver was told.
    pub told: u64,
    /// Calls since the last one that was taken.
    pub attempts: u32,
    /// Since when no call was taken.
    pub failing_since: Option<Timestamp>,
    /// The last call.
    pub last_at: Option<Timestamp>,
    /// What came of it.
    pub last_answer: Option<String>,
    /// Until when the secret before this one signs too.
    pub former_until: Option<Timestamp>,
    /// What of it is being said again: behind the first place of the feed, up to the second.
    pub again: Option<(u64, u64)>,
    /// Whether that comes before what is new.
    again_next: bool,
}

/// Where it leads, and what signs.
#[derive(Clone, Serialize, Deserialize)]
struct Target {
    url: String,
    secret: [u8; 32],
    former: Option<[u8; 32]>,
}

/// A webhook that is to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub agency: AgencyId,
    due_at: i64,
}

/// A call that is to be made now, and by nobody else.
pub struct Call {
    /// The webhook.
    pub id: String,
    /// Whose it is.
    pub agency: AgencyId,
    /// Where it leads.
    pub url: Private<String>,
    /// What signs: the present secret, and the one before it while that lasts.
    pub secrets: Private<Vec<[u8; 32]>>,
    /// What is said: the same for every try, and when it is said again.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// How often it was tried, this time included.
    pub attempt: u32,
}

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// There is something new, up to this place of the feed.
    News {
        /// The place.
        through: u64,
    },
    /// The same as at an earlier call, because its agency asked to hear it again.
    Again {
        /// The place up to which it was told then.
        through: u64,
        /// How far the saying again had come.
        after: u64,
    },
    /// Nothing: somebody asked for a call.
    Nothing,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it.
    Taken(String),
    /// It did not, or was not there.
    Failed(String),
    /// It said that it is gone for good.
    Gone,
}

/// Adds a webhook and answers its name and its secret, which is shown this once. Its receiver is told of what comes from
/// now on.
///
/// # Errors
/// [`Refusal::Unfit`] for an address that is too long, [`Refusal::Conflict`] when there are as many as may be.
pub fn add(act: &Act<'_>, permit: &Permit<Assign>, url: &str) -> Result<(String, Private<[u8; 32]>)> {
    let own = agency(permit)?;
    if url.chars().count() > MOST_URL_LETTERS {
        return Err(Refusal::Unfit { what: "address" }.into());
    }
    let present: Vec<Kept> = act.tx().rows(OF_AGENCY, &bind! { agency: own.as_str(), most: MOST })?;
    if present.len() >= MOST as usize {
        return Err(Refusal::Conflict.into());
    }
    let id = format!("wh-{}", seal::hex(&act.chance::<8>()?));
    let secret = act.chance::<32>()?;
    let target = Target { url: url.to_owned(), secret, former: None };
    let row = bind! {
        id: &id, agency: own.as_str(), by: act.actor().text(), now: column::micros(act.now()),
        sealed_target: sealed(act, &id, &target)?,
    };
    act.tx().execute(INSERT, &row)?;
    note(act, EventKind::WebhookAdded, own, &id)?;
    Ok((id, Private::new(secret)))
}

/// The webhooks of the permit's agency.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, permit: &Permit<Assign>) -> Result<Vec<Webhook>> {
    let rows: Vec<Kept> =
        view.tx().rows(OF_AGENCY, &bind! { agency: agency(permit)?.as_str(), most: MOST })?;
    let opened = rows.into_iter().map(|Kept(webhook, sealed)| {
        let target = opened(view, &webhook.id, &sealed)?;
        Ok(Webhook { url: Private::new(target.url), ..webhook })
    });
    opened.collect()
}

/// Draws another secret; the one before it signs too for a day, so that the receiver can change over without a gap.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn rotate(act: &Act<'_>, permit: &Permit<Assign>, id: &str) -> Result<Private<[u8; 32]>> {
    let own = agency(permit)?;
    let Kept(_, kept) = find(act, own, id)?;
    let target = opened(act, id, &kept)?;
    let secret = act.chance::<32>()?;
    let target = Target { secret, former: Some(target.secret), ..target };
    let until = act.now().checked_add(FORMER_LASTS).unwrap_or(Timestamp::MAX);
    let row = bind! { id, sealed_target: sealed(act, id, &target)?, until: column::micros(until) };
    act.tx().execute(ROTATE, &row)?;
    note(act, EventKind::WebhookRotated, own, id)?;
    Ok(Private::new(secret))
}

/// Takes a webhook away: nothing is told there any more.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn remove(act: &Act<'_>, permit: &Permit<Assign>, id: &str) -> Result<()> {
    gone(act, agency(permit)?, id)
}

fn gone(act: &Act<'_>, own: &AgencyId, id: &str) -> Result<()> {
    let by = act.actor().text();
    let row = bind! { agency: own.as_str(), id, by, now: column::micros(act.now()) };
    if act.tx().execute(REMOVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    replay::forget_all(act, id)?;
    note(act, EventKind::WebhookRemoved, own, id)
}

/// Asks for a call at once, also when there is nothing new.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn ask(act: &Act<'_>, permit: &Permit<Assign>, id: &str) -> Result<()> {
    let own = agency(permit)?;
    let row = bind! { agency: own.as_str(), id, now: column::micros(act.now()), turn: turn_ends(act) };
    if act.tx().execute(ASK, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::WebhookAsked, own, id)
}

/// Webhooks that are to be called now.
///
/// # Errors
/// A fault of the database.
pub fn due(view: &View<'_>, most: u32) -> Result<Vec<Due>> {
    Ok(view.tx().rows(DUE, &bind! { now: column::micros(view.now()), most })?)
}

/// Takes a call, so that nobody else makes it meanwhile. That there is a call is in the ledger before it is made.
///
/// # Errors
/// [`Refusal::LeaseLost`] when somebody else has it, or it was taken away.
pub fn take(act: &Act<'_>, due: &Due) -> Result<Call> {
    let row = bind! { id: &due.id, due_at: due.due_at, until: turn_ends(act) };
    if act.tx().execute(TAKE, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    let Kept(webhook, kept) = find(act, &due.agency, &due.id)?;
    let target = opened(act, &due.id, &kept)?;
    let (name, about) = said(act, &due.agency, &webhook)?;
    let former = target.former.filter(|_| webhook.former_until.is_some_and(|until| act.now() < until));
    note(act, EventKind::WebhookCalled, &due.agency, &due.id)?;
    Ok(Call {
        id: due.id.clone(),
        agency: due.agency.clone(),
        url: Private::new(target.url),
        secrets: Private::new(std::iter::once(target.secret).chain(former).collect()),
        name,
        about,
        attempt: webhook.attempts,
    })
}

/// When a call that is taken now may be taken by another process.
fn turn_ends(view: &View<'_>) -> i64 {
    column::micros(view.now().checked_add(TURN).unwrap_or(Timestamp::MAX))
}

/// What there is to say. What is new and what is said again take turns, so that neither waits for the end of the other.
fn said(act: &Act<'_>, own: &AgencyId, webhook: &Webhook) -> Result<(String, About)> {
    replay::forget(act, &webhook.id)?;
    let through: u64 = act.tx().get(NEWEST, &bind! { agency: own.as_str() })?;
    let is_new = through > webhook.told;
    let again = webhook.again.filter(|_| webhook.again_next || !is_new);
    if let Some(next) = again.map(|pending| replay::next(act, &webhook.id, pending)).transpose()?.flatten() {
        return Ok(next);
    }
    let drawn = format!("msg_{}", seal::hex(&act.chance::<16>()?));
    if is_new {
        let row = bind! { id: &webhook.id, through, name: &drawn, now: column::micros(act.now()) };
        act.tx().execute(SAID, &row)?;
        let name = act.tx().get(NAME, &bind! { id: &webhook.id, through })?;
        return Ok((name, About::News { through }));
    }
    Ok((drawn, About::Nothing))
}

/// Records what came of a call: how far its receiver was told, or when it is called again.
///
/// # Errors
/// A fault of the database.
pub fn answered(act: &Act<'_>, call: &Call, outcome: &Outcome) -> Result<()> {
    let after = |pause| column::micros(act.now().checked_add(pause).unwrap_or(Timestamp::MAX));
    let short = |text: &str| text.chars().take(MOST_ANSWER_LETTERS).collect::<String>();
    let now = column::micros(act.now());
    let again_next = u32::from(matches!(call.about, About::News { .. }));
    if call.about == About::Nothing {
        act.tx().execute(PINGED, &bind! { id: &call.id })?;
    }
    let taken = match outcome {
        Outcome::Gone => return gone(act, &call.agency, &call.id),
        Outcome::Taken(answer) => {
            let gap = if matches!(call.about, About::Again { .. }) { replay::GAP } else { GAP };
            let told = if let About::News { through } = call.about { Some(through) } else { None };
            let row =
                bind! { id: &call.id, told, again_next, due_at: after(gap), now, answer: short(answer) };
            act.tx().execute(TOOK, &row)?;
            if let About::Again { through, after } = call.about {
                replay::said(act, &call.id, (after, through))?;
            }
            true
        }
        // It is never given up: the receiver may be away for a week, and then reads the feed.
        Outcome::Failed(answer) => {
            let again = pause::doubling(call.attempt, FIRST_PAUSE, LONGEST_PAUSE);
            let row = bind! { id: &call.id, again_next, due_at: after(again), now, answer: short(answer) };
            act.tx().execute(FAILED, &row)?;
            false
        }
    };
    let details =
        json!({ "agency": call.agency, "attempt": call.attempt, "taken": taken, "webhook": call.id });
    act.note(Event::of_house(EventKind::WebhookAnswered).with(details))?;
    Ok(())
}

fn find(view: &View<'_>, own: &AgencyId, id: &str) -> Result<Kept> {
    Ok(view.tx().find(FIND, &bind! { agency: own.as_str(), id })?.ok_or(Refusal::NotFound)?)
}

fn note(act: &Act<'_>, kind: EventKind, own: &AgencyId, id: &str) -> Result<()> {
    act.note(Event::of_house(kind).with(json!({ "agency": own, "webhook": id })))?;
    Ok(())
}

fn place(id: &str) -> Place<'_> {
    Place { table: "webhook", row: id.as_bytes(), column: "sealed_target" }
}

fn sealed(act: &Act<'_>, id: &str, target: &Target) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(target).map_err(|_| house::Fault::Row { what: "webhook" })?;
    act.seal(act.house_key(), &place(id), &plain)
}

fn opened(view: &View<'_>, id: &str, sealed: &[u8]) -> Result<Target> {
    let plain = view.open(view.house_key(), &place(id), sealed)?.into_inner();
    Ok(serde_json::from_slice(&plain).map_err(|_| house::Fault::Row { what: "webhook" })?)
}

/// A webhook with its target still sealed.
struct Kept(Webhook, Vec<u8>);

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let webhook = Webhook {
            id: row.get("id")?,
            url: Private::default(),
            added_by: row.get("added_by")?,
            added_at: column::moment(row, "added_at")?,
            told: row.get("told")?,
            attempts: row.get("attempts")?,
            failing_since: column::moment_option(row, "failing_since")?,
            last_at: column::moment_option(row, "last_at")?,
            last_answer: row.get("last_answer")?,
            former_until: column::moment_option(row, "former_until")?,
            again: row.get::<Option<u64>>("again_after")?.zip(row.get("again_until")?),
            again_next: row.get::<u32>("again_next")? == 1,
        };
        Ok(Self(webhook, row.get("sealed_target")?))
    }
}

impl FromRow for Due {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { id: row.get("id")?, agency: column::parsed(row, "agency_id")?, due_at: row.get("due_at")? })
    }
}
