//! Domain values as documents. Reading one back gives the same value; only `unmodelled` is not written, because what
//! has no place in the language has none here either.

mod file;
mod people;
mod tags;

use domain::{Incident, IncidentDetail, IncidentType, LawEnforcement, Reporter, Role, Submission};

pub use file::file_details_to_xml;
use people::involved;
use tags::Tags;

/// A report as a document; reading it back gives the same value.
#[must_use]
pub fn to_xml(submission: &Submission) -> String {
    let mut tags = Tags::new();
    tags.inside("report", |tags| {
        if let Some(reason) = &submission.batched {
            tags.open("batchedReport").attribute("reason", Some(reason)).empty();
        }
        tags.inside("incidentSummary", |tags| incident(tags, &submission.incident));
        for detail in &submission.details {
            tags.inside("internetDetails", |tags| place(tags, detail));
        }
        if let Some(agency) = &submission.law_enforcement {
            tags.inside("lawEnforcement", |tags| law_enforcement(tags, agency));
        }
        tags.inside("reporter", |tags| reporter(tags, &submission.reporter));
        // The language wants each role together; within a role the order stays.
        for role in [Role::Reported, Role::Recipient, Role::Victim] {
            submission
                .people
                .iter()
                .filter(|person| person.role == role)
                .for_each(|person| involved(tags, person));
        }
        tags.texts("additionalInfo", &submission.additional);
    });
    tags.finish()
}

fn incident(tags: &mut Tags, incident: &Incident) {
    let wire = IncidentType::find(&incident.incident_type).map_or(&incident.incident_type, |kind| &kind.wire);
    tags.leaf("incidentType", wire);
    tags.plain("platform", incident.platform.as_ref());
    tags.said("escalateToHighPriority", incident.escalation.as_ref());
    tags.marks("reportAnnotations", &incident.annotations);
    tags.leaf("incidentDateTime", &incident.occurred.text);
    tags.plain("incidentDateTimeDescription", incident.occurred_means.as_ref());
}

fn place(tags: &mut Tags, detail: &IncidentDetail) {
    match detail {
        IncidentDetail::WebPage { urls, third_party_hosted, additional } => {
            tags.open("webPageIncident").answer("thirdPartyHostedContent", *third_party_hosted).then(
                |tags| {
                    tags.texts("url", urls);
                    tags.said("additionalInfo", additional.as_ref());
                },
            );
        }
        IncidentDetail::Email { addresses, content, additional } => tags.inside("emailIncident", |tags| {
            addresses.iter().for_each(|address| people::email(tags, "emailAddress", address));
            tags.said("content", content.as_ref());
            tags.said("additionalInfo", additional.as_ref());
        }),
        IncidentDetail::Newsgroup { name, addresses, content, additional } => {
            tags.inside("newsgroupIncident", |tags| {
                tags.plain("name", name.as_ref());
                addresses.iter().for_each(|address| people::email(tags, "emailAddress", address));
                tags.said("content", content.as_ref());
                tags.said("additionalInfo", additional.as_ref());
            });
        }
        IncidentDetail::Chat { client, room, content, additional } => tags.inside("chatImIncident", |tags| {
            tags.plain("chatClient", client.as_ref());
            tags.said("chatRoomName", room.as_ref());
            tags.said("content", content.as_ref());
            tags.said("additionalInfo", additional.as_ref());
        }),
        IncidentDetail::Gaming { game, console, content, additional } => {
            tags.inside("onlineGamingIncident", |tags| {
                tags.plain("gameName", game.as_ref());
                tags.plain("console", console.as_ref());
                tags.said("content", content.as_ref());
                tags.said("additionalInfo", additional.as_ref());
            });
        }
        other => place_in_the_world(tags, other),
    }
}

fn place_in_the_world(tags: &mut Tags, detail: &IncidentDetail) {
    match detail {
        IncidentDetail::CellPhone { number, latitude, longitude, additional } => {
            tags.inside("cellPhoneIncident", |tags| {
                number.iter().for_each(|number| people::phone(tags, "phoneNumber", number));
                tags.said("latitude", latitude.as_ref());
                tags.said("longitude", longitude.as_ref());
                tags.said("additionalInfo", additional.as_ref());
            });
        }
        IncidentDetail::Elsewhere { name, addresses, additional } => {
            tags.inside("nonInternetIncident", |tags| {
                tags.said("locationName", name.as_ref());
                addresses.iter().for_each(|address| people::address(tags, "incidentAddress", address));
                tags.said("additionalInfo", additional.as_ref());
            })
        }
        IncidentDetail::PeerToPeer { client, ip_events, file_names, additional } => {
            tags.inside("peer2peerIncident", |tags| {
                tags.plain("client", client.as_ref());
                ip_events.iter().for_each(|event| people::ip_event(tags, event));
                tags.said("fileNames", file_names.as_ref());
                tags.said("additionalInfo", additional.as_ref());
            });
        }
        // The rest is written by the caller.
        _ => {}
    }
}

fn law_enforcement(tags: &mut Tags, agency: &LawEnforcement) {
    tags.leaf("agencyName", &agency.agency);
    tags.plain("caseNumber", agency.case_number.as_ref());
    if let Some(officer) = &agency.officer {
        people::person(tags, "officerContact", officer);
    }
    tags.answer("reportedToLe", agency.reported);
    tags.answer("servedLegalProcessDomestic", agency.domestic_process);
    if agency.foreign_process.is_some() || agency.foreign_country.is_some() {
        tags.open("servedLegalProcessInternational")
            .attribute("fleaCountry", agency.foreign_country.as_ref())
            .text(tags::word(agency.foreign_process));
    }
}

fn reporter(tags: &mut Tags, reporter: &Reporter) {
    people::person(tags, "reportingPerson", &reporter.person);
    if let Some(contact) = &reporter.contact {
        people::person(tags, "contactPerson", contact);
    }
    tags.plain("companyTemplate", reporter.company_template.as_ref());
    tags.plain("termsOfService", reporter.terms_of_service.as_ref());
    tags.plain("legalURL", reporter.legal_url.as_ref());
}
