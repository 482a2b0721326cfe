//! A labelled entry on its way out: the part of its page, and the sheet that is taken. `dossierpage::passing` draws it.

use axum::Form;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::{AgencyId, CaseId, Id as _};
use dossierpage::passing::{self as drawing, Said};
use http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};
use workspace::Trouble;
use workspace::cases::Entry;
use workspace::passing::{self, NewPassing, NotPassedOn, Sheet, Words};

use super::address;
use super::entry_page::{Passed, not_passed};
use super::page::Seen;
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::shell;

/// The part of an entry's page; nothing for one without the label.
pub(super) async fn section(seen: &Seen<'_>, entry: &Entry, passed: &Passed<'_>) -> Result<Markup, Trouble> {
    if entry.cji_at.is_none() {
        return Ok(html! {});
    }
    let (who, case) = (seen.who, seen.case());
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let requesters = passing::requesters(house, viewer).await?;
    let earlier = passing::earlier(house, viewer, (case, entry.id.clone())).await?;
    let form = drawing::Form {
        action: &format!("{}/entries/{}/pass-on", address(case), entry.id),
        token: &who.visit.token(&form(case, &entry.id)),
        said: &passed.said,
        refused: passed.refused,
        level: seen.opened.level,
    };
    Ok(drawing::section(entry, (&requesters, &earlier), &form, |text| seen.name(text)))
}

fn form(case: CaseId, entry: &str) -> String {
    format!("case-{case}-entry-{entry}-pass-on")
}

/// `POST /agency/cases/{case}/entries/{entry}/pass-on`: a copy leaves, by somebody who just showed who they are.
pub(super) async fn pass_on(
    who: SignedIn,
    Path((number, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let Ok(case) = number.parse::<CaseId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &said.csrf, &form(case, &id)) {
        return shell::stale_form(&who);
    }
    if !who.session.viewer.fresh {
        return who.agencies.door.verification(&format!("{}/entries/{id}", address(case)));
    }
    let Ok(receiver) = AgencyId::parse(&said.receiver) else {
        return again(&who, (case, &id), StatusCode::UNPROCESSABLE_ENTITY, said, CHOOSE).await;
    };
    let word = |text: &str| text.trim().to_owned();
    let words = Words {
        requester: word(&said.requester),
        recipient: word(&said.recipient),
        reason: word(&said.reason),
    };
    let new = NewPassing { case, entry: id.clone(), version: said.version, receiver, words };
    match passing::pass_on(&who.agencies.house, &who.session.viewer, new).await {
        Ok(sheet) => download(sheet),
        Err(NotPassedOn::Trouble(trouble)) => {
            let (status, says) = match trouble.refusal().map(|refused| refused.code()) {
                Some("not-qualified") => (StatusCode::UNPROCESSABLE_ENTITY, NO_REQUESTER),
                Some("unfit") => (StatusCode::UNPROCESSABLE_ENTITY, MISSING),
                Some("conflict") => (StatusCode::CONFLICT, MEANWHILE),
                Some("not-allowed") => (StatusCode::UNPROCESSABLE_ENTITY, READS),
                _ => return refusal(&who, &trouble),
            };
            again(&who, (case, &id), status, said, says).await
        }
        Err(fault) => shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
    }
}

const CHOOSE: &str = "Choose the agency that gets it.";
const NO_REQUESTER: &str = "That is no validated requester: only an agency of this country whose standing is verified and in force \
    may get criminal justice information. A foreign agency, a vendor and a provider may not. That you asked is recorded.";
const MISSING: &str = "Say who asked, who gets it and why, each in at most 2,000 letters. An entry without the label is not passed \
    on here.";
const MEANWHILE: &str =
    "Somebody wrote it anew since you opened the page. Read what it says now, and send the form again.";
const READS: &str = "In this case you may only read. Ask somebody who may write in it.";

async fn again(who: &SignedIn, at: (CaseId, &str), status: StatusCode, said: Said, says: &str) -> Response {
    not_passed(who, at, status, &Passed { said, refused: Some(says) }).await
}

fn download(sheet: Sheet) -> Response {
    let named = format!("attachment; filename=\"{}\"", sheet.name);
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, named)];
    (headers, Body::from(sheet.pdf)).into_response()
}
