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

use std::io::{self, Write};

use domain::{Delivery, Dossier};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::files::Files;
use crate::package::words;
use actors::Actors;
use graph::{EachName, Graph, Long, Names, Node, See, moment, reference, told};

/// The bundle: UTF-8, the same bytes for the same dossier and delivery.
///
/// # Errors
/// When a file cannot be read, or the bundle not be written.
pub fn to_jsonld(dossier: &Dossier<impl Files>, delivery: &Delivery, out: &mut dyn Write) -> io::Result<()> {
    let report = dossier.report.to_string();
    let story = Story { dossier, delivery, names: Names::of(&report) };
    serde_json::to_writer_pretty(
        &mut *out,
        &Document { context: words::ordered(context::context()), graph: &story },
    )?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<T> {
    #[serde(rename = "@context")]
    context: Value,
    #[serde(rename = "@graph")]
    graph: T,
}

/// What the graph tells. It is told as often as somebody wants to hear it.
struct Story<'a, F> {
    dossier: &'a Dossier<F>,
    delivery: &'a Delivery,
    names: Names<'a>,
}

impl<F: Files> Story<'_, F> {
    /// Everything that belongs to the investigation.
    fn parts(&self, graph: &mut Graph<'_>) -> io::Result<Actors> {
        let Self { dossier, delivery, .. } = self;
        let actors = actors::all(graph, dossier, delivery);
        people::put(graph, dossier, &actors);
        accounts::put_findings(graph, dossier);
        messages::put(graph, dossier);
        let received = files::put(graph, dossier, &actors)?;
        story::put(graph, dossier, delivery, &actors, &received);
        Ok(actors)
    }

    fn part_names(&self, name: &mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        let mut see = |id: &str, _: &dyn Fn() -> Value, _: Option<Long<'_>>| name(id);
        let mut graph = Graph::of(self.names, &mut see);
        self.parts(&mut graph)?;
        graph.end()
    }

    /// The parts, and the investigation that all of them belong to.
    fn tell(&self, see: &mut See<'_>) -> io::Result<()> {
        let parts: &EachName<'_> = &|name| self.part_names(name);
        let mut graph = Graph::of(self.names, see);
        let actors = self.parts(&mut graph)?;
        let parts = Long { member: "uco-core:object", names: parts };
        story::put_investigation(&mut graph, self.dossier, &actors, parts);
        graph.end()
    }

    /// The bundle itself, which stands in front of what it holds.
    fn bundle(&self) -> Value {
        words::ordered(json!({
            "@id": self.names.name("Bundle", &["bundle"]),
            "@type": "uco-core:Bundle",
            "uco-core:name": format!("Report {}", self.dossier.report),
            "uco-core:description": "A report of suspected child sexual exploitation, as made available to one agency",
            "uco-core:specVersion": "UCO/CASE 1.4.0",
            "uco-core:objectCreatedTime": moment(&words::utc(self.delivery.available_at)),
            "uco-core:createdBy": reference(&actors::clearinghouse(self.names)),
        }))
    }
}

impl<F: Files> Serialize for Story<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        let names: &EachName<'_> =
            &|name| self.tell(&mut |id: &str, _: &dyn Fn() -> Value, _: Option<Long<'_>>| name(id));
        let long = Some(Long { member: "uco-core:object", names });
        all.serialize_element(&Node { members: self.bundle(), long })?;
        let mut put = |_: &str, node: &dyn Fn() -> Value, long: Option<Long<'_>>| {
            all.serialize_element(&Node { members: node(), long }).map_err(told)
        };
        self.tell(&mut put).map_err(S::Error::custom)?;
        all.end()
    }
}
