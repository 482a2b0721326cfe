//! A run: so many reports in flight, at a rate or as fast as they go.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::client::Client;
use super::{Acknowledged, SendFault, SendOptions, SendReport};
use crate::fault::Verdict;
use crate::plan::{Plan, SyntheticReport};

/// No request takes longer; the largest file of the corpus has 100 KB.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the reports through the real wire flow and says how it went. A report that fails does not stop the run.
///
/// # Errors
/// When the run cannot start: no account, no client, or the first status request of an account is refused.
pub async fn send(options: SendOptions) -> Result<SendReport, SendFault> {
    let builder =
        reqwest::Client::builder().timeout(REQUEST_TIMEOUT).pool_max_idle_per_host(options.connections);
    let http = builder.build().map_err(SendFault::Client)?;
    let plan = options.plan.with_senders(options.accounts.len());
    let (turn, counts) = (Mutex::new(Turn::of(&options)), Mutex::new(SendReport::default()));
    let run = Arc::new(Run { http, plan, turn, counts, options });
    if run.options.accounts.is_empty() {
        return Err(SendFault::NoAccount);
    }
    for sender in 0..run.options.accounts.len() {
        run.client(sender).status().await?;
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..run.options.connections.max(1) {
        let run = Arc::clone(&run);
        tasks.spawn(async move { run.work().await });
    }
    while tasks.join_next().await.is_some() {}
    let mut counts = run.counts.lock().await;
    counts.elapsed = started.elapsed();
    Ok(std::mem::take(&mut counts))
}

struct Run {
    http: reqwest::Client,
    plan: Plan,
    options: SendOptions,
    turn: Mutex<Turn>,
    counts: Mutex<SendReport>,
}

/// Whose turn it is.
struct Turn {
    next: u64,
    pace: Option<Interval>,
}

impl Turn {
    fn of(options: &SendOptions) -> Self {
        let rate = options.rate.filter(|rate| *rate > 0.0 && rate.is_finite());
        let pace = rate.map(|rate| {
            let mut pace = interval(Duration::from_secs_f64((1.0 / rate).clamp(1e-6, 3_600.0)));
            // Late reports are made up for: a rate is a promise over the whole run.
            pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
            pace
        });
        Self { next: options.reports.start, pace }
    }
}

/// How a report that reached its finish did.
struct Finished {
    acknowledged: Acknowledged,
    bytes: u64,
    took: Duration,
}

impl Run {
    async fn work(&self) {
        while let Some(index) = self.next().await {
            let report = self.plan.report(index);
            let outcome = self.deliver(&report).await;
            self.record(&report, outcome).await;
        }
    }

    /// The next report, once its turn has come.
    async fn next(&self) -> Option<u64> {
        let mut turn = self.turn.lock().await;
        if turn.next >= self.options.reports.end {
            return None;
        }
        if let Some(pace) = &mut turn.pace {
            pace.tick().await;
        }
        turn.next += 1;
        Some(turn.next - 1)
    }

    fn client(&self, sender: usize) -> Client<'_> {
        let SendOptions { base, accounts, attempts, .. } = &self.options;
        Client { http: &self.http, base, account: &accounts[sender % accounts.len()], attempts: *attempts }
    }

    async fn deliver(&self, report: &SyntheticReport) -> Result<Finished, SendFault> {
        let client = self.client(report.sender);
        let id = client.submit(&report.xml).await?;
        let mut acknowledged =
            Acknowledged { index: report.index, sender: report.sender, report: id, files: Vec::new() };
        for file in &report.files {
            let name = client.upload(id, file).await?;
            client.describe(&file.statement(id, name.clone())).await?;
            acknowledged.files.push((name, crate::corpus::digests(file.corpus).sha256));
        }
        let asked = Instant::now();
        client.finish(id).await?;
        let bytes = report.files.iter().map(|file| file.bytes.len() as u64).sum();
        Ok(Finished { acknowledged, bytes, took: asked.elapsed() })
    }

    async fn record(&self, report: &SyntheticReport, outcome: Result<Finished, SendFault>) {
        let watch = &self.options.watch;
        // Before anything else: a kill test must know of every finish that was answered.
        match &outcome {
            Ok(finished) => watch.acknowledged(&finished.acknowledged),
            Err(SendFault::Refused { code, .. }) => watch.refused(report.index, *code),
            Err(fault) => watch.failed(report.index, fault),
        }
        let answered = match &outcome {
            Ok(_) => Some(Verdict::Accept),
            Err(SendFault::Refused { endpoint: "submit", code }) => Some(Verdict::Refuse(*code)),
            Err(_) => None,
        };
        let mut counts = self.counts.lock().await;
        counts.surprises += u64::from(answered.is_some_and(|answer| answer != report.expected.verdict));
        match outcome {
            Ok(Finished { acknowledged, bytes, took }) => {
                counts.accepted += 1;
                counts.files += acknowledged.files.len() as u64;
                counts.bytes += bytes;
                counts.finish_latency.add(took);
            }
            Err(SendFault::Refused { code, .. }) => *counts.refused.entry(code).or_default() += 1,
            Err(_) => counts.failed += 1,
        }
    }
}
