//! One document of a report on its own, from the report page: the pages, a sheet, a bundle.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::ReportId;
use http::{HeaderMap, HeaderValue, header};
use maud::{Markup, html};
use pipeline::package::Document;
use pipeline::{Viewer, exports};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, button};

use crate::report_page::dossier;
use crate::session::SignedIn;
use crate::{allowed, shell};

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
    let dossier = match dossier(&who, &number).await {
        Ok(dossier) => dossier,
        Err(refused) => return refused,
    };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match pipeline::package::document(house, viewer, dossier, export).await {
        Ok(document) => answer(document, viewer),
        Err(fault) => shell::broken(&who, &crate::incident(house, &fault)),
    }
}

/// A document as something to keep, with the policy that let it leave.
pub(crate) fn answer(document: Document, viewer: &Viewer) -> Response {
    let named = format!("attachment; filename=\"{}\"", document.name);
    let mut response = document.bytes.into_response();
    let kind = HeaderValue::from_static(document.content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if let Ok(named) = HeaderValue::from_str(&named) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    allowed::mark(response, pipeline::allowed(viewer).take)
}

fn form(report: ReportId) -> String {
    format!("document-{report}")
}
