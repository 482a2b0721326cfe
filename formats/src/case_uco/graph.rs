//! A graph, node by node. A report of very many files makes very many nodes, and a list of all of them stands before the first:
//! so the graph is not kept but gone through again, for its names or for its nodes.

use std::collections::HashSet;
use std::io;

use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::package::words;
use crate::uuid;

/// What things of a report are called.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    report: &'a str,
}

impl<'a> Names<'a> {
    pub(super) const fn of(report: &'a str) -> Self {
        Self { report }
    }

    /// The name of a thing of this report.
    pub(super) fn name(self, kind: &str, key: &[&str]) -> String {
        named(kind, &self.uuid(kind, key))
    }

    fn uuid(self, kind: &str, key: &[&str]) -> [u8; 16] {
        uuid::bytes(&[&["case-uco", self.report, kind], key].concat())
    }

    /// A part that stands inside of a node.
    pub(super) fn facet(self, class: &str, key: &[&str], body: Value) -> Value {
        let mut facet = body;
        facet["@id"] = self.name(kind_of(class), key).into();
        facet["@type"] = class.into();
        facet
    }
}

fn named(kind: &str, uuid: &[u8; 16]) -> String {
    format!("kb:{kind}-{}", uuid::text(uuid))
}

fn kind_of(class: &str) -> &str {
    class.split_once(':').map_or(class, |(_, kind)| kind)
}

/// What happens with each node: who only wants its name need not have it made.
pub(super) type See<'a> = dyn FnMut(&str, &dyn Fn() -> Value, Option<Long<'_>>) -> io::Result<()> + 'a;

/// One way through the graph: nodes in the order in which they are put, each once.
pub(super) struct Graph<'a> {
    names: Names<'a>,
    known: HashSet<[u8; 16]>,
    see: &'a mut See<'a>,
    /// What went wrong first; nothing is made any more then.
    gone: io::Result<()>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(names: Names<'a>, see: &'a mut See<'a>) -> Self {
        Self { names, known: HashSet::new(), see, gone: Ok(()) }
    }

    pub(super) const fn names(&self) -> Names<'a> {
        self.names
    }

    /// Puts a node of this class, unless it is there; answers its name.
    pub(super) fn put(&mut self, class: &str, key: &[&str], body: Value) -> String {
        self.put_made(class, key, || body.clone())
    }

    /// The same for a node that is made only where it is wanted.
    pub(super) fn put_made(&mut self, class: &str, key: &[&str], body: impl Fn() -> Value) -> String {
        self.put_long(class, key, body, None)
    }

    /// The same for one with a list in it that grows with the report.
    pub(super) fn put_long(
        &mut self,
        class: &str,
        key: &[&str],
        body: impl Fn() -> Value,
        long: Option<Long<'_>>,
    ) -> String {
        let kind = kind_of(class);
        let uuid = self.names.uuid(kind, key);
        let id = named(kind, &uuid);
        if self.gone.is_ok() && self.known.insert(uuid) {
            let node = || {
                let mut node = body();
                node["@id"] = id.as_str().into();
                if node.get("@type").is_none() {
                    node["@type"] = class.into();
                }
                words::ordered(node)
            };
            self.gone = (self.see)(&id, &node, long);
        }
        id
    }

    /// A part that stands inside of a node.
    pub(super) fn facet(&self, class: &str, key: &[&str], body: Value) -> Value {
        self.names.facet(class, key, body)
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

    /// Whether every node was taken.
    pub(super) fn end(self) -> io::Result<()> {
        self.gone
    }
}

/// A member of a node that points to very many others: they are named one by one while it is written.
#[derive(Clone, Copy)]
pub(super) struct Long<'a> {
    pub member: &'static str,
    pub names: &'a EachName<'a>,
}

/// Goes through names.
pub(super) type EachName<'a> = dyn Fn(&mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> + 'a;

impl Serialize for Long<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        let mut put = |name: &str| all.serialize_element(&reference(name)).map_err(told);
        (self.names)(&mut put).map_err(S::Error::custom)?;
        all.end()
    }
}

/// A fault of writing on its way through the graph.
pub(super) fn told(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

/// A node as it is written: its members in their order, the long one at its place among them.
pub(super) struct Node<'a> {
    pub members: Value,
    pub long: Option<Long<'a>>,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_map(None)?;
        let mut long = self.long;
        for (name, value) in self.members.as_object().into_iter().flatten() {
            if let Some(before) = long.take_if(|long| long.member < name.as_str()) {
                all.serialize_entry(before.member, &before)?;
            }
            all.serialize_entry(name, value)?;
        }
        if let Some(last) = long {
            all.serialize_entry(last.member, &last)?;
        }
        all.end()
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
