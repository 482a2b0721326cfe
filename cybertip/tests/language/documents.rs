//! Good documents in the shapes that real clients send, the documented rules, and what is only worth a warning.

use cybertip::{
    Profile, Rejection, file_details_to_xml, read_file_details, read_report, reference, reference_page,
    to_xml,
};
use domain::{IncidentDetail, Relevance, Role, TriState};

use crate::support::{accepted, accepted_file, good, now, refused, refused_file};

fn with_time(time: &str) -> String {
    good("minimal-report.xml").replace("2026-01-17T09:30:00Z", time)
}

fn with_annotations(marks: &str) -> String {
    let time = "    <incidentDateTime>";
    good("minimal-report.xml").replace(time, &format!("<reportAnnotations>{marks}</reportAnnotations>{time}"))
}

fn warnings(xml: &str) -> Vec<&'static str> {
    accepted(xml, Profile::Current).warnings.iter().map(|warning| warning.code).collect()
}

// PROVES: R-03 R-04 R-07
#[test]
fn the_minimal_report_is_accepted_in_every_profile() {
    for profile in Profile::ALL {
        let report = accepted(&good("minimal-report.xml"), profile).value;
        assert_eq!(report.incident.incident_type, "sex-tourism");
        assert_eq!(report.reporter.person.emails[0].address.reveal(), "safety@pebble-forum.example");
        assert!(report.people.is_empty() && report.unmodelled.is_empty());
    }
}

// PROVES: R-08
#[test]
fn every_part_of_a_rich_report_finds_its_field() {
    let read = accepted(&good("rich-report.xml"), Profile::Current);
    assert_eq!(read.warnings, []);
    let report = read.value;
    assert_eq!(report.incident.annotations, ["minorToMinorInteraction", "sextortion", "informational"]);
    assert_eq!(report.details.len(), 8);
    let IncidentDetail::Chat { content: Some(content), .. } = &report.details[3] else { panic!("a chat") };
    assert_eq!(content.reveal(), "[line one]\n[line two] <three> & four");
    let roles: Vec<Role> = report.people.iter().map(|person| person.role).collect();
    assert_eq!(roles, [Role::Reported, Role::Recipient, Role::Victim]);
    let reported = &report.people[0];
    assert_eq!(reported.prior_reports, [800_200, 800_201]);
    assert_eq!(reported.person.age_doubted, Some(true));
    assert_eq!(reported.associated[0].third_party_user, Some(true));
    assert_eq!(reported.associated[0].account.prior_reports, [800_200]);
    assert_eq!(reported.ip_events[1].at.as_ref().unwrap().text, "2025-11-24T09:00:00.487321212Z");
    assert_eq!(report.people[1].additional.len(), 2);
    assert_eq!(report.people[2].school.as_ref().unwrap().reveal(), "Imaginary School");
    assert_eq!(report.law_enforcement.as_ref().unwrap().foreign_country.as_deref(), Some("NZ"));
    assert_eq!(accepted(&to_xml(&report), Profile::Current).value, report);
}

#[test]
fn a_batched_report_stands_for_several_people() {
    let read = accepted(&good("batched-report.xml"), Profile::Strict2025_11);
    assert_eq!(read.value.batched.as_deref(), Some("VIRAL_POTENTIAL_MEME"));
    assert_eq!(read.value.people.len(), 2);
    let alone =
        good("batched-report.xml").replace("  <batchedReport reason=\"VIRAL_POTENTIAL_MEME\"/>\n", "");
    assert!(warnings(&alone).contains(&"reported-persons-several"));
}

// PROVES: R-14
#[test]
fn a_file_statement_keeps_its_three_answers_apart() {
    let file = accepted_file(&good("file-details.xml"), Profile::Strict2025_11).value;
    assert_eq!((file.viewed, file.exif_viewed, file.public), (TriState::Yes, TriState::Yes, TriState::No));
    assert_eq!(file.annotations, ["generativeAi", "viral"]);
    assert_eq!(file.details.len(), 2);
    assert_eq!(accepted_file(&file_details_to_xml(&file), Profile::Current).value, file);
    let supplemental = accepted_file(&good("supplemental-file.xml"), Profile::Current).value;
    assert_eq!(supplemental.relevance, Relevance::Supplemental);
    assert_eq!(supplemental.exif_viewed, TriState::Unknown);
}

#[test]
fn the_legacy_meme_mark_is_a_mark_and_its_no_is_kept() {
    let xml = good("supplemental-file.xml").replace("Supplemental Reported", "Reported");
    let with = |meme: &str| {
        let xml = xml
            .replace("</fileRelevance>", &format!("</fileRelevance><potentialMeme>{meme}</potentialMeme>"));
        accepted_file(&xml, Profile::Strict2025_11).value
    };
    assert_eq!(with("true").annotations, ["potentialMeme"]);
    assert!(with("0").annotations.is_empty());
    assert_eq!(with("0").unmodelled[0].path, "fileDetails/potentialMeme");
}

#[test]
fn times_are_accepted_with_any_fraction_and_zone_and_kept_exactly() {
    for time in [
        "2026-01-17T09:30:00.487321212Z",
        "2026-01-17T09:30:00.4873212129999999-05:00",
        "2026-01-17T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "  2026-01-17T09:30:00+14:00\n",
    ] {
        let read = accepted(&with_time(time), Profile::Current);
        assert_eq!(read.value.incident.occurred.text, time.trim(), "{time}");
        assert!(
            read.value.incident.occurred.instant.is_some()
                && read.warnings.iter().all(|w| w.code != "zone-missing")
        );
    }
    let without = accepted(&with_time("2026-01-17T09:30:00"), Profile::Current);
    assert!(without.value.incident.occurred.zone_unknown);
    let warning = &without.warnings[0];
    assert_eq!(
        (warning.code, warning.path.as_str()),
        ("zone-missing", "report/incidentSummary/incidentDateTime")
    );
    assert_eq!((warning.line, warning.column), (5, 23));
}

#[test]
fn an_incident_lies_in_the_past_with_five_minutes_of_grace() {
    for (time, past) in [
        ("2026-03-01T12:04:59Z", true),
        ("2026-03-01T12:05:01Z", false),
        ("2026-03-01T07:04:00-05:00", true),
        ("2026-03-02T01:00:00", true), // Somewhere on earth it is already past.
        ("2026-03-02T03:00:00", false),
        ("12026-01-01T00:00:00Z", false),
        ("-0044-03-15T12:00:00Z", true),
    ] {
        let read = read_report(with_time(time).as_bytes(), None, Profile::Strict2025_11, now());
        assert_eq!(read.is_ok(), past, "{time}");
    }
    let text = refused(with_time("2027-01-01T00:00:00Z")).description();
    assert!(text.contains("[5,62] - rule-incident-time: 'incidentDateTime' is in the past"), "{text}");
}

#[test]
fn a_mark_may_be_empty_or_true_in_any_spelling_of_true() {
    for marks in ["<spam/>", "<spam></spam>", "<spam>true</spam>", "<spam>1</spam>", "<spam> true </spam>"] {
        let report = accepted(&with_annotations(marks), Profile::Strict2025_11).value;
        assert_eq!(report.incident.annotations, ["spam"], "{marks}");
    }
}

#[test]
fn the_additions_of_2026_are_known_to_current_and_unknown_to_strict() {
    for mark in ["informational", "potentialAggravatingFactors", "instrumentalUse"] {
        let xml = with_annotations(&format!("<{mark}/>"));
        assert_eq!(accepted(&xml, Profile::Current).value.incident.annotations, [mark]);
        assert!(read_report(xml.as_bytes(), None, Profile::Strict2025_11, now()).is_err());
    }
}

#[test]
fn documented_limits_hold_in_current_warn_in_lenient_and_are_absent_from_strict() {
    let xml = good("minimal-report.xml").replace("Kim", &"🧱".repeat(101));
    assert_eq!(refused(&xml).code(), 4100);
    assert!(accepted(&xml, Profile::Lenient).warnings.iter().any(|warning| warning.code == "limit-exceeded"));
    assert!(
        accepted(&xml, Profile::Strict2025_11)
            .warnings
            .iter()
            .all(|warning| warning.code != "limit-exceeded")
    );
    let just = good("minimal-report.xml").replace("Kim", &"🧱".repeat(100));
    accepted(&just, Profile::Current);
}

#[test]
fn rules_beyond_the_schema_are_answered_with_their_names() {
    let report = good("rich-report.xml");
    let blank = report.replace("SYNTHETIC: the account proposed a meeting for tomorrow", " \n ");
    assert!(refused(blank).description().contains("rule-escalation: "));
    let url = report.replace("members/pebble-11</url>", "members/pebble 11</url>");
    assert!(refused(url).description().contains("rule-url: "));
    let file = good("file-details.xml");
    for viewed in ["<fileViewedByEsp>false</fileViewedByEsp>", ""] {
        let unviewed = file.replace("<fileViewedByEsp>true</fileViewedByEsp>", viewed);
        assert!(refused_file(unviewed).description().contains("rule-exif-viewed: "));
    }
    let supplemental = file.replace(">Reported<", ">Supplemental Reported<");
    assert!(refused_file(supplemental).description().contains("rule-supplemental: "));
    let blank_id = good("supplemental-file.xml").replace("1b2c3d4e5f60718293a4b5c6d7e8f90a", " ");
    assert!(refused_file(blank_id).description().contains("rule-file-id: "));
}

#[test]
fn ids_that_nothing_of_ours_can_have_are_named_by_their_own_codes() {
    let file = good("supplemental-file.xml");
    for number in ["0", "-5", "9007199254740992"] {
        assert_eq!(refused_file(file.replace("900202", number)), Rejection::NoSuchReport);
    }
    let foreign = refused_file(file.replace("1b2c3d4e5f60718293a4b5c6d7e8f90a", "file-1"));
    assert!(matches!(foreign, Rejection::NoSuchFile { report } if report.get() == 900_202));
    assert_eq!((foreign.code(), foreign.description()), (5002, "File does not exist".to_owned()));
}

#[test]
fn what_helps_an_investigator_but_is_missing_is_a_warning() {
    let bare = good("minimal-report.xml").replace("<email>safety@pebble-forum.example</email>", "");
    assert_eq!(warnings(&bare), ["reporter-email-missing", "internet-details-missing"]);
    let odd = good("rich-report.xml")
        .replace("<latitude>38.9<", "<latitude>-123.456<")
        .replace("<longitude>-77.04<", "<longitude>NaN<")
        .replace("198.51.100.23", "198.51.100.x")
        .replace("<screenName>pebble-12</screenName>", "<screenName/>");
    let codes = ["latitude-out-of-range", "longitude-out-of-range", "ip-address-unreadable", "text-empty"];
    assert_eq!(warnings(&odd), codes);
}

#[test]
fn the_documents_of_one_door_are_refused_at_the_other() {
    let description = refused(good("file-details.xml")).description();
    assert!(description.contains("cvc-elt.1.a: Cannot find the declaration of element 'fileDetails'."));
    let report = read_file_details(good("minimal-report.xml").as_bytes(), None, Profile::Lenient, now());
    assert_eq!(report.unwrap_err().code(), 4100);
}

#[test]
fn the_reference_page_is_that_of_the_description() {
    let committed = include_str!("../../../docs/providers/language.md");
    assert!(
        committed == reference_page(),
        "make docs/providers/language.md anew; its second paragraph says how"
    );
    assert!(reference().iter().all(|entry| !entry.says.is_empty()));
}

#[test]
fn the_schemas_that_the_oracles_loaded_are_the_ones_that_we_serve() {
    let current = include_str!("../../fixtures/xsd/current.xsd");
    let strict = include_str!("../../fixtures/xsd/strict-2025-11.xsd");
    assert!(current == cybertip::xsd(Profile::Current), "fixtures/README.md says how to renew");
    assert!(strict == cybertip::xsd(Profile::Strict2025_11));
}
