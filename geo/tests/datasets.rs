//! The shipped reference data keeps its promises: one task force for every county, known codes, closed lists.
#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use geo::{Atlas, Hints, Imported, Kind, import};
use toml::{Table, Value};

const COUNTIES: &str = include_str!("../../datasets/us-counties.csv");
const TASK_FORCES: &str = include_str!("../../datasets/task-forces.toml");
const FEDERAL: &str = include_str!("../../datasets/federal-recipients.toml");
const FOREIGN: &str = include_str!("../../datasets/foreign-points.toml");

const SPLIT_STATES: [&str; 6] = ["CA", "FL", "IL", "NY", "TX", "VA"];
const TERRITORIES: [&str; 6] = ["AS", "GU", "MP", "PR", "UM", "VI"];
const BASES: [&str; 3] = ["V", "V2", "R"];

fn parsed(text: &str) -> Table {
    text.parse().unwrap()
}

fn rows(file: &Table, name: &str) -> Vec<Table> {
    file[name].as_array().unwrap().iter().map(|row| row.as_table().unwrap().clone()).collect()
}

fn text<'a>(row: &'a Table, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{key} is missing in {row:?}"))
}

fn texts(row: &Table, key: &str) -> Vec<String> {
    row[key].as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn imported_counties() -> Imported {
    let digest = "0".repeat(64);
    let hints = Hints { name: "us-counties", sha256: &digest, ..Hints::default() };
    import(Kind::CountyNames, COUNTIES.as_bytes().to_vec(), &hints).unwrap()
}

/// County code to state, read without our importer.
fn counties() -> BTreeMap<String, String> {
    COUNTIES
        .lines()
        .skip(2)
        .map(|line| {
            let mut fields = line.split(',');
            (fields.next().unwrap().to_owned(), fields.next().unwrap().to_owned())
        })
        .collect()
}

fn task_forces() -> Vec<Table> {
    rows(&parsed(TASK_FORCES), "task_force")
}

fn task_force(id: &str) -> Table {
    task_forces().into_iter().find(|row| text(row, "id") == id).unwrap()
}

fn all_different(rows: &[Table], key: &str) {
    let seen: BTreeSet<String> = rows.iter().map(|row| row[key].to_string()).collect();
    assert_eq!(seen.len(), rows.len(), "{key} stands twice");
}

/// No key beside those of the schema, so that a misspelt one does not pass in silence.
fn only_keys(rows: &[Table], required: &[&str], optional: &[&str]) {
    for row in rows {
        for key in required {
            assert!(row.contains_key(*key), "{key} is missing in {row:?}");
        }
        for key in row.keys() {
            assert!(required.contains(&key.as_str()) || optional.contains(&key.as_str()), "{key} in {row:?}");
        }
    }
}

#[test]
fn there_are_sixty_one_task_forces_with_their_own_numbers_and_ids() {
    let all = task_forces();
    let numbers: Vec<i64> = all.iter().map(|row| row["number"].as_integer().unwrap()).collect();
    assert_eq!(numbers, (1..=61).collect::<Vec<_>>());
    all_different(&all, "id");
    all_different(&all, "name");
    for row in &all {
        let start = format!("icac-us-{}", text(row, "state").to_lowercase());
        let rest = text(row, "id").strip_prefix(&start).unwrap();
        assert_eq!(rest.is_empty(), !SPLIT_STATES.contains(&text(row, "state")), "{row:?}");
    }
}

#[test]
fn every_county_of_a_split_state_has_exactly_one_task_force() {
    let mut covered: BTreeMap<String, usize> = BTreeMap::new();
    for row in task_forces() {
        for fips in texts(&row, "covers_counties") {
            assert_eq!(counties().get(&fips).map(String::as_str), Some(text(&row, "state")), "{fips}");
            *covered.entry(fips).or_default() += 1;
        }
    }
    let split = counties().into_iter().filter(|(_, state)| SPLIT_STATES.contains(&state.as_str()));
    let expected: BTreeMap<String, usize> = split.map(|(fips, _)| (fips, 1)).collect();
    assert_eq!(covered, expected);
}

#[test]
fn florida_is_divided_as_its_agencies_signed() {
    let count = |id: &str| task_force(id)["covers_counties"].as_array().unwrap().len();
    let parts = ["icac-us-fl-north", "icac-us-fl-central", "icac-us-fl-south"].map(count);
    assert_eq!(parts, [38, 17, 12]);
}

#[test]
fn every_other_state_has_one_task_force_for_the_whole_and_territories_have_none() {
    let mut covered: BTreeMap<String, usize> = BTreeMap::new();
    for state in task_forces().iter().flat_map(|row| texts(row, "covers_states")) {
        *covered.entry(state).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> = counties()
        .into_values()
        .filter(|state| !SPLIT_STATES.contains(&state.as_str()) && !TERRITORIES.contains(&state.as_str()))
        .map(|state| (state, 1))
        .collect();
    assert_eq!(covered, expected);
    assert_eq!(covered.len(), 45, "forty-four states and the District of Columbia");
}

#[test]
fn the_district_of_columbia_goes_to_number_56() {
    let northern = task_force("icac-us-va-northern-and-dc");
    assert_eq!(
        (northern["number"].as_integer(), texts(&northern, "covers_states")),
        (Some(56), vec!["DC".to_owned()])
    );
}

#[test]
fn every_split_state_has_a_default_of_its_own() {
    let defaults = rows(&parsed(TASK_FORCES), "state_default");
    only_keys(&defaults, &["state", "task_force", "basis"], &[]);
    let states: Vec<&str> = defaults.iter().map(|row| text(row, "state")).collect();
    assert_eq!(states, SPLIT_STATES);
    for row in &defaults {
        assert_eq!(text(&task_force(text(row, "task_force")), "state"), text(row, "state"));
    }
}

#[test]
fn task_force_rows_keep_to_their_schema() {
    let all = task_forces();
    let required = [
        "number",
        "id",
        "name",
        "state",
        "lead_agency",
        "valid_from",
        "covers_states",
        "covers_counties",
        "lead_basis",
        "area_basis",
    ];
    only_keys(&all, &required, &["valid_to", "note"]);
    for row in &all {
        assert!(
            BASES.contains(&text(row, "lead_basis")) && BASES.contains(&text(row, "area_basis")),
            "{row:?}"
        );
    }
}

#[test]
fn federal_recipients_use_only_listed_natures_and_defaults_name_only_listed_recipients() {
    let file = parsed(FEDERAL);
    let (natures, recipients) = (rows(&file, "nature"), rows(&file, "recipient"));
    all_different(&natures, "key");
    all_different(&recipients, "id");
    let required =
        ["id", "name", "short_name", "class", "designated", "designated_basis", "valid_from", "nature"];
    only_keys(&recipients, &required, &["valid_to"]);
    let listed: BTreeSet<&str> = natures.iter().map(|row| text(row, "key")).collect();
    let mut used = BTreeSet::new();
    for row in &recipients {
        let classes = ["federal-police", "military-police", "prosecution", "tribal-lands"];
        assert!(classes.contains(&text(row, "class")), "{row:?}");
        for nature in rows(row, "nature") {
            only_keys(std::slice::from_ref(&nature), &["key", "basis"], &[]);
            assert!(BASES.contains(&text(&nature, "basis")));
            used.insert(text(&nature, "key").to_owned());
        }
    }
    assert_eq!(
        used.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        listed,
        "each nature has a recipient"
    );

    let ids: BTreeSet<&str> = recipients.iter().map(|row| text(row, "id")).collect();
    let defaults = rows(&file, "default");
    let cases: Vec<&str> = defaults.iter().map(|row| text(row, "when")).collect();
    assert_eq!(cases, ["no-place", "us-no-state", "territory", "foreign-without-point", "military"]);
    for id in defaults.iter().flat_map(|row| texts(row, "recipients")) {
        assert!(ids.contains(id.as_str()), "{id}");
    }
}

#[test]
fn the_foreign_ladder_ends_with_a_point_for_every_country() {
    let points = rows(&parsed(FOREIGN), "point");
    let required = ["id", "name", "rung", "kind", "countries", "every_country", "valid_from", "basis"];
    only_keys(&points, &required, &["through", "valid_to", "note"]);
    all_different(&points, "id");
    let rungs: Vec<i64> = points.iter().map(|row| row["rung"].as_integer().unwrap()).collect();
    assert!(rungs.is_sorted() && rungs.iter().all(|rung| (1..=3).contains(rung)));
    let federal: Vec<Table> = rows(&parsed(FEDERAL), "recipient");
    for row in &points {
        assert_eq!(row["every_country"].as_bool(), Some(row["rung"].as_integer() == Some(3)), "{row:?}");
        let countries = texts(row, "countries");
        let different: BTreeSet<&String> = countries.iter().collect();
        assert_eq!(different.len(), countries.len(), "{row:?}");
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        assert!(countries.iter().all(is_code) && !countries.contains(&"US".to_owned()), "{row:?}");
        if let Some(through) = row.get("through") {
            assert!(federal.iter().any(|agency| Some(text(agency, "id")) == through.as_str()), "{row:?}");
        }
    }
}

#[test]
fn no_two_points_of_the_first_rung_claim_one_country() {
    let points = rows(&parsed(FOREIGN), "point");
    let first = points.iter().filter(|row| row["rung"].as_integer() == Some(1));
    let countries: Vec<String> = first.flat_map(|row| texts(row, "countries")).collect();
    assert_eq!(countries.iter().collect::<BTreeSet<_>>().len(), countries.len());
}

#[test]
fn every_list_warns_of_what_is_recalled_and_holds_no_contact_data() {
    for file in [TASK_FORCES, FEDERAL, FOREIGN] {
        assert!(
            file.contains("# typical area and nature marked R are recalled; check before production use")
        );
        assert_eq!(parsed(file)["schema"].as_integer(), Some(1));
        assert!(!file.contains('@') && !file.contains("://"), "names of agencies only");
    }
}

#[test]
fn the_county_list_is_a_table_that_can_be_added() {
    let imported = imported_counties();
    assert_eq!(imported.rows, counties().len());
    assert_eq!(imported.info.licence, "public domain");
    let atlas = Atlas::from_imported(vec![imported]);
    let fips = |state: &str, name: &str| atlas.county_by_name(state, name).map(|found| found.value.fips);
    assert_eq!(fips("FL", "Saint Lucie").as_deref(), Some("12111"));
    assert_eq!(fips("TX", "De Witt").as_deref(), Some("48123"));
    assert_eq!(fips("DC", "District of Columbia").as_deref(), Some("11001"));
    assert_eq!(fips("VA", "Richmond"), None, "a city and a county, sixty miles apart");
    assert_eq!(atlas.county_name("46102").unwrap().value.name, "Oglala Lakota County");
}
