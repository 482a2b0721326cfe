//! Many reports changed together: chosen in the list, shown before and after, carried out in one act, and taken back.

use axum::Form;
use axum::response::Response;
use domain::ReportId;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Column, Link, Order, Row, Table, Weight, breadcrumb, button};
use workspace::inbox::Inbox;
use workspace::standing::{self, Batch, MOST_TOGETHER, Preview};
use workspace::{Trouble, cases};

use super::change::{self, People};
use super::shown;
use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::shell::INBOX;
use crate::{report_page, shell};
use dossierpage::asked::Asked;

pub(super) const PREVIEW: &str = "/agency/inbox/together";
pub(super) const UNDO: &str = "/agency/inbox/together/undo";
pub(super) const CARRY_OUT: &str = "/agency/inbox/together/carry-out";
const FORM: &str = "inbox-together";
const CARRY_OUT_FORM: &str = "inbox-together-carry-out";

type Seen = Vec<(ReportId, u32)>;

/// The form around the list.
pub(super) fn form(who: &SignedIn, asked: &Asked, found: &Inbox, table: &Markup) -> Markup {
    let may_assign = standing::may_assign(&who.session.viewer);
    let body = html! {
        input type="hidden" name="question" value=(asked.words());
        (table)
        fieldset .usa-fieldset {
            legend .usa-legend { "Change the chosen reports" }
            div .house-filter { (change::fields("Stays as it is", &found.people, may_assign, &Fields::new())) }
            (button("Show what would change", Button::Secondary))
        }
    };
    html! { div .house-table-form { (ui::post(PREVIEW, &who.visit.token(FORM), &body)) } }
}

/// `POST /agency/inbox/together`: nothing is changed yet.
pub(super) async fn preview(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), FORM) {
        return shell::stale_form(&who);
    }
    let asked = Asked::parse(said(&fields, "question"));
    let chosen = seen(&fields);
    let change = match change::read(&fields, &who.session.person) {
        Ok(change) => change,
        Err(says) => return not_done(&who, &asked, says).await,
    };
    if chosen.is_empty() || chosen.len() > MOST_TOGETHER {
        let says = format!("Choose at least one report, and at most {MOST_TOGETHER}.");
        return not_done(&who, &asked, &says).await;
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let reports = chosen.iter().map(|(report, _)| *report).collect();
    let found = async {
        let people = cases::people(house, viewer).await?;
        Ok::<_, Trouble>((standing::preview(house, viewer, reports, change).await?, people))
    };
    match found.await {
        Ok((previews, people)) => {
            let main = previewed(&who, &asked, (&fields, &chosen), &previews, &people);
            drawn(&who, StatusCode::OK, "What would change", &main)
        }
        Err(trouble) => refused(&who, &asked, &trouble).await,
    }
}

fn previewed(
    who: &SignedIn,
    asked: &Asked,
    (fields, chosen): (&Fields, &Seen),
    previews: &[Preview],
    people: &People,
) -> Markup {
    let columns = ["Report", "Now", "Then"].map(|label| Column { label, order: Order::Fixed });
    let row = |(preview, seen): (&Preview, &(ReportId, u32))| {
        let href = format!("/agency/reports/{}", preview.now.report);
        let then = match &preview.then {
            _ if preview.now.version != seen.1 => {
                html! { "Stays: somebody changed it since you loaded the list" }
            }
            Some(then) => ui::text(&change::words(&then.said, people)),
            None => html! { "Stays: it is so already" },
        };
        Row {
            head: html! { (Link { href: &href, label: &preview.now.report.to_string() }) },
            cells: vec![ui::text(&change::words(&preview.now.said, people)), then],
        }
    };
    let rows: Vec<Row> = previews.iter().zip(chosen).map(row).collect();
    let changing = |(preview, seen): &(&Preview, &(ReportId, u32))| {
        preview.then.is_some() && preview.now.version == seen.1
    };
    let due: Vec<&(ReportId, u32)> =
        previews.iter().zip(chosen).filter(changing).map(|(_, seen)| seen).collect();
    let back = asked.address();
    html! {
        h1 { "What would change" }
        (ui::table(&Table { caption: "Nothing is changed yet", columns: &columns, rows: &rows, swap: None }))
        @if due.is_empty() { p { "Nothing would change." } } @else {
            (ui::post(CARRY_OUT, &who.visit.token(CARRY_OUT_FORM), &html! {
                input type="hidden" name="question" value=(asked.words());
                (change::carried(fields))
                @for (report, version) in &due { input type="hidden" name="seen" value={ (report) "." (version) }; }
                (button(&format!("Change {}", many(due.len())), Button::Primary))
            }))
        }
        p { (Link { href: &back, label: "Back to the list, without a change" }) }
    }
}

/// `POST /agency/inbox/together/carry-out`.
pub(super) async fn carry_out(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), CARRY_OUT_FORM) {
        return shell::stale_form(&who);
    }
    let asked = Asked::parse(said(&fields, "question"));
    let Ok(change) = change::read(&fields, &who.session.person) else { return shell::stale_form(&who) };
    let done = standing::change_many(&who.agencies.house, &who.session.viewer, seen(&fields), change).await;
    match done {
        Ok(batch) => told(&who, &asked, &batch, "changed"),
        Err(trouble) => refused(&who, &asked, &trouble).await,
    }
}

/// `POST /agency/inbox/together/undo`.
pub(super) async fn undo(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let batch = said(&fields, "batch").to_owned();
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &undo_form(&batch)) {
        return shell::stale_form(&who);
    }
    let asked = Asked::parse(said(&fields, "question"));
    match standing::undo(&who.agencies.house, &who.session.viewer, batch).await {
        Ok(undone) => told(&who, &asked, &undone, "put back"),
        Err(trouble) => refused(&who, &asked, &trouble).await,
    }
}

fn undo_form(batch: &str) -> String {
    format!("inbox-undo-{batch}")
}

/// What became of it, with the way back.
fn told(who: &SignedIn, asked: &Asked, batch: &Batch, what: &str) -> Response {
    let back = asked.address();
    let left = batch.passed_over.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let main = html! {
        h1 { "Reports " (what) }
        (ui::alert(Weight::Done, &format!("{} {}", many(batch.changed.len()), what), &html! {
            @if !left.is_empty() { p { "Somebody else had changed these meanwhile, so they stay as they are: " (left) "." } }
        }))
        (ui::post(UNDO, &who.visit.token(&undo_form(&batch.id)), &html! {
            input type="hidden" name="batch" value=(batch.id);
            input type="hidden" name="question" value=(asked.words());
            (button("Undo", Button::Secondary))
        }))
        p { (Link { href: &back, label: "Back to the list" }) }
    };
    drawn(who, StatusCode::OK, "Reports changed", &main)
}

fn drawn(who: &SignedIn, status: StatusCode, title: &str, main: &Markup) -> Response {
    shell::page(status, who, title, Some(breadcrumb(&[INBOX], title)), main)
}

/// Why nothing was changed, above the list that it was about.
async fn refused(who: &SignedIn, asked: &Asked, trouble: &Trouble) -> Response {
    let Some(says) = why(trouble) else { return report_page::refusal(who, trouble) };
    not_done(who, asked, says).await
}

/// In words that say what to do; `None` for what the viewer may not know of and for our faults.
pub(super) fn why(trouble: &Trouble) -> Option<&'static str> {
    match trouble.refusal()?.code() {
        "conflict" => {
            Some("Everything of it was changed by somebody else meanwhile. Look at the list again.")
        }
        "not-allowed" => Some(
            "Only your commander and your supervisors give reports to others or to a unit. You can take one yourself, or give it back.",
        ),
        "not-found" => Some("One of these is no report or no person of your agency."),
        "unfit" => Some(
            "A report that waits or is closed has a reason of that kind, and a unit a name of at most 64 letters.",
        ),
        _ => None,
    }
}

async fn not_done(who: &SignedIn, asked: &Asked, says: &str) -> Response {
    let first = ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } });
    shown(who, StatusCode::UNPROCESSABLE_ENTITY, asked, Some(first)).await
}

/// The chosen reports, each with the version that was seen. What is no such pair is nobody's box.
fn seen(fields: &Fields) -> Seen {
    let boxes = fields.iter().filter(|(name, _)| name == "seen").take(MOST_TOGETHER + 1);
    let pair = |(_, value): &(String, String)| {
        let (report, version) = value.split_once('.')?;
        Some((report.parse().ok()?, version.parse().ok()?))
    };
    boxes.filter_map(pair).collect()
}

fn many(reports: usize) -> String {
    if reports == 1 { "1 report".to_owned() } else { format!("{reports} reports") }
}
