//! The `fileDetails` document: what a provider says about one uploaded file.

use super::Kind::{Group, Text};
use super::shared::{DEVICES, IP_CAPTURE_EVENT};
use super::simple::{
    BOOLEAN, CLASSIFICATION, DATE_TIME, DETAIL_TYPE, LONG, RELEVANCE, STRING, TEXT_64, TEXT_2056, TEXT_2083,
    TOKEN,
};
use super::{Complex, Content, Element, attribute, flag, many, one, optional, required, sequence, several};

/// The root of a file statement.
pub static FILE_DETAILS: Element = one(
    "fileDetails",
    Group(&FILE_DETAILS_TYPE),
    "What is said about one uploaded file; `/fileinfo` takes it.",
);

static FILE_DETAILS_TYPE: Complex = sequence(
    "fileDetails",
    &[
        one("reportId", Text(&LONG), "The open report that the file belongs to."),
        one("fileId", Text(&TOKEN), "The file's id from the answer to its upload."),
        optional("fileName", Text(&STRING), "Old field for the file's name.").documented("no longer listed"),
        optional("originalFileName", Text(&TEXT_2056), "The name that the user gave the file."),
        optional("uploadedToEspTimestamp", Text(&DATE_TIME), "When the user uploaded it to the provider."),
        optional("locationOfFile", Text(&TEXT_2083), "Address at which the file was."),
        optional(
            "fileViewedByEsp",
            Text(&BOOLEAN),
            "A person at the provider viewed the entire contents; leave it out rather than guess.",
        ),
        optional("exifViewedByEsp", Text(&BOOLEAN), "A person at the provider viewed the EXIF block."),
        optional("publiclyAvailable", Text(&BOOLEAN), "The entire contents were reachable by online users."),
        optional(
            "fileRelevance",
            Text(&RELEVANCE),
            "Reported content, which is the default, or a supplement.",
        ),
        optional("potentialMeme", Text(&BOOLEAN), "Old field for the mark of the same name.")
            .documented("no longer listed; use `fileAnnotations`"),
        optional("fileAnnotations", Group(&FILE_ANNOTATIONS), "Marks about the file.").instead_of_previous(),
        optional(
            "industryClassification",
            Text(&CLASSIFICATION),
            "A: before puberty, B: in puberty, 1: sex act, 2: lascivious exhibition.",
        ),
        many("originalFileHash", Group(&ORIGINAL_FILE_HASH), "A hash computed at the original upload."),
        optional("ipCaptureEvent", Group(&IP_CAPTURE_EVENT), "The address that uploaded it; only one."),
        DEVICES,
        many("details", Group(&DETAILS), "A group of metadata."),
        many("additionalInfo", Text(&STRING), "Anything else about the file."),
    ],
    "What is said about one uploaded file.",
);

static FILE_ANNOTATIONS: Complex = Complex {
    name: "fileAnnotations",
    attributes: &[],
    content: Content::All(&[
        flag("animeDrawingVirtualHentai", "Drawn, animated or virtual."),
        flag("potentialMeme", "Shared as mimicry or otherwise without malicious intent."),
        flag("viral", "It spreads fast."),
        flag("possibleSelfProduction", "Believed to be self-produced."),
        flag("physicalHarm", "Intentional injury."),
        flag("violenceGore", "Graphic violence."),
        flag("bestiality", "An animal is involved."),
        flag("liveStreaming", "It was streamed live when it was uploaded."),
        flag("infant", "An infant."),
        flag("generativeAi", "Believed to be made by generative AI."),
    ]),
    says: "Marks about a file, in any order.",
};

static ORIGINAL_FILE_HASH: Complex = Complex {
    name: "originalFileHash",
    attributes: &[required("hashType", &TEXT_64, "The algorithm, such as MD5, SHA1, SHA256 or PDQ.")],
    content: Content::Text(&STRING),
    says: "A hash that the provider computed.",
};

static DETAILS: Complex = sequence(
    "details",
    &[several("nameValuePair", Group(&NAME_VALUE_PAIR), "One name with its value.")],
    "A group of metadata.",
)
.with(&[attribute("type", &DETAIL_TYPE, "What kind of metadata it is; it belongs here, not on the pairs.")]);

/// One name with its value.
static NAME_VALUE_PAIR: Complex = sequence(
    "nameValuePair",
    &[one("name", Text(&TEXT_64), "The name."), one("value", Text(&STRING), "The value.")],
    "One name with its value.",
);
