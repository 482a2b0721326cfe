//! What a package will hold, settled before its first byte.

use std::collections::{HashSet, VecDeque};
use std::io::{self, Write};

use domain::{Delivery, Dossier, DossierFile, FileId, Purpose, ReportId};
use ledger::NoteSigner;

use super::fault::Fault;
use super::writer::Writer;
use super::{EXPORT_VERSION, MANIFEST, SIGNATURE, manifest, signature, words};
use crate::csv::{Part, Withheld};
use crate::files::Files;

/// The folder of the files.
pub(super) const FILES: &str = "files/";
/// Longest name of a member; all of ours are far below.
const MAX_NAME_BYTES: usize = 100;

/// Everything that a package is made from. Equal contents make equal packages.
#[derive(Debug)]
pub struct Contents<'a, F> {
    /// The report as this agency may see it.
    pub dossier: &'a Dossier<F>,
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
}

/// A text that is in the archive, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextMember {
    pub name: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

/// Where the texts of a package are put, in the order of the archive. Each is packed while it is written and sent on as far as
/// it is packed, so that a report of very many files costs no more memory than one of few.
pub struct Texts<'a> {
    writer: Writer,
    to: &'a mut dyn Write,
    written: Vec<TextMember>,
}

impl Texts<'_> {
    /// Puts one text under its name.
    ///
    /// # Errors
    /// When it cannot be written, or what is packed not be sent on.
    pub fn put(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Fault> {
        let written = self.writer.text(name, self.to, write)?;
        self.written.push(written);
        Ok(())
    }
}

/// A package that is settled to the byte, and of which all but the files is written.
pub struct Plan {
    report: ReportId,
    writer: Writer,
    manifest_sha256: [u8; 32],
    contents_bytes: u64,
}

impl Plan {
    /// Settles the members, writes the manifest and signs it. `to` takes the archive as far as it goes: the texts that
    /// `put` puts, the manifest and its signature. The files follow, through [`Plan::begin`].
    ///
    /// # Errors
    /// When a name is not fit for an archive, a file is neither open nor withheld, a text or the signer fails.
    pub fn new<F: Files>(
        contents: &Contents<'_, F>,
        to: &mut dyn Write,
        signer: &dyn NoteSigner,
        put: impl FnOnce(&mut Texts<'_>) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let report = contents.dossier.report;
        let files = promised(contents)?;
        let mut texts = Texts { writer: Writer::new(), to, written: Vec::new() };
        put(&mut texts)?;
        let listed = std::mem::take(&mut texts.written);
        texts.put(MANIFEST, |out| manifest::write(contents, &listed, out))?;
        let manifest_sha256 = texts.written[0].sha256;
        let signature = signature::sign(report, &manifest_sha256, signer)?;
        texts.put(SIGNATURE, |out| out.write_all(signature.as_bytes()))?;
        let Texts { writer, written, .. } = texts;
        let texts = || listed.iter().chain(&written);
        let names = texts().map(|text| text.name.as_str());
        check_names(names.chain(files.iter().map(|file| file.name.as_str())))?;
        let lengths = texts().map(|text| text.size_bytes);
        let contents_bytes = lengths.chain(files.iter().map(|file| file.size_bytes)).sum();
        Ok(Self { report, writer: writer.promising(files), manifest_sha256, contents_bytes })
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
    pub fn files(&self) -> impl ExactSizeIterator<Item = &FileId> {
        self.writer.promised()
    }

    /// How many bytes leave with it: everything in it, before it is packed or sealed.
    #[must_use]
    pub const fn contents_bytes(&self) -> u64 {
        self.contents_bytes
    }

    /// Goes on with the archive behind what the plan wrote of it.
    #[must_use]
    pub fn begin(self) -> Writer {
        self.writer
    }
}

/// The files that go. One that is neither handed over nor listed as withheld would be a file that vanished.
fn promised(contents: &Contents<'_, impl Files>) -> Result<VecDeque<FileMember>, Fault> {
    let report = contents.dossier.report;
    let contents_shut = contents.withheld.iter().filter(|shut| shut.part == Part::Content);
    let shut: HashSet<&FileId> = contents_shut.map(|shut| &shut.file).collect();
    let mut promised = VecDeque::new();
    for file in contents.dossier.files.each() {
        let file = file.map_err(Fault::Archive)?;
        match (words::is_open(&file), shut.contains(&file.file)) {
            (true, false) => promised.push_back(member(report, &file)?),
            (false, true) => {}
            _ => return Err(Fault::Name { name: words::file_name(report, &file) }),
        }
    }
    Ok(promised)
}

fn member(report: ReportId, file: &DossierFile) -> Result<FileMember, Fault> {
    let name = format!("{FILES}{}", words::file_name(report, file));
    let changed = || Fault::Changed { member: name.clone() };
    let sha256 =
        seal::unhex(&file.sha256).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(changed)?;
    Ok(FileMember { file: file.file.clone(), size_bytes: file.size_bytes, sha256, name })
}

/// Names lead nowhere but into the archive, and stand in it once.
fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
    let sound = |letter: u8| letter.is_ascii_alphanumeric() || b"-_./".contains(&letter);
    let mut seen = HashSet::new();
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
