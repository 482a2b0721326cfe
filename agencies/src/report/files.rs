//! The files: names, hashes, the sender's three answers, and whether the bytes may be opened. Nothing is shown of them.

use domain::{DossierFile, Relevance, ViewGround};
use maud::{Markup, html};
use ui::{Column, Order, Row, Table, Value, definitions, table};

use super::places;
use crate::show;

pub(super) fn section(files: &[DossierFile]) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = [
        "File",
        "Viewed by sender",
        "EXIF viewed",
        "Publicly available",
        "Class",
        "Opens on",
        "Seen before",
        "Size",
    ]
    .map(column);
    let rows: Vec<Row> = files.iter().map(row).collect();
    let caption = "Uploaded files, without their contents";
    html! {
        section aria-labelledby="files" {
            h2 #files { "Files" }
            @if files.is_empty() { (ui::empty("The sender uploaded no files.", None)) }
            @else {
                (table(&Table { caption, columns: &columns, rows: &rows, swap: None }))
                @for file in files { (ui::details(&format!("File {}: hashes and details", file.position), &facts(file))) }
            }
        }
    }
}

fn row(file: &DossierFile) -> Row {
    let statement = file.statement.as_ref();
    let class = statement.and_then(|s| s.classification.as_deref());
    let opens = match (file.retained, file.ground) {
        (false, _) => html! { "not retained" },
        (true, Some(ground)) => html! { (opened_by(ground)) " (" (ground) ")" },
        (true, None) => html! { "withheld: no ground" },
    };
    Row {
        head: html! { "File " (file.position) },
        cells: vec![
            show::tri(file.viewed()),
            show::tri(file.exif_viewed()),
            show::tri(file.public()),
            ui::text(class.unwrap_or("Unknown")),
            opens,
            html! { (file.seen_before) },
            html! { (show::size(file.size_bytes)) },
        ],
    }
}

/// The ground in words; the code beside it is the one in manifest and sheets.
const fn opened_by(ground: ViewGround) -> &'static str {
    match ground {
        ViewGround::EspViewed => "the sender viewed all of it",
        ViewGround::PubliclyAvailable => "it was publicly available",
        ViewGround::Warrant => "a warrant",
        ViewGround::Consent => "consent",
        ViewGround::Exigent => "exigent circumstances",
        ViewGround::Counsel => "a memorandum of counsel",
    }
}

fn facts(file: &DossierFile) -> Markup {
    let statement = file.statement.as_ref();
    let relevance = statement.map_or(Relevance::Reported, |s| s.relevance);
    let annotations = statement.map(|s| s.annotations.join(", "));
    html! {
        (definitions(&[
            ("Name given by the sender", show::said(file.name())),
            ("File id", Value::words(Some(file.file.as_str()))),
            ("MD5", Value::words(Some(&file.md5))),
            ("SHA-1", Value::words(Some(&file.sha1))),
            ("SHA-256", Value::words(Some(&file.sha256))),
            ("Media type (a claim)", Value::words(file.media_type.as_deref())),
            ("Received", show::moment(file.received_at).into()),
            ("Relevance", Value::words(Some(relevance.as_str()))),
            ("Annotations", Value::words(annotations.as_deref())),
            ("Uploaded to the sender", show::given(statement.and_then(|s| s.uploaded_at.as_ref()))),
            ("Location (not a link)", show::said(statement.and_then(|s| s.location.as_ref()))),
        ]))
        @if let Some(event) = statement.and_then(|s| s.ip_event.as_ref()) {
            (places::ip_events("Address that uploaded this file", std::slice::from_ref(event)))
        }
        @for group in statement.iter().flat_map(|s| &s.details) {
            (definitions(&group.pairs.iter().map(|p| (p.name.as_str(), show::said(Some(&p.value)))).collect::<Vec<_>>()))
        }
        @if file.exif_withheld { p { "What the sender read out of the EXIF block is withheld: no ground opens it." } }
        @for note in statement.iter().flat_map(|s| &s.additional) { p .house-words { (ui::text(note.reveal())) } }
    }
}
