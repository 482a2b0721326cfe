//! The uploaded files, every one, whether its bytes are in the package or not.

use std::{fmt, io};

use domain::{Dossier, DossierFile, FileStatement, IpEvent, Relevance, ReportId};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::people;
use super::shape::{
    Capture, File, Group, Groups, Metadata, Metadatas, SourceInformation, Tag, UploadedFiles, Valued,
};
use crate::files::Files;
use crate::package::words::{self, said};

/// The classes that readers know.
const CLASSES: [&str; 4] = ["A1", "A2", "B1", "B2"];

pub(super) fn uploaded(dossier: &Dossier<impl Files>) -> UploadedFiles<'_> {
    UploadedFiles { uploaded_files: EachFile { report: dossier.report, files: &dossier.files } }
}

/// The files as they are written: one after the other, so that no more than one of them is spelled out at a time.
pub(super) struct EachFile<'a> {
    report: ReportId,
    files: &'a dyn Files,
}

impl Serialize for EachFile<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        for one in self.files.each() {
            all.serialize_element(&file(self.report, &*one.map_err(S::Error::custom)?))?;
        }
        all.end()
    }
}

impl fmt::Debug for EachFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files", self.files.count())
    }
}

fn file(report: ReportId, file: &DossierFile) -> File<'_> {
    let statement = file.statement.as_ref();
    // One capture a file, the upload: with two, one reader takes the first time and another the last address.
    let upload = upload(file).filter(|event| has_time(event)).map(|event| people::capture(event, None));
    let class = statement.and_then(|said| said.classification.as_deref());
    File {
        filename: words::file_name(report, file),
        original_filename: said(file.name()),
        submittal_id: file.file.as_str(),
        verification_hash: &file.md5,
        industry_classification: class.filter(|class| CLASSES.contains(class)),
        viewed_by_esp: file.viewed().into(),
        source_information: upload.and_then(|capture| SourceInformation::of(vec![capture])),
        esp_metadata: metadata(file),
        ncmec_tags: groups(&words::tags(file)),
        additional_informations: vec![Valued::new(notes(file))],
        viewed_by_esp_answer: file.viewed().as_str(),
        exif_viewed_by_esp: file.exif_viewed().as_str(),
        publicly_available: file.public().as_str(),
        sha1: &file.sha1,
        sha256: &file.sha256,
        size_bytes: file.size_bytes,
        media_type: file.media_type.as_deref(),
        in_package: words::is_open(file),
        view_ground: file.ground.map(domain::ViewGround::as_str),
        exif_withheld: file.exif_withheld,
    }
}

/// An upload address whose time is unknown, and its file: readers refuse a file's capture without a time.
pub(super) struct Timeless {
    event: IpEvent,
    of_what: String,
}

impl Timeless {
    /// As it stands with a person.
    pub(super) fn capture(&self) -> Capture<'_> {
        people::capture(&self.event, Some(&self.of_what))
    }
}

/// All of a report: they stand before its files.
pub(super) fn without_time(dossier: &Dossier<impl Files>) -> io::Result<Vec<Timeless>> {
    let mut all = Vec::new();
    for file in dossier.files.each() {
        let file = file?;
        if let Some(event) = upload(&file).filter(|event| !has_time(event)) {
            let of_what = format!("file {}", words::file_name(dossier.report, &file));
            all.push(Timeless { event: event.clone(), of_what });
        }
    }
    Ok(all)
}

fn upload(file: &DossierFile) -> Option<&IpEvent> {
    file.statement.as_ref()?.ip_event.as_ref()
}

fn has_time(event: &IpEvent) -> bool {
    event.at.as_ref().and_then(words::given_utc).is_some()
}

/// Group 0 holds all tags, then one further group for each other tag: one reader takes all of group 0, another the
/// first of each group, and so both print the full list.
pub(super) fn groups(tags: &[String]) -> Groups {
    let tags: Vec<Tag> = tags.iter().map(|value| Tag { value: value.clone() }).collect();
    let others: Vec<Group> = tags.iter().skip(1).map(|tag| Group { tags: vec![tag.clone()] }).collect();
    let all = (!tags.is_empty()).then_some(Group { tags });
    Groups { groups: all.into_iter().chain(others).collect() }
}

fn metadata(file: &DossierFile) -> Option<Metadatas<'_>> {
    let uploaded_at = file.statement.as_ref().and_then(|said| said.uploaded_at.as_ref());
    let uploaded_at = uploaded_at.map(|at| Metadata { name: "Upload Date and Time", value: &at.text });
    let pairs = words::metadata(file).flat_map(|group| &group.pairs);
    let pairs = pairs.map(|pair| Metadata { name: &pair.name, value: pair.value.reveal() });
    let hashes = file.statement.iter().flat_map(|said| &said.original_hashes);
    let hashes = hashes.map(|hash| Metadata { name: &hash.kind, value: hash.value.reveal() });
    let metadatas: Vec<Metadata<'_>> = uploaded_at.into_iter().chain(pairs).chain(hashes).collect();
    (!metadatas.is_empty()).then_some(Metadatas { metadatas })
}

/// The sender's words first, because a reader joins a file to a mail when they begin `Message ID:`.
fn notes(file: &DossierFile) -> String {
    let Some(statement) = &file.statement else { return String::new() };
    let own = statement.additional.iter().map(|note| note.reveal().clone());
    own.chain(statement_lines(statement)).collect::<Vec<String>>().join("\n")
}

fn statement_lines(statement: &FileStatement) -> Vec<String> {
    let annotations = statement.annotations.join(", ");
    let facts = [
        ("Sender annotations", (!annotations.is_empty()).then_some(annotations)),
        ("Location", said(statement.location.as_ref()).map(str::to_owned)),
        (
            "Relevance",
            (statement.relevance == Relevance::Supplemental).then(|| statement.relevance.to_string()),
        ),
    ];
    let facts = facts.into_iter().filter_map(|(label, fact)| Some(format!("{label}: {}", fact?)));
    let devices =
        statement.devices.iter().map(|device| format!("Device: {} {}", device.kind, device.value.reveal()));
    let unmodelled = statement
        .unmodelled
        .iter()
        .map(|rest| format!("Received element {}: {}", rest.path, rest.text.reveal()));
    facts.chain(devices).chain(unmodelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_readers_find_every_tag() {
        for count in 0..5 {
            let tags: Vec<String> = (0..count).map(|at| format!("tag {at}")).collect();
            let groups = groups(&tags).groups;
            let all_of_group_0: Vec<String> =
                groups.first().iter().flat_map(|group| &group.tags).map(|tag| tag.value.clone()).collect();
            let first_of_each: Vec<String> = groups.iter().map(|group| group.tags[0].value.clone()).collect();
            assert_eq!(all_of_group_0, tags);
            assert_eq!(first_of_each, tags);
        }
    }
}
