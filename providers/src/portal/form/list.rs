//! Forms that are being filled: where one goes on, begins anew, or throws one away.

use axum::Form as Posted;
use axum::extract::Path;
use axum::response::Response;
use domain::Private;
use http::HeaderMap;
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::portal::{self, Answers, Form};
use ui::{Button, Column, Link, Order, Row, Table, button};
use web::door::Token;

use super::Filling;
use super::Step;
use crate::portal::session::SignedIn;
use crate::portal::shell::{self, NEW_REPORT};

const START: &str = "form-start";

/// `GET /provider/forms`.
pub(super) async fn page(who: SignedIn) -> Response {
    match portal::forms(&who.portal.house, &who.member).await {
        Ok(forms) => shell::page(&who, NEW_REPORT, "File by hand", &main(&who, &forms)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(who: &SignedIn, forms: &[Form]) -> Markup {
    html! {
        h1 { "File a report by hand" }
        p { "For companies without a client of their own. You answer questions, add files, check, and file. It becomes the same report that a client would send." }
        p { "What you answer is kept at every step, sealed, for 24 hours after you begin or one hour after your last change, whichever is later. Then it is destroyed." }
        (ui::post(NEW_REPORT.href, &who.visit.token(START), &button("Begin a report", Button::Primary)))
        h2 { "Not finished" }
        @if forms.is_empty() {
            (ui::empty("Nothing is waiting to be finished.", None))
        } @else {
            (table(forms))
            @for form in forms { (discard_form(who, form)) }
        }
    }
}

fn table(forms: &[Form]) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["Form", "Report", "Begun", "Destroyed unless filed by"].map(fixed);
    let rows: Vec<Row> = forms.iter().map(row).collect();
    ui::table(&Table { caption: "Reports that are being filled", columns: &columns, rows: &rows, swap: None })
}

fn row(form: &Form) -> Row {
    let (href, label) =
        (format!("{}/{}", NEW_REPORT.href, form.number), format!("Go on with form {}", form.number));
    Row {
        head: html! { (Link { href: &href, label: &label }) },
        cells: vec![
            html! { @if let Some(report) = form.report { (report) } @else { "Not opened yet" } },
            web::moment(form.started_at),
            web::moment(form.expires_at),
        ],
    }
}

fn discard_form(who: &SignedIn, form: &Form) -> Markup {
    let action = format!("{}/{}/discard", NEW_REPORT.href, form.number);
    let label = format!("Throw form {} away", form.number);
    ui::post(&action, &who.visit.token(&discard_name(form.number)), &button(&label, Button::Grave))
}

fn discard_name(number: domain::ReportId) -> String {
    format!("form-discard-{number}")
}

/// `POST /provider/forms`: a new form, with what is known of the reporter already in it.
pub(super) async fn start(who: SignedIn, headers: HeaderMap, Posted(posted): Posted<Token>) -> Response {
    if !who.visit.may_post(&headers, &posted.csrf, START) {
        return shell::stale_form(&who);
    }
    match begun(&who).await {
        Ok(number) => web::redirect(&Step::What.address(number)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn begun(who: &SignedIn) -> Result<domain::ReportId, Trouble> {
    let house = &who.portal.house;
    let card = portal::contact_card(house, &who.member).await?;
    let mut answers = Answers::new();
    if let Some((_, contact)) = card.in_force {
        let mailbox = contact.role_mailbox.unwrap_or(contact.email);
        answers.insert("reporter/email".to_owned(), mailbox);
        answers.insert("reporter/phone".to_owned(), contact.telephone);
    }
    if let Some((first, last)) = who.member.person_name.rsplit_once(' ') {
        answers.insert("reporter/firstName".to_owned(), Private::new(first.to_owned()));
        answers.insert("reporter/lastName".to_owned(), Private::new(last.to_owned()));
    }
    portal::start_form(house, &who.member, answers).await
}

/// `GET /provider/forms/{form}`: where it goes on.
pub(super) async fn resume(who: SignedIn, Path(number): Path<String>) -> Response {
    match Filling::find(&who, &number).await {
        Ok(filling) => web::redirect(&filling.resume_at().address(filling.number)),
        Err(refused) => refused,
    }
}

/// `POST /provider/forms/{form}/discard`.
pub(super) async fn discard(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Posted(posted): Posted<Token>,
) -> Response {
    let filling = match Filling::find(&who, &number).await {
        Ok(filling) => filling,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, &posted.csrf, &discard_name(filling.number)) {
        return shell::stale_form(&who);
    }
    match portal::discard_form(&who.portal.house, &who.member, filling.number).await {
        Ok(()) => web::redirect(NEW_REPORT.href),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}
