//! The package: nothing withheld in it, everything listed in it, and any change of it found.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use domain::{Dossier, DossierFile, Purpose};
use formats::csv::Withheld;
use formats::package::{self, Contents, Fault, Line, MANIFEST, Plan, SIGNATURE};
use ledger::{NoteSigner, VerifierKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::signer::signer;
use crate::whole;
use crate::{csv, generated, readers, sample};

fn texts(dossier: &Dossier, withheld: &[Withheld]) -> Vec<(String, Vec<u8>)> {
    let text = |name: &str, bytes| (name.to_owned(), bytes);
    let lines = [Line { name: "ips.csv".to_owned(), about: "addresses" }];
    let delivery = &dossier.deliveries[0];
    vec![
        text(&format!("{}.json", dossier.report), whole::le_download(dossier)),
        text("report-full.json", whole::report_full(dossier)),
        text("ips.csv", whole::ips(dossier)),
        text("files.csv", whole::files(dossier)),
        text("persons.csv", formats::csv::persons(dossier)),
        text("withheld-files.csv", whole::withheld_files(dossier, withheld)),
        text("preservation.md", package::preservation(dossier)),
        text("README.txt", package::readme(dossier, delivery, &lines, withheld)),
    ]
}

fn contents<'a>(dossier: &'a Dossier, withheld: &'a [Withheld]) -> Contents<'a, Vec<DossierFile>> {
    Contents {
        dossier,
        delivery: &dossier.deliveries[0],
        purpose: Purpose::Investigation,
        software: "clearinghouse 0.1.0",
        withheld,
    }
}

/// The plan, and the archive as far as it goes.
fn plan(dossier: &Dossier) -> (Plan, Vec<u8>) {
    let (withheld, mut out) = (csv::withheld(dossier), Vec::new());
    let plan = Plan::new(&contents(dossier, &withheld), &mut out, &signer(), |all| {
        let texts = texts(dossier, &withheld);
        texts.iter().try_for_each(|(name, bytes)| all.put(name, |out| out.write_all(bytes)))
    });
    (plan.unwrap(), out)
}

/// The whole archive, its files pushed in pieces of this size.
fn archive(dossier: &Dossier, piece: usize) -> Vec<u8> {
    let (plan, mut out) = plan(dossier);
    let mut writer = plan.begin();
    while let Some(id) = writer.next_file().unwrap() {
        let file = dossier.files.iter().find(|file| file.file == id).unwrap();
        for piece in sample::bytes(file.position).chunks(piece) {
            writer.push(piece).unwrap();
            out.extend(writer.take());
        }
    }
    out.extend(writer.finish().unwrap());
    out
}

/// What an archive holds, or nothing when it is no archive.
fn members(archive: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).ok()?;
    let mut all = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).ok()?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).ok()?;
        all.push((entry.name().ok()?.into_owned(), bytes));
    }
    Some(all)
}

fn member(archive: &[u8], name: &str) -> Vec<u8> {
    members(archive).unwrap().into_iter().find(|(found, _)| found == name).unwrap().1
}

fn manifest(archive: &[u8]) -> Value {
    serde_json::from_slice(&member(archive, MANIFEST)).unwrap()
}

/// What a careful reader does: the signature, then every member, then nothing but them.
fn holds(dossier: &Dossier, archive: &[u8]) -> bool {
    let Some(members) = members(archive) else { return false };
    let find =
        |name: &str| members.iter().find(|(found, _)| found == name).map(|(_, bytes)| bytes.as_slice());
    let (Some(manifest), Some(note)) = (find(MANIFEST), find(SIGNATURE)) else { return false };
    let Ok(note) = std::str::from_utf8(note) else { return false };
    if package::check(dossier.report, manifest, note, signer().key()).is_err() {
        return false;
    }
    let manifest: Value = serde_json::from_slice(manifest).unwrap();
    let listed = manifest["members"].as_array().unwrap();
    let good = |entry: &Value| {
        let bytes = find(entry["name"].as_str().unwrap());
        bytes.is_some_and(|bytes| entry["sha256"] == seal::hex(&seal::sha256(bytes)).as_str())
    };
    listed.len() + 2 == members.len() && listed.iter().all(good)
}

#[test]
fn the_same_dossier_gives_the_same_archive_however_its_files_arrive() {
    for (_, dossier) in sample::all() {
        let once = archive(&dossier, 7);
        assert!(once == archive(&dossier, 4096));
        assert!(holds(&dossier, &once));
    }
}

// PROVES: R-22
#[test]
fn the_manifest_lists_every_member_and_every_withheld_file() {
    let dossier = sample::full();
    let archive = archive(&dossier, 64);
    let manifest = manifest(&archive);
    let names: BTreeSet<String> = members(&archive).unwrap().into_iter().map(|(name, _)| name).collect();
    let listed = manifest["members"].as_array().unwrap().iter();
    let listed = listed.map(|member| member["name"].as_str().unwrap().to_owned());
    let wanted: BTreeSet<String> = listed.chain([MANIFEST, SIGNATURE].map(str::to_owned)).collect();
    assert_eq!(names, wanted);
    let with_id = |list: &str| -> BTreeSet<String> {
        let files = manifest[list].as_array().unwrap().iter().filter_map(|entry| entry["file"].as_str());
        files.map(str::to_owned).collect()
    };
    let all: BTreeSet<String> = dossier.files.iter().map(|file| file.file.to_string()).collect();
    assert_eq!(&with_id("members") | &with_id("withheld"), all);
    assert_eq!(manifest["basis"], "C2-STATE");
    assert_eq!(manifest["courtOrders"], json!(dossier.court_orders));
    assert_eq!(manifest["agency"], "icac-us-mn");
    assert_eq!(manifest["members"].as_array().unwrap().last().unwrap()["ground"], "ESP_VIEWED");
}

// PROVES: R-17
#[test]
fn no_byte_of_a_withheld_file_is_in_the_archive() {
    let dossier = sample::full();
    let archive = archive(&dossier, 64);
    for (name, bytes) in members(&archive).unwrap() {
        let found = |canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
        for position in 2..=4 {
            assert!(!found(&sample::bytes(position)), "{name} holds file {position}");
        }
    }
    assert_eq!(member(&archive, "files/1000001-1.jpg"), sample::bytes(1));
}

// PROVES: R-76
#[test]
fn a_change_of_any_byte_of_any_member_is_found() {
    let dossier = sample::full();
    let whole = members(&archive(&dossier, 64)).unwrap();
    for (at, (name, bytes)) in whole.iter().enumerate() {
        // Every byte of small members, a spread of the large ones.
        let step = (bytes.len() / 64).max(1);
        for byte in (0..bytes.len()).step_by(step) {
            let mut changed = whole.clone();
            changed[at].1[byte] ^= 1;
            assert!(!holds(&dossier, &rebuilt(&changed)), "{name} byte {byte}");
        }
    }
    assert!(holds(&dossier, &rebuilt(&whole)));
}

#[test]
fn a_member_more_or_less_is_found() {
    let dossier = sample::full();
    let whole = members(&archive(&dossier, 64)).unwrap();
    for at in 0..whole.len() {
        let mut fewer = whole.clone();
        fewer.remove(at);
        assert!(!holds(&dossier, &rebuilt(&fewer)));
    }
    let more = [whole, vec![("files/more.jpg".to_owned(), Vec::new())]].concat();
    assert!(!holds(&dossier, &rebuilt(&more)));
}

fn rebuilt(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_is_not_what_was_received_ends_the_package_without_an_end() {
    let dossier = sample::full();
    for wrong in [b"harmless bytes of file 2".to_vec(), Vec::new(), [sample::bytes(1), vec![0]].concat()] {
        let (plan, mut out) = plan(&dossier);
        let mut writer = plan.begin();
        writer.next_file().unwrap();
        writer.push(&wrong).unwrap();
        out.extend(writer.take());
        assert!(matches!(writer.next_file(), Err(Fault::Changed { .. })));
        assert!(writer.push(b"more").is_err());
        out.extend(writer.take());
        assert!(writer.finish().is_err());
        assert!(members(&out).is_none());
    }
}

#[test]
fn a_package_with_a_file_missing_has_no_end() {
    let writer = plan(&sample::full()).0.begin();
    assert!(matches!(writer.finish(), Err(Fault::OutOfTurn)));
}

// PROVES: R-22
#[test]
fn a_file_is_either_in_the_package_or_listed_as_withheld() {
    let dossier = sample::full();
    let planned = |withheld| Plan::new(&contents(&dossier, withheld), &mut Vec::new(), &signer(), |_| Ok(()));
    assert!(planned(&[]).is_err());
    assert!(planned(&csv::withheld(&dossier)).is_ok());
}

/// Takes what it is given, and remembers the most that came at once.
#[derive(Default)]
struct Most {
    taken: usize,
    at_once: usize,
}

impl Write for Most {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.taken += bytes.len();
        self.at_once = self.at_once.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_text_is_held_while_it_is_made() {
    let (dossier, mut out) = (sample::full(), Most::default());
    let (withheld, mut state) = (csv::withheld(&dossier), 7_u64);
    // Nothing that could be packed: what was not sent on is held.
    let line = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{state:016x}\n")
    });
    let mut lines = line.take(400_000);
    let plan = Plan::new(&contents(&dossier, &withheld), &mut out, &signer(), |all| {
        all.put("long.txt", |out| lines.try_for_each(|line| out.write_all(line.as_bytes())))
    });
    assert!(plan.unwrap().begin().take().is_empty(), "something waits");
    assert!(out.taken > 2_000_000 && out.at_once < 200_000, "{} of {}", out.at_once, out.taken);
}

#[test]
fn the_manifest_is_written_in_its_one_spelling() {
    for (_, dossier) in sample::all() {
        let manifest = member(&archive(&dossier, 64), MANIFEST);
        let value: Value = serde_json::from_slice(&manifest).unwrap();
        assert!(ledger::canonical(&value).unwrap() == manifest);
    }
}

#[test]
fn a_signature_belongs_to_one_manifest_of_one_report_and_one_key() {
    let dossier = sample::full();
    let archive = archive(&dossier, 64);
    let (manifest, note) = (member(&archive, MANIFEST), member(&archive, SIGNATURE));
    let note = String::from_utf8(note).unwrap();
    assert!(package::check(dossier.report, &manifest, &note, signer().key()).is_ok());
    assert_eq!(plan(&dossier).0.manifest_sha256(), &seal::sha256(&manifest));
    let other = domain::ReportId::try_from(5).unwrap();
    assert!(package::check(other, &manifest, &note, signer().key()).is_err());
    assert!(package::check(dossier.report, b"{}", &note, signer().key()).is_err());
    let stranger = VerifierKey::new("clearinghouse.example/packages", [9; 32]).unwrap();
    assert!(package::check(dossier.report, &manifest, &note, &stranger).is_err());
}

// PROVES: R-75
#[test]
fn a_ledger_proof_carries_its_leaf_and_can_be_checked_with_the_logs_key_alone() {
    let signer = signer();
    let entry = b"a leaf entry";
    let leaf = ledger::leaf_hash(entry);
    let other = ledger::leaf_hash(b"another");
    let root = ledger::Edge::empty().append(&[leaf, other]).root;
    let checkpoint = ledger::Checkpoint { origin: signer.key().name().to_owned(), size: 2, root };
    let bare = ledger::proof_file(0, &[other], &ledger::sign(&checkpoint, &signer).unwrap());
    let text = package::ledger_proof(&bare, entry).unwrap();
    let proof = ledger::parse_proof_file(&text).unwrap();
    let carried = ledger::leaf_hash(&proof.extra.clone().unwrap());
    assert_eq!(proof.verify(&carried, &[signer.key().clone()]).unwrap().size, 2);
    assert!(package::ledger_proof("no proof", entry).is_err());
}

#[test]
fn the_first_page_says_who_has_it_why_and_that_a_recipient_may_be_the_child() {
    let page = String::from_utf8(member(&archive(&sample::full(), 64), "README.txt")).unwrap();
    assert!(page.starts_with("CyberTipline Report Number: 1000001\nReporting ESP: Harbor Chat\n"), "{page}");
    assert!(page.contains("Basis: C2-STATE") && page.contains("Files: 4, of which 3 are withheld"), "{page}");
    assert!(page.contains("1 reported, 1 intended recipients, 1 children"), "{page}");
    assert!(page.contains("Court orders: 1; read what the courts want kept in courtOrders of\n"), "{page}");
    let none = String::from_utf8(member(&archive(&sample::bare(), 64), "README.txt")).unwrap();
    assert!(!none.contains("Court orders"), "{none}");
    assert!(page.lines().all(|line| line.len() <= 80));
}

#[test]
fn the_preservation_page_asks_for_reported_accounts_only_and_leaves_blanks() {
    let page = String::from_utf8(package::preservation(&sample::full())).unwrap();
    assert!(page.contains("until: **2027-02-03T14:05:11Z**"), "{page}");
    assert!(
        page.contains(
            "Whom to ask (contact): `Contact Q Example, contact@mail.example, +12025550100 ext. 204`"
        )
    );
    assert!(
        page.contains("screen name Robin_at_harbor")
            && !page.contains("account-Kim")
            && !page.contains("account-Sam")
    );
    assert!(page.contains("[case number]") && page.contains("2703(f)") && page.contains("90"));
}

#[test]
fn hostile_names_mark_up_nothing_in_the_notes() {
    let dossier = sample::hostile();
    let pages = [
        package::preservation(&dossier),
        package::readme(&dossier, &dossier.deliveries[0], &[], &csv::withheld(&dossier)),
    ];
    for page in pages {
        let page = String::from_utf8(page).unwrap();
        assert!(!page.contains(['\0', '\u{202e}', '\u{200b}']), "{page}");
        for line in page.lines() {
            let is_code =
                line.starts_with("    ") || line.split('`').step_by(2).all(|plain| !plain.contains('<'));
            assert!(is_code || !page.starts_with('#'), "{line}");
        }
        assert!(page.lines().all(|line| line.len() < 1_000));
    }
}

#[test]
fn no_entry_name_has_a_strangers_text_in_it() {
    for (name, _) in members(&archive(&sample::hostile(), 64)).unwrap() {
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b)), "{name}");
        assert!(name.len() < 40 && !name.contains(".."), "{name}");
        assert!(!name.ends_with(".pdf"), "{name}");
    }
}

#[test]
fn the_report_json_is_the_first_entry() {
    assert_eq!(members(&archive(&sample::full(), 64)).unwrap()[0].0, "1000001.json");
}

#[test]
fn ordinary_tools_open_a_package() {
    let folder = tempfile::tempdir().unwrap();
    for (name, dossier) in sample::all() {
        let path = folder.path().join(format!("{name}.zip"));
        std::fs::write(&path, archive(&dossier, 64)).unwrap();
        readers::run("check_zip.py", std::slice::from_ref(&path));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    // PROVES: R-22
    #[test]
    fn every_dossier_makes_a_package_that_holds_and_lists_each_file_once(dossier in generated::dossier()) {
        let archive = archive(&dossier, 16);
        prop_assert!(holds(&dossier, &archive));
        let manifest = manifest(&archive);
        let listed = |list: &str, part: Option<&str>| {
            let all = manifest[list].as_array().unwrap();
            all.iter().filter(|entry| entry["file"].is_string() && part.is_none_or(|part| entry["part"] == part)).count()
        };
        prop_assert_eq!(listed("members", None) + listed("withheld", Some("file")), dossier.files.len());
    }
}
