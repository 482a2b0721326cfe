//! The load: reports of the plan `bench`, one file of 100,000 bytes each, sent by the same client as `synth send`.

use std::ops::Range;
use std::sync::Arc;

use synth::{Account, Plan, SendOptions, SendReport, Shares, Watch};

use crate::Result;

/// Where the chance of the reports starts.
const SEED: u64 = 7;
/// The reports that are copied to fill a house: of the plan too, and far from those that measure it.
pub const TEMPLATES: Range<u64> = 1_000_000_000..1_000_000_000 + super::stored::TEMPLATES;
/// Attempts at one request: a second one would hide a fault.
const ATTEMPTS: u32 = 1;

/// Sends these reports of the plan. Any that was not accepted is an error: figures over failures mean nothing.
pub fn send(
    base: &str,
    account: &Account,
    reports: Range<u64>,
    connections: u32,
    rate: Option<f64>,
    watch: Arc<dyn Watch>,
) -> Result<SendReport> {
    let wanted = reports.end - reports.start;
    let options = SendOptions {
        base: base.to_owned(),
        accounts: vec![account.clone()],
        plan: plan(),
        reports,
        rate,
        connections: connections as usize,
        attempts: ATTEMPTS,
        watch,
    };
    let sent = runtime()?.block_on(synth::send(options))?;
    if sent.accepted != wanted {
        let said = format!("{} of {wanted} reports were accepted, refused {:?}", sent.accepted, sent.refused);
        return Err(said.into());
    }
    Ok(sent)
}

/// What is sent.
pub fn plan() -> Plan {
    Plan::new(SEED, Shares::Bench)
}

/// Threads for a client, gone when it is done.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
