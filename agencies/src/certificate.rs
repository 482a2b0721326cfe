//! The certificate of a report's records for a court, from the report page.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::ReportId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use pipeline::certificate::{self, NoCertificate, SignedCertificate, Signer};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Weight, alert, button};

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::shell;

const FORMS: [Choice<'static>; 2] = [
    Choice { value: "pdf", label: "PDF, to be signed" },
    Choice { value: "json", label: "JSON, to be checked" },
];

/// Who is to sign, and in which form.
#[derive(Deserialize)]
pub(crate) struct Asked {
    csrf: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    form: String,
}

/// The part of the report page that asks for one; nothing for those who may have none.
pub(crate) fn section(who: &SignedIn, report: ReportId) -> Markup {
    if !certificate::may_have(&who.session.viewer) {
        return html! {};
    }
    let token = who.visit.token(&form(report));
    let action = format!("/agency/reports/{report}/certificate");
    let name = Field::new("signer-name", "Name of whoever will sign").named("name").required();
    let role = Field::new("signer-role", "Role and office")
        .named("role")
        .hint("What makes this person qualified, such as: custodian of records, Example Task Force")
        .required();
    let kind = Field::new("certificate-form", "Form").named("form").kind(Kind::Choice(&FORMS)).value("pdf");
    html! {
        (ui::details("Certificate for a court", &html! {
            p { "Lists what was received with its digests and what happened to it, with proofs, and has the declaration of 28 U.S.C. 1746 for a signature by hand (Fed. R. Evid. 902(13), 902(14))." }
            (ui::post(&action, &token, &html! { (name) (role) (kind) (button("Make the certificate", Button::Secondary)) }))
        }))
    }
}

/// `POST /agency/reports/{report}/certificate`: that it was made is in the ledger.
pub(crate) async fn make(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &asked.csrf, &form(report)) {
        return shell::stale_form(&who);
    }
    let signer = Signer { name: asked.name, role: asked.role };
    let house = &who.agencies.house;
    let form = if asked.form == "json" { certificate::Form::Json } else { certificate::Form::Pages };
    let (viewer, build) = (&who.session.viewer, &who.agencies.build);
    match certificate::certify(house, viewer, report, (signer, form), build).await {
        Ok(signed) => file(&who, &signed, form),
        Err(NoCertificate::Trouble(trouble)) => refusal(&who, &trouble),
        Err(fault @ NoCertificate::Signer) => {
            let says = alert(Weight::Error, "No certificate was made", &html! { p { (fault) "." } });
            shell::page(
                StatusCode::UNPROCESSABLE_ENTITY,
                &who,
                "Certificate",
                None,
                &html! { h1 { "Certificate" } (says) },
            )
        }
        Err(fault) => shell::broken(&who, &crate::incident(house, &fault)),
    }
}

fn file(who: &SignedIn, signed: &SignedCertificate, form: certificate::Form) -> Response {
    let (kind, ending) = match form {
        certificate::Form::Json => ("application/json", "json"),
        certificate::Form::Pages => ("application/pdf", "pdf"),
    };
    let bytes = match form.of(signed) {
        Ok(bytes) => bytes,
        Err(fault) => return shell::broken(who, &crate::incident(&who.agencies.house, &fault)),
    };
    let named = format!("attachment; filename=\"{}.{ending}\"", signed.name());
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(named) = HeaderValue::from_str(&named) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

fn form(report: ReportId) -> String {
    format!("certificate-{report}")
}
