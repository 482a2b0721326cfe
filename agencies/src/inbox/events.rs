//! How many reports came since a page was made, told while it is open (server-sent events). Nothing of a report is in it: a
//! number, and whoever reads it chooses to load them. The page works without.
//!
//! INVARIANT: watching keeps nobody signed in. A screen that is left alone hides and locks as if nothing were open, so a watcher
//! is looked up without a mark in its session, and the stream ends with the session.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::{Actor, PersonId};
use futures_util::future::ready;
use futures_util::stream::{once, unfold};
use http::request::Parts;
use http::{StatusCode, header};
use jiff::Timestamp;
use policy::Viewer;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Interval, MissedTickBehavior, interval};
use workspace::{Trouble, inbox};

use crate::Agencies;
use crate::cases::{Fields, said};
use dossierpage::asked::PATH as INBOX;

pub(super) const PATH: &str = "/agency/inbox/events";

/// So often the rows are asked; a count is one short range of an index.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// So often one stream looks; a browser comes again by itself.
const MOST_LOOKS: u32 = 120;
/// Streams at once.
static WATCHERS: Semaphore = Semaphore::const_new(500);
/// Streams of one person at once. Browsers open six connections to a house without HTTP/2; with five pages of the inbox
/// open, one is left for everything else.
const MOST_OF_ONE: u32 = 5;
static OF_PEOPLE: Mutex<BTreeMap<PersonId, u32>> = Mutex::new(BTreeMap::new());
/// What a browser that comes again says it was told last.
const LAST_EVENT: &str = "last-event-id";

/// One of the places that a person has; given back when it is dropped.
struct Seat(PersonId);

/// One stream.
struct Watch {
    agencies: Agencies,
    secret: String,
    since: Timestamp,
    told: u32,
    looks: u32,
    ticks: Interval,
    _seat: Seat,
    _place: SemaphorePermit<'static>,
}

/// `GET /agency/inbox/events?since=MICROSECONDS`.
pub(super) async fn watch(
    State(agencies): State<Agencies>,
    parts: Parts,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Response {
    let word = |name| parts.headers.get(name).and_then(|word| word.to_str().ok());
    let streams = word(header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream"));
    let Some(secret) = web::session_cookie(&parts.headers) else {
        return if streams { nothing() } else { agencies.door.outside_of(&parts) };
    };
    let viewer = match pipeline::watching(&agencies.house, &secret).await {
        Ok(viewer) => viewer,
        Err(_) if streams => return nothing(),
        Err(trouble) => return agencies.door.turned_away(&trouble, &parts),
    };
    let Query(fields) = fields.unwrap_or_default();
    let since = said(&fields, "since").parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok());
    // Whoever opens it as a page finds the page that it is about.
    let (Some(since), true) = (since, streams) else { return web::redirect(INBOX) };
    let Ok(place) = WATCHERS.try_acquire() else { return silent(0) };
    let Some(seat) = Seat::of(&viewer) else { return silent(MOST_OF_ONE) };
    // Whoever comes again is told what is new beside what they were told already, and not the same twice.
    let told = word(LAST_EVENT).and_then(|told| told.parse().ok()).unwrap_or_default();
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watch = Watch { agencies, secret, since, told, looks: 0, ticks, _seat: seat, _place: place };
    Sse::new(unfold(watch, next)).keep_alive(KeepAlive::default()).into_response()
}

impl Seat {
    /// Nothing where the person has all of them.
    fn of(viewer: &Viewer) -> Option<Self> {
        let Actor::Person { person, .. } = &viewer.actor else { return None };
        let mut taken = OF_PEOPLE.lock().unwrap_or_else(PoisonError::into_inner);
        let many = taken.entry(person.clone()).or_default();
        if *many >= MOST_OF_ONE {
            return None;
        }
        *many += 1;
        Some(Self(person.clone()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = OF_PEOPLE.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.0) {
            Some(many) if *many > 1 => *many -= 1,
            _ => drop(taken.remove(&self.0)),
        }
    }
}

/// A browser that watches and is told this does not come again: nobody is signed in, or the screen is locked.
fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A page that has no place is told so, and says it in words: a browser cannot read a refusal of a stream. It does not come
/// again; whoever reads the page loads it anew. `others` are one's own open pages, or none where the house has no place.
fn silent(others: u32) -> Response {
    let told = Event::default().event("silent").data(others.to_string());
    Sse::new(once(ready(Ok::<_, Infallible>(told)))).into_response()
}

/// Waits until there is something else to tell.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    while watch.looks < MOST_LOOKS {
        watch.ticks.tick().await;
        watch.looks += 1;
        let count = watch.count().await.ok()?;
        if count != watch.told {
            watch.told = count;
            let count = count.to_string();
            return Some((Ok(Event::default().event("new").id(count.clone()).data(count)), watch));
        }
    }
    None
}

impl Watch {
    async fn count(&self) -> Result<u32, Trouble> {
        let viewer = pipeline::watching(&self.agencies.house, &self.secret).await?;
        inbox::count_since(&self.agencies.house, &viewer, self.since).await
    }
}
