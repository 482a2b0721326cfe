//! From a valid document to domain values. What a document may hold was settled by validation; here every part finds
//! its field, and an absent part stays absent.

mod file;
mod people;
mod shared;

use domain::{Incident, IncidentDetail, IncidentType, LawEnforcement, Reporter, Role, Submission};

use super::document::{Document, ROOT};
use super::lenient::{self, Stray};
use super::values::boolean;
pub(super) use file::statement;
use shared::{Part, address, email, ip_event, person, phone};

/// The report that the document holds.
pub(super) fn submission(document: &Document, strays: &[Stray]) -> Submission {
    let mut submission = Submission {
        batched: None,
        incident: empty_incident(),
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: Vec::new(),
        additional: Vec::new(),
        unmodelled: lenient::unmodelled(document, strays),
    };
    for part in (Part { document, node: ROOT }).children() {
        match part.name() {
            "batchedReport" => submission.batched = Some(part.attribute("reason").unwrap_or_default()),
            "incidentSummary" => submission.incident = incident(part),
            "internetDetails" => submission.details.extend(part.children().find_map(detail)),
            "lawEnforcement" => submission.law_enforcement = Some(law_enforcement(part)),
            "reporter" => submission.reporter = reporter(part),
            "personOrUserReported" => submission.people.push(people::involved(part, Role::Reported)),
            "intendedRecipient" => submission.people.push(people::involved(part, Role::Recipient)),
            "victim" => submission.people.push(people::involved(part, Role::Victim)),
            "additionalInfo" => submission.additional.push(part.private()),
            _ => {}
        }
    }
    submission
}

fn empty_incident() -> Incident {
    Incident {
        incident_type: String::new(),
        platform: None,
        escalation: None,
        annotations: Vec::new(),
        occurred: domain::GivenTime { text: String::new(), instant: None, zone_unknown: true },
        occurred_means: None,
    }
}

fn incident(summary: Part) -> Incident {
    let mut incident = empty_incident();
    for part in summary.children() {
        match part.name() {
            "incidentType" => incident.incident_type = incident_type(&part.text()),
            "platform" => incident.platform = Some(part.text()),
            "escalateToHighPriority" => incident.escalation = Some(part.private()),
            "reportAnnotations" => incident.annotations = part.marks(),
            "incidentDateTime" => incident.occurred = part.moment().unwrap_or(incident.occurred),
            "incidentDateTimeDescription" => incident.occurred_means = Some(part.text()),
            _ => {}
        }
    }
    incident
}

/// The key of the type with this wire value, of today or former; the wire value itself when nobody knows it.
fn incident_type(wire: &str) -> String {
    let former =
        || domain::incident_types().iter().find(|kind| kind.former_wire.iter().any(|old| old == wire));
    IncidentType::find_by_wire(wire).or_else(former).map_or_else(|| wire.to_owned(), |kind| kind.key.clone())
}

/// The one place that an `internetDetails` holds.
fn detail(place: Part) -> Option<IncidentDetail> {
    match place.name() {
        "webPageIncident" => Some(web_page(place)),
        "emailIncident" => Some(IncidentDetail::Email {
            addresses: place.each("emailAddress", email),
            content: place.said("content"),
            additional: place.said("additionalInfo"),
        }),
        "newsgroupIncident" => Some(IncidentDetail::Newsgroup {
            name: place.plain("name"),
            addresses: place.each("emailAddress", email),
            content: place.said("content"),
            additional: place.said("additionalInfo"),
        }),
        "chatImIncident" => Some(IncidentDetail::Chat {
            client: place.plain("chatClient"),
            room: place.said("chatRoomName"),
            content: place.said("content"),
            additional: place.said("additionalInfo"),
        }),
        "onlineGamingIncident" => Some(IncidentDetail::Gaming {
            game: place.plain("gameName"),
            console: place.plain("console"),
            content: place.said("content"),
            additional: place.said("additionalInfo"),
        }),
        "cellPhoneIncident" => Some(IncidentDetail::CellPhone {
            number: place.first("phoneNumber").map(phone),
            latitude: place.trimmed("latitude"),
            longitude: place.trimmed("longitude"),
            additional: place.said("additionalInfo"),
        }),
        "nonInternetIncident" => Some(IncidentDetail::Elsewhere {
            name: place.said("locationName"),
            addresses: place.each("incidentAddress", address),
            additional: place.said("additionalInfo"),
        }),
        "peer2peerIncident" => Some(IncidentDetail::PeerToPeer {
            client: place.plain("client"),
            ip_events: place.each("ipCaptureEvent", ip_event),
            file_names: place.said("fileNames"),
            additional: place.said("additionalInfo"),
        }),
        _ => None,
    }
}

fn web_page(page: Part) -> IncidentDetail {
    // Known mistake of an old client, lenient only: the attribute as an element.
    let as_element = || page.first("thirdPartyHostedContent").and_then(|part| boolean(part.text().trim()));
    IncidentDetail::WebPage {
        urls: page.each("url", Part::private),
        third_party_hosted: page.attribute_answer("thirdPartyHostedContent").or_else(as_element),
        additional: page.said("additionalInfo"),
    }
}

fn law_enforcement(part: Part) -> LawEnforcement {
    let country = lenient::process_country(part.document, part.node);
    LawEnforcement {
        agency: part.plain("agencyName").unwrap_or_default(),
        case_number: part.plain("caseNumber"),
        officer: part.first("officerContact").map(person),
        reported: part.answer("reportedToLe"),
        domestic_process: part.answer("servedLegalProcessDomestic"),
        foreign_process: part.answer("servedLegalProcessInternational"),
        // Known mistake of a client, lenient only: the attribute one level too high.
        foreign_country: country.map(str::to_owned).or_else(|| part.attribute("fleaCountry")),
    }
}

fn reporter(part: Part) -> Reporter {
    Reporter {
        person: part.first("reportingPerson").map(person).unwrap_or_default(),
        contact: part.first("contactPerson").map(person),
        company_template: part.plain("companyTemplate"),
        terms_of_service: part.plain("termsOfService"),
        legal_url: part.plain("legalURL"),
    }
}
