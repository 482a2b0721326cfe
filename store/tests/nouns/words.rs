//! The closed lists of the schema are those of the language, word for word.

use std::collections::BTreeSet;

use domain::{AgencyClass, BasisCode, Priority, Relationship, Stage, TriState};
use store::delivery::Channel;

const SCHEMA: &str = include_str!("../../../house/migrations/0002_nouns.sql");

/// The words that a column may hold, wherever its table lists them.
fn listed(column: &str) -> Vec<BTreeSet<&'static str>> {
    let head = format!("CHECK ({column} IN (");
    SCHEMA
        .split(&head)
        .skip(1)
        .map(|rest| {
            let list = rest.split(')').next().expect("a list ends");
            list.split(',').map(|word| word.trim().trim_matches('\'')).collect()
        })
        .collect()
}

fn assert_same(column: &str, words: impl Iterator<Item = &'static str>) {
    let (lists, words) = (listed(column), words.collect::<BTreeSet<_>>());
    assert!(!lists.is_empty(), "{column} has no list");
    for list in lists {
        assert_eq!(list, words, "{column}");
    }
}

#[test]
fn every_closed_list_of_the_schema_is_that_of_the_language() {
    assert_same("stage", Stage::ALL.iter().map(|word| word.as_str()));
    assert_same("priority", Priority::ALL.iter().map(|word| word.as_str()));
    assert_same("class", AgencyClass::ALL.iter().map(|word| word.as_str()));
    assert_same("relationship", Relationship::ALL.iter().map(|word| word.as_str()));
    let of_delivery = BasisCode::ALL.iter().filter(|basis| basis.is_of_delivery());
    assert_same("basis", of_delivery.map(|word| word.as_str()));
    for answer in ["viewed", "exif_viewed", "publicly_available"] {
        assert_same(answer, TriState::ALL.iter().map(|word| word.as_str()));
    }
    let channels = [Channel::Portal, Channel::OfflineMedia, Channel::Mail];
    assert_same("channel", channels.iter().map(|word| word.as_str()));
}
