//! The check of the whole ledger: rows against events, tree against rows, tiles and checkpoints against the tree, the
//! agencies' feeds against the deliveries that the tree holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::{FromValue, Row, ValueRef, bind};
use domain::ReportId;
use ledger::{Edge, Hash, TileWrite};
use seal::Place;
use told::{Telling, Tellings};

use super::{GET_TILE, GET_TREE, Scribe, vouched};
use crate::event::{self, ENTRY_BYTES};
use crate::registers::{self, Told};
use crate::rows;
use crate::{Error, EventKind, Fault, House, LeafId, Refusal, Result, View};

/// Leaves that are checked in one snapshot.
pub(super) const PAGE: u64 = 1_000;
/// Waiting leaves that are looked at; the sequencer never leaves as many.
const MOST_WAITING: u32 = 10_000;
const FULL_TILE_BYTES: usize = 256 * 32;

const LEAVES: &str = "-- verify::leaves
    SELECT leaf_index, id, kind, occurred_at, report_id, entry, sealed_event FROM ledger_leaf
    WHERE leaf_index >= :start AND leaf_index < :stop ORDER BY leaf_index";

const WAITING: &str = "-- verify::waiting
    SELECT leaf_index, id, kind, occurred_at, report_id, entry, sealed_event FROM ledger_leaf
    WHERE leaf_index IS NULL ORDER BY occurred_at, id LIMIT :most";

const BEYOND: &str = "-- verify::beyond
    SELECT COUNT(*) FROM ledger_leaf WHERE leaf_index >= :size OR leaf_index < 0";

const CHECKPOINTS: &str = "-- verify::checkpoints
    SELECT size, note FROM ledger_checkpoint WHERE size >= :start AND size <= :stop ORDER BY size";

const ALL_CHECKPOINTS: &str = "-- verify::all_checkpoints
    SELECT COUNT(*) FROM ledger_checkpoint";

const ALL_TILES: &str = "-- verify::all_tiles
    SELECT COUNT(*) FROM ledger_tile";

/// Each delivery and each notice among these leaves, with the entry that its agency's feed must have for it.
const FED: &str = "-- verify::fed
    SELECT ledger_leaf.leaf_index, (
        SELECT feed_entry.position FROM delivery
        JOIN feed_entry ON feed_entry.agency_id = delivery.agency_id
            AND feed_entry.position = ledger_leaf.leaf_index + 1 AND feed_entry.leaf_id = ledger_leaf.id
        WHERE delivery.leaf_id = ledger_leaf.id AND feed_entry.transfer_id IS NULL
    ) AS position
    FROM ledger_leaf
    WHERE ledger_leaf.leaf_index >= :start AND ledger_leaf.leaf_index < :stop
    AND ledger_leaf.kind = 'report-delivered'
    UNION ALL SELECT ledger_leaf.leaf_index, (
        SELECT position FROM feed_entry WHERE feed_entry.agency_id = feed_notice.agency_id
            AND feed_entry.position = ledger_leaf.leaf_index + 1 AND feed_entry.leaf_id = ledger_leaf.id
            AND COALESCE(feed_entry.transfer_id, '') = COALESCE(feed_notice.transfer_id, '')
    ) FROM ledger_leaf JOIN feed_notice ON feed_notice.leaf_id = ledger_leaf.id
    WHERE ledger_leaf.leaf_index >= :start AND ledger_leaf.leaf_index < :stop";

const COUNTED: &str = "-- verify::counted
    SELECT name FROM told_register ORDER BY name";

const ALL_ENTRIES: &str = "-- verify::all_entries
    SELECT COUNT(*) FROM feed_entry";

/// Whether the ledger itself says that a report's keys were destroyed.
const ENDED: &str = "-- verify::ended
    SELECT COUNT(*) FROM ledger_leaf WHERE report_id = :report_id
    AND kind IN ('report-retracted', 'report-expired', 'report-destroyed')";

/// What the check of the whole ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Leaves in the tree.
    pub leaves: u64,
    /// Leaves whose event was destroyed with its report: only header and place in the tree could be checked.
    pub destroyed: u64,
    /// Leaves that wait for an index.
    pub waiting: u64,
    /// Checkpoints that were checked, the newest among them.
    pub checkpoints: u64,
    /// The first thing that is wrong, in words that name the row; `None` when all is well.
    pub wrong: Option<String>,
}

/// A leaf's row, unparsed: what does not parse was changed, and is named by its place.
struct LeafRow {
    index: Option<i64>,
    id: Vec<u8>,
    kind: String,
    occurred_at: i64,
    report: Option<i64>,
    entry: Vec<u8>,
    sealed_event: Vec<u8>,
}

impl database::FromRow for LeafRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            index: row.get("leaf_index")?,
            id: row.get("id")?,
            kind: row.get("kind")?,
            occurred_at: row.get("occurred_at")?,
            report: row.get("report_id")?,
            entry: row.get("entry")?,
            sealed_event: row.get("sealed_event")?,
        })
    }
}

/// A leaf whose columns are what they can be.
struct Leaf {
    id: LeafId,
    kind: EventKind,
    report: Option<ReportId>,
    entry: [u8; ENTRY_BYTES],
}

impl LeafRow {
    fn parsed(&self) -> Option<Leaf> {
        let report = match self.report {
            Some(number) => Some(ReportId::try_from(u64::try_from(number).ok()?).ok()?),
            None => None,
        };
        Some(Leaf {
            id: LeafId::from_value(ValueRef::Bytes(&self.id)).ok()?,
            kind: self.kind.parse().ok()?,
            report,
            entry: self.entry.as_slice().try_into().ok()?,
        })
    }

    /// How people find the row.
    fn place(&self) -> String {
        match self.index {
            Some(index) => format!("ledger_leaf {index}"),
            None => format!("ledger_leaf {} (waiting)", seal::hex(&self.id)),
        }
    }
}

/// What stops the check: something wrong with the ledger, or a fault of ours.
enum Stop {
    Wrong(String),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<database::Fault> for Stop {
    fn from(fault: database::Fault) -> Self {
        match fault {
            // A column that holds what was never written there.
            database::Fault::Statement { name, source } if source.code == "column" => {
                Self::Wrong(format!("{name}: {}", source.message))
            }
            fault => Self::Error(fault.into()),
        }
    }
}

type Checked<T> = std::result::Result<T, Stop>;

fn wrong<T>(words: String) -> Checked<T> {
    Err(Stop::Wrong(words))
}

/// Stops at what another check found.
fn none(found: Option<String>) -> Checked<()> {
    found.map_or(Ok(()), wrong)
}

/// What a leaf says.
#[derive(Clone)]
enum Said {
    /// Of a thing's rows in one table, as the leaf of this id tells their digest.
    Rows { telling: Telling, leaf: LeafId, digest: Option<String> },
    /// Something of this report that nobody can read any more: what earlier leaves said of its rows may be old.
    Lost(ReportId),
}

/// How far the check has come.
#[derive(Clone)]
pub(super) struct Progress {
    edge: Edge,
    /// The unfinished tile of each level.
    partial: BTreeMap<u8, TileWrite>,
    /// Deliveries that were found in their agencies' feeds.
    fed: u64,
    /// Whether the rows of things are what leaves said of them.
    tellings: Tellings,
    /// What the leaves of the present snapshot say of such rows, in their order.
    said: Vec<Said>,
    /// What the newest telling of each register said, and in which leaf.
    registers: BTreeMap<String, (Told, String)>,
    /// Leaves of each kind.
    kinds: BTreeMap<&'static str, u64>,
    pub(super) verdict: Verdict,
}

impl Progress {
    /// Nothing was checked yet.
    pub(super) fn new() -> Self {
        Self {
            edge: Edge::empty(),
            partial: BTreeMap::new(),
            fed: 0,
            tellings: Tellings::default(),
            said: Vec::new(),
            registers: BTreeMap::new(),
            kinds: BTreeMap::new(),
            verdict: Verdict::default(),
        }
    }

    /// Everything before the tree's present end is believed, for a check of what comes after it.
    pub(super) fn at(edge: Edge) -> Self {
        Self { edge, ..Self::new() }
    }

    /// Leaves that were checked.
    pub(super) fn size(&self) -> u64 {
        self.edge.size()
    }
}

pub(super) async fn run(house: &House) -> Result<Verdict> {
    let mut progress = Progress::new();
    loop {
        let scribe = Arc::clone(&house.inner().scribe);
        let so_far = progress.clone();
        let step = house.read("book::verify", move |view| step(view, &scribe, so_far.clone())).await?;
        progress = match step {
            Step::On(progress) => progress,
            Step::Done(verdict) => return Ok(verdict),
        };
    }
}

pub(super) enum Step {
    On(Progress),
    Done(Verdict),
}

/// One page in one snapshot, and after the last page everything else.
pub(super) fn step(view: &View<'_>, scribe: &Scribe, mut progress: Progress) -> Result<Step> {
    let size = match page(view, scribe, &mut progress) {
        Ok(size) => size,
        Err(stop) => return stopped(stop, progress.verdict),
    };
    if progress.edge.size() < size {
        return Ok(Step::On(progress));
    }
    match rest(view, scribe, &mut progress, size) {
        Ok(()) => Ok(Step::Done(progress.verdict)),
        Err(stop) => stopped(stop, progress.verdict),
    }
}

/// One page of what was added since, in one snapshot, and at the end of the tree what its newest rows say.
pub(super) fn follow(view: &View<'_>, scribe: &Scribe, mut progress: Progress) -> Result<Step> {
    let checked = page(view, scribe, &mut progress).and_then(|size| {
        if progress.edge.size() == size { newest(view, scribe, &progress, size) } else { Ok(()) }
    });
    match checked {
        Ok(()) => Ok(Step::On(progress)),
        Err(stop) => stopped(stop, progress.verdict),
    }
}

/// The unfinished tiles and the newest note, against the tree as it was computed.
fn newest(view: &View<'_>, scribe: &Scribe, progress: &Progress, size: u64) -> Checked<()> {
    progress.partial.values().try_for_each(|partial| check_tile(view, partial))?;
    let (now, note): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
    match note {
        Some(note) if now == size && size > 0 => check_note(scribe, &note, size, &progress.edge.root()),
        _ => Ok(()),
    }
}

fn stopped(stop: Stop, verdict: Verdict) -> Result<Step> {
    match stop {
        Stop::Wrong(words) => Ok(Step::Done(Verdict { wrong: Some(words), ..verdict })),
        Stop::Error(error) => Err(error),
    }
}

/// Checks the next leaves, the tiles that they fill and the checkpoints among them. Answers the size of the tree.
fn page(view: &View<'_>, scribe: &Scribe, progress: &mut Progress) -> Checked<u64> {
    let tx = view.tx();
    let (size, _): (u64, Option<String>) = tx.get(GET_TREE, &bind! {})?;
    let start = progress.edge.size();
    let stop = size.min(start + PAGE);
    let rows: Vec<LeafRow> = tx.rows(LEAVES, &bind! { start, stop })?;
    meet_keys(view, &rows)?;
    let mut hashes = Vec::with_capacity(rows.len());
    for index in start..stop {
        match rows.get((index - start) as usize) {
            Some(row) if row.index.and_then(|found| u64::try_from(found).ok()) == Some(index) => {
                hashes.push(check_leaf(view, row, progress)?);
            }
            _ => return wrong(format!("ledger_leaf {index} is missing")),
        }
    }
    check_rows(view, progress)?;
    progress.fed += check_feeds(view, start, stop)?;
    none(vouched::between(view, start + 1, stop)?)?;
    let notes: Vec<(u64, String)> = tx.rows(CHECKPOINTS, &bind! { start: start + 1, stop })?;
    let mut rest = hashes.as_slice();
    for (at, note) in &notes {
        let (before, after) = rest.split_at((at - progress.edge.size()) as usize);
        grow(view, progress, before)?;
        rest = after;
        check_note(scribe, note, *at, &progress.edge.root())?;
        progress.verdict.checkpoints += 1;
    }
    grow(view, progress, rest)?;
    progress.verdict.leaves = progress.edge.size();
    Ok(size)
}

/// Checks that every delivery and notice among these leaves stands in its agency's feed, at the place that the tree gave
/// it. Answers how many there are.
fn check_feeds(view: &View<'_>, start: u64, stop: u64) -> Checked<u64> {
    let delivered: Vec<(u64, Option<i64>)> = view.tx().rows(FED, &bind! { start, stop })?;
    match delivered.iter().find(|(_, position)| position.is_none()) {
        None => Ok(delivered.len() as u64),
        Some((index, _)) => wrong(format!("feed_entry of what ledger_leaf {index} tells is missing")),
    }
}

/// Adds leaves to the tree and checks the tiles that became full.
fn grow(view: &View<'_>, progress: &mut Progress, hashes: &[Hash]) -> Checked<()> {
    for tile in progress.edge.append(hashes).tiles {
        if tile.hashes.len() == FULL_TILE_BYTES {
            check_tile(view, &tile)?;
            progress.partial.remove(&tile.level);
        } else {
            progress.partial.insert(tile.level, tile);
        }
    }
    Ok(())
}

fn check_tile(view: &View<'_>, tile: &TileWrite) -> Checked<()> {
    let TileWrite { level, index, hashes } = tile;
    let stored: Option<Vec<u8>> = view.tx().find(GET_TILE, &bind! { level: *level, tile_index: *index })?;
    match stored.as_ref() == Some(hashes) {
        true => Ok(()),
        false => wrong(format!("ledger_tile {level}/{index} is not what its leaves make")),
    }
}

fn check_note(scribe: &Scribe, note: &str, size: u64, root: &Hash) -> Checked<()> {
    match ledger::open(note, std::slice::from_ref(&scribe.key)) {
        Err(refusal) => wrong(format!("checkpoint of size {size}: {refusal}")),
        Ok(found) if found.size != size => wrong(format!("checkpoint of size {size} speaks of another size")),
        Ok(found) if found.root != *root => wrong(format!("checkpoint of size {size} has another root")),
        Ok(_) => Ok(()),
    }
}

/// Checks that row, event and entry of one leaf say the same; answers the leaf's hash.
fn check_leaf(view: &View<'_>, row: &LeafRow, progress: &mut Progress) -> Checked<Hash> {
    let place = row.place();
    let Some(leaf) = row.parsed() else { return wrong(format!("{place} holds what was never written")) };
    let hash = ledger::leaf_hash(&leaf.entry);
    *progress.kinds.entry(leaf.kind.as_str()).or_default() += 1;
    let key = match leaf.report.filter(|_| !leaf.kind.outlives_report()) {
        None => view.house_key().clone(),
        Some(report) => match view.report_key(report) {
            Ok(key) => key,
            Err(Error::Refusal(Refusal::Destroyed)) => {
                check_destroyed(view, row, &leaf, report)?;
                progress.verdict.destroyed += 1;
                progress.said.push(Said::Lost(report));
                return Ok(hash);
            }
            Err(Error::Fault(Fault::Seal(_) | Fault::Row { .. })) => {
                return wrong(format!("{place}: the key of report {report} in keystore does not open"));
            }
            Err(error) => return Err(error.into()),
        },
    };
    let at = Place { table: "ledger_leaf", row: leaf.id.as_bytes(), column: "sealed_event" };
    let Ok(salted) = seal::field::open(&key, &at, &row.sealed_event) else {
        return wrong(format!("{place}: its event does not open"));
    };
    if event::entry(leaf.kind, row.occurred_at, &leaf.id, &salted) != leaf.entry {
        return wrong(format!("{place}: its entry is not that of its event"));
    }
    let told = salted.get(event::SALT_BYTES..).and_then(|json| serde_json::from_slice(json).ok());
    let told: serde_json::Value = told.unwrap_or_default();
    // An event under the house key is not bound to its report by the key.
    let same = told["kind"] == leaf.kind.as_str() && told["report"] == serde_json::json!(leaf.report);
    if !same {
        return wrong(format!("{place}: its event speaks of something else"));
    }
    note_registers(&told, &place, progress);
    note_rows(&told, (&leaf, row.occurred_at), &place, progress);
    Ok(hash)
}

/// Asks for the keys of all reports that leaves speak of, together. Whose key does not come is asked about by itself.
fn meet_keys(view: &View<'_>, rows: &[LeafRow]) -> Result<()> {
    let speaks_of = |leaf: Leaf| leaf.report.filter(|_| !leaf.kind.outlives_report());
    let reports: BTreeSet<ReportId> = rows.iter().filter_map(LeafRow::parsed).filter_map(speaks_of).collect();
    view.meet_keys(&reports.into_iter().collect::<Vec<_>>())
}

/// Remembers what a leaf says of the rows of things, until the leaves of the page are read.
fn note_rows(event: &serde_json::Value, (leaf, at_us): (&Leaf, i64), place: &str, progress: &mut Progress) {
    for (name, digest) in event["rows"].as_object().into_iter().flatten() {
        if let Some(of) = rows::told_of(name, leaf.report, event) {
            let (order, place) = (event["row_order"].as_i64(), place.to_owned());
            let (telling, digest) = (Telling { of, order, at_us, place }, digest.as_str().map(str::to_owned));
            progress.said.push(Said::Rows { telling, leaf: leaf.id, digest });
        }
    }
}

/// Compares rows with what leaves said of them, all rows of a page asked for together.
fn check_rows(view: &View<'_>, progress: &mut Progress) -> Checked<()> {
    let said = std::mem::take(&mut progress.said);
    let of = |said: &Said| match said {
        Said::Rows { telling, .. } => Some(telling.of.clone()),
        Said::Lost(_) => None,
    };
    let all: BTreeSet<_> = said.iter().filter_map(of).collect();
    let digests = rows::now(view.tx(), &all.iter().collect::<Vec<_>>())?;
    let now: BTreeMap<_, _> = all.into_iter().zip(digests).collect();
    let key = |text: &[u8]| view.secret_digest(text);
    for said in said {
        match said {
            Said::Lost(report) => progress.tellings.forget(&rows::report(report)),
            Said::Rows { telling, leaf, digest } => {
                let leaf = telling.order.map(|_| &leaf);
                let holds = Some(rows::closed(&telling.of, &now[&telling.of], (&key, leaf))) == digest;
                progress.tellings.take(telling, holds);
            }
        }
    }
    progress.tellings.rest();
    Ok(())
}

/// Remembers what a leaf says of registers, when no later telling of the same was met before.
fn note_registers(told: &serde_json::Value, place: &str, progress: &mut Progress) {
    for (name, version) in told["row_versions"].as_object().into_iter().flatten() {
        let version = version.as_u64().unwrap_or_default();
        let digest = told["rows"][name].as_str().unwrap_or_default().to_owned();
        if progress.registers.get(name).is_none_or(|known| known.0.version < version) {
            progress.registers.insert(name.clone(), (Told { version, digest }, place.to_owned()));
        }
    }
}

/// Compares every register with what the newest telling said of it, and their counts with the tellings that there are.
fn check_registers(view: &View<'_>, progress: &Progress) -> Checked<()> {
    for register in told::registers() {
        let name = register.name;
        let words = match (progress.registers.get(name), registers::now(view.tx(), register)?) {
            (Some((told, _)), Some(now)) if now == *told => continue,
            (None, Some(now)) if now.version == 0 => continue,
            (None, None) => continue,
            (Some((told, place)), Some(now)) if now.version == told.version => {
                format!("{name} is not what {place} says of it")
            }
            (Some((_, place)), Some(now)) => {
                format!("told_register counts {} tellings of {name}, and {place} is the last", now.version)
            }
            (None, Some(now)) => {
                format!("told_register counts {} tellings of {name}, and no leaf has one", now.version)
            }
            (Some(_), None) => format!("told_register has no row of {name}"),
        };
        return wrong(words);
    }
    let counted: Vec<String> = view.tx().rows(COUNTED, &bind! {})?;
    match counted.iter().find(|name| told::registers().all(|register| register.name != name.as_str())) {
        Some(name) => wrong(format!("told_register counts tellings of {name}, which is no register")),
        None => Ok(()),
    }
}

/// Compares how many rows there are with the leaves that each tell of the beginning of one.
fn check_births(view: &View<'_>, progress: &Progress) -> Checked<()> {
    let asked: Vec<_> = told::BIRTHS.iter().map(|birth| (birth.count, bind! {})).collect();
    let counted = view.tx().rows_all::<u64>(&asked)?;
    for (birth, rows) in told::BIRTHS.iter().zip(counted.concat()) {
        let begun: u64 = birth.kinds.iter().filter_map(|kind| progress.kinds.get(kind)).sum();
        if rows > begun {
            return wrong(format!("{} has {rows} rows, and leaves tell of {begun}", birth.table));
        }
    }
    Ok(())
}

/// Without its report's key only the header of an entry can be compared, and only a report that ended has no key.
fn check_destroyed(view: &View<'_>, row: &LeafRow, leaf: &Leaf, report: ReportId) -> Checked<()> {
    let ended: u64 = view.tx().get(ENDED, &bind! { report_id: report.get() })?;
    if ended == 0 {
        return wrong(format!("{}: the key of report {report} is missing", row.place()));
    }
    match event::has_header(&leaf.entry, leaf.kind, row.occurred_at, &leaf.id) {
        true => Ok(()),
        false => wrong(format!("{}: its entry is not that of its row", row.place())),
    }
}

/// Everything that is checked once, in the snapshot that had the last page.
fn rest(view: &View<'_>, scribe: &Scribe, progress: &mut Progress, size: u64) -> Checked<()> {
    let tx = view.tx();
    let (_, note): (u64, Option<String>) = tx.get(GET_TREE, &bind! {})?;
    match note {
        Some(note) => check_note(scribe, &note, size, &progress.edge.root())?,
        None if size > 0 => return wrong("ledger_tree has leaves and no checkpoint".to_owned()),
        None => {}
    }
    progress.verdict.checkpoints += u64::from(size > 0);
    if tx.get::<u64>(BEYOND, &bind! { size })? > 0 {
        return wrong(format!("ledger_leaf has an index beyond the tree of {size}"));
    }
    none(vouched::beyond(view, size)?)?;
    if !view.house_key_opens()? {
        return wrong("the row of the house's own key in keystore does not open".to_owned());
    }
    let kept = tx.get::<u64>(ALL_CHECKPOINTS, &bind! {})?;
    if kept + u64::from(size > 0) != progress.verdict.checkpoints {
        return wrong("ledger_checkpoint has a size that the tree never had".to_owned());
    }
    // Each delivery and notice has its entry, so one more than that is an entry of nothing.
    if tx.get::<u64>(ALL_ENTRIES, &bind! {})? != progress.fed {
        return wrong("feed_entry has rows that nothing in the tree tells".to_owned());
    }
    let mut tiles = 0;
    for level in ledger::tiles_of(size) {
        tiles += level.full + u64::from(level.partial > 0);
    }
    for partial in progress.partial.values() {
        check_tile(view, partial)?;
    }
    if tx.get::<u64>(ALL_TILES, &bind! {})? != tiles {
        return wrong(format!("ledger_tile has rows that a tree of {size} has not"));
    }
    let waiting: Vec<LeafRow> = tx.rows(WAITING, &bind! { most: MOST_WAITING })?;
    meet_keys(view, &waiting)?;
    for leaf in &waiting {
        check_leaf(view, leaf, progress)?;
    }
    check_rows(view, progress)?;
    progress.verdict.waiting = waiting.len() as u64;
    check_registers(view, progress)?;
    if progress.verdict.waiting < u64::from(MOST_WAITING) {
        check_births(view, progress)?;
    }
    match progress.tellings.wrong() {
        Some(((thing, table), place)) => wrong(format!("{table} of {thing} is not what {place} says of it")),
        None => Ok(()),
    }
}
