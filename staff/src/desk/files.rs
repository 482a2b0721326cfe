//! The files of a report at the desk: what is known of each in words, and what opens it. Media is nowhere on this page.

use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, FileId, Id as _, ReportId, TriState};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use policy::{Opening, ViewerRole, Withheld};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tri, Weight, button};
use viewing::files::{self, Held, HeldFile};
use viewing::grounds::{self, CounselGround, Ground};
use web::moment;

use super::look;
use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Whoever works reports here.
pub(super) const ROLES: &[ViewerRole] = &[ViewerRole::Analyst, ViewerRole::Supervisor, ViewerRole::Counsel];
/// Whoever may ask for counsel's ground.
const ASK: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel];
/// Files on one page.
const MOST_SHOWN: usize = 500;

pub(super) const LINK: Link<'static> = Link { href: "/desk/files", label: "Files of a report" };

pub(super) const ENTRY: Entry = Entry {
    link: LINK,
    says: "What opens each file of a report, and the way to a look or to counsel's word.",
    roles: ROLES,
};

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(find))
        .route("/desk/reports/{report}/files", get(page))
        .route("/desk/reports/{report}/files/counsel", post(ask))
        .merge(look::routes())
}

pub(super) fn address(report: ReportId) -> String {
    format!("/desk/reports/{report}/files")
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    report: String,
}

/// `GET /desk/files`: asks for a number, and leads to that report's files.
async fn find(who: SignedIn, Query(wanted): Query<Wanted>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let text = wanted.report.trim();
    let wrong = match text.parse::<ReportId>() {
        Ok(report) => return web::redirect(&address(report)),
        Err(_) => (!text.is_empty()).then_some("A report's number has digits only."),
    };
    let main = html! {
        h1 { (LINK.label) }
        (ui::get(LINK.href, &html! {
            (Field::new("report", "Number of the report").value(text).error(wrong).required())
            (button("Show its files", Button::Primary))
        }))
    };
    shell::below(StatusCode::OK, &who, &[shell::DESK], LINK.label, &main)
}

/// `GET /desk/reports/{report}/files`.
async fn page(who: SignedIn, Path(report): Path<String>) -> Response {
    shown(&who, &report, None).await
}

/// A report with its files and the memoranda about them.
async fn gather(who: &SignedIn, report: &str) -> Result<(Held, Vec<Ground>), Box<Response>> {
    who.must_be(ROLES)?;
    let Ok(number) = report.parse::<ReportId>() else { return Err(Box::new(shell::not_found(who))) };
    let (house, viewer) = (&who.staff.house, who.viewer());
    let trouble = |trouble| Box::new(shell::trouble(who, &trouble));
    let held = files::of_report(house, &viewer, number).await.map_err(trouble)?;
    Ok((held, grounds::of_report(house, &viewer, number).await.map_err(trouble)?))
}

async fn shown(who: &SignedIn, report: &str, refused: Option<&str>) -> Response {
    let (held, memos) = match gather(who, report).await {
        Ok(gathered) => gathered,
        Err(elsewhere) => return *elsewhere,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Files of report {}", held.report);
    shell::below(status, who, &[shell::DESK, LINK], &title, &main(who, &held, &memos, refused))
}

fn main(who: &SignedIn, held: &Held, memos: &[Ground], refused: Option<&str>) -> Markup {
    html! {
        h1 { "Files of report " (held.report) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was asked for", &html! { p { (refused) } })) }
        p {
            "Sent by " (ui::text(&held.provider))
            @if let Some(at) = held.received_at { ", finished " (moment(at)) }
            ". " (held.agencies.len()) " agency(ies) have it."
        }
        @if held.files.is_empty() { (ui::empty("The sender uploaded no files.", None)) }
        @else { (table(held)) }
        h2 { "Counsel's memoranda" }
        @if memos.is_empty() { (ui::empty("No file of this report was opened on counsel's word.", None)) }
        @else { (memoranda(who, held, memos)) }
        @if who.member.is_one_of(ASK) && !held.files.is_empty() { (form(who, held)) }
    }
}

fn table(held: &Held) -> Markup {
    let columns =
        ["File", "Viewed by sender", "Publicly available", "Class", "Opens to us on", "Seen before", "Size"]
            .map(|label| Column { label, order: Order::Fixed });
    let row = |file: &HeldFile| {
        let (href, label) = (look::address(held.report, file.position), format!("File {}", file.position));
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                tri(file.viewed),
                tri(file.public),
                ui::text(file.classification.as_deref().unwrap_or("Unknown")),
                opens(&file.opening),
                html! { (file.seen_before) },
                html! { (web::size(file.size_bytes)) },
            ],
        }
    };
    let rows: Vec<Row> = held.files.iter().take(MOST_SHOWN).map(row).collect();
    html! {
        (ui::table(&Table { caption: "Uploaded files, without their contents", columns: &columns, rows: &rows, swap: None }))
        @if held.files.len() > MOST_SHOWN { p { "The first " (MOST_SHOWN) " of " (held.files.len()) " files." } }
    }
}

pub(super) fn tri(answer: TriState) -> Markup {
    html! { (Tri::from(Option::<bool>::from(answer))) }
}

/// On which ground a file opens, or why it does not.
pub(super) fn opens(opening: &Result<Opening, Withheld>) -> Markup {
    match opening {
        Ok(Opening { relaxation: Some(name), .. }) => html! { "relaxation " (ui::text(name)) " of counsel" },
        Ok(opening) => html! { (opening.ground.as_str()) },
        Err(withheld) => html! { "shut: " (withheld.to_string()) },
    }
}

fn memoranda(who: &SignedIn, held: &Held, memos: &[Ground]) -> Markup {
    let columns = ["Memorandum", "For", "Files", "Recorded", "Until", "State"]
        .map(|label| Column { label, order: Order::Fixed });
    let now = who.staff.house.now();
    let row = |one: &Ground| {
        let position = |id: &FileId| held.files.iter().find(|file| file.id == *id).map(|file| file.position);
        let files: Vec<String> =
            one.files.iter().filter_map(position).map(|position| position.to_string()).collect();
        let memo = one.words.answers().first().map_or("", |(_, answer)| *answer).to_owned();
        Row {
            head: html! { (ui::text(&memo)) },
            cells: vec![
                html! { (one.agency.as_ref().map_or("the clearinghouse", AgencyId::as_str)) },
                html! { (files.join(", ")) },
                moment(one.recorded_at),
                one.dates.until.map_or_else(|| html! { "no end" }, moment),
                html! { (one.state(now).as_str()) },
            ],
        }
    };
    let rows: Vec<Row> = memos.iter().map(row).collect();
    ui::table(&Table { caption: "Opened on counsel's word", columns: &columns, rows: &rows, swap: None })
}

/// What stands for ourselves in the form.
const OURSELVES: &str = "";

fn form(who: &SignedIn, held: &Held) -> Markup {
    let mut whom = vec![Choice { value: OURSELVES, label: "The clearinghouse's own people" }];
    whom.extend(held.agencies.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }));
    html! {
        h2 { "Ask for counsel's ground" }
        p { "A supervisor and counsel decide this together: whichever of you asks, the other one agrees. It opens exactly the files that are named, to exactly those who are named." }
        (ui::post(&format!("{}/counsel", address(held.report)), &who.visit.token(&form_name(held.report)), &html! {
            (Field::new("files", "Files").hint("Their numbers, such as 1, 3.").required())
            (Field::new("whom", "For whom").kind(Kind::Choice(&whom)))
            (Field::new("memo", "Memorandum").hint("Its number and day; not its words.").required())
            (Field::new("until", "First day on which it is over (UTC)").kind(Kind::Date).required())
            (button("Ask", Button::Primary))
        }))
    }
}

fn form_name(report: ReportId) -> String {
    format!("counsel/{report}")
}

#[derive(Deserialize)]
struct Asked {
    csrf: String,
    files: String,
    #[serde(default)]
    whom: String,
    memo: String,
    until: String,
}

impl Asked {
    fn ground(&self, held: &Held, now: Timestamp) -> Result<CounselGround, &'static str> {
        let words = self.files.split([',', ' ']).filter(|word| !word.is_empty());
        let named = |word: &str| Some(held.file(word.parse().ok()?)?.id.clone());
        let files: Option<Vec<FileId>> = words.map(named).collect();
        let files =
            files.filter(|files| !files.is_empty()).ok_or("Name files of this report by their numbers.")?;
        let agency = match self.whom.as_str() {
            OURSELVES => None,
            whom => {
                let known = held.agencies.iter().find(|(id, _)| id.as_str() == whom);
                Some(known.ok_or("This agency does not have the report.")?.0.clone())
            }
        };
        let until = office::day(&self.until).filter(|until| *until > now);
        let until = Some(until.ok_or("Say a day to come on which it is over.")?);
        let memo = self.memo.trim().to_owned();
        if !(1..=500).contains(&memo.chars().count()) {
            return Err("Say which memorandum, in at most 500 letters.");
        }
        Ok(CounselGround { report: held.report, agency, files, memo, until })
    }
}

/// `POST /desk/reports/{report}/files/counsel`.
async fn ask(
    who: SignedIn,
    Path(report): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Asked>,
) -> Response {
    if let Err(elsewhere) = who.must_be(ASK) {
        return *elsewhere;
    }
    let (held, _) = match gather(&who, &report).await {
        Ok(gathered) => gathered,
        Err(elsewhere) => return *elsewhere,
    };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &form_name(held.report)) {
        return *stale;
    }
    let ground = match form.ground(&held, who.staff.house.now()) {
        Ok(ground) => ground,
        Err(wrong) => return shown(&who, &report, Some(wrong)).await,
    };
    match grounds::ask_counsel(&who.staff.house, &who.member, ground).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) if !trouble.is_not_found() => {
                shown(&who, &report, Some(office::approval::in_words(refusal))).await
            }
            _ => shell::trouble(&who, &trouble),
        },
    }
}
