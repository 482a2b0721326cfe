//! The documented rules that no schema can say. They are looked at only when the structure is right.

use domain::{FileId, ReportId};
use jiff::{SignedDuration, Timestamp};

use super::document::{Document, ROOT};
use super::outcome::Rejection;
use super::profile::Profile;
use super::temporal::{self, FURTHEST_ZONE_MINUTES};
use super::validate::Findings;
use super::values::boolean;

/// Clients send the current instant; their clock may be a little ahead of ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Every rule, with the sentence that the reference page prints.
pub(super) const RULES: &[(&str, &str)] = &[
    ("rule-escalation", "`escalateToHighPriority` gives a reason: it is not blank."),
    (
        "rule-incident-time",
        "`incidentDateTime` is in the past; five minutes of clock difference are forgiven.",
    ),
    ("rule-url", "`url` has no white space and no control characters."),
    ("rule-exif-viewed", "`fileViewedByEsp` is true when `exifViewedByEsp` is true."),
    (
        "rule-supplemental",
        "A supplemental file has neither `industryClassification` nor a mark of a potential meme.",
    ),
    ("rule-file-id", "`fileId` is not blank."),
    ("rule-unknown-parts", "Not more than 1,000 parts are unknown (profile `lenient`)."),
];

fn complain(findings: &mut Findings, document: &Document, node: u32, rule: &str) {
    let says = RULES.iter().find(|(name, _)| *name == rule).map_or("", |(_, says)| says);
    let text = format!("{rule}: {}", says.replace('`', "'"));
    findings.complain(document, document.node(node).closed, text, None);
}

fn text<'d>(document: &'d Document, node: u32) -> &'d str {
    document.node(node).text.trim()
}

fn is_true(document: &Document, parent: u32, name: &str) -> bool {
    document.child(parent, name).is_some_and(|node| boolean(text(document, node)) == Some(true))
}

/// Holds a valid `report` against the rules.
pub(super) fn report(document: &Document, profile: Profile, now: Timestamp, findings: &mut Findings) {
    if let Some(summary) = document.child(ROOT, "incidentSummary") {
        if let Some(node) = document.child(summary, "escalateToHighPriority")
            && text(document, node).is_empty()
        {
            complain(findings, document, node, "rule-escalation");
        }
        if let Some(node) = document.child(summary, "incidentDateTime")
            && !is_past(text(document, node), now)
        {
            complain(findings, document, node, "rule-incident-time");
        }
    }
    web_addresses(document, profile, findings);
    if let Some(reporter) = document.child(ROOT, "reporter")
        && let Some(person) = document.child(reporter, "reportingPerson")
        && document.child(person, "email").is_none()
    {
        findings.warn(document, person, "reporter-email-missing", "the reporting person has no mail address");
    }
    if document.child(ROOT, "internetDetails").is_none() {
        findings.warn(
            document,
            ROOT,
            "internet-details-missing",
            "the report does not say where it happened",
        );
    }
    let reported = document.children(ROOT).filter(|node| document.is(*node, "personOrUserReported")).nth(1);
    if let Some(second) = reported
        && document.child(ROOT, "batchedReport").is_none()
    {
        let says = "several reported persons make sense only in a batched report";
        findings.warn(document, second, "reported-persons-several", says);
    }
}

/// Without a zone the time is refused only when it is in the future everywhere on earth.
fn is_past(text: &str, now: Timestamp) -> bool {
    let latest = now.checked_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX);
    let Some(moment) = temporal::parse(text, true) else { return false };
    let instant = moment.instant_at(moment.zone_minutes.unwrap_or(FURTHEST_ZONE_MINUTES));
    // No instant: beyond the years that a clock can hold, before or after.
    instant.map_or(text.starts_with('-'), |instant| instant <= latest)
}

fn web_addresses(document: &Document, profile: Profile, findings: &mut Findings) {
    let pages = document
        .children(ROOT)
        .filter(|node| document.is(*node, "internetDetails"))
        .filter_map(|details| document.child(details, "webPageIncident"));
    for page in pages {
        for url in document.children(page).filter(|node| document.is(*node, "url")) {
            let broken = |c: char| c.is_whitespace() || c.is_control();
            if !document.node(url).text.contains(broken) {
                continue;
            }
            if profile == Profile::Lenient {
                findings.warn(
                    document,
                    url,
                    "url-broken",
                    "the address has white space or control characters",
                );
            } else {
                complain(findings, document, url, "rule-url");
            }
        }
    }
}

/// Holds a valid `fileDetails` against the rules.
pub(super) fn file_details(document: &Document, findings: &mut Findings) {
    if let Some(node) = document.child(ROOT, "fileId")
        && text(document, node).is_empty()
    {
        complain(findings, document, node, "rule-file-id");
    }
    if is_true(document, ROOT, "exifViewedByEsp") && !is_true(document, ROOT, "fileViewedByEsp") {
        let node =
            document.child(ROOT, "fileViewedByEsp").or_else(|| document.child(ROOT, "exifViewedByEsp"));
        complain(findings, document, node.unwrap_or(ROOT), "rule-exif-viewed");
    }
    let relevance = document.child(ROOT, "fileRelevance");
    let supplemental = relevance.filter(|node| document.node(*node).text == "Supplemental Reported");
    let annotations = document.child(ROOT, "fileAnnotations");
    let meme = is_true(document, ROOT, "potentialMeme")
        || annotations.is_some_and(|marks| document.child(marks, "potentialMeme").is_some());
    let classified = document.child(ROOT, "industryClassification").is_some();
    if let Some(node) = supplemental
        && (meme || classified)
    {
        complain(findings, document, node, "rule-supplemental");
    }
}

/// The ids of a file statement as ids of ours.
pub(super) fn ids(document: &Document) -> Result<(ReportId, FileId), Rejection> {
    let given = |name: &str| document.child(ROOT, name).map_or("", |node| text(document, node));
    let number: Option<u64> = given("reportId").parse().ok();
    let report = number.and_then(|number| ReportId::try_from(number).ok()).ok_or(Rejection::NoSuchReport)?;
    let file = given("fileId").parse().map_err(|_| Rejection::NoSuchFile { report })?;
    Ok((report, file))
}
