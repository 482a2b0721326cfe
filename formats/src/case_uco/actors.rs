//! Those whom every part of the graph points to: who acted, with what, and under which law.

use domain::{Delivery, Dossier};

use crate::files::Files;
use serde_json::json;

use super::graph::{Graph, Names};

/// The limit that goes with everything.
const HANDLING: &str = "Law enforcement only; redisclosure limited by 18 U.S.C. 2258A(g).";

/// Those whom every part of the graph points to.
pub(super) struct Actors {
    pub clearinghouse: String,
    pub sender: String,
    pub agency: String,
    pub tool: String,
    pub marking: String,
    pub basis: String,
}

/// What we are called.
pub(super) fn clearinghouse(names: Names<'_>) -> String {
    names.name("Organization", &["clearinghouse"])
}

pub(super) fn all(graph: &mut Graph<'_>, dossier: &Dossier<impl Files>, delivery: &Delivery) -> Actors {
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
