//! A report filed by hand, for providers without engineers. Questions follow the incident type; what can be asked, its
//! limits and its hints come from the description of the reporting language, and the answers become the same document
//! that a client would send. What was answered is kept at every step, right or wrong.

mod about_file;
mod answers;
mod compose;
mod files;
mod list;
mod questions;
mod review;
mod step;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};
use domain::{IncidentType, ReportId};
use maud::{Markup, html};
use pipeline::portal::{self, Answers, Form, FormReport};

use super::Portal;
use super::session::SignedIn;
use super::shell;

/// The steps, in their order: the word in the address, and the heading.
const STEPS: [(Step, &str, &str); 8] = [
    (Step::What, "what", "What happened"),
    (Step::Where, "where", "Where it happened"),
    (Step::Account, "account", "The reported account"),
    (Step::Child, "child", "The child"),
    (Step::Reporter, "reporter", "Who reports"),
    (Step::Check, "check", "Check the answers"),
    (Step::Files, "files", "Files"),
    (Step::Finish, "finish", "File the report"),
];

/// One step of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    What,
    Where,
    Account,
    Child,
    Reporter,
    Check,
    Files,
    Finish,
}

impl Step {
    fn find(word: &str) -> Option<Self> {
        STEPS.iter().find(|(_, known, _)| *known == word).map(|(step, _, _)| *step)
    }

    fn word(self) -> &'static str {
        STEPS.iter().find(|(step, _, _)| *step == self).map_or("", |(_, word, _)| word)
    }

    fn title(self) -> &'static str {
        STEPS.iter().find(|(step, _, _)| *step == self).map_or("", |(_, _, title)| title)
    }

    /// Whether its questions make the document, so that it closes when the report is opened.
    const fn is_of_document(self) -> bool {
        matches!(self, Self::What | Self::Where | Self::Account | Self::Child | Self::Reporter | Self::Check)
    }

    /// Whether a report with these answers has this step: a child is asked for where one was approached.
    fn is_asked(self, answers: &Answers) -> bool {
        self != Self::Child || answers::incident_type(answers).is_none_or(|kind| kind.approaches_a_child)
    }

    /// The step after this one, for these answers.
    fn next(self, answers: &Answers) -> Self {
        let after = STEPS.iter().map(|(step, _, _)| *step).skip_while(|step| *step != self).skip(1);
        after.into_iter().find(|step| step.is_asked(answers)).unwrap_or(Self::Finish)
    }

    fn address(self, number: ReportId) -> String {
        format!("/provider/forms/{number}/{}", self.word())
    }
}

/// The pages of the form.
pub(super) fn routes() -> Router<Portal> {
    Router::new()
        .route("/provider/forms", get(list::page).post(list::start))
        .route("/provider/forms/{form}", get(list::resume))
        .route("/provider/forms/{form}/discard", post(list::discard))
        .route("/provider/forms/{form}/open", post(review::open))
        .route("/provider/forms/{form}/reopen", post(review::reopen))
        .route("/provider/forms/{form}/file", post(review::file))
        .route("/provider/forms/{form}/{step}", get(step::page).post(step::save))
        .route("/provider/forms/{form}/files/{file}", get(about_file::page).post(about_file::answer))
}

/// The one page that takes more than a form: files are streamed, of any size.
pub(super) fn file_routes() -> Router<Portal> {
    let upload = post(files::upload).layer(DefaultBodyLimit::disable());
    Router::new().route("/provider/forms/{form}/upload", upload)
}

/// A form as a handler holds it.
struct Filling {
    number: ReportId,
    form: Form,
    answers: Answers,
    report: Option<FormReport>,
}

impl Filling {
    /// The form with this number, or the answer that there is none.
    async fn find(who: &SignedIn, number: &str) -> Result<Self, Response> {
        let number: ReportId = number.parse().map_err(|_| shell::not_found(who))?;
        let found = portal::form(&who.portal.house, &who.member, number).await;
        let (form, answers, report) = found.map_err(|trouble| shell::trouble(who, &trouble))?;
        Ok(Self { number, form, answers, report })
    }

    fn kind(&self) -> Option<&'static IncidentType> {
        answers::incident_type(&self.answers)
    }

    /// The hour at which everything is destroyed unless it is filed.
    fn expires_at(&self) -> jiff::Timestamp {
        self.report.as_ref().map_or(self.form.expires_at, |report| report.open.expires_at)
    }

    /// Where somebody goes on who comes back.
    fn resume_at(&self) -> Step {
        if self.report.is_some() { Step::Files } else { questions::first_incomplete(&self.answers) }
    }
}

/// A step's page: the steps with the present one marked, the hour, and what belongs to the step.
fn frame(filling: &Filling, at: Step, body: &Markup) -> Markup {
    let steps = STEPS.iter().filter(|(step, _, _)| step.is_asked(&filling.answers));
    html! {
        h1 { (at.title()) }
        ol .house-steps {
            @for (step, _, title) in steps { li aria-current=[(*step == at).then_some("step")] { (title) } }
        }
        p .usa-hint {
            "It is kept until " (web::moment(filling.expires_at()))
            " and destroyed then, unless you file it. You can leave and come back."
        }
        (body)
    }
}

fn title(filling: &Filling, at: Step) -> String {
    format!("{} (form {})", at.title(), filling.number)
}
