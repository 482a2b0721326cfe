//! `ips.csv`: every address with its moment, who or what it belongs to, and where the dated tables place it.

use std::net::IpAddr;

use domain::{Dossier, Finding, IncidentDetail, IpEvent, Role};
use serde_json::Value;

use super::sheet::{Cell, Sheet};
use crate::package::words;

const HEADER: [&str; 29] = [
    // cybertipParser.
    "IP Address",
    "Datetime",
    "ISP",
    "Source / Tip Filename",
    "Type",
    // CAT-RG.
    "IP",
    "Date/Time",
    "Port",
    "Event",
    "Country",
    "City",
    "Organization",
    // Ours.
    "Role",
    "Role Warning",
    "Possible Proxy",
    "Time As Given",
    "Time Zone",
    "Region",
    "Postal Code",
    "County",
    "County FIPS",
    "Latitude",
    "Longitude",
    "Approximate",
    "ASN",
    "Network Kind",
    "Sender Account",
    "Table",
    "Table Date",
];

/// The sheet: UTF-8 with byte-order mark.
#[must_use]
pub fn ips(dossier: &Dossier) -> Vec<u8> {
    let mut sheet = Sheet::new(HEADER);
    for seen in seen(dossier) {
        sheet.row(row(dossier, &seen));
    }
    sheet.into_bytes()
}

/// An address and what it stands with.
struct Seen<'a> {
    event: &'a IpEvent,
    source: String,
    role: Option<Role>,
    warning: Option<String>,
    account: Option<&'a str>,
}

fn seen(dossier: &Dossier) -> Vec<Seen<'_>> {
    let mut all = Vec::new();
    let people = &dossier.submission.people;
    for (at, person) in people.iter().enumerate() {
        let source = format!("{} {}", person.role, at + 1);
        let linked = person
            .associated
            .iter()
            .map(|linked| (&*linked.account, format!("{} linked account of {source}", linked.kind)));
        for (account, source) in std::iter::once((person, source.clone())).chain(linked) {
            all.extend(account.ip_events.iter().map(|event| Seen {
                event,
                source: source.clone(),
                role: Some(person.role),
                warning: words::role_warning(person, people),
                account: words::said(account.account_id.as_ref()),
            }));
        }
    }
    for file in &dossier.files {
        let event = file.statement.as_ref().and_then(|said| said.ip_event.as_ref());
        let source = words::file_name(dossier.report, file);
        all.extend(event.map(|event| Seen { event, source, role: None, warning: None, account: None }));
    }
    for detail in &dossier.submission.details {
        let IncidentDetail::PeerToPeer { ip_events, .. } = detail else { continue };
        let source = || "peer-to-peer network".to_owned();
        let here = |event| Seen { event, source: source(), role: None, warning: None, account: None };
        all.extend(ip_events.iter().map(here));
    }
    all
}

fn row(dossier: &Dossier, seen: &Seen<'_>) -> [Cell; 29] {
    let event = seen.event;
    let address = event.address.reveal().as_str();
    let found: Vec<&Finding> = dossier.findings.iter().filter(|found| is_about(found, address)).collect();
    let fact = |key: &str| found.iter().find_map(|found| found.value.get(key)).map(cell);
    let tables = |of: fn(&Finding) -> &str| {
        let all: Vec<&str> = found.iter().map(|found| of(found)).collect();
        all.join("; ")
    };
    let utc = event.at.as_ref().and_then(words::given_utc);
    let name = event.event.as_deref().unwrap_or("Unknown");
    let zone = event.at.as_ref().map(|at| if at.zone_unknown { "Unknown" } else { "Given" });
    [
        address.into(),
        utc.clone().into(),
        fact("operator").into(),
        seen.source.as_str().into(),
        name.into(),
        address.into(),
        utc.into(),
        event.port.map(|port| port.to_string()).into(),
        name.into(),
        fact("country").into(),
        fact("city").into(),
        fact("operator").into(),
        seen.role.map(Role::as_str).into(),
        seen.warning.as_deref().into(),
        words::answer(event.possible_proxy).into(),
        event.at.as_ref().map(|at| at.text.as_str()).into(),
        zone.into(),
        fact("region").into(),
        fact("postcode").into(),
        fact("county").into(),
        fact("county_fips").into(),
        fact("latitude").into(),
        fact("longitude").into(),
        fact("approximate").into(),
        fact("asn").into(),
        fact("network_kind").into(),
        seen.account.into(),
        tables(|found| &found.table).into(),
        tables(|found| &found.as_of).into(),
    ]
}

/// Whether a finding is about this address; the same address has many spellings.
fn is_about(found: &Finding, address: &str) -> bool {
    let subject = found.subject.reveal().as_str();
    let parsed = |text: &str| text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical());
    subject == address || (parsed(subject).is_some() && parsed(subject) == parsed(address))
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::String(words) => words.as_str().into(),
        Value::Bool(fact) => if *fact { "Yes" } else { "No" }.into(),
        Value::Number(number) => {
            let whole = number.as_i64().map(|whole| Cell::Text(whole.to_string()));
            whole.or_else(|| number.as_f64().map(Cell::Number)).into()
        }
        Value::Null => "".into(),
        other => other.to_string().into(),
    }
}
