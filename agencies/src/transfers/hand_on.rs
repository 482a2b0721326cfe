//! Handing a report on: to another agency instead of one's own or beside it, by a listed exception; or back to the
//! clearinghouse, because it is not one's own.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::{AgencyId, Id as _, NotOurs, RedisclosureCode, ReportId, ReturnState};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use ui::{Link, breadcrumb};
use workspace::Trouble;
use workspace::given_back::{self, NewReturn};
use workspace::standing;
use workspace::transfers::{self, NotHandedOn, OnRecord, Wish, Words};

use crate::report::transfers::address;
use crate::report::transfers::hand_on::{self as drawing, Said};
use crate::report_page::{INBOX, refusal};
use crate::session::SignedIn;
use crate::shell;

/// `GET /agency/reports/{report}/hand-on`.
pub(super) async fn page(who: SignedIn, Path(number): Path<String>, Query(said): Query<Said>) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    drawn(&who, report, &said, None).await
}

async fn drawn(
    who: &SignedIn,
    report: ReportId,
    said: &Said,
    refused: Option<(StatusCode, &str)>,
) -> Response {
    match shown(who, report).await {
        Ok((version, shown)) => {
            let (href, label) = (format!("/agency/reports/{report}"), format!("Report {report}"));
            let above = Link { href: &href, label: &label };
            let (title, token) = (drawing::title(report), who.visit.token(&token(report)));
            let form = drawing::Form { report, version, token: &token, said };
            let now = who.agencies.house.now();
            let main = drawing::main(&form, &shown, now, refused.map(|(_, says)| says));
            let status = refused.map_or(StatusCode::OK, |(status, _)| status);
            shell::page(status, who, &title, Some(breadcrumb(&[INBOX, above], &title)), &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

async fn shown(who: &SignedIn, report: ReportId) -> Result<(u32, drawing::Shown), Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let version = standing::find(house, viewer, report).await?.version;
    let (places, own_state) = transfers::places(house, viewer).await?;
    let (earlier, holder) = transfers::of_report(house, viewer, report).await?;
    let returned = given_back::of_report(house, viewer, report).await?;
    let waits = returned.iter().any(|one| one.one.state == ReturnState::AtDesk);
    Ok((version, drawing::Shown { places, own_state, earlier, holder, waits }))
}

pub(super) fn token(report: ReportId) -> String {
    format!("hand-on-{report}")
}

/// `POST /agency/reports/{report}/hand-on`.
pub(super) async fn offer(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &said.csrf, &token(report)) {
        return shell::stale_form(&who);
    }
    let wish = match wished(report, &said) {
        Ok(wish) => wish,
        Err(says) => return drawn(&who, report, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, says))).await,
    };
    match transfers::offer(&who.agencies.house, &who.session.viewer, wish).await {
        Ok(id) => web::redirect(&address(&id)),
        Err(NotHandedOn::NotShared(why)) => {
            let says = format!("The law does not let you do that as it stands: {why}.");
            drawn(&who, report, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, &says))).await
        }
        Err(NotHandedOn::Trouble(trouble)) => not_done(&who, report, &said, &trouble).await,
    }
}

async fn not_done(who: &SignedIn, report: ReportId, said: &Said, trouble: &Trouble) -> Response {
    let says = match trouble.refusal().map(|refused| refused.code()) {
        Some("conflict") => (StatusCode::CONFLICT, MEANWHILE),
        Some("closed") => (StatusCode::CONFLICT, ELSEWHERE),
        Some("not-qualified") => (StatusCode::UNPROCESSABLE_ENTITY, NOT_QUALIFIED),
        Some("unfit") => (StatusCode::UNPROCESSABLE_ENTITY, UNFIT),
        _ => return refusal(who, trouble),
    };
    drawn(who, report, said, Some(says)).await
}

const MEANWHILE: &str = "Somebody of your agency changed this report, offered it to another agency, or gave it back, since you opened the page. This is how it stands now. What you wrote is kept below.";
const ELSEWHERE: &str = "Another agency holds it by now.";
const NOT_QUALIFIED: &str = "That agency may not receive reports now. Choose another one.";
const UNFIT: &str = "Choose another agency than your own, and write at most 2,000 letters to it, and at most 10,000 letters and 50 lines of what is on record.";

/// What the form asks for, or what is missing.
fn wished(report: ReportId, said: &Said) -> Result<Wish, &'static str> {
    let to = AgencyId::parse(&said.to).map_err(|_| "Choose an agency.")?;
    let kind = said.kind.parse().map_err(|_| "Say whether they have it instead of you, or too.")?;
    let reason = said.reason.parse().map_err(|_| "Say why.")?;
    let word = |text: &str| text.trim().to_owned();
    let on = match said.code.parse::<RedisclosureCode>() {
        Ok(RedisclosureCode::StateOffence) => {
            OnRecord::StateOffence { state: word(&said.state), offence: word(&said.offence) }
        }
        Ok(RedisclosureCode::FoundNecessary) => OnRecord::FoundNecessary {
            attorney: word(&said.attorney),
            at: office::day(&said.found).ok_or("Say on which day the attorney found it necessary.")?,
        },
        Ok(RedisclosureCode::CourtOrder) => OnRecord::CourtOrder {
            order: word(&said.order),
            conditions: said.conditions.lines().map(word).filter(|line| !line.is_empty()).collect(),
        },
        _ => return Err("Say which exception allows it."),
    };
    let words = Words { on, note: word(&said.words) };
    Ok(Wish { report, version: said.version, to, kind, reason, words })
}

/// What the form of a return says.
#[derive(Deserialize)]
pub(super) struct GivingBack {
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default, rename = "not-ours-reason")]
    reason: String,
    #[serde(default)]
    words: String,
}

/// `POST /agency/reports/{report}/not-ours`.
pub(super) async fn give_back(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(giving): Form<GivingBack>,
) -> Response {
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &giving.csrf, &token(report)) {
        return shell::stale_form(&who);
    }
    let GivingBack { version, reason, words, .. } = giving;
    let said = Said { reason: reason.clone(), words: words.clone(), ..Said::default() };
    let reason = reason.parse().ok().filter(|reason| NotOurs::OF_AGENCIES.contains(reason));
    let Some(reason) = reason else {
        let says = (StatusCode::UNPROCESSABLE_ENTITY, "Say why it is not yours.");
        return drawn(&who, report, &said, Some(says)).await;
    };
    let new = NewReturn { report, version, reason, words: words.trim().to_owned() };
    match given_back::give_back(&who.agencies.house, &who.session.viewer, new).await {
        Ok(_) => web::redirect(&format!("/agency/reports/{report}#own-way")),
        Err(trouble) => not_done(&who, report, &said, &trouble).await,
    }
}
