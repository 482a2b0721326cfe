//! How to read a sender's report: its approved words where there are some, and the right questions where not.

use crate::sample;

fn page(dossier: &domain::Dossier) -> String {
    String::from_utf8(formats::sender_notes(dossier)).unwrap()
}

#[test]
fn the_version_that_was_in_force_is_told_with_every_field() {
    let page = page(&sample::full());
    for words in [
        "version 2, approved by the clearinghouse 2026-01-20",
        "> A trained reviewer opened the file.\n> For video",
        "- Login: Start of a session",
        "Log-ins for ninety days.",
        "legal@harbor.example",
        "until 2028-02-03; purpose: prevent-online-child-sexual-exploitation",
        "NIST CSF 2.0",
        "No ports before 2026.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_sender_without_a_profile_leaves_the_questions_that_an_officer_must_ask() {
    let page = page(&sample::bare());
    assert!(page.contains("none was approved") && page.contains("Which moment is the incident time"));
}

#[test]
fn a_hostile_profile_stays_on_its_lines() {
    let dossier = sample::hostile();
    let page = page(&dossier);
    assert!(!page.contains(['\0', '\u{202e}', '\u{200b}', '\r']));
    let headings = page.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings, self::page(&sample::full()).lines().filter(|line| line.starts_with('#')).count());
}
