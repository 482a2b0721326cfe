//! One step of questions: shown, and kept as it was answered, with what has to be mended at its fields.

use axum::Form as Posted;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::portal::{self, Answers};
use ui::{Button, Choice, Choices, Field, Kind, button};

use super::answers::{get, merge, several};
use super::questions::{self, Ask, MOMENT, Question};
use super::{Filling, Step, files, frame, review, title};
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

/// Zones that a person may choose: a common name, and the hours from UTC.
const ZONES: [(&str, &str); 27] = [
    ("", "I do not know"),
    ("Z", "UTC"),
    ("-04:00", "UTC-4 (US Eastern, summer)"),
    ("-05:00", "UTC-5 (US Eastern, winter; US Central, summer)"),
    ("-06:00", "UTC-6 (US Central, winter; US Mountain, summer)"),
    ("-07:00", "UTC-7 (US Mountain, winter; US Pacific, summer)"),
    ("-08:00", "UTC-8 (US Pacific, winter; Alaska, summer)"),
    ("-09:00", "UTC-9 (Alaska, winter)"),
    ("-10:00", "UTC-10 (Hawaii)"),
    ("-11:00", "UTC-11"),
    ("-03:00", "UTC-3"),
    ("-02:00", "UTC-2"),
    ("-01:00", "UTC-1"),
    ("+01:00", "UTC+1"),
    ("+02:00", "UTC+2"),
    ("+03:00", "UTC+3"),
    ("+04:00", "UTC+4"),
    ("+05:00", "UTC+5"),
    ("+05:30", "UTC+5:30 (India)"),
    ("+06:00", "UTC+6"),
    ("+07:00", "UTC+7"),
    ("+08:00", "UTC+8"),
    ("+09:00", "UTC+9"),
    ("+10:00", "UTC+10"),
    ("+11:00", "UTC+11"),
    ("+12:00", "UTC+12"),
    ("+13:00", "UTC+13"),
];

/// Every posted field by its name, in order.
type Pairs = Vec<(String, String)>;

/// `GET /provider/forms/{form}/{step}`.
pub(super) async fn page(who: SignedIn, Path((number, step)): Path<(String, String)>) -> Response {
    let Some(step) = Step::find(&step) else { return shell::not_found(&who) };
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    if let Some(elsewhere) = elsewhere(&filling, step) {
        return web::redirect(&elsewhere.address(filling.number));
    }
    match step {
        Step::Check => review::check(&who, &filling, &html! {}),
        Step::Files => files::page(&who, &filling, StatusCode::OK, &html! {}),
        Step::Finish => review::finish(&who, &filling, &html! {}).await,
        _ => show(&who, &filling, step, StatusCode::OK, &[]),
    }
}

/// Where a step leads that is not open: words are closed once the report is opened, files and filing before.
fn elsewhere(filling: &Filling, step: Step) -> Option<Step> {
    match &filling.report {
        Some(_) if step.is_of_document() => Some(Step::Files),
        None if !step.is_of_document() => Some(filling.resume_at()),
        None if step == Step::Check => Some(filling.resume_at()).filter(|at| *at != Step::Check),
        _ if !step.is_asked(&filling.answers) => Some(step.next(&filling.answers)),
        _ => None,
    }
}

/// `POST /provider/forms/{form}/{step}`.
pub(super) async fn save(
    who: SignedIn,
    Path((number, step)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(posted): Posted<Pairs>,
) -> Response {
    let Some(step) = Step::find(&step) else { return shell::not_found(&who) };
    let mut filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    let token = posted.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
    if !who.visit.may_post(&headers, token, &form_name(&filling, step)) {
        return shell::stale_form(&who);
    }
    if let Some(elsewhere) = elsewhere(&filling, step) {
        return web::redirect(&elsewhere.address(filling.number));
    }
    let asked = questions::of(step, &filling.answers);
    merge(&mut filling.answers, &questions::names(&asked), &posted);
    // Kept before it is judged: a mistake costs nobody an answer.
    let kept =
        portal::save_form(&who.portal.house, &who.member, filling.number, filling.answers.clone()).await;
    if let Err(trouble) = kept {
        return shell::trouble(&who, &trouble);
    }
    let mistakes = questions::mistakes(&asked, &filling.answers);
    if !mistakes.is_empty() {
        return show(&who, &filling, step, StatusCode::UNPROCESSABLE_ENTITY, &mistakes);
    }
    web::redirect(&step.next(&filling.answers).address(filling.number))
}

fn form_name(filling: &Filling, step: Step) -> String {
    format!("form-{}-{}", filling.number, step.word())
}

fn show(
    who: &SignedIn,
    filling: &Filling,
    step: Step,
    status: StatusCode,
    mistakes: &[(String, String)],
) -> Response {
    let listed: Vec<(&str, &str)> = mistakes.iter().map(|(id, says)| (id.as_str(), says.as_str())).collect();
    let asked = questions::of(step, &filling.answers);
    let fields = html! {
        @for question in &asked { (draw(question, &filling.answers, mistakes)) }
        @if asked.is_empty() { p { "There is nothing to ask here. Go on." } }
        (button("Keep and go on", Button::Primary))
    };
    let body = html! {
        (ui::mistakes(&listed))
        (about(step, filling))
        div .house-wide { (ui::post(&step.address(filling.number), &who.visit.token(&form_name(filling, step)), &fields)) }
    };
    shell::below(status, who, &[NEW_REPORT], &title(filling, step), &frame(filling, step, &body))
}

/// A sentence on what the step is for, by the qualities of the incident type.
fn about(step: Step, filling: &Filling) -> Markup {
    let says = match (step, filling.kind()) {
        (Step::What, _) => "Only the kind and the moment are needed. Answer the rest as far as you know it.",
        (Step::Where, Some(kind)) if kind.concerns_depictions => {
            "Where the material was. The files themselves come later."
        }
        (Step::Where, _) => "Where it happened, and what was written.",
        (Step::Account, _) => "An address with its port and moment, a mail address and a user id help most.",
        (Step::Child, _) => "What you know of the child. Leave out what you would have to guess.",
        (Step::Reporter, _) => "Whom we may ask about this report. A mailbox of your team is best.",
        _ => return html! {},
    };
    html! { p { (says) } }
}

fn draw(question: &Question, answers: &Answers, mistakes: &[(String, String)]) -> Markup {
    let Question { name, label, hint, .. } = question;
    let error = mistakes.iter().find(|(id, _)| id == name).map(|(_, says)| says.as_str());
    let field = |kind| {
        let field = Field::new(name, label).hint(hint).kind(kind).value(get(answers, name)).error(error);
        html! { (field.autocomplete("off")) }
    };
    match &question.ask {
        Ask::Line => field(Kind::Text),
        Ask::Lines(rows) => field(Kind::Lines(*rows)),
        Ask::Mail => field(Kind::Email),
        Ask::Phone => field(Kind::Telephone),
        Ask::Moment => moment(question, answers, mistakes),
        Ask::One(options) | Ask::Any(options) => {
            let chosen = several(answers, name);
            let chosen = if chosen.is_empty() { vec![""] } else { chosen };
            let choices: Vec<Choice<'_>> =
                options.iter().map(|(value, label)| Choice { value, label }).collect();
            let group = if matches!(question.ask, Ask::Any(_)) { Choices::any } else { Choices::one };
            html! { (group(name, label, &choices).hint(hint).error(error).chosen(&chosen)) }
        }
    }
}

/// A day, a time and a zone, each with its own label and its own mistake.
fn moment(question: &Question, answers: &Answers, mistakes: &[(String, String)]) -> Markup {
    let zones = ZONES.map(|(value, label)| Choice { value, label });
    let [date, time, zone] = MOMENT.map(|part| format!("{}.{part}", question.name));
    let error = |id: &str| mistakes.iter().find(|(known, _)| known == id).map(|(_, says)| says.as_str());
    html! {
        fieldset .usa-fieldset {
            legend .usa-legend { (question.label) }
            p .usa-hint { (question.hint) }
            (Field::new(&date, "Day").kind(Kind::Date).value(get(answers, &date)).error(error(&date)))
            (Field::new(&time, "Time").hint("Hours and minutes, such as 14:05; seconds if you know them.").value(get(answers, &time)).error(error(&time)).autocomplete("off"))
            (Field::new(&zone, "Time zone").kind(Kind::Choice(&zones)).value(get(answers, &zone)))
        }
    }
}
