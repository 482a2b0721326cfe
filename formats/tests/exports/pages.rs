//! The report as pages, read by the programs that are known to read such pages.

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{Dossier, IpEvent, Role};
use serde_json::Value;

use crate::{csv, readers, sample, whole};

fn pdf(dossier: &Dossier) -> Vec<u8> {
    whole::pdf(dossier, &csv::withheld(dossier))
}

/// Every sample and some generated dossiers, each with its pages.
fn written(folder: &Path) -> Vec<(Dossier, PathBuf)> {
    let write = |(at, dossier): (usize, Dossier)| {
        let path = folder.join(format!("{at}.pdf"));
        std::fs::write(&path, pdf(&dossier)).unwrap();
        (dossier, path)
    };
    readers::dossiers(8).into_iter().enumerate().map(write).collect()
}

fn paths(all: &[(Dossier, PathBuf)]) -> Vec<PathBuf> {
    all.iter().map(|(_, path)| path.clone()).collect()
}

/// A stranger's words as a page shows them, without what no letter of the page stands for: there it has a code.
fn plain(text: &str) -> String {
    let mut parts = text.split("<U+");
    let first = parts.next().unwrap_or_default().to_owned();
    let coded = parts.map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
    coded.fold(first, |text, part| text + part).chars().filter(char::is_ascii_graphic).collect()
}

/// Whether a page shows this value: whole, or with its middle cut out.
fn shows(page: &str, value: &str) -> bool {
    let (page, value) = (plain(page), plain(value));
    page == value || (page.len() < value.len() + 64 && value.get(..6) == page.get(..6))
}

/// The addresses that stand under the label that readers know: those of everybody but children, and of files.
fn addresses(dossier: &Dossier) -> usize {
    let people = dossier.submission.people.iter().filter(|person| person.role != Role::Victim);
    let of_people = people.map(|person| {
        let linked: usize = person.associated.iter().map(|linked| linked.account.ip_events.len()).sum();
        person.ip_events.len() + linked
    });
    let of_files = dossier.files.iter().filter(|file| upload(file).is_some()).count();
    let of_places = dossier.submission.details.iter().map(|detail| match detail {
        domain::IncidentDetail::PeerToPeer { ip_events, .. } => ip_events.len(),
        _ => 0,
    });
    of_people.sum::<usize>() + of_files + of_places.sum::<usize>()
}

fn upload(file: &domain::DossierFile) -> Option<&IpEvent> {
    file.statement.as_ref()?.ip_event.as_ref()
}

#[test]
fn a_reader_finds_every_address_digest_and_name_to_the_right_of_its_label() {
    let folder = tempfile::tempdir().unwrap();
    let all = written(folder.path());
    let read: Vec<Value> =
        serde_json::from_str(&readers::run_with("exports", "pages.py", &paths(&all))).unwrap();
    for ((dossier, path), read) in all.iter().zip(&read) {
        let values = |label: &str| -> Vec<String> {
            read["right"][label]
                .as_array()
                .unwrap()
                .iter()
                .map(|value| value.as_str().unwrap().to_owned())
                .collect()
        };
        let digests: Vec<String> = dossier.files.iter().map(|file| file.md5.clone()).collect();
        assert_eq!(values("MD5:"), digests, "{}", path.display());
        let names = values("Filename:");
        assert_eq!(names.len(), dossier.files.len(), "{}", path.display());
        for (name, file) in names.iter().zip(&dossier.files) {
            let given = file.name().map_or("", |name| name.reveal());
            assert!(
                !name.contains('\n') && (given.trim().is_empty() || shows(name, given)),
                "{name:?} {given:?}"
            );
        }
        assert_eq!(values("IP Address:").len(), addresses(dossier), "{}", path.display());
        assert_eq!(read["pictures"], 0);
        for reader in ["pypdf", "pdfplumber"] {
            let text = read[reader].as_str().unwrap();
            assert!(text.contains("Section A:") && text.contains("Section D:"), "{reader}");
            assert!(dossier.files.iter().all(|file| text.contains(&file.md5)), "{reader}");
        }
    }
    // What a court wants kept stands where the basis does, and its words on no first page.
    let ordered = read[1]["pypdf"].as_str().unwrap();
    for words in ["Court Orders on This Report:", "27-CR-26-114", "Back to the court by 2026-12-31."] {
        assert!(ordered.contains(words), "{words}");
    }
    let section = ordered.find("Section D:").unwrap();
    assert!(ordered.find("No copies.").is_some_and(|at| at > section));
    let full = &read[1]["right"]["IP Address:"];
    for address in ["192.0.2.10", "2001:db8::10", "198.51.100.7", "203.0.113.9"] {
        assert!(full.as_array().unwrap().iter().any(|found| found == address), "{address}");
    }
}

#[test]
fn a_triage_reader_takes_every_answer_as_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let all = written(folder.path());
    let read = first_pdf(&paths(&all));
    for ((dossier, path), read) in all.iter().zip(&read) {
        assert_eq!(read["sections"], true, "{}", path.display());
        assert_eq!(read["number"], dossier.report.to_string());
        let files = read["files"].as_array().unwrap();
        assert_eq!(files.len(), dossier.files.len(), "{}", path.display());
        for (read, file) in files.iter().zip(&dossier.files) {
            assert_eq!(
                (&read["md5"], &read["sha256"]),
                (&file.md5.clone().into(), &file.sha256.clone().into())
            );
            for (found, answer) in [(&read["viewed"], file.viewed()), (&read["public"], file.public())] {
                let wanted = (answer.as_str() != "Unknown").then(|| answer.as_str());
                assert_eq!(found.as_str(), wanted, "an answer that was not given is none");
            }
        }
        let is_urgent = matches!(dossier.priority.as_str(), "immediate" | "urgent");
        assert_eq!(read["urgent"], is_urgent, "{}", path.display());
        assert_eq!(read["bundled"], dossier.submission.batched.is_some());
    }
    let full = &read[1];
    assert_eq!(full["sender"], "Harbor Chat");
    assert_eq!(full["time"], "2026-02-03T14:00:00Z");
    assert_eq!(
        (&full["country"], &full["region"], &full["city"]),
        (&"US".into(), &"MN".into(), &"Exampleville".into())
    );
    assert_eq!((&full["isp"], &full["related"][0]), (&"Example Net".into(), &"1000000".into()));
    assert_eq!(
        (&full["files"][0]["class"], &full["files"][0]["name"]),
        (&"A2".into(), &"IMG_0001.jpg".into())
    );
    assert_eq!(full["email"], "robin@mail.example");
}

pub fn first_pdf(paths: &[PathBuf]) -> Vec<Value> {
    let modules = readers::folder("reading");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/first_pdf.mjs");
    let output = Command::new("node").arg(script).arg(modules).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The library talks before it answers.
    let printed = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(printed.lines().last().unwrap()).unwrap()
}

fn text_of(dossier: &Dossier) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, pdf(dossier)).unwrap();
    let output = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().unwrap();
    assert!(output.status.success());
    let checked = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let info = Command::new("pdfinfo").arg(&path).output().unwrap();
    assert!(String::from_utf8(info.stdout).unwrap().contains("Tagged:          yes"));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_child_stands_under_its_own_heading_and_its_own_labels() {
    let text = text_of(&sample::recipient_is_the_child());
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let (before, child) = text.split_once("Child 1").unwrap();
    assert!(child.contains("victim") && child.contains("Not a suspect."));
    assert!(before.contains("intended recipient") && before.contains("also names this person as the child"));
    assert!(
        !text.contains("Screen Name:") && !text.contains("Email:"),
        "no reader takes the child for a suspect"
    );
}

#[test]
fn a_time_without_a_zone_is_never_printed_as_utc() {
    let text = text_of(&sample::times_without_zone());
    assert!(text.contains("Unknown zone; the sender wrote 2026-02-03T09:00:00"));
    assert!(!text.contains("2026-02-03T09:00:00Z"));
}

#[test]
fn the_same_report_has_the_same_pages_and_another_has_others() {
    let full = sample::full();
    assert!(pdf(&full) == pdf(&full));
    let mut other = full.clone();
    other.files[0].seen_before += 1;
    assert!(pdf(&full) != pdf(&other));
}

// PROVES: R-19
#[test]
fn exif_that_the_gate_took_out_is_not_in_the_pages() {
    let mut dossier = sample::full();
    let text = text_of(&dossier);
    assert!(text.contains("Example Camera"));
    dossier.files[0].statement.as_mut().unwrap().details.clear();
    dossier.files[0].exif_withheld = true;
    let text = text_of(&dossier);
    assert!(!text.contains("Example Camera") && text.contains("EXIF Withheld"));
}
