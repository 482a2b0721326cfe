//! The sheets: which columns, which rows, and nothing in them that runs.

use domain::{Dossier, Role};
use formats::csv::{self, Part, Withheld};

use crate::{sample, whole};

fn sheets(dossier: &Dossier) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("ips", whole::ips(dossier)),
        ("files", whole::files(dossier)),
        ("persons", csv::persons(dossier)),
        ("selectors", whole::selectors(dossier)),
        ("withheld", whole::withheld_files(dossier, &withheld(dossier))),
    ]
}

/// What the gate would say: what no ground opens, and EXIF that the sender read but did not view.
pub fn withheld(dossier: &Dossier) -> Vec<Withheld> {
    let shut = |file: &domain::DossierFile, part, code| Withheld {
        file: file.file.clone(),
        part,
        code,
        remedy: "a ground",
    };
    let mut all = Vec::new();
    for file in &dossier.files {
        if !file.retained {
            all.push(shut(file, Part::Content, "not-retained"));
        } else if file.ground.is_none() {
            all.push(shut(file, Part::Content, "no-view-ground"));
        }
        if file.exif_withheld {
            all.push(shut(file, Part::Exif, "no-view-ground"));
        }
    }
    all
}

/// A small reader of RFC 4180, so that rows are compared as a spreadsheet sees them.
pub fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("a byte-order mark");
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quoted, letter) {
            (true, '"') if letters.peek() == Some(&'"') => cell.extend(letters.next()),
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') => assert_eq!(letters.peek(), Some(&'\n')),
            (false, '\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (_, other) => cell.push(other),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "the last row is ended");
    rows
}

fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|head| head == name).unwrap();
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn columns_of_existing_tools_come_first_and_in_their_order() {
    let ips = read(&whole::ips(&sample::bare())).remove(0);
    let wanted = [
        "IP Address",
        "Datetime",
        "ISP",
        "Source / Tip Filename",
        "Type",
        "IP",
        "Date/Time",
        "Port",
        "Event",
        "Country",
        "City",
        "Organization",
    ];
    assert_eq!(ips[..12], wanted);
    let files = read(&whole::files(&sample::bare())).remove(0);
    let wanted = [
        "Tip Filename",
        "Original Filename",
        "Event",
        "IP Address",
        "Datetime",
        "Classification",
        "Viewed by ESP?",
        "NCMEC Tags",
        "Hash",
        "Additional Information",
        "Submittal Id",
        "Sent Date",
        "E-mailed From",
        "E-mailed To",
        "Web Page Number",
        "URL",
        "Type",
        "Text",
    ];
    assert_eq!(files[..18], wanted);
}

#[test]
fn every_row_has_the_cells_of_its_header() {
    for (name, dossier) in sample::all() {
        for (sheet, bytes) in sheets(&dossier) {
            let rows = read(&bytes);
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{name} {sheet}");
        }
    }
}

#[test]
fn no_cell_of_a_hostile_report_runs_hides_or_reorders() {
    for (sheet, bytes) in sheets(&sample::hostile()) {
        for cell in read(&bytes).concat() {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{sheet}: {cell}");
            assert!(!cell.contains(['\0', '\u{202e}', '\u{200b}', '\r']), "{sheet}: {cell}");
        }
    }
}

#[test]
fn an_address_is_placed_by_any_spelling_of_it() {
    let rows = read(&whole::ips(&sample::full()));
    let at = column(&rows, "IP Address").iter().position(|address| address == "2001:db8::10").unwrap();
    assert_eq!(column(&rows, "Country")[at], "DE");
    assert_eq!(column(&rows, "Longitude")[0], "-93.27");
    assert_eq!(column(&rows, "ISP")[0], "Example Net");
    assert_eq!(column(&rows, "Table")[0], "example-places; example-places");
    assert_eq!(column(&rows, "Table Date")[0], "2026-01-01; 2026-01-01");
}

#[test]
fn a_time_without_a_zone_stays_out_of_the_time_column() {
    let rows = read(&whole::ips(&sample::times_without_zone()));
    assert_eq!(column(&rows, "Datetime"), ["", "", "", "2026-02-03T14:00:00Z"]);
    assert_eq!(column(&rows, "Time As Given")[0], "2026-02-03T08:59:00");
    assert_eq!(column(&rows, "Time Zone")[0], "Unknown");
}

#[test]
fn every_row_of_a_person_begins_with_the_role() {
    for (name, dossier) in sample::all() {
        let rows = read(&csv::persons(&dossier));
        assert_eq!(rows[0][0], "Role");
        for role in column(&rows, "Role") {
            assert!(role.parse::<Role>().is_ok(), "{name} {role}");
        }
    }
    let rows = read(&csv::persons(&sample::full()));
    assert_eq!(column(&rows, "First Name").iter().filter(|name| *name == "Linked").count(), 3);
    assert_eq!(column(&rows, "Role").last().unwrap(), "officer");
    let ips = read(&whole::ips(&sample::full()));
    assert_eq!(column(&ips, "Role")[2], "intended recipient");
    assert!(column(&ips, "Role Warning")[2].starts_with("Intended recipient: may be the child."));
}

#[test]
fn a_file_stands_beside_its_mail_and_its_page() {
    let rows = read(&whole::files(&sample::full()));
    assert_eq!(column(&rows, "E-mailed From")[0], "a@mail.example");
    assert_eq!(column(&rows, "Sent Date")[0], "3 Feb 2026");
    assert_eq!(column(&rows, "Web Page Number")[0], "2");
    assert_eq!(column(&rows, "Text")[0], "synthetic");
    assert_eq!(column(&rows, "Viewed by ESP?"), ["Yes", "No", "Unknown", "Yes"]);
    assert_eq!(column(&rows, "In Package"), ["Yes", "No", "No", "No"]);
}

// PROVES: R-17
#[test]
fn what_is_withheld_is_listed_with_its_digests_and_what_would_release_it() {
    let dossier = sample::full();
    let rows = read(&whole::withheld_files(&dossier, &withheld(&dossier)));
    assert_eq!(
        column(&rows, "Tip Filename"),
        ["1000001-2.jpg", "1000001-2.jpg", "1000001-3.jpg", "1000001-4.bin"]
    );
    assert_eq!(column(&rows, "Part")[1], "EXIF as read by the sender");
    assert_eq!(column(&rows, "Reason Code")[3], "not-retained");
    assert_eq!(column(&rows, "SHA-256")[0], dossier.files[1].sha256);
    assert!(column(&rows, "What Would Release It").iter().all(|remedy| !remedy.is_empty()));
}
