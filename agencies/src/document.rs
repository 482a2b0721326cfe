//! One document of a report on its own, from the report page: the pages, a sheet, a bundle.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::ReportId;
use http::HeaderMap;
use maud::{Markup, html};
use pipeline::exports;
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, button};

use crate::session::SignedIn;
use crate::{download, shell};

/// Which document.
#[derive(Deserialize)]
pub(crate) struct Asked {
    csrf: String,
    #[serde(default)]
    form: String,
}

/// The part of the report page that asks for one.
pub(crate) fn section(who: &SignedIn, report: ReportId) -> Markup {
    let labels: Vec<String> =
        exports::ALL.iter().map(|export| format!("{}: {}", export.name, export.about)).collect();
    let choices: Vec<Choice<'_>> = exports::ALL
        .iter()
        .zip(&labels)
        .map(|(export, label)| Choice { value: export.name, label })
        .collect();
    let kind = Field::new("document-form", "Document")
        .named("form")
        .kind(Kind::Choice(&choices))
        .value(exports::ALL[0].name);
    let action = format!("/agency/reports/{report}/document");
    let ask = html! { (kind) (button("Download the document", Button::Secondary)) };
    html! {
        (ui::details("One document on its own", &html! {
            p { "Each is the one that the package holds. Taking it is recorded." }
            (ui::post(&action, &who.visit.token(&form(report)), &ask))
        }))
    }
}

/// `POST /agency/reports/{report}/document`: as for the package, by somebody who just showed who they are.
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
    let Some(export) = exports::find(&asked.form) else { return shell::not_found(&who) };
    if !who.session.viewer.fresh {
        return who.agencies.door.verification(&format!("/agency/reports/{report}"));
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let taken = pipeline::package::document(house, viewer, report, export).await;
    download::taken(&who, report, taken)
}

fn form(report: ReportId) -> String {
    format!("document-{report}")
}
