//! The report as a CASE/UCO bundle (JSON-LD) that holds against the shapes of CASE 1.4.0 and 1.5.0. What those
//! ontologies have no word for stands under our own. Names of things are the same in every export of the same report.
//! Deliberately absent: the names of children, and every file's contents.

mod accounts;
mod actors;
mod context;
mod files;
mod graph;
mod messages;
mod people;
mod story;

use domain::{Delivery, Dossier};
use serde_json::{Value, json};

use crate::package::words;
use actors::Actors;
use graph::{Graph, moment, reference};

/// The bundle: UTF-8, the same bytes for the same dossier and delivery.
#[must_use]
pub fn to_jsonld(dossier: &Dossier, delivery: &Delivery) -> Vec<u8> {
    let mut graph = Graph::of(&dossier.report.to_string());
    let actors = actors::all(&mut graph, dossier, delivery);
    people::put(&mut graph, dossier, &actors);
    accounts::put_findings(&mut graph, dossier);
    messages::put(&mut graph, dossier);
    let received = files::put(&mut graph, dossier, &actors);
    story::put(&mut graph, dossier, delivery, &actors, &received);
    let document = words::ordered(json!({
        "@context": context::context(),
        "@graph": bundle(graph, dossier, delivery, &actors),
    }));
    // INVARIANT: a document of words and numbers can be turned into JSON.
    let mut bytes = serde_json::to_vec_pretty(&document).expect("a bundle is representable in JSON");
    bytes.push(b'\n');
    bytes
}

/// The bundle itself in front of what it holds.
fn bundle(graph: Graph, dossier: &Dossier, delivery: &Delivery, actors: &Actors) -> Vec<Value> {
    let id = graph.name("Bundle", &["bundle"]);
    let nodes = graph.into_nodes();
    let objects: Vec<Value> =
        nodes.iter().filter_map(|node| node.get("@id")?.as_str().map(reference)).collect();
    let head = json!({
        "@id": id,
        "@type": "uco-core:Bundle",
        "uco-core:name": format!("Report {}", dossier.report),
        "uco-core:description": "A report of suspected child sexual exploitation, as made available to one agency",
        "uco-core:specVersion": "UCO/CASE 1.4.0",
        "uco-core:objectCreatedTime": moment(&words::utc(delivery.available_at)),
        "uco-core:createdBy": reference(&actors.clearinghouse),
        "uco-core:object": objects,
    });
    std::iter::once(head).chain(nodes).collect()
}
