//! Workers: they take leases and walk reports as far as they go. A worker that is killed loses its lease, and another
//! continues from the last recorded stage.

use std::future::Future;
use std::time::Duration;

use dissemination::{desk, transfer};
use domain::{Actor, Priority, Purpose, ReportId, Stage};
use jiff::SignedDuration;
use store::work::{self, Lease};
use store::{Auditor, Error, Event, EventKind, House, Refusal, form, report};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::journey::{LEASE, StrideFault, Tools, Walk};
use crate::{destroy, intake};

/// Reports that one process walks at once.
const AT_ONCE: usize = 32;
/// Reports that are leased at once while more are due than can be walked.
const CLAIMED_TOGETHER: usize = 4;
/// How often a worker looks for work that was asked for in another process.
const LOOK: Duration = Duration::from_millis(250);
/// How often it is looked whether leaves wait for their place in the ledger.
const SEQUENCE: Duration = Duration::from_millis(25);
/// After a run that placed leaves the next one comes so many times as long after it as the run took, and at the latest
/// after [`SEQUENCE`]: the slower the database, the more leaves each run places.
const REST: u32 = 2;
/// How often a bite of the ledger is audited.
const AUDIT: Duration = Duration::from_secs(1);
/// How often the ledger's own alarms are looked after; well below the minute within which they must be raised.
const WATCH: Duration = Duration::from_secs(15);
/// How often open reports whose time is over are looked for.
const SWEEP: Duration = Duration::from_secs(30);
/// Reports expired in one act.
const MOST_EXPIRED: u32 = 100;

/// Walks one report as far as it goes. What fails is tried again later, and given up visibly in the end.
pub async fn walk(house: &House, tools: &Tools, lease: &Lease) {
    let Err(fault) = steps(house, tools, lease).await else { return };
    let report = lease.report.get();
    if is_anothers(&fault) {
        tracing::info!(report.id = report, "another worker has taken this report on");
        return;
    }
    tracing::warn!(report.id = report, error = &fault as &dyn std::error::Error, "a stride failed");
    if matches!(fault, StrideFault::NoRecipient)
        && let Err(error) = tell_desk(house, lease.report).await
    {
        tracing::warn!(report.id = report, %error, "the desk could not be told that no agency may receive it");
    }
    let noted = if fault.is_of_the_vault() {
        house.postpone(lease, &told(&fault)).await
    } else {
        house.fail(lease, &told(&fault)).await
    };
    if let Err(error) = noted {
        tracing::warn!(report.id = report, %error, "the failure could not be recorded");
    }
}

/// What cannot wait and no agency may receive is told to the clearinghouse's own people, once.
async fn tell_desk(house: &House, report: ReportId) -> store::Result<()> {
    if !house.read("worker::is_stranded", move |view| desk::is_stranded(view, report)).await? {
        return Ok(());
    }
    let told = house.act(Actor::House, Purpose::Pipeline, "worker::tell_desk", move |act| {
        act.note(Event::of_report(EventKind::ReportStranded, report))?;
        desk::waits(act, report, Priority::Immediate)
    });
    told.await
}

/// Takes one stride with a leased report and answers where it stands now.
///
/// # Errors
/// [`StrideFault`]; nothing was recorded then.
pub async fn step(house: &House, tools: &Tools, lease: &Lease) -> Result<Stage, StrideFault> {
    let mut walk = Walk::begin(house, tools, lease).await?;
    walk.step().await
}

async fn steps(house: &House, tools: &Tools, lease: &Lease) -> Result<(), StrideFault> {
    let mut walk = Walk::begin(house, tools, lease).await?;
    if !walk.at().is_moving() {
        return settled(house, lease).await;
    }
    while walk.at().is_moving() {
        walk.stretch().await?;
    }
    Ok(())
}

/// True when the lease ran out and another worker went on: nothing failed.
const fn is_anothers(fault: &StrideFault) -> bool {
    matches!(fault, StrideFault::Store(Error::Refusal(Refusal::LeaseLost | Refusal::TooLate { .. })))
}

/// The fault with its causes, for operators. Messages hold nothing private.
fn told(fault: &StrideFault) -> String {
    let first: &dyn std::error::Error = fault;
    let causes = std::iter::successors(first.source(), |cause| cause.source());
    causes.fold(fault.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Work that was asked for although nothing is left to do.
async fn settled(house: &House, lease: &Lease) -> Result<(), StrideFault> {
    let lease = lease.clone();
    let done = house.act(Actor::House, Purpose::Pipeline, "worker::settled", move |act| {
        act.note(Event::of_report(EventKind::ReportRetained, lease.report))?;
        work::done(act, &lease)
    });
    Ok(done.await?)
}

/// Walks everything that is due, and numbers every waiting leaf. Answers how many reports were walked.
///
/// # Errors
/// A fault of the store.
pub async fn drain(house: &House, tools: &Tools) -> store::Result<usize> {
    let mut walked = 0;
    loop {
        let leases = house.claim("drain", 64, LEASE).await?;
        for lease in &leases {
            walk(house, tools, lease).await;
        }
        walked += leases.len();
        let sequenced = house.book().sequence().await?;
        if leases.is_empty() && sequenced.from == sequenced.to {
            return Ok(walked);
        }
    }
}

/// Works until `shutdown` completes; reports that are being walked come to the end of their stride.
pub async fn run(house: House, tools: Tools, owner: String, shutdown: impl Future<Output = ()> + Send) {
    let (ring, bell) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(walkers(house.clone(), tools, owner, bell.clone()));
    tasks.spawn(sequencer(house.clone(), bell.clone()));
    tasks.spawn(auditor(house.clone(), bell.clone()));
    tasks.spawn(watch(house.clone(), bell.clone()));
    tasks.spawn(sweeper(house.clone(), bell.clone()));
    tasks.spawn(keeper(house, bell));
    shutdown.await;
    ring.send_replace(true);
    while tasks.join_next().await.is_some() {}
}

async fn walkers(house: House, tools: Tools, owner: String, bell: watch::Receiver<bool>) {
    let (mut walking, mut fewest) = (JoinSet::new(), 1);
    while !*bell.borrow() {
        while walking.try_join_next().is_some() {}
        // Several leases are taken in one transaction: while there is a backlog, not one for every report that ends.
        if AT_ONCE - walking.len() < fewest {
            walking.join_next().await;
            continue;
        }
        let free = u32::try_from(AT_ONCE - walking.len()).unwrap_or(1);
        let leases = claimed(&house, &owner, free).await;
        fewest = if leases.len() == free as usize { CLAIMED_TOGETHER } else { 1 };
        if leases.is_empty() {
            house.work_signal().wait(LOOK).await;
        }
        for lease in leases {
            let (house, tools) = (house.clone(), tools.clone());
            walking.spawn(async move { walk(&house, &tools, &lease).await });
        }
    }
    while walking.join_next().await.is_some() {}
}

async fn claimed(house: &House, owner: &str, free: u32) -> Vec<Lease> {
    match house.claim(owner, free, LEASE).await {
        Ok(leases) => leases,
        Err(error) => {
            tracing::warn!(%error, "work could not be claimed; trying again");
            Vec::new()
        }
    }
}

async fn sequencer(house: House, mut bell: watch::Receiver<bool>) {
    loop {
        let began = house.now();
        let pause = match house.book().sequence().await {
            Ok(run) if run.to > run.from => rest(house.now().duration_since(began)),
            Ok(_) => SEQUENCE,
            Err(error) => {
                tracing::warn!(%error, "leaves could not be numbered; trying again");
                SEQUENCE
            }
        };
        if rang(&mut bell, pause).await {
            return;
        }
    }
}

/// How long the sequencer rests after a run that took so long.
fn rest(took: SignedDuration) -> Duration {
    Duration::try_from(took).unwrap_or_default().saturating_mul(REST).min(SEQUENCE)
}

/// Computes the tree again from its rows, a bite at a time, for as long as the house works.
async fn auditor(house: House, mut bell: watch::Receiver<bool>) {
    let mut auditor = Auditor::default();
    loop {
        if let Err(error) = auditor.tick(&house).await {
            tracing::warn!(%error, "the ledger could not be audited; trying again");
        }
        if rang(&mut bell, AUDIT).await {
            return;
        }
    }
}

/// Looks after what nobody may be there to ask for: whether anything can be put into the ledger, whether a quorum of
/// witnesses was heard lately, whether a vendor is late with its word. Each is an alarm within a minute.
async fn watch(house: House, mut bell: watch::Receiver<bool>) {
    let started = house.now();
    loop {
        if let Err(error) = house.book().probe().await {
            tracing::warn!(%error, "nothing can be put into the ledger");
        }
        if let Err(error) = house.book().watch_quorum(started).await {
            tracing::warn!(%error, "the witnesses could not be looked after; trying again");
        }
        if let Err(error) = destroy::watch_vendors(&house).await {
            tracing::warn!(%error, "what vendors owe could not be looked after; trying again");
        }
        if rang(&mut bell, WATCH).await {
            return;
        }
    }
}

async fn sweeper(house: House, mut bell: watch::Receiver<bool>) {
    loop {
        match sweep(&house).await {
            // There may be more.
            Ok(expired) if expired == MOST_EXPIRED as usize => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "expired reports could not be swept; trying again"),
        }
        if rang(&mut bell, SWEEP).await {
            return;
        }
    }
}

/// Takes destructions to their end, ends epochs in time, and switches off accounts and offers that are over by the clock.
async fn keeper(house: House, mut bell: watch::Receiver<bool>) {
    loop {
        if let Err(fault) = destroy::run(&house).await {
            tracing::warn!(
                error = &fault as &dyn std::error::Error,
                "a destruction does not go on; trying again"
            );
        }
        match office::people::close_over(&house).await {
            Ok(0) => {}
            Ok(closed) => tracing::info!(closed, "accounts were over by the clock and were switched off"),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "accounts that are over could not be switched off; trying again"
            ),
        }
        if let Err(error) = lapse_offers(&house).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "offers between agencies that nobody answered could not be ended; trying again"
            );
        }
        if let Err(error) = house.rotation().run().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the epoch keys could not be rotated; trying again"
            );
        }
        if rang(&mut bell, SWEEP).await {
            return;
        }
    }
}

/// Writes down which reports that one agency offered to another were not answered in time. Run twice, it does nothing the
/// second time.
///
/// # Errors
/// A fault of the store.
pub async fn lapse_offers(house: &House) -> store::Result<usize> {
    if !house.read("transfer::any_over", transfer::any_over).await? {
        return Ok(0);
    }
    let lapsed =
        house.act(Actor::House, Purpose::Disclosure, "transfer::lapse", |act| {
            match transfer::lapse(act, MOST_LAPSED)? {
                0 => Err(Refusal::Conflict.into()),
                lapsed => Ok(lapsed),
            }
        });
    match lapsed.await {
        // Another worker was first.
        Err(error) if error.refusal().is_some() => Ok(0),
        done => done,
    }
}

/// Offers that are ended in one act; the others follow with the next round.
const MOST_LAPSED: u32 = 100;

/// Destroys the keys of reports that were never finished, and of forms that never became one, so many at a time,
/// and answers of how many of either.
///
/// # Errors
/// A fault of the store.
pub async fn sweep(house: &House) -> store::Result<usize> {
    house.tell_refusals().await?;
    let expired = sweep_reports(house).await?.max(sweep_forms(house).await?);
    Ok(expired.max(intake::forget(house, MOST_EXPIRED).await?))
}

async fn sweep_forms(house: &House) -> store::Result<usize> {
    let due = house.read("sweep::forms", |view| form::expirable(view, 1)).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let expired = house
        .act(Actor::House, Purpose::Retention, "expire-forms", |act| form::expire_due(act, MOST_EXPIRED));
    Ok(expired.await?.len())
}

async fn sweep_reports(house: &House) -> store::Result<usize> {
    let due = house.read("sweep", |view| report::expirable(view, 1)).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let expired =
        house.act(Actor::House, Purpose::Retention, "expire", |act| report::expire_due(act, MOST_EXPIRED));
    Ok(expired.await?.len())
}

/// Waits for the bell, within a bound. True when it rang.
async fn rang(bell: &mut watch::Receiver<bool>, bound: Duration) -> bool {
    match tokio::time::timeout(bound, bell.changed()).await {
        Ok(_) => true,
        Err(_) => *bell.borrow(),
    }
}
