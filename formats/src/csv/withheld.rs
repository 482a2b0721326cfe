//! `withheld-files.csv`: what is not in the package, why, and what would release it.

use std::collections::HashMap;
use std::io::{self, Write};

use domain::{Dossier, DossierFile, FileId, ReportId};

use super::sheet::{Cell, Sheet};
use crate::files::Files;
use crate::package::words::{self, said};

const HEADER: [&str; 13] = [
    "Tip Filename",
    "Original Filename",
    "Part",
    "MD5",
    "SHA-1",
    "SHA-256",
    "Size (bytes)",
    "Type",
    "Viewed by ESP?",
    "EXIF Viewed by ESP?",
    "Publicly Available?",
    "Reason Code",
    "What Would Release It",
];

/// What of a file is meant. The EXIF block is a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its bytes.
    Content,
    /// What the sender read out of its EXIF block.
    Exif,
}

impl Part {
    /// The word for it in sheets and manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Content => "file",
            Self::Exif => "EXIF as read by the sender",
        }
    }
}

/// What the view gate answered for one file. The words are the gate's; a sheet repeats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Which file.
    pub file: FileId,
    /// Which part of it.
    pub part: Part,
    /// The gate's stable code, such as `no-view-ground`.
    pub code: &'static str,
    /// What would release it.
    pub remedy: &'static str,
}

/// The sheet: UTF-8 with byte-order mark. Only its header when nothing is withheld.
///
/// # Errors
/// When a file cannot be read, or the sheet not be written.
pub fn withheld_files(
    dossier: &Dossier<impl Files>,
    withheld: &[Withheld],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut by_file: HashMap<&FileId, Vec<&Withheld>> = HashMap::new();
    for shut in withheld {
        by_file.entry(&shut.file).or_default().push(shut);
    }
    let mut sheet = Sheet::new(out, HEADER)?;
    for file in dossier.files.each() {
        let file = file?;
        for shut in by_file.get(&file.file).into_iter().flatten() {
            sheet.row(row(dossier.report, &file, shut))?;
        }
    }
    Ok(())
}

fn row(report: ReportId, file: &DossierFile, shut: &Withheld) -> [Cell; 13] {
    [
        words::file_name(report, file).into(),
        said(file.name()).into(),
        shut.part.as_str().into(),
        file.md5.as_str().into(),
        file.sha1.as_str().into(),
        file.sha256.as_str().into(),
        file.size_bytes.into(),
        file.media_type.as_deref().into(),
        file.viewed().as_str().into(),
        file.exif_viewed().as_str().into(),
        file.public().as_str().into(),
        shut.code.into(),
        shut.remedy.into(),
    ]
}
