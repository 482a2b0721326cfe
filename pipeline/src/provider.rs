//! What a provider may see: its own reports, and of those what it sent and how far they are. Another
//! provider's report does not exist. Nothing here tells what the house added, nor which agency has a report, but for the one
//! abroad for which it was made.

pub(crate) use receipt::written;

mod receipt;
mod standing;
mod viewer;

use dissemination::foreign_request;
use domain::{FileId, Private, Purpose, ReportId, TriState};
use jiff::Timestamp;
use serde_json::json;
use store::own::{self, Range, Submitted};
use store::{Event, EventKind, House, View, evidence, report};

use office::Trouble;

pub use dissemination::foreign_request::Notice;
pub use formats::receipt::SignedReceipt;
pub use receipt::{NoReceipt, receipt, verifier_keys};
pub use standing::OwnState;
pub use store::own::{Key as OwnKey, Listed as OwnDocument, MOST_ROWS as MOST_OWN_ROWS};
pub use viewer::ProviderViewer;

/// Rows of a page when nobody asks for a number.
const ROWS: u32 = 50;

/// Which part of the list of own reports is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportQuery {
    /// Only in this state.
    pub state: Option<OwnState>,
    /// Only opened at this moment or later.
    pub since: Option<Timestamp>,
    /// Only opened before this moment.
    pub until: Option<Timestamp>,
    /// The page after the row with this key, of the same question.
    pub after: Option<OwnKey>,
    /// Rows of the page, at most [`MOST_OWN_ROWS`].
    pub limit: u32,
}

impl Default for ReportQuery {
    /// The newest of all.
    fn default() -> Self {
        Self { state: None, since: None, until: None, after: None, limit: ROWS }
    }
}

/// One report in the list of a provider's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// Its number.
    pub report: ReportId,
    /// How far it is.
    pub state: OwnState,
    /// Key of its incident type.
    pub incident_type: String,
    /// Files received.
    pub files: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it expires unless it is finished or grows; only while it is open.
    pub expires_at: Option<Timestamp>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// Until when the provider must preserve what it sent.
    pub preserve_until: Option<Timestamp>,
}

/// One page of the list, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Its rows. There may be few, even none, and yet more to come.
    pub rows: Vec<OwnRow>,
    /// What to ask for the next page with; `None` at the end.
    pub next: Option<OwnKey>,
}

/// One own report, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnReport {
    /// What the list says of it.
    pub row: OwnRow,
    /// The provider's name.
    pub provider_name: String,
    /// SHA-256 over everything submitted, in hex, once it is finished.
    pub submission_sha256: Option<String>,
    /// Its files, in the order in which they came; none when nothing of it was kept.
    pub files: Vec<OwnFile>,
    /// The documents, the replaced ones among them.
    pub documents: Vec<OwnDocument>,
    /// What happened to it, in order of time.
    pub timeline: Vec<OwnMoment>,
    /// What it is told of an agency abroad that asked for it.
    pub notice: Option<Notice>,
}

/// A file as its sender may see it: never its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile {
    /// Its id.
    pub file: FileId,
    /// 1 for the first file uploaded, and so on.
    pub position: u32,
    /// The name as it was sent with the upload.
    pub name: Option<Private<String>>,
    /// When it was received.
    pub received_at: Timestamp,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// MD5 of its bytes, in hex: what the upload was answered with.
    pub md5: String,
    /// Whether details were sent for it.
    pub is_described: bool,
    /// The provider said that it viewed the entire file.
    pub viewed: TriState,
    /// The provider said that it viewed its EXIF block.
    pub exif_viewed: TriState,
    /// The provider said that the whole of it was publicly available.
    pub public: TriState,
}

/// One thing that happened to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMoment {
    /// What.
    pub what: OwnEvent,
    /// When.
    pub at: Timestamp,
}

/// What a provider is told of a report's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnEvent {
    /// It was opened.
    Opened,
    /// A file of it was received.
    FileReceived(FileId),
    /// It was finished.
    Finished,
    /// All of it was found to be in the vault.
    Sealed,
    /// It was made available to law enforcement. To whom is never told.
    MadeAvailable,
    /// Its provider took it back.
    Retracted,
    /// Its time ran out before it was finished.
    Expired,
    /// It was destroyed by rule.
    Destroyed,
}

impl OwnEvent {
    /// Its place on a report's way, for moments that are the same.
    const fn rank(&self) -> u8 {
        match self {
            Self::Opened => 0,
            Self::FileReceived(_) => 1,
            Self::Finished | Self::Retracted | Self::Expired => 2,
            Self::Sealed => 3,
            Self::MadeAvailable => 4,
            Self::Destroyed => 5,
        }
    }
}

/// One page of the viewer's own reports, the newest first.
///
/// # Errors
/// A fault.
pub async fn reports(
    house: &House,
    viewer: &ProviderViewer,
    query: ReportQuery,
) -> Result<ReportPage, Trouble> {
    let permit = viewer.lists();
    let listed = house.read("provider::reports", move |view| {
        let ReportQuery { state, since, until, after, limit } = query;
        let keep = |row: &Submitted| state.is_none_or(|state| state == OwnState::of(row, view.now()));
        let (rows, next) = own::page(view, &permit, &Range { since, until, after, limit }, keep)?;
        Ok(ReportPage { rows: rows.into_iter().map(|one| row(one, view.now())).collect(), next })
    });
    Ok(listed.await?)
}

/// One own report with its files, documents and timeline. Reading the names of files is an act.
///
/// # Errors
/// "No such thing" also for another provider's; a fault.
pub async fn report(house: &House, viewer: &ProviderViewer, number: ReportId) -> Result<OwnReport, Trouble> {
    let permit = viewer.reads().clone();
    let gathered = house.read("provider::report", move |view| gather(view, &permit, number)).await?;
    if gathered.row.state.is_kept() {
        let (permit, provider) = (viewer.reads().clone(), viewer.provider().clone());
        let noted = house.act(permit.actor().clone(), Purpose::Intake, "provider::report", move |act| {
            let details = json!({ "provider": provider, "rule": permit.rule() });
            act.note(Event::of_report(EventKind::ReportRead, number).with(details))
        });
        noted.await?;
    }
    Ok(gathered)
}

fn gather(
    view: &View<'_>,
    permit: &policy::Permit<policy::Read>,
    number: ReportId,
) -> store::Result<OwnReport> {
    let row = row(own::get(view, permit, number)?, view.now());
    let summary = report::get(view, permit, number)?;
    let kept = row.state.is_kept();
    let files = if kept { evidence::files(view, permit, number)? } else { Vec::new() };
    let documents = if kept { own::documents(view, permit, number)? } else { Vec::new() };
    let moments = own::moments(view, permit, number)?;
    let files: Vec<OwnFile> = files.into_iter().map(file).collect();
    Ok(OwnReport {
        timeline: timeline(&row, &files, &moments),
        provider_name: summary.provider_name,
        submission_sha256: summary.submission_sha256.map(|digest| seal::hex(&digest)),
        notice: foreign_request::notice(view, permit, number)?,
        row,
        files,
        documents,
    })
}

fn row(one: Submitted, now: Timestamp) -> OwnRow {
    let state = OwnState::of(&one, now);
    OwnRow {
        report: one.report,
        state,
        incident_type: one.incident_type,
        files: one.files,
        opened_at: one.opened_at,
        expires_at: one.expires_at.filter(|_| state == OwnState::Open),
        finished_at: one.finished_at,
        preserve_until: one.preserve_until,
    }
}

fn file(one: evidence::File) -> OwnFile {
    let said = one.statement.as_ref();
    OwnFile {
        position: one.position,
        received_at: one.received_at,
        size_bytes: one.size_bytes,
        sha256: seal::hex(&one.sha256),
        md5: seal::hex(&one.md5),
        is_described: said.is_some(),
        viewed: said.map_or(TriState::Unknown, |said| said.viewed),
        exif_viewed: said.map_or(TriState::Unknown, |said| said.exif_viewed),
        public: said.map_or(TriState::Unknown, |said| said.public),
        name: one.uploaded_name,
        file: one.id,
    }
}

fn timeline(row: &OwnRow, files: &[OwnFile], moments: &[(EventKind, Timestamp)]) -> Vec<OwnMoment> {
    let told = |kind| match kind {
        EventKind::ReportSealed => Some(OwnEvent::Sealed),
        EventKind::ReportDelivered => Some(OwnEvent::MadeAvailable),
        EventKind::ReportRetracted => Some(OwnEvent::Retracted),
        EventKind::ReportExpired => Some(OwnEvent::Expired),
        EventKind::ReportDestroyed => Some(OwnEvent::Destroyed),
        _ => None,
    };
    let opened = OwnMoment { what: OwnEvent::Opened, at: row.opened_at };
    let received =
        |one: &OwnFile| OwnMoment { what: OwnEvent::FileReceived(one.file.clone()), at: one.received_at };
    let finished = row.finished_at.map(|at| OwnMoment { what: OwnEvent::Finished, at });
    let later = moments.iter().filter_map(|(kind, at)| Some(OwnMoment { what: told(*kind)?, at: *at }));
    let mut all: Vec<OwnMoment> =
        std::iter::once(opened).chain(files.iter().map(received)).chain(finished).chain(later).collect();
    // Stable: files of one moment stay in the order in which they came.
    all.sort_by_key(|moment| (moment.at, moment.what.rank()));
    all
}
