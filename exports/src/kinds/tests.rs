//! The contract of every kind, run over the published sample dossiers.

use std::collections::BTreeSet;

use domain::Dossier;
use formats::csv::{Part, Withheld};
use formats::files::{AnyFiles, Files};

use super::*;
use crate::source::Text;

const SAMPLES: [&str; 5] = [
    include_str!("../../../formats/fixtures/dossier/bare.json"),
    include_str!("../../../formats/fixtures/dossier/full.json"),
    include_str!("../../../formats/fixtures/dossier/hostile.json"),
    include_str!("../../../formats/fixtures/dossier/recipient-is-the-child.json"),
    include_str!("../../../formats/fixtures/dossier/times-without-zone.json"),
];

fn samples() -> Vec<Dossier<AnyFiles>> {
    SAMPLES.iter().map(|text| kept(serde_json::from_str(text).unwrap())).collect()
}

fn kept(dossier: Dossier) -> Dossier<AnyFiles> {
    dossier.keeping(|files| Box::new(files) as AnyFiles)
}

fn written(export: &Export, source: &Source<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    (export.write)(source, &mut bytes).unwrap();
    bytes
}

fn texts(source: &Source<'_>) -> Vec<Text> {
    let mut all = Vec::new();
    let put = put::<std::io::Error>(source, &mut |name, write| {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        all.push(Text { name: name.to_owned(), bytes });
        Ok(())
    });
    put.unwrap();
    all
}

fn withheld(dossier: &Dossier<AnyFiles>) -> Vec<Withheld> {
    let files = dossier.files.each().map(Result::unwrap);
    let shut = files.filter(|file| file.ground.is_none());
    let reason = policy::Withheld::NoGround;
    let shut = shut.map(|file| Withheld {
        file: file.file.clone(),
        part: Part::Content,
        code: reason.code(),
        remedy: reason.remedy(),
    });
    shut.collect()
}

#[test]
fn every_file_in_the_folder_has_its_line_in_the_registry() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kinds");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-"))
        .filter(|name| name != "tests")
        .collect();
    let names: BTreeSet<String> = ALL.iter().map(|export| export.name.to_owned()).collect();
    assert_eq!(files, names);
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn every_kind_writes_the_same_bytes_twice_and_never_none() {
    for dossier in samples() {
        let withheld = withheld(&dossier);
        let source = Source { dossier: &dossier, delivery: &dossier.deliveries[0], withheld: &withheld };
        for export in ALL {
            let once = written(export, &source);
            assert!(!once.is_empty() && once == written(export, &source), "{}", export.name);
        }
        assert!(texts(&source) == texts(&source));
    }
}

#[test]
fn every_kind_writes_what_its_media_type_says() {
    for dossier in samples() {
        let source = Source { dossier: &dossier, delivery: &dossier.deliveries[0], withheld: &[] };
        for export in ALL {
            let bytes = written(export, &source);
            if export.content_type == "application/pdf" {
                assert!(bytes.starts_with(b"%PDF-"));
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            match export.content_type.split(';').next().unwrap() {
                "application/json" | "application/ld+json" => {
                    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok())
                }
                "text/csv" => assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n")),
                other => assert!(other.starts_with("text/") && text.ends_with('\n'), "{other}"),
            }
        }
    }
}

#[test]
fn members_have_names_of_their_own_and_a_lone_export_names_its_report() {
    let dossier = &samples()[1];
    let report = dossier.report;
    let source = Source { dossier, delivery: &dossier.deliveries[0], withheld: &[] };
    let texts = texts(&source);
    let members: BTreeSet<&str> = texts.iter().map(|text| text.name.as_str()).collect();
    assert_eq!(members.len(), texts.len());
    // Its two mails and games without a text make no thread; a mail, a posting and a chat do.
    assert_eq!(members.iter().filter(|name| name.starts_with("chat/")).count(), 6);
    for export in ALL {
        let name = export.file_name(report);
        assert!(name.starts_with("1000001") && !name.contains('/'), "{name}");
        assert_eq!(find(export.name).unwrap().name, export.name);
    }
    assert!(find("nothing").is_none());
}

#[test]
fn the_first_page_lists_every_member() {
    let dossier = &samples()[1];
    let source = Source { dossier, delivery: &dossier.deliveries[0], withheld: &[] };
    let page = String::from_utf8(written(find("readme").unwrap(), &source)).unwrap();
    for text in texts(&source) {
        let listed = match text.name.strip_prefix("chat/") {
            Some(thread) => format!("chat/*.{}", thread.rsplit_once('.').unwrap().1),
            None => text.name,
        };
        assert!(page.contains(&format!("  {listed} ")), "{listed}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
}

#[test]
fn the_pages_come_first_and_are_the_only_pdf() {
    for dossier in samples() {
        let source = Source { dossier: &dossier, delivery: &dossier.deliveries[0], withheld: &[] };
        let names: Vec<String> = texts(&source).into_iter().map(|text| text.name).collect();
        assert_eq!(names[0], format!("{}.pdf", dossier.report));
        assert_eq!(names.iter().filter(|name| name.to_lowercase().ends_with(".pdf")).count(), 1);
    }
}
