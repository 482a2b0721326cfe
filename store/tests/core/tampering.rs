//! Every column of the ledger, changed one at a time: each change is found and named.

use database::{Database, FromValue, Tx, Value, ValueRef, bind};
use jiff::SignedDuration;
use store::testing::TestHouse;
use store::{Event, EventKind};
use testkit::both_engines;

use crate::{act, opened, report, run, sequenced};

/// A value of any kind, out of a row and back into it.
#[derive(Debug, Clone, PartialEq)]
struct Cell(Value);

impl FromValue for Cell {
    fn from_value(value: ValueRef<'_>) -> Result<Self, database::Mismatch> {
        Ok(Self(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Int(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(text.to_owned()),
            ValueRef::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        }))
    }
}

impl Cell {
    /// Another value of the same kind.
    fn changed(&self) -> Self {
        Self(match &self.0 {
            Value::Int(number) => Value::Int(number + 100_000),
            Value::Text(text) if text == "report-read" => Value::Text("file-opened".to_owned()),
            Value::Text(text) => Value::Text(other_digit(text)),
            Value::Bytes(bytes) => {
                let mut bytes = bytes.clone();
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                Value::Bytes(bytes)
            }
            other => other.clone(),
        })
    }
}

/// The text with its first digit changed: those of ours have one.
fn other_digit(text: &str) -> String {
    let other = |digit: &str| text.replacen(digit, if digit == "7" { "1" } else { "7" }, 1);
    text.find(|letter: char| letter.is_ascii_digit()).map_or_else(String::new, |at| other(&text[at..=at]))
}

/// One column of one row: how to read it, and how to write it by its old value.
struct Target {
    what: &'static str,
    read: &'static str,
    write: &'static str,
}

macro_rules! target {
    ($table:literal, $column:literal, $row:literal) => {
        Target {
            what: concat!($table, ".", $column),
            read: concat!("-- test::read\nSELECT ", $column, " FROM ", $table, " WHERE ", $row),
            write: concat!(
                "-- test::write\nUPDATE ",
                $table,
                " SET ",
                $column,
                " = :new WHERE ",
                $column,
                " = :old AND ",
                $row
            ),
        }
    };
    // A column that names its row is written by its old value alone.
    ($table:literal, $column:literal, $row:literal, alone) => {
        Target {
            what: concat!($table, ".", $column),
            read: concat!("-- test::read\nSELECT ", $column, " FROM ", $table, " WHERE ", $row),
            write: concat!(
                "-- test::write\nUPDATE ",
                $table,
                " SET ",
                $column,
                " = :new WHERE ",
                $column,
                " = :old"
            ),
        }
    };
}

/// Leaf 5 is a note on report 1, leaf 300 lies beyond the first full tile; the tree has more than one level.
const TARGETS: &[Target] = &[
    target!("ledger_leaf", "id", "leaf_index = 5", alone),
    target!("ledger_leaf", "leaf_index", "leaf_index = 5", alone),
    target!("ledger_leaf", "kind", "leaf_index = 5"),
    target!("ledger_leaf", "occurred_at", "leaf_index = 5"),
    target!("ledger_leaf", "report_id", "leaf_index = 5"),
    target!("ledger_leaf", "entry", "leaf_index = 5"),
    target!("ledger_leaf", "sealed_event", "leaf_index = 5"),
    target!("ledger_leaf", "entry", "leaf_index = 300"),
    target!("ledger_tile", "level", "level = 1 AND tile_index = 0", alone),
    target!("ledger_tile", "tile_index", "level = 0 AND tile_index = 1", alone),
    target!("ledger_tile", "hashes", "level = 0 AND tile_index = 0"),
    target!("ledger_tile", "hashes", "level = 0 AND tile_index = 1"),
    target!("ledger_tile", "hashes", "level = 1 AND tile_index = 0"),
    target!("ledger_checkpoint", "size", "size = 302", alone),
    target!("ledger_checkpoint", "note", "size = 302"),
    target!("ledger_tree", "size", "one = 1"),
    target!("ledger_tree", "note", "one = 1"),
];

/// What is lost, and how it comes back.
const LOST: &[(&str, &str, &str)] = &[
    (
        "the last leaf",
        "-- test::lost\nDELETE FROM ledger_leaf WHERE leaf_index = 302",
        "-- test::back\nINSERT INTO ledger_leaf SELECT * FROM kept_leaf WHERE leaf_index = 302",
    ),
    (
        "a leaf",
        "-- test::lost\nDELETE FROM ledger_leaf WHERE leaf_index = 17",
        "-- test::back\nINSERT INTO ledger_leaf SELECT * FROM kept_leaf WHERE leaf_index = 17",
    ),
    (
        "a tile",
        "-- test::lost\nDELETE FROM ledger_tile WHERE level = 0 AND tile_index = 0",
        "-- test::back\nINSERT INTO ledger_tile SELECT * FROM kept_tile WHERE level = 0 AND tile_index = 0",
    ),
    (
        "the newest checkpoint",
        "-- test::lost\nUPDATE ledger_tree SET note = NULL",
        "-- test::back\nUPDATE ledger_tree SET note = (SELECT note FROM kept_tree)",
    ),
];

const KEPT: &[&str] = &[
    "-- test::keep\nCREATE TABLE kept_leaf AS SELECT * FROM ledger_leaf",
    "-- test::keep\nCREATE TABLE kept_tile AS SELECT * FROM ledger_tile",
    "-- test::keep\nCREATE TABLE kept_tree AS SELECT * FROM ledger_tree",
];

const ADDED: &[(&str, &str)] = &[
    (
        "a leaf beyond the tree",
        "-- test::added\nINSERT INTO ledger_leaf (id, leaf_index, kind, occurred_at, report_id, entry, sealed_event)
         SELECT :id, 303, kind, occurred_at, report_id, entry, sealed_event FROM ledger_leaf WHERE leaf_index = 302",
    ),
    (
        "a waiting leaf that no act wrote",
        "-- test::added\nINSERT INTO ledger_leaf (id, leaf_index, kind, occurred_at, report_id, entry, sealed_event)
         SELECT :id, NULL, kind, occurred_at, report_id, entry, sealed_event FROM ledger_leaf WHERE leaf_index = 302",
    ),
    (
        "a tile beyond the tree",
        "-- test::added\nINSERT INTO ledger_tile (level, tile_index, hashes) VALUES (3, 0, :id)",
    ),
    (
        "a checkpoint beyond the tree",
        "-- test::added\nINSERT INTO ledger_checkpoint (size, note)
         SELECT 900, note FROM ledger_checkpoint WHERE size = 302 AND CAST(:id AS {blob}) IS NOT NULL",
    ),
];

/// A ledger of 303 leaves, with a checkpoint of size 302 in its history and one of 303 in its tree.
async fn grown(scratch: &testkit::Scratch) -> TestHouse {
    let house = TestHouse::on(&scratch.settings).await;
    opened(&house, 1).await;
    act(&house, |act| {
        for _ in 0..299 {
            act.note(Event::of_report(EventKind::ReportRead, report(1)))?;
        }
        Ok(())
    })
    .await
    .unwrap();
    sequenced(&house).await;
    house.advance(SignedDuration::from_millis(100));
    crate::noted(&house, 1).await;
    assert_eq!(sequenced(&house).await, 303);
    house
}

/// A change behind the house's back.
fn changed<T: Send + 'static>(
    database: &Database,
    change: impl Fn(&Tx<'_>) -> Result<T, database::Fault> + Send + 'static,
) -> T {
    database
        .write::<T, database::Fault, _>("test::change", move |tx| change(tx))
        .wait()
        .expect("a change is made")
}

both_engines! {
    // PROVES: R-76c
    fn any_changed_column_is_found_and_named(scratch) {
        run(async {
            let house = grown(scratch).await;
            let database = scratch.open();
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
            for Target { what, read, write } in TARGETS {
                let (old, new) = changed(&database, move |tx| {
                    let old: Cell = tx.get(read, &bind! {})?;
                    let new = old.changed();
                    assert_eq!(tx.execute(write, &bind! { old: &old.0, new: &new.0 })?, 1);
                    Ok((old, new))
                });
                assert_ne!(old, new, "{what}");
                let wrong = house.book().verify().await.unwrap().wrong.unwrap_or_default();
                assert!(wrong.contains("ledger_") || wrong.contains("checkpoint"), "{what}: {wrong}");
                assert_eq!(changed(&database, move |tx| tx.execute(write, &bind! { old: &new.0, new: &old.0 })), 1);
            }
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-76c
    fn two_leaves_that_changed_places_are_found(scratch) {
        run(async {
            let house = grown(scratch).await;
            let database = scratch.open();
            for (from, to) in [(5_i64, 100_000_i64), (6, 5), (100_000, 6)] {
                let Target { write, .. } = TARGETS[1];
                changed(&database, move |tx| tx.execute(write, &bind! { old: from, new: to }));
            }
            assert!(house.book().verify().await.unwrap().wrong.is_some());
        });
    }

    // PROVES: R-76c
    fn anything_lost_is_found(scratch) {
        run(async {
            let database = scratch.open();
            let house = grown(scratch).await;
            changed(&database, |tx| KEPT.iter().try_for_each(|keep| tx.execute(keep, &bind! {}).map(drop)));
            for (what, lost, back) in LOST {
                assert_eq!(house.book().verify().await.unwrap().wrong, None, "before {what}");
                changed(&database, move |tx| tx.execute(lost, &bind! {}));
                assert!(house.book().verify().await.unwrap().wrong.is_some(), "{what}");
                changed(&database, move |tx| tx.execute(back, &bind! {}));
            }
        });
    }

    // PROVES: R-76c
    fn anything_added_is_found(scratch) {
        run(async {
            let database = scratch.open();
            let house = grown(scratch).await;
            for (what, added) in ADDED {
                changed(&database, move |tx| tx.execute(added, &bind! { id: [7_u8; 16] }));
                let wrong = house.book().verify().await.unwrap().wrong;
                assert!(wrong.is_some(), "{what}");
                changed(&database, |tx| {
                    tx.execute("-- test::undo\nDELETE FROM ledger_leaf WHERE id = :id", &bind! { id: [7_u8; 16] })?;
                    tx.execute("-- test::undo\nDELETE FROM ledger_tile WHERE level = 3", &bind! {})?;
                    tx.execute("-- test::undo\nDELETE FROM ledger_checkpoint WHERE size = 900", &bind! {})
                });
            }
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }
}
