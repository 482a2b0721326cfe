//! What a provider says about one file.

use domain::{
    FileId, FileStatement, MetadataGroup, MetadataPair, OriginalHash, Private, Relevance, ReportId, TriState,
    Unmodelled,
};

use super::super::document::{Document, ROOT};
use super::super::lenient::{self, Stray};
use super::shared::{Part, device, ip_event};

/// The statement that the document holds, about ids that were already read.
pub(crate) fn statement(
    document: &Document,
    (report, file): (ReportId, FileId),
    strays: &[Stray],
) -> FileStatement {
    let whole = Part { document, node: ROOT };
    let mut unmodelled = lenient::unmodelled(document, strays);
    FileStatement {
        report,
        file,
        file_name: whole.said("fileName"),
        original_name: whole.said("originalFileName"),
        uploaded_at: whole.first("uploadedToEspTimestamp").and_then(Part::moment),
        location: whole.said("locationOfFile"),
        viewed: TriState::from(whole.answer("fileViewedByEsp")),
        exif_viewed: TriState::from(whole.answer("exifViewedByEsp")),
        public: TriState::from(whole.answer("publiclyAvailable")),
        relevance: relevance(whole),
        annotations: annotations(whole, &mut unmodelled),
        classification: whole.plain("industryClassification"),
        original_hashes: whole.each("originalFileHash", original_hash),
        ip_event: whole.first("ipCaptureEvent").map(ip_event),
        devices: whole.each("deviceId", device),
        details: whole.each("details", metadata),
        additional: whole.each("additionalInfo", Part::private),
        unmodelled,
    }
}

fn relevance(whole: Part) -> Relevance {
    whole.plain("fileRelevance").and_then(|word| word.parse().ok()).unwrap_or(Relevance::Reported)
}

/// The marks; the legacy meme mark is one of them when it says yes. Its no has no field, so it is kept as it came.
fn annotations(whole: Part, unmodelled: &mut Vec<Unmodelled>) -> Vec<String> {
    let marks = whole.first("fileAnnotations").map(Part::marks).unwrap_or_default();
    match whole.first("potentialMeme") {
        Some(meme) if meme.yes_or_no() == Some(true) => vec![meme.name().to_owned()],
        Some(meme) => {
            let path = whole.document.path(meme.node);
            unmodelled.push(Unmodelled { path, text: meme.private() });
            marks
        }
        None => marks,
    }
}

fn original_hash(part: Part) -> OriginalHash {
    OriginalHash { kind: part.attribute("hashType").unwrap_or_default(), value: part.private() }
}

fn metadata(part: Part) -> MetadataGroup {
    // Known mistake of a client, lenient only: the type on the pairs.
    let on_pairs = || lenient::pair_type(part.document, part.node).map(str::to_owned);
    let pair = |pair: Part| MetadataPair {
        name: pair.plain("name").unwrap_or_default(),
        value: Private::new(pair.plain("value").unwrap_or_default()),
    };
    MetadataGroup { kind: part.attribute("type").or_else(on_pairs), pairs: part.each("nameValuePair", pair) }
}
