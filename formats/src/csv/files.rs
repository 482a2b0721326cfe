//! `files.csv`: every uploaded file, in the package or not, beside the mail or page it belongs to.

use std::io::{self, Write};

use domain::{Dossier, DossierFile, IncidentDetail, ViewGround};

use super::sheet::{Cell, Sheet};
use crate::files::Files;
use crate::package::words::{self, said};

const HEADER: [&str; 36] = [
    // cybertipParser.
    "Tip Filename",
    "Original Filename",
    "Event",
    "IP Address",
    "Datetime",
    "Classification",
    "Viewed by ESP?",
    "NCMEC Tags",
    "Hash",
    "Additional Information",
    // CAT-RG.
    "Submittal Id",
    "Sent Date",
    "E-mailed From",
    "E-mailed To",
    "Web Page Number",
    "URL",
    "Type",
    "Text",
    // Ours.
    "EXIF Viewed by ESP?",
    "Publicly Available?",
    "In Package",
    "View Ground",
    "EXIF Withheld",
    "SHA-1",
    "SHA-256",
    "Size (bytes)",
    "Media Type",
    "Received",
    "Uploaded As Given",
    "Relevance",
    "Sender Annotations",
    "Location",
    "Original Hashes",
    "Port",
    "Seen In Earlier Reports",
    "Bytes Kept",
];

/// By what readers join a file to a mail: the file's text begins with the first, the mail has a line of the second.
const MESSAGE_ID: &str = "Message ID:";
const MESSAGE_HEADERS: [&str; 2] = ["X-Ymail-Msg-Id:", "Message-ID:"];

/// The sheet: UTF-8 with byte-order mark.
///
/// # Errors
/// When a file cannot be read, or the sheet not be written.
pub fn files(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(out, HEADER)?;
    dossier.files.each().try_for_each(|file| sheet.row(row(dossier, &*file?)))
}

fn row(dossier: &Dossier<impl Files>, file: &DossierFile) -> [Cell; 36] {
    let statement = file.statement.as_ref();
    let event = statement.and_then(|said| said.ip_event.as_ref());
    let notes: Vec<&str> =
        statement.iter().flat_map(|said| &said.additional).map(|note| note.reveal().as_str()).collect();
    let hashes: Vec<String> = statement
        .iter()
        .flat_map(|said| &said.original_hashes)
        .map(|hash| format!("{} {}", hash.kind, hash.value.reveal()))
        .collect();
    let mail = mail(dossier, &notes);
    let page = page(dossier, file);
    [
        words::file_name(dossier.report, file).into(),
        said(file.name()).into(),
        event.map(|event| event.event.as_deref().unwrap_or("Unknown")).into(),
        event.map(|event| event.address.reveal().as_str()).into(),
        event.and_then(|event| event.at.as_ref()).and_then(words::given_utc).into(),
        statement.and_then(|said| said.classification.as_deref()).into(),
        file.viewed().as_str().into(),
        words::tags(file).join("; ").into(),
        file.md5.as_str().into(),
        notes.join("\n").into(),
        file.file.as_str().into(),
        mail.as_ref().and_then(|mail| header(mail, "Sent Date:")).into(),
        mail.as_ref().and_then(|mail| header(mail, "From:")).into(),
        mail.as_ref().and_then(|mail| header(mail, "To:")).into(),
        page.as_ref().map(|page| page.number.to_string()).into(),
        page.as_ref().map(|page| page.url).into(),
        page.as_ref().and_then(|page| header(page.text, "Type:")).into(),
        page.as_ref().and_then(|page| header(page.text, "Text:")).into(),
        file.exif_viewed().as_str().into(),
        file.public().as_str().into(),
        yes(words::is_open(file)).into(),
        file.ground.map(ViewGround::as_str).into(),
        yes(file.exif_withheld).into(),
        file.sha1.as_str().into(),
        file.sha256.as_str().into(),
        file.size_bytes.into(),
        file.media_type.as_deref().into(),
        words::utc(file.received_at).into(),
        statement.and_then(|said| said.uploaded_at.as_ref()).map(|at| at.text.as_str()).into(),
        statement.map(|said| said.relevance.as_str()).into(),
        statement.map(|said| said.annotations.join("; ")).into(),
        statement.and_then(|file| said(file.location.as_ref())).into(),
        hashes.join("; ").into(),
        event.and_then(|event| event.port).map(|port| port.to_string()).into(),
        u64::from(file.seen_before).into(),
        yes(file.retained).into(),
    ]
}

const fn yes(fact: bool) -> &'static str {
    if fact { "Yes" } else { "No" }
}

/// The mail that a file was attached to, by its message id.
fn mail<'a>(dossier: &'a Dossier<impl Files>, notes: &[&str]) -> Option<&'a str> {
    let id = notes.iter().find_map(|note| header(note, MESSAGE_ID)).filter(|id| !id.is_empty())?;
    let contents = dossier.submission.details.iter().filter_map(|detail| match detail {
        IncidentDetail::Email { content, .. } => said(content.as_ref()),
        _ => None,
    });
    contents.into_iter().find(|content| MESSAGE_HEADERS.iter().any(|name| header(content, name) == Some(id)))
}

/// A web page of the report.
struct Page<'a> {
    number: usize,
    url: &'a str,
    text: &'a str,
}

/// The page that a file was found on, when the sender says the same address for both.
fn page<'a>(dossier: &'a Dossier<impl Files>, file: &DossierFile) -> Option<Page<'a>> {
    let location = said(file.statement.as_ref()?.location.as_ref())?;
    let pages = dossier.submission.details.iter().filter_map(|detail| match detail {
        IncidentDetail::WebPage { urls, additional, .. } => Some((urls, additional)),
        _ => None,
    });
    let addresses = pages.flat_map(|(urls, text)| urls.iter().map(move |url| (url.reveal().as_str(), text)));
    let mut numbered = addresses.enumerate();
    let (at, (url, text)) = numbered.find(|(_, (url, _))| *url == location)?;
    Some(Page { number: at + 1, url, text: said(text.as_ref()).unwrap_or_default() })
}

/// The rest of the first line that begins with this label.
fn header<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim_start().strip_prefix(label)).map(str::trim)
}
