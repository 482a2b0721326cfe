//! Where it happened, place by place.

use domain::{IncidentDetail, IpEvent};
use print::Level;

use super::Fault;
use super::fields::{Fields, moment};
use crate::package::words;

/// The most addresses that are printed of one person, account or network; all are in `ips.csv`.
const MOST_EVENTS: usize = 100;

pub(super) fn put(page: &mut Fields, details: &[IncidentDetail]) -> Result<(), Fault> {
    for (at, detail) in details.iter().enumerate() {
        page.heading(Level::Three, &format!("Place {}: {}", at + 1, kind(detail)))?;
        one(page, detail)?;
    }
    Ok(())
}

const fn kind(detail: &IncidentDetail) -> &'static str {
    match detail {
        IncidentDetail::WebPage { .. } => "web page",
        IncidentDetail::Email { .. } => "e-mail",
        IncidentDetail::Newsgroup { .. } => "news group",
        IncidentDetail::Chat { .. } => "chat",
        IncidentDetail::Gaming { .. } => "game",
        IncidentDetail::CellPhone { .. } => "mobile phone",
        IncidentDetail::Elsewhere { .. } => "not on the internet",
        IncidentDetail::PeerToPeer { .. } => "peer-to-peer network",
    }
}

fn one(page: &mut Fields, detail: &IncidentDetail) -> Result<(), Fault> {
    match detail {
        IncidentDetail::WebPage { urls, third_party_hosted, additional } => {
            page.each("Web Address:", urls)?;
            page.put("On Another Server:", words::answer(*third_party_hosted))?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::Email { addresses, content, additional } => {
            mailboxes(page, addresses)?;
            page.text("Message:", content.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::Newsgroup { name, addresses, content, additional } => {
            page.maybe("Group:", name.as_deref())?;
            mailboxes(page, addresses)?;
            page.text("Posting:", content.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::Chat { client, room, content, additional } => {
            page.maybe("Program:", client.as_deref())?;
            page.said("Room:", room.as_ref())?;
            page.text("Chat:", content.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::Gaming { game, console, content, additional } => {
            page.maybe("Game:", game.as_deref())?;
            page.maybe("Console:", console.as_deref())?;
            page.text("Chat:", content.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::CellPhone { number, latitude, longitude, additional } => {
            page.maybe("Telephone:", number.as_ref().map(words::phone).as_deref())?;
            page.said("Latitude:", latitude.as_ref())?;
            page.said("Longitude:", longitude.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::Elsewhere { name, addresses, additional } => {
            page.said("Name of the Place:", name.as_ref())?;
            addresses.iter().try_for_each(|one| page.put("Postal Address:", &words::postal(one)))?;
            page.text("Remarks:", additional.as_ref())
        }
        IncidentDetail::PeerToPeer { client, ip_events, file_names, additional } => {
            page.maybe("Program:", client.as_deref())?;
            events(page, "IP Address:", ip_events)?;
            page.text("Names of Files:", file_names.as_ref())?;
            page.text("Remarks:", additional.as_ref())
        }
    }
}

fn mailboxes(page: &mut Fields, addresses: &[domain::Email]) -> Result<(), Fault> {
    addresses.iter().try_for_each(|mail| page.put("Mailbox:", mail.address.reveal()))
}

/// Addresses with what belongs to each, under this label.
pub(super) fn events(page: &mut Fields, label: &str, events: &[IpEvent]) -> Result<(), Fault> {
    for event in events.iter().take(MOST_EVENTS) {
        one_event(page, label, event)?;
    }
    match events.len().checked_sub(MOST_EVENTS).filter(|more| *more > 0) {
        Some(more) => page.put("Further Addresses:", &format!("{more} more, all in ips.csv")),
        None => Ok(()),
    }
}

/// One address, its event, moment and port.
pub(super) fn one_event(page: &mut Fields, label: &str, event: &IpEvent) -> Result<(), Fault> {
    page.name(label, event.address.reveal())?;
    page.put("Seen as:", event.event.as_deref().unwrap_or("Unknown"))?;
    page.put("Seen at:", &event.at.as_ref().map_or_else(|| "Unknown".to_owned(), moment))?;
    page.put("Port:", &event.port.map_or_else(|| "Unknown".to_owned(), |port| port.to_string()))?;
    page.put("Sender Suspects a Proxy:", words::answer(event.possible_proxy))
}
