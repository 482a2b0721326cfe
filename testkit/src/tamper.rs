//! One change at a time, behind the house's back: a column of a row gets another value, the ledger is checked, and the old
//! value is put back. Whatever is changed is found, or stands on the list of what is not protected, which may only shrink.

use std::collections::{BTreeMap, BTreeSet};

use database::{Database, Engine, FromRow, FromValue, Mismatch, Value, ValueRef, bind};

use crate::Scratch;

/// What nothing compares, and why. A line that is found to be protected must go: the list may only shrink.
pub const UNPROTECTED: &[(&str, &[&str], &str)] = &[
    ("work", &["*"], "passing: what is owed next; lost work is asked for again by the report's stage"),
    ("session", &["*"], "passing: ends by itself within hours"),
    ("sign_in_link", &["*"], "passing: ends by itself within minutes"),
    ("sign_in_guard", &["*"], "passing: wrong answers since the last right one; a lock is a leaf"),
    ("spent_challenge", &["*"], "passing: forgotten within minutes"),
    ("idempotency", &["*"], "passing: forgotten within days"),
    ("transfer", &["*"], "passing: a file on its way; the whole file is evidence"),
    ("transfer_segment", &["*"], "passing: a file on its way; the whole file is evidence"),
    ("report_form", &["*"], "passing: an unfinished form, sealed"),
    ("ledger_witness", &["*"], "passing: whom to ask next; what was cosigned is checked"),
    ("report_number", &["next"], "a counter: a number that was given twice is refused by the key of report"),
    (
        "epoch_key",
        &["*"],
        "wrapped under the root; a changed one is refused when the house opens, one that is in use stays in memory",
    ),
    (
        "keystore",
        &["epoch", "created_at", "derived_from"],
        "which day's key wraps a key, when, and from which other one it was made; a changed wrapping does not open",
    ),
    ("setting", &["*"], "compared with the configuration when the house opens"),
    ("credential", &["last_used_day"], "passing: a mark of use, once a day"),
    ("quality_tally", &["*"], "counts that are made from quality, and can be made again"),
    ("quality_rule", &["*"], "words of rules, shipped with the program"),
    ("person", &["entered_at"], "passing: when somebody was last there"),
    ("binding", &["used_at"], "passing: a mark of use"),
    ("unit_member", &["turn"], "passing: whose turn it is"),
    ("media_view", &["ended_at"], "passing: when a viewer was closed; that it was is a leaf"),
    (
        "destruction_item",
        &["wrapped"],
        "passing: the copy of a dropped key, until the proof that it opens nothing",
    ),
    (
        "destruction_report",
        &["witness_epoch", "wrapped"],
        "passing: the copy of a dropped key, until the proof that it opens nothing",
    ),
    (
        "destruction_words",
        &["witness_epoch", "wrapped"],
        "passing: the copy of a dropped key, until the proof that it opens nothing",
    ),
    ("seized_piece", &["*"], "sealed, and given back byte for byte against the digest of the whole set"),
    ("seized_mark", &["*"], "digests that are made from the pieces of a set, and can be made again"),
    ("case_selector", &["*"], "digests that are made from the reports of a case, and can be made again"),
    ("case_word", &["*"], "digests that are made from the words of a case, and can be made again"),
    (
        "deconfliction_match",
        &["*"],
        "digests that are made from the reports of two agencies, and can be made again",
    ),
    ("library_piece", &["*"], "sealed, and given out only as the digest of its version says"),
    (
        "webhook",
        &[
            "told",
            "asked",
            "due_at",
            "attempts",
            "failing_since",
            "last_at",
            "last_answer",
            "again_from",
            "again_after",
            "again_until",
            "again_next",
        ],
        "passing: how far a receiver has been told; each call and answer is a leaf",
    ),
    (
        "message_wish",
        &["new_since", "told_at", "code_digest", "code_until", "code_tries"],
        "passing: what is to be said next, and a code that ends within a day",
    ),
    ("webhook_call", &["*"], "passing: the calls of the last days, so that they can be asked for again"),
    ("case_typed", &["*"], "digests that are made from the words of a case, and can be made again"),
    ("selector_turn", &["*"], "rows to wait for, made with the schema"),
    (
        "case_typed_day",
        &["*"],
        "a count of one day, for a bound that is no secret's guard; each text that passed it is a leaf",
    ),
    ("message", &["*"], "passing: forgotten within a month; each trial and answer is a leaf"),
    ("oncall_call", &["*"], "passing: who is called next; every call and answer is a leaf"),
    (
        "feed_notice",
        &["*"],
        "compared with the feed, as dissemination/tests/nouns/fed.rs tries; what came back by which delivery is not",
    ),
    ("inbox_look", &["*"], "passing: until when somebody has seen what came"),
    ("saved_view", &["*"], "somebody's own question to their inbox"),
    ("reading", &["*"], "passing: what is new to somebody since they read; each reading is a leaf"),
    ("look_limit", &["*"], "what somebody chose for themself, which the ledger is told nothing of"),
    ("spared_category", &["*"], "what somebody chose for themself, which the ledger is told nothing of"),
    (
        "known_media",
        &["*"],
        "a home's own word of bytes that its people classed: each word is a leaf, and not compared",
    ),
];

/// The migration runner's own.
const NOT_OURS: &str = "schema_migration";

const ON_SQLITE: &str = "-- test::columns_on_sqlite
    SELECT master.name, info.name FROM sqlite_master AS master, pragma_table_info(master.name) AS info
    WHERE master.type = 'table' AND master.name NOT LIKE 'sqlite_%'";

const ON_POSTGRES: &str = "-- test::columns_on_postgres
    SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
    WHERE table_schema = CURRENT_SCHEMA()";

/// What came of changing columns.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Tables without a row: nothing of them could be changed.
    pub empty: BTreeSet<String>,
    /// Columns that could be changed.
    pub changed: usize,
    /// Columns whose change was not found, and that are not on the list.
    pub missed: Vec<String>,
    /// Columns that stand on the list by name, and whose change was found all the same.
    pub needless: Vec<String>,
}

/// Every changed column of these tables is found and named, or stands on the list. `found` is what the check of the ledger
/// says: nothing, while nothing is wrong. A test that the list of mutation names says so at its end.
///
/// # Panics
/// For a table without a row, a change that is not found, and a line of the list that is needless.
pub async fn is_found(scratch: &Scratch, tables: &[&str], found: impl AsyncFn() -> Option<String>) {
    let outcome = every_column(scratch, |table| tables.contains(&table), found).await;
    assert_eq!(outcome.empty, BTreeSet::new(), "nothing of these was tried");
    outcome.holds();
}

/// Changes every column of the tables that are wanted, one at a time.
///
/// # Panics
/// When something is wrong before anything was changed.
pub async fn every_column(
    scratch: &Scratch,
    wanted: impl Fn(&str) -> bool,
    found: impl AsyncFn() -> Option<String>,
) -> Outcome {
    assert_eq!(found().await, None, "before anything was changed");
    let (database, mut outcome) = (scratch.open(), Outcome::default());
    for (table, columns) in schema(&database).into_iter().filter(|(table, _)| wanted(table)) {
        let mut has_rows = false;
        for column in columns {
            let text = sql(format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 200"));
            let cells: Vec<Cell> = read(&database, text);
            let Some(cell) = cells.first() else { continue };
            has_rows = true;
            let mut tried = others(cell, &cells[1..]).into_iter();
            // A schema that lets no other value in protects what it can: nothing could be changed.
            let Some(place) = tried.find_map(|new| change(&database, &table, &column, &cell.0, &new)) else {
                continue;
            };
            outcome.changed += 1;
            let (is_found, name) = (found().await.is_some(), format!("{table}.{column}"));
            if is_found && is_listed(&table, &column, false) {
                outcome.needless.push(name);
            } else if !is_found && !is_listed(&table, &column, true) {
                outcome.missed.push(name);
            }
            change_back(&database, &table, &column, &cell.0, &place);
        }
        if !has_rows {
            outcome.empty.insert(table);
        }
    }
    assert_eq!(found().await, None, "after everything was put back");
    outcome
}

/// Runs statements behind the house's back; answers how many rows each changed.
///
/// # Panics
/// When one does not run.
pub fn behind(database: &Database, statements: &[&str]) -> Vec<u64> {
    let texts: Vec<&'static str> = statements.iter().map(|text| sql((*text).to_owned())).collect();
    let ran = database.write::<_, database::Fault, _>("test::behind", move |tx| {
        texts.iter().map(|text| tx.execute(text, &bind! {})).collect()
    });
    ran.wait().expect("what a test does behind the house's back is done")
}

impl Outcome {
    /// Nothing was missed, and nothing is listed needlessly.
    ///
    /// # Panics
    /// When something was.
    pub fn holds(&self) {
        assert_eq!(
            self.missed,
            Vec::<String>::new(),
            "changed and not found: protect it, or list it with its reason"
        );
        assert_eq!(self.needless, Vec::<String>::new(), "protected: take it off the list");
    }
}

/// The statement that names every column of the live schema, with its table first.
#[must_use]
pub const fn columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => ON_SQLITE,
        Engine::Postgres => ON_POSTGRES,
    }
}

/// The columns of the live schema, by table.
pub fn schema(database: &Database) -> BTreeMap<String, BTreeSet<String>> {
    let text = columns(engine(database));
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in read::<(String, String)>(database, text) {
        if table != NOT_OURS {
            tables.entry(table).or_default().insert(column);
        }
    }
    tables
}

/// Whether a column stands on the list; by its own name alone, unless whole tables count.
fn is_listed(table: &str, column: &str, whole: bool) -> bool {
    let named = |columns: &[&str]| columns.contains(&column) || whole && columns.contains(&"*");
    UNPROTECTED.iter().any(|(known, columns, _)| *known == table && named(columns))
}

/// A value of any kind, out of a row and back into it.
#[derive(Debug, Clone, PartialEq)]
struct Cell(Value);

impl FromValue for Cell {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        Ok(Self(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Int(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(text.to_owned()),
            ValueRef::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        }))
    }
}

/// Other values of the same kind, of which the schema may refuse some.
fn others(cell: &Cell, siblings: &[Cell]) -> Vec<Value> {
    let mut others: Vec<Value> = match &cell.0 {
        Value::Int(number) => vec![Value::Int(number + 1), Value::Int(number - 1), Value::Int(1 - number)],
        Value::Text(text) => {
            let flipped = text.char_indices().next_back().map_or_else(
                || "x".to_owned(),
                |(at, last)| format!("{}{}", &text[..at], if last == 'a' { 'b' } else { 'a' }),
            );
            let words = [
                "Yes",
                "No",
                "Unknown",
                "report",
                "file-details",
                "immediate",
                "routine",
                "mail",
                "G3A-DESIG",
            ];
            [flipped].into_iter().chain(words.map(str::to_owned)).map(Value::Text).collect()
        }
        Value::Bytes(bytes) if !bytes.is_empty() => {
            let mut changed = bytes.clone();
            let last = changed.len() - 1;
            changed[last] ^= 1;
            vec![Value::Bytes(changed)]
        }
        _ => Vec::new(),
    };
    others.extend(siblings.iter().map(|sibling| sibling.0.clone()));
    others.retain(|other| *other != cell.0);
    others
}

/// Statements of a test, made of names of the schema.
fn sql(text: String) -> &'static str {
    Box::leak(format!("-- test::tamper\n{text}").into_boxed_str())
}

/// Changes one row, the first that holds the old value; answers its place then, as the engine tells it. `None` when the schema
/// does not let the new value in.
fn change(database: &Database, table: &str, column: &str, old: &Value, new: &Value) -> Option<Value> {
    let text = match engine(database) {
        Engine::Sqlite => sql(format!(
            "UPDATE {table} SET {column} = :new
             WHERE rowid = (SELECT rowid FROM {table} WHERE {column} = :old LIMIT 1) RETURNING rowid"
        )),
        Engine::Postgres => sql(format!(
            "UPDATE {table} SET {column} = :new
             WHERE ctid = (SELECT ctid FROM {table} WHERE {column} = :old LIMIT 1) RETURNING CAST(ctid AS TEXT)"
        )),
    };
    let (old, new) = (old.clone(), new.clone());
    let changed = database
        .write::<_, database::Fault, _>("test::change", move |tx| {
            tx.find::<Cell>(text, &bind! { old: &old, new: &new })
        })
        .wait();
    changed.ok().flatten().map(|cell| cell.0)
}

/// Puts the old value back where it was.
fn change_back(database: &Database, table: &str, column: &str, old: &Value, place: &Value) {
    let text = match engine(database) {
        Engine::Sqlite => sql(format!("UPDATE {table} SET {column} = :old WHERE rowid = :place")),
        Engine::Postgres => {
            sql(format!("UPDATE {table} SET {column} = :old WHERE ctid = CAST(CAST(:place AS TEXT) AS tid)"))
        }
    };
    let (old, place) = (old.clone(), place.clone());
    let back = database
        .write::<_, database::Fault, _>("test::back", move |tx| {
            tx.execute(text, &bind! { old: &old, place: &place })
        })
        .wait();
    assert_eq!(back.expect("what was there may be there again"), 1, "{table}.{column}");
}

fn engine(database: &Database) -> Engine {
    let engine = database.read::<_, database::Fault, _>("test::engine", |tx| Ok(tx.dialect().engine()));
    engine.wait().expect("the database can be read")
}

fn read<T: FromRow + Send + 'static>(database: &Database, text: &'static str) -> Vec<T> {
    let rows = database.read::<_, database::Fault, _>("test::look", move |tx| tx.rows(text, &bind! {}));
    rows.wait().expect("the database can be read")
}
