//! The feed: what was made available to the agency, in the ledger's order.

use domain::{BasisCode, CameBack, Id as _, Priority};
use http::{Method, StatusCode};
use pipeline::FeedEntry;
use serde_json::json;

use crate::describe::{Answered, Endpoint, Reply, needed, words};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

/// Entries of one page when the caller names no number.
const ENTRIES: u32 = 100;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let entry = Schema::Object(vec![
        needed("cursor", "Continues the feed after this entry.", Schema::Text(form::CURSOR)),
        needed("delivery", "The delivery, which is its leaf in the ledger.", Schema::Text(form::ID)),
        needed("report", "The report.", form::NUMBER),
        needed(
            "basis",
            "The one basis in law on which it was made available.",
            words(BasisCode::ALL, BasisCode::as_str),
        ),
        needed("availableAt", "When it was made available.", Schema::Text(form::MOMENT)),
        needed("receivedAt", "When its sender finished it.", Schema::Text(form::MOMENT)),
        needed("priority", "The clearinghouse's advisory priority.", words(Priority::ALL, Priority::as_str)),
        needed("incidentType", "Key of its incident type.", Schema::Text(form::WORDS)),
        needed("provider", "Who sent it.", Schema::Text(form::ID)),
        needed("files", "Files in it.", form::COUNT),
        needed(
            "cameBack",
            "How it came back, for a report that the agency had; nothing for one that is new to it.",
            words(CameBack::ALL, CameBack::as_str).or_nothing(),
        ),
        needed("href", "Where the report is.", Schema::Text(form::WORDS)),
    ]);
    let page = Schema::Object(vec![
        needed(
            "entries",
            "In the order of the ledger.",
            Schema::list(entry, pipeline::MOST_ENTRIES as usize),
        ),
        needed(
            "next",
            "The cursor to ask with next; also when there was nothing.",
            Schema::Text(form::CURSOR),
        ),
    ]);
    let feed = Endpoint::new((Method::GET, "/agency/v1/feed"), "readFeed", "What was made available or came back after a cursor.", feed)
        .more("Nothing is ever added before an entry that was answered, so that whoever keeps the last cursor and asks \
               with it again gets every delivery exactly once, whatever happened to either side meanwhile. A report that came \
               back is an entry of its own, with `cameBack`: it names the delivery by which the agency has the report, and what \
               was recorded of the report is still there.")
        .lists("feed")
        .query("after", "The cursor; 0 is the beginning.", form::COUNT)
        .query("limit", "Entries of one page, 100 where nothing is said.", Schema::Whole(1, pipeline::MOST_ENTRIES as u64))
        .answers(StatusCode::OK, "A page of the feed.", page);
    vec![feed]
}

/// `GET /agency/v1/feed?after=CURSOR`.
async fn feed(asked: Asked) -> Answered {
    let viewer = asked.viewer()?;
    let after = asked.number("after").unwrap_or(0);
    let most = asked.number("limit").and_then(|limit| u32::try_from(limit).ok()).unwrap_or(ENTRIES);
    let entries = pipeline::feed(&asked.api.house, viewer, after, most)
        .await
        .map_err(|trouble| refuse::problem(&asked.api.house, &trouble))?;
    let next = entries.last().map_or(after, |entry| entry.position);
    let entries: Vec<_> = entries.iter().map(entry).collect();
    Ok(Reply::Allowed(
        json!({ "entries": entries, "next": next.to_string() }),
        pipeline::allowed(viewer).read,
    ))
}

fn entry(entry: &FeedEntry) -> serde_json::Value {
    json!({
        "cursor": entry.position.to_string(),
        "delivery": entry.delivery.as_str(),
        "report": entry.report,
        "basis": entry.basis,
        "availableAt": entry.available_at,
        "receivedAt": entry.received_at,
        "priority": entry.priority,
        "incidentType": entry.incident_type,
        "provider": entry.provider,
        "files": entry.files,
        "cameBack": entry.came_back,
        "href": format!("/agency/v1/reports/{}", entry.report),
    })
}
