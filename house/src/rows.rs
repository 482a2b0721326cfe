//! What rows say, in one digest a table, told to the ledger by the act that wrote them last. So that whoever checks the
//! ledger finds a row that was changed, lost or added, though its columns are in no event.
//!
//! Which rows, and which of their columns, stands in `told`; `pipeline/tests/journey/mutation.rs` lists every column that
//! does not.

use std::collections::{BTreeMap, BTreeSet};

use database::{Args, Engine, Tx, bind};
use domain::ReportId;
use seal::Sha256;
use serde_json::Value;
use told::{Key, Of, Rows, Table, Thing};

use crate::{Event, EventKind, Fault, LeafId, Result};

/// Tables by name, each with the digest of a thing's rows in it.
pub(crate) type Digests = BTreeMap<&'static str, String>;

/// What one leaf tells of things.
#[derive(Default)]
pub(crate) struct Said {
    pub digests: Digests,
    /// Its place among all tellings of the same rows, however its leaf comes to stand in the tree.
    pub order: Option<i64>,
}

/// Of two acts that wrote one thing the second reads more here than the first did: it has the thing's lock, so the first is
/// kept, and its leaves stand above what it read itself. Neither is a count in a row of ours that somebody could put back:
/// SQLite's place of the newest leaf (none is ever deleted), PostgreSQL's place in its write-ahead log.
const ORDER_ON_SQLITE: &str = "-- rows::order_on_sqlite
    SELECT COALESCE(MAX(rowid), 0) FROM ledger_leaf";

const ORDER_ON_POSTGRES: &str = "-- rows::order_on_postgres
    SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT)";

/// A digest that only this house can make.
pub(crate) type Keyed<'a> = &'a dyn Fn(&[u8]) -> [u8; 32];

/// Whether every event of this kind tells what its report's rows say.
pub(crate) fn are_told_by(kind: EventKind) -> bool {
    told::by_event(kind.as_str()).next().is_some()
}

/// What the events of an act tell of rows, each in its place: those of its kind, and what the act wrote of its thing, which
/// is told once. All rows are read together. `None` stands for an event that can tell no more: its report's key is gone.
pub(crate) fn told(
    (tx, key): (&Tx<'_>, Keyed<'_>),
    leaves: &[(LeafId, Option<&Event>)],
    wrote: &[&'static Table],
    sent: &[&'static str],
) -> Result<Vec<Said>> {
    let events: Vec<Option<&Event>> = leaves.iter().map(|(_, event)| *event).collect();
    // Many events of one act tell of the same rows, such as those of many files of a report: they are read once.
    let (mut asked, mut places, mut locked) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    let mut tells: Vec<BTreeSet<Rows>> = vec![BTreeSet::new(); events.len()];
    let mut ask = |table: &'static Table, thing: Thing, place: usize| {
        let rows = (thing, table.name);
        places.entry(rows.clone()).or_insert_with(|| {
            asked.push((table.select, keyed(&rows.0)));
            asked.len() - 1
        });
        tells[place].insert(rows);
    };
    for (place, event) in events.iter().enumerate() {
        let Some(event) = event else { continue };
        for table in told::by_event(event.kind.as_str()) {
            if let Some(thing) = thing_of(table, event) {
                ask(table, thing, place);
            }
        }
    }
    for table in wrote.iter().copied().filter(|table| table.of != Of::House) {
        let of = |event: &Event| thing_of(table, event);
        let mut known = BTreeSet::new();
        for (place, event) in events.iter().enumerate() {
            if let Some(thing) = event.and_then(of)
                && known.insert(thing.clone())
            {
                locked.insert(thing.clone());
                ask(table, thing, place);
            }
        }
        // Found by the tests of whoever wrote it: in a house at work the row is not told, and is found to differ.
        let is_untold = || known.is_empty() && events.iter().all(Option::is_some);
        if cfg!(debug_assertions) && is_untold() && told::surely_wrote(table, sent) {
            return Err(Fault::Untold { table: table.name }.into());
        }
    }
    let locks = locked.iter().filter_map(|thing| Some((told::lock(thing.noun)?, keyed(thing))));
    let (locks, order) = match tx.dialect().engine() {
        // Its writer is alone.
        Engine::Sqlite => (Vec::new(), ORDER_ON_SQLITE),
        Engine::Postgres => (locks.collect(), ORDER_ON_POSTGRES),
    };
    let first: Vec<_> = locks.into_iter().chain([(order, bind! {})]).collect();
    let (order, digests) = if asked.is_empty() { Default::default() } else { digests(tx, &first, &asked)? };
    let told = tells.into_iter().zip(leaves).map(|(rows, (leaf, _))| Said {
        order: order.filter(|_| !rows.is_empty()),
        digests: rows
            .into_iter()
            .map(|rows| (rows.1, closed(&rows, &digests[places[&rows]], (key, Some(leaf)))))
            .collect(),
    });
    Ok(told.collect())
}

/// A report as a thing.
pub(crate) fn report(report: ReportId) -> Thing {
    Thing { noun: "report", key: Key::Number(i64::try_from(report.get()).unwrap_or(i64::MAX)) }
}

fn thing_of(table: &'static Table, event: &Event) -> Option<Thing> {
    let report = event.report.and_then(|report| i64::try_from(report.get()).ok());
    table.thing(report, event.object.as_deref(), &event.details)
}

/// Of which rows a leaf tells under this name; nothing of a register, and of a name that is not known.
pub(crate) fn told_of(name: &str, report: Option<ReportId>, event: &Value) -> Option<Rows> {
    let report = report.and_then(|report| i64::try_from(report.get()).ok());
    let table = told::find(name)?;
    Some((table.thing(report, event["object"].as_str(), &event["details"])?, table.name))
}

/// The digests of these rows, now; not as they are told.
pub(crate) fn now(tx: &Tx<'_>, of: &[&Rows]) -> Result<Vec<String>> {
    let select = |name: &str| told::find(name).map_or("", |table| table.select);
    let asked = of.iter().map(|(thing, name)| (select(name), keyed(thing)));
    let mut digests = digests(tx, &[], &asked.collect::<Vec<_>>())?.1;
    for ((thing, name), digest) in of.iter().zip(&mut digests) {
        let Some(bodies) = told::bodies(name) else { continue };
        tx.each(&[(bodies, keyed(thing))], &mut |_, row| {
            if row.at::<Option<Vec<u8>>>(0)?.as_deref() != Some(&seal::sha256(&row.at::<Vec<u8>>(1)?)[..]) {
                digest.clear();
            }
            Ok(())
        })?;
    }
    Ok(digests)
}

/// The digest as a leaf tells it: keyed where another agency than the one that wrote may be shown it, and then with the
/// leaf's own id, so that two tellings of the same rows do not look alike: that they do would say that nobody wrote between
/// them. Leaves of before there was an order have no id in it.
pub(crate) fn closed(
    (thing, name): &Rows,
    digest: &str,
    (key, leaf): (Keyed<'_>, Option<&LeafId>),
) -> String {
    let leaf = leaf.map_or_else(String::new, |leaf| format!("\n{leaf}"));
    match told::find(name).is_some_and(Table::is_shared) {
        true => seal::hex(&key(format!("rows\n{name}\n{thing}{leaf}\n{digest}").as_bytes())),
        false => digest.to_owned(),
    }
}

fn keyed(thing: &Thing) -> Args {
    match &thing.key {
        Key::Number(number) => bind! { key: *number },
        Key::Name(name) => bind! { key: name },
    }
}

/// The digest over all rows of one statement without arguments.
pub(crate) fn spelled(tx: &Tx<'_>, select: &'static str) -> Result<String> {
    let digest = digests(tx, &[], &[(select, bind! {})])?.1.pop();
    Ok(digest.unwrap_or_default())
}

/// One digest for each statement that is asked, over its rows as they arrive, and the number that the last of the first ones
/// answers, once what those lock is ours: in one trip, and each statement sees what was kept before it began.
fn digests(
    tx: &Tx<'_>,
    first: &[(&'static str, Args)],
    asked: &[(&'static str, Args)],
) -> Result<(Option<i64>, Vec<String>)> {
    let (mut number, mut digests) = (None, asked.iter().map(|_| Sha256::new()).collect::<Vec<_>>());
    let all: Vec<_> = first.iter().chain(asked).cloned().collect();
    tx.each(&all, &mut |place, row| {
        if let Some(place) = place.checked_sub(first.len()) {
            let row = told::spelled(row)?;
            digests[place].update(&(row.len() as u64).to_be_bytes());
            digests[place].update(&row);
        } else if place + 1 == first.len() {
            number = Some(row.at(0)?);
        }
        Ok(())
    })?;
    Ok((number, digests.into_iter().map(|digest| seal::hex(&digest.finish())).collect()))
}
