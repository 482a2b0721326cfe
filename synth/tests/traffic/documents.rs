//! What is sent is what the house reads: every document is accepted, and means what was meant, unless its fault says
//! otherwise.

use crate::common::statement;
use cybertip::{Profile, file_details_to_xml, read_file_details, read_report};
use jiff::Timestamp;
use synth::{Fault, Plan, Shares, SyntheticReport, Verdict};

fn now() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// What the house would answer.
fn verdict(report: &SyntheticReport) -> Verdict {
    match read_report(report.xml.as_bytes(), Some("utf-8"), Profile::Current, now()) {
        Ok(_) => Verdict::Accept,
        Err(rejection) => Verdict::Refuse(rejection.code()),
    }
}

#[test]
fn every_document_gets_the_answer_that_its_fault_says() {
    for shares in Shares::ALL {
        let plan = Plan::new(13, shares).with_senders(14).with_faults(true);
        for report in (0..1_000).map(|index| plan.report(index)) {
            assert_eq!(
                verdict(&report),
                report.expected.verdict,
                "{shares} {} {:?}",
                report.index,
                report.fault
            );
        }
    }
}

#[test]
fn a_document_reads_back_as_what_was_meant() {
    let plan = Plan::new(13, Shares::Demo).with_senders(14).with_faults(true);
    // An empty element may be read as empty or as absent.
    let sound = |report: &SyntheticReport| {
        report.expected.verdict == Verdict::Accept && report.fault != Some(Fault::EmptyElements)
    };
    for report in (0..1_000).map(|index| plan.report(index)).filter(sound) {
        let read = read_report(report.xml.as_bytes(), None, Profile::Current, now()).unwrap();
        assert!(read.value == report.submission, "{} {:?}", report.index, report.fault);
        for statement in report.files.iter().map(statement) {
            let xml = file_details_to_xml(&statement);
            let read = read_file_details(xml.as_bytes(), None, Profile::Current, now()).unwrap();
            assert!(read.value == statement, "{}", report.index);
        }
    }
}

#[test]
fn a_fault_of_writing_stands_in_the_document() {
    let plan = Plan::new(13, Shares::Demo).with_faults(true);
    let of = |fault: Fault| {
        (0..500).map(|index| plan.report(index)).find(|one| one.fault == Some(fault)).unwrap().xml
    };
    assert!(of(Fault::ByteOrderMark).starts_with('\u{feff}'));
    let empty = |xml: &str, name: &str| {
        xml.contains(&format!("<{name}/>")) || xml.contains(&format!("<{name}></{name}>"))
    };
    let hollow = of(Fault::EmptyElements);
    assert!(empty(&hollow, "chatImIncident") && empty(&hollow, "screenName"), "{hollow}");
    assert!(of(Fault::FractionSeconds).contains(".487321212Z</incidentDateTime>"));
    assert!(of(Fault::SheetFormula).contains("<screenName>=HYPERLINK("));
}

#[test]
fn generated_folders_hold_the_documents_and_never_a_hostile_name() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan::new(7, Shares::Demo).with_faults(true);
    let done = synth::generate(&plan, folder.path(), 300..345, "2026-11-01").unwrap();
    assert_eq!(done.reports, 45);
    let of = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!(of("00000344/report.xml"), plan.report(344).xml.into_bytes());
    assert_eq!(of("places.csv"), synth::places::table("2026-11-01").into_bytes());
    let mut files = 0;
    for report in
        std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).filter(|one| one.path().is_dir())
    {
        for file in std::fs::read_dir(report.path()).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            files += u64::from(name.ends_with(".bin"));
            assert!(name == "report.xml" || name.starts_with("file-"), "{name}");
        }
    }
    assert_eq!(files, done.files);
}
