//! How far the agency is with one report: what was said of it, the form that changes it, and both texts when two people
//! did so at once.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::ReportId;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Link, Moment, Value, Weight, breadcrumb, button, definitions, timeline};
use workspace::standing::{self, Standing, Version};
use workspace::{Trouble, cases};

use super::change::{self, People};
use super::{table, together};
use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::shell::INBOX;
use crate::{report_page, shell, show};

/// The lines and the link of a report's page.
pub(crate) fn section(who: &SignedIn, standing: &Standing) -> Markup {
    let href = address(standing.report);
    let said = &standing.said;
    html! {
        p {
            strong { (said.status.title()) @if let Some(reason) = said.reason { ": " (reason.title()) } }
            @if let Some(own) = said.own_priority { ", your agency's own priority " (show::priority(own)) }
            ". "
            @if said.status.is_open() { "Due: " (table::due(standing, who.agencies.house.now())) ". " }
            (Link { href: &href, label: "Say how far you are, or assign it" })
        }
    }
}

fn address(report: ReportId) -> String {
    format!("/agency/reports/{report}/standing")
}

fn token(report: ReportId) -> String {
    format!("standing-{report}")
}

struct Seen {
    standing: Standing,
    history: Vec<Version>,
    people: People,
}

async fn seen(who: &SignedIn, report: ReportId) -> Result<Seen, Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    Ok(Seen {
        standing: standing::find(house, viewer, report).await?,
        history: standing::history(house, viewer, report).await?,
        people: cases::people(house, viewer).await?,
    })
}

/// `GET /agency/reports/{report}/standing`.
pub(super) async fn page(who: SignedIn, Path(number): Path<String>) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    drawn(&who, StatusCode::OK, report, (None, &Fields::new())).await
}

/// `POST /agency/reports/{report}/standing`.
pub(super) async fn change(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &token(report)) {
        return shell::stale_form(&who);
    }
    let version = said(&fields, "version").parse().unwrap_or(0);
    let change = match change::read(&fields, &who.session.person) {
        Ok(change) => change,
        Err(says) => {
            return drawn(&who, StatusCode::UNPROCESSABLE_ENTITY, report, (Some(says), &fields)).await;
        }
    };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match standing::change(house, viewer, (report, version), change).await {
        Ok(_) => web::redirect(&address(report)),
        Err(trouble) => match (trouble.refusal().map(|refused| refused.code()), together::why(&trouble)) {
            (Some("conflict"), _) => {
                let says = "Somebody of your agency changed this report, or it went to another agency, since you opened the page. How it stands now is below, what you \
                    chose is still in the form; send it again if it still holds.";
                drawn(&who, StatusCode::CONFLICT, report, (Some(says), &fields)).await
            }
            (Some("not-found"), _) | (_, None) => report_page::refusal(&who, &trouble),
            (_, Some(says)) => {
                drawn(&who, StatusCode::UNPROCESSABLE_ENTITY, report, (Some(says), &fields)).await
            }
        },
    }
}

async fn drawn(
    who: &SignedIn,
    status: StatusCode,
    report: ReportId,
    (says, given): (Option<&str>, &Fields),
) -> Response {
    match seen(who, report).await {
        Ok(seen) => {
            let (href, label) = (format!("/agency/reports/{report}"), format!("Report {report}"));
            let above = [INBOX, Link { href: &href, label: &label }];
            let main = main(who, &seen, says, given);
            shell::page(status, who, "How far you are", Some(breadcrumb(&above, "How far you are")), &main)
        }
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, seen: &Seen, says: Option<&str>, given: &Fields) -> Markup {
    let (report, may_assign) = (seen.standing.report, standing::may_assign(&who.session.viewer));
    let form = html! {
        input type="hidden" name="version" value=(seen.standing.version);
        (change::fields("Stays as it is", &seen.people, may_assign, given))
        (button("Change it", Button::Primary))
    };
    html! {
        h1 { "Report " (report) ": how far you are" }
        @if let Some(says) = says { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } })) }
        (definitions(&facts(who, seen)))
        h2 { "Change it" }
        (ui::post(&address(report), &who.visit.token(&token(report)), &form))
        h2 { "What was changed" }
        @if seen.history.is_empty() { p { "Nothing yet: it is as it came." } }
        @else { (changes(seen)) }
    }
}

fn facts(who: &SignedIn, seen: &Seen) -> Vec<(&'static str, Value)> {
    let (standing, said) = (&seen.standing, &seen.standing.said);
    let own = said.own_priority.map(show::priority);
    let holder = said.person.as_ref().map(|person| change::name(person, &seen.people));
    let reason = said.reason.map(|reason| format!(": {}", reason.title())).unwrap_or_default();
    vec![
        ("Status", Value::words(Some(&format!("{}{reason}", said.status.title())))),
        ("Since", show::moment(standing.since_at).into()),
        ("Due", table::due(standing, who.agencies.house.now()).into()),
        ("Advised priority", show::priority(standing.advised).into()),
        ("Own priority", own.map_or_else(|| Value::words(Some("none")), Value::Known)),
        ("Assigned to", Value::words(Some(holder.as_deref().unwrap_or("nobody")))),
        ("Unit", Value::words(Some(said.unit.as_deref().unwrap_or("none")))),
    ]
}

/// Every change, the newest first.
fn changes(seen: &Seen) -> Markup {
    let told: Vec<[String; 4]> = seen.history.iter().map(|version| told(version, &seen.people)).collect();
    let moments: Vec<Moment<'_>> = told
        .iter()
        .map(|[at, at_shown, what, by]| Moment { at, at_shown, what, by: Some(by.as_str()) })
        .collect();
    timeline(&moments)
}

fn told(version: &Version, people: &People) -> [String; 4] {
    let id = version.changed_by.split(':').nth(1).unwrap_or(&version.changed_by);
    let known = people.iter().find(|(person, _)| person.to_string() == id);
    let by = known.map_or_else(|| id.to_owned(), |(_, name)| name.clone());
    [version.changed_at.to_string(), show::time(version.changed_at), change::words(&version.said, people), by]
}
