//! What happened to the report, in which order, and the investigation that all of it belongs to.

use domain::{Delivery, Dossier};
use serde_json::{Value, json};

use super::actors::Actors;
use super::files::Received;
use super::graph::{Graph, list, moment, reference};
use crate::package::words;

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
