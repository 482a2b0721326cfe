//! The view gate: per file, strictest reading (R-14, R-17 to R-19a). Unknown counts as not viewed.

use domain::{Actor, FileId, FileStatement, MetadataGroup, ReportId, TriState, ViewGround};

use crate::permit::OpenFile;

/// What is known of one file when somebody wants its bytes.
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
    /// Grounds recorded for exactly this file and the agency that asks.
    pub grounds: Vec<RecordedGround>,
}

/// A ground on record, such as a warrant. Court, number, scope and expiry are checked where it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedGround(pub ViewGround);

/// Why a file stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// No ground opens it.
    #[error("the provider did not state that it viewed this file, and no other ground is on record")]
    NoGround,
    /// The bytes were never kept (R-01, synthetic profile).
    #[error("the bytes of this file were not retained")]
    NotRetained,
}

impl Withheld {
    /// Stable code for `withheld-files.csv` and the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoGround => "no-view-ground",
            Self::NotRetained => "not-retained",
        }
    }

    /// What would release the file. It names only what can be done today: grounds of an agency's own cannot be recorded
    /// yet.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NoGround => {
                "legal process to the sender, which preserves the original; a warrant or consent cannot be recorded here yet"
            }
            Self::NotRetained => "nothing here; legal process to the sender, which preserves the original",
        }
    }
}

/// Opens exactly one file, or says why not.
///
/// # Errors
/// [`Withheld`] when the bytes are not kept or no ground holds.
pub fn open(facts: &FileFacts, actor: &Actor) -> Result<OpenFile, Withheld> {
    if !facts.retained {
        return Err(Withheld::NotRetained);
    }
    let ground = ground(facts).ok_or(Withheld::NoGround)?;
    Ok(OpenFile::new(facts.report, facts.file.clone(), ground, actor.clone()))
}

/// The ground that holds for a file, the provider's own statement first.
#[must_use]
pub fn ground(facts: &FileFacts) -> Option<ViewGround> {
    if facts.viewed.is_yes() {
        Some(ViewGround::EspViewed)
    } else if facts.public.is_yes() {
        Some(ViewGround::PubliclyAvailable)
    } else {
        facts.grounds.first().map(|g| g.0)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(viewed: TriState, exif_viewed: TriState, public: TriState) -> FileStatement {
        let unsaid = FileStatement::about(ReportId::try_from(7).unwrap(), FileId::from_random([0xab; 16]));
        FileStatement { viewed, exif_viewed, public, ..unsaid }
    }

    // PROVES: R-14 R-19
    #[test]
    fn only_an_answer_on_the_block_itself_or_that_all_was_public_opens_exif() {
        let group = |kind: Option<&str>| MetadataGroup { kind: kind.map(str::to_owned), pairs: Vec::new() };
        for &viewed in TriState::ALL {
            for &exif_viewed in TriState::ALL {
                for &public in TriState::ALL {
                    let statement = statement(viewed, exif_viewed, public);
                    let answered = exif_viewed == TriState::Yes || public == TriState::Yes;
                    for kind in [Some("EXIF"), Some("hash"), Some(""), Some("newer"), None] {
                        assert_eq!(opens_metadata(&statement, &group(kind)), answered, "{kind:?}");
                    }
                    assert!(opens_metadata(&statement, &group(Some("HASH"))));
                }
            }
        }
    }

    fn facts(viewed: TriState, public: TriState, grounds: &[ViewGround]) -> FileFacts {
        FileFacts {
            report: ReportId::try_from(7).unwrap(),
            file: FileId::from_random([0xab; 16]),
            viewed,
            public,
            retained: true,
            grounds: grounds.iter().map(|&g| RecordedGround(g)).collect(),
        }
    }

    // PROVES: R-14 R-17
    #[test]
    fn only_a_plain_yes_or_a_recorded_ground_opens_a_file() {
        for &viewed in TriState::ALL {
            for &public in TriState::ALL {
                for recorded in [None].into_iter().chain(ViewGround::ALL.iter().copied().map(Some)) {
                    let grounds: Vec<ViewGround> = recorded.into_iter().collect();
                    let opened = open(&facts(viewed, public, &grounds), &Actor::House).is_ok();
                    let should = viewed == TriState::Yes || public == TriState::Yes || !grounds.is_empty();
                    assert_eq!(opened, should, "{viewed} {public} {recorded:?}");
                }
            }
        }
    }

    // PROVES: R-01
    #[test]
    fn bytes_that_were_not_kept_cannot_be_opened_on_any_ground() {
        let mut facts = facts(TriState::Yes, TriState::Yes, ViewGround::ALL);
        facts.retained = false;
        assert_eq!(open(&facts, &Actor::House).unwrap_err(), Withheld::NotRetained);
    }
}
