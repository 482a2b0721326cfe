//! Files of a form's report: sent one at a time, streamed through the same door as a client's.

use axum::extract::Path;
use axum::response::Response;
use domain::{FileId, FileStatement, Private, ReportId, TriState};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::intake::{self, PartHeaders, Refused};
use pipeline::portal::{self, File};
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Tri, button};
use web::multipart::{Multipart, Part, Unreadable};
use web::upload::{self, MOST_TOKEN_BYTES, NOT_WHOLE};

use super::{Filling, Step, frame, review, title};
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

fn upload_name(filling: &Filling) -> String {
    format!("form-upload-{}", filling.number)
}

/// The step in which files are added.
pub(super) fn page(who: &SignedIn, filling: &Filling, status: StatusCode, said: &Markup) -> Response {
    let Some(report) = &filling.report else { return shell::not_found(who) };
    let action = format!("{}/{}/upload", NEW_REPORT.href, filling.number);
    let ask = html! {
        (Field::new("file", "A file").kind(Kind::File).hint("Any size. It is sealed while it arrives.").required())
        (button("Send the file", Button::Secondary))
    };
    let body = html! {
        (said)
        p { "This is report " strong { (report.open.report) } ". A report without files is a report too." }
        (table(filling.number, &report.files))
        (ui::post_files(&action, &who.visit.token(&upload_name(filling)), &ask))
        div .house-actions {
            a .usa-button href=(Step::Finish.address(filling.number)) { "Go on to file it" }
            (review::change(who, filling))
        }
    };
    shell::below(
        status,
        who,
        &[NEW_REPORT],
        &title(filling, Step::Files),
        &frame(filling, Step::Files, &body),
    )
}

/// The files so far.
pub(super) fn table(form: ReportId, files: &[File]) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["File", "Answers", "Viewed", "EXIF viewed", "Public", "Size", "SHA-256"].map(fixed);
    let rows: Vec<Row> = files.iter().map(|file| row(form, file)).collect();
    html! {
        @if rows.is_empty() {
            (ui::empty("No file yet.", None))
        } @else {
            (ui::table(&Table { caption: "Files of this report", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

fn row(form: ReportId, file: &File) -> Row {
    let said = file.statement.as_ref();
    let tri = |read: fn(&FileStatement) -> TriState| {
        html! { (Tri::from(Option::<bool>::from(said.map_or(TriState::Unknown, read)))) }
    };
    let href = format!("{}/{form}/files/{}", NEW_REPORT.href, file.id);
    let label = format!(
        "{} file {}",
        if said.is_some() { "Change answers about" } else { "Answer about" },
        file.position
    );
    Row {
        head: html! { (ui::text(&name(file))) },
        cells: vec![
            html! { (Link { href: &href, label: &label }) },
            tri(|said| said.viewed),
            tri(|said| said.exif_viewed),
            tri(|said| said.public),
            html! { (web::size(file.size_bytes)) },
            html! { code { (file.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>()) } },
        ],
    }
}

/// What a file is called on our pages.
pub(super) fn name(file: &File) -> String {
    let given = file.uploaded_name.as_ref().map(|name| name.reveal().clone());
    given.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("file {}", file.position))
}

/// `POST /provider/forms/{form}/upload`.
pub(super) async fn upload(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    parts: Multipart,
) -> Response {
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    let Some(report) = filling.form.report else {
        return web::redirect(&filling.resume_at().address(filling.number));
    };
    match received(&who, &filling, report, &headers, parts).await {
        Ok(file) => web::redirect(&format!("{}/{}/files/{file}", NEW_REPORT.href, filling.number)),
        Err(NotTaken::Form) => shell::stale_form(&who),
        Err(NotTaken::Said(said)) => page(&who, &filling, StatusCode::UNPROCESSABLE_ENTITY, &said),
    }
}

/// Why a file was not taken.
enum NotTaken {
    /// The form was not ours, of this session.
    Form,
    /// What is said about it.
    Said(Markup),
}

impl From<Refused> for NotTaken {
    fn from(refused: Refused) -> Self {
        Self::Said(review::told(&refused))
    }
}

impl From<Unreadable> for NotTaken {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            // Its words are too long for one of ours.
            Unreadable::Words => Self::Form,
            Unreadable::Broken | Unreadable::BrokenOff => Self::Said(ui::mistakes(&[("file", NOT_WHOLE)])),
        }
    }
}

/// Takes the token first, then the file: not a byte is kept of a form that is not ours.
async fn received(
    who: &SignedIn,
    filling: &Filling,
    report: ReportId,
    headers: &HeaderMap,
    mut parts: Multipart,
) -> Result<FileId, NotTaken> {
    let mut is_ours = false;
    loop {
        let part = upload::next(&mut parts).await?;
        match part.head().name() {
            Some("csrf") => {
                let token = part.words(MOST_TOKEN_BYTES).await?;
                is_ours = who.visit.may_post(headers, &token, &upload_name(filling));
            }
            Some("file") if !is_ours => {
                upload::skip(part).await?;
                return Err(NotTaken::Form);
            }
            Some("file") if part.head().file_name().is_none() => return Err(Unreadable::BrokenOff.into()),
            Some("file") => return keep(who, report, part).await,
            _ => {}
        }
    }
}

async fn keep(who: &SignedIn, report: ReportId, mut part: Part<'_>) -> Result<FileId, NotTaken> {
    let house = &who.portal.house;
    let headers = PartHeaders {
        file_name: part.head().file_name().map(|name| Private::new(name.to_owned())),
        media_type: part.head().content_type().map(str::to_owned),
        encoding: None,
    };
    let broken = |trouble: pipeline::Trouble| {
        NotTaken::Said(web::frame::broken(&crate::portal::incident(house, &trouble)))
    };
    let login = portal::login(house, &who.member).await.map_err(broken)?;
    let mut upload = intake::begin_upload(house, &login, Some(report)).await?;
    while let Some(frame) = part.frame().await? {
        upload.push(frame).await?;
    }
    Ok(upload.finish(&login, report, headers).await?.file)
}
