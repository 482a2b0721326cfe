//! The lenient profile: unknown parts are kept word for word, known mistakes of clients are understood.

use cybertip::{Profile, Read, read_report};

use crate::support::{accepted, accepted_file, good, now, refused};

fn lenient(xml: &str) -> Read<domain::Submission> {
    assert_eq!(refused(xml).code(), 4100, "only the lenient profile may take it");
    accepted(xml, Profile::Lenient)
}

fn rich(from: &str, to: &str) -> Read<domain::Submission> {
    let xml = good("rich-report.xml");
    assert!(xml.contains(from));
    lenient(&xml.replacen(from, to, 1))
}

// PROVES: R-08
#[test]
fn unknown_elements_and_attributes_are_kept_word_for_word() {
    let read = rich("<agencyName>", "<unit kind=\"a &amp; b\">one<part>two</part></unit><agencyName>");
    let kept: Vec<(&str, &str)> =
        read.value.unmodelled.iter().map(|kept| (kept.path.as_str(), kept.text.reveal().as_str())).collect();
    let expected = [
        ("report/lawEnforcement/unit", "one"),
        ("report/lawEnforcement/unit/@kind", "a & b"),
        ("report/lawEnforcement/unit/part", "two"),
    ];
    assert_eq!(kept, expected);
    assert_eq!(read.warnings[0].code, "element-unknown");
    let read = rich("<firstName>Kim", "<firstName lang=\"en\">Kim");
    assert_eq!(read.value.unmodelled[0].path, "report/reporter/reportingPerson/firstName/@lang");
    assert_eq!(read.warnings[0].code, "attribute-unknown");
}

#[test]
fn an_unknown_mark_is_a_mark() {
    let read = rich("<sextortion/>", "<sextortion/><brandNew/>");
    let marks = ["minorToMinorInteraction", "sextortion", "brandNew", "informational"];
    assert_eq!(read.value.incident.annotations, marks);
    assert!(read.value.unmodelled.is_empty());
}

#[test]
fn attributes_of_an_associated_account_are_understood_where_one_client_puts_them() {
    let read = rich(
        "<associatedAccount type=\"Linked\">\n      <platform thirdPartyUser=\"true\">",
        "<associatedAccount accountType=\"Creator\" thirdPartyUser=\"false\">\n      <platform>",
    );
    let linked = &read.value.people[0].associated[0];
    assert_eq!((linked.kind.as_str(), linked.third_party_user), ("Creator", Some(false)));
    assert!(read.value.unmodelled.is_empty());
}

#[test]
fn elements_of_an_associated_account_are_understood_as_one_client_names_them() {
    let read = rich(
        "<associatedAccount type=\"Linked\">",
        "<associatedAccount><accountType>Other</accountType><accountDisplayName>N X</accountDisplayName>",
    );
    let linked = &read.value.people[0].associated[0];
    assert_eq!(linked.kind, "Other");
    assert_eq!(linked.account.display_names[0].reveal(), "N X");
    assert!(read.value.unmodelled.is_empty());
    // Its id is already said in the right place, so the second one is kept beside it.
    let read = rich(
        "<screenName>nx</screenName>",
        "<accountIdentifier>7</accountIdentifier><screenName>nx</screenName>",
    );
    assert_eq!(
        read.value.unmodelled[0].path,
        "report/personOrUserReported/associatedAccount/accountIdentifier"
    );
}

#[test]
fn the_country_of_process_is_understood_one_level_too_high() {
    let xml = good("rich-report.xml").replace(" fleaCountry=\"NZ\"", "");
    let read = lenient(&xml.replace("<lawEnforcement>", "<lawEnforcement fleaCountry=\"AU\">"));
    assert_eq!(read.value.law_enforcement.unwrap().foreign_country.as_deref(), Some("AU"));
    assert!(read.value.unmodelled.is_empty());
    // With both places filled, the wrong one is only kept.
    let read = rich("<lawEnforcement>", "<lawEnforcement fleaCountry=\"AU\">");
    assert_eq!(read.value.law_enforcement.unwrap().foreign_country.as_deref(), Some("NZ"));
    assert_eq!(read.value.unmodelled[0].text.reveal(), "AU");
}

#[test]
fn hosted_content_is_understood_as_an_element() {
    let read = rich(
        "<webPageIncident thirdPartyHostedContent=\"false\">",
        "<webPageIncident><thirdPartyHostedContent>true</thirdPartyHostedContent>",
    );
    let domain::IncidentDetail::WebPage { third_party_hosted, .. } = read.value.details[0] else {
        panic!("a page")
    };
    assert_eq!(third_party_hosted, Some(true));
}

#[test]
fn the_type_of_metadata_is_understood_on_the_pairs() {
    let xml = good("file-details.xml")
        .replace("<details type=\"EXIF\">", "<details>")
        .replace("<nameValuePair><name>M", "<nameValuePair type=\"EXIF\"><name>M");
    let read = accepted_file(&xml, Profile::Lenient);
    assert_eq!(read.value.details[0].kind.as_deref(), Some("EXIF"));
    assert!(read.value.unmodelled.is_empty());
    let mixed = accepted_file(&xml.replacen("type=\"EXIF\"", "type=\"HASH\"", 1), Profile::Lenient).value;
    assert_eq!((mixed.details[0].kind.as_deref(), mixed.unmodelled.len()), (None, 2));
}

#[test]
fn former_and_unknown_incident_types_are_let_in_with_a_warning() {
    let xml = good("minimal-report.xml");
    let former =
        lenient(&xml.replace("Child Sex Tourism", "Child Sexual Molestation (not by family member)"));
    assert_eq!(former.value.incident.incident_type, "molestation");
    let unknown = lenient(&xml.replace("Child Sex Tourism", "Something New"));
    assert_eq!(unknown.value.incident.incident_type, "Something New");
    assert_eq!(unknown.warnings[0].code, "value-unknown");
}

#[test]
fn an_empty_answer_stays_unsaid() {
    let read = rich("<compromisedAccount>false</compromisedAccount>", "<compromisedAccount/>");
    assert_eq!(read.value.people[0].compromised, None);
}

#[test]
fn order_and_closed_lists_of_consequence_hold_in_lenient_too() {
    let xml = good("rich-report.xml");
    for (from, to) in [
        (
            "<reportedToLe>true</reportedToLe>",
            "<reportedToLe>true</reportedToLe><caseNumber>late</caseNumber>",
        ),
        ("<sextortion/>", "<sextortion>false</sextortion>"),
        ("<age>41</age>", "<age>forty</age>"),
    ] {
        let bad = xml.replacen(from, to, 1);
        assert!(read_report(bad.as_bytes(), None, Profile::Lenient, now()).is_err(), "{to}");
    }
}

#[test]
fn a_flood_of_unknown_parts_is_refused() {
    let flood = "<x/>".repeat(1_001);
    let xml = good("minimal-report.xml").replace("</report>", &format!("{flood}</report>"));
    let rejection = read_report(xml.as_bytes(), None, Profile::Lenient, now()).unwrap_err();
    assert!(rejection.description().contains("rule-unknown-parts: "));
}
