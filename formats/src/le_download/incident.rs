//! What happened, when and where.

use domain::{Dossier, Email, GivenTime, Incident, IncidentDetail, IpEvent, Private};

use super::people;
use super::shape::{Capture, IncidentDetails, IncidentSummary, Place, SourceInformation, Valued};
use crate::files::Files;
use crate::package::words::{self, said};

pub(super) fn summary(dossier: &Dossier<impl Files>) -> IncidentSummary<'_> {
    let incident = &dossier.submission.incident;
    let (incident_date_time, incident_date_time_description) = time(incident, dossier);
    IncidentSummary {
        incident_type: words::incident_type(&incident.incident_type),
        incident_date_time,
        incident_date_time_description,
        platform: incident.platform.as_deref(),
        escalate_to_high_priority: said(incident.escalation.as_ref()),
        report_annotations: &incident.annotations,
        batch_reason: dossier.submission.batched.as_deref(),
    }
}

/// The incident time and what it means. Readers fail on null and on every form but UTC, so a time without a zone is
/// replaced by the date received, and the description says so and gives the sender's exact text: written as UTC it
/// would be a false statement that ends in a warrant.
fn time(incident: &Incident, dossier: &Dossier<impl Files>) -> (String, String) {
    let means = means(incident, dossier);
    match words::given_utc(&incident.occurred) {
        Some(utc) => (utc, means),
        None => {
            let GivenTime { text, .. } = &incident.occurred;
            let described = format!(
                "Date received, because the sender gave its time without a time zone. Sender's time: {text}. \
                 Sender's description: {means}"
            );
            (words::utc(dossier.received_at), described)
        }
    }
}

/// What the sender says of this time, else what it says of all its incident times.
fn means(incident: &Incident, dossier: &Dossier<impl Files>) -> String {
    if let Some(own) = &incident.occurred_means {
        return own.clone();
    }
    let profile = dossier.sender_profile.as_ref().filter(|stamped| !stamped.profile.incident_time.is_empty());
    profile.map_or_else(
        || "Unknown: the sender does not say what this time means".to_owned(),
        |stamped| {
            let general = &stamped.profile.incident_time;
            format!("Of all its reports the sender says (profile version {}): {general}", stamped.version)
        },
    )
}

pub(super) fn details(given: &[IncidentDetail]) -> IncidentDetails<'_> {
    let mut details = IncidentDetails::default();
    for detail in given {
        match detail {
            IncidentDetail::WebPage { urls, third_party_hosted, additional } => {
                let pages = web_pages(urls, *third_party_hosted, additional.as_ref());
                details.webpage_incident.extend(pages);
            }
            IncidentDetail::Email { .. } => details.email_incident.push(place(detail)),
            IncidentDetail::Newsgroup { .. } => details.newsgroup_incident.push(place(detail)),
            IncidentDetail::Chat { .. } => details.chat_im_incident.push(place(detail)),
            IncidentDetail::Gaming { .. } => details.online_gaming_incident.push(place(detail)),
            IncidentDetail::CellPhone { .. } => details.cell_phone_incident.push(place(detail)),
            IncidentDetail::Elsewhere { .. } => details.non_internet_incident.push(place(detail)),
            IncidentDetail::PeerToPeer { .. } => details.peer2peer_incident.push(place(detail)),
        }
    }
    details
}

/// One entry for each address, because readers take only the first of an entry.
fn web_pages<'a>(
    urls: &'a [Private<String>],
    third_party_hosted: Option<bool>,
    additional: Option<&Private<String>>,
) -> Vec<Place<'a>> {
    let hosted =
        third_party_hosted.map(|_| format!("Hosted by a third party: {}", words::answer(third_party_hosted)));
    let urls =
        if urls.is_empty() { vec![""] } else { urls.iter().map(|url| url.reveal().as_str()).collect() };
    let pages = urls.into_iter().map(|url| Place {
        contents: text(hosted.clone()),
        source_information: SourceInformation::of(vec![address(url)]),
        additional_informations: text(own(additional)),
    });
    pages.collect()
}

fn address(url: &str) -> Capture<'_> {
    Capture {
        capture_type: "URL",
        value: url,
        date_time: None,
        port: None,
        event_name: None,
        possible_proxy: None,
    }
}

fn place(detail: &IncidentDetail) -> Place<'_> {
    let (contents, seen, additional): (_, &[IpEvent], _) = match detail {
        IncidentDetail::WebPage { additional, .. } => (Vec::new(), &[], additional),
        // The message comes first, untouched: readers pick its header lines.
        IncidentDetail::Email { addresses, content, additional } => {
            (lines(own(content.as_ref()), mails(addresses)), &[], additional)
        }
        IncidentDetail::Newsgroup { name, addresses, content, additional } => {
            let rest = line("Newsgroup", name.as_deref()).into_iter().chain(mails(addresses));
            (lines(own(content.as_ref()), rest), &[], additional)
        }
        IncidentDetail::Chat { client, room, content, additional } => {
            let rest = [line("Program", client.as_deref()), line("Room", said(room.as_ref()))];
            (lines(own(content.as_ref()), rest.into_iter().flatten()), &[], additional)
        }
        IncidentDetail::Gaming { game, console, content, additional } => {
            let rest = [line("Game", game.as_deref()), line("Console", console.as_deref())];
            (lines(own(content.as_ref()), rest.into_iter().flatten()), &[], additional)
        }
        IncidentDetail::CellPhone { number, latitude, longitude, additional } => {
            let number = number.as_ref().map(words::phone);
            let rest = [
                line("Number", number.as_deref()),
                line("Latitude", said(latitude.as_ref())),
                line("Longitude", said(longitude.as_ref())),
            ];
            (rest.into_iter().flatten().collect(), &[], additional)
        }
        IncidentDetail::Elsewhere { name, addresses, additional } => {
            let rest = line("Place", said(name.as_ref())).into_iter();
            let postal = addresses.iter().map(|address| format!("Address: {}", words::postal(address)));
            (rest.chain(postal).collect(), &[], additional)
        }
        IncidentDetail::PeerToPeer { client, ip_events, file_names, additional } => {
            let rest = [line("Program", client.as_deref()), line("File names", said(file_names.as_ref()))];
            (rest.into_iter().flatten().collect(), ip_events.as_slice(), additional)
        }
    };
    Place {
        contents: text(Some(contents.join("\n"))),
        source_information: SourceInformation::of(
            seen.iter().map(|event| people::capture(event, None)).collect(),
        ),
        additional_informations: text(own(additional.as_ref())),
    }
}

/// Exactly one element, empty when nothing was said: readers take element 0.
fn text(said: Option<String>) -> Vec<Valued> {
    vec![Valued::new(said.unwrap_or_default())]
}

fn lines(first: Option<String>, rest: impl Iterator<Item = String>) -> Vec<String> {
    first.into_iter().chain(rest).collect()
}

fn line(label: &str, value: Option<&str>) -> Option<String> {
    Some(format!("{label}: {}", value?))
}

fn own(words: Option<&Private<String>>) -> Option<String> {
    said(words).map(str::to_owned)
}

fn mails(addresses: &[Email]) -> impl Iterator<Item = String> {
    addresses.iter().map(|mail| format!("E-mail address: {}", mail.address.reveal()))
}
