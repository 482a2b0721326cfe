//! Who acted, under which law, and what happened to the report in which order.

use domain::{Delivery, Dossier};
use serde_json::{Value, json};

use super::files::Received;
use super::graph::{Graph, list, moment, reference};
use crate::package::words;

/// The limit that goes with everything.
const HANDLING: &str = "Law enforcement only; redisclosure limited by 18 U.S.C. 2258A(g).";

/// Those whom every part of the graph points to.
pub(super) struct Actors {
    pub clearinghouse: String,
    pub sender: String,
    agency: String,
    tool: String,
    pub marking: String,
    basis: String,
}

pub(super) fn actors(graph: &mut Graph, dossier: &Dossier, delivery: &Delivery) -> Actors {
    let mut organisation = |key: &str, name: &str| {
        graph.put("uco-identity:Organization", &[key], json!({ "uco-core:name": name }))
    };
    let clearinghouse = organisation("clearinghouse", "Clearinghouse");
    let sender = organisation("sender", &dossier.provider_name);
    let agency = organisation("agency", &delivery.agency_name);
    let tool = json!({
        "uco-core:name": "clearinghouse",
        "uco-tool:version": env!("CARGO_PKG_VERSION"),
        "uco-tool:toolType": "Triage",
    });
    let tool = graph.put("uco-tool:AnalyticTool", &["tool"], tool);
    let statement = json!({ "uco-marking:definitionType": "statement", "uco-marking:statement": HANDLING });
    let statement = graph.facet("uco-marking:StatementMarking", &["handling"], statement);
    let marking = json!({ "uco-marking:definitionType": "statement", "uco-marking:definition": [statement] });
    let marking = graph.put("uco-marking:MarkingDefinition", &["handling"], marking);
    let basis = json!({
        "uco-core:name": "Basis of the making-available",
        "case-investigation:authorizationType": "statute",
        "case-investigation:authorizationIdentifier": [delivery.basis.as_str()],
    });
    let basis = graph.put("case-investigation:Authorization", &["basis"], basis);
    Actors { clearinghouse, sender, agency, tool, marking, basis }
}

/// Received, made available, and the investigation that all of it belongs to.
pub(super) fn put(
    graph: &mut Graph,
    dossier: &Dossier,
    delivery: &Delivery,
    actors: &Actors,
    received: &Received,
) {
    let objects = |names: &[String]| names.iter().map(|name| reference(name)).collect::<Vec<Value>>();
    let mut taken = json!({
        "uco-core:name": "received",
        "uco-action:startTime": moment(&words::utc(dossier.received_at)),
        "uco-action:endTime": moment(&words::utc(dossier.received_at)),
        "uco-action:performer": reference(&actors.clearinghouse),
        "uco-action:participant": list(&actors.sender),
        "uco-action:instrument": list(&actors.tool),
    });
    if !received.exhibits.is_empty() {
        taken["uco-action:result"] = objects(&received.exhibits).into();
    }
    let taken = graph.put("case-investigation:InvestigativeAction", &["received"], taken);
    let mut package = json!({
        "uco-core:description": "Package as made available",
        "case-investigation:exhibitNumber": format!("{}-PKG", dossier.report),
        "case-investigation:rootExhibitNumber": [dossier.report.to_string()],
    });
    if !received.open.is_empty() {
        package["uco-core:object"] = objects(&received.open).into();
    }
    let package = graph.put("case-investigation:ProvenanceRecord", &["package"], package);
    let given = json!({
        "uco-core:name": "made available",
        "uco-core:description": delivery.says,
        "uco-action:startTime": moment(&words::utc(delivery.available_at)),
        "uco-action:performer": reference(&actors.clearinghouse),
        "uco-action:participant": list(&actors.agency),
        "uco-action:instrument": list(&actors.tool),
        "uco-action:result": list(&package),
        "case-investigation:wasInformedBy": list(&taken),
        "case-investigation:relevantAuthorization": list(&actors.basis),
    });
    graph.put("case-investigation:InvestigativeAction", &["available"], given);
    let whole = json!({
        "uco-core:name": format!("Report {}", dossier.report),
        "case-investigation:investigationForm": "suspicious-activity",
        "case-investigation:focus": [words::incident_type(&dossier.submission.incident.incident_type)],
        "case-investigation:relevantAuthorization": list(&actors.basis),
        "uco-core:objectMarking": list(&actors.marking),
        "uco-core:object": graph.names(),
    });
    graph.put("case-investigation:Investigation", &["report"], whole);
}
