//! `ips.csv`: every address with its moment, who or what it belongs to, and where the dated tables place it.

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::IpAddr;

use domain::{Dossier, Finding, IncidentDetail, Involved, IpEvent, Role};
use serde_json::Value;

use super::sheet::{Cell, Sheet};
use crate::files::Files;
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
///
/// # Errors
/// When a file cannot be read, or the sheet not be written.
pub fn ips(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::of(&dossier.findings);
    let mut sheet = Sheet::new(out, HEADER)?;
    let people = &dossier.submission.people;
    for (at, person) in people.iter().enumerate() {
        of_person(at + 1, person, people).iter().try_for_each(|seen| sheet.row(row(&places, seen)))?;
    }
    for file in dossier.files.each() {
        let file = file?;
        if let Some(event) = file.statement.as_ref().and_then(|said| said.ip_event.as_ref()) {
            sheet.row(row(&places, &Seen::at(event, words::file_name(dossier.report, &file))))?;
        }
    }
    for detail in &dossier.submission.details {
        let IncidentDetail::PeerToPeer { ip_events, .. } = detail else { continue };
        for event in ip_events {
            sheet.row(row(&places, &Seen::at(event, "peer-to-peer network".to_owned())))?;
        }
    }
    Ok(())
}

/// An address and what it stands with.
struct Seen<'a> {
    event: &'a IpEvent,
    source: String,
    role: Option<Role>,
    warning: Option<String>,
    account: Option<&'a str>,
}

impl<'a> Seen<'a> {
    /// With nobody.
    const fn at(event: &'a IpEvent, source: String) -> Self {
        Self { event, source, role: None, warning: None, account: None }
    }
}

fn of_person<'a>(number: usize, person: &'a Involved, people: &[Involved]) -> Vec<Seen<'a>> {
    let source = format!("{} {number}", person.role);
    let linked = person
        .associated
        .iter()
        .map(|linked| (&*linked.account, format!("{} linked account of {source}", linked.kind)));
    let mut all = Vec::new();
    for (account, source) in std::iter::once((person, source.clone())).chain(linked) {
        all.extend(account.ip_events.iter().map(|event| Seen {
            role: Some(person.role),
            warning: words::role_warning(person, people),
            account: words::said(account.account_id.as_ref()),
            ..Seen::at(event, source.clone())
        }));
    }
    all
}

/// What tables say, by the address that it is said of: a report of very many files may name very many.
struct Places<'a>(HashMap<String, Vec<&'a Finding>>);

impl<'a> Places<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let mut places: HashMap<String, Vec<&Finding>> = HashMap::new();
        for finding in findings {
            places.entry(one_spelling(finding.subject.reveal())).or_default().push(finding);
        }
        Self(places)
    }

    fn about(&self, address: &str) -> &[&'a Finding] {
        self.0.get(&one_spelling(address)).map_or(&[], Vec::as_slice)
    }
}

/// The same address has many spellings. What is no address stays as it is.
fn one_spelling(address: &str) -> String {
    let parsed = address.trim().parse::<IpAddr>();
    parsed.map_or_else(|_| address.to_owned(), |address| address.to_canonical().to_string())
}

fn row(places: &Places<'_>, seen: &Seen<'_>) -> [Cell; 29] {
    let event = seen.event;
    let address = event.address.reveal().as_str();
    let found = places.about(address);
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
