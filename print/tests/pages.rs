//! Pages as others read them: qpdf says that the file is sound, pdftotext reads out what was put in.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::path::Path;
use std::process::Command;

use print::{Attachment, Column, Cover, Document, Fit, Level, Moment, Table};

const MOMENT: Moment = Moment { year: 2026, month: 6, day: 1, hour: 12, minute: 0, second: 0 };

fn cover() -> Cover {
    Cover {
        title: "A dull document".to_owned(),
        language: "en-US".to_owned(),
        producer: "print".to_owned(),
        moment: MOMENT,
        id: "dull/1".to_owned(),
        header: "Clearinghouse".to_owned(),
        footer: "Dull, and meant to be".to_owned(),
    }
}

/// One of everything, over several pages.
fn document(rows: u32) -> Document {
    let mut document = Document::new(cover());
    document.heading(Level::One, "A dull document").unwrap();
    document.paragraph(&"Some words that go on over more than one line. ".repeat(6)).unwrap();
    document.heading(Level::Two, "Section A: Values").unwrap();
    document.field("IP Address:", "192.0.2.7", Fit::Wrap).unwrap();
    document.field("Filename:", &format!("{}.jpeg", "a-long-name-".repeat(20)), Fit::OneLine).unwrap();
    document.field("SHA-256", &"0123456789abcdef".repeat(4), Fit::Code).unwrap();
    document.field("Name", "\u{416}\u{e9}\u{3b1} \u{5d0}\u{202e}", Fit::Wrap).unwrap();
    let column = |title: &str, share, fit| Column { title: title.to_owned(), share, fit };
    let columns =
        vec![column("No.", 1, Fit::Wrap), column("Digest", 6, Fit::Code), column("Words", 3, Fit::Wrap)];
    let row = |at: u32| vec![at.to_string(), format!("{at:064x}"), "dull words of a cell".to_owned()];
    let table = Table { caption: "Things".to_owned(), columns, rows: (1..=rows).map(row).collect() };
    document.table(&table).unwrap();
    document.attach(Attachment {
        name: "dull.json".to_owned(),
        media_type: "application/json",
        says: "The same for programs".to_owned(),
        bytes: b"{\"dull\":true}".to_vec(),
    });
    document
}

fn written(rows: u32) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, document(rows).finish().unwrap()).unwrap();
    (folder, path)
}

/// What another program says about a file. `cargo xtask test` installs it where it is missing.
fn asked(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let done = Command::new(program).args(before).arg(path).args(after).output();
    let done =
        done.unwrap_or_else(|error| panic!("{program} is needed (Debian: qpdf, poppler-utils): {error}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn the_same_document_has_the_same_bytes() {
    assert_eq!(document(40).finish().unwrap(), document(40).finish().unwrap());
    assert_ne!(document(40).finish().unwrap(), document(41).finish().unwrap());
}

#[test]
fn another_program_finds_the_file_sound_and_tagged() {
    let (_folder, path) = written(200);
    let said = asked("qpdf", &["--check"], &path, &[]);
    assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    let info = asked("pdfinfo", &[], &path, &[]);
    for line in ["Tagged:          yes", "Title:           A dull document", "Encrypted:       no"] {
        assert!(info.contains(line), "{info}");
    }
    let structure = asked("pdfinfo", &["-struct"], &path, &[]);
    for tag in ["H1", "H2", "Table", "TH", "TD", "Lbl", "LBody", "Caption"] {
        assert!(structure.contains(tag), "{tag} is not in {structure}");
    }
}

#[test]
fn every_word_can_be_read_out_again() {
    let (_folder, path) = written(200);
    let text = asked("pdftotext", &["-layout"], &path, &["-"]);
    for words in [
        "A dull document",
        "192.0.2.7",
        &"0123456789abcdef".repeat(4),
        "\u{416}\u{e9}\u{3b1} <U+05D0><U+202E>",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    for at in 1..=200_u32 {
        assert!(text.contains(&format!("{at:064x}")), "row {at}");
    }
    let pages = text.matches("Page ").count();
    assert!(pages > 3 && text.contains(&format!("Page {pages} of {pages}")));
}

#[test]
fn a_value_stands_in_a_run_of_its_own_far_from_its_label() {
    let (_folder, path) = written(1);
    let boxes = asked("pdftotext", &["-bbox-layout"], &path, &["-"]);
    let left = |word: &str| -> f32 {
        let line = boxes.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
        line.split("xMin=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!((left("192.0.2.7") - left("IP") - 200.0).abs() < 1.0);
}

#[test]
fn a_long_name_is_never_broken() {
    let (_folder, path) = written(1);
    let text = asked("pdftotext", &["-raw"], &path, &["-"]);
    let line = text
        .lines()
        .find(|line| line.starts_with("a-long-name-") || line.contains("Filename: a-long"))
        .unwrap();
    assert!(line.ends_with(".jpeg") && line.contains('\u{2026}'), "{line}");
}

#[test]
fn what_is_attached_can_be_taken_out() {
    let (folder, path) = written(1);
    asked("pdfdetach", &["-saveall", "-o", folder.path().to_str().unwrap()], &path, &[]);
    assert_eq!(std::fs::read(folder.path().join("dull.json")).unwrap(), b"{\"dull\":true}");
}
