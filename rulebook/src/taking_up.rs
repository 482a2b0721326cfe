//! How a process comes to decide by the rules that two people put in force, and goes on to the next ones in time.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::{Actor, Profile, Purpose};
use jiff::Timestamp;
use policy::{RuleFault, RuleSet, RuleSetId, Texts};
use store::{Error, House, Refusal, rule_set};

/// How often a process looks whether other rules got their day. Shorter than [`rule_set::LEAD`], so that each of them has
/// heard of a change before it starts.
const LOOK: Duration = Duration::from_secs(5);

/// Why a process cannot decide by the rules in force.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenUp {
    /// The house did not answer.
    #[error(transparent)]
    Store(#[from] Error),
    /// This program does not understand them.
    #[error("the rules in force, {set}, are not understood by this version: {fault}")]
    Unread {
        /// Which.
        set: RuleSetId,
        /// Why.
        fault: RuleFault,
    },
    /// The house keeps no rules yet.
    #[error("this house keeps no rules yet")]
    Unfounded,
    /// The process has taken up too many.
    #[error("this process cannot take up other rules any more; start it anew")]
    Stuck,
}

/// Lets this process decide by the rules that the house keeps. A house that keeps none yet begins to with its own texts:
/// those that are found at `init`, or at the first start of a version that knows this.
///
/// # Errors
/// [`NotTakenUp`].
pub async fn begin(house: &House, own: &Texts) -> Result<(), NotTakenUp> {
    let now = house.now();
    if house.read("rulebook::begin", move |view| rule_set::at(view, now)).await?.is_none() {
        let texts = own.clone();
        let founded = house.act(Actor::Operator, Purpose::Administration, "rulebook::found", move |act| {
            rule_set::found(act, &texts)
        });
        match founded.await {
            Err(Error::Refusal(Refusal::Conflict)) => {}
            founded => founded?,
        }
    }
    take_up(house).await.map(drop)
}

/// Takes up what is in force now. Answers when the next change starts, if one is settled.
///
/// # Errors
/// [`NotTakenUp`]; the process goes on by the rules that it has.
pub async fn take_up(house: &House) -> Result<Option<Timestamp>, NotTakenUp> {
    let now = house.now();
    let found = house.read("rulebook::take_up", move |view| {
        let Some(current) = rule_set::at(view, now)? else { return Ok(None) };
        let texts = if *RuleSet::id_in_force() == current.set {
            None
        } else {
            Some(rule_set::texts(view, &current.set)?)
        };
        Ok(Some((current.set, texts, rule_set::after(view, now)?)))
    });
    let (set, texts, next) = found.await?.ok_or(NotTakenUp::Unfounded)?;
    if let Some(texts) = texts {
        // Reading and checking a set is work for a thread that answers nobody.
        let read = tokio::task::spawn_blocking(move || texts.read()).await;
        let rules = read.map_err(|_| NotTakenUp::Stuck)?;
        let rules = rules.map_err(|fault| NotTakenUp::Unread { set: set.clone(), fault })?;
        if !RuleSet::put_in_force(Arc::new(rules)) {
            return Err(NotTakenUp::Stuck);
        }
        tracing::info!(rule_set = set.as_str(), "this process decides by other rules now");
    }
    Ok(next.map(|change| change.starts_at))
}

/// Takes up every change in its moment, until the process ends.
pub async fn follow(house: House, ended: impl Future<Output = ()>) {
    let mut ended = pin!(ended);
    loop {
        let wait = match take_up(&house).await {
            Ok(next) => next.map_or(LOOK, |starts_at| LOOK.min(until(&house, starts_at))),
            Err(fault) => {
                tracing::error!(error = &fault as &dyn std::error::Error, "rules were not taken up");
                LOOK
            }
        };
        if tokio::time::timeout(wait, ended.as_mut()).await.is_ok() {
            return;
        }
    }
}

/// How long it is until a moment, and a little longer: it has come then.
fn until(house: &House, moment: Timestamp) -> Duration {
    let left = Duration::try_from(moment.duration_since(house.now())).unwrap_or_default();
    left + Duration::from_millis(1)
}

/// Keeps a set that was found on disk, for people to look at. It decides nothing before two of them agreed, but in a
/// synthetic demo, which takes up by itself what it has not seen before.
///
/// # Errors
/// A fault of the database.
pub async fn offer(house: &House, texts: &Texts) -> Result<(), Error> {
    let (texts, is_demo) = (texts.clone(), house.profile() == Profile::SyntheticDemo);
    let known = texts.id().map_err(|_| Refusal::Unfit { what: "rules" })?;
    let asked = house.read("rulebook::known", move |view| match rule_set::texts(view, &known) {
        Ok(_) => Ok(true),
        Err(Error::Refusal(Refusal::NotFound)) => Ok(false),
        Err(error) => Err(error),
    });
    if asked.await? {
        return Ok(());
    }
    let offered = house.act(Actor::Operator, Purpose::Administration, "rulebook::offer", move |act| {
        if is_demo { rule_set::adopt(act, &texts) } else { rule_set::offer(act, &texts).map(drop) }
    });
    match offered.await {
        // Another process was first.
        Err(Error::Refusal(Refusal::Conflict)) | Err(Error::Fault(store::Fault::NoLeaf { .. })) => Ok(()),
        offered => offered,
    }
}
