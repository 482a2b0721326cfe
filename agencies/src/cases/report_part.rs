//! The part of a report's page that speaks of the agency's own work: its cases, what came of it, who else holds related
//! material.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Outcome, ReportId};
use dossierpage::Own;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Choices, Link, Tone, Weight, breadcrumb, button};
use workspace::related::Related;
use workspace::{Trouble, cases, outcomes, related, standing, transfers};

use super::{LINK, address};
use crate::report_page::{INBOX, refusal};
use crate::session::SignedIn;
use crate::{shell, show};

/// It; nothing for whoever has no part in the work.
pub(crate) async fn own(who: &SignedIn, report: ReportId) -> Result<Option<Own>, Response> {
    match gather(who, report).await {
        Ok(own) => Ok(Some(own)),
        Err(trouble) if trouble.is_not_found() => Ok(None),
        Err(trouble) => Err(refusal(who, &trouble)),
    }
}

async fn gather(who: &SignedIn, report: ReportId) -> Result<Own, Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    Ok(Own {
        standing: standing::find(house, viewer, report).await?,
        history: standing::history(house, viewer, report).await?,
        cases: cases::of_report(house, viewer, report).await?,
        outcomes: outcomes::of_report(house, viewer, report).await?,
        related: related::of_report(house, viewer, report).await?,
    })
}

/// The part of the page.
pub(crate) fn section(who: &SignedIn, report: ReportId, own: &Own) -> Markup {
    let begin = format!("{}?report={report}", LINK.href);
    html! {
        section aria-labelledby="own-work" {
            h2 #own-work { "Your agency's work on it" }
            (crate::inbox::section(who, &own.standing))
            p {
                @if own.cases.is_empty() { "It is in no case that you reach. " } @else {
                    "In " @for case in &own.cases { a href=(address(*case)) { "case " (case) } ". " }
                }
                (Link { href: &begin, label: "Open a case with it" })
            }
            @for one in &own.related { (also_held(one)) }
            (outcome_form(who, report, own))
        }
    }
}

fn also_held(one: &Related) -> Markup {
    html! {
        p {
            @if one.settled_at.is_none() { (ui::chip("another agency holds related material", Tone::Strong)) " " }
            @else { (ui::chip("related material, settled", Tone::Muted)) " " }
            a href=(crate::related::address(&one.id)) { "See whom to call" }
        }
    }
}

/// Two clicks: which, and send.
fn outcome_form(who: &SignedIn, report: ReportId, own: &Own) -> Markup {
    let present = own.outcomes.iter().find(|one| one.superseded_at.is_none());
    let choices: Vec<Choice<'_>> =
        Outcome::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    let chosen: Vec<&str> = present.map(|one| one.outcome.as_str()).into_iter().collect();
    let action = format!("/agency/reports/{report}/outcome");
    let form = ui::post(
        &action,
        &who.visit.token(&form(report)),
        &html! {
            input type="hidden" name="version" value=(own.standing.version);
            (Choices::one("outcome", "Outcome", &choices).chosen(&chosen))
            (button("Record the outcome", Button::Primary))
        },
    );
    html! {
        @if let Some(present) = present {
            p { "Outcome: " strong { (present.outcome.title()) } ", recorded " (show::moment(present.recorded_at)) "." }
        }
        (ui::details(if present.is_some() { "Change the outcome" } else { "Record what came of it" }, &form))
    }
}

fn form(report: ReportId) -> String {
    format!("outcome-{report}")
}

/// The form of an outcome.
#[derive(Deserialize)]
pub(super) struct Said {
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    outcome: String,
}

/// `POST /agency/reports/{report}/outcome`.
pub(super) async fn outcome(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &said.csrf, &form(report)) {
        return shell::stale_form(&who);
    }
    let Ok(outcome) = said.outcome.parse::<Outcome>() else {
        let says = html! { p { "Choose one of the outcomes, and send the form again." } };
        return told(
            &who,
            report,
            (StatusCode::UNPROCESSABLE_ENTITY, Weight::Error, "No outcome was chosen"),
            &says,
        );
    };
    let recorded =
        outcomes::record(&who.agencies.house, &who.session.viewer, (report, said.version), outcome).await;
    match recorded {
        Ok(true) => web::redirect(&format!("/agency/reports/{report}#own-work")),
        Ok(false) => {
            let says = html! { p { (left_as_it_is(&who, report).await) } };
            told(&who, report, (StatusCode::OK, Weight::Warning, "The outcome is recorded"), &says)
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// Why an outcome closed nothing.
async fn left_as_it_is(who: &SignedIn, report: ReportId) -> Markup {
    match transfers::of_report(&who.agencies.house, &who.session.viewer, report).await {
        Ok((_, holder)) if !holder.own => html! {
            (ui::text(&holder.name)) " holds this report now, so it stays with them. Your outcome is recorded beside that, as your agency's word."
        },
        _ => html! {
            "Somebody of your agency changed this report since you opened it, so it stays as they left it. Your outcome is recorded beside that."
        },
    }
}

fn told(
    who: &SignedIn,
    report: ReportId,
    (status, weight, heading): (StatusCode, Weight, &str),
    says: &Markup,
) -> Response {
    let (href, label) = (format!("/agency/reports/{report}"), format!("Report {report}"));
    let above = Link { href: &href, label: &label };
    let main = html! { h1 { "Outcome" } (ui::alert(weight, heading, says)) p { (above) } };
    shell::page(status, who, "Outcome", Some(breadcrumb(&[INBOX, above], "Outcome")), &main)
}
