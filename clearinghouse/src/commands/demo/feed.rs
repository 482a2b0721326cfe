//! The invented reports: sent over HTTP by the same client that `synth send` uses, then waited for until agencies have
//! them.

use std::sync::Arc;
use std::time::Duration;

use console::progress;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use store::{House, health};
use synth::{Account, Plan, SendOptions, Shares};

use super::kept::Kept;
use crate::commands::synth::Bar;
use crate::outcome::{Doing, Failure, Result};

/// Reports in flight: enough to keep two cores busy.
const CONNECTIONS: usize = 8;
const ATTEMPTS: u32 = 4;
/// How often the reports that no agency has yet are counted, and how often at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const MOST_LOOKS: u32 = 3_000;

/// Sends so many reports and waits until all of them have arrived.
pub(super) async fn send(house: &House, base: &str, kept: &Kept, reports: u64, seed: u64) -> Result<()> {
    if reports == 0 {
        return Ok(());
    }
    let account = |one: &super::kept::Account| Account {
        username: one.username.clone(),
        password: one.password.clone(),
    };
    let bar = progress::bar(reports, "sending");
    let options = SendOptions {
        base: format!("{base}/ispws"),
        accounts: kept.providers.iter().map(account).collect(),
        plan: Plan::new(seed, Shares::Demo).before(start_of_day(house.now())?),
        reports: 0..reports,
        rate: None,
        connections: CONNECTIONS,
        attempts: ATTEMPTS,
        watch: Arc::new(Bar(bar.clone())),
    };
    let sent = synth::send(options).await;
    bar.finish_and_clear();
    let sent = sent.doing("send the invented reports")?;
    if sent.accepted < reports {
        let lost = reports - sent.accepted;
        return Err(Failure::new(format!("{lost} of {reports} invented reports were not accepted")));
    }
    arrive(house, reports).await
}

/// Everything in the reports happened before today, so that a run of the same day is the same.
fn start_of_day(now: Timestamp) -> Result<Timestamp> {
    let now = now.to_zoned_datetime(TimeZone::UTC);
    Ok(now
        .round(jiff::ZonedDateTimeRound::new().smallest(Unit::Day).mode(jiff::RoundMode::Floor))?
        .timestamp())
}

async fn arrive(house: &House, reports: u64) -> Result<()> {
    let bar = progress::bar(reports, "delivering");
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    for _ in 0..MOST_LOOKS {
        ticks.tick().await;
        let counts = house.read("demo::counts", health::counts).await.doing("count the reports")?;
        let waiting: u64 = counts.undelivered.iter().map(|(_, count)| count).sum();
        bar.set_position(reports.saturating_sub(waiting));
        if waiting == 0 {
            bar.finish_and_clear();
            return Ok(());
        }
    }
    bar.finish_and_clear();
    tracing::warn!("some reports are still on their way; the workers go on");
    Ok(())
}
