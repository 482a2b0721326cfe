//! The view gate: per file, strictest reading (R-14, R-17 to R-19a). Unknown counts as not viewed.

use domain::{
    Actor, AgencyId, FileId, FileStatement, GroundId, MetadataGroup, ReportId, TriState, ViewGround,
};
use jiff::Timestamp;

use crate::ground::{RecordedGround, State};
use crate::permit::OpenFile;
use crate::processor::{Processor, RENDITION};
use crate::relaxation::Relaxation;

/// What is known of one file when somebody wants its bytes, from one snapshot.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// Its report.
    pub report: ReportId,
    /// The file.
    pub file: FileId,
    /// The provider viewed its entire contents.
    pub viewed: TriState,
    /// Its entire contents were publicly available.
    pub public: TriState,
    /// Its bytes were kept when they were received.
    pub retained: bool,
    /// The agency that asks; `None` for the house itself, for which only its own counsel's ground speaks.
    pub asker: Option<AgencyId>,
    /// The moment of the snapshot, by the server's clock.
    pub at: Timestamp,
    /// Grounds on record, whatever has become of them.
    pub grounds: Vec<RecordedGround>,
    /// Its sender matched it by a hash, by what it states. Asked only where a relaxation may depend on it.
    pub matched: bool,
    /// Relaxations of the rules in force; there are none by default.
    pub relaxations: Vec<Relaxation>,
}

/// Why a file stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// No ground opens it.
    #[error("the provider did not state that it viewed this file, and no other ground is on record")]
    NoGround,
    /// A ground was recorded, and waits for a second person.
    #[error("the ground on record waits for the word of a second person")]
    Waiting,
    /// A ground was recorded, and begins later.
    #[error("the ground on record has not begun")]
    NotYet,
    /// The time of every ground is over.
    #[error("the ground on record has expired")]
    Expired,
    /// Every ground was taken back.
    #[error("the ground on record was revoked")]
    Revoked,
    /// The bytes were never kept (R-01, synthetic profile).
    #[error("the bytes of this file were not retained")]
    NotRetained,
}

impl Withheld {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::NoGround, Self::Waiting, Self::NotYet, Self::Expired, Self::Revoked, Self::NotRetained];

    /// Stable code for `withheld-files.csv` and the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoGround => "no-view-ground",
            Self::Waiting => "ground-waiting",
            Self::NotYet => "ground-not-begun",
            Self::Expired => "ground-expired",
            Self::Revoked => "ground-revoked",
            Self::NotRetained => "not-retained",
        }
    }

    /// What would release the file.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NoGround | Self::Expired | Self::Revoked => {
                "legal process to the sender, which preserves the original; or a warrant, consent or exigent ground of your agency, recorded on the report's page"
            }
            Self::Waiting => "the commander of your agency confirms the ground on the report's page",
            Self::NotYet => "nothing more: the ground on record opens it on its day",
            Self::NotRetained => "nothing here; legal process to the sender, which preserves the original",
        }
    }
}

/// What opens a file: the ground, and its record or relaxation where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The ground.
    pub ground: ViewGround,
    /// Its record; `None` where the provider's own statement opens the file.
    pub record: Option<GroundId>,
    /// The name of the relaxation by which counsel lets it be opened; `None` where a ground opens it.
    pub relaxation: Option<String>,
}

impl Opening {
    const fn on(ground: ViewGround) -> Self {
        Self { ground, record: None, relaxation: None }
    }
}

/// Opens exactly one file for a look, or says why not.
///
/// # Errors
/// [`Withheld`] when the bytes are not kept or no ground holds.
pub fn open(facts: &FileFacts, actor: &Actor) -> Result<OpenFile, Withheld> {
    open_for(facts, actor, &RENDITION)
}

/// Opens exactly one file for what wants to read it, or says why not.
pub(crate) fn open_for(facts: &FileFacts, actor: &Actor, by: &Processor) -> Result<OpenFile, Withheld> {
    if !facts.retained {
        return Err(Withheld::NotRetained);
    }
    let opening = opening(facts, by)?;
    Ok(OpenFile::new(facts.report, facts.file.clone(), opening, actor.clone()))
}

/// The ground on which a file can be looked at, the provider's own statement first.
#[must_use]
pub fn ground(facts: &FileFacts) -> Option<ViewGround> {
    opening(facts, &RENDITION).ok().map(|opening| opening.ground)
}

/// What opens a file to a processor, or the kindest reason why nothing does: what is still to come before what is over. A
/// relaxation is asked last, so that it is named only where nothing else opens.
///
/// # Errors
/// [`Withheld`] when no ground holds.
pub fn opening(facts: &FileFacts, by: &Processor) -> Result<Opening, Withheld> {
    if facts.viewed.is_yes() {
        return Ok(Opening::on(ViewGround::EspViewed));
    }
    if facts.public.is_yes() {
        return Ok(Opening::on(ViewGround::PubliclyAvailable));
    }
    let speak = || facts.grounds.iter().filter(|one| speaks(one, facts));
    if let Some(live) = speak().find(|one| one.state(facts.at) == State::Live) {
        return Ok(Opening { record: Some(live.id.clone()), ..Opening::on(live.kind) });
    }
    if let Some(relaxed) = facts.relaxations.iter().find(|one| one.opens(facts, by)) {
        return Ok(Opening { relaxation: Some(relaxed.name.clone()), ..Opening::on(ViewGround::Counsel) });
    }
    let is = |state| speak().any(|one| one.state(facts.at) == state);
    Err(if is(State::Waiting) {
        Withheld::Waiting
    } else if is(State::NotYet) {
        Withheld::NotYet
    } else if is(State::Expired) {
        Withheld::Expired
    } else if is(State::Revoked) {
        Withheld::Revoked
    } else {
        Withheld::NoGround
    })
}

/// Whether a record speaks of exactly this file, for exactly whoever asks: an agency, or the clearinghouse, for which only
/// counsel speaks. What a provider stated is never on record as a ground.
fn speaks(ground: &RecordedGround, facts: &FileFacts) -> bool {
    ground.report == facts.report
        && ground.file == facts.file
        && ground.agency == facts.asker
        && (ground.agency.is_some() || ground.kind == ViewGround::Counsel)
        && crate::ground::can_be_recorded(ground.kind)
}

/// The one kind of metadata that is not read out of a file but computed over it.
const NOT_EXIF: &str = "HASH";

/// Whether a group of what the sender says it read in a file may leave. The EXIF block is a file of its own: no
/// ground for the file opens it, only the sender's own answer that it viewed the block, or that the whole file was
/// public. A group of an unknown kind counts as EXIF.
#[must_use]
pub fn opens_metadata(statement: &FileStatement, group: &MetadataGroup) -> bool {
    let answered = statement.exif_viewed.is_yes() || statement.public.is_yes();
    answered || group.kind.as_deref() == Some(NOT_EXIF)
}
