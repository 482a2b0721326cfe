//! A report for a court filing, from the report page: a copy to be filed under seal and a redacted one, or neither.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::ReportId;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::exports::court::{Fault as Refused, MOST_GIVEN};
use pipeline::package::{self, Fault};
use serde::Deserialize;
use ui::{Button, Field, Kind, Link, Weight, alert, button};

use crate::session::SignedIn;
use crate::{download, shell};

/// The names that the agency knows beside those of the report.
#[derive(Deserialize)]
pub(crate) struct Asked {
    csrf: String,
    #[serde(default)]
    names: String,
}

/// The part of the report page that asks for both copies.
pub(crate) fn section(who: &SignedIn, report: ReportId) -> Markup {
    let action = format!("/agency/reports/{report}/court");
    let names = Field::new("court-names", "Names of children that the report does not say")
        .named("names")
        .hint("One a line, such as a child who was identified in your case. They are taken out of the redacted copy too, and no record says them.")
        .kind(Kind::Lines(3));
    let ask = html! { (names) (button("Make both copies for a court filing", Button::Secondary)) };
    html! {
        (ui::details("For a court filing", &html! {
            p { "One archive: the pages of the report whole, to be filed under seal, the same pages without what names a child for the public record (18 USC 3509(d)), and a note of what was withheld and why. If anything that names a child would stand in the redacted copy, neither is made. Read it before you file it." }
            (ui::post(&action, &who.visit.token(&form(report)), &ask))
        }))
    }
}

/// `POST /agency/reports/{report}/court`: as for the package, by somebody who just showed who they are.
pub(crate) async fn take(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &asked.csrf, &form(report)) {
        return shell::stale_form(&who);
    }
    if !who.session.viewer.fresh {
        return who.agencies.door.verification(&format!("/agency/reports/{report}"));
    }
    let names = asked.names.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match package::court::take(house, viewer, report, names.collect()).await {
        Err(Fault::Court(refused @ (Refused::Stands { .. } | Refused::TooMany))) => {
            neither(&who, report, &refused)
        }
        taken => download::taken(&who, report, taken),
    }
}

/// Why there is neither copy, without the value.
fn neither(who: &SignedIn, report: ReportId, refused: &Refused) -> Response {
    let back = format!("/agency/reports/{report}");
    let why = html! {
        p { "Nothing left the house, because " (refused) "." }
        p { "Redact this report by hand from its package, and tell the clearinghouse where it was. At most " (MOST_GIVEN) " names can be given." }
        p { (Link { href: &back, label: "Back to the report" }) }
    };
    let says = alert(Weight::Error, "Neither copy was made", &why);
    let main = html! { h1 { "For a court filing" } (says) };
    shell::page(StatusCode::UNPROCESSABLE_ENTITY, who, "For a court filing", None, &main)
}

fn form(report: ReportId) -> String {
    format!("court-{report}")
}
