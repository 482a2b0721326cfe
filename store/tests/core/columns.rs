//! Every column of the live schema is described, on both engines, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use store::testing::TestHouse;
use testkit::both_engines;

use crate::run;

/// One line of `columns.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    says: String,
    sensitivity: Sensitivity,
    retention: String,
}

/// Who could learn what from the column alone.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Sensitivity {
    /// It may be printed.
    Public,
    /// For the house and whoever holds a permit.
    Internal,
    /// Nothing without the key.
    PrivateSealed,
    /// Nothing without the root.
    SecretDigest,
    /// A wrapped key.
    Key,
}

/// Classes beside those of `policies/retention`.
const OWN_CLASSES: [&str; 2] = ["house", "passing"];

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

fn described() -> Tables {
    toml::from_str(include_str!("../../columns.toml")).expect("columns.toml is a table of tables")
}

both_engines! {
    fn every_column_is_described(scratch) {
        run(async {
            let _house = TestHouse::on(&scratch.settings).await;
            let live: BTreeSet<(String, String)> = testkit::tamper::schema(&scratch.open())
                .into_iter()
                .flat_map(|(table, columns)| columns.into_iter().map(move |column| (table.clone(), column)))
                .collect();
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
fn every_description_says_something_and_names_a_known_class() {
    for (table, columns) in described() {
        for (name, Column { says, retention, .. }) in columns {
            assert!(says.split(' ').count() >= 2, "{table}.{name}");
            let class = retention.as_str();
            let known = OWN_CLASSES.contains(&class) || policy::retention::DATA_CLASSES.contains(&class);
            assert!(known, "{table}.{name} is kept as {class}");
        }
    }
}

/// The name of a column tells how it is stored, so that nobody writes plain text into it by mistake.
#[test]
fn a_column_is_named_sealed_or_digest_exactly_when_it_is() {
    for (table, columns) in described() {
        for (name, Column { sensitivity, .. }) in columns {
            let sealed = sensitivity == Sensitivity::PrivateSealed;
            assert_eq!(name.starts_with("sealed_"), sealed, "{table}.{name}");
            let digest = sensitivity == Sensitivity::SecretDigest;
            assert_eq!(name == "digest" || name.ends_with("_digest"), digest, "{table}.{name}");
            assert_eq!(name == "wrapped", sensitivity == Sensitivity::Key, "{table}.{name}");
        }
    }
}
