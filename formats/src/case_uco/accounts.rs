//! Accounts, addresses, mailboxes, numbers and pages; and where the tables place an address.

use std::net::IpAddr;

use domain::{Dossier, Involved, IpEvent};
use serde_json::{Value, json};

use super::actors::Actors;
use super::graph::{Graph, decimal, moment, reference};
use crate::files::Files;
use crate::package::words::{self, said};

pub(super) fn put(graph: &mut Graph<'_>, key: &str, involved: &Involved, person: &str, actors: &Actors) {
    if is_account(involved) {
        let account = account(graph, key, involved, actors);
        graph.relate(person, "Has_Account", &account);
        for (at, event) in involved.ip_events.iter().enumerate() {
            connected(graph, &format!("{key}/{at}"), &account, event);
        }
    }
    for mail in &involved.person.emails {
        let mailbox = mailbox(graph, mail.address.reveal());
        graph.relate(person, "Has_Email_Address", &mailbox);
    }
    for phone in &involved.person.phones {
        let number = words::phone(phone);
        let facet = json!({ "uco-observable:phoneNumber": number });
        let facet = graph.facet("uco-observable:PhoneAccountFacet", &[&number], facet);
        let phone = observable(graph, "uco-observable:PhoneAccount", &number, facet);
        graph.relate(person, "Has_Phone", &phone);
    }
    for url in &involved.profile_urls {
        let page = page(graph, url.reveal());
        graph.relate(person, "Has_Profile_Page", &page);
    }
}

/// Whether anything is said of an account. Only observed things are seen at addresses, and people are none: whoever was seen
/// at one has an account there, though nothing else is known of it.
fn is_account(involved: &Involved) -> bool {
    let is_named = involved.account_id.is_some() || involved.screen_name.is_some();
    is_named || !involved.display_names.is_empty() || !involved.ip_events.is_empty()
}

fn observable(graph: &mut Graph<'_>, class: &str, key: &str, facet: Value) -> String {
    graph.put(class, &[key], json!({ "uco-core:hasFacet": [facet] }))
}

fn account(graph: &mut Graph<'_>, key: &str, involved: &Involved, actors: &Actors) -> String {
    let mut facet = json!({ "uco-observable:accountIssuer": reference(&actors.sender) });
    if let Some(id) = said(involved.account_id.as_ref()) {
        facet["uco-observable:accountIdentifier"] = id.into();
    }
    let mut digital = json!({});
    let display = involved.display_names.first().map(|name| name.reveal().as_str());
    for (member, words) in [
        ("uco-observable:displayName", display.or_else(|| said(involved.screen_name.as_ref()))),
        ("uco-observable:accountLogin", said(involved.screen_name.as_ref())),
    ] {
        if let Some(words) = words {
            digital[member] = words.into();
        }
    }
    let mut body = json!({ "uco-core:hasFacet": [
        graph.facet("uco-observable:AccountFacet", &["account", key], facet),
        graph.facet("uco-observable:DigitalAccountFacet", &["account", key], digital),
    ]});
    if let Some(service) = &involved.service {
        body["service"] = service.as_str().into();
    }
    graph.put("uco-observable:DigitalAccount", &["account", key], body)
}

pub(super) fn mailbox(graph: &mut Graph<'_>, address: &str) -> String {
    let facet = json!({ "uco-observable:addressValue": address });
    let facet = graph.facet("uco-observable:EmailAddressFacet", &[address], facet);
    observable(graph, "uco-observable:EmailAddress", address, facet)
}

pub(super) fn page(graph: &mut Graph<'_>, url: &str) -> String {
    let facet = graph.facet("uco-observable:URLFacet", &[url], json!({ "uco-observable:fullValue": url }));
    observable(graph, "uco-observable:URL", url, facet)
}

/// An address as a node; one that cannot be read is under its text all the same.
fn address(graph: &mut Graph<'_>, given: &str) -> String {
    let parsed = given.trim().parse::<IpAddr>().map(|address| address.to_canonical());
    let kind = if matches!(parsed, Ok(IpAddr::V6(_))) { "IPv6Address" } else { "IPv4Address" };
    let value = parsed.map_or_else(|_| given.to_owned(), |address| address.to_string());
    let class = format!("uco-observable:{kind}");
    let facet = json!({ "uco-observable:addressValue": value });
    let facet = graph.facet(&format!("{class}Facet"), &[&value], facet);
    observable(graph, &class, &value, facet)
}

/// Somebody or something was seen at an address: when, at which port, and on what occasion.
pub(super) fn connected(graph: &mut Graph<'_>, key: &str, from: &str, event: &IpEvent) {
    let to = address(graph, event.address.reveal());
    let port = event.port.map_or("unknown".to_owned(), |port| port.to_string());
    let given = event.at.as_ref().map_or("unknown", |at| at.text.as_str());
    let mut body = json!({
        "uco-core:source": reference(from),
        "uco-core:target": reference(&to),
        "uco-core:kindOfRelationship": "Connected_To",
        "uco-core:isDirectional": true,
        "uco-core:description": format!(
            "{} event; port {port}; time as given {given}; possible proxy: {}",
            event.event.as_deref().unwrap_or("Unknown"),
            words::answer(event.possible_proxy)
        ),
    });
    if let Some(at) = event.at.as_ref().and_then(words::given_utc) {
        body["uco-observable:startTime"] = json!([moment(&at)]);
    }
    graph.put("uco-observable:ObservableRelationship", &["connected", key], body);
}

/// Where the dated tables place an address.
pub(super) fn put_findings(graph: &mut Graph<'_>, dossier: &Dossier<impl Files>) {
    for (at, finding) in dossier.findings.iter().enumerate() {
        let text = |key: &str| finding.value.get(key).and_then(Value::as_str);
        let address = address(graph, finding.subject.reveal());
        let key = at.to_string();
        let mut facets = Vec::new();
        let mut postal = json!({});
        for (member, key) in [
            ("uco-location:country", "country"),
            ("uco-location:region", "region"),
            ("uco-location:locality", "city"),
            ("uco-location:postalCode", "postcode"),
        ] {
            if let Some(words) = text(key) {
                postal[member] = words.into();
            }
        }
        if postal.as_object().is_some_and(|members| !members.is_empty()) {
            facets.push(graph.facet("uco-location:SimpleAddressFacet", &["place", &key], postal));
        }
        let degrees = |key: &str| finding.value.get(key).and_then(Value::as_f64);
        if let (Some(north), Some(east)) = (degrees("latitude"), degrees("longitude")) {
            let body = json!({
                "uco-location:latitude": decimal(&north.to_string()),
                "uco-location:longitude": decimal(&east.to_string()),
            });
            facets.push(graph.facet("uco-location:LatLongCoordinatesFacet", &["place", &key], body));
        }
        if !facets.is_empty() {
            let body = json!({
                "uco-core:description": format!(
                    "Where table {} of {} places the network of an address; not where a person is",
                    finding.table, finding.as_of
                ),
                "uco-core:hasFacet": facets,
            });
            let place = graph.put("uco-location:Location", &["place", &key], body);
            graph.relate(&address, "Located_At", &place);
        }
    }
}
