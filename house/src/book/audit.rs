//! The continuous self-audit: the tree computed again from the rows, beside the house's work and in small bites. One check
//! follows the end of the tree, so that what is new is checked within moments; another goes over everything from the first
//! leaf, a page at a time, and begins again when it is through.

use std::sync::Arc;

use database::bind;
use domain::{Actor, Purpose};
use ledger::Edge;
use serde_json::json;

use super::verify::{self, Progress, Step};
use super::{GET_TREE, Tiles};
use crate::{Alarm, Error, Event, EventKind, Fault, House, Result};

/// Pages that are checked at the end of the tree in one tick; what is left waits for the next.
const MOST_PAGES: usize = 8;

/// The self-audit of one process.
pub struct Auditor {
    end: Option<Progress>,
    whole: Progress,
    passes: u64,
}

impl Default for Auditor {
    fn default() -> Self {
        Self { end: None, whole: Progress::new(), passes: 0 }
    }
}

impl Auditor {
    /// Leaves that the present pass over everything has checked.
    #[must_use]
    pub fn checked(&self) -> u64 {
        self.whole.size()
    }

    /// Passes over everything that came to their end.
    #[must_use]
    pub const fn passes(&self) -> u64 {
        self.passes
    }

    /// One bite of both checks. What is found is an alarm of severity 1, and a leaf; it is answered too.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tick(&mut self, house: &House) -> Result<Option<String>> {
        let wrong = match self.follow(house).await? {
            Some(wrong) => Some(wrong),
            None => self.go_on(house).await?,
        };
        if let Some(wrong) = &wrong {
            // Begin anew: what was mended is seen to be so, and what was not is found again.
            (self.end, self.whole) = (None, Progress::new());
            sound(house, wrong).await?;
        }
        Ok(wrong)
    }

    /// What was added since the last tick.
    async fn follow(&mut self, house: &House) -> Result<Option<String>> {
        for _ in 0..MOST_PAGES {
            let (so_far, scribe) = (self.end.clone(), Arc::clone(&house.inner().scribe));
            let before = so_far.as_ref().map(Progress::size);
            let step = house.read("book::follow", move |view| {
                let progress = match &so_far {
                    Some(progress) => progress.clone(),
                    None => {
                        let (size, _): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
                        Progress::at(Edge::load(size, &Tiles(view.tx()))?)
                    }
                };
                verify::follow(view, &scribe, progress)
            });
            let step = match step.await {
                // A tile that is missing or short.
                Err(Error::Fault(Fault::Ledger(fault))) => return Ok(Some(fault.to_string())),
                step => step?,
            };
            match step {
                Step::Done(verdict) => return Ok(verdict.wrong),
                Step::On(progress) => {
                    let is_at_the_end = before.is_some_and(|before| progress.size() < before + verify::PAGE);
                    self.end = Some(progress);
                    if is_at_the_end {
                        break;
                    }
                }
            }
        }
        Ok(None)
    }

    /// One page of the pass over everything.
    async fn go_on(&mut self, house: &House) -> Result<Option<String>> {
        let (so_far, scribe) = (self.whole.clone(), Arc::clone(&house.inner().scribe));
        let step = house.read("book::audit", move |view| verify::step(view, &scribe, so_far.clone())).await?;
        match step {
            Step::On(progress) => self.whole = progress,
            Step::Done(verdict) if verdict.wrong.is_some() => return Ok(verdict.wrong),
            Step::Done(_) => {
                (self.whole, self.passes) = (Progress::new(), self.passes + 1);
                house.settle(Alarm::LedgerBroken);
            }
        }
        Ok(None)
    }
}

/// The alarm, and once for each alarm a leaf: a broken ledger must still say that it was found so.
async fn sound(house: &House, wrong: &str) -> Result<()> {
    if !house.raise(Alarm::LedgerBroken, wrong.to_owned()) {
        return Ok(());
    }
    let details = json!({ "wrong": wrong });
    let noted = house.act(Actor::House, Purpose::Administration, "self_audit", move |act| {
        act.note(Event::of_house(EventKind::LedgerBroken).refused("mismatch").with(details.clone()))
    });
    noted.await.map(drop)
}
