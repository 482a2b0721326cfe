//! VICS documents: read by a stranger's reader, read back by ours within bounds, and written down again without a loss.

use std::io::Read;

use formats::vics::{self, Category, Form, Piece, Record, Writer};
use serde_json::{Value, json};

use crate::{readers, sample, whole};

/// What a document holds, and the document that is written of its pieces.
fn again(document: &[u8]) -> Result<(Vec<Record>, vics::Outline, Vec<u8>), vics::Fault> {
    let mut writer = Writer::bare(Vec::new());
    let mut records = Vec::new();
    let outline = vics::read(document, &mut |piece| {
        match piece {
            Piece::CaseBegins => writer.case_begins(),
            Piece::CaseEnds => writer.case_ends(),
            Piece::Member(name, value) => writer.member(&name, value.get()),
            Piece::Record(record) => {
                let written = writer.raw_record(&record.json());
                records.push(record);
                written
            }
        }
        .map_err(|error| error.to_string())
    })?;
    Ok((records, outline, writer.finish().unwrap()))
}

fn value(document: &[u8]) -> Value {
    serde_json::from_slice(document).unwrap()
}

#[test]
fn a_strangers_reader_finds_every_file_and_no_category() {
    let folder = tempfile::tempdir().unwrap();
    let full = sample::full();
    let (case, set) = (folder.path().join("case.json"), folder.path().join("set.json"));
    std::fs::write(&case, whole::vics_case(&full)).unwrap();
    std::fs::write(&set, whole::vics_withheld(&full)).unwrap();
    let read: Vec<Value> = serde_json::from_str(&readers::run("vics.py", &[case, set])).unwrap();
    assert_eq!(read[0]["paths"], json!(["files\\1000001-1.jpg"]));
    assert_eq!(read[1]["paths"], json!([null, null, null]));
    for (document, files) in read.iter().zip([&full.files[..1], &full.files[1..]]) {
        let digests: Vec<&str> = files.iter().map(|file| file.md5.as_str()).collect();
        assert_eq!(document["md5"], json!(digests));
        assert_eq!(document["marker"], true);
        assert!(document["categories"].as_array().unwrap().iter().all(Value::is_null));
    }
}

#[test]
fn what_is_read_and_written_again_is_the_same_with_members_that_nobody_knows() {
    let cases = json!({
        "unknownBefore": {"a": [1, 2.50, "x"]},
        "@odata.context": "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Cases",
        "value": [
            {"CaseID": "c", "unknownOfCase": 12_345_678_901_234_567_890_u64, "Media": [
                {"MediaID": 1, "MD5": "11".repeat(16), "Series": {"Name": "s"}, "unknownOfMedia": null, "Category": "1"},
                {"MediaID": 2, "MD5": "22".repeat(16), "Category": 5, "MediaSize": "67890",
                 "AlternativeHashes": [{"HashName": "SHA-256", "HashValue": "AB".repeat(32)}]},
            ], "unknownBehind": true},
            {"CaseID": "d", "Media": []},
        ],
        "unknownAfter": "\u{202e}",
    });
    let (records, outline, written) = again(cases.to_string().as_bytes()).unwrap();
    assert_eq!(value(&written), cases);
    assert_eq!((outline.form, outline.records, outline.region()), (Form::Cases, 2, Some("UK")));
    let known: Vec<vics::Known> = records.iter().map(Record::known).collect();
    assert_eq!((known[0].category, known[0].md5), (Category::Said(1), Some([0x11; 16])));
    assert_eq!((known[1].category, known[1].size_bytes), (Category::Unclear(5), Some(67_890)));
    assert_eq!(known[1].sha256, Some([0xab; 32]));

    let set = json!({"odata.metadata": "…/1.3.xml#Media", "value": [{"MediaID": 7, "MD5": "33".repeat(16), "x": 1.5}]});
    let (records, outline, written) = again(format!("\u{feff}{set}").as_bytes()).unwrap();
    assert_eq!(value(&written), set);
    assert_eq!((outline.form, records.len(), outline.region()), (Form::HashSet, 1, None));
}

#[test]
fn our_own_documents_come_back_as_they_are() {
    for (_, dossier) in sample::all() {
        for document in [whole::vics_case(&dossier), whole::vics_withheld(&dossier)] {
            let (_, _, written) = again(&document).unwrap();
            assert_eq!(value(&written), value(&document));
        }
    }
}

#[test]
fn a_document_that_is_cut_off_or_none_at_all_is_refused() {
    let whole = whole::vics_case(&sample::full());
    for length in [0, 1, whole.len() / 2, whole.len() - 3] {
        assert!(matches!(again(&whole[..length]), Err(vics::Fault::Unreadable(_))), "{length}");
    }
    for text in ["[]", "{}", "{\"value\":3}", "{\"value\":[1]}", "{\"value\":[]} {}"] {
        assert!(matches!(again(text.as_bytes()), Err(vics::Fault::Unreadable(_))), "{text}");
    }
    let stopped = vics::read(&whole[..], &mut |_| Err("enough at line 3".to_owned()));
    assert_eq!(stopped.unwrap_err().to_string(), "enough at line 3");
}

/// Bytes without an end: memory would be gone before the reader saw that nothing comes of them.
struct Endless(&'static [u8], u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let letter = self.0.get(usize::try_from(self.1).unwrap()).copied().unwrap_or(b'a');
        self.1 += 1;
        into[0] = letter;
        Ok(1)
    }
}

#[test]
fn a_record_without_an_end_is_given_up() {
    let mut endless = Endless(b"{\"value\":[{\"MD5\":\"", 0);
    let read = vics::read(&mut endless, &mut |_| Ok(()));
    assert!(read.unwrap_err().to_string().contains("without a record"));
    assert!(endless.1 < 5 << 20, "{}", endless.1);
}
