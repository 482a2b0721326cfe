//! Which rules are in force: the sets that this house has seen, and from when on which of them counts. A set gets its day
//! from two people; the first one, with which a house begins, and those of a synthetic demo need nobody.

use database::{FromRow, Row, bind};
use domain::{ApprovalId, ApprovalKind, Id as _};
use jiff::{SignedDuration, Timestamp};
use policy::{RuleSetId, Texts};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::approval::Approved;
use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, column};

const KEEP: &str = "-- rule_set::keep
    INSERT INTO rule_set (id, sha256, texts, kept_at) VALUES (:id, :sha256, :texts, :now) ON CONFLICT DO NOTHING";

const TEXTS: &str = "-- rule_set::texts
    SELECT texts FROM rule_set WHERE id = :id AND sha256 = :sha256";

const DIGEST: &str = "-- rule_set::digest
    SELECT sha256 FROM rule_set WHERE id = :id";

const CHANGE: &str = "-- rule_set::change
    INSERT INTO rule_change (number, rule_set_id, starts_at, agreed_at, approval_id)
    VALUES (:number, :id, :starts_at, :now, :approval) ON CONFLICT DO NOTHING";

const LAST: &str = "-- rule_set::last
    SELECT COALESCE(MAX(number), 0) FROM rule_change";

const AT: &str = "-- rule_set::at
    SELECT number, rule_set_id, starts_at, agreed_at, approval_id FROM rule_change WHERE starts_at <= :at
    ORDER BY starts_at DESC, number DESC LIMIT 1";

const AFTER: &str = "-- rule_set::after
    SELECT number, rule_set_id, starts_at, agreed_at, approval_id FROM rule_change WHERE starts_at > :at
    ORDER BY starts_at, number DESC LIMIT 1";

const TIMETABLE: &str = "-- rule_set::timetable
    SELECT number, rule_set_id, starts_at, agreed_at, approval_id FROM rule_change
    ORDER BY starts_at DESC, number DESC LIMIT :most";

const OFFERED: &str = "-- rule_set::offered
    SELECT id, kept_at FROM rule_set
    WHERE NOT EXISTS (SELECT 1 FROM rule_change WHERE rule_change.rule_set_id = rule_set.id)
    ORDER BY kept_at DESC, id LIMIT :most";

/// Changes and offers that are listed.
const MOST_LISTED: u32 = 200;

/// Between the agreement and the start at the least: every process of the house has heard of it by then, and all change in
/// the same moment.
pub const LEAD: SignedDuration = SignedDuration::from_secs(30);

/// From when on a set counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which change it was.
    pub number: u64,
    /// The set.
    pub set: RuleSetId,
    /// From when on it is in force.
    pub starts_at: Timestamp,
    /// When that was settled.
    pub agreed_at: Timestamp,
    /// The agreement; `None` for the first set of a house, and in a synthetic demo.
    pub approval: Option<ApprovalId>,
}

/// What two people agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The set.
    pub set: String,
    /// The digest over all its files, in hexadecimal.
    pub sha256: String,
    /// The set that would be in force then without it.
    pub instead_of: String,
    /// From when on it is to be in force; at once where that has passed.
    pub starts_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Files that are added, removed and changed, by name.
    pub added: Vec<String>,
    /// Files that are removed.
    pub removed: Vec<String>,
    /// Files whose words change.
    pub changed: Vec<String>,
}

/// Begins to decide by rules that the house keeps. Refused where it already does.
///
/// # Errors
/// [`Refusal::Conflict`] when another process was first.
pub fn found(act: &Act<'_>, texts: &Texts) -> Result<()> {
    if last(act)? != 0 {
        return Err(Refusal::Conflict.into());
    }
    let id = keep(act, texts)?;
    start(act, &id, act.now(), None)?;
    noted(act, EventKind::RulesFounded, &id, json!({}))
}

/// Keeps a set that nobody has agreed to. Answers whether it was new.
///
/// # Errors
/// A refusal for texts that are no set.
pub fn offer(act: &Act<'_>, texts: &Texts) -> Result<bool> {
    let id = named(texts)?;
    if digest(act, &id)?.is_some() {
        return Ok(false);
    }
    keep(act, texts)?;
    noted(act, EventKind::RulesOffered, &id, json!({})).map(|()| true)
}

/// Gives a set its start, as two people agreed. Never sooner than [`LEAD`] from now.
///
/// # Errors
/// [`Refusal::NotFound`] for an approval of something else, [`Refusal::Conflict`] when the set that is kept is not the one
/// that was agreed on, or when other rules have got that day since: it is compared with them then, and asked for anew.
pub fn agree(act: &Act<'_>, approved: &Approved) -> Result<Timestamp> {
    if approved.kind() != ApprovalKind::ChangeRules && approved.kind() != ApprovalKind::RelaxGate {
        return Err(Refusal::NotFound.into());
    }
    let details = approved.details().reveal().clone();
    let agreed: Proposal =
        serde_json::from_value(details).map_err(|_| Refusal::Unfit { what: "proposal" })?;
    let id: RuleSetId = agreed.set.parse().map_err(|_| Refusal::NotFound)?;
    let kept = digest(act, &id)?.ok_or(Refusal::NotFound)?;
    if seal::hex(&kept) != agreed.sha256 {
        return Err(Refusal::Conflict.into());
    }
    let starts_at = agreed.starts_at.max(act.now().saturating_add(LEAD).unwrap_or(Timestamp::MAX));
    let instead_of = at(act, starts_at)?.ok_or(Refusal::NotFound)?;
    if instead_of.set.as_str() != agreed.instead_of {
        return Err(Refusal::Conflict.into());
    }
    start(act, &id, starts_at, Some(approved.id()))?;
    noted(act, EventKind::RulesAgreed, &id, json!({ "approval": approved.id(), "starts_at": starts_at }))?;
    Ok(starts_at)
}

/// Puts a set in force at once without anybody's word. For synthetic demos, whose profile is their approval.
///
/// # Errors
/// A refusal for texts that are no set.
pub fn adopt(act: &Act<'_>, texts: &Texts) -> Result<()> {
    let id = keep(act, texts)?;
    start(act, &id, act.now(), None)?;
    noted(act, EventKind::RulesAgreed, &id, json!({ "starts_at": act.now() }))
}

/// The change by which a set is in force at a moment.
///
/// # Errors
/// A fault of the database.
pub fn at(view: &View<'_>, moment: Timestamp) -> Result<Option<Change>> {
    Ok(view.tx().find(AT, &bind! { at: column::micros(moment) })?)
}

/// The next change after a moment.
///
/// # Errors
/// A fault of the database.
pub fn after(view: &View<'_>, moment: Timestamp) -> Result<Option<Change>> {
    Ok(view.tx().find(AFTER, &bind! { at: column::micros(moment) })?)
}

/// Every change, those to come first.
///
/// # Errors
/// A fault of the database.
pub fn timetable(view: &View<'_>) -> Result<Vec<Change>> {
    Ok(view.tx().rows(TIMETABLE, &bind! { most: MOST_LISTED })?)
}

/// Sets that were never in force and have no day either, with when this house saw them first.
///
/// # Errors
/// A fault of the database.
pub fn offered(view: &View<'_>) -> Result<Vec<(RuleSetId, Timestamp)>> {
    let rows: Vec<Offered> = view.tx().rows(OFFERED, &bind! { most: MOST_LISTED })?;
    Ok(rows.into_iter().map(|Offered(id, at)| (id, at)).collect())
}

/// The texts of a set, held against their digest and their name.
///
/// # Errors
/// [`Refusal::NotFound`]; a fault for texts that were changed where they lie.
pub fn texts(view: &View<'_>, id: &RuleSetId) -> Result<Texts> {
    let sha256 = digest(view, id)?.ok_or(Refusal::NotFound)?;
    let json: String = view.tx().get(TEXTS, &bind! { id: id.as_str(), sha256 })?;
    let texts: Texts = serde_json::from_str(&json).map_err(|_| Fault::Row { what: "texts of rules" })?;
    let is_whole = texts.sha256() == sha256 && texts.id().is_ok_and(|named| named == *id);
    if is_whole { Ok(texts) } else { Err(Fault::Row { what: "digest of rules" }.into()) }
}

fn digest(view: &View<'_>, id: &RuleSetId) -> Result<Option<[u8; 32]>> {
    Ok(view.tx().find(DIGEST, &bind! { id: id.as_str() })?)
}

fn last(view: &View<'_>) -> Result<u64> {
    Ok(view.tx().get(LAST, &database::Args::none())?)
}

fn named(texts: &Texts) -> Result<RuleSetId> {
    Ok(texts.id().map_err(|_| Refusal::Unfit { what: "rules" })?)
}

fn keep(act: &Act<'_>, texts: &Texts) -> Result<RuleSetId> {
    let id = named(texts)?;
    let json = serde_json::to_string(texts).map_err(|_| Fault::Row { what: "texts of rules" })?;
    let row = bind! { id: id.as_str(), sha256: texts.sha256(), texts: json, now: column::micros(act.now()) };
    act.tx().execute(KEEP, &row)?;
    Ok(id)
}

fn start(act: &Act<'_>, id: &RuleSetId, starts_at: Timestamp, approval: Option<&ApprovalId>) -> Result<()> {
    let row = bind! {
        number: last(act)? + 1, id: id.as_str(), starts_at: column::micros(starts_at),
        now: column::micros(act.now()), approval: approval.map(ApprovalId::as_str),
    };
    // Two at once: one of them comes again and finds it done.
    if act.tx().execute(CHANGE, &row)? == 0 { Err(Refusal::Conflict.into()) } else { Ok(()) }
}

fn noted(act: &Act<'_>, kind: EventKind, id: &RuleSetId, mut told: serde_json::Value) -> Result<()> {
    let digest = digest(act, id)?.ok_or(Fault::Row { what: "rules" })?;
    told["rule_set"] = id.as_str().into();
    told["sha256"] = seal::hex(&digest).into();
    act.note(Event { object: Some(id.as_str().to_owned()), ..Event::of_house(kind).with(told) })?;
    Ok(())
}

impl FromRow for Change {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            number: row.get("number")?,
            set: column::parsed(row, "rule_set_id")?,
            starts_at: column::moment(row, "starts_at")?,
            agreed_at: column::moment(row, "agreed_at")?,
            approval: column::parsed_option(row, "approval_id")?,
        })
    }
}

struct Offered(RuleSetId, Timestamp);

impl FromRow for Offered {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "id")?, column::moment(row, "kept_at")?))
    }
}
