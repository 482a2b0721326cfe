//! Grounds on record: what opens a file that its provider did not view. Each speaks for one agency and for
//! exactly the files that it names; whether it holds is judged anew every time, by the server's clock.

use domain::{AgencyId, FileId, GroundId, ReportId, ViewGround};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Exigent circumstances last this long at most; whoever needs longer has had the time to ask a court.
pub const EXIGENT_LASTS: SignedDuration = SignedDuration::from_hours(48);
/// Letters of one answer of a ground at most.
pub const MOST_LETTERS: usize = 2_000;
/// Files that one ground names at most.
pub const MOST_FILES: usize = 10_000;

/// A ground on record, as far as the gate asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedGround {
    /// Its id.
    pub id: GroundId,
    /// Which kind it is.
    pub kind: ViewGround,
    /// For which agency it was recorded; `None` for the clearinghouse's own people.
    pub agency: Option<AgencyId>,
    /// The report it speaks of.
    pub report: ReportId,
    /// One file that it names.
    pub file: FileId,
    /// When it begins.
    pub from: Timestamp,
    /// When its time is over.
    pub until: Option<Timestamp>,
    /// When its second person said yes, where it needs one.
    pub seconded_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What has become of a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Live,
    /// It waits for its second person.
    Waiting,
    /// Its day has not come.
    NotYet,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Live, Self::Waiting, Self::NotYet, Self::Expired, Self::Revoked];

    /// The state in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "holds",
            Self::Waiting => "waits for a second person",
            Self::NotYet => "has not begun",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl RecordedGround {
    /// What has become of it at a moment.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> State {
        let needs_second = needs_second(self.kind);
        state(
            &Dates {
                until: self.until,
                from: self.from,
                seconded_at: self.seconded_at,
                revoked_at: self.revoked_at,
            },
            needs_second,
            at,
        )
    }
}

/// The moments of a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// When it begins.
    pub from: Timestamp,
    /// When its time is over.
    pub until: Option<Timestamp>,
    /// When its second person said yes.
    pub seconded_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What has become of a ground with these moments. A ground lasts up to its end and not at it.
#[must_use]
pub fn state(dates: &Dates, needs_second: bool, at: Timestamp) -> State {
    if dates.revoked_at.is_some() {
        State::Revoked
    } else if dates.until.is_some_and(|until| at >= until) {
        State::Expired
    } else if needs_second && dates.seconded_at.is_none() {
        State::Waiting
    } else if at < dates.from {
        State::NotYet
    } else {
        State::Live
    }
}

/// Whether a ground of this kind opens nothing before a second person confirmed it: the commander for exigent
/// circumstances, the two-person rule for a memorandum of counsel.
#[must_use]
pub const fn needs_second(kind: ViewGround) -> bool {
    matches!(kind, ViewGround::Exigent | ViewGround::Counsel)
}

/// Whether a ground of this kind can be on record at all: what a provider stated is read from its statement, always.
#[must_use]
pub const fn can_be_recorded(kind: ViewGround) -> bool {
    !matches!(kind, ViewGround::EspViewed | ViewGround::PubliclyAvailable)
}

/// What is recorded of a ground, in the words of whoever recorded it. Sealed; no page but the report's shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Words {
    /// A court allowed it.
    Warrant {
        /// Which court.
        court: String,
        /// Its number there.
        number: String,
        /// What it covers, in its own words.
        scope: String,
    },
    /// Somebody who may, consented.
    Consent {
        /// Who.
        who: String,
        /// To what.
        what: String,
    },
    /// There is no time to ask a court.
    Exigent {
        /// The supervisor who answers for it.
        supervisor: String,
        /// Why there is no time.
        reason: String,
    },
    /// Counsel of the clearinghouse allowed it.
    Counsel {
        /// Which memorandum.
        memo: String,
    },
}

/// Why a ground is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// An answer is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An answer is too long.
    #[error("{0} is longer than {MOST_LETTERS} letters")]
    TooLong(&'static str),
    /// No file, or too many.
    #[error("name the files, each one; no ground covers a report as a whole")]
    Files,
    /// It ends before it begins, or has ended.
    #[error("its end is not after its beginning, or is past")]
    Over,
    /// A warrant without an end, or exigent circumstances that last too long.
    #[error("say when it ends; exigent circumstances last 48 hours at most")]
    Endless,
}

impl Words {
    /// Which kind of ground they describe.
    #[must_use]
    pub const fn kind(&self) -> ViewGround {
        match self {
            Self::Warrant { .. } => ViewGround::Warrant,
            Self::Consent { .. } => ViewGround::Consent,
            Self::Exigent { .. } => ViewGround::Exigent,
            Self::Counsel { .. } => ViewGround::Counsel,
        }
    }

    /// Each answer under its name, in order.
    #[must_use]
    pub fn answers(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Warrant { court, number, scope } => {
                vec![("Court", court), ("Number", number), ("Scope", scope)]
            }
            Self::Consent { who, what } => vec![("Who consented", who), ("To what", what)],
            Self::Exigent { supervisor, reason } => vec![("Supervisor", supervisor), ("Reason", reason)],
            Self::Counsel { memo } => vec![("Memorandum", memo)],
        }
    }

    /// Checks what is to be recorded for so many files from one moment to another.
    ///
    /// # Errors
    /// [`Unfit`] names the first thing that is wrong.
    pub fn check(
        &self,
        files: usize,
        from: Timestamp,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Unfit> {
        for (name, answer) in self.answers() {
            if answer.trim().is_empty() {
                return Err(Unfit::Missing(name));
            }
            if answer.chars().count() > MOST_LETTERS {
                return Err(Unfit::TooLong(name));
            }
        }
        if !(1..=MOST_FILES).contains(&files) {
            return Err(Unfit::Files);
        }
        if until.is_some_and(|until| until <= from || until <= now) {
            return Err(Unfit::Over);
        }
        let lasts = until.map(|until| until.duration_since(from.max(now)));
        match self {
            Self::Warrant { .. } if lasts.is_none() => Err(Unfit::Endless),
            Self::Exigent { .. } if lasts.is_none_or(|lasts| lasts > EXIGENT_LASTS) => Err(Unfit::Endless),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);

    fn warrant() -> Words {
        let said = |text: &str| text.to_owned();
        Words::Warrant { court: said("District Court"), number: said("26-1"), scope: said("two named files") }
    }

    fn exigent() -> Words {
        Words::Exigent { supervisor: "Lt. Example".to_owned(), reason: "a child is in reach".to_owned() }
    }

    fn hours(hours: i64) -> Timestamp {
        NOW + SignedDuration::from_hours(hours)
    }

    #[test]
    fn a_ground_names_its_files_and_its_end() {
        assert_eq!(warrant().check(2, NOW, Some(hours(24 * 14)), NOW), Ok(()));
        assert_eq!(warrant().check(0, NOW, Some(hours(1)), NOW), Err(Unfit::Files));
        assert_eq!(warrant().check(1, NOW, None, NOW), Err(Unfit::Endless));
        assert_eq!(warrant().check(1, NOW, Some(NOW), NOW), Err(Unfit::Over));
        assert_eq!(exigent().check(1, NOW, Some(hours(48)), NOW), Ok(()));
        assert_eq!(exigent().check(1, NOW, Some(hours(49)), NOW), Err(Unfit::Endless));
        let unsaid = Words::Consent { who: " ".to_owned(), what: "all of it".to_owned() };
        assert_eq!(unsaid.check(1, NOW, None, NOW), Err(Unfit::Missing("Who consented")));
    }
}
