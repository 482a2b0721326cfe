//! From a report to the counts that quality rules judge. Pure, and from nothing but what the sender said, so that the
//! answer to a finish and the judgement of a worker are the same number.

use std::net::IpAddr;

use domain::{
    Email, FileStatement, IncidentDetail, IncidentType, Involved, IpEvent, Private, Relevance, Role,
    Submission, TriState,
};
use jiff::{SignedDuration, Timestamp};
use policy::QualityFacts;

use super::payment;
use crate::facts::Said;
use domain::people;

/// An address seen this long before or after an upload tells something about it.
const NEAR: SignedDuration = SignedDuration::from_hours(24);
/// A reason for haste is at least so many words.
const FEWEST_WORDS: usize = 3;

/// What is known of a report and its files, each with what its sender said of it.
pub(crate) fn facts(at: Timestamp, submission: &Submission, files: &[Said<'_>]) -> QualityFacts {
    let mut facts = QualityFacts { at, ..QualityFacts::default() };
    incident(submission, files, &mut facts);
    contact(submission, &mut facts);
    people(submission, &mut facts);
    events(submission, files, &mut facts);
    self::files(submission, files, &mut facts);
    payment::count(submission, files, &mut facts);
    facts
}

fn incident(submission: &Submission, files: &[Said<'_>], facts: &mut QualityFacts) {
    let incident = &submission.incident;
    let kind = IncidentType::find(&incident.incident_type);
    facts.approaches_a_child = one(kind.is_some_and(|kind| kind.approaches_a_child));
    facts.incident_time_unexplained = one(incident.occurred_means.as_deref().is_none_or(is_blank));
    facts.incident_time_without_zone = one(incident.occurred.zone_unknown);
    facts.without_place = one(submission.details.is_empty());
    facts.without_description = one(!is_described(submission, files));
    let supplemental = |file: &&FileStatement| file.relevance == Relevance::Supplemental;
    let spoken = submission.details.iter().filter_map(conversation).any(is_said);
    facts.without_conversation = one(!spoken && !files.iter().flatten().any(supplemental));
    if let Some(reason) = &incident.escalation {
        facts.escalations = 1;
        let words = reason.reveal().split_whitespace().count();
        facts.escalations_without_reason = one(words < FEWEST_WORDS);
    }
}

fn is_described(submission: &Submission, files: &[Said<'_>]) -> bool {
    let people = submission.people.iter().flat_map(|person| &person.additional);
    let files = files.iter().flatten().flat_map(|file| &file.additional);
    let details = submission.details.iter();
    let details = details.flat_map(|detail| [conversation(detail), free_text(detail)]).flatten();
    let escalation = submission.incident.escalation.as_ref();
    submission.additional.iter().chain(people).chain(files).chain(details).chain(escalation).any(is_said)
}

/// What was written or said at one place.
pub(super) fn conversation(detail: &IncidentDetail) -> Option<&Private<String>> {
    match detail {
        IncidentDetail::Email { content, .. }
        | IncidentDetail::Newsgroup { content, .. }
        | IncidentDetail::Chat { content, .. }
        | IncidentDetail::Gaming { content, .. } => content.as_ref(),
        IncidentDetail::WebPage { .. }
        | IncidentDetail::CellPhone { .. }
        | IncidentDetail::Elsewhere { .. }
        | IncidentDetail::PeerToPeer { .. } => None,
    }
}

pub(super) fn free_text(detail: &IncidentDetail) -> Option<&Private<String>> {
    match detail {
        IncidentDetail::WebPage { additional, .. }
        | IncidentDetail::Email { additional, .. }
        | IncidentDetail::Newsgroup { additional, .. }
        | IncidentDetail::Chat { additional, .. }
        | IncidentDetail::Gaming { additional, .. }
        | IncidentDetail::CellPhone { additional, .. }
        | IncidentDetail::Elsewhere { additional, .. }
        | IncidentDetail::PeerToPeer { additional, .. } => additional.as_ref(),
    }
}

/// Law enforcement writes to the contact where there is one, else to whoever reports.
fn contact(submission: &Submission, facts: &mut QualityFacts) {
    let reporter = &submission.reporter;
    let contact = reporter.contact.as_ref().map_or(&[][..], |contact| &contact.emails);
    let mailboxes: &[Email] = if contact.is_empty() { &reporter.person.emails } else { contact };
    facts.without_contact_mailbox = one(mailboxes.is_empty());
    facts.contact_mailboxes = one(!mailboxes.is_empty());
    facts.contact_in_person =
        one(!mailboxes.iter().any(|mail| policy::quality::is_of_a_role(mail.address.reveal())));
}

fn people(submission: &Submission, facts: &mut QualityFacts) {
    let reported: Vec<&Involved> =
        submission.people.iter().filter(|person| person.role == Role::Reported).collect();
    let lacking =
        |is_missing: fn(&Involved) -> bool| count(reported.iter().filter(|one| is_missing(one)).count());
    facts.without_reported_person = one(reported.is_empty());
    facts.reported_people = count(reported.len());
    facts.people_without_contact = lacking(|one| {
        one.person.emails.is_empty() && one.person.phones.is_empty() && one.screen_name.is_none()
    });
    facts.people_without_account_id = lacking(|one| one.account_id.is_none());
    facts.people_without_address = lacking(|one| one.ip_events.is_empty());
    let mails = reported.iter().flat_map(|one| one.person.emails.iter().map(|mail| mail.verified));
    let phones = reported.iter().flat_map(|one| one.person.phones.iter().map(|phone| phone.verified));
    let verified: Vec<Option<bool>> = mails.chain(phones).collect();
    facts.contact_points = count(verified.len());
    facts.contact_points_unverified = count(verified.iter().filter(|answer| answer.is_none()).count());
}

fn events(submission: &Submission, files: &[Said<'_>], facts: &mut QualityFacts) {
    for (_, event) in people::ip_events(submission, files.iter().flatten().copied()) {
        facts.address_events += 1;
        facts.events_without_time += one(event.at.is_none());
        facts.events_without_zone += one(event.at.as_ref().is_some_and(|at| at.zone_unknown));
        facts.events_without_name += one(event.event.as_deref().is_none_or(|name| name == "Unknown"));
        facts.shared_addresses += one(is_shared(event));
        facts.shared_addresses_without_port += one(is_shared(event) && event.port.is_none());
    }
}

/// Behind an address of the old kind there may be many people at once: translation, relays, carriers.
fn is_shared(event: &IpEvent) -> bool {
    let address: Option<IpAddr> = event.address.reveal().trim().parse().ok();
    address.is_some_and(|address| address.to_canonical().is_ipv4())
}

fn files(submission: &Submission, files: &[Said<'_>], facts: &mut QualityFacts) {
    let seen: Vec<Timestamp> = submission
        .people
        .iter()
        .filter(|person| person.role == Role::Reported)
        .flat_map(|person| &person.ip_events)
        .filter_map(|event| event.at.as_ref()?.instant)
        .collect();
    for file in files {
        facts.files += 1;
        facts.files_without_details += one(file.is_none());
        facts.files_with_unknown_view += one(file.is_none_or(|file| file.viewed == TriState::Unknown));
        // A file of which nothing is said is a reported file: that is what an absent answer means.
        if file.is_none_or(|file| file.relevance == Relevance::Reported) {
            reported_file(*file, submission, &seen, facts);
        }
    }
}

fn reported_file(file: Said<'_>, submission: &Submission, seen: &[Timestamp], facts: &mut QualityFacts) {
    let uploaded = file.and_then(|file| file.uploaded_at.as_ref());
    let moment = uploaded.map_or(submission.incident.occurred.instant, |at| at.instant);
    let near = |at: Timestamp| seen.iter().any(|seen| at.duration_since(*seen).abs() <= NEAR);
    let own = file.is_some_and(|file| file.ip_event.is_some());
    facts.reported_files += 1;
    facts.files_without_upload_address += one(!own);
    facts.files_without_address_nearby += one(!own && !moment.is_some_and(near));
    facts.files_without_upload_time += one(uploaded.is_none());
    facts.files_without_original_hash += one(file.is_none_or(|file| file.original_hashes.is_empty()));
    facts.files_with_unknown_reach += one(file.is_none_or(|file| file.public == TriState::Unknown));
}

fn is_said(text: &Private<String>) -> bool {
    !is_blank(text.reveal())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn one(holds: bool) -> i64 {
    i64::from(holds)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use domain::{FileId, GivenTime, OriginalHash, ReportId};
    use policy::{RuleSet, quality};

    fn statement() -> FileStatement {
        FileStatement::about(ReportId::try_from(7).unwrap(), FileId::from_random([0xab; 16]))
    }

    fn whole() -> FileStatement {
        FileStatement {
            uploaded_at: Some(sample::moment("2026-11-19T07:00:00Z")),
            viewed: TriState::Yes,
            public: TriState::No,
            ip_event: Some(sample::ip_event("192.0.2.7", "Upload", "2026-11-19T07:00:00Z")),
            original_hashes: vec![OriginalHash {
                kind: "MD5".to_owned(),
                value: Private::new("0".repeat(32)),
            }],
            ..statement()
        }
    }

    fn counted(submission: &Submission, files: &[Said<'_>]) -> QualityFacts {
        facts("2026-11-24T12:00:00Z".parse().unwrap(), submission, files)
    }

    fn lacks(facts: &QualityFacts) -> Vec<String> {
        let judged = quality::judge(facts, RuleSet::embedded().quality());
        judged.lacks.into_iter().map(|lack| lack.rule).collect()
    }

    #[test]
    fn the_upload_address_is_missed_file_by_file() {
        let (whole, bare) = (whole(), statement());
        let facts = counted(&sample::submission(), &[Some(&whole), Some(&bare), None]);
        assert_eq!((facts.files, facts.reported_files, facts.files_without_upload_address), (3, 3, 2));
        assert_eq!((facts.files_without_details, facts.files_with_unknown_view), (1, 2));
        assert!(lacks(&facts).contains(&"upload-address-missing".to_owned()));
        assert_eq!(counted(&sample::submission(), &[Some(&whole)]).files_without_upload_address, 0);
    }

    #[test]
    fn a_supplemental_file_owes_no_upload_address_but_an_answer_about_viewing() {
        let chat = FileStatement { relevance: Relevance::Supplemental, ..statement() };
        let facts = counted(&sample::submission(), &[Some(&chat)]);
        assert_eq!(
            (facts.reported_files, facts.files_with_unknown_view, facts.without_conversation),
            (0, 1, 0)
        );
    }

    #[test]
    fn an_address_of_the_account_counts_within_a_day_of_the_upload_and_not_beyond() {
        let at = |text: &str| FileStatement { uploaded_at: Some(sample::moment(text)), ..statement() };
        // The sample's account was seen on 2026-11-19 at eight.
        for (text, missed) in
            [("2026-11-20T08:00:00Z", 0), ("2026-11-20T08:00:01Z", 1), ("2026-11-18T07:59:59Z", 1)]
        {
            let facts = counted(&sample::submission(), &[Some(&at(text))]);
            assert_eq!(facts.files_without_address_nearby, missed, "{text}");
        }
    }

    #[test]
    fn a_port_is_asked_of_an_address_of_the_old_kind_only() {
        let mut submission = sample::submission();
        let event = |address: &str| IpEvent {
            port: None,
            ..sample::ip_event(address, "Login", "2026-11-19T08:00:00Z")
        };
        submission.people[0].ip_events =
            ["192.0.2.9", "2001:db8::9", "::ffff:192.0.2.9", "not an address"].map(event).to_vec();
        let facts = counted(&submission, &[]);
        assert_eq!(
            (facts.address_events, facts.shared_addresses, facts.shared_addresses_without_port),
            (4, 2, 2)
        );
    }

    #[test]
    fn a_time_without_zone_and_a_time_that_nobody_gave_are_two_things() {
        let mut submission = sample::submission();
        let unzoned = GivenTime { text: "2026-11-19T08:00:00".to_owned(), instant: None, zone_unknown: true };
        submission.people[0].ip_events = [Some(unzoned.clone()), None]
            .map(|at| IpEvent { at, ..sample::ip_event("2001:db8::9", "Login", "2026-11-19T08:00:00Z") })
            .to_vec();
        submission.incident.occurred = unzoned;
        let facts = counted(&submission, &[]);
        assert_eq!((facts.events_without_zone, facts.events_without_time), (1, 1));
        assert_eq!((facts.incident_time_without_zone, facts.incident_time_unexplained), (1, 1));
    }

    #[test]
    fn haste_needs_a_sentence_that_says_why() {
        let mut submission = sample::submission();
        for (reason, missing) in [("yes", 1), ("she is in danger now", 0)] {
            submission.incident.escalation = Some(Private::new(reason.to_owned()));
            assert_eq!(counted(&submission, &[]).escalations_without_reason, missing, "{reason}");
        }
        assert_eq!(counted(&sample::submission(), &[]).escalations, 0);
    }

    #[test]
    fn what_is_on_purpose_not_said_about_nobody_lacks_only_the_body() {
        let facts = counted(&sample::bare(), &[]);
        assert_eq!((facts.without_reported_person, facts.people_without_contact), (1, 0));
        let lacks = lacks(&facts);
        assert!(lacks.contains(&"nobody-reported".to_owned()), "{lacks:?}");
        for silent in ["person-without-contact", "conversation-missing", "contact-in-person"] {
            assert!(!lacks.contains(&silent.to_owned()), "{silent}: {lacks:?}");
        }
    }
}
