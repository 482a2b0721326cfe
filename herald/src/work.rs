//! The work of calling and writing, beside the workers that walk reports: looked for twice a second, in every process that
//! works. What one process takes, no other does.

use std::future::Future;
use std::time::Duration;

use casework::message::Due;
use casework::{message, oncall, webhook};
use dissemination::desk;
use domain::{Actor, Profile, Purpose};
use store::{Alarm, Error, House, Refusal};
use tokio::task::JoinSet;

use crate::mail::Message;
use crate::ring::ring;
use crate::settings::Settings;

/// How often it is looked whether there is something to say.
const LOOK: Duration = Duration::from_millis(500);
/// Calls and messages that are on their way at once.
const AT_ONCE: usize = 16;
/// Turns, and people to be written to, that are taken up in one look.
const MOST: u32 = 16;

/// Calls and writes until `shutdown` completes.
pub async fn run(house: House, settings: Settings, shutdown: impl Future<Output = ()> + Send) {
    let mut shutdown = Box::pin(shutdown);
    let mut under_way = JoinSet::new();
    loop {
        while under_way.try_join_next().is_some() {}
        if let Err(error) = look(&house, &settings, &mut under_way).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what is to be told could not be looked for"
            );
        }
        if tokio::time::timeout(LOOK, &mut shutdown).await.is_ok() {
            break;
        }
    }
    // What was taken is given its time; its turn is over anyhow when it does not come back.
    while under_way.join_next().await.is_some() {}
}

/// Does everything that is due now, and waits for it.
///
/// # Errors
/// A fault of the store.
pub async fn tick(house: &House, settings: &Settings) -> store::Result<()> {
    let mut under_way = JoinSet::new();
    look(house, settings, &mut under_way).await?;
    while under_way.join_next().await.is_some() {}
    Ok(())
}

async fn look(house: &House, settings: &Settings, under_way: &mut JoinSet<()>) -> store::Result<()> {
    turns(house).await?;
    news(house).await?;
    forget(house).await?;
    // People before systems. Without a mail server messages wait, and are given up with their time.
    let room = left(under_way);
    for due in house.read("message::due", move |view| message::due(view, room)).await? {
        let (house, settings) = (house.clone(), settings.clone());
        under_way.spawn(async move { said("a message", write(&house, &settings, due).await) });
    }
    let room = left(under_way);
    for due in house.read("webhook::due", move |view| webhook::due(view, room)).await? {
        let (house, settings) = (house.clone(), settings.clone());
        under_way.spawn(async move { said("a webhook", ring(&house, &settings, due).await) });
    }
    Ok(())
}

/// How many more may be on their way.
fn left(under_way: &JoinSet<()>) -> u32 {
    u32::try_from(AT_ONCE.saturating_sub(under_way.len())).unwrap_or(0)
}

fn said(what: &str, done: store::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(error = &error as &dyn std::error::Error, what, "could not be told; trying again");
    }
}

/// Calls whoever's turn it is.
async fn turns(house: &House) -> store::Result<()> {
    let mut of_desk = false;
    for call in house.read("oncall::due", |view| oncall::due(view, MOST)).await? {
        let (report, agency) = (call.report.get(), call.agency.as_ref().map(ToString::to_string));
        of_desk |= agency.is_none();
        let turn =
            house.act(Actor::House, Purpose::Pipeline, "oncall::turn", move |act| desk::turn(act, &call));
        let called = elsewhere(turn.await)?.flatten();
        // In a demo nobody is to be woken.
        let is_real = house.profile() != Profile::SyntheticDemo;
        if is_real && called.is_some_and(|people| people.is_empty()) {
            tracing::warn!(
                report.id = report,
                agency.id = agency,
                "nobody of an agency, or of the desk, was called: a ladder is missing"
            );
        }
    }
    alarm(house, of_desk).await
}

/// Raises the alarm while something of the highest priority waits at the desk and nobody there can be called. It is looked
/// for when a call of the desk had its turn, and from then on until it is over.
async fn alarm(house: &House, had_turn: bool) -> store::Result<()> {
    let stands = house.alarms().iter().any(|raised| raised.alarm == Alarm::DeskUnreached);
    // In a demo nobody is to be woken.
    if (!had_turn && !stands) || house.profile() == Profile::SyntheticDemo {
        return Ok(());
    }
    if house.read("desk::unreached", desk::unreached).await? {
        house.raise(Alarm::DeskUnreached, UNREACHED.to_owned());
    } else {
        house.settle(Alarm::DeskUnreached);
    }
    Ok(())
}

const UNREACHED: &str =
    "something of the highest priority waits at the desk, and nobody there can be called: see /desk/calls";

/// Makes messages for whoever wants to hear that there is something new.
async fn news(house: &House) -> store::Result<()> {
    for (person, agency) in house.read("message::waiting", |view| message::waiting(view, MOST)).await? {
        let told = house.act(Actor::House, Purpose::Pipeline, "message::tell", move |act| {
            message::tell(act, &person, agency.as_ref())
        });
        elsewhere(told.await)?;
    }
    Ok(())
}

/// Forgets messages that came to their end long ago. Two processes that do it at once do it once.
async fn forget(house: &House) -> store::Result<()> {
    if house.read("message::is_over", message::is_over).await? {
        house.act(Actor::House, Purpose::Retention, "message::forget", message::forget).await?;
    }
    Ok(())
}

async fn write(house: &House, settings: &Settings, due: Due) -> store::Result<()> {
    let taking = due.clone();
    let taken =
        house.act(Actor::House, Purpose::Pipeline, "message::take", move |act| message::take(act, &taking));
    let Some(Some(message::Addressed { to, code })) = elsewhere(taken.await)? else { return Ok(()) };
    let sent = match &settings.post {
        Some(post) => {
            let at_desk = due.agency.is_none();
            let message = Message { id: due.id.clone(), kind: due.kind, at_desk, to, code };
            post.send(message).await
        }
        None => Err("this house has no mail server".to_owned()),
    };
    house
        .act(Actor::House, Purpose::Pipeline, "message::answered", move |act| {
            message::answered(act, &due, &sent)
        })
        .await
}

/// What another process did meanwhile is done.
fn elsewhere<T>(done: store::Result<T>) -> store::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refusal(Refusal::LeaseLost | Refusal::NotFound)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
