//! From a report to the flat facts that triage and routing judge. Pure: counts, answers and words of closed lists.

use domain::{
    FileStatement, IncidentType, Involved, LawEnforcement, Priority, Relevance, Role, Selector, SelectorKind,
    Submission, TriState,
};
use jiff::Timestamp;
use policy::{PlaceEvidence, RoutingFacts, TriageFacts};

/// Annotations and answers of one file, as far as facts go.
pub(crate) type Said<'a> = Option<&'a FileStatement>;

/// Legacy and present spelling of the mark of a meme.
const MEME: &str = "potentialMeme";

/// True when the report must overtake others from the moment it is finished.
pub(crate) fn is_urgent(submission: &Submission) -> bool {
    submission.incident.escalation.is_some()
}

/// What triage judges.
pub(crate) fn triage(
    at: Timestamp,
    submission: &Submission,
    files: &[Said<'_>],
    selectors: &[Selector],
    evidence: &[PlaceEvidence],
    related_reports: usize,
) -> TriageFacts {
    let kind = IncidentType::find(&submission.incident.incident_type);
    let reported: Vec<&FileStatement> =
        files.iter().flatten().copied().filter(|file| file.relevance == Relevance::Reported).collect();
    // A file of which nothing is said is a reported file: that is what an absent answer means.
    let reported_files = reported.len() + files.iter().filter(|file| file.is_none()).count();
    let memes = reported.iter().filter(|file| file.annotations.iter().any(|a| a == MEME)).count();
    let people = |role: Role| submission.people.iter().filter(move |one| one.role == role);
    let youngest = |role: Role| people(role).filter_map(|one| one.person.age).min();
    let viewed = |answer: TriState| files.iter().filter(|file| view(**file) == answer).count();
    TriageFacts {
        at,
        incident_type: Some(submission.incident.incident_type.clone()),
        approaches_a_child: kind.is_some_and(|kind| kind.approaches_a_child),
        concerns_depictions: kind.is_some_and(|kind| kind.concerns_depictions),
        escalated: submission.incident.escalation.is_some(),
        // No field of the provider API says so; the doors that have one set it.
        planned_or_imminent: false,
        batched: submission.batched.is_some(),
        report_annotations: submission.incident.annotations.clone(),
        file_annotations: distinct(reported.iter().flat_map(|file| file.annotations.iter())),
        classifications: distinct(reported.iter().filter_map(|file| file.classification.as_ref())),
        victim_present: people(Role::Victim).next().is_some(),
        youngest_victim_age: youngest(Role::Victim),
        youngest_recipient_age: youngest(Role::Recipient),
        youngest_reported_age: youngest(Role::Reported),
        account_compromised: people(Role::Reported).any(|one: &Involved| one.compromised == Some(true)),
        law_enforcement_involved: submission.law_enforcement.is_some(),
        files: count(files.len()),
        reported_files: count(reported_files),
        viewed_files: count(viewed(TriState::Yes)),
        files_with_unknown_view: count(viewed(TriState::Unknown)),
        meme_files: count(memes),
        only_memes: memes > 0 && memes == reported_files,
        // A file's digest names the file; it identifies nobody.
        selectors: count(selectors.iter().filter(|s| s.kind != SelectorKind::FileHash).count()),
        places: count(evidence.len()),
        related_reports: count(related_reports),
        prior_reports: count(submission.people.iter().map(|one| one.prior_reports.len()).sum()),
    }
}

/// What routing judges.
pub(crate) fn routing(
    at: Timestamp,
    submission: &Submission,
    priority: Priority,
    evidence: Vec<PlaceEvidence>,
) -> RoutingFacts {
    let kind = IncidentType::find(&submission.incident.incident_type);
    let law_enforcement = submission.law_enforcement.as_ref();
    RoutingFacts {
        at,
        priority: Some(priority),
        incident_type: Some(submission.incident.incident_type.clone()),
        statutory_area: kind.map(|kind| kind.statutory_area.clone()),
        approaches_a_child: kind.is_some_and(|kind| kind.approaches_a_child),
        report_annotations: submission.incident.annotations.clone(),
        natures: natures(submission),
        named_agency: law_enforcement.map(|le| le.agency.clone()),
        process_country: law_enforcement.and_then(process_country),
        evidence,
    }
}

/// What the matter is like, where a field of the report tells it for certain. People add the rest.
fn natures(submission: &Submission) -> Vec<String> {
    let emails = submission.people.iter().flat_map(|one| &one.person.emails);
    let hosts: Vec<String> = emails
        .filter_map(|email| {
            email.address.reveal().rsplit_once('@').map(|(_, host)| host.trim().to_ascii_lowercase())
        })
        .collect();
    let branches = [
        ("army.mil", "military-army"),
        ("navy.mil", "military-navy"),
        ("usmc.mil", "military-navy"),
        ("af.mil", "military-air-force"),
        ("spaceforce.mil", "military-air-force"),
        ("uscg.mil", "military-coast-guard"),
    ];
    let within = |host: &str, domain: &str| {
        host == domain || host.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))
    };
    let mut natures: Vec<String> = branches
        .iter()
        .filter(|(domain, _)| hosts.iter().any(|host| within(host, domain)))
        .map(|(_, nature)| (*nature).to_owned())
        .collect();
    natures.dedup();
    natures
}

fn process_country(said: &LawEnforcement) -> Option<String> {
    said.foreign_country.clone().filter(|country| said.foreign_process == Some(true) && !country.is_empty())
}

fn view(file: Said<'_>) -> TriState {
    file.map_or(TriState::Unknown, |statement| statement.viewed)
}

fn distinct<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = words.cloned().collect();
    all.sort();
    all.dedup();
    all
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use domain::{FileId, Private, ReportId};
    use policy::{RuleSet, triage as judge};

    fn at() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn statement(viewed: TriState, annotations: &[&str]) -> FileStatement {
        FileStatement {
            viewed,
            annotations: annotations.iter().map(|a| (*a).to_owned()).collect(),
            ..FileStatement::about(ReportId::try_from(7).unwrap(), FileId::from_random([0xab; 16]))
        }
    }

    #[test]
    fn the_sample_is_urgent_because_of_the_sextortion_and_the_young_child() {
        let submission = sample::submission();
        let facts = triage(at(), &submission, &[], &[], &[], 0);
        let verdict = judge::decide(&facts, RuleSet::embedded().triage());
        assert_eq!(verdict.priority, Priority::Urgent);
        let rules: Vec<&str> = verdict.reasons.iter().map(|r| r.rule.as_str()).collect();
        assert!(rules.contains(&"sextortion") && rules.contains(&"young-child-approached"), "{rules:?}");
    }

    // PROVES: R-27
    #[test]
    fn an_escalated_enticement_is_immediate() {
        let mut submission = sample::submission();
        submission.incident.escalation = Some(Private::new("she is on her way".to_owned()));
        assert!(is_urgent(&submission));
        let facts = triage(at(), &submission, &[], &[], &[], 0);
        assert_eq!(judge::decide(&facts, RuleSet::embedded().triage()).priority, Priority::Immediate);
    }

    // PROVES: R-14
    #[test]
    fn a_file_of_which_nothing_is_said_counts_as_reported_and_not_viewed() {
        let meme = statement(TriState::Yes, &["potentialMeme"]);
        let facts = triage(at(), &sample::bare(), &[Some(&meme), None], &[], &[], 0);
        assert_eq!((facts.reported_files, facts.viewed_files, facts.files_with_unknown_view), (2, 1, 1));
        assert!(!facts.only_memes);
        let facts = triage(at(), &sample::bare(), &[Some(&meme)], &[], &[], 0);
        assert!(facts.only_memes);
    }

    #[test]
    fn a_military_address_names_its_branch_and_a_look_alike_does_not() {
        let mut submission = sample::submission();
        let mut write = |address: &str| {
            submission.people[0].person.emails[0].address = Private::new(address.to_owned());
            natures(&submission)
        };
        assert_eq!(write("x@mail.navy.mil"), ["military-navy"]);
        assert_eq!(write("x@notnavy.mil.example"), Vec::<String>::new());
        assert_eq!(write("x@fakenavy.mil"), Vec::<String>::new());
    }
}
