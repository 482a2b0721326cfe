//! One invented report that has a bit of everything, for the tests of this crate.

use domain::{
    Address, Device, Email, EstimatedLocation, GivenTime, Id, Incident, IncidentDetail, Involved, IpEvent,
    Person, Phone, Private, ProviderId, Role, Submission,
};

pub(crate) fn provider() -> ProviderId {
    ProviderId::parse("example-chat").unwrap()
}

pub(crate) fn moment(text: &str) -> GivenTime {
    GivenTime { text: text.to_owned(), instant: text.parse().ok(), zone_unknown: false }
}

pub(crate) fn ip_event(address: &str, event: &str, at: &str) -> IpEvent {
    IpEvent {
        address: Private::new(address.to_owned()),
        event: Some(event.to_owned()),
        at: Some(moment(at)),
        possible_proxy: None,
        port: Some(44_321),
    }
}

fn said(text: &str) -> Option<Private<String>> {
    Some(Private::new(text.to_owned()))
}

fn email(address: &str) -> Email {
    Email { address: Private::new(address.to_owned()), kind: None, verified: Some(true), verified_at: None }
}

pub(crate) fn bare() -> Submission {
    Submission {
        batched: None,
        incident: Incident {
            incident_type: "csam".to_owned(),
            platform: None,
            escalation: None,
            annotations: Vec::new(),
            occurred: moment("2026-11-20T08:00:00Z"),
            occurred_means: None,
        },
        details: Vec::new(),
        law_enforcement: None,
        reporter: domain::Reporter::default(),
        people: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}

pub(crate) fn suspect() -> Involved {
    let mut suspect = Involved::nobody(Role::Reported);
    suspect.service = Some("Example Chat".to_owned());
    suspect.account_id = said("user-77");
    suspect.screen_name = said("Dull_Name");
    suspect.person = Person {
        emails: vec![email("Dull.Name@mail.example")],
        phones: vec![Phone {
            number: Private::new("(202) 555-0123".to_owned()),
            kind: None,
            calling_code: None,
            extension: None,
            verified: None,
            verified_at: None,
        }],
        addresses: vec![Address {
            postcode: said("90001"),
            state: Some("CA".to_owned()),
            country: Some("US".to_owned()),
            ..Address::default()
        }],
        ..Person::default()
    };
    suspect.ip_events = vec![ip_event("2001:DB8::7", "Login", "2026-11-19T08:00:00Z")];
    suspect.devices = vec![Device {
        kind: "IMEI".to_owned(),
        value: Private::new("49-015420-323751-8".to_owned()),
        event: None,
        at: None,
    }];
    suspect
}

pub(crate) fn submission() -> Submission {
    let mut victim = Involved::nobody(Role::Victim);
    victim.person = Person { emails: vec![email("child@mail.example")], age: Some(11), ..Person::default() };
    victim.estimated_location = Some(EstimatedLocation {
        region: Some("MN".to_owned()),
        country: Some("US".to_owned()),
        ..EstimatedLocation::default()
    });
    let mut submission = bare();
    submission.incident.incident_type = "enticement".to_owned();
    submission.incident.annotations = vec!["sextortion".to_owned()];
    submission.reporter.person.emails = vec![email("safety@example-chat.example")];
    submission.details = vec![IncidentDetail::WebPage {
        urls: vec![Private::new("https://photos.example/album/7".to_owned())],
        third_party_hosted: None,
        additional: None,
    }];
    submission.people = vec![suspect(), victim];
    submission.additional = vec![Private::new("reach at Hidden@Mail.example now".to_owned())];
    submission
}
