//! One report as a page, and its package as a download.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::{Dossier, ReportId};
use http::{HeaderMap, StatusCode};
use maud::html;
use pipeline::Trouble;
use serde::Deserialize;
use ui::{Button, Link, breadcrumb, button};
use web::door::Token;

use crate::session::SignedIn;
use crate::{allowed, cases, certificate, document, download, keeping, report, shell};

pub(crate) const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// What the address of the page asks for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Which page of its files; anything that is no number is the first.
    files: Option<String>,
}

/// `GET /agency/reports/{report}`.
pub(crate) async fn page(who: SignedIn, Path(number): Path<String>, Query(asked): Query<Asked>) -> Response {
    let dossier = match dossier(&who, &number).await {
        Ok(dossier) => dossier,
        Err(refused) => return refused,
    };
    let title = format!("Report {}", dossier.report);
    let action = format!("/agency/reports/{}/package", dossier.report);
    let ask = button("Download package", Button::Primary);
    let decided = pipeline::allowed(&who.session.viewer);
    let own = match cases::section(&who, dossier.report).await {
        Ok(own) => own,
        Err(broken) => return broken,
    };
    let package = html! {
        (own)
        (allowed::sentence("Reading this report", decided.read))
        p { "The package holds the report, tables, a signed list of contents, and the files that may be opened." }
        @if decided.take.is_ok() { (ui::post(&action, &who.visit.token(&form(dossier.report)), &ask)) }
        (allowed::sentence("Taking the package", decided.take))
        @if decided.take.is_ok() { (document::section(&who, dossier.report)) }
        p { a href=(keeping::address(dossier.report)) { "Keep or destroy" } ": holds, and your word that files are to be destroyed" }
        (certificate::section(&who, dossier.report))
        @if viewing::sessions::may_hold(&who.session.viewer) {
            @let viewings = format!("/agency/reports/{}/viewings", dossier.report);
            p { (Link { href: &viewings, label: "Viewing appointments of this report" }) }
        }
    };
    let files = asked.files.and_then(|files| files.parse().ok()).unwrap_or(1);
    let seen = match seen(&who, &dossier, files).await {
        Ok(seen) => seen,
        Err(trouble) => return refusal(&who, &trouble),
    };
    let main = report::main(&dossier, &package, files, &seen);
    shell::page(StatusCode::OK, &who, &title, Some(breadcrumb(&[INBOX], &title)), &main)
}

/// In which of the agency's seized sets the files of one page stand.
async fn seen(who: &SignedIn, dossier: &Dossier, page: usize) -> Result<report::files::Seen, Trouble> {
    let shown = report::files::shown(&dossier.files, page);
    let sought = shown.iter().map(report::files::sought).collect();
    let sights = seized::seen(&who.agencies.house, &who.session.viewer, sought).await?;
    Ok(shown.iter().map(|file| file.position).zip(sights).collect())
}

/// `POST /agency/reports/{report}/package`: taking a copy away is an act of somebody who just showed who they are.
pub(crate) async fn package(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &token.csrf, &form(report)) {
        return shell::stale_form(&who);
    }
    if !who.session.viewer.fresh {
        return who.agencies.door.verification(&format!("/agency/reports/{report}"));
    }
    let dossier = match dossier(&who, &number).await {
        Ok(dossier) => dossier,
        Err(refused) => return refused,
    };
    match pipeline::package::take(&who.agencies.house, &who.session.viewer, dossier).await {
        Ok(taken) => allowed::mark(download::answer(taken), pipeline::allowed(&who.session.viewer).take),
        Err(fault) => shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
    }
}

fn form(report: ReportId) -> String {
    format!("package-{report}")
}

pub(crate) async fn dossier(who: &SignedIn, number: &str) -> Result<Dossier, Response> {
    let report = number.parse::<ReportId>().map_err(|_| shell::not_found(who))?;
    let found = pipeline::dossier(&who.agencies.house, &who.session.viewer, report).await;
    found.map_err(|trouble| refusal(who, &trouble))
}

/// What is not for this viewer does not exist; what broke has a number.
pub(crate) fn refusal(who: &SignedIn, trouble: &Trouble) -> Response {
    if trouble.refusal().is_some_and(|refusal| refusal.code() == "destroyed") {
        let main = html! {
            h1 { "Destroyed" }
            p { "This report was destroyed by the retention schedule, after two people had agreed. Its number, its hashes, that your agency had it, and the certificate remain; ask the clearinghouse for them." }
            p { (INBOX) }
        };
        return shell::page(StatusCode::GONE, who, "Destroyed", None, &main);
    }
    if trouble.is_not_found() {
        return shell::not_found(who);
    }
    shell::broken(who, &crate::incident(&who.agencies.house, trouble))
}
