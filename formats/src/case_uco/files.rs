//! Files by digest and length, each with its three answers, and the sender's class as the sender's.

use std::io;

use domain::{Dossier, DossierFile, ReportId, ViewGround};
use serde_json::{Value, json};

use super::accounts;
use super::actors::Actors;
use super::graph::{Graph, Names, decimal, hex, list, moment, reference};
use crate::files::Files;
use crate::package::words::{self, said};

/// What the story goes on with.
#[derive(Default)]
pub(super) struct Received {
    /// There is a file.
    pub any: bool,
    /// There is one that is in the package.
    pub any_open: bool,
}

/// The name of a file.
pub(super) fn node(names: Names<'_>, file: &DossierFile) -> String {
    names.name("File", &[file.file.as_str()])
}

/// The name of its exhibit.
pub(super) fn exhibit(names: Names<'_>, file: &DossierFile) -> String {
    names.name("ProvenanceRecord", &["received", file.file.as_str()])
}

pub(super) fn put(
    graph: &mut Graph<'_>,
    dossier: &Dossier<impl Files>,
    actors: &Actors,
) -> io::Result<Received> {
    let mut received = Received::default();
    for file in dossier.files.each() {
        let file = file?;
        let node = one(graph, dossier.report, &file, actors);
        let exhibit = || {
            json!({
                "uco-core:description": "File as received from the reporting service",
                "case-investigation:exhibitNumber": format!("{}-F{}", dossier.report, file.position),
                "case-investigation:rootExhibitNumber": [dossier.report.to_string()],
                "uco-core:object": list(&node),
            })
        };
        let key = ["received", file.file.as_str()];
        let exhibit = graph.put_made("case-investigation:ProvenanceRecord", &key, exhibit);
        classified(graph, &file, &exhibit, actors);
        received.any = true;
        if words::is_open(&file) {
            opened(graph, &file, &node, actors);
            received.any_open = true;
        }
    }
    Ok(received)
}

fn one(graph: &mut Graph<'_>, report: ReportId, file: &DossierFile, actors: &Actors) -> String {
    let (names, key) = (graph.names(), file.file.as_str());
    let node = graph.put_made("uco-observable:File", &[key], || body(names, report, file, actors));
    if let Some(event) = file.statement.as_ref().and_then(|statement| statement.ip_event.as_ref()) {
        accounts::connected(graph, key, &node, event);
    }
    node
}

fn body(names: Names<'_>, report: ReportId, file: &DossierFile, actors: &Actors) -> Value {
    let key = file.file.as_str();
    let name = words::file_name(report, file);
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
        "uco-observable:hash": digests(names, file),
    });
    if let Some(claimed) = &file.media_type {
        content["uco-observable:mimeType"] = json!([claimed]);
    }
    json!({
        "@type": types(file),
        "uco-core:objectMarking": list(&actors.marking),
        "uco-core:hasFacet": [
            names.facet("uco-observable:FileFacet", &[key], entry),
            names.facet("uco-observable:ContentDataFacet", &[key], content),
        ],
        "viewedBySender": file.viewed().as_str(),
        "exifViewedBySender": file.exif_viewed().as_str(),
        "publiclyAvailable": file.public().as_str(),
        "inPackage": words::is_open(file),
    })
}

/// By what the sender's upload claims; the bytes are not asked. The ontology has a class for pictures, and none for films.
fn types(file: &DossierFile) -> Value {
    let claimed = file.media_type.as_deref().unwrap_or_default();
    match claimed.starts_with("image/") {
        true => json!(["uco-observable:File", "uco-observable:Image"]),
        false => json!("uco-observable:File"),
    }
}

fn digests(names: Names<'_>, file: &DossierFile) -> Vec<Value> {
    let all = [("MD5", &file.md5), ("SHA1", &file.sha1), ("SHA256", &file.sha256)];
    let one = |(method, value): (&str, &String)| {
        let body = json!({ "uco-types:hashMethod": method, "uco-types:hashValue": hex(value) });
        names.facet("uco-types:Hash", &[file.file.as_str(), method], body)
    };
    all.into_iter().map(one).collect()
}

/// The class is a company's view, never ours and never an agency's.
fn classified(graph: &mut Graph<'_>, file: &DossierFile, exhibit: &str, actors: &Actors) {
    let class = file.statement.as_ref().and_then(|statement| statement.classification.as_deref());
    let Some(class) = class else { return };
    let (names, key) = (graph.names(), file.file.as_str());
    let body = || {
        let label = json!({
            "uco-analysis:class": class,
            "uco-analysis:classificationConfidence": decimal("1.0"),
        });
        let label = names.facet("uco-analysis:ArtifactClassification", &[key], label);
        let facet = json!({ "uco-analysis:classification": [label] });
        let facet = names.facet("uco-analysis:ArtifactClassificationResultFacet", &[key], facet);
        json!({
            "uco-core:description": "Industry class as the reporting service gave it",
            "uco-core:hasFacet": [facet],
        })
    };
    let result = graph.put_made("uco-analysis:AnalyticResult", &[key], body);
    let action = || {
        json!({
            "uco-core:name": "labelled by the reporting service",
            "uco-action:startTime": moment(&words::utc(file.received_at)),
            "uco-action:performer": reference(&actors.sender),
            "uco-action:object": list(exhibit),
            "uco-action:result": list(&result),
        })
    };
    graph.put_made("case-investigation:InvestigativeAction", &["labelled", key], action);
}

/// The ground that opens a file.
fn opened(graph: &mut Graph<'_>, file: &DossierFile, node: &str, actors: &Actors) {
    let ground = file.ground.map_or("none", ViewGround::as_str);
    let body = json!({
        "uco-core:name": "Ground for opening a file",
        "case-investigation:authorizationType": "view ground",
        "case-investigation:authorizationIdentifier": [ground],
    });
    let authorization = graph.put("case-investigation:Authorization", &["ground", ground], body);
    let action = || {
        json!({
            "uco-core:name": "released into the package",
            "uco-action:performer": reference(&actors.clearinghouse),
            "uco-action:object": list(node),
            "case-investigation:relevantAuthorization": list(&authorization),
        })
    };
    graph.put_made("case-investigation:InvestigativeAction", &["released", file.file.as_str()], action);
}
