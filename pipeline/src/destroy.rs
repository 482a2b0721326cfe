//! Destruction as a job: reads are blocked since it was asked for; keys are dropped, the epoch is ended so that
//! backups die too, opening is tried in vain, and the certificate is signed once every vendor that held a copy has shown
//! that it is gone there, too. One step is at most one act, or one word with
//! custody or the vault, so a worker that is killed anywhere is followed by one that goes on from the rows.

use jiff::Timestamp;
use policy::{DestructionTimes, RuleSet};
use serde_json::{Value, json};
use store::approval::{self, Approval};
use store::destruction::vendors::{self, Copies};
use store::destruction::{self, Destruction, Item, State, Step, Whole, Witness, Words};
use store::{Alarm, BlobRef, House, PastEpoch, Refusal, rotation};

use domain::{Actor, DestructionId, Id as _, Purpose, ReportId};

/// Destructions that wait for people and are looked at in one round.
const MOST_WAITING: u32 = 500;
/// Files whose keys are dropped in one act.
const BATCH: u32 = 200;
/// Keys that are tried as a backup holds them. What makes them fail is the epoch, and each epoch is tried.
const MOST_TRIED: usize = 32;
/// Jobs that one call takes to their end.
const MOST_JOBS: usize = 100;
/// Vendors that are late and are counted in one look.
const MOST_LATE: u32 = 500;
/// Steps of one call; a job of the largest size has far fewer.
const MOST_STEPS: usize = 10_000;

/// Why a job does not go on. It is tried again, and the alarm rings when that takes too long.
#[derive(Debug, thiserror::Error)]
pub enum DestroyFault {
    /// The house failed, or custody.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What was destroyed still opens. Nothing is certified.
    #[error("{what} still opens {how}")]
    StillOpens {
        /// The file, the report, or the month's words.
        what: String,
        /// With what.
        how: &'static str,
    },
    /// A report or a month that was erased still has a key. Nothing is certified.
    #[error("a report or a month that was erased still has a key")]
    KeysLeft,
    /// A file that nobody asked to destroy does not open, so that the failures of the others prove nothing.
    #[error("the control file of report {report} does not open")]
    NoControl {
        /// Its report.
        report: ReportId,
    },
    /// The certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] formats::destruction::Fault),
}

/// Takes accepted destructions to their end, the oldest first. Answers how many came there.
///
/// # Errors
/// [`DestroyFault`]; what was done stays done.
pub async fn run(house: &House) -> Result<usize, DestroyFault> {
    agreed(house).await?;
    let mut ended = 0;
    for _ in 0..MOST_STEPS {
        match step(house).await? {
            None => break,
            Some(State::Certified) => ended += 1,
            Some(_) => {}
        }
        if ended == MOST_JOBS {
            break;
        }
    }
    Ok(ended)
}

/// Looks at every destruction that waits for people: whether somebody else's hold is still in its way, and whether two
/// people have agreed; then it is accepted. Answers how many were.
///
/// # Errors
/// A fault of the store.
pub async fn agreed(house: &House) -> store::Result<usize> {
    let found = house.read("destroy::waiting", |view| {
        let waiting = destruction::waiting(view, MOST_WAITING)?;
        let approvals = if waiting.is_empty() { Vec::new() } else { approval::recent(view)? };
        let now = view.now();
        let agreed = |job: &Destruction| {
            let about = |one: &&Approval| {
                one.subject == job.id.as_str()
                    && one.kind == destruction::agreed_by(job.basis)
                    && one.state(now) == approval::State::Approved
            };
            approvals.iter().find(about).map(|one| one.id.clone())
        };
        let mut found = Vec::new();
        for job in waiting {
            let settled = job.conflict_at.is_some() && destruction::holders(view, &job.id)?.is_empty();
            found.push((agreed(&job), settled, job));
        }
        Ok(found)
    });
    let (mut accepted, within) = (0, times(house).within());
    for (approval, settled, job) in found.await? {
        let (id, kind) = (job.id.clone(), destruction::agreed_by(job.basis));
        if settled {
            recorded(house, "destroy::settle", move |act| destruction::settle(act, &id)).await?;
        }
        let Some(approval) = approval else { continue };
        let taken = recorded(house, "destroy::accept", move |act| {
            let two = approval::take(act, &approval, kind)?;
            destruction::accept(act, &two, within)
        });
        match taken.await {
            Ok(done) => accepted += usize::from(done.is_some()),
            // One of the two was switched off meanwhile, or it is over its time: people must agree anew.
            Err(error) if error.refusal().is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(accepted)
}

/// How long a destruction may take, by the schedule of this house.
#[must_use]
pub fn times(house: &House) -> DestructionTimes {
    RuleSet::in_force().schedule(house.profile()).map(|schedule| schedule.destruction).unwrap_or_default()
}

/// One step of the job that waits longest; answers where it stands now, `None` when nothing waits.
///
/// # Errors
/// [`DestroyFault`].
pub async fn step(house: &House) -> Result<Option<State>, DestroyFault> {
    let Some(job) = house.read("destroy::next", destruction::next).await? else { return Ok(None) };
    let state = match job.state() {
        State::Accepted => drop_keys(house, &job).await?,
        State::Dropped => end_epoch(house, &job).await?,
        State::Dead => prove(house, &job).await?,
        State::Proved => certify(house, &job).await?,
        // INVARIANT: only accepted jobs that are not certified are next.
        other => other,
    };
    Ok(Some(state))
}

async fn drop_keys(house: &House, job: &Destruction) -> Result<State, DestroyFault> {
    let id = job.id.clone();
    let dropped =
        recorded(house, "destroy::drop", move |act| destruction::drop_some(act, &id, BATCH)).await?;
    Ok(if dropped == Some(Step::All) { State::Dropped } else { State::Accepted })
}

/// One step towards the end of the epoch that the keys were under when they were dropped.
async fn end_epoch(house: &House, job: &Destruction) -> Result<State, DestroyFault> {
    let epoch = job.epoch.unwrap_or_default();
    let past = house.read("destroy::past", move |view| rotation::past(view, epoch)).await?;
    if past.is_none_or(|past| past.destroyed_at.is_none()) {
        house.rotation().step(Some(epoch)).await?;
        return Ok(State::Dropped);
    }
    // Large files give back their room; what a crash leaves behind is litter that nobody can open.
    house.vault().discard(&blobs(&items(house, &job.id).await?)).await?;
    let id = job.id.clone();
    recorded(house, "destroy::dead", move |act| destruction::dead(act, &id)).await?;
    Ok(State::Dead)
}

/// Tries to open what was destroyed: in the live store, and with the keys as every backup holds them. All of it must fail
/// while another file opens.
async fn prove(house: &House, job: &Destruction) -> Result<State, DestroyFault> {
    let items = items(house, &job.id).await?;
    let mut tried = 0_u64;
    for item in &items {
        let Some(blob) = item.blob() else { continue };
        if house.vault().has_key(item.report, &blob).await? {
            let what = format!("file {} of report {}", item.file, item.report);
            return Err(DestroyFault::StillOpens { what, how: "in the live store" });
        }
        tried += 1;
    }
    let id = job.id.clone();
    if house.read("destroy::keys_left", move |view| destruction::keys_left(view, &id)).await? > 0 {
        return Err(DestroyFault::KeysLeft);
    }
    let id = job.id.clone();
    let witnesses = house.read("destroy::witnesses", move |view| destruction::witnesses(view, &id)).await?;
    let backups = try_backups(house, &witnesses).await?;
    let control = match house.read("destroy::control", destruction::control).await? {
        Some((report, blob)) if house.vault().opens(report, &blob).await? => {
            json!({ "report": report, "file": blob.file })
        }
        Some((report, _)) => return Err(DestroyFault::NoControl { report }),
        None => Value::Null,
    };
    let proof = json!({
        "live_keys_looked_for": tried, "live_keys_found": 0,
        "backup_keys_tried": backups.0, "backup_keys_opened": 0, "epochs_tried": backups.1,
        "control_opened": control,
    });
    let id = job.id.clone();
    recorded(house, "destroy::proved", move |act| destruction::proved(act, &id, &proof)).await?;
    Ok(State::Proved)
}

/// Tries keys as backups hold them, some of each epoch.
async fn try_backups(house: &House, witnesses: &[Witness]) -> Result<(u64, Vec<u32>), DestroyFault> {
    let mut epochs: Vec<u32> = witnesses.iter().map(|witness| witness.epoch).collect();
    epochs.sort_unstable();
    epochs.dedup();
    let first = |epoch: &u32| witnesses.iter().position(|witness| witness.epoch == *epoch);
    let mut chosen: Vec<usize> =
        epochs.iter().filter_map(first).chain(0..witnesses.len().min(MOST_TRIED)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    for Witness { report, name, epoch, wrapped } in chosen.iter().map(|at| &witnesses[*at]) {
        if house.rotation().opens_still(*epoch, (*report, name), wrapped.clone()).await? {
            let what = if *report == 0 { name.clone() } else { format!("{name} of report {report}") };
            return Err(DestroyFault::StillOpens { what, how: "with the keys of a backup" });
        }
    }
    Ok((chosen.len() as u64, epochs))
}

async fn certify(house: &House, job: &Destruction) -> Result<State, DestroyFault> {
    let Some(copies) = gone_at_vendors(house, &job.id).await? else { return Ok(State::Proved) };
    let (items, epoch) = (items(house, &job.id).await?, job.epoch.unwrap_or_default());
    let id = job.id.clone();
    let wholes = house.read("destroy::wholes", move |view| destruction::wholes(view, &id)).await?;
    let past = house.read("destroy::past", move |view| rotation::past(view, epoch)).await?;
    let mut contents = contents(job, &items, past.as_ref(), house.now());
    if !wholes.is_empty() {
        let told =
            |one: &Whole| json!({ "report": one.report, "erased_at": one.erased_at, "keys": one.keys });
        contents["reports"] = wholes.iter().map(told).collect();
    }
    let id = job.id.clone();
    let months = house.read("destroy::words", move |view| destruction::words_of(view, &id)).await?;
    if !months.is_empty() {
        let told = |one: &Words| json!({ "month": one.month, "erased_at": one.erased_at, "keys": one.keys });
        contents["words"] = months.iter().map(told).collect();
    }
    if !copies.is_empty() {
        contents["vendors"] = copies.iter().map(of_vendor).collect();
    }
    let certificate = formats::destruction::sign(&contents, house.receipts())?;
    let id = job.id.clone();
    let done =
        recorded(house, "destroy::certified", move |act| destruction::certified(act, &id, &certificate));
    // Otherwise another worker was first, or a vendor's copy was recorded a moment ago: where it stands is read anew.
    Ok(if done.await?.is_some() { State::Certified } else { State::Proved })
}

/// What vendors held, once each of them has shown that it is gone there; `None` while one has not. Who was given a copy
/// since two people agreed is asked here.
async fn gone_at_vendors(house: &House, job: &DestructionId) -> store::Result<Option<Vec<Copies>>> {
    let id = job.clone();
    if house.read("destroy::unasked", move |view| vendors::unasked(view, &id)).await? {
        let id = job.clone();
        recorded(house, "destroy::ask_vendors", move |act| vendors::ask(act, &id)).await?;
    }
    let id = job.clone();
    let all = house.read("destroy::vendors", move |view| vendors::of(view, &id)).await?;
    Ok(all.iter().all(|copies| copies.confirmed.is_some()).then_some(all))
}

/// What vendors owe for longer than the schedule lets a destruction take before somebody must look, the oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn late_vendors(house: &House) -> store::Result<Vec<Copies>> {
    let before = house.now().saturating_sub(times(house).alarm_after());
    let before = before.unwrap_or(Timestamp::MIN);
    house.read("destroy::late_vendors", move |view| vendors::late(view, before, MOST_LATE)).await
}

/// Raises the alarm that a vendor is late, or settles it.
///
/// # Errors
/// A fault of the store.
pub async fn watch_vendors(house: &House) -> store::Result<()> {
    let late = late_vendors(house).await?;
    let Some(first) = late.first() else {
        house.settle(Alarm::VendorOverdue);
        return Ok(());
    };
    let Copies { vendor, destruction, asked_at, .. } = first;
    let says = format!(
        "vendor {vendor} has not shown since {asked_at} that destruction {destruction} was done there; {} in all",
        late.len()
    );
    house.raise(Alarm::VendorOverdue, says);
    Ok(())
}

fn of_vendor(copies: &Copies) -> Value {
    let confirmed = copies.confirmed.as_ref();
    json!({
        "vendor": copies.vendor, "files": copies.files, "reports": copies.reports, "asked_at": copies.asked_at,
        "confirmed_at": confirmed.map(|shown| shown.at), "confirmed_by": confirmed.map(|shown| &shown.by),
        "document_sha256": confirmed.map(|shown| seal::hex(&shown.sha256)),
    })
}

/// What a certificate says.
fn contents(job: &Destruction, items: &[Item], past: Option<&PastEpoch>, now: Timestamp) -> Value {
    let file = |item: &Item| {
        json!({
            "report": item.report, "file": item.file, "origin": if item.named { "named" } else { "copy" },
            "sha256": seal::hex(&item.sha256), "size_bytes": item.size_bytes, "keys": item.keys,
            "dropped_at": item.dropped_at,
        })
    };
    let proof: Value =
        job.proof.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let accepted = job.accepted.as_ref();
    json!({
        "destruction": job.id, "basis": job.basis.as_str(), "agency": job.agency, "asked_by": job.asked_by,
        "asked_at": job.asked_at, "accepted_at": accepted.map(|two| two.at), "due_at": accepted.map(|two| two.due_at),
        "approval": accepted.map(|two| &two.approval), "approvers": accepted.map(|two| [&two.first, &two.second]),
        "dropped_at": job.dropped_at, "dead_at": job.dead_at, "proved_at": job.proved_at, "certified_at": now,
        "epoch": past.map(|past| json!({
            "number": past.number, "held_as": past.held_as, "destroyed_at": past.destroyed_at,
        })),
        "proof": proof, "files": items.iter().map(file).collect::<Vec<_>>(),
    })
}

async fn items(house: &House, id: &DestructionId) -> store::Result<Vec<Item>> {
    let id = id.clone();
    house.read("destroy::items", move |view| destruction::items(view, &id)).await
}

fn blobs(items: &[Item]) -> Vec<BlobRef> {
    items.iter().filter_map(Item::blob).collect()
}

/// Records a step. `None` when another worker took it first: where the job stands is read anew.
async fn recorded<T, F>(house: &House, name: &'static str, work: F) -> store::Result<Option<T>>
where
    F: FnMut(&store::Act<'_>) -> store::Result<T> + Send + 'static,
    T: Send + 'static,
{
    match house.act(Actor::House, Purpose::Retention, name, work).await {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.refusal() == Some(Refusal::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}
