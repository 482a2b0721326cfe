//! CASE/UCO bundles against the shapes of both ontologies, strictly.

use std::path::PathBuf;

use serde_json::Value;

use crate::{readers, sample, whole};

fn conform(version: &str) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(at, dossier): (usize, domain::Dossier)| -> PathBuf {
        let path = folder.path().join(format!("{at}.jsonld"));
        std::fs::write(&path, whole::case(&dossier)).unwrap();
        path
    };
    let mut dossiers = readers::dossiers(3);
    // Files of every kind, and times, places and chats with everything that can be said of them.
    let mut kinds = sample::full();
    for (file, claimed) in kinds.files.iter_mut().zip(["video/mp4", "audio/mpeg", "text/plain", "image/png"])
    {
        file.media_type = Some(claimed.to_owned());
    }
    dossiers.push(kinds);
    let bundles: Vec<PathBuf> = dossiers.into_iter().enumerate().map(write).collect();
    let mut arguments = vec![PathBuf::from(version)];
    arguments.extend(bundles);
    readers::run_with("exports", "case_validate.py", &arguments);
}

#[test]
fn every_bundle_holds_against_case_1_4_0() {
    conform("case-1.4.0");
}

#[test]
fn every_bundle_holds_against_case_1_5_0() {
    conform("case-1.5.0");
}

#[test]
fn a_bundle_lists_every_node_and_says_of_no_child_its_name() {
    let dossier = sample::full();
    let bytes = whole::case(&dossier);
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let nodes = document["@graph"].as_array().unwrap();
    let listed: Vec<&Value> =
        nodes[0]["uco-core:object"].as_array().unwrap().iter().map(|one| &one["@id"]).collect();
    let named: Vec<&Value> = nodes[1..].iter().map(|node| &node["@id"]).collect();
    assert_eq!(listed, named);
    let names = |name: &str| nodes.iter().any(|node| node.to_string().contains(&format!("[\"{name}\"]")));
    assert!(names("Robin") && !names("Sam"));
    let victims = nodes.iter().filter(|node| node["@type"] == "uco-victim:Victim").count();
    let subjects = nodes.iter().filter(|node| node["@type"] == "case-investigation:Subject").count();
    assert_eq!((victims, subjects), (1, 1));
    assert!(
        nodes
            .iter()
            .filter(|node| node["@type"] == "uco-identity:Person")
            .all(|node| node["role"].is_string())
    );
    assert_eq!(bytes, whole::case(&dossier));
}
