//! A whole package of every published dossier, held to what its readers need: the points of the acceptance list that
//! speak of the package as one thing. The others are named beside these in `docs/package.md`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../formats/tests/exports/signer.rs"]
mod signer;

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{Dossier, Purpose, Role};
use exports::Source;
use formats::csv::{Part, Withheld};
use formats::files::AnyFiles;
use formats::package::{self, Contents, MANIFEST, Plan, SIGNATURE};
use ledger::NoteSigner as _;
use serde_json::Value;
use signer::signer;
use zip::ZipArchive;

const SAMPLES: [&str; 5] = [
    include_str!("../../formats/fixtures/dossier/bare.json"),
    include_str!("../../formats/fixtures/dossier/full.json"),
    include_str!("../../formats/fixtures/dossier/hostile.json"),
    include_str!("../../formats/fixtures/dossier/recipient-is-the-child.json"),
    include_str!("../../formats/fixtures/dossier/times-without-zone.json"),
];
/// Where `cargo xtask test` keeps strangers' programs, and how it names the place to tests.
const VARIABLE: &str = "CLEARINGHOUSE_TEST_STRANGERS";
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/strangers");
/// Runs a script in which no socket can be made.
const WITHOUT_NETWORK: &str = "
import runpy, socket, sys
def refused(*_, **__): raise OSError('no network here')
socket.socket.connect = refused
socket.create_connection = refused
socket.getaddrinfo = refused
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')
";

fn samples() -> Vec<Dossier> {
    SAMPLES.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

fn is_open(file: &domain::DossierFile) -> bool {
    file.retained && file.ground.is_some()
}

fn withheld(dossier: &Dossier) -> Vec<Withheld> {
    let reason = policy::Withheld::NoGround;
    let shut = |(file, part): (&domain::DossierFile, Part)| Withheld {
        file: file.file.clone(),
        part,
        code: reason.code(),
        remedy: reason.remedy(),
    };
    let files = dossier.files.iter().filter(|file| !is_open(file)).map(|file| (file, Part::Content));
    let exif = dossier.files.iter().filter(|file| file.exif_withheld).map(|file| (file, Part::Exif));
    files.chain(exif).map(shut).collect()
}

/// What a file of the fixtures holds: a pattern of its own, that stands nowhere else.
fn bytes(file: &domain::DossierFile) -> Vec<u8> {
    format!("harmless bytes of file {}", file.position).into_bytes()
}

fn archive(dossier: &Dossier) -> Vec<u8> {
    let withheld = withheld(dossier);
    let kept = dossier.clone().keeping(|files| Box::new(files) as AnyFiles);
    let source = Source { dossier: &kept, delivery: &dossier.deliveries[0], withheld: &withheld };
    let contents = Contents {
        dossier,
        delivery: &dossier.deliveries[0],
        purpose: Purpose::Investigation,
        software: "clearinghouse 0.1.0",
        withheld: &withheld,
    };
    let mut out = Vec::new();
    let plan = Plan::new(&contents, &mut out, &signer(), |texts| {
        exports::put(&source, &mut |name, write| texts.put(name, write))
    });
    let mut writer = plan.unwrap().begin();
    while let Some(id) = writer.next_file().unwrap() {
        let file = dossier.files.iter().find(|file| file.file == id).unwrap();
        writer.push(&bytes(file)).unwrap();
        out.extend(writer.take());
    }
    out.extend(writer.finish().unwrap());
    out
}

/// Every member with its bytes; a PDF as the text that stands in it.
fn members(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut all = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        all.push((entry.name().unwrap().into_owned(), bytes));
    }
    all
}

fn member(archive: &[u8], name: &str) -> Vec<u8> {
    members(archive).into_iter().find(|(found, _)| found == name).unwrap().1
}

fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.pdf");
    std::fs::File::create(&path).unwrap().write_all(input).unwrap();
    let arguments: Vec<&str> =
        arguments.iter().map(|one| if *one == "IN" { path.to_str().unwrap() } else { one }).collect();
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn strangers() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "the runner of the tests names the folder of strangers' programs"
    )]
    let folder = std::env::var(VARIABLE).map_or_else(|_| PathBuf::from(INSTALLED), PathBuf::from);
    assert!(folder.exists(), "strangers' programs are missing: run `cargo xtask test --install-only`");
    folder
}

fn offline(kind: &str, script: &str, arguments: &[&Path]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/readers").join(script);
    let python = strangers().join(kind).join("bin/python");
    let output =
        Command::new(python).args(["-c", WITHOUT_NETWORK]).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_path_of_a_vics_document_is_in_its_archive_and_no_category_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    for (at, dossier) in samples().iter().enumerate() {
        let path = folder.path().join(format!("{at}.zip"));
        std::fs::write(&path, archive(dossier)).unwrap();
        let read: Vec<Value> = serde_json::from_str(&offline("python", "vics.py", &[&path])).unwrap();
        let open = dossier.files.iter().filter(|file| is_open(file)).count();
        assert_eq!(read[0]["paths"].as_array().unwrap().len(), open);
        assert!(read[0]["categories"].as_array().unwrap().iter().all(Value::is_null));
    }
}

// PROVES: R-17
#[test]
fn no_byte_of_a_withheld_file_is_in_the_archive() {
    for dossier in samples() {
        let archive = archive(&dossier);
        let shut: Vec<Vec<u8>> = dossier.files.iter().filter(|file| !is_open(file)).map(bytes).collect();
        for (name, mut content) in members(&archive) {
            if name.ends_with(".pdf") {
                content = piped("pdftotext", &["IN", "-"], &content);
            }
            let has = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
            assert!(shut.iter().all(|bytes| !has(bytes)), "{name}");
            let digest = seal::hex(&seal::sha256(&content));
            let is_shut = dossier.files.iter().any(|file| !is_open(file) && file.sha256 == digest);
            assert!(!is_shut, "{name}");
        }
    }
}

#[test]
fn the_manifest_covers_every_member_and_any_changed_byte_is_found() {
    for dossier in samples() {
        let archive = archive(&dossier);
        let manifest = member(&archive, MANIFEST);
        let note = String::from_utf8(member(&archive, SIGNATURE)).unwrap();
        assert!(package::check(dossier.report, &manifest, &note, signer().key()).is_ok());
        let listed: Value = serde_json::from_slice(&manifest).unwrap();
        let digest_of = |name: &str| {
            let all = listed["members"].as_array().unwrap();
            all.iter().find(|one| one["name"] == name).map(|one| one["sha256"].as_str().unwrap().to_owned())
        };
        let mut found = 0;
        for (name, mut content) in members(&archive) {
            if name == MANIFEST || name == SIGNATURE {
                continue;
            }
            let listed = digest_of(&name).unwrap();
            assert_eq!(seal::hex(&seal::sha256(&content)), listed, "{name}");
            let middle = content.len() / 2;
            content[middle] ^= 1;
            assert_ne!(seal::hex(&seal::sha256(&content)), listed, "{name}");
            found += 1;
        }
        assert_eq!(found, listed["members"].as_array().unwrap().len());
        for at in (0..manifest.len()).step_by(7) {
            let mut changed = manifest.clone();
            changed[at] ^= 1;
            assert!(package::check(dossier.report, &changed, &note, signer().key()).is_err(), "{at}");
        }
    }
}

#[test]
fn the_same_report_makes_the_same_archive_with_every_document_in_it() {
    for dossier in samples() {
        assert!(archive(&dossier) == archive(&dossier));
    }
}

#[test]
fn the_role_of_every_person_is_printed_wherever_the_person_is() {
    for dossier in samples() {
        let archive = archive(&dossier);
        let count = |role| dossier.submission.people.iter().filter(|one| one.role == role).count();
        let pages = member(&archive, &format!("{}.pdf", dossier.report));
        let pages = String::from_utf8(piped("pdftotext", &["-layout", "IN", "-"], &pages)).unwrap();
        let roles = pages.lines().filter(|line| line.trim_start().starts_with("Role: ")).count();
        assert_eq!(roles, dossier.submission.people.len());
        for (role, heading) in [
            (Role::Reported, "Reported Person "),
            (Role::Recipient, "Intended Recipient "),
            (Role::Victim, "Child "),
        ] {
            let headings = pages.lines().filter(|line| {
                line.trim().strip_prefix(heading).is_some_and(|rest| rest.parse::<u32>().is_ok())
            });
            assert_eq!(headings.count(), count(role), "{heading}");
        }
        let told: Value =
            serde_json::from_slice(&member(&archive, &format!("{}.json", dossier.report))).unwrap();
        let told = &told["reportedInformation"];
        for list in
            ["/reportedPeople/reportedPersons", "/intendedRecipients/intendedRecipients", "/victims/victims"]
        {
            let all = told.pointer(list).unwrap().as_array().unwrap();
            assert!(all.iter().all(|person| person["role"].is_string()), "{list}");
        }
        let full: Value = serde_json::from_slice(&member(&archive, "report-full.json")).unwrap();
        let people = full["supplied"]["submission"]["people"].as_array().unwrap();
        assert!(people.iter().all(|person| person["role"].is_string()));
        let bundle: Value = serde_json::from_slice(&member(&archive, "case.jsonld")).unwrap();
        let nodes = bundle["@graph"].as_array().unwrap().iter();
        let mut persons = nodes.filter(|node| node["@type"] == "uco-identity:Person");
        assert!(persons.all(|person| person["role"].is_string()));
        let persons = String::from_utf8(member(&archive, "persons.csv")).unwrap();
        assert!(persons.starts_with("\u{feff}Role,Role Warning,"));
        for (name, chat) in members(&archive).iter().filter(|(name, _)| name.starts_with("chat/")) {
            let chat = String::from_utf8_lossy(chat);
            assert!(chat.contains("Role,Role Warning") || chat.contains("\"roleWarning\""), "{name}");
        }
    }
}

#[test]
fn neither_making_nor_opening_a_package_asks_for_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let dossier = &samples()[1];
    let archive = archive(dossier);
    let put = |name: &str, as_name: &str| {
        let path = folder.path().join(as_name);
        std::fs::write(&path, member(&archive, name)).unwrap();
        path
    };
    // Nothing is fetched to understand it.
    let bundle: Value = serde_json::from_slice(&member(&archive, "case.jsonld")).unwrap();
    assert!(bundle["@context"].as_object().unwrap().values().all(Value::is_string));
    let report = format!("{}.pdf", dossier.report);
    let bare = piped("qpdf", &["--qdf", "--object-streams=disable", "IN", "-"], &member(&archive, &report));
    for word in ["/URI", "/GoToR", "/Launch", "/JavaScript", "/SubmitForm"] {
        assert!(!bare.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    // Strangers' readers where no socket can be made.
    let json = put(&format!("{}.json", dossier.report), "report.json");
    offline("python", "first_of_each.py", &[&json]);
    offline("python", "all_of_the_first.py", &[&json]);
    offline("python", "vics.py", &[&put("vics.json", "vics.json")]);
    offline("exports", "pages.py", &[&put(&report, "report.pdf")]);
    offline("exports", "case_validate.py", &[Path::new("case-1.4.0"), &put("case.jsonld", "case.jsonld")]);
    let whole = folder.path().join("whole.zip");
    std::fs::write(&whole, &archive).unwrap();
    offline("python", "check_zip.py", &[&whole]);
    // And the one that takes the first PDF of an archive.
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/readers/first_pdf.mjs");
    let modules = strangers().join("reading");
    let read = Command::new("node").arg(script).arg(modules).arg(&whole).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let read: Vec<Value> =
        serde_json::from_str(String::from_utf8(read.stdout).unwrap().lines().last().unwrap()).unwrap();
    assert_eq!(read[0]["number"], dossier.report.to_string());
}
