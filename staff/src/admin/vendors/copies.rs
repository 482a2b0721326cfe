//! What a vendor holds, and what it must destroy, too: nothing is certified before what shows that is on record.

use axum::Form;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use domain::{DestructionId, FileId, Id as _, ReportId};
use http::HeaderMap;
use maud::{Markup, html};
use office::vendors::{self, Copies, Holding, NewHolding, Of, Vendor};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Order, Row, Table, Tone, button};
use web::moment;

use super::{address, after, name, posted, shown};
use crate::Staff;
use crate::session::SignedIn;

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route("/admin/vendors/{vendor}/holdings", post(hold))
        .route("/admin/vendors/{vendor}/emptied", post(empty))
        .route("/admin/vendors/{vendor}/destroyed", post(destroyed))
}

/// Both lists with their forms.
pub(super) fn part(who: &SignedIn, vendor: &Vendor, holdings: &[Holding], owed: &[Copies]) -> Markup {
    let open: Vec<&Copies> = owed.iter().filter(|one| one.confirmed.is_none()).collect();
    html! {
        h2 { "What it must destroy, too" }
        @if owed.is_empty() { (ui::empty("Nothing that it holds had to be destroyed.", None)) } @else { (owed_table(owed)) }
        @if !open.is_empty() { (destroyed_form(who, vendor, &open)) }
        h2 { "What it holds" }
        p { "The program gives a vendor nothing by itself. Record here whatever it has copies of, what it may not have, too: every destruction then waits for its word." }
        @if holdings.is_empty() { (ui::empty("Nothing is recorded: no destruction waits for this vendor.", None)) }
        @else { (held_table(holdings)) }
        (holding_form(who, vendor))
        @if holdings.iter().any(|one| one.emptied.is_none()) { (emptied_form(who, vendor, holdings)) }
    }
}

fn columns<const N: usize>(labels: [&'static str; N]) -> [Column<'static>; N] {
    labels.map(|label| Column { label, order: Order::Fixed })
}

fn owed_table(owed: &[Copies]) -> Markup {
    let columns = columns(["Destruction", "Files", "Whole reports", "Asked", "Due", "State"]);
    let row = |one: &Copies| Row {
        head: html! { (one.destruction) },
        cells: vec![
            html! { (one.files) },
            html! { (one.reports) },
            moment(one.asked_at),
            moment(one.due_at),
            match &one.confirmed {
                None => ui::chip("open", Tone::Critical),
                Some(shown) => {
                    html! { (ui::chip("shown", Tone::Plain)) " " (moment(shown.at)) " " (ui::text(&shown.document)) }
                }
            },
        ],
    };
    let rows: Vec<Row> = owed.iter().map(row).collect();
    ui::table(&Table {
        caption: "Destructions, the newest first",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

fn held_table(holdings: &[Holding]) -> Markup {
    let columns = columns(["Number", "Copies of", "Since", "Given until", "Left there"]);
    let row = |one: &Holding| Row {
        head: html! { (one.number) },
        cells: vec![
            html! { (in_words(&one.of)) },
            moment(one.from),
            one.until.map_or_else(|| html! { "still" }, moment),
            match &one.emptied {
                None => html! { "all of it" },
                Some((at, document)) => html! { "nothing since " (moment(*at)) ": " (ui::text(document)) },
            },
        ],
    };
    let rows: Vec<Row> = holdings.iter().map(row).collect();
    ui::table(&Table { caption: "Holdings, the oldest first", columns: &columns, rows: &rows, swap: None })
}

fn in_words(of: &Of) -> String {
    match of {
        Of::Everything => "everything that the house keeps".to_owned(),
        Of::Report(report) => format!("report {report}"),
        Of::File(report, file) => format!("report {report}, file {file}"),
    }
}

fn destroyed_form(who: &SignedIn, vendor: &Vendor, open: &[&Copies]) -> Markup {
    let ids: Vec<String> = open.iter().map(|one| one.destruction.to_string()).collect();
    let choices: Vec<Choice<'_>> = ids.iter().map(|id| Choice { value: id, label: id }).collect();
    html! {
        h3 { "Record its word that something is gone" }
        (ui::post(&format!("{}/destroyed", address(&vendor.id)), &who.visit.token(&name("destroyed", &vendor.id)), &html! {
            (Field::new("destruction", "Destruction").kind(Kind::Choice(&choices)))
            (Field::new("word", "Where its certificate is").required())
            (Field::new("word-sha256", "SHA-256 of its certificate").named("sha256").hint("64 hexadecimal digits.").required())
            (button("Record that it is gone there", Button::Grave))
        }))
    }
}

fn holding_form(who: &SignedIn, vendor: &Vendor) -> Markup {
    html! {
        h3 { "Record that it has copies" }
        (ui::post(&format!("{}/holdings", address(&vendor.id)), &who.visit.token(&name("holdings", &vendor.id)), &html! {
            (Field::new("report", "Report").hint("Its number. Nothing here when it stores everything: vault, bucket or backups."))
            (Field::new("file", "File").hint("Its id, when it is one file of the report."))
            (Field::new("since", "Since (UTC)").kind(Kind::Date).required())
            (button("Record what it holds", Button::Primary))
        }))
    }
}

fn emptied_form(who: &SignedIn, vendor: &Vendor, holdings: &[Holding]) -> Markup {
    let open = holdings.iter().filter(|one| one.emptied.is_none());
    let known: Vec<(String, String)> =
        open.map(|one| (one.number.to_string(), format!("{}: {}", one.number, in_words(&one.of)))).collect();
    let choices: Vec<Choice<'_>> = known.iter().map(|(value, label)| Choice { value, label }).collect();
    html! {
        h3 { "Record that nothing is left" }
        p { "Such as at the end of a contract. What it was asked to destroy before stays open." }
        (ui::post(&format!("{}/emptied", address(&vendor.id)), &who.visit.token(&name("emptied", &vendor.id)), &html! {
            (Field::new("number", "Holding").kind(Kind::Choice(&choices)))
            (Field::new("shown", "Where the document is that shows it").named("word").required())
            (Field::new("shown-sha256", "SHA-256 of that document").named("sha256").hint("64 hexadecimal digits.").required())
            (button("Record that nothing is left", Button::Secondary))
        }))
    }
}

#[derive(Deserialize)]
struct Holds {
    csrf: String,
    #[serde(default)]
    report: String,
    #[serde(default)]
    file: String,
    since: String,
}

impl Holds {
    fn of(&self) -> Option<Of> {
        let (report, file) = (self.report.trim(), self.file.trim());
        Some(match (report.is_empty(), file.is_empty()) {
            (true, true) => Of::Everything,
            (true, false) => return None,
            (false, true) => Of::Report(report.parse::<ReportId>().ok()?),
            (false, false) => Of::File(report.parse::<ReportId>().ok()?, file.parse::<FileId>().ok()?),
        })
    }
}

async fn hold(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Holds>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "holdings") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    let Some((of, from)) = form.of().zip(office::day(&form.since)) else {
        let wrong = "Say the report by its number and the file by its id, or neither; and since when.";
        return shown(&who, &id, Some(wrong)).await;
    };
    match vendors::holds(&who.staff.house, &who.viewer(), vendor, NewHolding { of, from }).await {
        Err(trouble) if trouble.is_not_found() => {
            shown(&who, &id, Some("There is no such report, or no such file of it.")).await
        }
        done => after(&who, &id, done.map(drop)).await,
    }
}

#[derive(Deserialize)]
struct Emptied {
    csrf: String,
    number: u64,
    word: String,
    sha256: String,
}

async fn empty(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Emptied>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "emptied") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    let Some(sha256) = viewing::grounds::digest(form.sha256.trim()) else {
        return shown(&who, &id, Some(NO_DIGEST)).await;
    };
    let (what, document) = ((vendor, form.number), (form.word, sha256));
    after(&who, &id, vendors::emptied(&who.staff.house, &who.viewer(), what, document).await).await
}

const NO_DIGEST: &str = "Say the document's SHA-256: 64 hexadecimal digits.";

#[derive(Deserialize)]
struct Destroyed {
    csrf: String,
    destruction: String,
    word: String,
    sha256: String,
}

async fn destroyed(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Destroyed>,
) -> Response {
    let vendor = match posted(&who, &id, &headers, &form.csrf, "destroyed") {
        Ok(vendor) => vendor,
        Err(elsewhere) => return *elsewhere,
    };
    let destruction = DestructionId::parse(form.destruction.trim()).ok();
    let Some((destruction, sha256)) = destruction.zip(viewing::grounds::digest(form.sha256.trim())) else {
        return shown(&who, &id, Some(NO_DIGEST)).await;
    };
    let (what, document) = ((vendor, destruction), (form.word, sha256));
    after(&who, &id, vendors::destroyed(&who.staff.house, &who.viewer(), what, document).await).await
}
