//! One change at a time, behind the house's back: every column of every table, every stretch of every stored file. Each is
//! found and named by `ledger verify`, or stands on a list that may only shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use database::{Database, Engine, FromValue, Mismatch, Value, ValueRef, bind};
use pipeline::{package, worker};
use store::intact;
use store::testing::TestHouse;
use testkit::both_engines;

use crate::{filed, furnished, officer, run, submission, tools};

/// What nothing compares yet, and why. A line that is found to be protected must go: the list may only shrink.
const UNPROTECTED: &[(&str, &[&str], &str)] = &[
    ("work", &["*"], "passing: what is owed next; lost work is asked for again by the report's stage"),
    ("session", &["*"], "passing: ends by itself within hours"),
    ("sign_in_link", &["*"], "passing: ends by itself within minutes"),
    ("idempotency", &["*"], "passing: forgotten within days"),
    ("transfer", &["*"], "passing: a file on its way; the whole file is evidence"),
    ("transfer_segment", &["*"], "passing: a file on its way; the whole file is evidence"),
    ("report_form", &["*"], "passing: an unfinished form, sealed"),
    ("ledger_witness", &["*"], "passing: whom to ask next; what was cosigned is checked"),
    (
        "report",
        &["stage", "priority", "undelivered_since"],
        "moves with each stride, and each stride leaves a leaf; not compared with them yet",
    ),
    ("report_number", &["next"], "a counter: a number that was given twice is refused by the key of report"),
    (
        "epoch_key",
        &["*"],
        "wrapped under the root; a changed one is refused when the house opens, one that is in use stays in memory",
    ),
    (
        "keystore",
        &["epoch", "created_at"],
        "which day's key wraps a key, and when; a changed wrapping does not open",
    ),
    ("setting", &["*"], "compared with the configuration when the house opens"),
    ("credential", &["last_used_day"], "passing: a mark of use, once a day"),
    (
        "quality_tally",
        &["*"],
        "counts that are made from quality, and can be made again; not compared with it yet",
    ),
    ("quality_rule", &["*"], "words of rules, shipped with the program"),
    ("person", &["entered_at"], "passing: when somebody was last there"),
    ("standing", &["*"], "an agency's own work: every change is a leaf; the present row is not compared yet"),
    (
        "deconfliction",
        &["*"],
        "what two agencies agree on: every step is a leaf; the row is not compared yet",
    ),
    ("deconfliction_match", &["*"], "digests that lead to an event; the event's leaf names the report"),
    ("deconfliction_side", &["*"], "who of a side handles an event: every step is a leaf"),
    ("oncall_call", &["*"], "passing: who is called next; every call is a leaf"),
    ("deconfliction_pointer", &["*"], "a side's own reports; each is named in a leaf when it is told"),
    (
        "agency_transfer",
        &["*"],
        "on its way between agencies: every step is a leaf; the row is not compared yet",
    ),
    ("handed_on", &["*"], "who holds a report: each handing on is a leaf; the row is not compared yet"),
    ("report_return", &["*"], "given back by an agency: every step is a leaf; the row is not compared yet"),
];

/// The migration runner's own.
const NOT_OURS: &str = "schema_migration";

const ON_SQLITE: &str = "-- test::columns_on_sqlite
    SELECT master.name, info.name FROM sqlite_master AS master, pragma_table_info(master.name) AS info
    WHERE master.type = 'table' AND master.name NOT LIKE 'sqlite_%'";

const ON_POSTGRES: &str = "-- test::columns_on_postgres
    SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
    WHERE table_schema = CURRENT_SCHEMA()";

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
    Box::leak(format!("-- test::mutation\n{text}").into_boxed_str())
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
    assert_eq!(back.unwrap(), 1, "{table}.{column}");
}

fn engine(database: &Database) -> Engine {
    database.read::<_, database::Fault, _>("test::engine", |tx| Ok(tx.dialect().engine())).wait().unwrap()
}

fn read<T: database::FromRow + Send + 'static>(database: &Database, text: &'static str) -> Vec<T> {
    database.read::<_, database::Fault, _>("test::look", move |tx| tx.rows(text, &bind! {})).wait().unwrap()
}

/// The columns of the live schema, by table.
fn schema(database: &Database) -> BTreeMap<String, BTreeSet<String>> {
    let text = match engine(database) {
        Engine::Sqlite => ON_SQLITE,
        Engine::Postgres => ON_POSTGRES,
    };
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in read::<(String, String)>(database, text) {
        if table != NOT_OURS {
            tables.entry(table).or_default().insert(column);
        }
    }
    tables
}

fn is_listed(table: &str, column: &str) -> bool {
    UNPROTECTED
        .iter()
        .any(|(known, columns, _)| *known == table && (columns.contains(&"*") || columns.contains(&column)))
}

/// What the check says, whole: rows first, then files.
async fn found(house: &TestHouse) -> Option<String> {
    match house.book().verify().await {
        Ok(verdict) if verdict.wrong.is_some() => verdict.wrong,
        Ok(_) => intact::files(house).await.unwrap().wrong,
        // A row that the house itself can no longer read is found too, though not so well named.
        Err(error) => Some(format!("{error}: {:?}", std::error::Error::source(&error))),
    }
}

/// A house through which a few reports went, with everything that they leave behind.
async fn lived_in(scratch: &testkit::Scratch) -> TestHouse {
    let house = furnished(&scratch.settings).await;
    for address in ["2001:db8:1::7", "2001:db8:1::7", "2001:db8:2::7"] {
        filed(&house, submission(address)).await;
    }
    worker::drain(&house, &tools()).await.unwrap();
    let officer = officer("icac-us-il-cook-county");
    let first = crate::records::all(&house).await;
    // Leaves of one instant stand in no order that a test could know: one of the reports is the officer's.
    let numbers: BTreeSet<u64> =
        first.iter().filter_map(|one| one.event.as_ref()?["report"].as_u64()).collect();
    let mut taken = false;
    for number in numbers {
        if package::take(&house, &officer, number.try_into().unwrap()).await.is_ok() {
            taken = true;
            break;
        }
    }
    assert!(taken, "the officer has none of the reports");
    crate::records::all(&house).await;
    assert_eq!(found(&house).await, None);
    house
}

both_engines! {
    // PROVES: R-75 R-76 R-76c
    fn every_changed_column_is_found_and_named_or_stands_on_the_list_that_shrinks(scratch) {
        run(async {
            let house = lived_in(scratch).await;
            let database = scratch.open();
            let (mut missed, mut protected, mut changed) = (Vec::new(), BTreeSet::new(), 0);
            for (table, columns) in schema(&database) {
                for column in columns {
                    let cells: Vec<Cell> = read(&database, sql(format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 200")));
                    let Some(cell) = cells.first() else { continue };
                    let tried = others(cell, &cells[1..]).into_iter();
                    // A schema that lets no other value in protects what it can: nothing could be changed.
                    let Some(place) = tried.filter_map(|new| change(&database, &table, &column, &cell.0, &new)).next() else { continue };
                    changed += 1;
                    let wrong = found(&house).await;
                    match &wrong {
                        Some(_) if is_listed(&table, &column) => drop(protected.insert(format!("{table}.{column}"))),
                        None if !is_listed(&table, &column) => missed.push(format!("{table}.{column}")),
                        _ => {}
                    }
                    change_back(&database, &table, &column, &cell.0, &place);
                }
            }
            assert!(changed > 100, "only {changed} columns could be changed");
            assert_eq!(missed, Vec::<String>::new(), "changed and not found: protect it, or list it with its reason");
            // What is listed by name and found all the same no longer belongs on the list.
            let named = |one: &&String| one.split_once('.').is_some_and(|(table, column)| {
                UNPROTECTED.iter().any(|(known, columns, _)| *known == table && columns.contains(&column))
            });
            assert_eq!(protected.iter().filter(named).collect::<Vec<_>>(), Vec::<&String>::new(), "protected: take it off the list");
        });
    }

    // PROVES: R-75 R-76
    fn every_changed_stretch_of_every_stored_file_is_found_and_named(scratch) {
        run(async {
            let house = lived_in(scratch).await;
            let mut changed = 0;
            for file in files(&house.folder().join("vault")) {
                let bytes = fs::read(&file).unwrap();
                for at in (0..bytes.len()).step_by(32) {
                    let mut other = bytes.clone();
                    other[at] ^= 1;
                    fs::write(&file, &other).unwrap();
                    let wrong = found(&house).await.unwrap_or_default();
                    assert!(wrong.starts_with("file "), "byte {at} of {} in {}: {wrong:?}", bytes.len(), file.display());
                    changed += 1;
                }
                fs::write(&file, &bytes).unwrap();
                fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
                assert!(found(&house).await.is_some(), "a shorter {}", file.display());
                fs::write(&file, &bytes).unwrap();
            }
            assert!(changed > 5, "{changed}");
            assert_eq!(found(&house).await, None);
        });
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if fs::metadata(&path).unwrap().len() > 0 {
            all.push(path);
        }
    }
    all
}
