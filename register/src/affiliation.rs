//! Which agency is an affiliate of which task force: dated, on the word of two people, with the agreement of both named.

use database::{FromRow, Row, bind};
use domain::{AgencyId, ApprovalKind, Id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::approval::Approved;
use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column};

const INSERT: &str = "-- affiliation::insert
    INSERT INTO affiliation (task_force_id, affiliate_id, number, agreement, agreement_sha256, from_at, until_at, agreed_by,
        recorded_at)
    VALUES (:task_force, :affiliate, :number, :agreement, :sha256, :from_at, :until_at, :by, :now) ON CONFLICT DO NOTHING";

const LAST: &str = "-- affiliation::last
    SELECT COALESCE(MAX(number), 0) FROM affiliation WHERE task_force_id = :task_force AND affiliate_id = :affiliate";

const END: &str = "-- affiliation::end
    UPDATE affiliation SET ended_by = :by, ended_at = :now
    WHERE task_force_id = :task_force AND affiliate_id = :affiliate AND ended_at IS NULL AND until_at > :now";

const LIST: &str = "-- affiliation::list
    SELECT task_force_id, affiliate_id, number, agreement, agreement_sha256, from_at, until_at, agreed_by, recorded_at, ended_at
    FROM affiliation WHERE (:agency = '' OR task_force_id = :agency OR affiliate_id = :agency)
    ORDER BY task_force_id, affiliate_id, number DESC LIMIT :most";

/// Rows of one list.
const MOST_LISTED: u32 = 5_000;
/// Letters of one answer.
const MOST_LETTERS: usize = 500;

/// What two people are asked to agree on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claim {
    /// The task force.
    pub task_force: AgencyId,
    /// Its affiliate.
    pub affiliate: AgencyId,
    /// Where the agreement of both is.
    pub agreement: String,
    /// Its SHA-256, in hexadecimal.
    pub agreement_sha256: String,
    /// From when on it counts.
    pub from: Timestamp,
    /// When it is over.
    pub until: Timestamp,
}

/// An affiliation on record.
#[derive(Debug, Clone)]
pub struct Affiliation {
    /// What was agreed on.
    pub claim: Claim,
    /// Counts the times that these two were recorded.
    pub number: u32,
    /// Who of the clearinghouse agreed.
    pub agreed_by: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it was ended early.
    pub ended_at: Option<Timestamp>,
}

impl Claim {
    /// Answers when it can be asked for: two agencies that are there, a document, days in their order with an end to come.
    ///
    /// # Errors
    /// [`Refusal::Unfit`]; [`Refusal::NotFound`] for an agency that nobody knows.
    pub fn fits(&self, view: &View<'_>) -> Result<()> {
        let digest = &self.agreement_sha256;
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_said = (1..=MOST_LETTERS).contains(&self.agreement.trim().chars().count());
        let is_dated = self.from < self.until && view.now() < self.until;
        if !is_digest || !is_said || !is_dated || self.task_force == self.affiliate {
            return Err(Refusal::Unfit { what: "affiliation" }.into());
        }
        agency::get(view, &self.task_force)?;
        agency::get(view, &self.affiliate).map(drop)
    }
}

impl Affiliation {
    /// Whether it counts at a moment.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        let end = self.ended_at.map_or(self.claim.until, |ended| ended.min(self.claim.until));
        self.claim.from <= at && at < end
    }

    /// The other one of the two.
    #[must_use]
    pub fn other(&self, own: &AgencyId) -> &AgencyId {
        if self.claim.task_force == *own { &self.claim.affiliate } else { &self.claim.task_force }
    }
}

/// Records an affiliation, on the word of two people.
///
/// # Errors
/// [`Refusal::NotFound`] for an approval of something else, [`Refusal::Unfit`] for what is none, [`Refusal::Conflict`]
/// where one holds already.
pub fn record(act: &Act<'_>, approved: &Approved) -> Result<()> {
    if approved.kind() != ApprovalKind::AffiliateAgency {
        return Err(Refusal::NotFound.into());
    }
    let claim: Claim = serde_json::from_value(approved.details().reveal().clone())
        .map_err(|_| Refusal::Unfit { what: "affiliation" })?;
    claim.fits(act)?;
    let known = of_agency(act, &claim.affiliate)?;
    let same = |one: &&Affiliation| one.claim.task_force == claim.task_force;
    let meets = |one: &Affiliation| {
        one.ended_at.is_none() && one.claim.from < claim.until && claim.from < one.claim.until
    };
    if known.iter().filter(same).any(meets) {
        return Err(Refusal::Conflict.into());
    }
    let pair = bind! { task_force: claim.task_force.as_str(), affiliate: claim.affiliate.as_str() };
    let last: u32 = act.tx().get(LAST, &pair)?;
    let by = format!("{} and {}", approved.asked().0, approved.approved().0);
    let row = bind! {
        task_force: claim.task_force.as_str(), affiliate: claim.affiliate.as_str(), number: last + 1,
        agreement: claim.agreement.trim(), sha256: &claim.agreement_sha256, from_at: column::micros(claim.from),
        until_at: column::micros(claim.until), by, now: column::micros(act.now()),
    };
    // Two that are agreed to in the same moment look at the same last one.
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({
        "affiliate": claim.affiliate, "agreement_sha256": claim.agreement_sha256, "approval": approved.id(),
        "task_force": claim.task_force,
    });
    act.note(Event::of_house(EventKind::AffiliationMade).with(details))?;
    Ok(())
}

/// Ends one now: one person is enough to take away.
///
/// # Errors
/// [`Refusal::NotFound`] where none is left to end.
pub fn end(act: &Act<'_>, task_force: &AgencyId, affiliate: &AgencyId) -> Result<()> {
    let row = bind! {
        task_force: task_force.as_str(), affiliate: affiliate.as_str(), by: act.actor().text(),
        now: column::micros(act.now()),
    };
    if act.tx().execute(END, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "affiliate": affiliate, "task_force": task_force });
    act.note(Event::of_house(EventKind::AffiliationEnded).with(details))?;
    Ok(())
}

/// Every affiliation, by task force.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Affiliation>> {
    listed(view, "")
}

/// Those that an agency is part of, on either side.
///
/// # Errors
/// A fault of the database.
pub fn of_agency(view: &View<'_>, agency: &AgencyId) -> Result<Vec<Affiliation>> {
    listed(view, agency.as_str())
}

fn listed(view: &View<'_>, agency: &str) -> Result<Vec<Affiliation>> {
    Ok(view.tx().rows(LIST, &bind! { agency, most: MOST_LISTED })?)
}

impl FromRow for Affiliation {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let claim = Claim {
            task_force: column::parsed(row, "task_force_id")?,
            affiliate: column::parsed(row, "affiliate_id")?,
            agreement: row.get("agreement")?,
            agreement_sha256: row.get("agreement_sha256")?,
            from: column::moment(row, "from_at")?,
            until: column::moment(row, "until_at")?,
        };
        Ok(Self {
            claim,
            number: row.get("number")?,
            agreed_by: row.get("agreed_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            ended_at: column::moment_option(row, "ended_at")?,
        })
    }
}
