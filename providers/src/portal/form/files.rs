//! Files of a form's report: sent one at a time, streamed through the same door as a client's, and asked about one by
//! one.

use std::time::Duration;

use axum::Form as Posted;
use axum::extract::multipart::Field as Part;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use cybertip::language::{FILE_DETAILS, Kind as Holds};
use domain::{FileId, FileStatement, Private, Relevance, ReportId, TriState};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::intake::{self, PartHeaders, Refused};
use pipeline::portal::{self, File};
use ui::{Button, Choice, Choices, Column, Field, Kind, Link, Order, Row, Table, Tri, button};

use super::questions;
use super::{Filling, Step, frame, review, title};
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

/// How long a browser may be silent in the middle of a file.
const PATIENCE: Duration = Duration::from_secs(30);
/// A form token is never longer.
const MOST_TOKEN_BYTES: usize = 256;

/// What is asked about a file, with three answers each: the element of the language, and the question.
const ASKED: [(&str, &str); 3] = [
    ("fileViewedByEsp", "Did a person at your company view the whole file?"),
    ("exifViewedByEsp", "Did a person at your company view its EXIF data?"),
    ("publiclyAvailable", "Was the whole file publicly available?"),
];
const TRI: [Choice<'static>; 3] = [
    Choice { value: "Unknown", label: "I do not know, or I do not want to say" },
    Choice { value: "Yes", label: "Yes" },
    Choice { value: "No", label: "No" },
];

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

fn name(file: &File) -> String {
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

fn not_whole() -> NotTaken {
    let mistake =
        [("file", "The file did not arrive whole, or none was chosen. Choose it and send it again.")];
    NotTaken::Said(ui::mistakes(&mistake))
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
        let part = tokio::time::timeout(PATIENCE, parts.next_field()).await.map_err(|_| not_whole())?;
        let Some(part) = part.map_err(|_| not_whole())? else { return Err(not_whole()) };
        match part.name() {
            Some("csrf") => {
                let token = token(part).await?;
                is_ours = who.visit.may_post(headers, &token, &upload_name(filling));
            }
            Some("file") if !is_ours => return Err(NotTaken::Form),
            Some("file") if part.file_name().is_none_or(str::is_empty) => return Err(not_whole()),
            Some("file") => return keep(who, report, part).await,
            _ => {}
        }
    }
}

async fn token(mut part: Part<'_>) -> Result<String, NotTaken> {
    let mut bytes = Vec::new();
    while let Some(frame) = frame_of(&mut part).await? {
        bytes.extend_from_slice(&frame);
        if bytes.len() > MOST_TOKEN_BYTES {
            return Err(NotTaken::Form);
        }
    }
    String::from_utf8(bytes).map_err(|_| NotTaken::Form)
}

async fn frame_of(part: &mut Part<'_>) -> Result<Option<bytes::Bytes>, NotTaken> {
    let frame = tokio::time::timeout(PATIENCE, part.chunk()).await.map_err(|_| not_whole())?;
    frame.map_err(|_| not_whole())
}

async fn keep(who: &SignedIn, report: ReportId, mut part: Part<'_>) -> Result<FileId, NotTaken> {
    let house = &who.portal.house;
    let headers = PartHeaders {
        file_name: part.file_name().map(|name| Private::new(name.to_owned())),
        media_type: part.content_type().map(str::to_owned),
        encoding: None,
    };
    let broken = |trouble: pipeline::Trouble| {
        NotTaken::Said(web::frame::broken(&crate::portal::incident(house, &trouble)))
    };
    let login = portal::login(house, &who.member).await.map_err(broken)?;
    let mut upload = intake::begin_upload(house, &login, Some(report)).await?;
    while let Some(frame) = frame_of(&mut part).await? {
        upload.push(&frame).await?;
    }
    Ok(upload.finish(&login, report, headers).await?.file)
}

/// `GET /provider/forms/{form}/files/{file}`.
pub(super) async fn questions(who: SignedIn, Path((number, file)): Path<(String, String)>) -> Response {
    match Asking::find(&who, &number, &file).await {
        Ok(asking) => asking.show(&who, StatusCode::OK, &[]),
        Err(refused) => refused,
    }
}

/// `POST /provider/forms/{form}/files/{file}`.
pub(super) async fn answer(
    who: SignedIn,
    Path((number, file)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(posted): Posted<Vec<(String, String)>>,
) -> Response {
    let mut asking = match Asking::find(&who, &number, &file).await {
        Ok(asking) => asking,
        Err(refused) => return refused,
    };
    let token = posted.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
    if !who.visit.may_post(&headers, token, &asking.form_name()) {
        return shell::stale_form(&who);
    }
    asking.take(&posted);
    let mistakes = asking.mistakes();
    if !mistakes.is_empty() {
        return asking.show(&who, StatusCode::UNPROCESSABLE_ENTITY, &mistakes);
    }
    let (house, schema) = (&who.portal.house, who.portal.schema);
    match portal::describe_file(house, &who.member, &asking.said, schema).await {
        Ok(_) => web::redirect(&Step::Files.address(asking.filling.number)),
        Err(refused) => {
            page(&who, &asking.filling, StatusCode::UNPROCESSABLE_ENTITY, &review::told(&refused))
        }
    }
}

/// One file that is asked about.
struct Asking {
    filling: Filling,
    position: u32,
    name: String,
    said: FileStatement,
}

impl Asking {
    async fn find(who: &SignedIn, number: &str, file: &str) -> Result<Self, Response> {
        let filling = Filling::find(who, number).await?;
        let found = filling.report.as_ref().and_then(|report| {
            let file = report.files.iter().find(|known| known.id.to_string() == file)?;
            let said = file.statement.clone().unwrap_or_else(|| unsaid(report.open.report, file));
            Some((file.position, name(file), said))
        });
        let (position, name, said) = found.ok_or_else(|| shell::not_found(who))?;
        Ok(Self { filling, position, name, said })
    }

    fn form_name(&self) -> String {
        format!("form-file-answers-{}", self.said.file)
    }

    /// Takes what was posted, as far as it is one of the answers.
    fn take(&mut self, posted: &[(String, String)]) {
        let one = |name| values(posted, name).next().unwrap_or_default();
        let tri = |name| one(name).parse::<TriState>().unwrap_or(TriState::Unknown);
        let known = marks();
        let said = &mut self.said;
        (said.viewed, said.exif_viewed, said.public) =
            (tri("fileViewedByEsp"), tri("exifViewedByEsp"), tri("publiclyAvailable"));
        said.relevance = one("fileRelevance").parse().unwrap_or(Relevance::Reported);
        said.annotations = known
            .iter()
            .map(|(name, _)| name)
            .filter(|name| values(posted, "fileAnnotations").any(|chosen| chosen == *name))
            .cloned()
            .collect();
        let kept = one("originalFileName").chars().filter(|letter| !letter.is_control()).collect::<String>();
        said.original_name = (!kept.is_empty()).then(|| Private::new(kept));
    }

    /// Whoever saw the EXIF data saw the file.
    fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        if self.said.exif_viewed.is_yes() && !self.said.viewed.is_yes() {
            found.push(("fileViewedByEsp", "If the EXIF data was viewed, the whole file must have been viewed. Change one of the two answers."));
        }
        if self
            .said
            .original_name
            .as_ref()
            .is_some_and(|name| name.reveal().chars().count() > MOST_NAME_LETTERS)
        {
            found.push(("originalFileName", "The name is too long."));
        }
        found
    }

    fn show(&self, who: &SignedIn, status: StatusCode, mistakes: &[(&str, &str)]) -> Response {
        let (number, file) = (self.filling.number, &self.said.file);
        let action = format!("{}/{number}/files/{file}", NEW_REPORT.href);
        let error = |id: &str| mistakes.iter().find(|(known, _)| *known == id).map(|(_, says)| *says);
        let said = [self.said.viewed, self.said.exif_viewed, self.said.public];
        let relevances = [
            Choice { value: Relevance::Reported.as_str(), label: "It is what is reported" },
            Choice { value: Relevance::Supplemental.as_str(), label: "It supplements what is reported" },
        ];
        let marks = marks();
        let marks: Vec<Choice<'_>> = marks.iter().map(|(value, label)| Choice { value, label }).collect();
        let chosen: Vec<&str> = self.said.annotations.iter().map(String::as_str).collect();
        let original = self.said.original_name.as_ref().map_or("", |name| name.reveal().as_str());
        let fields = html! {
            @for ((name, question), said) in ASKED.iter().zip(said) {
                (Choices::one(name, question, &TRI).hint(hint(name)).chosen(&[said.as_str()]).error(error(name)))
            }
            (Choices::one("fileRelevance", "What is it?", &relevances).hint(hint("fileRelevance")).chosen(&[self.said.relevance.as_str()]))
            (Choices::any("fileAnnotations", "Does any of this hold?", &marks).hint(hint("fileAnnotations")).chosen(&chosen))
            (Field::new("originalFileName", "Original name").hint(hint("originalFileName")).value(original).error(error("originalFileName")).autocomplete("off"))
            (button("Keep the answers", Button::Primary))
        };
        let body = html! {
            (ui::mistakes(mistakes))
            h2 { "About " (ui::text(&self.name)) }
            div .house-wide { (ui::post(&action, &who.visit.token(&self.form_name()), &fields)) }
            p { (Link { href: &Step::Files.address(number), label: "Back to the files" }) }
        };
        let title = format!("File {} (form {number})", self.position);
        shell::below(status, who, &[NEW_REPORT], &title, &frame(&self.filling, Step::Files, &body))
    }
}

/// The limit of `originalFileName` in the language.
const MOST_NAME_LETTERS: usize = 2056;

/// A file of which nothing was said yet: not said is not "no".
fn unsaid(report: ReportId, file: &File) -> FileStatement {
    FileStatement {
        report,
        file: file.id.clone(),
        file_name: None,
        original_name: file.uploaded_name.clone(),
        uploaded_at: None,
        location: None,
        viewed: TriState::Unknown,
        exif_viewed: TriState::Unknown,
        public: TriState::Unknown,
        relevance: Relevance::Reported,
        annotations: Vec::new(),
        classification: None,
        original_hashes: Vec::new(),
        ip_event: None,
        devices: Vec::new(),
        details: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}

/// Everything that was posted under a name.
fn values<'a>(posted: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    posted.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
}

/// What the language says of an element of a file.
fn hint(name: &str) -> &'static str {
    questions::children(&FILE_DETAILS).iter().find(|child| child.name == name).map_or("", |child| child.says)
}

/// The marks that a file may carry.
fn marks() -> Vec<(String, String)> {
    let group = questions::children(&FILE_DETAILS).iter().find(|child| child.name == "fileAnnotations");
    group.filter(|group| matches!(group.kind, Holds::Group(_))).map_or_else(Vec::new, questions::flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_about_a_file_stands_in_the_language() {
        for name in ASKED.iter().map(|(name, _)| *name).chain([
            "fileRelevance",
            "fileAnnotations",
            "originalFileName",
        ]) {
            assert!(!hint(name).is_empty(), "{name}");
        }
        assert!(marks().iter().any(|(name, _)| name == "generativeAi"));
    }
}
