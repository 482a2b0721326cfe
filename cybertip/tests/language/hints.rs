//! The plain sentence beside the validator's text, for the traps that real client teams fell into.

use std::collections::BTreeMap;

use cybertip::{Profile, read_file_details, read_report};

use crate::support::{documents, now};

/// Every bad document's hint, by its name.
fn hints() -> BTreeMap<String, String> {
    let hint = |(name, bytes): (String, Vec<u8>)| {
        let profile = if name.starts_with("strict-") { Profile::Strict2025_11 } else { Profile::Current };
        let rejection = if name.starts_with("file-") {
            read_file_details(&bytes, None, profile, now()).err()
        } else {
            read_report(&bytes, None, profile, now()).err()
        };
        let Some(rejection) = rejection else { return (name, String::new()) };
        let Some(help) = rejection.help() else { return (name, String::new()) };
        // The sentence names the line of its complaint.
        let about = rejection.complaints().iter().find(|complaint| complaint.help.is_some()).unwrap();
        let says = help.strip_prefix(&format!("Line {}: ", about.line)).unwrap_or("no line").to_owned();
        (name, says)
    };
    documents("bad").into_iter().map(hint).collect()
}

#[test]
fn known_traps_are_explained_in_plain_words() {
    let hints = hints();
    for (name, says) in [
        (
            "file-two-ip-events",
            "`ipCaptureEvent` may stand only once in `fileDetails` and this is another one: the order is not the problem, leave one out.",
        ),
        (
            "file-ip-event-before-classification",
            "The order in `fileDetails` is fixed: `industryClassification` must stand before `ipCaptureEvent`.",
        ),
        ("file-meme-and-annotations", "Write either `potentialMeme` or `fileAnnotations`, not both."),
        ("file-type-on-pairs", "Write `type` on `details`, once, not on each pair."),
        (
            "escalation-last-as-in-2016",
            "The order in `incidentSummary` is fixed: `escalateToHighPriority` must stand before `incidentDateTime`.",
        ),
        (
            "incident-type-misspelt",
            "Did you mean 'Online Enticement of Children for Sexual Acts'? Values are compared letter by letter.",
        ),
        ("incident-type-former", "This value has a new wording: 'Child Sexual Molestation'."),
        ("annotation-false", "A mark can only be set: leave `sextortion` out to say no."),
        (
            "internet-details-with-two-places",
            "`internetDetails` holds exactly one place where it happened: write one `internetDetails` for each of them.",
        ),
        (
            "hosted-content-as-an-element",
            "`thirdPartyHostedContent` is an attribute of `webPageIncident`, not an element.",
        ),
        (
            "prior-report-singular",
            "`personOrUserReported` does not know `priorCTReport`. Did you mean `priorCTReports`?",
        ),
        ("element-case-wrong", "`person` does not know `firstname`. Did you mean `firstName`?"),
        ("victim-has-a-vehicle", "`vehicleDescription` belongs in `personOrUserReported`, not in `victim`."),
        (
            "country-of-process-on-law-enforcement",
            "`fleaCountry` is an attribute of `servedLegalProcessInternational`, not of `lawEnforcement`.",
        ),
        ("associated-account-with-other-attributes", "The attribute is called `type`."),
        (
            "associated-account-without-type",
            "Add the attribute `type` to `associatedAccount`; it is one of: Billing, Linked, Business, Creator, Parent/Guardian, Other.",
        ),
        (
            "reporter-missing-before-person",
            "`reporter` is required in `report` and must stand before `personOrUserReported`.",
        ),
        ("incident-time-missing", "`incidentSummary` lacks `incidentDateTime`."),
        (
            "strict-annotation-of-2026",
            "`informational` was added in 2026; this endpoint enforces the schema of November 2025.",
        ),
        ("root-namespaced", "The language has no namespace: leave the xmlns declaration and the prefix out."),
        ("time-with-a-space", "Write a time as 2026-02-03T14:05:00Z, or with an offset such as -05:00."),
        ("country-lower-case", "Did you mean 'US'? Values are compared letter by letter."),
    ] {
        assert_eq!(hints[name], says, "{name}");
    }
}

// PROVES: R-08
#[test]
fn a_time_without_a_zone_is_taken_and_its_sender_is_told() {
    let xml = crate::support::good("rich-report.xml").replace("09:30:00.125-05:00", "09:30:00");
    let read = read_report(xml.as_bytes(), None, Profile::Current, now()).unwrap();
    let odd = read.warnings.iter().find(|odd| odd.code == "zone-missing").unwrap();
    assert_eq!(odd.path, "report/incidentSummary/incidentDateTime");
    let line = xml.lines().position(|line| line.contains("<incidentDateTime>")).unwrap() + 1;
    assert_eq!(odd.line as usize, line);
    assert_eq!(odd.says, "the time has no zone: add Z or an offset, the moment is unknown otherwise");
}

#[test]
fn nearly_every_bad_document_comes_with_a_hint() {
    let hints = hints();
    let without: Vec<&String> =
        hints.iter().filter(|(_, says)| says.is_empty()).map(|(name, _)| name).collect();
    assert!(without.len() * 4 < hints.len(), "{without:?}");
}
