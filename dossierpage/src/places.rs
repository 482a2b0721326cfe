//! Where it happened, and postal addresses.

use domain::{Address, Email, IncidentDetail};
use maud::{Markup, html};
use ui::{Value, definitions};

use super::addresses::{self, Known};
use crate::show;

/// One incident detail under its own heading.
pub(crate) fn detail(number: usize, detail: &IncidentDetail, known: &Known<'_>) -> Markup {
    let (kind, facts) = facts(detail);
    html! {
        h3 { "Incident detail " (number) ": " (kind) }
        (definitions(&facts))
        @match detail {
            IncidentDetail::PeerToPeer { ip_events: events, .. } => (addresses::table_of("Addresses seen", events, known)),
            IncidentDetail::Elsewhere { addresses, .. } => { @for place in addresses { (address(place)) } },
            _ => {}
        }
    }
}

fn facts(detail: &IncidentDetail) -> (&'static str, Vec<(&'static str, Value)>) {
    match detail {
        IncidentDetail::WebPage { urls, third_party_hosted, additional } => {
            let urls = urls.iter().map(|u| ("Address (not a link)", show::said(Some(u))));
            let rest =
                [("Hosted by someone else", show::answer(*third_party_hosted)), note(additional.as_ref())];
            ("web page", urls.chain(rest).collect())
        }
        IncidentDetail::Email { addresses, content, additional } => {
            let rest = [("Content", show::said(content.as_ref())), note(additional.as_ref())];
            ("e-mail", mails(addresses).chain(rest).collect())
        }
        IncidentDetail::Newsgroup { name, addresses, content, additional } => {
            let first = [("Group", Value::words(name.as_deref()))];
            let rest = [("Content", show::said(content.as_ref())), note(additional.as_ref())];
            ("news group", first.into_iter().chain(mails(addresses)).chain(rest).collect())
        }
        IncidentDetail::Chat { client, room, content, additional } => {
            let facts = vec![
                ("Program", Value::words(client.as_deref())),
                ("Room", show::said(room.as_ref())),
                ("Content", show::said(content.as_ref())),
                note(additional.as_ref()),
            ];
            ("chat", facts)
        }
        other => rarer(other),
    }
}

fn rarer(detail: &IncidentDetail) -> (&'static str, Vec<(&'static str, Value)>) {
    match detail {
        IncidentDetail::Gaming { game, console, content, additional } => {
            let facts = vec![
                ("Game", Value::words(game.as_deref())),
                ("Console", Value::words(console.as_deref())),
                ("Content", show::said(content.as_ref())),
                note(additional.as_ref()),
            ];
            ("online game", facts)
        }
        IncidentDetail::CellPhone { number, latitude, longitude, additional } => {
            let facts = vec![
                ("Number", show::said(number.as_ref().map(|n| &n.number))),
                ("Latitude, as given", show::said(latitude.as_ref())),
                ("Longitude, as given", show::said(longitude.as_ref())),
                note(additional.as_ref()),
            ];
            ("mobile phone", facts)
        }
        IncidentDetail::Elsewhere { name, additional, .. } => {
            ("not on the internet", vec![("Place", show::said(name.as_ref())), note(additional.as_ref())])
        }
        IncidentDetail::PeerToPeer { client, file_names, additional, .. } => {
            let facts = vec![
                ("Program", Value::words(client.as_deref())),
                ("File names", show::said(file_names.as_ref())),
                note(additional.as_ref()),
            ];
            ("peer to peer", facts)
        }
        _ => ("other", Vec::new()),
    }
}

fn note(words: Option<&domain::Private<String>>) -> (&'static str, Value) {
    ("Additional information", show::said(words))
}

fn mails(addresses: &[Email]) -> impl Iterator<Item = (&'static str, Value)> {
    addresses.iter().map(|mail| ("E-mail address", show::said(Some(&mail.address))))
}

/// A postal address.
pub(crate) fn address(address: &Address) -> Markup {
    definitions(&[
        ("Address kind", Value::words(address.kind.as_deref())),
        ("Street", show::said(address.street.as_ref())),
        ("City", show::said(address.city.as_ref())),
        ("Postal code", show::said(address.postcode.as_ref())),
        ("State or region", Value::words(address.state.as_deref().or(address.region.as_deref()))),
        ("Country", Value::words(address.country.as_deref())),
    ])
}
