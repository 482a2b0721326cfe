//! What a webhook was called with, said again because its agency asks for it: whoever lost calls, or has to show what it was
//! told, hears them in their order and under their names, one by one. The feed is the same with and without.

use database::bind;
use domain::{AgencyId, Id as _};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::Assign;
use serde_json::json;

use super::{About, Webhook, find, turn_ends};
use crate::{Act, Event, EventKind, Refusal, Result, agency, column};

const SINCE: &str = "-- replay::since
    SELECT through FROM webhook_call WHERE webhook_id = :id AND first_at >= :since ORDER BY first_at, through LIMIT 1";

const BEHIND: &str = "-- replay::behind
    SELECT through FROM webhook_call WHERE webhook_id = :id AND through > :behind AND through <= :told
    ORDER BY through LIMIT :most";

const ASKED: &str = "-- replay::asked
    SELECT COALESCE(again_from, 0) FROM webhook WHERE id = :id {for_update}";

/// What comes within a turn stays as it is, because somebody may be calling until then.
const ASK: &str = "-- replay::ask
    UPDATE webhook SET again_from = :behind, again_after = :behind, again_until = :until,
        due_at = CASE WHEN due_at <= :turn THEN due_at ELSE :now END
    WHERE agency_id = :agency AND id = :id";

const NEXT: &str = "-- replay::next
    SELECT through, name FROM webhook_call WHERE webhook_id = :id AND through > :after AND through <= :until
    ORDER BY through LIMIT 1";

/// Only by whoever said what came next.
const SAID: &str = "-- replay::said
    UPDATE webhook SET again_after = :through WHERE id = :id AND again_after = :after";

const DONE: &str = "-- replay::done
    UPDATE webhook SET again_from = NULL, again_after = NULL, again_until = NULL
    WHERE id = :id AND again_after >= again_until";

const FORGET: &str = "-- replay::forget
    DELETE FROM webhook_call WHERE webhook_id = :id AND first_at < :before";

/// Calls that are said again for one asking.
pub const MOST_AGAIN: u32 = 500;
/// How long it is remembered what a webhook was called with.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What lies between two calls that are said again and were taken.
pub(super) const GAP: SignedDuration = SignedDuration::from_secs(1);

/// From where on something is to be said again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// What was first said at this moment or later.
    Moment(Timestamp),
    /// What told of places of the feed behind this one.
    Cursor(u64),
}

/// What will be said again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// So many calls, at most [`MOST_AGAIN`].
    pub calls: u32,
    /// The place of the feed of the last of them; the one that was asked for where there are none. Whoever wants more asks
    /// again from here.
    pub through: u64,
    /// Whether there is more behind it.
    pub is_more: bool,
}

/// Has a webhook called again with what it was called with, the earliest first. The same asked again while that is not done
/// changes nothing, and answers what is left; anything else takes its place.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Conflict`] for what lies behind the end of what is being said again.
pub fn ask(act: &Act<'_>, permit: &Permit<Assign>, id: &str, from: Behind) -> Result<Replay> {
    let own = agency(permit)?;
    // Nobody else changes what is said again until this is over.
    let asked: u64 = act.tx().find(ASKED, &bind! { id })?.ok_or(Refusal::NotFound)?;
    let webhook = find(act, own, id)?.0;
    forget(act, id)?;
    let behind = behind(act, &webhook, from)?;
    let same = webhook.again.filter(|_| behind == asked);
    let left = same.map_or(behind, |(after, _)| after);
    let rows = bind! { id, behind: left, told: webhook.told, most: MOST_AGAIN + 1 };
    let mut places: Vec<u64> = act.tx().rows(BEHIND, &rows)?;
    let found = places.len();
    places.truncate(MOST_AGAIN as usize);
    if let Some((_, until)) = same {
        places.retain(|place| *place <= until);
    }
    let replay = Replay {
        calls: u32::try_from(places.len()).unwrap_or(MOST_AGAIN),
        through: places.last().copied().unwrap_or(behind),
        is_more: places.len() < found,
    };
    if found > 0 && same.is_none() {
        // Whoever asks for the next ones too early does not lose those before them.
        if webhook.again.is_some_and(|(_, until)| until <= behind) {
            return Err(Refusal::Conflict.into());
        }
        let (until, now) = (replay.through, column::micros(act.now()));
        let row = bind! { id, agency: own.as_str(), behind, until, now, turn: turn_ends(act) };
        act.tx().execute(ASK, &row)?;
    }
    note(act, own, id, (behind, replay))?;
    Ok(replay)
}

/// The place of the feed behind which something is said again.
fn behind(act: &Act<'_>, webhook: &Webhook, from: Behind) -> Result<u64> {
    Ok(match from {
        Behind::Cursor(place) => place.min(webhook.told),
        Behind::Moment(since) => {
            let asked = bind! { id: &webhook.id, since: column::micros(since) };
            let first: Option<u64> = act.tx().find(SINCE, &asked)?;
            first.map_or(webhook.told, |first| first.saturating_sub(1))
        }
    })
}

/// What is said again next; nothing, and the end of it, where the rest is forgotten.
pub(super) fn next(act: &Act<'_>, id: &str, (after, until): (u64, u64)) -> Result<Option<(String, About)>> {
    let next: Option<(u64, String)> = act.tx().find(NEXT, &bind! { id, after, until })?;
    if next.is_none() {
        said(act, id, (after, until))?;
    }
    Ok(next.map(|(through, name)| (name, About::Again { through, after })))
}

/// That was said again, and taken.
pub(super) fn said(act: &Act<'_>, id: &str, (after, through): (u64, u64)) -> Result<()> {
    act.tx().execute(SAID, &bind! { id, after, through })?;
    act.tx().execute(DONE, &bind! { id })?;
    Ok(())
}

/// Forgets what was said long ago, also while something is being said again.
pub(super) fn forget(act: &Act<'_>, id: &str) -> Result<()> {
    let before = act.now().checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
    act.tx().execute(FORGET, &bind! { id, before: column::micros(before) })?;
    Ok(())
}

/// Forgets everything that was said there.
pub(super) fn forget_all(act: &Act<'_>, id: &str) -> Result<()> {
    act.tx().execute(FORGET, &bind! { id, before: i64::MAX })?;
    Ok(())
}

fn note(act: &Act<'_>, own: &AgencyId, id: &str, (behind, replay): (u64, Replay)) -> Result<()> {
    let details = json!({
        "agency": own, "behind": behind, "calls": replay.calls, "through": replay.through, "webhook": id,
    });
    act.note(Event::of_house(EventKind::WebhookReplayed).with(details))?;
    Ok(())
}
