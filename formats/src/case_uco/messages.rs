//! Pages, and what was said in chats and mails.

use domain::{Dossier, IncidentDetail};
use serde_json::json;

use super::accounts::page;
use super::graph::{Graph, moment};
use crate::chat;
use crate::files::Files;
use crate::package::words;

pub(super) fn put(graph: &mut Graph<'_>, dossier: &Dossier<impl Files>) {
    for detail in &dossier.submission.details {
        if let IncidentDetail::WebPage { urls, .. } = detail {
            for url in urls {
                page(graph, url.reveal());
            }
        }
    }
    for thread in chat::threads(dossier) {
        for (at, message) in thread.messages.iter().enumerate() {
            let key = [thread.name.as_str(), &at.to_string()];
            let mut facet = json!({
                "uco-observable:messageText": message.text,
                "uco-observable:sessionID": thread.name,
            });
            if let Some(sent) = message.sent_at {
                facet["uco-observable:sentTime"] = moment(&words::utc(sent));
            }
            let facet = graph.facet("uco-observable:MessageFacet", &key, facet);
            let mut body = json!({ "uco-core:hasFacet": [facet] });
            if let Some(from) = &message.from {
                body["from"] = from.as_str().into();
                body["role"] = message.role.map_or("not named in the report", domain::Role::as_str).into();
            }
            graph.put("uco-observable:Message", &key, body);
        }
    }
}
