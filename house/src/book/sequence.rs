//! The sequencer: gives waiting leaves contiguous indices, grows the tree, signs.

use database::{Row, Tx, bind};
use ledger::{Checkpoint, NoteSigner};

use super::{GET_TILE, Scribe, Sequenced, Tiles};
use crate::event::ENTRY_BYTES;
use crate::{EventKind, Fault, Result, column};

/// Leaves in one run: a writer of SQLite is held up for milliseconds only.
const MOST: u32 = 1_000;

/// Whoever has the row runs; who finds it locked has nothing to do.
const LOCK_TREE: &str = "-- book::lock_tree
    SELECT size FROM ledger_tree WHERE one = 1 {for_update_skip_locked}";

const ASSIGN: &str = "-- book::assign
    UPDATE ledger_leaf SET leaf_index = waiting.next_index
    FROM (
        SELECT id AS waiting_id, :size + ROW_NUMBER() OVER (ORDER BY occurred_at, id) - 1 AS next_index
        FROM ledger_leaf WHERE leaf_index IS NULL
        ORDER BY occurred_at, id LIMIT :most
    ) AS waiting
    WHERE id = waiting.waiting_id
    RETURNING leaf_index, kind, entry";

const PUT_TILE: &str = "-- book::put_tile
    INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (:level, :tile_index, :hashes)
    ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes";

const GROW: &str = "-- book::grow
    UPDATE ledger_tree SET size = :size, note = :note WHERE one = 1 AND size = :before";

const KEEP_CHECKPOINT: &str = "-- book::keep_checkpoint
    INSERT INTO ledger_checkpoint (size, note) VALUES (:size, :note)";

const PUBLISH: &str = "-- book::publish
    INSERT INTO feed_entry (agency_id, position, leaf_id)
    SELECT delivery.agency_id, ledger_leaf.leaf_index + 1, ledger_leaf.id
    FROM ledger_leaf JOIN delivery ON delivery.leaf_id = ledger_leaf.id
    WHERE ledger_leaf.leaf_index >= :start AND ledger_leaf.leaf_index < :stop
    AND ledger_leaf.kind = 'report-delivered'";

const PUBLISH_NOTICES: &str = "-- book::publish_notices
    INSERT INTO feed_entry (agency_id, position, leaf_id, transfer_id)
    SELECT agency_id, ledger_leaf.leaf_index + 1, ledger_leaf.id, transfer_id
    FROM ledger_leaf JOIN feed_notice ON feed_notice.leaf_id = ledger_leaf.id
    WHERE ledger_leaf.leaf_index >= :start AND ledger_leaf.leaf_index < :stop";

struct Assigned {
    index: u64,
    kind: EventKind,
    entry: [u8; ENTRY_BYTES],
}

impl database::FromRow for Assigned {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let kind = column::parsed(row, "kind")?;
        Ok(Self { index: row.get("leaf_index")?, kind, entry: row.get("entry")? })
    }
}

/// One run, in its transaction.
pub(super) fn run(tx: &Tx<'_>, scribe: &Scribe, keeps: bool) -> Result<Sequenced> {
    let Some(from) = tx.find::<u64>(LOCK_TREE, &bind! {})? else {
        return Ok(Sequenced { from: 0, to: 0 });
    };
    // What the tree grows from, and the leaves that it grows by, come in one trip.
    let edge = ledger::tiles_of(from).into_iter().filter(|tiles| tiles.partial > 0);
    let edge = edge.map(|tiles| (GET_TILE, bind! { level: tiles.level, tile_index: tiles.full }));
    tx.ahead(&edge.collect::<Vec<_>>())?;
    let mut assigned: Vec<Assigned> = tx.rows(ASSIGN, &bind! { size: from, most: MOST })?;
    if assigned.is_empty() {
        return Ok(Sequenced { from, to: from });
    }
    assigned.sort_unstable_by_key(|leaf| leaf.index);
    // INVARIANT: indices are contiguous, so a gap in the rows is a lost leaf.
    if assigned.iter().zip(from..).any(|(leaf, index)| leaf.index != index) {
        return Err(Fault::Row { what: "ledger index" }.into());
    }
    let hashes: Vec<_> = assigned.iter().map(|leaf| ledger::leaf_hash(&leaf.entry)).collect();
    let grown = ledger::append(from, &Tiles(tx), &hashes)?;
    let tiles: Vec<_> = grown
        .tiles
        .iter()
        .map(|tile| bind! { level: tile.level, tile_index: tile.index, hashes: &tile.hashes })
        .collect();
    tx.put_many(PUT_TILE, &tiles)?;
    let origin = scribe.key().name().to_owned();
    let note = ledger::sign(&Checkpoint { origin, size: grown.size, root: grown.root }, scribe)?;
    let grew = tx.soon(GROW, &bind! { size: grown.size, note: &note, before: from })?;
    let has = |kind: EventKind| assigned.iter().any(|leaf| leaf.kind == kind);
    let delivers = has(EventKind::ReportDelivered);
    // Their own checkpoints stay, so that the proof in a package or receipt is the same whenever it is made.
    if keeps || delivers || has(EventKind::ReportFinished) {
        tx.put(KEEP_CHECKPOINT, &bind! { size: grown.size, note })?;
    }
    if delivers {
        // The feeds' cursor is the ledger's order, given in the same transaction: gapless, and never skipped.
        tx.put(PUBLISH, &bind! { start: from, stop: grown.size })?;
    }
    if assigned.iter().any(|leaf| leaf.kind.is_fed()) {
        tx.put(PUBLISH_NOTICES, &bind! { start: from, stop: grown.size })?;
    }
    if grew.count(tx)? != 1 {
        return Err(Fault::Row { what: "ledger tree" }.into());
    }
    Ok(Sequenced { from, to: grown.size })
}
