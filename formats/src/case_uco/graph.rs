//! A graph that grows node by node.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::uuid;

/// Nodes in the order in which they were put, each once.
pub(super) struct Graph {
    report: String,
    nodes: Vec<Value>,
    names: BTreeSet<String>,
}

impl Graph {
    pub(super) fn of(report: &str) -> Self {
        Self { report: report.to_owned(), nodes: Vec::new(), names: BTreeSet::new() }
    }

    /// The name of a thing of this report.
    pub(super) fn name(&self, kind: &str, key: &[&str]) -> String {
        let key = [&["case-uco", self.report.as_str(), kind], key].concat();
        format!("kb:{kind}-{}", uuid::of(&key))
    }

    /// Puts a node of this class, unless it is there; answers its name.
    pub(super) fn put(&mut self, class: &str, key: &[&str], body: Value) -> String {
        let kind = class.split_once(':').map_or(class, |(_, kind)| kind);
        let id = self.name(kind, key);
        if self.names.insert(id.clone()) {
            let mut node = body;
            node["@id"] = id.as_str().into();
            if node.get("@type").is_none() {
                node["@type"] = class.into();
            }
            self.nodes.push(node);
        }
        id
    }

    /// A part that stands inside of a node.
    pub(super) fn facet(&self, class: &str, key: &[&str], body: Value) -> Value {
        let kind = class.split_once(':').map_or(class, |(_, kind)| kind);
        let mut facet = body;
        facet["@id"] = self.name(kind, key).into();
        facet["@type"] = class.into();
        facet
    }

    /// Says that two nodes belong together.
    pub(super) fn relate(&mut self, source: &str, kind: &str, target: &str) {
        let body = json!({
            "uco-core:source": reference(source),
            "uco-core:target": reference(target),
            "uco-core:kindOfRelationship": kind,
            "uco-core:isDirectional": true,
        });
        self.put("uco-core:Relationship", &[source, kind, target], body);
    }

    /// The names of all nodes so far.
    pub(super) fn names(&self) -> Vec<Value> {
        self.nodes.iter().filter_map(|node| node.get("@id")?.as_str().map(reference)).collect()
    }

    pub(super) fn into_nodes(self) -> Vec<Value> {
        self.nodes
    }
}

/// A pointer to a node.
pub(super) fn reference(name: &str) -> Value {
    json!({ "@id": name })
}

/// A pointer in a list, as most members want it.
pub(super) fn list(name: &str) -> Value {
    json!([reference(name)])
}

/// A moment, typed.
pub(super) fn moment(text: &str) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": text })
}

/// A number with a point, typed.
pub(super) fn decimal(text: &str) -> Value {
    json!({ "@type": "xsd:decimal", "@value": text })
}

/// Bytes, typed.
pub(super) fn hex(text: &str) -> Value {
    json!({ "@type": "xsd:hexBinary", "@value": text })
}
