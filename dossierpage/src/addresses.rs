//! Internet addresses with everything that decides what they are worth: event, time, port, the place then and now, the
//! network, and what to mind. An address tells where a cable ends, never who sat there.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use domain::{Dossier, Finding, IpEvent, people};
use maud::{Markup, html};
use ui::{Column, Order, Row, Table, Tone, Value, table};

use crate::show;

/// What is known about the addresses of one report.
pub struct Known<'a> {
    then: BTreeMap<String, Vec<&'a Finding>>,
    /// What tables say today; `None` where this process has none.
    today: Option<BTreeMap<String, Vec<&'a Finding>>>,
    /// By how many accounts of the report an address was used.
    accounts: BTreeMap<String, usize>,
}

impl<'a> Known<'a> {
    /// What the report's own look-ups and those of today say.
    pub fn of(dossier: &'a Dossier, today: Option<&'a [Finding]>) -> Self {
        let mut users: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, account) in people::accounts(&dossier.submission).into_iter().enumerate() {
            for event in &account.ip_events {
                users.entry(normal(event.address.reveal())).or_default().insert(at);
            }
        }
        let accounts = users.into_iter().map(|(address, all)| (address, all.len())).collect();
        Self { then: by_subject(&dossier.findings), today: today.map(by_subject), accounts }
    }

    /// Where an address was said to be when the report came.
    pub(crate) fn place(&self, address: &str) -> Option<String> {
        place(self.then.get(&normal(address))?)
    }

    /// What is known of its network, from the same tables.
    pub(crate) fn network_kind(&self, address: &str) -> Option<&str> {
        fact(self.then.get(&normal(address))?, "network_kind")
    }
}

fn by_subject(findings: &[Finding]) -> BTreeMap<String, Vec<&Finding>> {
    let mut all: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        all.entry(finding.subject.reveal().clone()).or_default().push(finding);
    }
    all
}

/// An address as look-ups know it; what is none stays as it is.
fn normal(given: &str) -> String {
    let given = given.trim();
    given.parse::<IpAddr>().map_or_else(|_| given.to_owned(), |address| address.to_canonical().to_string())
}

fn fact<'a>(findings: &[&'a Finding], key: &str) -> Option<&'a str> {
    findings.iter().find_map(|finding| finding.value.get(key)?.as_str())
}

/// City, county, region, country, as far as the tables say.
pub(crate) fn place(findings: &[&Finding]) -> Option<String> {
    let parts = ["city", "county", "region", "country"].into_iter().filter_map(|key| fact(findings, key));
    let parts: Vec<&str> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The addresses of somebody or something.
pub(crate) fn table_of(caption: &str, events: &[IpEvent], known: &Known<'_>) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns =
        ["Address", "Event", "Time", "Port", "Mind this", "Place then", "Place now", "Network"].map(column);
    let rows: Vec<Row> = events.iter().map(|event| row(event, known)).collect();
    html! { @if !events.is_empty() { (table(&Table { caption, columns: &columns, rows: &rows, swap: None })) } }
}

fn row(event: &IpEvent, known: &Known<'_>) -> Row {
    let time = match show::given(event.at.as_ref()) {
        Value::Known(markup) => markup,
        Value::Unknown => unknown(),
    };
    let address = normal(event.address.reveal());
    let then = known.then.get(&address).map(Vec::as_slice).unwrap_or_default();
    Row {
        head: html! { div .house-wrap { (ui::text(event.address.reveal())) } },
        cells: vec![
            event.event.as_deref().map_or_else(unknown, ui::text),
            time,
            event.port.map_or_else(unknown, |port| html! { (port) }),
            minded(&warnings(event, fact(then, "network_kind"), known.accounts.get(&address).copied())),
            html! { div .house-wrap { (dated(then)) } },
            html! { div .house-wrap { (now(&address, known)) } },
            html! { div .house-wrap { (network(event, then)) } },
        ],
    }
}

fn minded(warnings: &[Warning]) -> Markup {
    html! {
        @if warnings.is_empty() { "nothing in particular" }
        @else {
            div .house-wrap .house-wrap--wide {
                @for (word, tone, says) in warnings { p { (ui::chip(word, *tone)) " " (says) } }
            }
        }
    }
}

fn unknown() -> Markup {
    html! { span .house-unknown { "Unknown" } }
}

/// A place with the day of its table.
fn dated(findings: &[&Finding]) -> Markup {
    let Some(place) = place(findings) else { return unknown() };
    let day =
        findings.iter().find(|finding| finding.value.get("country").is_some()).map(|found| &*found.as_of);
    html! { (ui::text(&place)) @if let Some(day) = day { br; small { "table of " (ui::text(day)) } } }
}

fn now(address: &str, known: &Known<'_>) -> Markup {
    let Some(today) = &known.today else { return html! { "not looked up here" } };
    let now = today.get(address).map(Vec::as_slice).unwrap_or_default();
    let then = known.then.get(address).map(Vec::as_slice).unwrap_or_default();
    html! {
        @if place(now).is_some() && place(now) == place(then) { "the same" } @else { (dated(now)) }
        @if fact(now, "operator") != fact(then, "operator") {
            @if let Some(operator) = fact(now, "operator") { br; "now of " (ui::text(operator)) }
        }
    }
}

fn network(event: &IpEvent, then: &[&Finding]) -> Markup {
    let guessed =
        then.iter().any(|one| one.value.get("network_kind_is_guess").is_some_and(|said| *said == true));
    html! {
        @match fact(then, "operator") { Some(operator) => (ui::text(operator)), None => (unknown()) }
        @if let Some(kind) = fact(then, "network_kind").filter(|kind| *kind != "unknown") {
            ", " (ui::text(kind)) @if guessed { " (a guess from its name)" }
        }
        br; small { "Proxy, as the sender thinks: " (ui::Tri::from(event.possible_proxy)) }
    }
}

type Warning = (&'static str, Tone, &'static str);

const NO_ADDRESS: Warning = ("not an address", Tone::Notice, "It is shown as the sender gave it.");
const CARRIER: Warning = (
    "inside a carrier",
    Tone::Strong,
    "Many customers of one carrier have this address at once (carrier-grade NAT, RFC 6598). It leads to nobody without \
     the carrier's own log.",
);
const PRIVATE: Warning = (
    "private network",
    Tone::Strong,
    "Every home has such addresses: it leads to no provider and to nobody.",
);
const SHARED: Warning = (
    "shared address",
    Tone::Notice,
    "Carriers give one IPv4 address to many customers at once (carrier-grade NAT). Without the port it may name nobody: \
     ask the sender for it.",
);
const SHARED_WITH_PORT: Warning = (
    "give port and time",
    Tone::Muted,
    "Ask the carrier with the port and the second, or it may name somebody else.",
);
const NO_TIME: Warning = (
    "no exact time",
    Tone::Notice,
    "Addresses change hands. Without a time and its zone, nobody can say whose it was.",
);
const RELAY: Warning = (
    "VPN or relay",
    Tone::Strong,
    "Whoever used it is elsewhere on purpose. Its place says nothing about a person.",
);
const HOSTING: Warning =
    ("data centre", Tone::Notice, "Machines, not homes: whoever used it is elsewhere, or rented one.");
const PROXY: Warning =
    ("possible proxy", Tone::Notice, "The sender thinks that it stands for somebody else's address.");
const SEVERAL: Warning = (
    "several accounts",
    Tone::Notice,
    "More than one account of this report used it: a home, or a shared address.",
);

/// What an officer must mind before they ask anybody about an address.
fn warnings(event: &IpEvent, kind: Option<&str>, accounts: Option<usize>) -> Vec<Warning> {
    let mut all = Vec::new();
    match event.address.reveal().trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
        Err(_) => all.push(NO_ADDRESS),
        Ok(IpAddr::V4(four)) if is_carriers(four) => all.push(CARRIER),
        Ok(address) if is_private(address) => all.push(PRIVATE),
        Ok(IpAddr::V4(_)) if event.port.is_none() => all.push(SHARED),
        Ok(IpAddr::V4(_)) => all.push(SHARED_WITH_PORT),
        Ok(IpAddr::V6(_)) => {}
    }
    all.extend(event.at.as_ref().is_none_or(|at| at.instant.is_none()).then_some(NO_TIME));
    match kind {
        Some("relay") => all.push(RELAY),
        Some("hosting") => all.push(HOSTING),
        _ => {}
    }
    all.extend((event.possible_proxy == Some(true)).then_some(PROXY));
    all.extend(accounts.is_some_and(|accounts| accounts > 1).then_some(SEVERAL));
    all
}

/// Address space between a carrier and its customers: 100.64.0.0/10 (RFC 6598).
fn is_carriers(address: std::net::Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            four.is_private() || four.is_loopback() || four.is_link_local() || four.is_unspecified()
        }
        IpAddr::V6(six) => {
            six.is_unique_local() || six.is_unicast_link_local() || six.is_loopback() || six.is_unspecified()
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::{GivenTime, Private};
    use serde_json::json;

    use super::*;

    pub fn dossier() -> Dossier {
        serde_json::from_str(include_str!("../../formats/fixtures/dossier/full.json")).unwrap()
    }

    fn event(address: &str, port: Option<i64>, at: Option<&str>) -> IpEvent {
        let at = at.map(|text| GivenTime {
            text: text.to_owned(),
            instant: text.parse().ok(),
            zone_unknown: text.parse::<jiff::Timestamp>().is_err(),
        });
        IpEvent { address: Private::new(address.to_owned()), event: None, at, possible_proxy: None, port }
    }

    fn words(event: &IpEvent, kind: Option<&str>) -> Vec<&'static str> {
        warnings(event, kind, None).into_iter().map(|warning| warning.0).collect()
    }

    #[test]
    fn an_address_that_many_share_is_never_shown_without_its_warning() {
        let at = Some("2026-01-02T03:04:05Z");
        assert_eq!(words(&event("198.51.100.7", None, at), None), ["shared address"]);
        assert_eq!(words(&event("198.51.100.7", Some(40_001), at), None), ["give port and time"]);
        for carriers in ["100.64.0.1", "100.127.255.254", "::ffff:100.64.0.1"] {
            assert_eq!(words(&event(carriers, Some(1), at), None), ["inside a carrier"], "{carriers}");
        }
        assert_eq!(words(&event("100.128.0.1", Some(1), at), None), ["give port and time"]);
        for private in ["192.168.1.7", "10.0.0.1", "fd00::1", "fe80::1", "127.0.0.1"] {
            assert_eq!(words(&event(private, None, at), None), ["private network"], "{private}");
        }
        assert_eq!(words(&event("2001:db8::7", None, at), None), [""; 0]);
        assert_eq!(words(&event("no address", None, at), None), ["not an address"]);
    }

    #[test]
    fn a_time_without_zone_a_relay_and_a_proxy_are_minded() {
        let unzoned = event("2001:db8::7", None, Some("2026-01-02T03:04:05"));
        assert_eq!(words(&unzoned, Some("relay")), ["no exact time", "VPN or relay"]);
        assert_eq!(
            words(&event("2001:db8::7", None, None), Some("hosting")),
            ["no exact time", "data centre"]
        );
        let proxy = IpEvent {
            possible_proxy: Some(true),
            ..event("2001:db8::7", None, Some("2026-01-02T03:04:05Z"))
        };
        assert_eq!(words(&proxy, Some("access")), ["possible proxy"]);
    }

    fn finding(subject: &str, as_of: &str, value: serde_json::Value) -> Finding {
        let (enricher, table) = ("ip-place".to_owned(), "example".to_owned());
        Finding { enricher, subject: Private::new(subject.to_owned()), table, as_of: as_of.to_owned(), value }
    }

    #[test]
    fn the_place_then_stands_beside_the_place_now() {
        let then =
            json!({ "country": "US", "region": "MN", "city": "Saint Paul", "operator": "Example Net" });
        let mut dossier = dossier();
        dossier.findings = vec![finding("2001:db8::7", "2026-01-31", then.clone())];
        let moved =
            vec![finding("2001:db8::7", "2026-11-01", json!({ "country": "DE", "operator": "Example VPN" }))];
        let events = [event("2001:DB8::7", Some(1), None)];
        let page = |today| table_of("Addresses", &events, &Known::of(&dossier, today)).into_string();
        let shown = page(Some(&moved));
        for words in
            ["Saint Paul, MN, US", "table of 2026-01-31", "table of 2026-11-01", "now of Example VPN"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let same = vec![finding("2001:db8::7", "2026-11-01", then)];
        assert!(page(Some(&same)).contains("the same"));
        assert!(page(None).contains("not looked up here"));
    }
}
