//! `manifest.json`: who has what, on which basis, and the digest of every member.

use std::io::{self, Write};

use domain::{CourtOrder, DossierFile, ReportId};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::EXPORT_VERSION;
use super::plan::{Contents, FILES, TextMember};
use crate::csv::Withheld;
use crate::files::Files;
use crate::package::words;

/// Writes the manifest in its one spelling. It lists every member but itself and its signature, and every file that is
/// withheld, so that together they are all the report has.
pub(super) fn write(
    contents: &Contents<'_, impl Files>,
    texts: &[TextMember],
    out: &mut dyn Write,
) -> io::Result<()> {
    let Contents { dossier, delivery, .. } = contents;
    let manifest = Manifest {
        agency: delivery.agency.to_string(),
        agency_name: &delivery.agency_name,
        available_at: delivery.available_at.to_string(),
        basis: delivery.basis.as_str(),
        channel: &delivery.channel,
        court_orders: Orders(&dossier.court_orders),
        delivery: delivery.delivery.to_string(),
        export_version: EXPORT_VERSION,
        format: "clearinghouse package manifest",
        members: Members { report: dossier.report, texts, files: &dossier.files },
        purpose: contents.purpose.as_str(),
        report: dossier.report.get(),
        rule_set: &dossier.rule_set,
        software: contents.software,
        submission_sha256: &dossier.submission_sha256,
        withheld: Shut(contents.withheld),
    };
    Ok(serde_json::to_writer(out, &manifest)?)
}

// INVARIANT: the one spelling sorts members by their names. These structures list them in that order, and have no member
// whose spelling could differ: words and whole numbers.

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    agency: String,
    agency_name: &'a str,
    available_at: String,
    basis: &'static str,
    channel: &'a str,
    court_orders: Orders<'a>,
    delivery: String,
    export_version: u32,
    format: &'static str,
    members: Members<'a>,
    purpose: &'static str,
    report: u64,
    rule_set: &'a str,
    software: &'a str,
    submission_sha256: &'a str,
    withheld: Shut<'a>,
}

#[derive(Serialize)]
struct TextEntry<'a> {
    name: &'a str,
    sha256: String,
    size: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileEntry<'a> {
    exif_viewed: &'static str,
    file: &'a str,
    ground: Option<&'static str>,
    name: String,
    public: &'static str,
    sha256: &'a str,
    size: u64,
    viewed: &'static str,
}

#[derive(Serialize)]
struct OrderEntry<'a> {
    conditions: &'a [String],
    order: &'a str,
}

/// What courts ordered on the report's way.
struct Orders<'a>(&'a [CourtOrder]);

impl Serialize for Orders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0.iter().map(|one| OrderEntry { conditions: &one.conditions, order: &one.order }),
        )
    }
}

#[derive(Serialize)]
struct ShutEntry<'a> {
    file: &'a str,
    part: &'static str,
    reason: &'static str,
}

/// Every text and every file that goes, one after the other.
struct Members<'a> {
    report: ReportId,
    texts: &'a [TextMember],
    files: &'a dyn Files,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        for TextMember { name, size_bytes, sha256 } in self.texts {
            all.serialize_element(&TextEntry { name, sha256: seal::hex(sha256), size: *size_bytes })?;
        }
        for file in self.files.each() {
            let file = file.map_err(S::Error::custom)?;
            if words::is_open(&file) {
                all.serialize_element(&entry(self.report, &file))?;
            }
        }
        all.end()
    }
}

fn entry(report: ReportId, file: &DossierFile) -> FileEntry<'_> {
    FileEntry {
        exif_viewed: file.exif_viewed().as_str(),
        file: file.file.as_str(),
        ground: file.ground.map(domain::ViewGround::as_str),
        name: format!("{FILES}{}", words::file_name(report, file)),
        public: file.public().as_str(),
        sha256: &file.sha256,
        size: file.size_bytes,
        viewed: file.viewed().as_str(),
    }
}

/// Everything that is withheld.
struct Shut<'a>(&'a [Withheld]);

impl Serialize for Shut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|shut| ShutEntry {
            file: shut.file.as_str(),
            part: shut.part.as_str(),
            reason: shut.code,
        }))
    }
}
