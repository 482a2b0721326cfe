//! What is asked about one file: who viewed it, and what it is. Not said is not "no".

use axum::Form as Posted;
use axum::extract::Path;
use axum::response::Response;
use cybertip::language::{FILE_DETAILS, Kind as Holds};
use domain::{FileStatement, Private, Relevance, ReportId, TriState};
use http::{HeaderMap, StatusCode};
use maud::html;
use pipeline::portal::{self, File};
use ui::{Button, Choice, Choices, Field, Link, button};

use super::files::{self, name};
use super::{Filling, Step, frame, questions, review};
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

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

/// `GET /provider/forms/{form}/files/{file}`.
pub(super) async fn page(who: SignedIn, Path((number, file)): Path<(String, String)>) -> Response {
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
            files::page(&who, &asking.filling, StatusCode::UNPROCESSABLE_ENTITY, &review::told(&refused))
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
        original_name: file.uploaded_name.clone(),
        ..FileStatement::about(report, file.id.clone())
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
