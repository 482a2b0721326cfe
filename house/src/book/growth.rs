//! What the log proves to whoever kept a checkpoint: that the newer tree begins with the older one.

use database::bind;
use ledger::AddCheckpoint;

use super::{Book, GET_TREE, Tiles};
use crate::{Refusal, Result, View};

const NEWEST_COSIGNED: &str = "-- book::newest_cosigned
    SELECT size, witnessed FROM ledger_checkpoint WHERE witnessed IS NOT NULL ORDER BY size DESC LIMIT 1";

const GET_KEPT: &str = "-- book::get_kept
    SELECT note, witnessed FROM ledger_checkpoint WHERE size = :size";

const KEPT_UP_TO: &str = "-- book::kept_up_to
    SELECT size FROM ledger_checkpoint WHERE size <= :size ORDER BY size DESC LIMIT 1";

const KEPT_FROM: &str = "-- book::kept_from
    SELECT size FROM ledger_checkpoint WHERE size >= :size ORDER BY size LIMIT 1";

/// Why the log has no proof to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoGrowth {
    /// The newer tree is the smaller one.
    #[error("the newer checkpoint covers fewer than {from} leaves")]
    Shorter {
        /// Where it was to begin.
        from: u64,
    },
    /// No checkpoint of exactly this size is there to lead to.
    #[error("no checkpoint of {size} leaves was signed and kept; the nearest have {near}")]
    NoSuchSize {
        /// The size.
        size: u64,
        /// The sizes around it.
        near: String,
    },
}

impl Book<'_> {
    /// The proof that the log only grew from one size to another, in the form of the request to a witness (C2SP
    /// tlog-witness). To the newest checkpoint that a quorum vouches for, or else the newest, when nothing else is said;
    /// else to the one of exactly that size.
    ///
    /// # Errors
    /// A fault of the database. Why there is no proof is in what is answered.
    pub fn grew(
        &self,
        view: &View<'_>,
        from: u64,
        to: Option<u64>,
    ) -> Result<std::result::Result<String, NoGrowth>> {
        let (size, note) = match to {
            None => self.newest_before(view, from)?,
            Some(size) => match self.kept(view, size)? {
                Some(note) => (size, note),
                None => return Ok(Err(NoGrowth::NoSuchSize { size, near: near(view, size)? })),
            },
        };
        if from > size {
            return Ok(Err(NoGrowth::Shorter { from }));
        }
        let proof = ledger::consistency_proof(from, size, &Tiles(view.tx()))?;
        Ok(Ok(AddCheckpoint { old: from, proof, note }.text()))
    }

    /// The newest checkpoint with cosignatures that covers so much, or else the newest.
    fn newest_before(&self, view: &View<'_>, from: u64) -> Result<(u64, String)> {
        match view.tx().find::<(u64, String)>(NEWEST_COSIGNED, &bind! {})? {
            Some(cosigned) if cosigned.0 >= from => Ok(cosigned),
            _ => {
                let (size, note): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
                Ok((size, note.ok_or(Refusal::NotSequenced)?))
            }
        }
    }

    /// The checkpoint of exactly this size, with the cosignatures of its quorum where it has them.
    fn kept(&self, view: &View<'_>, size: u64) -> Result<Option<String>> {
        let (newest, note): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
        let kept: Option<(String, Option<String>)> = view.tx().find(GET_KEPT, &bind! { size })?;
        Ok(match kept {
            Some((note, witnessed)) => Some(witnessed.unwrap_or(note)),
            None => note.filter(|_| newest == size),
        })
    }
}

/// The sizes of kept checkpoints around one: the largest up to it, and the smallest from it on.
fn near(view: &View<'_>, size: u64) -> Result<String> {
    let below: Option<u64> = view.tx().find(KEPT_UP_TO, &bind! { size })?;
    let above: Option<u64> = view.tx().find(KEPT_FROM, &bind! { size })?;
    let near: Vec<String> = below.into_iter().chain(above).map(|size| size.to_string()).collect();
    Ok(if near.is_empty() { "none".to_owned() } else { near.join(" and ") })
}
