//! Dossiers to export: invented, dull and harmless, each with what has broken a reader somewhere.

use domain::{
    AccountDisabled, Address, AgencyId, AssociatedAccount, BasisCode, CourtOrder, Delivery, DeliveryId,
    Device, Dossier, DossierFile, Email, EstimatedLocation, EventMeaning, ExtendedRetention, FileId,
    FileStatement, Finding, FrameworkAttestation, GivenTime, Id, Incident, IncidentDetail, Involved, IpEvent,
    Lack, LawEnforcement, LegalContact, MetadataGroup, MetadataPair, OriginalHash, Person, Phone, Priority,
    Private, ProviderId, Quality, Reason, RelatedReport, Relevance, ReportId, Reporter, RetentionPurpose,
    Role, Selector, SelectorKind, SenderProfile, StampedProfile, Submission, TriState, Unmodelled,
    ViewGround,
};
use jiff::Timestamp;
use serde_json::json;

/// Every dossier by name, in the order of the fixtures.
pub fn all() -> Vec<(&'static str, Dossier)> {
    vec![
        ("bare", bare()),
        ("full", full()),
        ("hostile", hostile()),
        ("recipient-is-the-child", recipient_is_the_child()),
        ("times-without-zone", times_without_zone()),
    ]
}

pub fn private(words: &str) -> Private<String> {
    Private::new(words.to_owned())
}

pub fn said(words: &str) -> Option<Private<String>> {
    Some(private(words))
}

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn given(text: &str) -> GivenTime {
    GivenTime { text: text.to_owned(), instant: Some(moment(text)), zone_unknown: false }
}

pub fn unzoned(text: &str) -> GivenTime {
    GivenTime { text: text.to_owned(), instant: None, zone_unknown: true }
}

pub fn ip(address: &str, event: Option<&str>, at: Option<GivenTime>) -> IpEvent {
    IpEvent {
        address: private(address),
        event: event.map(str::to_owned),
        at,
        possible_proxy: None,
        port: Some(51_515),
    }
}

/// The least that a report can say.
pub fn bare() -> Dossier {
    Dossier {
        report: ReportId::try_from(1_000_001).unwrap(),
        provider: ProviderId::parse("harbor-chat").unwrap(),
        provider_name: "Harbor Chat".to_owned(),
        received_at: moment("2026-02-03T14:05:11.123456Z"),
        preserve_until: moment("2027-02-03T14:05:11.123456Z"),
        submission_sha256: seal::hex(&seal::sha256(b"submission")),
        submission: Submission {
            batched: None,
            incident: Incident {
                incident_type: "enticement".to_owned(),
                platform: None,
                escalation: None,
                annotations: Vec::new(),
                occurred: given("2026-02-03T09:00:00-05:00"),
                occurred_means: None,
            },
            details: Vec::new(),
            law_enforcement: None,
            reporter: Reporter::default(),
            people: Vec::new(),
            additional: Vec::new(),
            unmodelled: Vec::new(),
        },
        sender_profile: None,
        files: Vec::new(),
        findings: Vec::new(),
        selectors: Vec::new(),
        priority: Priority::Routine,
        reasons: Vec::new(),
        quality: None,
        related: Vec::new(),
        deliveries: vec![Delivery {
            delivery: DeliveryId::parse("d-1").unwrap(),
            agency: AgencyId::parse("icac-us-mn").unwrap(),
            agency_name: "Example Task Force".to_owned(),
            basis: BasisCode::C2State,
            available_at: moment("2026-02-03T14:05:12Z"),
            channel: "portal".to_owned(),
            rule: "state-of-upload".to_owned(),
            says: "The upload address lies in this state.".to_owned(),
        }],
        court_orders: Vec::new(),
        rule_set: "2026-01".to_owned(),
    }
}

/// What a generated file holds, from its position alone.
pub fn bytes(position: u32) -> Vec<u8> {
    format!("harmless bytes of file {position}").into_bytes()
}

/// A file as it was received, with no statement.
pub fn file(position: u32) -> DossierFile {
    let bytes = bytes(position);
    let mut digests = seal::Digests::new();
    digests.update(&bytes);
    let digests = digests.finish();
    DossierFile {
        file: FileId::from_random([0xa0 | u8::try_from(position % 16).unwrap(); 16]),
        position,
        received_at: moment("2026-02-03T14:05:10Z"),
        size_bytes: digests.size_bytes,
        md5: seal::hex(&digests.md5),
        sha1: seal::hex(&digests.sha1),
        sha256: seal::hex(&digests.sha256),
        uploaded_name: None,
        media_type: Some("image/jpeg".to_owned()),
        statement: None,
        retained: true,
        destroyed: None,
        ground: None,
        exif_withheld: false,
        seen_before: 0,
    }
}

/// What the sender says of a file, before anything is said.
pub fn statement(file: &DossierFile) -> FileStatement {
    FileStatement::about(ReportId::try_from(1_000_001).unwrap(), file.file.clone())
}

/// A file that a ground opens.
pub fn open_file(position: u32) -> DossierFile {
    let mut open = file(position);
    open.statement = Some(FileStatement { viewed: TriState::Yes, ..statement(&open) });
    open.ground = Some(ViewGround::EspViewed);
    open
}

/// EXIF that a sender read out of a file.
pub fn exif(value: &str) -> MetadataGroup {
    let pairs = vec![MetadataPair { name: "Model".to_owned(), value: private(value) }];
    MetadataGroup { kind: Some("EXIF".to_owned()), pairs }
}

fn person(first: &str) -> Person {
    Person {
        first_name: said(first),
        middle_name: said("Q"),
        last_name: said("Example"),
        phones: vec![Phone {
            number: private("2025550100"),
            kind: Some("Mobile".to_owned()),
            calling_code: Some("+1".to_owned()),
            extension: Some("204".to_owned()),
            verified: Some(true),
            verified_at: Some(given("2026-01-01T00:00:00Z")),
        }],
        emails: vec![Email {
            address: private(&format!("{}@mail.example", first.to_lowercase())),
            kind: Some("Home".to_owned()),
            verified: Some(false),
            verified_at: None,
        }],
        addresses: vec![Address {
            kind: Some("Home".to_owned()),
            street: said("1 Example Way"),
            city: said("Exampleville"),
            postcode: said("00000"),
            state: Some("MN".to_owned()),
            region: None,
            country: Some("US".to_owned()),
        }],
        age: Some(40),
        age_doubted: Some(true),
        date_of_birth: said("1986-01-01"),
    }
}

fn disabled() -> AccountDisabled {
    AccountDisabled {
        disabled: Some(true),
        disabled_at: Some(given("2026-02-03T15:00:00Z")),
        user_notified: Some(false),
        user_notified_at: None,
        reenabled_at: Some(unzoned("2026-03-03T15:00:00")),
    }
}

pub fn involved(role: Role, name: &str) -> Involved {
    Involved {
        person: person(name),
        vehicle: (role == Role::Reported).then(|| private("grey van")),
        account_id: said(&format!("account-{name}")),
        service: Some("Harbor Chat".to_owned()),
        compromised: Some(false),
        screen_name: said(&format!("{name}_at_harbor")),
        display_names: vec![private(name), private("The Other Name")],
        profile_urls: vec![private("https://harbor.example/u/1")],
        profile_text: said("likes boats"),
        ip_events: vec![
            ip("192.0.2.10", Some("Login"), Some(given("2026-02-03T14:00:00.5Z"))),
            ip("2001:db8::10", None, None),
        ],
        devices: vec![Device {
            kind: "IMEI".to_owned(),
            value: private("490154203237518"),
            event: Some("Login".to_owned()),
            at: Some(given("2026-02-03T14:00:00Z")),
        }],
        third_party_user: None,
        prior_reports: vec![1_000_000],
        group: said("a group"),
        temporarily_disabled: Some(disabled()),
        permanently_disabled: Some(disabled()),
        estimated_location: Some(EstimatedLocation {
            city: said("Exampleville"),
            region: Some("MN".to_owned()),
            country: Some("US".to_owned()),
            verified: Some(false),
            at: Some(given("2026-02-03T14:00:00Z")),
        }),
        all_emails_reported: Some(true),
        associated: vec![AssociatedAccount {
            kind: "Parent/Guardian".to_owned(),
            platform: Some("Other Chat".to_owned()),
            third_party_user: Some(true),
            account: Box::new(Involved { person: person("Linked"), ..Involved::nobody(role) }),
        }],
        school: (role == Role::Victim).then(|| private("Example School")),
        additional: vec![private("a note on the person")],
        ..Involved::nobody(role)
    }
}

fn places() -> Vec<IncidentDetail> {
    let mail = Email { address: private("a@mail.example"), kind: None, verified: None, verified_at: None };
    vec![
        IncidentDetail::WebPage {
            urls: vec![private("https://harbor.example/p/1"), private("https://harbor.example/p/2")],
            third_party_hosted: Some(false),
            additional: said("Type: Post\nText: synthetic"),
        },
        IncidentDetail::WebPage { urls: Vec::new(), third_party_hosted: None, additional: None },
        IncidentDetail::Email {
            addresses: vec![mail.clone()],
            content: said(
                "Sent Date: 3 Feb 2026\nFrom: a@mail.example\nTo: b@mail.example\nX-Ymail-Msg-Id: m-1",
            ),
            additional: said("mail note"),
        },
        IncidentDetail::Email { addresses: Vec::new(), content: None, additional: None },
        IncidentDetail::Newsgroup {
            name: Some("alt.example".to_owned()),
            addresses: vec![mail],
            content: said("posting"),
            additional: None,
        },
        IncidentDetail::Chat {
            client: Some("Harbor".to_owned()),
            room: said("room"),
            content: said("a: hello"),
            additional: None,
        },
        IncidentDetail::Gaming {
            game: Some("Boats".to_owned()),
            console: Some("Box".to_owned()),
            content: None,
            additional: said("game note"),
        },
        IncidentDetail::CellPhone {
            number: Some(person("Phone").phones.remove(0)),
            latitude: said("44.9"),
            longitude: said("-93.2"),
            additional: None,
        },
        IncidentDetail::Elsewhere {
            name: said("a park"),
            addresses: person("Place").addresses,
            additional: said("park note"),
        },
        IncidentDetail::PeerToPeer {
            client: Some("Swap".to_owned()),
            ip_events: vec![ip("203.0.113.9", None, Some(given("2026-02-03T13:00:00Z")))],
            file_names: said("one.bin two.bin"),
            additional: None,
        },
    ]
}

fn full_file() -> DossierFile {
    let mut full = open_file(1);
    full.uploaded_name = said("upload.jpg");
    full.seen_before = 3;
    full.statement = Some(FileStatement {
        original_name: said("IMG_0001.jpg"),
        uploaded_at: Some(given("2026-02-03T13:59:00Z")),
        location: said("https://harbor.example/p/2"),
        viewed: TriState::Yes,
        exif_viewed: TriState::Yes,
        public: TriState::No,
        relevance: Relevance::Supplemental,
        annotations: vec!["generativeAi".to_owned(), "viral".to_owned()],
        classification: Some("A2".to_owned()),
        original_hashes: vec![OriginalHash { kind: "PDQ".to_owned(), value: private("00ff") }],
        ip_event: Some(ip("198.51.100.7", Some("Upload"), Some(given("2026-02-03T13:59:00Z")))),
        devices: vec![Device {
            kind: "IMEI".to_owned(),
            value: private("490154203237518"),
            event: None,
            at: None,
        }],
        details: vec![exif("Example Camera")],
        additional: vec![private("Message ID: m-1")],
        unmodelled: vec![Unmodelled { path: "fileDetails/newElement".to_owned(), text: private("new") }],
        ..statement(&full)
    });
    full
}

/// Everything that a report can say.
pub fn full() -> Dossier {
    let mut dossier = bare();
    let submission = &mut dossier.submission;
    submission.batched = Some("same campaign".to_owned());
    submission.incident.platform = Some("Harbor Chat for Boats".to_owned());
    submission.incident.escalation = said("A meeting is planned for tomorrow.");
    submission.incident.annotations = vec!["sextortion".to_owned()];
    submission.incident.occurred_means = Some("Time of upload".to_owned());
    submission.details = places();
    submission.law_enforcement = Some(LawEnforcement {
        agency: "Example Police".to_owned(),
        case_number: Some("26-1".to_owned()),
        officer: Some(person("Officer")),
        reported: Some(true),
        domestic_process: Some(false),
        foreign_process: None,
        foreign_country: None,
    });
    submission.reporter = Reporter {
        person: person("Reporter"),
        contact: Some(person("Contact")),
        company_template: Some("We are Harbor Chat.".to_owned()),
        terms_of_service: Some("Be kind.".to_owned()),
        legal_url: Some("https://harbor.example/legal".to_owned()),
    };
    submission.people = vec![
        involved(Role::Reported, "Robin"),
        involved(Role::Recipient, "Kim"),
        Involved { person: Person { age: Some(12), ..person("Sam") }, ..involved(Role::Victim, "Sam") },
    ];
    // A child shares no way of being reached with anybody else here.
    submission.people[2].person.phones.clear();
    submission.additional = vec![private("a note on the report")];
    submission.unmodelled = vec![Unmodelled { path: "report/newElement".to_owned(), text: private("new") }];
    let mut shut = DossierFile { exif_withheld: true, ..file(2) };
    shut.statement = Some(FileStatement {
        viewed: TriState::No,
        details: vec![MetadataGroup { kind: Some("HASH".to_owned()), pairs: Vec::new() }],
        ..statement(&shut)
    });
    let gone = DossierFile { retained: false, media_type: Some("application/pdf".into()), ..open_file(4) };
    dossier.files = vec![full_file(), shut, file(3), gone];
    add_ours(&mut dossier);
    dossier
}

fn add_ours(dossier: &mut Dossier) {
    let finding = |enricher: &str, subject: &str, mut value: serde_json::Value| Finding {
        enricher: enricher.to_owned(),
        subject: private(subject),
        table: "example-places".to_owned(),
        as_of: "2026-01-01".to_owned(),
        value: {
            value.sort_all_objects();
            value
        },
    };
    let place = json!({
        "country": "US", "region": "MN", "city": "Exampleville", "county": "Hennepin", "county_fips": "27053",
        "latitude": 44.98, "longitude": -93.27, "approximate": true,
    });
    dossier.findings = vec![
        finding("ip-place", "192.0.2.10", place),
        finding(
            "ip-network",
            "192.0.2.10",
            json!({ "asn": 64_500, "operator": "Example Net", "network_kind": "fixed" }),
        ),
        finding("ip-place", "2001:0db8:0::10", json!({ "country": "DE" })),
    ];
    dossier.selectors = vec![Selector {
        kind: SelectorKind::Phone,
        normal: private("+12025550100"),
        given: private("2025550100"),
        role: Some(Role::Reported),
        path: "personOrUserReported/phone".to_owned(),
    }];
    dossier.priority = Priority::Immediate;
    dossier.reasons = vec![Reason {
        rule: "escalated-by-provider".to_owned(),
        field: "incidentSummary.escalateToHighPriority".to_owned(),
        says: "The sender asks for high priority.".to_owned(),
    }];
    dossier.sender_profile = Some(stamped());
    dossier.quality = Some(Quality {
        score: 71,
        lacks: vec![Lack {
            rule: "upload-address-missing".to_owned(),
            field: "fileDetails.ipCaptureEvent".to_owned(),
            says: "Reported files without the address that uploaded them: 3 of 4.".to_owned(),
            why: "It leads from a file to a line.".to_owned(),
            fix: "Send it.".to_owned(),
            weight: 14,
            count: 3,
            of: 4,
        }],
        rule_set: "2026-01".to_owned(),
        judged_at: moment("2026-02-03T14:05:12Z"),
    });
    dossier.related = vec![RelatedReport {
        report: ReportId::try_from(1_000_000).unwrap(),
        kinds: vec![SelectorKind::Phone],
        shared: 1,
        held: false,
        holders: vec![AgencyId::parse("icac-us-wi").unwrap()],
    }];
    dossier.court_orders = vec![CourtOrder {
        order: "Example County District Court, 27-CR-26-114".to_owned(),
        conditions: vec!["No copies.".to_owned(), "Back to the court by 2026-12-31.".to_owned()],
    }];
}

/// A profile with every field.
fn stamped() -> StampedProfile {
    let event = |event: &str, means: &str| EventMeaning { event: event.to_owned(), means: means.to_owned() };
    let profile = SenderProfile {
        viewed: "A trained reviewer opened the file.\nFor video, at least the part that matched.".to_owned(),
        incident_time: "The time of the upload of the newest reported file.".to_owned(),
        events: vec![
            event("Login", "Start of a session, which may last days."),
            event("Upload", "The upload."),
        ],
        retention: "Log-ins for ninety days.".to_owned(),
        legal_process: LegalContact {
            team: "Law Enforcement Response".to_owned(),
            email: "legal@harbor.example".to_owned(),
            phone: "202-555-0140".to_owned(),
            url: "https://harbor.example/legal".to_owned(),
        },
        known_gaps: vec!["No ports before 2026.".to_owned()],
        extended_retention: Some(ExtendedRetention {
            until: "2028-02-03".parse().unwrap(),
            purpose: RetentionPurpose::Prevent,
        }),
        cybersecurity: Some(FrameworkAttestation {
            version: "2.0".to_owned(),
            attested_on: "2026-01-15".parse().unwrap(),
        }),
    };
    StampedProfile { version: 2, approved_at: moment("2026-01-20T09:00:00Z"), profile }
}

/// A name that tries everything.
pub fn hostile_name() -> String {
    format!(
        "=cmd|'/c calc'!A1/../../..\\..\\gpj\u{202e}exe\0\r\n\u{200b}\"'`<script>,;{}.pdf",
        "n".repeat(1_000)
    )
}

/// Every free text of a full report is that name.
pub fn hostile() -> Dossier {
    let mut value = serde_json::to_value(full()).unwrap();
    let name = hostile_name();
    poison(&mut value, &name);
    let mut dossier: Dossier = serde_json::from_value(value).unwrap();
    for file in &mut dossier.files {
        file.media_type = Some(name.clone());
    }
    dossier
}

/// Replaces the words that come from strangers; ids, moments and closed words stay, or it would be no dossier.
fn poison(value: &mut serde_json::Value, name: &str) {
    const STRANGERS: &[&str] = &[
        "provider_name",
        "first_name",
        "last_name",
        "middle_name",
        "screen_name",
        "account_id",
        "service",
        "original_name",
        "uploaded_name",
        "file_name",
        "location",
        "content",
        "additional",
        "profile_text",
        "street",
        "city",
        "vehicle",
        "school",
        "group",
        "address",
        "number",
        "escalation",
        "platform",
        "occurred_means",
        "given",
        "normal",
        "path",
        "agency_name",
        "order",
        "conditions",
        "text",
        "legal_url",
        "display_names",
        "urls",
        "region",
        "says",
        "company_template",
        "incident_time",
        "means",
        "retention",
        "team",
        "known_gaps",
        "why",
        "fix",
    ];
    match value {
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                let stranger = STRANGERS.contains(&key.as_str());
                if stranger && member.is_string() {
                    *member = name.into();
                } else if stranger
                    && member.as_array().is_some_and(|all| all.iter().all(|one| one.is_string()))
                {
                    *member = json!([name]);
                } else {
                    poison(member, name);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| poison(item, name)),
        _ => {}
    }
}

/// The sender lists the child as a recipient too, as one does that reports every account of a conversation.
pub fn recipient_is_the_child() -> Dossier {
    let mut dossier = bare();
    let child = |role| Involved {
        screen_name: said("kit_at_harbor"),
        person: Person { age: Some(11), ..Person::default() },
        ..Involved::nobody(role)
    };
    dossier.submission.people = vec![child(Role::Recipient), child(Role::Victim)];
    dossier
}

/// No time of the sender has a zone.
pub fn times_without_zone() -> Dossier {
    let mut dossier = bare();
    dossier.submission.incident.occurred = unzoned("2026-02-03T09:00:00");
    dossier.submission.people = vec![Involved {
        ip_events: vec![ip("192.0.2.10", Some("Login"), Some(unzoned("2026-02-03T08:59:00")))],
        ..Involved::nobody(Role::Reported)
    }];
    let with_upload = |position, at| {
        let mut file = open_file(position);
        let stated = file.statement.take().unwrap();
        file.statement =
            Some(FileStatement { ip_event: Some(ip("198.51.100.7", Some("Upload"), at)), ..stated });
        file
    };
    dossier.files = vec![
        with_upload(1, Some(unzoned("2026-02-03T08:58:00"))),
        with_upload(2, None),
        with_upload(3, Some(given("2026-02-03T14:00:00Z"))),
    ];
    dossier
}
