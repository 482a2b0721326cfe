//! Wrong answers in a row. They slow a person's keys down and do not lock them, so that nobody locks an officer out by
//! guessing; at the twentieth an administrator has to say so (AC-7).

use database::{FromRow, Row, bind};
use domain::{Id, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

/// So many wrong answers in a row cost nothing but themselves.
pub const FREE: u32 = 5;
/// At so many an administrator has to say so.
pub const LOCKED_AT: u32 = 20;
/// How long the first of those that cost something lasts; each one more lasts twice as long.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// And never longer than this.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Doublings after which the longest wait is reached.
const MOST_DOUBLINGS: u32 = 5;

const FIND: &str = "-- guard::find
    SELECT wrong, wrong_at, locked_at FROM sign_in_guard WHERE person_id = :person";

const COUNT: &str = "-- guard::count
    INSERT INTO sign_in_guard (person_id, wrong, wrong_at) VALUES (:person, 1, :now)
    ON CONFLICT (person_id) DO UPDATE SET wrong = sign_in_guard.wrong + 1, wrong_at = :now
    RETURNING wrong";

const LOCK: &str = "-- guard::lock
    UPDATE sign_in_guard SET locked_at = :now WHERE person_id = :person AND locked_at IS NULL";

const CLEAR: &str = "-- guard::clear
    DELETE FROM sign_in_guard WHERE person_id = :person";

/// What stands against a person's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Wrong answers in a row.
    pub wrong: u32,
    /// The newest of them.
    pub wrong_at: Timestamp,
    /// Since when an administrator has to say so.
    pub locked_at: Option<Timestamp>,
}

impl Guard {
    /// Whether the next answer is listened to now.
    #[must_use]
    pub fn lets_in(&self, now: Timestamp) -> bool {
        self.locked_at.is_none() && now.duration_since(self.wrong_at) >= self.wait()
    }

    fn wait(&self) -> SignedDuration {
        let Some(more) = self.wrong.checked_sub(FREE) else { return SignedDuration::ZERO };
        (FIRST_WAIT * (1 << more.min(MOST_DOUBLINGS))).min(LONGEST_WAIT)
    }
}

/// What stands against a person's keys, if anything does.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, person: &PersonId) -> Result<Option<Guard>> {
    Ok(view.tx().find(FIND, &bind! { person: person.as_str() })?)
}

/// Counts a wrong answer. The leaf of the refusal is the caller's; that of the lock is written here.
///
/// # Errors
/// A fault of the database.
pub fn count(act: &Act<'_>, person: &PersonId) -> Result<u32> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    let wrong: u32 = act.tx().get(COUNT, &row)?;
    if wrong >= LOCKED_AT && act.tx().execute(LOCK, &row)? == 1 {
        let details = json!({ "person": person, "wrong": wrong });
        act.note(Event::of_house(EventKind::SignInLocked).with(details))?;
    }
    Ok(wrong)
}

/// Forgets the wrong answers after a right one.
///
/// # Errors
/// A fault of the database.
pub fn clear(act: &Act<'_>, person: &PersonId) -> Result<()> {
    act.tx().execute(CLEAR, &bind! { person: person.as_str() })?;
    Ok(())
}

/// An administrator lets somebody try again.
///
/// # Errors
/// [`Refusal::NotFound`] when nothing stands against them.
pub fn release(act: &Act<'_>, person: &PersonId) -> Result<()> {
    if act.tx().execute(CLEAR, &bind! { person: person.as_str() })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::SignInReleased).with(json!({ "person": person })))?;
    Ok(())
}

impl FromRow for Guard {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            wrong: row.get("wrong")?,
            wrong_at: column::moment(row, "wrong_at")?,
            locked_at: column::moment_option(row, "locked_at")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_780_315_200, 0);
    const SECOND: SignedDuration = SignedDuration::from_secs(1);

    fn after(wrong: u32) -> Guard {
        Guard { wrong, wrong_at: NOON, locked_at: None }
    }

    // PROVES: R-70
    #[test]
    fn wrong_answers_slow_down_and_never_longer_than_a_quarter_of_an_hour() {
        assert!(after(FREE - 1).lets_in(NOON));
        let waits: Vec<i64> = (FREE..FREE + 8).map(|wrong| after(wrong).wait().as_secs()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900]);
        assert!(!after(FREE).lets_in(NOON + FIRST_WAIT - SECOND));
        assert!(after(FREE).lets_in(NOON + FIRST_WAIT));
        assert!(!after(u32::MAX).lets_in(NOON + LONGEST_WAIT - SECOND));
        assert!(after(u32::MAX).lets_in(NOON + LONGEST_WAIT));
    }

    #[test]
    fn what_is_locked_is_not_opened_by_waiting() {
        let locked = Guard { locked_at: Some(NOON), ..after(LOCKED_AT) };
        assert!(!locked.lets_in(NOON + SignedDuration::from_hours(1000)));
    }
}
