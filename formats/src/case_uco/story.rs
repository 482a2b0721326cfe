//! What happened to the report, in which order, and the investigation that all of it belongs to.

use domain::{Delivery, Dossier};
use serde_json::json;

use super::actors::Actors;
use super::files::{self, Received};
use super::graph::{EachName, Graph, Long, list, moment, reference};
use crate::files::Files;
use crate::package::words;

/// Received, and made available.
pub(super) fn put(
    graph: &mut Graph<'_>,
    dossier: &Dossier<impl Files>,
    delivery: &Delivery,
    actors: &Actors,
    received: &Received,
) {
    let names = graph.names();
    let exhibits: &EachName<'_> =
        &|name| dossier.files.each().try_for_each(|file| name(&files::exhibit(names, &*file?)));
    let open: &EachName<'_> = &|name| {
        let mut files = dossier.files.each();
        files.try_for_each(|file| match file? {
            file if words::is_open(&file) => name(&files::node(names, &file)),
            _ => Ok(()),
        })
    };
    let taken = json!({
        "uco-core:name": "received",
        "uco-action:startTime": moment(&words::utc(dossier.received_at)),
        "uco-action:endTime": moment(&words::utc(dossier.received_at)),
        "uco-action:performer": reference(&actors.clearinghouse),
        "uco-action:participant": list(&actors.sender),
        "uco-action:instrument": list(&actors.tool),
    });
    let results = received.any.then_some(Long { member: "uco-action:result", names: exhibits });
    let taken =
        graph.put_long("case-investigation:InvestigativeAction", &["received"], || taken.clone(), results);
    let package = json!({
        "uco-core:description": "Package as made available",
        "case-investigation:exhibitNumber": format!("{}-PKG", dossier.report),
        "case-investigation:rootExhibitNumber": [dossier.report.to_string()],
    });
    let objects = received.any_open.then_some(Long { member: "uco-core:object", names: open });
    let package =
        graph.put_long("case-investigation:ProvenanceRecord", &["package"], || package.clone(), objects);
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
}

/// The investigation that all of it belongs to.
pub(super) fn put_investigation(
    graph: &mut Graph<'_>,
    dossier: &Dossier<impl Files>,
    actors: &Actors,
    parts: Long<'_>,
) {
    let whole = json!({
        "uco-core:name": format!("Report {}", dossier.report),
        "case-investigation:investigationForm": "suspicious-activity",
        "case-investigation:focus": [words::incident_type(&dossier.submission.incident.incident_type)],
        "case-investigation:relevantAuthorization": list(&actors.basis),
        "uco-core:objectMarking": list(&actors.marking),
    });
    graph.put_long("case-investigation:Investigation", &["report"], || whole.clone(), Some(parts));
}
