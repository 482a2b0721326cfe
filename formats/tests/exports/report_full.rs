//! Our own report JSON: complete, in words, and never more than a ground opens.

use domain::Dossier;
use formats::report_full::{SCHEMA, SCHEMA_ID};
use serde_json::Value;

use crate::{sample, whole};

fn json(dossier: &Dossier) -> Value {
    serde_json::from_slice(&whole::report_full(dossier)).unwrap()
}

/// Every text in a value, however deep.
fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| texts(value, out)),
        Value::Array(items) => items.iter().for_each(|value| texts(value, out)),
        Value::String(text) => out.push(text.clone()),
        _ => {}
    }
}

// PROVES: R-22
#[test]
fn nothing_that_the_dossier_says_is_left_out() {
    let dossier = sample::full();
    let (mut said, mut written) = (Vec::new(), Vec::new());
    texts(&serde_json::to_value(&dossier).unwrap(), &mut said);
    texts(&json(&dossier), &mut written);
    let missing: Vec<&String> = said
        .iter()
        .filter(|text| !written.contains(text) && !text.contains("Withheld Camera") && *text != "Model")
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}

// PROVES: R-14
#[test]
fn an_answer_is_a_word_and_silence_is_unknown() {
    let document = json(&sample::full());
    let people = &document["supplied"]["submission"]["people"];
    assert_eq!(people[0]["compromised"], "No");
    assert_eq!(people[0]["thirdPartyUser"], "Unknown");
    assert_eq!(people[0]["person"]["emails"][0]["verified"], "No");
    let files = &document["supplied"]["files"];
    let viewed: Vec<&Value> = files.as_array().unwrap().iter().map(|file| &file["viewed"]).collect();
    assert_eq!(viewed, ["Yes", "No", "Unknown", "Yes"]);
}

#[test]
fn every_person_carries_a_role_and_its_warning() {
    let document = json(&sample::full());
    let people = document["supplied"]["submission"]["people"].as_array().unwrap();
    let roles: Vec<&Value> = people.iter().map(|person| &person["role"]).collect();
    assert_eq!(roles, ["reported", "intended recipient", "victim"]);
    assert_eq!(people[2]["roleWarning"], "The child. Not a suspect.");
}

// PROVES: R-19
#[test]
fn withheld_exif_is_said() {
    let document = json(&sample::full());
    assert_eq!(document["supplied"]["files"][1]["exifWithheld"], true);
    assert_eq!(document["supplied"]["files"][0]["exifWithheld"], false);
}

#[test]
fn what_a_table_says_keeps_the_tables_names() {
    let document = json(&sample::full());
    assert_eq!(document["added"]["findings"][0]["value"]["county_fips"], "27053");
}

#[test]
fn the_document_points_to_the_schema_that_is_published() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert_eq!(schema["$id"], SCHEMA_ID);
    assert_eq!(json(&sample::bare())["schema"], SCHEMA_ID);
}

#[test]
fn members_stand_in_one_order_whatever_crates_a_build_holds() {
    let mut dossier = sample::full();
    dossier.findings[0].value = serde_json::json!({ "zone": 1, "area": 2 });
    for bytes in [whole::report_full(&dossier), whole::le_download(&dossier)] {
        let text = String::from_utf8(bytes).unwrap();
        let at = |member: &str| text.find(member).unwrap();
        assert!(at("\"area\"") < at("\"zone\""));
    }
}
