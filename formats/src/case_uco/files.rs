//! Files by digest and length, each with its three answers, and the sender's class as the sender's.

use domain::{Dossier, DossierFile, ViewGround};
use serde_json::{Value, json};

use super::accounts;
use super::actors::Actors;
use super::graph::{Graph, decimal, hex, list, moment, reference};
use crate::package::words::{self, said};

/// What the story goes on with.
pub(super) struct Received {
    /// One exhibit a file.
    pub exhibits: Vec<String>,
    /// The files that are in the package.
    pub open: Vec<String>,
}

pub(super) fn put(graph: &mut Graph, dossier: &Dossier, actors: &Actors) -> Received {
    let mut received = Received { exhibits: Vec::new(), open: Vec::new() };
    for file in &dossier.files {
        let node = one(graph, dossier, file, actors);
        let exhibit = json!({
            "uco-core:description": "File as received from the reporting service",
            "case-investigation:exhibitNumber": format!("{}-F{}", dossier.report, file.position),
            "case-investigation:rootExhibitNumber": [dossier.report.to_string()],
            "uco-core:object": list(&node),
        });
        let exhibit =
            graph.put("case-investigation:ProvenanceRecord", &["received", file.file.as_str()], exhibit);
        classified(graph, file, &exhibit, actors);
        received.exhibits.push(exhibit);
        if words::is_open(file) {
            opened(graph, file, &node, actors);
            received.open.push(node);
        }
    }
    received
}

fn one(graph: &mut Graph, dossier: &Dossier, file: &DossierFile, actors: &Actors) -> String {
    let key = file.file.as_str();
    let name = words::file_name(dossier.report, file);
    let given = said(file.name()).unwrap_or(&name).to_owned();
    let extension = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let mut entry = json!({
        "uco-observable:fileName": given,
        "uco-observable:extension": extension,
        "uco-observable:isDirectory": false,
        "uco-observable:sizeInBytes": file.size_bytes,
    });
    if words::is_open(file) {
        entry["uco-observable:filePath"] = format!("files/{name}").into();
    }
    let mut content = json!({
        "uco-observable:sizeInBytes": file.size_bytes,
        "uco-observable:hash": digests(graph, file),
    });
    if let Some(claimed) = &file.media_type {
        content["uco-observable:mimeType"] = json!([claimed]);
    }
    let body = json!({
        "@type": types(file),
        "uco-core:objectMarking": list(&actors.marking),
        "uco-core:hasFacet": [
            graph.facet("uco-observable:FileFacet", &[key], entry),
            graph.facet("uco-observable:ContentDataFacet", &[key], content),
        ],
        "viewedBySender": file.viewed().as_str(),
        "exifViewedBySender": file.exif_viewed().as_str(),
        "publiclyAvailable": file.public().as_str(),
        "inPackage": words::is_open(file),
    });
    let node = graph.put("uco-observable:File", &[key], body);
    if let Some(event) = file.statement.as_ref().and_then(|statement| statement.ip_event.as_ref()) {
        accounts::connected(graph, key, &node, event);
    }
    node
}

/// By what the sender's upload claims; the bytes are not asked. The ontology has a class for pictures, and none for films.
fn types(file: &DossierFile) -> Value {
    let claimed = file.media_type.as_deref().unwrap_or_default();
    match claimed.starts_with("image/") {
        true => json!(["uco-observable:File", "uco-observable:Image"]),
        false => json!("uco-observable:File"),
    }
}

fn digests(graph: &Graph, file: &DossierFile) -> Vec<Value> {
    let all = [("MD5", &file.md5), ("SHA1", &file.sha1), ("SHA256", &file.sha256)];
    let one = |(method, value): (&str, &String)| {
        let body = json!({ "uco-types:hashMethod": method, "uco-types:hashValue": hex(value) });
        graph.facet("uco-types:Hash", &[file.file.as_str(), method], body)
    };
    all.into_iter().map(one).collect()
}

/// The class is a company's view, never ours and never an agency's.
fn classified(graph: &mut Graph, file: &DossierFile, exhibit: &str, actors: &Actors) {
    let class = file.statement.as_ref().and_then(|statement| statement.classification.as_deref());
    let Some(class) = class else { return };
    let key = file.file.as_str();
    let label = json!({
        "uco-analysis:class": class,
        "uco-analysis:classificationConfidence": decimal("1.0"),
    });
    let label = graph.facet("uco-analysis:ArtifactClassification", &[key], label);
    let facet = json!({ "uco-analysis:classification": [label] });
    let facet = graph.facet("uco-analysis:ArtifactClassificationResultFacet", &[key], facet);
    let body = json!({
        "uco-core:description": "Industry class as the reporting service gave it",
        "uco-core:hasFacet": [facet],
    });
    let result = graph.put("uco-analysis:AnalyticResult", &[key], body);
    let action = json!({
        "uco-core:name": "labelled by the reporting service",
        "uco-action:startTime": moment(&words::utc(file.received_at)),
        "uco-action:performer": reference(&actors.sender),
        "uco-action:object": list(exhibit),
        "uco-action:result": list(&result),
    });
    graph.put("case-investigation:InvestigativeAction", &["labelled", key], action);
}

/// The ground that opens a file.
fn opened(graph: &mut Graph, file: &DossierFile, node: &str, actors: &Actors) {
    let ground = file.ground.map_or("none", ViewGround::as_str);
    let body = json!({
        "uco-core:name": "Ground for opening a file",
        "case-investigation:authorizationType": "view ground",
        "case-investigation:authorizationIdentifier": [ground],
    });
    let authorization = graph.put("case-investigation:Authorization", &["ground", ground], body);
    let action = json!({
        "uco-core:name": "released into the package",
        "uco-action:performer": reference(&actors.clearinghouse),
        "uco-action:object": list(node),
        "case-investigation:relevantAuthorization": list(&authorization),
    });
    graph.put("case-investigation:InvestigativeAction", &["released", file.file.as_str()], action);
}
