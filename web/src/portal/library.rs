//! Documents and training material: read by everybody, put in by whoever keeps the library.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use domain::portal::Shelf;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use office::Trouble;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, button};
use workspace::library::{self, Brought, MOST_BYTES, Volume};

use super::{Fields, Portal, is_name, not_done, said, version};
use crate::door::{Admitted, Token};
use crate::multipart::{Multipart, Unreadable};
use crate::upload::{self, MOST_TOKEN_BYTES, NOT_WHOLE};
use crate::{moment, redirect, size};

const TITLE: &str = "Library";
const NEW_FORM: &str = "library-new";
/// Words of one answer.
const MOST_WORDS_BYTES: usize = 16 * 1024;
/// Answers of one form.
const MOST_FIELDS: usize = 16;

/// `GET …/library`.
pub(super) async fn page(State(portal): State<Portal>, who: Admitted) -> Response {
    shelves(&portal, &who, StatusCode::OK, None).await
}

async fn shelves(portal: &Portal, who: &Admitted, status: StatusCode, note: Option<Markup>) -> Response {
    let viewer = portal.viewer(who);
    match library::list(portal.house(), &viewer).await {
        Ok(all) => {
            let main = html! {
                h1 { (TITLE) }
                @if let Some(note) = &note { (note) }
                @for shelf in Shelf::ALL { (stands(portal, *shelf, &all)) }
                @if portal.room.keeps_library && library::keeps(&viewer) {
                    h2 { "Put a document in" }
                    (bringing(&portal.room.path("/library"), &who.visit.token(NEW_FORM), None))
                }
            };
            portal.below(status, who, &[], (TITLE, &main)).await
        }
        Err(trouble) => portal.away(who, &trouble).await,
    }
}

fn stands(portal: &Portal, shelf: Shelf, all: &[Volume]) -> Markup {
    let columns = ["Document", "What it is for", "Version", "Of", "Size"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Volume| {
        let href = portal.room.path(&format!("/library/{}", one.document));
        Row {
            head: html! { (Link { href: &href, label: &one.title }) },
            cells: vec![
                ui::text(&one.summary),
                html! { (one.version) },
                moment(one.added_at),
                html! { (size(one.size_bytes)) },
            ],
        }
    };
    let rows: Vec<Row> = all.iter().filter(|one| one.shelf == shelf).map(row).collect();
    html! {
        h2 { (shelf.title()) }
        @if rows.is_empty() { (ui::empty("Nothing stands here yet.", None)) }
        @else { (ui::table(&Table { caption: shelf.title(), columns: &columns, rows: &rows, swap: None })) }
    }
}

fn bringing(action: &str, token: &str, follows: Option<&Volume>) -> Markup {
    let shelves: Vec<Choice<'_>> =
        Shelf::ALL.iter().map(|shelf| Choice { value: shelf.as_str(), label: shelf.title() }).collect();
    let (shelf, title, summary) =
        follows.map_or(("", "", ""), |one| (one.shelf.as_str(), one.title.as_str(), one.summary.as_str()));
    ui::post_files(
        action,
        token,
        &html! {
            @if let Some(one) = follows { input type="hidden" name="version" value=(one.version); }
            (Field::new("shelf", "Where it stands").kind(Kind::Choice(&shelves)).value(shelf))
            (Field::new("title", "Title").value(title).required())
            (Field::new("summary", "What it is for").kind(Kind::Lines(3)).value(summary))
            (Field::new("file", "File").kind(Kind::File).required().hint("PDF, plain text, Markdown or CSV, at most 16 MiB. A synthetic demo takes text only."))
            (button(if follows.is_some() { "Put the new version in" } else { "Put it in" }, Button::Primary))
        },
    )
}

/// `GET …/library/{document}`.
pub(super) async fn document(
    State(portal): State<Portal>,
    who: Admitted,
    Path(id): Path<String>,
) -> Response {
    volume(&portal, &who, StatusCode::OK, (&id, None)).await
}

async fn volume(
    portal: &Portal,
    who: &Admitted,
    status: StatusCode,
    (id, note): (&str, Option<Markup>),
) -> Response {
    if !is_name(id) {
        return portal.not_found(who).await;
    }
    let viewer = portal.viewer(who);
    let all = match library::versions(portal.house(), &viewer, id.to_owned()).await {
        Ok(all) => all,
        Err(trouble) => return portal.away(who, &trouble).await,
    };
    let Some(newest) = all.first() else { return portal.not_found(who).await };
    let at = |rest: &str| portal.room.path(&format!("/library/{id}{rest}"));
    let main = html! {
        h1 { (ui::text(&newest.title)) }
        @if let Some(note) = &note { (note) }
        p .house-words { (ui::text(&newest.summary)) }
        (versions(portal, &all))
        @if portal.room.keeps_library && library::keeps(&viewer) {
            h2 { "A new version" }
            (bringing(&at(""), &who.visit.token(&form_of(id)), Some(newest)))
            h2 { "Take it out" }
            p { "Nobody is given it any more. The ledger keeps which versions there were." }
            (ui::post(&at("/withdraw"), &who.visit.token(&form_of(id)), &button("Take it out", Button::Grave)))
        }
    };
    let (href, above) = (portal.room.path("/library"), TITLE);
    portal.below(status, who, &[Link { href: &href, label: above }], (&newest.title, &main)).await
}

fn versions(portal: &Portal, all: &[Volume]) -> Markup {
    let columns =
        ["Version", "Of", "File", "Size", "SHA-256"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Volume| {
        let href = portal.room.path(&format!("/library/{}/{}", one.document, one.version));
        let label = format!("Version {}", one.version);
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                moment(one.added_at),
                ui::text(&one.file_name),
                html! { (size(one.size_bytes)) },
                html! { code { (seal::hex(&one.sha256)) } },
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption: "Versions, the newest first", columns: &columns, rows: &rows, swap: None })
}

fn form_of(id: &str) -> String {
    format!("library-{id}")
}

/// `GET …/library/{document}/{version}`: a copy, which no browser shows by itself.
pub(super) async fn take(
    State(portal): State<Portal>,
    who: Admitted,
    Path((id, version)): Path<(String, String)>,
) -> Response {
    let version = version.parse::<u32>().ok().filter(|_| is_name(&id));
    let Some(version) = version else { return portal.not_found(&who).await };
    match library::take(portal.house(), &portal.viewer(&who), (id, version)).await {
        Ok((volume, bytes)) => copy(&volume, bytes),
        Err(trouble) => portal.away(&who, &trouble).await,
    }
}

fn copy(volume: &Volume, bytes: Vec<u8>) -> Response {
    let sound =
        |letter: char| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '_' };
    let name: String = volume.file_name.chars().map(sound).collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    for (field, value) in [
        (header::CONTENT_TYPE, volume.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(field, value);
        }
    }
    response
}

/// `POST …/library`.
pub(super) async fn add(
    State(portal): State<Portal>,
    who: Admitted,
    headers: HeaderMap,
    parts: Multipart,
) -> Response {
    match bring(&portal, &who, (&headers, NEW_FORM), (None, parts)).await {
        Ok(id) => redirect(&portal.room.path(&format!("/library/{id}"))),
        Err(NotTaken::Form) => portal.stale(&who).await,
        Err(NotTaken::Said(says)) => {
            let note = Some(not_done(says, ""));
            shelves(&portal, &who, StatusCode::UNPROCESSABLE_ENTITY, note).await
        }
        Err(NotTaken::Trouble(trouble)) => portal.away(&who, &trouble).await,
    }
}

/// `POST …/library/{document}`.
pub(super) async fn follow(
    State(portal): State<Portal>,
    who: Admitted,
    Path(id): Path<String>,
    headers: HeaderMap,
    parts: Multipart,
) -> Response {
    if !is_name(&id) {
        return portal.not_found(&who).await;
    }
    match bring(&portal, &who, (&headers, &form_of(&id)), (Some(&id), parts)).await {
        Ok(id) => redirect(&portal.room.path(&format!("/library/{id}"))),
        Err(NotTaken::Form) => portal.stale(&who).await,
        Err(NotTaken::Said(says)) => {
            let note = Some(not_done(says, ""));
            volume(&portal, &who, StatusCode::UNPROCESSABLE_ENTITY, (&id, note)).await
        }
        Err(NotTaken::Trouble(trouble)) => portal.away(&who, &trouble).await,
    }
}

/// `POST …/library/{document}/withdraw`.
pub(super) async fn withdraw(
    State(portal): State<Portal>,
    who: Admitted,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    if !is_name(&id) {
        return portal.not_found(&who).await;
    }
    if !who.visit.may_post(&headers, &form.csrf, &form_of(&id)) {
        return portal.stale(&who).await;
    }
    match library::withdraw(portal.house(), &portal.viewer(&who), id).await {
        Ok(()) => redirect(&portal.room.path("/library")),
        Err(trouble) => portal.away(&who, &trouble).await,
    }
}

/// Why nothing was taken.
enum NotTaken {
    /// The form was not ours, of this session.
    Form,
    /// In words for whoever brought it.
    Said(&'static str),
    /// A denial, or ours to mend.
    Trouble(Trouble),
}

impl From<Unreadable> for NotTaken {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            // Its words are too long for one of ours.
            Unreadable::Words => Self::Form,
            Unreadable::Broken | Unreadable::BrokenOff => Self::Said(NOT_WHOLE),
        }
    }
}

impl From<Trouble> for NotTaken {
    fn from(trouble: Trouble) -> Self {
        match trouble.refusal().map(|refused| refused.code()) {
            Some("unfit") => Self::Said(
                "Give it a title of at most 200 letters, and choose a file that is what its name says: PDF, plain text, Markdown or CSV, at most 16 MiB. A synthetic demo takes text only.",
            ),
            Some("conflict") => {
                Self::Said("Somebody else put a version in meanwhile. It stands below; yours was not taken.")
            }
            _ => Self::Trouble(trouble),
        }
    }
}

/// The token comes first, then the words, then the file: nothing is kept of a form that is not ours.
async fn bring(
    portal: &Portal,
    who: &Admitted,
    (headers, form): (&HeaderMap, &str),
    (document, mut parts): (Option<&str>, Multipart),
) -> Result<String, NotTaken> {
    let (viewer, mut is_ours, mut fields) = (portal.viewer(who), false, Fields::new());
    loop {
        let mut part = upload::next(&mut parts).await?;
        let name = part.head().name().unwrap_or_default().to_owned();
        match name.as_str() {
            "csrf" => {
                is_ours = who.visit.may_post(headers, &part.words(MOST_TOKEN_BYTES).await?, form);
            }
            "file" if !is_ours || !library::keeps(&viewer) => {
                upload::skip(part).await?;
                return Err(NotTaken::Form);
            }
            "file" => {
                let file_name = part.head().file_name().ok_or(Unreadable::BrokenOff)?.to_owned();
                let mut bytes = Vec::new();
                while let Some(frame) = part.frame().await? {
                    bytes.extend_from_slice(&frame);
                    if bytes.len() > MOST_BYTES {
                        upload::skip(part).await?;
                        return Err(NotTaken::Said("The file is longer than 16 MiB."));
                    }
                }
                let word = |name: &str| said(&fields, name).to_owned();
                let shelf = said(&fields, "shelf").parse().unwrap_or(Shelf::Document);
                let follows = document.map(|id| (id.to_owned(), version(&fields)));
                let brought = Brought {
                    follows,
                    shelf,
                    title: word("title"),
                    summary: word("summary"),
                    file_name,
                    bytes,
                };
                return Ok(library::add(portal.house(), &viewer, brought).await?);
            }
            _ if is_ours && fields.len() < MOST_FIELDS => {
                fields.push((name, part.words(MOST_WORDS_BYTES).await?));
            }
            // Dropped, it is passed over.
            _ => {}
        }
    }
}
