//! A report as it is filed with a court: nothing that names a child is in the public copy, whatever anybody wrote, and
//! everything is in the one under seal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{Dossier, Email, Involved, Private, Role};
use exports::Source;
use exports::court::{self, Fault, Filing, NOTE, REDACTED, SEALED};
use formats::files::AnyFiles;
use proptest::prelude::*;
use serde_json::Value;

const SAMPLES: [&str; 5] = [
    include_str!("../../formats/fixtures/dossier/bare.json"),
    include_str!("../../formats/fixtures/dossier/full.json"),
    include_str!("../../formats/fixtures/dossier/hostile.json"),
    include_str!("../../formats/fixtures/dossier/recipient-is-the-child.json"),
    include_str!("../../formats/fixtures/dossier/times-without-zone.json"),
];
const VARIABLE: &str = "CLEARINGHOUSE_TEST_STRANGERS";
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/strangers");

fn sample(at: usize) -> Dossier {
    serde_json::from_str(SAMPLES[at]).unwrap()
}

fn private(text: &str) -> Private<String> {
    text.to_owned().into()
}

/// A child of this name, as a sender reports one.
fn child(first: &str, last: &str, screen_name: &str) -> Involved {
    let mut child = Involved::nobody(Role::Victim);
    (child.person.first_name, child.person.last_name) = (Some(private(first)), Some(private(last)));
    child.screen_name = Some(private(screen_name));
    child.person.age = Some(12);
    child
}

/// A report of these people, about which this was written.
fn report(people: Vec<Involved>, story: &str) -> Dossier {
    let mut dossier = sample(0);
    dossier.submission.people = people;
    dossier.submission.additional = vec![private(story)];
    dossier
}

fn filed_with(dossier: Dossier, given: &[&str]) -> Result<Filing, Fault> {
    let dossier = dossier.keeping(|files| Box::new(files) as AnyFiles);
    let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
    court::file(&Source { dossier: &dossier, delivery: &dossier.deliveries[0], withheld: &[] }, &given)
}

fn filed(dossier: Dossier) -> Filing {
    filed_with(dossier, &[]).unwrap()
}

fn document<'a>(filing: &'a Filing, name: &str) -> &'a [u8] {
    &filing.documents.iter().find(|(found, _)| *found == name).unwrap().1
}

fn note(filing: &Filing) -> &str {
    std::str::from_utf8(document(filing, NOTE)).unwrap()
}

/// The story of the redacted report.
fn story(filing: &Filing) -> &str {
    filing.dossier.submission.additional[0].reveal()
}

fn run(program: &str, arguments: &[&str], file: &Path) -> String {
    let behind = if program == "pdftotext" { Some("-") } else { None };
    let output = Command::new(program).args(arguments).arg(file).args(behind).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Letters and digits alone, in small letters.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text without our brackets.
fn unlabelled(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        match behind.split_once(" withheld, 18 USC 3509(d)]") {
            Some((label, after)) if !label.contains(['[', ']', '\n']) => {
                out.push('|');
                rest = after;
            }
            _ => {
                out.push('[');
                rest = behind;
            }
        }
    }
    out + rest
}

/// What names the children of a report, gathered by hand: everybody but grown reported persons and those who report.
fn names(dossier: &Dossier) -> Vec<String> {
    let may_be = |one: &&Involved| {
        let is_young = one.person.age.is_some_and(|age| age < 18) || one.person.age_doubted == Some(true);
        matches!(one.role, Role::Victim | Role::Recipient) || (one.role == Role::Reported && is_young)
    };
    let mut all = Vec::new();
    for one in dossier.submission.people.iter().filter(may_be) {
        let said =
            [&one.person.first_name, &one.person.last_name, &one.screen_name, &one.account_id, &one.school];
        all.extend(said.into_iter().flatten().map(|word| word.reveal().clone()));
        all.extend(one.person.emails.iter().map(|mail| mail.address.reveal().clone()));
        all.extend(one.person.phones.iter().map(|phone| phone.number.reveal().clone()));
        all.extend(one.ip_events.iter().map(|event| event.address.reveal().clone()));
        all.extend(one.person.addresses.iter().filter_map(|at| Some(at.street.as_ref()?.reveal().clone())));
    }
    // What stands in the house's own record of whom it gave the report to stays there.
    let own = bare(&dossier.deliveries[0].agency_name);
    all.retain(|name| bare(name).len() >= 4 && name.is_ascii() && !own.contains(&bare(name)));
    all
}

fn pages(folder: &Path, filing: &Filing, name: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, document(filing, name)).unwrap();
    path
}

// PROVES: R-42
#[test]
fn nothing_that_names_a_child_is_in_the_public_copy_and_everything_is_in_the_sealed_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut named = 0;
    for at in 0..SAMPLES.len() {
        let (dossier, filing) = (sample(at), filed(sample(at)));
        let [sealed, redacted] = [SEALED, REDACTED].map(|name| pages(folder.path(), &filing, name));
        // Words as they are printed, and everything else in the file: outline, title, every other entry.
        let printed = unlabelled(&run("pdftotext", &["-raw"], &redacted).replace('\n', " "));
        let objects = unlabelled(&run("qpdf", &["--json"], &redacted));
        let whole = bare(&run("pdftotext", &["-raw"], &sealed));
        for name in names(&dossier) {
            let name = bare(&name);
            assert!(whole.contains(&name) || at == 2, "{at}: {name} is not in the sealed copy");
            for word in printed.split_whitespace().chain(objects.split_whitespace()) {
                assert!(!bare(word).contains(&name), "{at}: {name} is in the public copy: {word}");
            }
            // Also what is written with spaces in it: long enough not to come about across words by chance.
            assert!(name.len() < 8 || !bare(&printed).contains(&name), "{at}: {name} is in the public copy");
            assert!(!note(&filing).to_lowercase().contains(&name), "{at}: {name} is in the note");
            named += 1;
        }
        let shown = |path| run("pdftotext", &["-layout"], path);
        assert!(
            shown(&sealed).contains("FILED UNDER SEAL") && !shown(&redacted).contains("FILED UNDER SEAL,")
        );
        assert!(shown(&redacted).contains("REDACTED FOR THE PUBLIC RECORD"));
    }
    assert!(named > 10, "{named}");
}

#[test]
fn the_known_readers_of_pages_read_both_copies() {
    let folder = tempfile::tempdir().unwrap();
    let filing = filed(sample(1));
    let both = [SEALED, REDACTED].map(|name| pages(folder.path(), &filing, name));
    #[expect(
        clippy::disallowed_methods,
        reason = "the runner of the tests names the folder of strangers' programs"
    )]
    let strangers = std::env::var(VARIABLE).map_or_else(|_| PathBuf::from(INSTALLED), PathBuf::from);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/readers/pages.py");
    let read = Command::new(strangers.join("exports/bin/python")).arg(script).args(&both).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let read: Vec<Value> = serde_json::from_slice(&read.stdout).unwrap();
    for (read, path) in read.iter().zip(&both) {
        for reader in ["pypdf", "pdfplumber"] {
            let text = read[reader].as_str().unwrap();
            assert!(text.contains("Section A:") && text.contains("Section D:"), "{reader}");
        }
        let digests: Vec<String> = sample(1).files.iter().map(|file| file.md5.clone()).collect();
        assert_eq!(read["right"]["MD5:"], Value::from(digests));
        assert!(run("qpdf", &["--check"], path).contains("No syntax or stream encoding errors"));
        assert!(run("pdfinfo", &[], path).contains("Tagged:          yes"));
    }
    assert!(filing.documents == filed(sample(1)).documents, "the same report has the same copies");
}

// PROVES: R-42
#[test]
fn the_same_child_has_the_same_label_wherever_it_is_named() {
    let mut recipient = Involved::nobody(Role::Recipient);
    recipient.screen_name = Some(private("Lark.Vale"));
    let people = vec![recipient, child("Lark", "Vale", "lark.vale"), child("Wren", "Moss", "kestrel-7")];
    let filing = filed(report(people, "LARK knows Wr\u{e9}n M\u{f6}ss, and lark_vale99 wrote."));
    let label = |word: &str, at: u8| format!("[{word} of Child {at} withheld, 18 USC 3509(d)]");
    let [one, two, account] = [label("name", 1), label("name", 2), label("screen name", 1)];
    assert_eq!(story(&filing), format!("{one} knows {two} {two}, and {account}99 wrote."));
    let people = &filing.dossier.submission.people;
    assert_eq!(people[0].screen_name, people[1].screen_name);
    assert_eq!(people[2].screen_name.as_ref().unwrap().reveal(), &label("screen name", 2));
    assert_eq!(
        (people[1].person.age, people[1].person.last_name.as_ref().unwrap().reveal()),
        (None, &label("name", 1))
    );
}

#[test]
fn a_grown_reported_person_stays_named_and_what_a_child_shares_with_them_does_not() {
    let mut reported = Involved::nobody(Role::Reported);
    reported.person.first_name = Some(private("Ash"));
    reported.person.last_name = Some(private("Vale"));
    reported.person.age = Some(41);
    let filing = filed(report(vec![reported, child("Lark", "Vale", "lark-v")], "Ash Vale wrote to Lark."));
    assert!(story(&filing).starts_with("Ash [name of Child 1 withheld"), "{}", story(&filing));
    let person = &filing.dossier.submission.people[0].person;
    assert_eq!((person.first_name.as_ref().unwrap().reveal().as_str(), person.age), ("Ash", Some(41)));
    assert!(person.last_name.as_ref().unwrap().reveal().contains("Child 1"), "a family has the child's name");
}

#[test]
fn names_that_the_agency_gives_are_taken_out_too() {
    let filing = filed_with(report(Vec::new(), "She is called Linnet Marsh."), &["Linnet Marsh"]).unwrap();
    assert_eq!(
        story(&filing),
        "She is called [name of a child named by the agency withheld, 18 USC 3509(d)]."
    );
    assert!(note(&filing).contains("1 of the names given") && !note(&filing).contains("Linnet"));
    let many: Vec<String> = (0..=court::MOST_GIVEN).map(|at| format!("Name {at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(matches!(filed_with(sample(0), &many), Err(Fault::TooMany)));
}

// PROVES: R-42
#[test]
fn neither_copy_is_made_when_fields_that_are_drawn_together_would_name_a_child() {
    let mut dossier = report(vec![child("Annabel", "Moss", "bell-9")], "Nothing.");
    let reporter = &mut dossier.submission.reporter.person;
    (reporter.first_name, reporter.last_name) = (Some(private("Anna")), Some(private("Bel")));
    let Err(fault) = filed_with(dossier, &[]) else { panic!("it was made") };
    let said = fault.to_string();
    assert!(said.contains("the pages, behind \u{201c}Reporter:\u{201d}"), "{said}");
    assert!(!bare(&said).contains("annabel"), "{said}");
}

#[test]
fn a_child_whose_name_is_a_word_of_our_own_is_no_reason_to_refuse() {
    for word in ["Unknown", "Child", "Withheld", "Report", "name", "Yes", "USC", "a", "18"] {
        let mut dossier = sample(1);
        dossier.submission.people.push(child(word, word, word));
        let filing = filed(dossier);
        assert!(
            filing
                .dossier
                .submission
                .people
                .last()
                .unwrap()
                .screen_name
                .as_ref()
                .unwrap()
                .reveal()
                .starts_with('[')
        );
    }
}

#[test]
fn the_note_counts_what_was_withheld_and_says_why() {
    let filing = filed(report(vec![child("Lark", "Vale", "lark-v")], "Lark, lark and LARK."));
    let note = note(&filing);
    for line in [
        "    1  person.first_name: name [d, 49]. A name.",
        "    1  somebody.screen_name: screen name [d].",
        "    1  person.age: age [d].",
        "    3  submission.additional",
    ] {
        assert!(note.contains(line), "{line}\n{note}");
    }
    assert_eq!(filing.withheld["person.last_name"], 1);
}

#[test]
fn a_child_of_very_many_names_in_a_long_story_is_filed() {
    let mut many = child("Lark", "Vale", "lark-v");
    many.display_names = (0..1_000).map(|at| private(&format!("{}{at}", "ana".repeat(20)))).collect();
    let filing = filed(report(vec![many], &"ana".repeat(100_000)));
    assert_eq!(filing.withheld["somebody.display_names"], 1_000);
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z]{1,9}",
        "[ -~]{0,12}",
        any::<String>(),
        Just(String::new()),
        Just("a".to_owned()),
        Just("(.*)[".to_owned()),
        Just("[name of Child 1 withheld, 18 USC 3509(d)]".to_owned()),
    ]
}

/// A name as somebody might write it to be understood by people only.
fn disguised(name: &str, how: u8) -> String {
    match how {
        0 => name.to_uppercase(),
        1 => name.chars().map(|letter| format!("{letter}\u{200b}")).collect(),
        2 => name.chars().map(|letter| format!("{letter}.")).collect(),
        3 => name.chars().map(|letter| format!("{letter}\u{301}")).collect(),
        4 => format!("xx{name}99"),
        _ => name.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    // PROVES: R-42
    #[test]
    fn no_name_survives_in_the_public_copy_whatever_is_written_around_it(
        name in "[a-z]{4,9}", others in prop::collection::vec(hostile(), 0..4),
        around in prop::collection::vec(hostile(), 1..5), how in 0_u8..6,
    ) {
        let mut people = vec![child(&name, "", "")];
        people.extend(others.iter().map(|other| {
            let mut person = child(other, other, other);
            person.person.emails.push(Email { address: private(other), kind: None, verified: None, verified_at: None });
            person
        }));
        let story = around.join(&format!(" {} ", disguised(&name, how))) + " " + &disguised(&name, how);
        let filing = filed(report(people, &story));
        let left = unlabelled(&filing.dossier.submission.additional[0].reveal().replace(['\u{200b}', '\u{301}'], ""));
        for word in left.split_whitespace() {
            prop_assert!(!bare(word).contains(&name), "{name} in {left:?}");
        }
    }
}
