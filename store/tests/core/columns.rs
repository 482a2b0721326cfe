//! Every column of the live schema is described, on both engines, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use database::{Dialect, Engine, bind};
use serde::Deserialize;
use store::testing::TestHouse;
use testkit::both_engines;

use crate::run;

const ON_SQLITE: &str = "-- test::columns_on_sqlite
    SELECT master.name, info.name FROM sqlite_master AS master, pragma_table_info(master.name) AS info
    WHERE master.type = 'table' AND master.name NOT LIKE 'sqlite_%'";

const ON_POSTGRES: &str = "-- test::columns_on_postgres
    SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
    WHERE table_schema = CURRENT_SCHEMA()";

/// The migration runner's own.
const NOT_OURS: &str = "schema_migration";

/// One line of `columns.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    holds: String,
    privacy: Privacy,
    kept: Kept,
}

/// Who could learn what from the column alone.
#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Privacy {
    /// Nothing about a person.
    Open,
    /// Something about a person or a report, in plain.
    Private,
    /// Nothing without the key.
    Sealed,
    /// A digest or wrapped key: nothing without the root.
    Secret,
}

/// How long the column's rows stay.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kept {
    /// For as long as the house stands.
    House,
    /// For as long as the report's rows.
    Report,
    /// Until the report's key is destroyed.
    Key,
    /// Until it is done or runs out.
    Passing,
}

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

fn described() -> Tables {
    toml::from_str(include_str!("../../columns.toml")).expect("columns.toml is a table of tables")
}

fn live(dialect: Dialect) -> &'static str {
    match dialect.engine() {
        Engine::Sqlite => ON_SQLITE,
        Engine::Postgres => ON_POSTGRES,
    }
}

both_engines! {
    fn every_column_is_described(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let rows = house.read("test::columns", |view| {
                Ok(view.tx().rows::<(String, String)>(live(view.tx().dialect()), &bind! {})?)
            });
            let rows = rows.await.unwrap();
            let live: BTreeSet<(String, String)> = rows.into_iter().filter(|(table, _)| table != NOT_OURS).collect();
            let described: BTreeSet<(String, String)> = described()
                .into_iter()
                .flat_map(|(table, columns)| columns.into_keys().map(move |column| (table.clone(), column)))
                .collect();
            assert_eq!(live.difference(&described).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not described");
            assert_eq!(described.difference(&live).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not there");
        });
    }
}

#[test]
fn every_description_says_something() {
    for (table, columns) in described() {
        for (name, Column { holds, privacy, kept }) in columns {
            assert!(holds.split(' ').count() >= 2, "{table}.{name}");
            // What is sealed is destroyed with its key, so it cannot be kept for as long as the house.
            let forever = matches!(kept, Kept::House);
            assert!(!(privacy == Privacy::Private && forever), "{table}.{name} is private for ever");
        }
    }
}
