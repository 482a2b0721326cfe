//! Checking the answers before the report is opened, and everything before it is filed.

use axum::Form as Posted;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::intake::Refused;
use pipeline::portal::{self, Answers, FormReport};
use ui::{Button, Link, Tone, Value, Weight, alert, button, definitions};
use web::door::Token;

use super::answers::get;
use super::questions::{self, Ask, MOMENT, Question};
use super::{Filling, STEPS, Step, compose, files, frame, title};
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

/// The page on which the answers are checked.
pub(super) fn check(who: &SignedIn, filling: &Filling, said: &Markup) -> Response {
    let action = format!("{}/{}/open", NEW_REPORT.href, filling.number);
    let body = html! {
        (said)
        (answered(filling, true))
        p { "When you go on, the report gets its number and takes files. Its words stand from then on; you can still take it back." }
        (ui::post(&action, &who.visit.token(&open_name(filling)), &button("Open the report and go on to files", Button::Primary)))
    };
    let status = StatusCode::OK;
    shell::below(
        status,
        who,
        &[NEW_REPORT],
        &title(filling, Step::Check),
        &frame(filling, Step::Check, &body),
    )
}

fn open_name(filling: &Filling) -> String {
    format!("form-open-{}", filling.number)
}

/// `POST /provider/forms/{form}/open`: the answers become a report.
pub(super) async fn open(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Posted(posted): Posted<Token>,
) -> Response {
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &posted.csrf, &open_name(&filling)) {
        return shell::stale_form(&who);
    }
    let at = filling.resume_at();
    if at != Step::Check {
        return web::redirect(&at.address(filling.number));
    }
    let (submission, schema) = (compose::submission(&filling.answers), who.portal.schema);
    let opened =
        portal::open_report(&who.portal.house, &who.member, filling.number, &submission, schema).await;
    match opened {
        Ok(_) => web::redirect(&Step::Files.address(filling.number)),
        Err(refused) => check(&who, &filling, &told(&refused)),
    }
}

/// `POST /provider/forms/{form}/reopen`: the report is taken back, so that its words can be changed.
pub(super) async fn reopen(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Posted(posted): Posted<Token>,
) -> Response {
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &posted.csrf, &reopen_name(&filling)) {
        return shell::stale_form(&who);
    }
    let Some(report) = filling.form.report else { return web::redirect(&Step::What.address(filling.number)) };
    match portal::cancel_report(&who.portal.house, &who.member, filling.number, report).await {
        Ok(()) => web::redirect(&Step::What.address(filling.number)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn reopen_name(filling: &Filling) -> String {
    format!("form-reopen-{}", filling.number)
}

/// The last page before filing: everything once more, and what is in force beside it.
pub(super) async fn finish(who: &SignedIn, filling: &Filling, said: &Markup) -> Response {
    let Some(report) = &filling.report else { return shell::not_found(who) };
    let card = match portal::contact_card(&who.portal.house, &who.member).await {
        Ok(card) => card,
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let action = format!("{}/{}/file", NEW_REPORT.href, filling.number);
    let body = html! {
        (said)
        @if card.is_stale {
            (alert(Weight::Warning, "Your contact fields are missing or stale", &html! {
                p { "You can file all the same. " (Link { href: shell::CONTACTS.href, label: "Bring them up to date" }) " soon." }
            }))
        }
        p { "This is report " strong { (report.open.report) } "." }
        (answered(filling, false))
        h2 { "Files" }
        (files::table(filling.number, &report.files))
        (unsaid(report))
        div .house-actions {
            (ui::post(&action, &who.visit.token(&file_name(filling)), &button("File this report", Button::Primary)))
            (change(who, filling))
        }
        p .usa-hint { "A filed report cannot be changed." }
    };
    let status = StatusCode::OK;
    shell::below(
        status,
        who,
        &[NEW_REPORT],
        &title(filling, Step::Finish),
        &frame(filling, Step::Finish, &body),
    )
}

/// The way back to the words, and what it costs.
pub(super) fn change(who: &SignedIn, filling: &Filling) -> Markup {
    let action = format!("{}/{}/reopen", NEW_REPORT.href, filling.number);
    let files = filling.report.as_ref().map_or(0, |report| report.files.len());
    let label = match files {
        0 => "Change the answers".to_owned(),
        1 => "Change the answers (the file must be sent again)".to_owned(),
        files => format!("Change the answers ({files} files must be sent again)"),
    };
    ui::post(&action, &who.visit.token(&reopen_name(filling)), &button(&label, Button::Secondary))
}

/// Files of which nothing was said: not said counts as not viewed.
fn unsaid(report: &FormReport) -> Markup {
    let unsaid = report.files.iter().filter(|file| file.statement.is_none()).count();
    html! {
        @if unsaid > 0 {
            (alert(Weight::Warning, "Not every file has answers", &html! {
                p { "You said nothing about " (unsaid) " of the files. That counts as not viewed, and may keep an officer from opening them." }
            }))
        }
    }
}

fn file_name(filling: &Filling) -> String {
    format!("form-file-{}", filling.number)
}

/// `POST /provider/forms/{form}/file`: the report is filed; its page holds the receipt.
pub(super) async fn file(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Posted(posted): Posted<Token>,
) -> Response {
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &posted.csrf, &file_name(&filling)) {
        return shell::stale_form(&who);
    }
    let Some(report) = filling.form.report else {
        return web::redirect(&filling.resume_at().address(filling.number));
    };
    match portal::file(&who.portal.house, &who.member, filling.number, report).await {
        Ok(_) => web::redirect(&format!("{}/{report}", shell::REPORTS.href)),
        Err(refused) => finish(&who, &filling, &told(&refused)).await,
    }
}

/// A refusal of the intake, in its own words and in plain ones.
pub(super) fn told(refused: &Refused) -> Markup {
    let words = html! {
        p { (ui::text(refused.description.as_deref().unwrap_or_else(|| refused.code.text()))) }
        @if let Some(help) = &refused.help { p { (ui::text(help)) } }
        p { "Nothing that you answered was lost." }
    };
    alert(Weight::Error, "It was not accepted", &words)
}

/// All answers, step by step; what was not answered is said too.
fn answered(filling: &Filling, may_change: bool) -> Markup {
    let steps = STEPS.iter().filter(|(step, _, _)| step.is_of_document() && step.is_asked(&filling.answers));
    html! {
        @for (step, _, heading) in steps {
            @let asked = questions::of(*step, &filling.answers);
            @if !asked.is_empty() {
                h2 { (heading) }
                (definitions(&asked.iter().map(|question| (question.label.as_str(), value(question, &filling.answers))).collect::<Vec<_>>()))
                @if may_change {
                    @let label = format!("Change: {heading}");
                    p { (Link { href: &step.address(filling.number), label: &label }) }
                }
            }
        }
    }
}

fn value(question: &Question, answers: &Answers) -> Value {
    match &question.ask {
        Ask::Moment => {
            let [date, time, zone] = MOMENT.map(|part| get(answers, &format!("{}.{part}", question.name)));
            match (date, zone) {
                ("", _) => Value::Unknown,
                (_, "") => {
                    html! { (date) " " (time) " " (ui::chip("time zone not given", Tone::Notice)) }.into()
                }
                _ => html! { (date) " " (time) " " (zone) }.into(),
            }
        }
        Ask::One(options) | Ask::Any(options) => {
            let chosen = super::answers::several(answers, &question.name);
            let labels = options.iter().filter(|(value, _)| chosen.contains(&value.as_str()));
            Value::words(Some(&labels.map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(" ")))
        }
        _ => Value::words(Some(get(answers, &question.name))),
    }
}
