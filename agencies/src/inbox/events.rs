//! How many reports came since a page was made, told while it is open (server-sent events). Nothing of a report is in it: a
//! number, and whoever reads it chooses to load them. The page works without.
//!
//! INVARIANT: watching keeps nobody signed in. A screen that is left alone hides and locks as if nothing were open, so a watcher
//! is looked up without a mark in its session, and the stream ends with the session.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use http::{HeaderMap, StatusCode, Uri, header};
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Interval, MissedTickBehavior, interval};
use workspace::{Trouble, inbox};

use super::asked::PATH as INBOX;
use crate::Agencies;
use crate::cases::{Fields, said};

pub(super) const PATH: &str = "/agency/inbox/events";

/// So often the rows are asked; a count is one short range of an index.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// So often one stream looks; a browser comes again by itself.
const MOST_LOOKS: u32 = 120;
/// Streams at once.
static WATCHERS: Semaphore = Semaphore::const_new(500);

/// One stream.
struct Watch {
    agencies: Agencies,
    secret: String,
    since: Timestamp,
    told: u32,
    looks: u32,
    ticks: Interval,
    _place: SemaphorePermit<'static>,
}

/// `GET /agency/inbox/events?since=MICROSECONDS`.
pub(super) async fn watch(
    State(agencies): State<Agencies>,
    uri: Uri,
    headers: HeaderMap,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let streams = accept.is_some_and(|accept| accept.contains("text/event-stream"));
    let secret = web::session_cookie(&headers);
    let signed_in = match &secret {
        Some(secret) => pipeline::watching(&agencies.house, secret).await.map(drop),
        None => return if streams { nothing() } else { agencies.door.outside() },
    };
    if let Err(trouble) = signed_in {
        return if streams { nothing() } else { agencies.door.turned_away(&trouble, &uri) };
    }
    let Query(fields) = fields.unwrap_or_default();
    let since = said(&fields, "since").parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok());
    // Whoever opens it as a page finds the page that it is about.
    let (Some(secret), Some(since), true) = (secret, since, streams) else { return web::redirect(INBOX) };
    let Ok(place) = WATCHERS.try_acquire() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watch = Watch { agencies, secret, since, told: 0, looks: 0, ticks, _place: place };
    Sse::new(unfold(watch, next)).keep_alive(KeepAlive::default()).into_response()
}

/// A browser that watches and is told this does not come again: nobody is signed in, or the screen is locked.
fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Waits until there is something else to tell.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    while watch.looks < MOST_LOOKS {
        watch.ticks.tick().await;
        watch.looks += 1;
        let count = watch.count().await.ok()?;
        if count != watch.told {
            watch.told = count;
            return Some((Ok(Event::default().event("new").data(count.to_string())), watch));
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
