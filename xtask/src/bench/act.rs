//! `act`: one act (3 rows and a leaf) from 32 callers, full durability, against one transaction at a time.
//!
//! The yardstick speaks to each engine's driver itself: the same four statements, prepared once, one caller, one
//! commit each, on the same disk. A seam that cost more than it brings would show a ratio below one.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use database::{Database, Fault, Migration, Settings, Tx, bind};
use serde_json::json;

use super::{Args, Outcome};

const CALLERS: usize = 32;
/// Each engine's connections, as an installation has them by default.
const CONNECTIONS: usize = 16;
/// About what a sealed line of a report weighs.
const BODY: [u8; 300] = [7; 300];
const HASH: [u8; 32] = [9; 32];

const SCHEMA: &[Migration] = &[Migration::new(
    1,
    "act",
    "CREATE TABLE item (id BIGINT PRIMARY KEY, label TEXT NOT NULL, body {blob} NOT NULL);
     CREATE TABLE part (id BIGINT PRIMARY KEY, item BIGINT NOT NULL REFERENCES item (id), body {blob} NOT NULL);
     CREATE TABLE work (id BIGINT PRIMARY KEY, kind TEXT NOT NULL, due_at BIGINT NOT NULL);
     CREATE TABLE leaf (id BIGINT PRIMARY KEY, hash {blob} NOT NULL);",
)];

const ITEM: &str = "-- act::item
    INSERT INTO item (id, label, body) VALUES (:id, :label, :body)";
const PART: &str = "-- act::part
    INSERT INTO part (id, item, body) VALUES (:id, :id, :body)";
const WORK: &str = "-- act::work
    INSERT INTO work (id, kind, due_at) VALUES (:id, :kind, :id)";
const LEAF: &str = "-- act::leaf
    INSERT INTO leaf (id, hash) VALUES (:id, :hash)";

/// Measures both engines; the figure and the ratio are SQLite's, PostgreSQL's stand among the details.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let span = Duration::from_secs(args.seconds.into());
    let scratch = match &args.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let sqlite = on_sqlite(scratch.path(), span)?;
    let base = args.postgres.as_deref().ok_or("the registry starts a PostgreSQL for this benchmark")?;
    let postgres = on_postgres(base, span)?;
    Ok(Outcome {
        name: "act".into(),
        figure: sqlite.together,
        unit: "acts/s".into(),
        yardstick: sqlite.one_by_one,
        ratio: sqlite.together / sqlite.one_by_one,
        details: json!({
            "callers": CALLERS,
            "seconds": args.seconds,
            "sqlite": sqlite.described(),
            "postgres": postgres.described(),
        }),
    })
}

/// What one engine did.
struct Sides {
    together: f64,
    one_by_one: f64,
    mean_us: u64,
    worst_us: u64,
    callers_per_commit: Option<f64>,
}

impl Sides {
    fn described(&self) -> serde_json::Value {
        json!({
            "acts_per_s": self.together,
            "one_by_one_per_s": self.one_by_one,
            "ratio": self.together / self.one_by_one,
            "mean_us": self.mean_us,
            "worst_us": self.worst_us,
            "callers_per_commit": self.callers_per_commit,
        })
    }
}

fn on_sqlite(folder: &Path, span: Duration) -> Result<Sides, Box<dyn Error>> {
    let alone = folder.join("alone.sqlite");
    Database::open(&Settings::at(format!("sqlite:{}", alone.display())))?.migrate(SCHEMA)?;
    let before = sqlite_one_by_one(&alone, span / 2)?;
    let database =
        Database::open(&Settings::at(format!("sqlite:{}", folder.join("together.sqlite").display())))?;
    let together = together(&database, span)?;
    // The disk may have become slower or faster meanwhile: the yardstick is taken on both sides of the figure.
    let after = sqlite_one_by_one(&alone, span / 2)?;
    sides(&database, together, f64::midpoint(before, after))
}

fn on_postgres(base: &str, span: Duration) -> Result<Sides, Box<dyn Error>> {
    let url = format!("{base}/postgres?sslmode=disable");
    let database = Database::open(&Settings { connections: CONNECTIONS, ..Settings::at(url.as_str()) })?;
    database.migrate(SCHEMA)?;
    let before = postgres_one_by_one(&url, span / 2, -1)?;
    let together = together(&database, span)?;
    let after = postgres_one_by_one(&url, span / 2, -1_000_000_000)?;
    sides(&database, together, f64::midpoint(before, after))
}

fn sides(database: &Database, together: f64, one_by_one: f64) -> Result<Sides, Box<dyn Error>> {
    let measures = database.measures();
    let of = |name: &str| measures.iter().find(|measure| measure.name == name);
    let act = of("act").ok_or("no act was measured")?;
    Ok(Sides {
        together,
        one_by_one,
        mean_us: act.total_us / act.count.max(1),
        worst_us: act.worst_us,
        callers_per_commit: of("database::commit").map(|commit| commit.carried as f64 / commit.count as f64),
    })
}

/// Acts per second from all callers through the seam.
fn together(database: &Database, span: Duration) -> Result<f64, Box<dyn Error>> {
    database.migrate(SCHEMA)?;
    let next = Arc::new(AtomicI64::new(1));
    let started = now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (database, next) = (database.clone(), Arc::clone(&next));
            std::thread::spawn(move || caller(&database, &next, started, span))
        })
        .collect();
    let mut acts = 0_u64;
    for caller in callers {
        acts += caller.join().map_err(|_| "a caller panicked")??;
    }
    Ok(acts as f64 / elapsed(started).as_secs_f64())
}

fn caller(database: &Database, next: &AtomicI64, started: Instant, span: Duration) -> Result<u64, Fault> {
    let mut acts = 0;
    while elapsed(started) < span {
        let id = next.fetch_add(1, Ordering::Relaxed);
        database.write("act", move |tx| act(tx, id)).wait()?;
        acts += 1;
    }
    Ok(acts)
}

fn act(tx: &Tx<'_>, id: i64) -> Result<(), Fault> {
    tx.put(ITEM, &bind! { id, label: "synthetic", body: BODY })?;
    tx.put(PART, &bind! { id, body: BODY })?;
    tx.put(WORK, &bind! { id, kind: "seal" })?;
    tx.put(LEAF, &bind! { id, hash: HASH })
}

/// Acts per second of one caller who commits each, over the driver itself.
fn sqlite_one_by_one(path: &Path, span: Duration) -> Result<f64, Box<dyn Error>> {
    let connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    let mut id: i64 = connection.query_row("SELECT COALESCE(MAX(id), 0) FROM item", [], |row| row.get(0))?;
    let (started, first) = (now(), id);
    while elapsed(started) < span {
        id += 1;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.prepare_cached("INSERT INTO item VALUES (?1, ?2, ?3)")?.execute((
            id,
            "synthetic",
            BODY,
        ))?;
        connection.prepare_cached("INSERT INTO part VALUES (?1, ?1, ?2)")?.execute((id, BODY))?;
        connection.prepare_cached("INSERT INTO work VALUES (?1, ?2, ?1)")?.execute((id, "seal"))?;
        connection.prepare_cached("INSERT INTO leaf VALUES (?1, ?2)")?.execute((id, HASH))?;
        connection.execute_batch("COMMIT")?;
    }
    Ok((id - first) as f64 / elapsed(started).as_secs_f64())
}

/// The same on PostgreSQL, with ids below `start`, which nobody else uses.
fn postgres_one_by_one(url: &str, span: Duration, start: i64) -> Result<f64, Box<dyn Error>> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    let item = client.prepare("INSERT INTO item VALUES ($1, $2, $3)")?;
    let part = client.prepare("INSERT INTO part VALUES ($1, $1, $2)")?;
    let work = client.prepare("INSERT INTO work VALUES ($1, $2, $1)")?;
    let leaf = client.prepare("INSERT INTO leaf VALUES ($1, $2)")?;
    let (started, mut id, mut acts) = (now(), start, 0_u64);
    while elapsed(started) < span {
        id -= 1;
        let mut transaction = client.transaction()?;
        transaction.execute(&item, &[&id, &"synthetic", &&BODY[..]])?;
        transaction.execute(&part, &[&id, &&BODY[..]])?;
        transaction.execute(&work, &[&id, &"seal"])?;
        transaction.execute(&leaf, &[&id, &&HASH[..]])?;
        transaction.commit()?;
        acts += 1;
    }
    Ok(acts as f64 / elapsed(started).as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn now() -> Instant {
    Instant::now()
}

fn elapsed(since: Instant) -> Duration {
    now().saturating_duration_since(since)
}
