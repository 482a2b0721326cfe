//! How senders say they report: versions, each a draft, then submitted, approved by the clearinghouse or sent back by it
//! with a comment, superseded.
//! What was submitted never changes. The version in force is stamped on a report when it is finished.

use database::{FromRow, Row, bind};
use domain::{Id, MOST_PROFILE_LETTERS, ProfileState, ProviderId, ReportId, SenderProfile, StampedProfile};
use house::words;
use jiff::Timestamp;
use policy::Permit;
use seal::Place;
use serde_json::json;

use crate::{Act, Content, Event, EventKind, Fault, Refusal, Result, View, column, reach};

const LAST: &str = "-- sender_profile::last
    SELECT version, submitted_at FROM sender_profile WHERE provider_id = :provider
    ORDER BY version DESC LIMIT 1 {for_update}";

const INSERT: &str = "-- sender_profile::insert
    INSERT INTO sender_profile (provider_id, version, sealed_content, saved_at, saved_by)
    VALUES (:provider, :version, :sealed_content, :now, :by)
    ON CONFLICT (provider_id, version) DO UPDATE SET sealed_content = excluded.sealed_content,
        saved_at = excluded.saved_at, saved_by = excluded.saved_by
    WHERE sender_profile.submitted_at IS NULL";

const SUBMIT: &str = "-- sender_profile::submit
    UPDATE sender_profile SET submitted_at = :now, submitted_by = :by
    WHERE provider_id = :provider AND version = :version AND submitted_at IS NULL";

const SUPERSEDE_WAITING: &str = "-- sender_profile::supersede_waiting
    UPDATE sender_profile SET superseded_at = :now
    WHERE provider_id = :provider AND submitted_at IS NOT NULL AND approved_at IS NULL AND superseded_at IS NULL";

const SUPERSEDE: &str = "-- sender_profile::supersede
    UPDATE sender_profile SET superseded_at = :now
    WHERE provider_id = :provider AND approved_at IS NOT NULL AND superseded_at IS NULL";

const APPROVE: &str = "-- sender_profile::approve
    UPDATE sender_profile SET approved_at = :now, approved_by = :by
    WHERE provider_id = :provider AND version = :version AND submitted_at IS NOT NULL AND approved_at IS NULL
    AND superseded_at IS NULL AND returned_at IS NULL";

const RETURN: &str = "-- sender_profile::send_back
    UPDATE sender_profile SET returned_at = :now, returned_by = :by, sealed_comment = :sealed_comment
    WHERE provider_id = :provider AND version = :version AND submitted_at IS NOT NULL AND approved_at IS NULL
    AND superseded_at IS NULL AND returned_at IS NULL";

const VERSIONS: &str = "-- sender_profile::versions
    SELECT provider_id, version, sealed_content, saved_at, saved_by, submitted_at, submitted_by, returned_at,
        returned_by, sealed_comment, approved_at, approved_by, superseded_at FROM sender_profile
    WHERE provider_id = :provider ORDER BY version DESC LIMIT :most";

const WAITING: &str = "-- sender_profile::waiting
    SELECT provider_id, version, sealed_content, saved_at, saved_by, submitted_at, submitted_by, returned_at,
        returned_by, sealed_comment, approved_at, approved_by, superseded_at FROM sender_profile
    WHERE submitted_at IS NOT NULL AND approved_at IS NULL AND superseded_at IS NULL AND returned_at IS NULL
    ORDER BY submitted_at LIMIT :most";

const OF_REPORT: &str = "-- sender_profile::of_report
    SELECT sender_profile.provider_id, version, sealed_content, saved_at, saved_by, submitted_at, submitted_by,
        returned_at, returned_by, sealed_comment, approved_at, approved_by, superseded_at
    FROM report JOIN sender_profile ON sender_profile.provider_id = report.provider_id
        AND sender_profile.version = report.sender_profile
    WHERE report.id = :report";

/// Versions that are listed, the newest.
const MOST_LISTED: u32 = 1_000;

/// One version of a sender's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Whose it is.
    pub provider: ProviderId,
    /// 1 for the first, and so on.
    pub version: u32,
    /// What it says.
    pub profile: SenderProfile,
    /// When it was saved last, and by whom, as the ledger writes it.
    pub saved: (Timestamp, String),
    /// When and by whom it was submitted.
    pub submitted: Option<(Timestamp, String)>,
    /// When and by whom it was sent back, and what must be mended.
    pub returned: Option<Returned>,
    /// When and by whom it was approved.
    pub approved: Option<(Timestamp, String)>,
    /// When a newer one took its place.
    pub superseded_at: Option<Timestamp>,
}

/// How a version came back to its sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// By whom, as the ledger writes it.
    pub by: String,
    /// What must be mended, in words for the sender.
    pub comment: String,
}

impl Version {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> ProfileState {
        match (&self.submitted, &self.approved, &self.returned, self.superseded_at) {
            (_, _, _, Some(_)) => ProfileState::Superseded,
            (_, Some(_), _, None) => ProfileState::Approved,
            (_, None, Some(_), None) => ProfileState::Returned,
            (Some(_), None, None, None) => ProfileState::Submitted,
            (None, None, None, None) => ProfileState::Draft,
        }
    }
}

/// Saves a draft and answers its version: the open draft is written anew, else a new version begins.
///
/// # Errors
/// [`Refusal::Unfit`] for a profile beyond its bounds, [`Refusal::Conflict`] when somebody else submitted it meanwhile.
pub fn save(act: &Act<'_>, provider: &ProviderId, profile: &SenderProfile) -> Result<u32> {
    if profile.unfit().is_some() {
        return Err(Refusal::Unfit { what: "sender profile" }.into());
    }
    let last: Option<Last> = act.tx().find(LAST, &bind! { provider: provider.as_str() })?;
    let version = last.map_or(1, |last| if last.is_draft { last.version } else { last.version + 1 });
    let plain = serde_json::to_vec(profile).map_err(|_| Fault::Row { what: "sender profile" })?;
    let row = format!("{provider}/{version}");
    let sealed_content = act.seal(act.house_key(), &place(&row), &plain)?;
    let (now, by) = (column::micros(act.now()), act.actor().text());
    let row = bind! { provider: provider.as_str(), version, sealed_content, now, by };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    note(act, EventKind::SenderProfileSaved, provider, version, &plain)?;
    Ok(version)
}

/// Hands a draft in. An older one that still waits for approval gives way to it.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such draft, [`Refusal::Unfit`] while it does not say what it must.
pub fn submit(act: &Act<'_>, provider: &ProviderId, version: u32) -> Result<()> {
    let draft = get(act, provider, version)?;
    if draft.state() != ProfileState::Draft {
        return Err(Refusal::NotFound.into());
    }
    if !draft.profile.missing().is_empty() {
        return Err(Refusal::Unfit { what: "sender profile" }.into());
    }
    let own = bind! { provider: provider.as_str(), now: column::micros(act.now()) };
    act.tx().execute(SUPERSEDE_WAITING, &own)?;
    step(act, SUBMIT, provider, version)?;
    noted(act, EventKind::SenderProfileSubmitted, &draft)
}

/// Approves what was submitted: it is in force from now on, and the one before it is not.
///
/// # Errors
/// [`Refusal::NotFound`] when no such version waits for approval.
pub fn approve(act: &Act<'_>, provider: &ProviderId, version: u32) -> Result<()> {
    let waiting = get(act, provider, version)?;
    if waiting.state() != ProfileState::Submitted {
        return Err(Refusal::NotFound.into());
    }
    let own = bind! { provider: provider.as_str(), now: column::micros(act.now()) };
    act.tx().execute(SUPERSEDE, &own)?;
    step(act, APPROVE, provider, version)?;
    noted(act, EventKind::SenderProfileApproved, &waiting)
}

/// Sends back what was submitted: it does not wait any more, and its sender reads what must be mended.
///
/// # Errors
/// [`Refusal::NotFound`] when no such version waits for approval, [`Refusal::Unfit`] for a comment that is empty or
/// longer than a text of a profile.
pub fn send_back(act: &Act<'_>, provider: &ProviderId, version: u32, comment: &str) -> Result<()> {
    let comment = comment.trim();
    if comment.is_empty() || comment.chars().count() > MOST_PROFILE_LETTERS {
        return Err(Refusal::Unfit { what: "comment" }.into());
    }
    let waiting = get(act, provider, version)?;
    if waiting.state() != ProfileState::Submitted {
        return Err(Refusal::NotFound.into());
    }
    let row = format!("{provider}/{version}");
    let sealed_comment = words::seal(act, &comment_place(&row), comment.as_bytes())?;
    let (now, by) = (column::micros(act.now()), act.actor().text());
    let moved = bind! { provider: provider.as_str(), version, now, by, sealed_comment };
    if act.tx().execute(RETURN, &moved)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    noted(act, EventKind::SenderProfileReturned, &waiting)
}

fn step(act: &Act<'_>, sql: &'static str, provider: &ProviderId, version: u32) -> Result<()> {
    let (now, by) = (column::micros(act.now()), act.actor().text());
    let moved = act.tx().execute(sql, &bind! { provider: provider.as_str(), version, now, by })?;
    if moved == 0 { Err(Refusal::NotFound.into()) } else { Ok(()) }
}

fn noted(act: &Act<'_>, kind: EventKind, of: &Version) -> Result<()> {
    let plain = serde_json::to_vec(&of.profile).map_err(|_| Fault::Row { what: "sender profile" })?;
    note(act, kind, &of.provider, of.version, &plain)
}

fn note(act: &Act<'_>, kind: EventKind, provider: &ProviderId, version: u32, plain: &[u8]) -> Result<()> {
    let sha256 = seal::hex(&seal::sha256(plain));
    let details = json!({ "provider": provider, "version": version, "sha256": sha256 });
    act.note(Event::of_house(kind).with(details))?;
    Ok(())
}

/// One version.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, provider: &ProviderId, version: u32) -> Result<Version> {
    let found = versions(view, provider)?.into_iter().find(|one| one.version == version);
    Ok(found.ok_or(Refusal::NotFound)?)
}

/// Every version of one sender, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn versions(view: &View<'_>, provider: &ProviderId) -> Result<Vec<Version>> {
    let rows = view.tx().rows(VERSIONS, &bind! { provider: provider.as_str(), most: MOST_LISTED })?;
    rows.into_iter().map(|row: Sealed| row.opened(view)).collect()
}

/// What waits for the clearinghouse's approval, who waits longest first.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>) -> Result<Vec<Version>> {
    let rows = view.tx().rows(WAITING, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row: Sealed| row.opened(view)).collect()
}

/// The version that was in force when the report was finished; `None` when its sender had none.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Option<StampedProfile>> {
    reach::submitted(view, permit, report)?;
    let row: Option<Sealed> = view.tx().find(OF_REPORT, &bind! { report: report.get() })?;
    let Some(found) = row.map(|row| row.opened(view)).transpose()? else { return Ok(None) };
    let (approved_at, _) = found.approved.ok_or(Fault::Row { what: "sender profile" })?;
    Ok(Some(StampedProfile { version: found.version, approved_at, profile: found.profile }))
}

fn place(row: &str) -> Place<'_> {
    Place { table: "sender_profile", row: row.as_bytes(), column: "sealed_content" }
}

fn comment_place(row: &str) -> Place<'_> {
    Place { table: "sender_profile", row: row.as_bytes(), column: "sealed_comment" }
}

struct Last {
    version: u32,
    is_draft: bool,
}

impl FromRow for Last {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let is_draft = column::moment_option(row, "submitted_at")?.is_none();
        Ok(Self { version: row.get("version")?, is_draft })
    }
}

/// A version before its content is opened.
struct Sealed {
    version: Version,
    content: Vec<u8>,
    comment: Option<Vec<u8>>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Version> {
        let Self { mut version, content, comment } = self;
        let row = format!("{}/{}", version.provider, version.version);
        let plain = view.open(view.house_key(), &place(&row), &content)?;
        version.profile =
            serde_json::from_slice(plain.reveal()).map_err(|_| Fault::Row { what: "sender profile" })?;
        if let Some((returned, sealed)) = version.returned.as_mut().zip(comment) {
            returned.comment = words::open_text(view, &comment_place(&row), &sealed)?.into_inner();
        }
        Ok(version)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let step = |at: &str, by: &str| -> std::result::Result<_, database::Fault> {
            let by: Option<String> = row.get(by)?;
            Ok(column::moment_option(row, at)?.zip(by))
        };
        let version = Version {
            provider: column::parsed(row, "provider_id")?,
            version: row.get("version")?,
            profile: SenderProfile::default(),
            saved: (column::moment(row, "saved_at")?, row.get("saved_by")?),
            submitted: step("submitted_at", "submitted_by")?,
            returned: step("returned_at", "returned_by")?.map(|(at, by)| Returned {
                at,
                by,
                comment: String::new(),
            }),
            approved: step("approved_at", "approved_by")?,
            superseded_at: column::moment_option(row, "superseded_at")?,
        };
        Ok(Self { version, content: row.get("sealed_content")?, comment: row.get("sealed_comment")? })
    }
}
