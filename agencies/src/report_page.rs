//! One report as a page, and its package as a download.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::{Dossier, ReportId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::{Trouble, keeping};
use serde::Deserialize;
use ui::{Button, Link, breadcrumb, button};
use web::door::Token;

use crate::report::addresses::Known;
use crate::report::story::{Story, Told};
use crate::session::SignedIn;
use crate::{
    allowed, cases, certificate, court, document, download, keeping as keeping_page, report, shell, transfers,
};

pub(crate) const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// What the address of the page asks for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Which page of its files; anything that is no number is the first.
    files: Option<String>,
}

/// `GET /agency/reports/{report}`.
pub(crate) async fn page(who: SignedIn, Path(number): Path<String>, Query(asked): Query<Asked>) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let (dossier, known_at) = match pipeline::opened(house, viewer, report).await {
        Ok(opened) => opened,
        Err(trouble) => return refusal(&who, &trouble),
    };
    let own = match cases::own(&who, report).await {
        Ok(own) => own,
        Err(broken) => return broken,
    };
    let way = match &own {
        Some(own) => match transfers::section(&who, report, own.standing.version).await {
            Ok(way) => way,
            Err(trouble) => return refusal(&who, &trouble),
        },
        None => html! {},
    };
    let files = asked.files.and_then(|files| files.parse().ok()).unwrap_or(1);
    let gathered = async {
        Ok::<_, Trouble>((
            keeping::standing(house, viewer, report).await?,
            seen(&who, &dossier, files).await?,
        ))
    };
    let (keeping, seen) = match gathered.await {
        Ok(gathered) => gathered,
        Err(trouble) => return refusal(&who, &trouble),
    };
    let reader = viewer.actor.text();
    let told = Told { dossier: &dossier, own: own.as_ref(), keeping: &keeping, known_at, reader: &reader };
    let today = who.agencies.tools.as_ref().map(|tools| pipeline::findings_today(tools, &dossier));
    let drawn = report::Page {
        dossier: &dossier,
        own: own.as_ref(),
        keeping: &keeping,
        known: Known::of(&dossier, today.as_deref()),
        story: Story::of(&told),
        files,
        seen: &seen,
        now: house.now(),
    };
    let title = format!("Report {report}");
    let conditions = report::transfers::part::conditions(&dossier.court_orders);
    let main = report::main(&drawn, &html! { (conditions) (work(&who, report, own.as_ref(), &way)) });
    shell::page(StatusCode::OK, &who, &title, Some(breadcrumb(&[INBOX], &title)), &main)
}

/// What somebody can do with a report.
fn work(who: &SignedIn, report: ReportId, own: Option<&dossierpage::Own>, way: &Markup) -> Markup {
    let decided = pipeline::allowed(&who.session.viewer);
    let action = format!("/agency/reports/{report}/package");
    let ask = button("Download package", Button::Primary);
    html! {
        @if let Some(own) = own { (cases::section(who, report, own)) (way) }
        (allowed::sentence("Reading this report", decided.read))
        p { "The package holds the report, tables, a signed list of contents, and the files that may be opened." }
        @if decided.take.is_ok() { (ui::post(&action, &who.visit.token(&form(report)), &ask)) }
        (allowed::sentence("Taking the package", decided.take))
        @if decided.take.is_ok() { (document::section(who, report)) (court::section(who, report)) }
        p { a href=(keeping_page::address(report)) { "Keep or destroy" } ": holds, and your word that files are to be destroyed" }
        (certificate::section(who, report))
        @if viewing::sessions::may_hold(&who.session.viewer) {
            @let viewings = format!("/agency/reports/{report}/viewings");
            p { (Link { href: &viewings, label: "Viewing appointments of this report" }) }
        }
    }
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
    let taken = pipeline::package::take(&who.agencies.house, &who.session.viewer, report).await;
    download::taken(&who, report, taken)
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
