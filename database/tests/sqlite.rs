//! What only an embedded database can do to us: run out of room, and make callers share a commit.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::process::Command;
use std::sync::mpsc;

use database::{Database, Fault, Migration, Pending, Settings, Tx, bind};

const SCHEMA: &[Migration] =
    &[Migration::new(1, "blobs", "CREATE TABLE item (id BIGINT PRIMARY KEY, body {blob} NOT NULL);")];

const INSERT: &str = "-- item::insert
    INSERT INTO item (id, body) VALUES (:id, :body)";

const COUNT: &str = "-- item::count
    SELECT COUNT(*) FROM item";

fn open(scratch: &testkit::Scratch) -> Database {
    let database = scratch.open();
    database.migrate(SCHEMA).unwrap();
    database
}

fn insert(tx: &Tx<'_>, id: i64, size_bytes: usize) -> Result<(), Fault> {
    tx.execute(INSERT, &bind! { id, body: vec![7_u8; size_bytes] }).map(drop)
}

fn count(database: &Database) -> i64 {
    database.read("count", |tx| tx.get::<i64>(COUNT, &bind! {})).wait().unwrap()
}

/// Queues all the inserts while the writer is held up, so that they meet in one commit.
fn together(database: &Database, items: Vec<(i64, usize)>) -> Vec<Pending<(), Fault>> {
    let (started, wait_for_start) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let holder = database.write("holder", move |_| {
        started.send(()).unwrap();
        held.recv().unwrap();
        // Long enough for this commit to gather nobody else.
        (0..3_000_000_u32).for_each(|n| {
            std::hint::black_box(n);
        });
        Ok::<_, Fault>(())
    });
    wait_for_start.recv().unwrap();
    let answers = items
        .into_iter()
        .map(|(id, size_bytes)| database.write("insert", move |tx| insert(tx, id, size_bytes)))
        .collect();
    release.send(()).unwrap();
    holder.wait().unwrap();
    answers
}

#[test]
fn callers_that_come_together_share_a_commit() {
    let scratch = testkit::on_sqlite();
    let database = open(&scratch);
    let commits = |database: &Database| {
        let measures = database.measures();
        let of = |name: &str| *measures.iter().find(|measure| measure.name == name).unwrap();
        (of("database::commit").count, of("database::commit").carried)
    };
    let before = commits(&database);
    together(&database, (0..200).map(|id| (id, 10)).collect())
        .into_iter()
        .for_each(|answer| answer.wait().unwrap());
    let after = commits(&database);
    assert_eq!(after.1 - before.1, 201);
    assert!(after.0 - before.0 < 20, "{} commits", after.0 - before.0);
}

#[test]
fn a_table_made_by_a_caller_that_fails_is_gone_and_its_neighbours_stay() {
    const TABLE: &str = "-- t::table
        CREATE TABLE half_made (id BIGINT)";
    let scratch = testkit::on_sqlite();
    let database = open(&scratch);
    let mut runs = 0;
    let neighbour = database.write("neighbour", move |tx| {
        runs += 1;
        insert(tx, 1, 10)?;
        // Long enough for the next caller to be in the queue before this commit closes.
        if runs == 1 {
            std::thread::park_timeout(std::time::Duration::from_millis(1));
        }
        Ok::<_, Fault>(())
    });
    let failing = database.write("failing", |tx| {
        tx.execute(TABLE, &bind! {})?;
        Err::<(), _>(Fault::Closed)
    });
    assert!(failing.wait().is_err());
    neighbour.wait().unwrap();
    assert_eq!(count(&database), 1);
    let tables = "-- t::tables\nSELECT COUNT(*) FROM sqlite_master WHERE name = 'half_made'";
    let left = database.read("tables", move |tx| tx.get::<i64>(tables, &bind! {})).wait();
    assert_eq!(left.unwrap_or_else(|fault: Fault| panic!("{fault:?}")), 0);
}

#[test]
fn the_file_is_durable_checked_and_private() {
    let scratch = testkit::on_sqlite();
    let database = open(&scratch);
    let ask =
        |sql: &'static str| database.write("ask", move |tx| tx.get::<i64>(sql, &bind! {})).wait().unwrap();
    let mode =
        database.write("mode", |tx| tx.get::<String>("-- t::mode\nPRAGMA journal_mode", &bind! {})).wait();
    assert_eq!(mode.unwrap_or_else(|fault: Fault| panic!("{fault:?}")), "wal");
    assert_eq!(ask("-- t::full\nPRAGMA synchronous"), 2);
    assert_eq!(ask("-- t::keys\nPRAGMA foreign_keys"), 1);
    assert_eq!(ask("-- t::delete\nPRAGMA secure_delete"), 1);
    let path = scratch.settings.url.strip_prefix("sqlite:").unwrap();
    for suffix in ["", "-wal", "-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(format!("{path}{suffix}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{suffix}");
    }
}

#[test]
fn one_caller_without_room_leaves_its_neighbours_theirs() {
    let scratch = testkit::on_sqlite();
    let database = open(&scratch);
    database
        .write("limit", |tx| tx.get::<i64>("-- t::limit\nPRAGMA max_page_count = 60", &bind! {}))
        .wait()
        .unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
    let items = (0..20).map(|id| (id, if id == 10 { 1_000_000 } else { 100 })).collect();
    for (id, answer) in together(&database, items).into_iter().enumerate() {
        match (id, answer.wait()) {
            (10, answer) => assert!(matches!(answer, Err(Fault::Full)), "{answer:?}"),
            (_, answer) => answer.unwrap(),
        }
    }
    assert_eq!(count(&database), 19);
    database
        .write("room", |tx| tx.get::<i64>("-- t::room\nPRAGMA max_page_count = 100000", &bind! {}))
        .wait()
        .unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
    database.write("again", |tx| insert(tx, 10, 1_000_000)).wait().unwrap();
    assert_eq!(count(&database), 20);
}

#[test]
fn a_commit_that_the_disk_refuses_is_nobodys_success_and_later_ones_work() {
    // The limit on a file's size is the whole process's, so the test runs itself again in a process of its own.
    if file_size_signal_is_ignored() { the_disk_refuses_a_commit() } else { again_without_the_signal() }
}

/// Whether a file that grows over its limit is an error here, and not the end of the process (signal 25, XFSZ).
fn file_size_signal_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & (1 << 24) != 0
}

fn again_without_the_signal() {
    let this = std::env::current_exe().unwrap();
    let name = "a_commit_that_the_disk_refuses_is_nobodys_success_and_later_ones_work";
    let output = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; exec "$@""#, "sh"])
        .arg(this)
        .args(["--exact", name, "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn the_disk_refuses_a_commit() {
    let limit_file_size = |limit: &str| {
        let this = std::process::id().to_string();
        let limit = format!("--fsize={limit}:");
        assert!(Command::new("prlimit").args(["--pid", &this, &limit]).status().unwrap().success());
    };
    let scratch = testkit::on_sqlite();
    let database = open(&scratch);
    database.write("first", |tx| insert(tx, 0, 10)).wait().unwrap();
    limit_file_size("120000");
    let answers = together(&database, (1..=30).map(|id| (id, 8_000)).collect());
    let answers: Vec<_> = answers.into_iter().map(Pending::wait).collect();
    // INVARIANT: nothing is acknowledged that was not committed.
    for answer in &answers {
        assert!(matches!(answer, Err(fault) if fault.is_passing()), "{answer:?}");
    }
    assert_eq!(count(&database), 1);
    limit_file_size("unlimited");
    database.write("room", |tx| insert(tx, 1, 8_000)).wait().unwrap();
    assert_eq!(count(&database), 2);
    drop(database);
    assert_eq!(count(&scratch.open()), 2);
}

#[test]
fn a_database_in_memory_reads_and_writes_and_keeps_reads_harmless() {
    let database = Database::open(&Settings::at("sqlite::memory:")).unwrap();
    database.migrate(SCHEMA).unwrap();
    database.write("insert", |tx| insert(tx, 1, 10)).wait().unwrap();
    assert!(database.read("sneak", |tx| insert(tx, 2, 10)).wait().is_err());
    assert_eq!(count(&database), 1);
}

#[test]
fn a_folder_that_is_not_there_is_told_when_opening() {
    let opened = Database::open(&Settings::at("sqlite:/nowhere/at/all/test.sqlite"));
    assert!(matches!(opened, Err(Fault::Unavailable { .. })));
    assert!(matches!(Database::open(&Settings::at("mysql://localhost")), Err(Fault::Settings(_))));
}
