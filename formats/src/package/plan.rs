//! What a package will hold, settled before its first byte.

use std::collections::BTreeSet;

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
    /// The members that are not files, in the order of the archive.
    pub texts: Vec<Text>,
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

/// A package that is settled to the byte and has no byte written.
#[derive(Debug)]
pub struct Plan {
    report: ReportId,
    texts: Vec<Text>,
    files: Vec<FileMember>,
    manifest_sha256: [u8; 32],
}

impl Plan {
    /// Settles the members, writes the manifest and signs it.
    ///
    /// # Errors
    /// When a name is not fit for an archive, a file is neither open nor withheld, or the signer fails.
    pub fn new(mut contents: Contents<'_>, signer: &dyn NoteSigner) -> Result<Self, Fault> {
        let report = contents.dossier.report;
        account_for_all(&contents)?;
        let files = manifest::open_files(&contents)
            .map(|file| member(report, file))
            .collect::<Result<Vec<_>, _>>()?;
        let manifest = manifest::write(&contents, &files);
        let manifest_sha256 = seal::sha256(&manifest);
        let signature = signature::sign(report, &manifest, signer)?;
        let mut texts = std::mem::take(&mut contents.texts);
        texts.push(Text { name: MANIFEST.to_owned(), bytes: manifest });
        texts.push(Text { name: SIGNATURE.to_owned(), bytes: signature.into_bytes() });
        check_names(
            texts.iter().map(|text| text.name.as_str()).chain(files.iter().map(|file| file.name.as_str())),
        )?;
        Ok(Self { report, texts, files, manifest_sha256 })
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
        self.files.iter().map(|member| &member.file)
    }

    /// Starts the archive: all texts, the manifest and its signature.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn begin(self) -> Result<Writer, Fault> {
        Writer::begin(&self.texts, self.files)
    }
}

/// A file that is neither handed over nor listed as withheld would be a file that vanished.
fn account_for_all(contents: &Contents<'_>) -> Result<(), Fault> {
    let shut = |file: &DossierFile| {
        contents.withheld.iter().any(|shut| shut.part == Part::Content && shut.file == file.file)
    };
    let wrong = contents.dossier.files.iter().find(|file| words::is_open(file) == shut(file));
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
