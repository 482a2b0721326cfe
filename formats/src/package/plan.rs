//! What a package will hold, settled before its first byte.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashSet};

use domain::{Delivery, Dossier, DossierFile, FileId, Purpose, ReportId, ViewGround};
use ledger::NoteSigner;

use super::fault::Fault;
use super::writer::Writer;
use super::{EXPORT_VERSION, MANIFEST, SIGNATURE, manifest, signature, words};
use crate::csv::{Part, Withheld};

/// The folder of the files.
const FILES: &str = "files/";
/// Longest name of a member; all of ours are far below.
const MAX_NAME_BYTES: usize = 100;

/// A member whose bytes are at hand: a document, a sheet, a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its name in the archive.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Everything that a package is made from. Equal contents make equal packages.
#[derive(Debug)]
pub struct Contents<'a> {
    /// The report as this agency may see it.
    pub dossier: &'a Dossier,
    /// The making-available under which the agency holds it.
    pub delivery: &'a Delivery,
    /// What it is taken for.
    pub purpose: Purpose,
    /// Name and version of the software.
    pub software: &'a str,
    /// What the view gate keeps back.
    pub withheld: &'a [Withheld],
}

/// A file that the manifest promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileMember {
    pub file: FileId,
    pub name: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    pub ground: ViewGround,
}

/// A text that is in the archive, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextMember {
    pub name: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

/// A package that is settled to the byte, of which no byte has left.
pub struct Plan {
    report: ReportId,
    writer: Writer,
    files: Vec<FileId>,
    manifest_sha256: [u8; 32],
    contents_bytes: u64,
}

impl Plan {
    /// Settles the members, writes the manifest and signs it. The texts, which come in the order of the archive, are
    /// packed one by one: none is held while the next is made, so that a report of very many files costs the memory of
    /// its largest document.
    ///
    /// # Errors
    /// When a name is not fit for an archive, a file is neither open nor withheld, a text or the signer fails.
    pub fn new<T: Borrow<Text>, E: From<Fault>>(
        contents: &Contents<'_>,
        texts: impl IntoIterator<Item = Result<T, E>>,
        signer: &dyn NoteSigner,
    ) -> Result<Self, E> {
        let report = contents.dossier.report;
        account_for_all(contents)?;
        let mut writer = Writer::new();
        let mut written = Vec::new();
        for text in texts {
            written.push(writer.text(text?.borrow())?);
        }
        let open = contents.dossier.files.iter().filter(|file| words::is_open(file));
        let files = open.map(|file| member(report, file)).collect::<Result<Vec<_>, _>>()?;
        let manifest = manifest::write(contents, &written, &files);
        let manifest_sha256 = seal::sha256(&manifest);
        let signature = signature::sign(report, &manifest, signer)?;
        written.push(writer.text(&Text { name: MANIFEST.to_owned(), bytes: manifest })?);
        written.push(writer.text(&Text { name: SIGNATURE.to_owned(), bytes: signature.into_bytes() })?);
        check_names(
            written.iter().map(|text| text.name.as_str()).chain(files.iter().map(|file| file.name.as_str())),
        )?;
        let names = files.iter().map(|member| member.file.clone()).collect();
        let texts = written.iter().map(|text| text.size_bytes);
        let contents_bytes = texts.chain(files.iter().map(|file| file.size_bytes)).sum();
        Ok(Self { report, writer: writer.promising(files), files: names, manifest_sha256, contents_bytes })
    }

    /// Of which report.
    pub(super) const fn report(&self) -> ReportId {
        self.report
    }

    /// The archive's name: `<report>_v<export version>.zip`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}_v{EXPORT_VERSION}.zip", self.report)
    }

    /// What the ledger remembers of this package, so that it can be told which bytes left.
    #[must_use]
    pub const fn manifest_sha256(&self) -> &[u8; 32] {
        &self.manifest_sha256
    }

    /// The files whose bytes the writer will ask for, in its order.
    pub fn files(&self) -> impl Iterator<Item = &FileId> {
        self.files.iter()
    }

    /// How many bytes leave with it: everything in it, before it is packed or sealed.
    #[must_use]
    pub const fn contents_bytes(&self) -> u64 {
        self.contents_bytes
    }

    /// Starts the archive: all texts, the manifest and its signature wait in it to be sent.
    #[must_use]
    pub fn begin(self) -> Writer {
        self.writer
    }
}

/// A file that is neither handed over nor listed as withheld would be a file that vanished.
fn account_for_all(contents: &Contents<'_>) -> Result<(), Fault> {
    let contents_shut = contents.withheld.iter().filter(|shut| shut.part == Part::Content);
    let shut: HashSet<&FileId> = contents_shut.map(|shut| &shut.file).collect();
    let wrong = contents.dossier.files.iter().find(|file| words::is_open(file) == shut.contains(&file.file));
    wrong.map_or(Ok(()), |file| Err(Fault::Name { name: words::file_name(contents.dossier.report, file) }))
}

fn member(report: ReportId, file: &DossierFile) -> Result<FileMember, Fault> {
    let name = format!("{FILES}{}", words::file_name(report, file));
    let changed = || Fault::Changed { member: name.clone() };
    let sha256 =
        seal::unhex(&file.sha256).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(changed)?;
    let ground = file.ground.ok_or_else(changed)?;
    Ok(FileMember { file: file.file.clone(), size_bytes: file.size_bytes, sha256, ground, name })
}

/// Names lead nowhere but into the archive, and stand in it once.
fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
    let sound = |letter: u8| letter.is_ascii_alphanumeric() || b"-_./".contains(&letter);
    let mut seen = BTreeSet::new();
    for name in names {
        let is_path = name.starts_with('/') || name.contains("..") || name.contains("//");
        let is_sound = (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(sound) && !is_path;
        if !is_sound || !seen.insert(name) {
            return Err(Fault::Name { name: name.to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_out_of_the_archive_is_refused() {
        for name in ["../a", "/a", "a//b", "a\\b", "", "a b", "a\0", "\u{202e}a", "c:a"] {
            assert!(check_names([name].into_iter()).is_err(), "{name:?}");
        }
        assert!(check_names(["files/1-1.jpg", "README.txt"].into_iter()).is_ok());
    }

    #[test]
    fn two_members_never_share_a_name() {
        assert!(check_names(["a", "a"].into_iter()).is_err());
    }
}
