//! The documentation, open to everybody: how to send a report in four languages, the whole reporting language, and what
//! can be downloaded. Nobody needs an account to read a schema.

mod guide;
mod kit;
mod schema;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cybertip::Profile;
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};
use ui::Link;

use super::Portal;
use super::session::SignedIn;
use super::shell::{self, HELP};

/// The schemas that can be downloaded: name of the file, the profile, and for whom it is.
const SCHEMAS: [(&str, Profile, &str); 3] = [
    ("report-2025-11.xsd", Profile::Strict2025_11, "The schema of November 2025, to the letter."),
    (
        "report-current.xsd",
        Profile::Current,
        "That schema with what the documentation of 2026 adds, and its limits.",
    ),
    ("report-lenient.xsd", Profile::Lenient, "What is taken from old clients, with warnings."),
];
/// The kit's name.
const KIT: &str = "conformance-kit.zip";

/// Whoever reads: somebody who is signed in, or anybody.
type Reader = Result<SignedIn, Response>;

/// The pages of the documentation.
pub(super) fn routes() -> Router<Portal> {
    Router::new()
        .route("/provider/help", get(index))
        .route("/provider/help/api", get(guide::page))
        .route("/provider/help/schema", get(schema::page))
        .route("/provider/downloads/{name}", get(download))
}

fn show(reader: Reader, portal: &Portal, title: &str, main: &Markup) -> Response {
    match reader {
        Ok(who) if title == HELP.label => shell::page(&who, HELP, title, main),
        Ok(who) => shell::below(StatusCode::OK, &who, &[HELP], title, main),
        Err(_) => {
            let main = html! { p { (HELP) } (main) };
            shell::outside(StatusCode::OK, portal, title, &main)
        }
    }
}

/// `GET /provider/help`.
async fn index(State(portal): State<Portal>, reader: Reader) -> Response {
    let link = |href: &str, label: &str| html! { (Link { href, label }) };
    let main = html! {
        h1 { "Help" }
        h2 { "Sending reports" }
        ul {
            li { (link("/provider/help/api", "How to send a report, with examples in curl, Python, TypeScript and Go")) }
            li { (link("/provider/help/schema", "Every element of the reporting language")) }
        }
        h2 { "Downloads" }
        p { "Free to keep, to commit and to ship." }
        ul {
            @for (name, _, says) in SCHEMAS {
                @let href = format!("/provider/downloads/{name}");
                li { (link(&href, name)) ": " (says) }
            }
            li { (link(&format!("/provider/downloads/{KIT}"), KIT)) ": sample documents with the answers that they get, the schemas and the examples." }
        }
        h2 { "What holds" }
        ul {
            li { "A report may have as little as its kind and its moment. Missing fields never make us refuse it." }
            li { "An open report is destroyed 24 hours after it was opened or one hour after its last change, whichever is later." }
            li { "A finished report cannot be changed. Its receipt is signed and can be checked without us." }
            li { "Your company may give report content only to the agencies that the law names, to this clearinghouse, or to answer legal process." }
        }
    };
    show(reader, &portal, HELP.label, &main)
}

/// `GET /provider/downloads/{name}`.
async fn download(State(portal): State<Portal>, Path(name): Path<String>) -> Response {
    if let Some((_, profile, _)) = SCHEMAS.iter().find(|(known, _, _)| *known == name) {
        return attached(&name, "application/xml", cybertip::xsd(*profile).into_bytes());
    }
    match kit::bytes() {
        Ok(kit) if name == KIT => attached(&name, "application/zip", kit.to_vec()),
        Ok(_) => {
            let main = web::frame::not_found("There is no such download.", HELP);
            shell::outside(StatusCode::NOT_FOUND, &portal, "Not found", &main)
        }
        Err(fault) => {
            let main = web::frame::broken(&super::incident(&portal.house, fault));
            shell::outside(StatusCode::INTERNAL_SERVER_ERROR, &portal, "Something went wrong", &main)
        }
    }
}

/// A file of ours for the disk. Its name is a word of this source.
fn attached(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    response
}
