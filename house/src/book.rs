//! The book: the ledger in rows. Acts leave leaves; one sequencer at a time puts them in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use database::{Tx, bind};
use domain::ReportId;
use ledger::{NoteSigner, TileSource, VerifierKey};
use seal::SigningKey;

use crate::{Error, EventKind, Fault, House, LeafId, Refusal, Result, View};

mod audit;
mod growth;
mod published;
mod records;
mod search;
mod sequence;
mod verify;
mod vouched;
mod witness;

pub use audit::Auditor;
pub use growth::NoGrowth;
pub use published::TilePath;
pub use records::{MOST_RECORDS, Record};
pub use search::{Found, Looked, Sought};
pub use verify::Verdict;
pub(crate) use witness::of_settings as witnesses_of;
pub use witness::{Errand, QUORUM_MAY_AGE, Standing, Witness};

const GET_NOTE: &str = "-- book::get_note
    SELECT note FROM ledger_tree WHERE one = 1";

const GET_TREE: &str = "-- book::get_tree
    SELECT size, note FROM ledger_tree WHERE one = 1";

const FIND_COVER: &str = "-- book::find_cover
    SELECT size, note FROM ledger_checkpoint WHERE size > :index ORDER BY size LIMIT 1";

/// A quorum vouches for it, and for no smaller one any more: so what is found once is found always.
const FIND_WITNESSED: &str = "-- book::find_witnessed
    SELECT size, witnessed FROM ledger_checkpoint
    WHERE size > :index AND witnessed IS NOT NULL ORDER BY size LIMIT 1";

const NEWEST_WITNESSED: &str = "-- book::newest_witnessed
    SELECT witnessed FROM ledger_checkpoint WHERE witnessed IS NOT NULL ORDER BY size DESC LIMIT 1";

const PROBE: &str = "-- book::probe
    UPDATE ledger_tree SET size = size WHERE one = 1";

const GET_ENTRY: &str = "-- book::get_entry
    SELECT entry FROM ledger_leaf WHERE id = :id";

const FIND_INDEX: &str = "-- book::find_index
    SELECT leaf_index FROM ledger_leaf WHERE id = :id";

const FIND_LEAF: &str = "-- book::find_leaf
    SELECT id FROM ledger_leaf WHERE report_id = :report_id AND kind = :kind ORDER BY id DESC LIMIT 1";

const GET_TILE: &str = "-- book::get_tile
    SELECT hashes FROM ledger_tile WHERE level = :level AND tile_index = :tile_index";

const FIND_WAITING: &str = "-- book::find_waiting
    SELECT 1 FROM ledger_leaf WHERE leaf_index IS NULL LIMIT 1";

/// The history of checkpoints has a row for each second in which the tree grew.
const HISTORY_EVERY_US: i64 = 1_000_000;

/// Who signs checkpoints, and when the last one went into the history.
pub(crate) struct Scribe {
    key: VerifierKey,
    signing: SigningKey,
    kept_at: AtomicI64,
    /// Whether the last run found leaves, so that it is likely that more wait.
    is_busy: AtomicBool,
}

impl Scribe {
    pub(crate) fn new(origin: &str, seed: [u8; 32]) -> Result<Self> {
        let signing = SigningKey::from_seed(seed)?;
        let key = VerifierKey::new(origin, signing.public())
            .map_err(|_| Fault::Settings("the origin is not a URL without scheme".to_owned()))?;
        Ok(Self { key, signing, kept_at: AtomicI64::new(i64::MIN), is_busy: AtomicBool::new(false) })
    }
}

impl NoteSigner for Scribe {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<[u8; 64], ledger::Fault> {
        self.signing.sign(message).map_err(|fault| ledger::Fault::Sign(Box::new(fault)))
    }
}

/// What one run of the sequencer put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequenced {
    /// First index given.
    pub from: u64,
    /// One past the last index given; equal to `from` when nothing waited.
    pub to: u64,
}

/// The ledger of one house.
pub struct Book<'a> {
    house: &'a House,
}

impl<'a> Book<'a> {
    pub(crate) const fn new(house: &'a House) -> Self {
        Self { house }
    }

    /// Gives the leaves that wait their indices, at most a thousand at a time, and signs a checkpoint. Any number of
    /// processes may run it at any time: one works, the others answer that there was nothing to do.
    ///
    /// # Errors
    /// A fault of the database or the signer.
    pub async fn sequence(&self) -> Result<Sequenced> {
        let inner = self.house.inner();
        // While there is much to do, nobody is asked first whether there is anything.
        if !inner.scribe.is_busy.load(Ordering::Relaxed) {
            let waits = inner
                .database
                .read::<Option<i64>, Error, _>("book::waits", |tx| Ok(tx.find(FIND_WAITING, &bind! {})?));
            if waits.await?.is_none() {
                return Ok(Sequenced { from: 0, to: 0 });
            }
        }
        let now = self.house.now().as_microsecond();
        let keeps = now.saturating_sub(inner.scribe.kept_at.load(Ordering::Relaxed)) >= HISTORY_EVERY_US;
        let scribe = Arc::clone(&inner.scribe);
        let run = inner
            .database
            .write::<_, Error, _>("book::sequence", move |tx| sequence::run(tx, &scribe, keeps));
        let sequenced = run.await?;
        let is_busy = sequenced.from < sequenced.to;
        inner.scribe.is_busy.store(is_busy, Ordering::Relaxed);
        if keeps && is_busy {
            inner.scribe.kept_at.store(now, Ordering::Relaxed);
        }
        Ok(sequenced)
    }

    /// The newest signed checkpoint note.
    ///
    /// # Errors
    /// [`Refusal::NotSequenced`] before the first leaf has an index.
    pub fn checkpoint(&self, view: &View<'_>) -> Result<String> {
        let note: Option<String> = view.tx().get(GET_NOTE, &bind! {})?;
        Ok(note.ok_or(Refusal::NotSequenced)?)
    }

    /// Leaves in the tree.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn size(&self, view: &View<'_>) -> Result<u64> {
        let (size, _): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
        Ok(size)
    }

    /// The newest checkpoint that a quorum of witnesses vouches for, with their cosignatures.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn witnessed(&self, view: &View<'_>) -> Result<Option<String>> {
        Ok(view.tx().find(NEWEST_WITNESSED, &bind! {})?)
    }

    /// Finds out whether anything could be put into the ledger now, by writing what is there already. It raises and settles
    /// the alarm as an act does, so that a house in which nobody acts is not silent about it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn probe(&self) -> Result<()> {
        let inner = self.house.inner();
        let probed =
            inner.database.write::<_, Error, _>("book::probe", |tx| Ok(tx.execute(PROBE, &bind! {})?)).await;
        self.house.appended(probed.as_ref().err());
        probed.map(drop)
    }

    /// The proof file of one leaf, for whoever has only the verifier key. It leads to the first checkpoint of the
    /// history that covers the leaf, and so stays the same while the tree grows; to the newest where the history has
    /// none yet, which is never so for a delivery or a finish. Once a quorum of witnesses vouches for a checkpoint that
    /// covers the leaf, it leads to the first such one, with their cosignatures, for good.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown leaf, [`Refusal::NotSequenced`] for one that still waits.
    pub fn prove(&self, view: &View<'_>, leaf: LeafId) -> Result<String> {
        let found: Option<Option<u64>> = view.tx().find(FIND_INDEX, &bind! { id: leaf })?;
        let index = found.ok_or(Refusal::NotFound)?.ok_or(Refusal::NotSequenced)?;
        let vouched = view.tx().find::<(u64, String)>(FIND_WITNESSED, &bind! { index })?;
        let (size, note) =
            match vouched.map_or_else(|| view.tx().find(FIND_COVER, &bind! { index }), |v| Ok(Some(v)))? {
                Some(first) => first,
                None => {
                    let (size, note): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
                    (size, note.ok_or(Refusal::NotSequenced)?)
                }
            };
        let proof = ledger::inclusion_proof(index, size, &Tiles(view.tx()))?;
        Ok(ledger::proof_file(index, &proof, &note))
    }

    /// The exact bytes of a leaf's entry, from which its place in the tree is proved.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown leaf.
    pub fn entry(&self, view: &View<'_>, leaf: LeafId) -> Result<Vec<u8>> {
        let entry: Option<Vec<u8>> = view.tx().find(GET_ENTRY, &bind! { id: leaf })?;
        Ok(entry.ok_or(Refusal::NotFound)?)
    }

    /// The newest leaf of a kind for a report.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn leaf_of(&self, view: &View<'_>, report: ReportId, kind: EventKind) -> Result<Option<LeafId>> {
        Ok(view.tx().find(FIND_LEAF, &bind! { report_id: report.get(), kind: kind.as_str() })?)
    }

    /// Computes the whole tree again from the rows, opens every event that can still be opened, and checks every
    /// tile and checkpoint against it. Reads in pages; the house may go on meanwhile.
    ///
    /// # Errors
    /// A fault of the database. What is wrong with the ledger is in the verdict.
    pub async fn verify(&self) -> Result<Verdict> {
        verify::run(self.house).await
    }

    /// The key that checks its notes, as one line of text.
    #[must_use]
    pub fn vkey(&self) -> String {
        self.house.inner().scribe.key.to_string()
    }
}

/// Tiles from their rows.
pub(crate) struct Tiles<'a>(pub &'a Tx<'a>);

impl TileSource for Tiles<'_> {
    fn tile(&self, level: u8, index: u64, width: u16) -> std::result::Result<Vec<u8>, ledger::Fault> {
        let found = self.0.find::<Vec<u8>>(GET_TILE, &bind! { level, tile_index: index });
        let hashes =
            found.map_err(|fault| ledger::Fault::Source { level, index, source: Box::new(fault) })?;
        hashes.ok_or(ledger::Fault::ShortTile { level, index, width, bytes: 0 })
    }
}
