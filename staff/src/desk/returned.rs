//! Reports of which an agency said that they are not its own: those that wait for somebody to say where they go, and those
//! that went on.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, Id as _, IncidentType, Priority, ReportId, ReturnState};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;
use workspace::Trouble;
use workspace::given_back::{self, Returned, Which};

use super::files;
use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

pub(super) const ROLES: &[ViewerRole] = &[ViewerRole::Analyst, ViewerRole::Supervisor];

pub(super) const LINK: Link<'static> = Link { href: "/desk/returned", label: "Given back by agencies" };
/// How the question where a report goes begins: nothing is chosen before somebody chooses.
const CHOOSE: Choice<'static> = Choice { value: "", label: "Choose where it goes" };
const SEND_ON: &str = "/desk/returned/send-on";
/// The choice that sends it nowhere.
const STAYS: &str = "stays";

pub(super) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Reports that an agency says are not its own, and where each of them went.",
    roles: ROLES,
};

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route(SEND_ON, post(send_on))
        .route("/desk/returned/{report}/{agency}/{number}", get(one).post(decide))
}

fn address(one: &Returned) -> String {
    format!("{}/{}/{}/{}", LINK.href, one.one.report, one.one.agency, one.one.number)
}

/// `GET /desk/returned`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    shown_all(&who, None).await
}

async fn shown_all(who: &SignedIn, told: Option<(StatusCode, Weight, &str)>) -> Response {
    let (house, viewer) = (&who.staff.house, &who.viewer());
    let found = async {
        let (waits, recent) = given_back::at_desk(house, viewer).await?;
        Ok::<_, Trouble>((waits, recent, given_back::left_behind(house, viewer).await?))
    };
    let (waits, recent, left) = match found.await {
        Ok(found) => found,
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let main = html! {
        h1 { (LINK.label) }
        @if let Some((_, weight, says)) = told { (ui::alert(weight, "What agencies left behind", &html! { p { (says) } })) }
        p { "A report stays with the agency that has it until another one has it. It goes on by itself to the next agency that the rules name; what nobody is left for, or came back three times, waits here." }
        h2 { "Waiting for somebody to say where it goes" }
        @if waits.is_empty() { (ui::empty("Nothing waits.", None)) }
        @else { (table("Waiting", &waits)) }
        @if !left.is_empty() {
            h2 { "Left with agencies that may not receive any more" }
            p { "Nobody of these agencies is let in. What they hold can be sent on, " (given_back::MOST_TOGETHER) " at a time, as if they had given it back; or qualify them anew." }
            ul { @for one in &left { li { (left_with(who, one)) } } }
        }
        h2 { "Went on, or was decided" }
        @if recent.is_empty() { (ui::empty("No agency has given a report back.", None)) }
        @else { (table("Went on, the newest first", &recent)) }
    };
    shell::below(told.map_or(StatusCode::OK, |(status, ..)| status), who, &[shell::DESK], LINK.label, &main)
}

fn left_with(who: &SignedIn, (agency, name, held): &(AgencyId, String, u32)) -> Markup {
    let more = if *held >= given_back::MOST_COUNTED { " or more" } else { "" };
    let label = format!("Send on what {} holds", ui::visible(name));
    html! {
        (ui::text(name)) " holds " (held) (more) " open " @if *held == 1 { "report." } @else { "reports." }
        (ui::post(SEND_ON, &who.visit.token("send-on"), &html! {
            input type="hidden" name="to" value=(agency);
            (button(&label, Button::Secondary))
        }))
    }
}

/// `POST /desk/returned/send-on`.
async fn send_on(who: SignedIn, headers: HeaderMap, Form(said): Form<Said>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    if let Err(stale) = who.must_post(&headers, &said.csrf, "send-on") {
        return *stale;
    }
    let Ok(agency) = AgencyId::parse(&said.to) else { return shell::not_found(&who) };
    match given_back::send_on(&who.staff.house, &who.viewer(), agency).await {
        Ok(went_on) => {
            let says = format!(
                "{} on to another agency. What nobody is left for waits here, one by one.",
                match went_on {
                    0 => "None went".to_owned(),
                    1 => "1 report went".to_owned(),
                    many => format!("{many} reports went"),
                }
            );
            shown_all(&who, Some((StatusCode::OK, Weight::Done, &says))).await
        }
        Err(trouble) if trouble.refusal().is_some_and(|refusal| refusal.code() == "conflict") => {
            let says = "This agency may receive again, or holds nothing any more.";
            shown_all(&who, Some((StatusCode::CONFLICT, Weight::Error, says))).await
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn table(caption: &str, all: &[Returned]) -> Markup {
    let columns = ["Report", "Priority", "Given back by", "Because", "When", "What became of it"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |returned: &Returned| {
        let one = &returned.one;
        let (href, label) = (address(returned), one.report.to_string());
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                priority(one.priority),
                ui::text(&one.agency_name),
                html! { (one.reason.title()) },
                moment(one.said_at),
                html! { (chip(one.state)) @if let Some(to) = &returned.went_to { " " (ui::text(to)) } },
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// What cannot wait stands out.
pub(super) fn priority(priority: Priority) -> Markup {
    let tone = match priority {
        Priority::Immediate => Tone::Critical,
        Priority::Urgent => Tone::Strong,
        Priority::Elevated | Priority::Routine | Priority::Informational => Tone::Plain,
    };
    ui::chip(priority.as_str(), tone)
}

fn chip(state: ReturnState) -> Markup {
    let tone = if state == ReturnState::AtDesk { Tone::Strong } else { Tone::Plain };
    ui::chip(state.title(), tone)
}

fn which((report, agency, number): (&str, &str, &str)) -> Option<Which> {
    let report = report.parse::<ReportId>().ok()?;
    Some((report, AgencyId::parse(agency).ok()?, number.parse().ok()?))
}

/// What the form says.
#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    to: String,
    #[serde(default)]
    words: String,
}

type Parts = (String, String, String);

/// `GET /desk/returned/{report}/{agency}/{number}`.
async fn one(who: SignedIn, Path((report, agency, number)): Path<Parts>) -> Response {
    match which((&report, &agency, &number)) {
        Some(which) => shown(&who, which, &Said::default(), None).await,
        None => shell::not_found(&who),
    }
}

async fn shown(who: &SignedIn, which: Which, said: &Said, refused: Option<(StatusCode, &str)>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match given_back::get(&who.staff.house, &who.viewer(), which).await {
        Ok((found, places)) => {
            let title = format!("Report {}, given back", found.one.report);
            let main = main(who, (&title, &found), &places, said, refused.map(|(_, says)| says));
            let status = refused.map_or(StatusCode::OK, |(status, _)| status);
            shell::below(status, who, &[shell::DESK, LINK], &title, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(
    who: &SignedIn,
    (title, found): (&str, &Returned),
    places: &[(AgencyId, String)],
    said: &Said,
    refused: Option<&str>,
) -> Markup {
    let one = &found.one;
    let kind = IncidentType::find(&one.incident_type).map_or(&one.incident_type, |kind| &kind.title);
    let words = match one.words.as_deref() {
        None => "destroyed with the report",
        Some("") => "none",
        Some(words) => words,
    };
    let mut facts = vec![
        ("State", chip(one.state).into()),
        ("Given back by", Value::words(Some(&one.agency_name))),
        ("Because", Value::words(Some(one.reason.title()))),
        ("Their words", Value::words(Some(words))),
        ("When", moment(one.said_at).into()),
        ("Priority", priority(one.priority).into()),
        ("Incident type", Value::words(Some(kind))),
    ];
    if let Some(to) = &found.went_to {
        facts.push(("Has it instead", Value::words(Some(to))));
    }
    if let Some(at) = one.decided_at {
        facts.push(("Decided", moment(at).into()));
        facts.push(("Reason of the desk", Value::words(one.answer.as_deref())));
    }
    html! {
        h1 { (title) }
        @if let Some(refused) = refused {
            (ui::alert(Weight::Error, "Nothing was changed", &html! {
                p { (refused) }
                @if one.state != ReturnState::AtDesk && !said.words.is_empty() {
                    p { "You had written: " (ui::text(&said.words)) }
                }
            }))
        }
        (ui::definitions(&facts))
        p { (Link { href: &files::address(one.report), label: "Its files, and what opens them" }) }
        @if one.state == ReturnState::AtDesk { (form(who, found, places, said)) }
    }
}

fn form(who: &SignedIn, found: &Returned, places: &[(AgencyId, String)], said: &Said) -> Markup {
    let stays = format!("It stays with {}", found.one.agency_name);
    let mut choices = vec![CHOOSE, Choice { value: STAYS, label: &stays }];
    choices.extend(places.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }));
    let action = address(found);
    html! {
        h2 { "Where it goes" }
        p { "Your reason is shown to the agency that gave it back. Until another agency has the report, it stays where it is." }
        (ui::post(&action, &who.visit.token(&token(found.one.report)), &html! {
            input type="hidden" name="version" value=(found.one.version);
            (Field::new("to", "Send it to").kind(Kind::Choice(&choices)).value(&said.to).required())
            (Field::new("words", "Reason").kind(Kind::Lines(3)).value(&said.words).required())
            (button("Decide", Button::Primary))
        }))
    }
}

fn token(report: ReportId) -> String {
    format!("returned-{report}")
}

/// `POST /desk/returned/{report}/{agency}/{number}`.
async fn decide(
    who: SignedIn,
    Path((report, agency, number)): Path<Parts>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Some(which) = which((&report, &agency, &number)) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &said.csrf, &token(which.0)) {
        return *stale;
    }
    let to = match said.to.as_str() {
        STAYS => None,
        id => match AgencyId::parse(id) {
            Ok(id) => Some(id),
            Err(_) => {
                return shown(&who, which, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, UNFIT))).await;
            }
        },
    };
    let decided = (to, said.words.clone());
    match given_back::decide(&who.staff.house, &who.viewer(), (which.clone(), said.version), decided).await {
        Ok(()) => web::redirect(&format!("{}/{report}/{agency}/{number}", LINK.href)),
        Err(trouble) => {
            let says = match trouble.refusal().map(|refusal| refusal.code()) {
                Some("conflict" | "closed") => (StatusCode::CONFLICT, MEANWHILE),
                Some("unfit") => (StatusCode::UNPROCESSABLE_ENTITY, UNFIT),
                Some("destroyed") => (StatusCode::GONE, GONE),
                Some("not-qualified" | "disabled") => (StatusCode::UNPROCESSABLE_ENTITY, NOT_QUALIFIED),
                _ => return shell::trouble(&who, &trouble),
            };
            shown(&who, which, &said, Some(says)).await
        }
    }
}

const UNFIT: &str = "Choose where it goes, and give a reason of at most 2,000 letters.";
const NOT_QUALIFIED: &str = "This agency may not receive now: what qualifies it is over. Choose another one.";
const GONE: &str = "The report was destroyed by rule: there is nothing to send on. It can only stay where it was, and your reason is not kept.";
const MEANWHILE: &str =
    "Somebody decided it meanwhile, or another agency has it by now. This is how it stands now.";
