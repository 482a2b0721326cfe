//! A report of very many files makes long documents, and no document holds what it is made of.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{Dossier, DossierFile, FileId, FileStatement, ReportId, TriState, ViewGround};
use exports::{ALL, Source};
use formats::csv::{Part, Withheld};
use formats::files::{AnyFiles, Each, Files};

const SAMPLE: &str = include_str!("../../formats/fixtures/dossier/full.json");

/// What the gate keeps back: here, every file without a ground.
fn withheld(files: &dyn Files) -> Vec<Withheld> {
    let reason = policy::Withheld::NoGround;
    let shut = files.each().map(Result::unwrap).filter(|file| file.ground.is_none());
    let shut = shut.map(|file| Withheld {
        file: file.file.clone(),
        part: Part::Content,
        code: reason.code(),
        remedy: reason.remedy(),
    });
    shut.collect()
}

/// Files of a report that has very many: each is made when it is asked for.
struct Many {
    /// Where whoever goes through them is.
    at: Arc<AtomicUsize>,
}

/// Enough that a document of them is far longer than what may be held of it.
const MANY: usize = 4_000;

impl Files for Many {
    fn count(&self) -> usize {
        MANY
    }

    fn each(&self) -> Each<'_> {
        Box::new((0..MANY).map(|at| {
            self.at.store(at, Ordering::Relaxed);
            Ok(Cow::Owned(one_of_many(at)))
        }))
    }
}

/// Every second one is open.
fn one_of_many(at: usize) -> DossierFile {
    let mut id = [0xab; 16];
    id[..8].copy_from_slice(&at.to_be_bytes());
    let file = FileId::from_random(id);
    let statement = FileStatement {
        viewed: TriState::Yes,
        ..FileStatement::about(ReportId::try_from(1_000_001).unwrap(), file.clone())
    };
    DossierFile {
        file,
        position: u32::try_from(at).unwrap() + 1,
        received_at: "2026-02-03T14:05:10Z".parse().unwrap(),
        size_bytes: 7,
        md5: format!("{at:032x}"),
        sha1: format!("{at:040x}"),
        sha256: format!("{at:064x}"),
        uploaded_name: None,
        media_type: Some("image/png".to_owned()),
        statement: Some(statement),
        retained: true,
        destroyed: None,
        ground: at.is_multiple_of(2).then_some(ViewGround::EspViewed),
        exif_withheld: false,
        seen_before: 0,
    }
}

/// Takes what is written, and remembers how it came.
struct Watched {
    at: Arc<AtomicUsize>,
    total: usize,
    most_at_once: usize,
    /// How much was there before the last run through the files was over its first half.
    by_the_middle: usize,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.most_at_once = self.most_at_once.max(bytes.len());
        self.total += bytes.len();
        if self.at.load(Ordering::Relaxed) <= MANY / 2 {
            self.by_the_middle = self.total;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_document_holds_the_files_that_it_is_of() {
    let at = Arc::new(AtomicUsize::new(0));
    let sample: Dossier = serde_json::from_str(SAMPLE).unwrap();
    let dossier = sample.keeping(|_| Box::new(Many { at: Arc::clone(&at) }) as AnyFiles);
    let withheld = withheld(&dossier.files);
    let source = Source { dossier: &dossier, delivery: &dossier.deliveries[0], withheld: &withheld };
    let mut of_files = BTreeSet::new();
    for export in ALL {
        let mut out = Watched { at: Arc::clone(&at), total: 0, most_at_once: 0, by_the_middle: 0 };
        (export.write)(&source, &mut out).unwrap();
        if out.total < MANY * 20 || export.content_type == "application/pdf" {
            // It is of a few words, or of as many files as a person turns pages for.
            assert!(out.total < 2_000_000, "{}: {}", export.name, out.total);
            continue;
        }
        of_files.insert(export.name);
        assert!(out.most_at_once < 4_096, "{}: {} bytes at once", export.name, out.most_at_once);
        assert!(out.by_the_middle > out.total / 5, "{}: {} of {}", export.name, out.by_the_middle, out.total);
    }
    let wanted = [
        "le-download",
        "report-full",
        "files-csv",
        "withheld-files-csv",
        "vics",
        "vics-withheld",
        "case-uco",
    ];
    assert_eq!(of_files, BTreeSet::from(wanted));
}
