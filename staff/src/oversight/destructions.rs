//! Destructions: what was asked for, who has to agree, how far it has come, and the certificate.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::{DestructionId, Id as _};
use http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};
use office::Trouble;
use pipeline::keeping::{self, Copies, Destruction, Opened, State, Whole, Words};
use policy::ViewerRole;
use ui::{Button, Column, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::door::Token;
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::Auditor];
const LINK: Link<'static> = Link { href: "/oversight/destructions", label: "Destructions" };
/// Files that a page lists; the certificate has all.
const MOST_LISTED: usize = 200;

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "What must be destroyed, who has to agree, and the proof that it is gone.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/oversight/destructions/{destruction}", get(one))
        .route("/oversight/destructions/{destruction}/agreement", post(agreement))
        .route("/oversight/destructions/{destruction}/refuse", post(refuse))
        .route("/oversight/destructions/{destruction}/certificate.json", get(json))
        .route("/oversight/destructions/{destruction}/certificate.pdf", get(pdf))
}

/// `GET /oversight/destructions`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let viewer = who.member.viewer(&who.staff.house);
    match keeping::destructions(&who.staff.house, &viewer).await {
        Ok(all) => shell::below(StatusCode::OK, &who, &[shell::OVERSIGHT], LINK.label, &list(&all)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn list(all: &[Destruction]) -> Markup {
    let columns = ["Destruction", "Ground", "Asked by", "Asked", "Due", "State"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |job: &Destruction| {
        let (href, label) = (address(&job.id), job.id.to_string());
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                html! { (job.basis) },
                html! { (asker(job)) },
                moment(job.asked_at),
                job.accepted
                    .as_ref()
                    .map_or_else(|| html! { "when two people have agreed" }, |two| moment(two.due_at)),
                state(job.state()),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    html! {
        h1 { "Destructions" }
        p { "From the asking on nobody reads the files. Supervisor and counsel agree; the rest happens by itself, within a day." }
        @if all.is_empty() { (ui::empty("Nobody has asked for a destruction yet.", None)) }
        @else { (ui::table(&Table { caption: "Asked for, the newest first", columns: &columns, rows: &rows, swap: None })) }
    }
}

fn asker(job: &Destruction) -> String {
    job.agency.as_ref().map_or_else(|| "the clearinghouse".to_owned(), ToString::to_string)
}

fn state(state: State) -> Markup {
    let tone = match state {
        State::Asked | State::Conflict => Tone::Notice,
        State::Refused => Tone::Muted,
        State::Certified => Tone::Plain,
        State::Accepted | State::Dropped | State::Dead | State::Proved => Tone::Strong,
    };
    ui::chip(state.as_str(), tone)
}

fn address(id: &DestructionId) -> String {
    format!("{}/{id}", LINK.href)
}

/// `GET /oversight/destructions/{destruction}`.
async fn one(who: SignedIn, Path(id): Path<String>) -> Response {
    shown(&who, &id, None).await
}

async fn shown(who: &SignedIn, id: &str, refused: Option<&'static str>) -> Response {
    match opened(who, id).await {
        Ok(opened) => {
            let title = format!("Destruction {}", opened.job.id);
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, who, &[shell::OVERSIGHT, LINK], &title, &main(who, &opened, refused))
        }
        Err(elsewhere) => *elsewhere,
    }
}

async fn opened(who: &SignedIn, id: &str) -> Result<Opened, Box<Response>> {
    who.must_be(ROLES)?;
    let id = DestructionId::parse(id).map_err(|_| Box::new(shell::not_found(who)))?;
    let found = keeping::destruction(&who.staff.house, &who.member.viewer(&who.staff.house), id).await;
    found.map_err(|trouble| Box::new(shell::trouble(who, &trouble)))
}

fn main(who: &SignedIn, opened: &Opened, refused: Option<&str>) -> Markup {
    let job = &opened.job;
    html! {
        h1 { "Destruction " (job.id) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Refused", &html! { p { (refused) } })) }
        p { (state(job.state())) " " (keeping::in_words(job.state())) }
        (ui::definitions(&facts(opened)))
        (decision(who, opened))
        @if !opened.holders.is_empty() {
            h2 { "Held by others" }
            p { "Nothing is dropped while these are open. Speak with the holder; only the holder releases a hold." }
            ul { @for (owner, report, file) in opened.holders.iter().take(MOST_LISTED) {
                li { (keeping::owner_in_words(owner)) ": report " (report) @if let Some(file) = file { ", file " (file) } }
            } }
        }
        @if !opened.wholes.is_empty() {
            h2 { "Whole reports" }
            p { "Their words, findings and keys. Numbers, hashes, deliveries and leaves stay." }
            (wholes(opened))
        }
        @if !opened.months.is_empty() {
            h2 { "Words about the house's own acts" }
            p { "Reasons of holds and destructions, details of agreements and the like, by the month in which they were written. That it was done, by whom and when stays." }
            (months(opened))
        }
        @if !opened.vendors.is_empty() {
            h2 { "Vendors that held a copy" }
            p { "Each must destroy its copy, too. The certificate is signed once what shows that is on record of every one." }
            (vendors(who, &opened.vendors))
        }
        h2 { "Files" }
        (files(opened))
    }
}

fn facts(opened: &Opened) -> Vec<(&'static str, Value)> {
    let job = &opened.job;
    let mut facts = vec![
        ("Ground", Value::words(Some(job.basis.as_str()))),
        ("Asked by", Value::words(Some(&asker(job)))),
        ("Asked", moment(job.asked_at).into()),
        ("Reason", Value::words(Some(job.reason.reveal()))),
        ("Files, copies included", Value::words(Some(&opened.items.len().to_string()))),
    ];
    if let Some(two) = &job.accepted {
        facts.push(("Agreed", moment(two.at).into()));
        facts.push(("Must be done by", moment(two.due_at).into()));
    }
    for (label, at) in [
        ("Keys dropped", job.dropped_at),
        ("Backups dead", job.dead_at),
        ("Tried in vain", job.proved_at),
        ("Certified", job.certified_at),
    ] {
        facts.extend(at.map(|at| (label, moment(at).into())));
    }
    facts
}

fn decision(who: &SignedIn, opened: &Opened) -> Markup {
    let (job, address) = (&opened.job, address(&opened.job.id));
    let form = |act: &str, label: &str, kind| {
        ui::post(
            &format!("{address}/{act}"),
            &who.visit.token(&form_name(act, &job.id)),
            &button(label, kind),
        )
    };
    let decides = who.member.is_one_of(&[ViewerRole::Supervisor, ViewerRole::Counsel]);
    html! {
        @if job.certificate.is_some() {
            h2 { "Certificate" }
            ul {
                li { a href=(format!("{address}/certificate.pdf")) { "Certificate as PDF" } }
                li { a href=(format!("{address}/certificate.json")) { "Certificate as signed JSON" } }
            }
        }
        @if matches!(job.state(), State::Asked | State::Conflict) && decides {
            h2 { "Decision" }
            @if let Some(approval) = &opened.approval {
                p { "The second person is asked: " a href=(format!("/admin/approvals/{approval}")) { "approval " (approval) } "." }
            } @else if job.state() == State::Asked {
                p { "Ask a second person. Once they agree, the destruction begins by itself and cannot be stopped." }
                (form("agreement", "Ask the second person", Button::Primary))
            }
            @if who.member.is_one_of(&[ViewerRole::Counsel]) {
                p { "If it must not happen, counsel gives the files back." }
                (form("refuse", "Give the files back", Button::Secondary))
            }
        }
    }
}

fn vendors(who: &SignedIn, copies: &[Copies]) -> Markup {
    let keeps = who.member.is_one_of(&[ViewerRole::Counsel]);
    let columns = ["Vendor", "Files", "Whole reports", "Asked", "Due", "State"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Copies| Row {
        head: html! {
            @if keeps { a href=(format!("/admin/vendors/{}", one.vendor)) { (one.vendor) } } @else { (one.vendor) }
        },
        cells: vec![
            html! { (one.files) },
            html! { (one.reports) },
            moment(one.asked_at),
            moment(one.due_at),
            match &one.confirmed {
                Some(shown) => html! { (ui::chip("gone there", Tone::Plain)) " " (moment(shown.at)) },
                None => ui::chip("owes its word", Tone::Critical),
            },
        ],
    };
    let rows: Vec<Row> = copies.iter().map(row).collect();
    ui::table(&Table { caption: "Vendors of this destruction", columns: &columns, rows: &rows, swap: None })
}

fn wholes(opened: &Opened) -> Markup {
    let columns = ["Report", "Erased", "Keys"].map(|label| Column { label, order: Order::Fixed });
    let row = |whole: &Whole| Row {
        head: html! { (whole.report) },
        cells: vec![
            whole.erased_at.map_or_else(|| html! { "not yet" }, moment),
            html! { @if let Some(keys) = whole.keys { (keys) } },
        ],
    };
    let rows: Vec<Row> = opened.wholes.iter().take(MOST_LISTED).map(row).collect();
    ui::table(&Table { caption: "Whole reports of this purge", columns: &columns, rows: &rows, swap: None })
}

fn months(opened: &Opened) -> Markup {
    let columns = ["Month", "Erased", "Keys"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Words| Row {
        head: html! { (one.month) },
        cells: vec![
            one.erased_at.map_or_else(|| html! { "not yet" }, moment),
            html! { @if let Some(keys) = one.keys { (keys) } },
        ],
    };
    let rows: Vec<Row> = opened.months.iter().take(MOST_LISTED).map(row).collect();
    ui::table(&Table { caption: "Months of words of this purge", columns: &columns, rows: &rows, swap: None })
}

fn files(opened: &Opened) -> Markup {
    let columns = ["File", "Report", "Named or copy", "Keys dropped"]
        .map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = opened
        .items
        .iter()
        .take(MOST_LISTED)
        .map(|item| Row {
            head: html! { (item.file) },
            cells: vec![
                html! { (item.report) },
                html! { @if item.named { "named" } @else { "copy of the same bytes" } },
                item.dropped_at.map_or_else(|| html! { "not yet" }, moment),
            ],
        })
        .collect();
    let more = opened.items.len().saturating_sub(MOST_LISTED);
    html! {
        (ui::table(&Table { caption: "Files of this destruction", columns: &columns, rows: &rows, swap: None }))
        @if more > 0 { p { "And " (more) " more, all in the certificate." } }
    }
}

/// A token serves one act on one destruction.
fn form_name(act: &str, id: &DestructionId) -> String {
    format!("destruction/{id}/{act}")
}

async fn agreement(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let destruction = match posted(&who, &id, &headers, &form, "agreement") {
        Ok(destruction) => destruction,
        Err(elsewhere) => return *elsewhere,
    };
    let asked = keeping::ask_agreement(&who.staff.house, &who.member, destruction).await;
    after(&who, &id, asked.map(drop)).await
}

async fn refuse(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let destruction = match posted(&who, &id, &headers, &form, "refuse") {
        Ok(destruction) => destruction,
        Err(elsewhere) => return *elsewhere,
    };
    let viewer = who.member.viewer(&who.staff.house);
    let refused = keeping::refuse(&who.staff.house, &viewer, destruction).await;
    after(&who, &id, refused).await
}

fn posted(
    who: &SignedIn,
    id: &str,
    headers: &HeaderMap,
    form: &Token,
    act: &str,
) -> Result<DestructionId, Box<Response>> {
    who.must_be(ROLES)?;
    let id = DestructionId::parse(id).map_err(|_| Box::new(shell::not_found(who)))?;
    who.must_post(headers, &form.csrf, &form_name(act, &id))?;
    Ok(id)
}

async fn after(who: &SignedIn, id: &str, done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => web::redirect(&format!("{}/{id}", LINK.href)),
        Err(trouble) if trouble.is_not_found() => shell::not_found(who),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) => shown(who, id, Some(office::approval::in_words(refusal))).await,
            None => shell::trouble(who, &trouble),
        },
    }
}

async fn json(who: SignedIn, Path(id): Path<String>) -> Response {
    taken(&who, &id, "application/json", |certificate| Ok::<_, Infallible>(certificate.into_bytes())).await
}

async fn pdf(who: SignedIn, Path(id): Path<String>) -> Response {
    taken(&who, &id, "application/pdf", |certificate| keeping::certificate_pdf(&certificate)).await
}

/// A copy of a certificate in one form, once it is in the ledger that it leaves.
async fn taken<E: std::error::Error + 'static>(
    who: &SignedIn,
    id: &str,
    kind: &'static str,
    write: impl FnOnce(String) -> Result<Vec<u8>, E>,
) -> Response {
    let job = match opened(who, id).await {
        Ok(opened) => opened.job,
        Err(elsewhere) => return *elsewhere,
    };
    let bytes = match job.certificate.map(write) {
        None => return shell::not_found(who),
        Some(Ok(bytes)) => bytes,
        Some(Err(fault)) => {
            crate::incident(&who.staff.house, &fault);
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let (viewer, weight) = (who.member.viewer(&who.staff.house), bytes.len() as u64);
    match keeping::certificate_leaves(&who.staff.house, &viewer, job.id, weight).await {
        Ok(()) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(trouble) => shell::trouble(who, &trouble),
    }
}
