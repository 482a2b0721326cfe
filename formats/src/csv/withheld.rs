//! `withheld-files.csv`: what is not in the package, why, and what would release it.

use domain::{Dossier, FileId};

use super::sheet::Sheet;
use crate::package::words::{self, said};

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
#[must_use]
pub fn withheld_files(dossier: &Dossier, withheld: &[Withheld]) -> Vec<u8> {
    let mut sheet = Sheet::new([
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
    ]);
    for shut in withheld {
        let Some(file) = dossier.files.iter().find(|file| file.file == shut.file) else { continue };
        sheet.row([
            words::file_name(dossier.report, file).into(),
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
        ]);
    }
    sheet.into_bytes()
}
