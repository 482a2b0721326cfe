//! A file statement as a document.

use domain::{FileStatement, MetadataGroup, Relevance};

use super::people;
use super::tags::Tags;

/// A file statement as a document; reading it back gives the same value.
#[must_use]
pub fn file_details_to_xml(statement: &FileStatement) -> String {
    let mut tags = Tags::new();
    tags.inside("fileDetails", |tags| {
        tags.leaf("reportId", &statement.report.to_string());
        tags.leaf("fileId", statement.file.as_str());
        tags.said("fileName", statement.file_name.as_ref());
        tags.said("originalFileName", statement.original_name.as_ref());
        tags.moment("uploadedToEspTimestamp", statement.uploaded_at.as_ref());
        tags.said("locationOfFile", statement.location.as_ref());
        tags.answer("fileViewedByEsp", statement.viewed.into());
        tags.answer("exifViewedByEsp", statement.exif_viewed.into());
        tags.answer("publiclyAvailable", statement.public.into());
        // Reported is also what silence means.
        if statement.relevance == Relevance::Supplemental {
            tags.leaf("fileRelevance", statement.relevance.as_str());
        }
        tags.marks("fileAnnotations", &statement.annotations);
        tags.plain("industryClassification", statement.classification.as_ref());
        for hash in &statement.original_hashes {
            tags.open("originalFileHash").attribute("hashType", Some(&hash.kind)).text(hash.value.reveal());
        }
        statement.ip_event.iter().for_each(|event| people::ip_event(tags, event));
        statement.devices.iter().for_each(|device| people::device(tags, device));
        statement.details.iter().for_each(|group| metadata(tags, group));
        tags.texts("additionalInfo", &statement.additional);
    });
    tags.finish()
}

fn metadata(tags: &mut Tags, group: &MetadataGroup) {
    tags.open("details").attribute("type", group.kind.as_ref()).then(|tags| {
        for pair in &group.pairs {
            tags.inside("nameValuePair", |tags| {
                tags.leaf("name", &pair.name);
                tags.leaf("value", pair.value.reveal());
            });
        }
    });
}
