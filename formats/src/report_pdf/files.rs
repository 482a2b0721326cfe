//! Section A: the files, each with the sender's three answers, its digests, and whether its bytes are in the package.

use std::borrow::Cow;

use domain::{Dossier, DossierFile, FileStatement, ReportId, ViewGround};
use print::Level;

use super::Fault;
use super::fields::{Fields, moment};
use super::places;
use crate::csv::{Part, Withheld};
use crate::files::Files;
use crate::package::words::{self, said};

/// The most files that are printed one by one; all are in `files.csv`.
pub const MOST_FILES: usize = 250;
/// The most pairs of what the sender read in a file.
const MOST_PAIRS: usize = 40;

pub(super) fn put(
    page: &mut Fields,
    dossier: &Dossier<impl Files>,
    shown: &[Cow<'_, DossierFile>],
    withheld: &[Withheld],
) -> Result<(), Fault> {
    for (at, file) in shown.iter().enumerate() {
        page.heading(Level::Three, &format!("Uploaded File {}", at + 1))?;
        one(page, dossier.report, file)?;
        for shut in withheld.iter().filter(|shut| shut.file == file.file) {
            let what = if shut.part == Part::Content { "Withheld:" } else { "EXIF Withheld:" };
            page.put(what, &format!("{}. {}", shut.code, shut.remedy))?;
        }
    }
    match dossier.files.count().checked_sub(MOST_FILES).filter(|more| *more > 0) {
        Some(more) => page.put("Further Uploads:", &format!("{more} more, all in files.csv")),
        None => Ok(()),
    }
}

fn one(page: &mut Fields, report: ReportId, file: &DossierFile) -> Result<(), Fault> {
    let package_name = words::file_name(report, file);
    page.name(
        "Filename:",
        said(file.name()).filter(|name| !name.trim().is_empty()).unwrap_or(&package_name),
    )?;
    page.code("MD5:", &file.md5)?;
    page.code("SHA-1:", &file.sha1)?;
    page.code("SHA-256:", &file.sha256)?;
    page.put("Submittal Id:", file.file.as_str())?;
    page.put("File Viewed by Reporting ESP:", file.viewed().as_str())?;
    page.put("EXIF Viewed by Reporting ESP:", file.exif_viewed().as_str())?;
    page.put("Publicly Available:", file.public().as_str())?;
    page.name("Name in Package:", &package_name)?;
    page.put("In Package:", if words::is_open(file) { "Yes" } else { "No" })?;
    page.maybe("View Ground:", file.ground.map(ViewGround::as_str))?;
    page.put("Size in Bytes:", &file.size_bytes.to_string())?;
    page.maybe("Media Type (claimed):", file.media_type.as_deref())?;
    page.put("Seen in Earlier Reports:", &file.seen_before.to_string())?;
    file.statement.as_ref().map_or(Ok(()), |statement| stated(page, statement))
}

fn stated(page: &mut Fields, statement: &FileStatement) -> Result<(), Fault> {
    page.maybe("ESP Classification:", statement.classification.as_deref())?;
    page.put("Relevance:", statement.relevance.as_str())?;
    for annotation in &statement.annotations {
        page.put("Sender Annotation:", annotation)?;
    }
    page.maybe("Uploaded at:", statement.uploaded_at.as_ref().map(moment).as_deref())?;
    page.said("Where It Was:", statement.location.as_ref())?;
    statement.ip_event.as_ref().map_or(Ok(()), |event| places::one_event(page, "IP Address:", event))?;
    for hash in &statement.original_hashes {
        page.put(&format!("Sender\u{2019}s {}:", hash.kind), hash.value.reveal())?;
    }
    for device in &statement.devices {
        page.put("Device:", &format!("{} {}", device.kind, device.value.reveal()))?;
    }
    let pairs = statement
        .details
        .iter()
        .flat_map(|group| group.pairs.iter().map(|pair| (group.kind.as_deref().unwrap_or("Detail"), pair)));
    for (kind, pair) in pairs.take(MOST_PAIRS) {
        page.put(&format!("{kind} as Read by Sender:"), &format!("{} = {}", pair.name, pair.value.reveal()))?;
    }
    statement.additional.iter().try_for_each(|note| page.text("Remarks:", Some(note)))
}
