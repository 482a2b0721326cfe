//! One set: how it differs from the one in force, what it would change, and the form that asks a second person for it.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use rulebook::{FileChange, Line, NotProposed, Replayed, RuleSetId, Shown, Texts, Wanted};
use serde::Deserialize;
use ui::{Button, Column, Field, Kind, Order, Row, Table, Weight, button};

use super::{ASK, LINK, ROLES, address};
use crate::session::SignedIn;
use crate::shell;

/// Lines of one file that a page shows.
const MOST_LINES: usize = 400;
/// Rows of a list of what would change.
const MOST_ROWS: usize = 200;

/// `GET /admin/rules/{set}`.
pub(super) async fn page(who: SignedIn, Path(set): Path<String>) -> Response {
    shown(&who, &set, None).await
}

async fn shown(who: &SignedIn, set: &str, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(set) = set.parse::<RuleSetId>() else { return shell::not_found(who) };
    let (house, member) = (&who.staff.house, &who.member);
    let (now, next) = match rulebook::examine(house, member, set.clone()).await {
        Ok(texts) => texts,
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let replayed = match rulebook::replay_recent(house, member, set.clone()).await {
        Ok(replayed) => Ok(replayed),
        Err(trouble) if trouble.refusal().is_some() => Err(()),
        Err(trouble) => return shell::trouble(who, &trouble),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let main = main(who, &set, (&now, &next), replayed.as_ref().ok(), refused);
    shell::below(status, who, &[shell::ADMIN, LINK], set.as_str(), &main)
}

fn main(
    who: &SignedIn,
    set: &RuleSetId,
    (now, next): (&Texts, &Texts),
    replayed: Option<&Replayed>,
    refused: Option<&str>,
) -> Markup {
    let changes = rulebook::compare(now, next);
    html! {
        h1 { "Rules " (set) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was asked for", &html! { p { (refused) } })) }
        @if changes.is_empty() {
            p { "This set is in force." }
        } @else {
            p { (changes.len()) " file(s) differ from the set in force." }
            @match replayed {
                Some(replayed) => { (would_change(replayed)) }
                None => { (ui::alert(Weight::Warning, "This version does not understand the set", &html! { p { "It cannot be put in force here." } })) }
            }
            h2 { "Files" }
            @for change in &changes { (file(change)) }
            @if who.member.is_one_of(ASK) { (form(who, set)) }
        }
    }
}

fn would_change(replayed: &Replayed) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    html! {
        h2 { "What would change" }
        p { (replayed.rights.len()) " right(s) would change." }
        @if !replayed.rights.is_empty() {
            @let rows: Vec<Row> = replayed.rights.iter().take(MOST_ROWS).map(|one| Row {
                head: html! { (one.who) },
                cells: vec![html! { (one.may) }, html! { (one.place) }, html! { (one.was) }, html! { (one.will_be) }],
            }).collect();
            (ui::table(&Table { caption: "Rights", columns: &["Who", "May", "Where", "Now", "Then"].map(fixed), rows: &rows, swap: None }))
        }
        @if let Some(stored) = &replayed.stored {
            p {
                "Of the newest " (stored.reports) " report(s), judged again: " (stored.changed) " decision(s) would come out otherwise"
                @if stored.unreadable > 0 { "; " (stored.unreadable) " could not be read any more" }
                "."
            }
            @if !stored.told.is_empty() {
                @let rows: Vec<Row> = stored.told.iter().take(MOST_ROWS).map(|one| Row {
                    head: html! { "Report " (one.report) },
                    cells: vec![html! { (one.what) }, html! { (one.was) }, html! { (one.will_be) }],
                }).collect();
                (ui::table(&Table { caption: "Decisions", columns: &["Report", "What", "Was", "Would be"].map(fixed), rows: &rows, swap: None }))
            }
        }
    }
}

fn file(change: &FileChange<'_>) -> Markup {
    let what = match change.what {
        Shown::Added => "added",
        Shown::Removed => "removed",
        Shown::Changed => "changed",
    };
    let mut text = String::new();
    for line in change.lines.iter().take(MOST_LINES) {
        match line {
            Line::Same(same) => text.extend(["  ", same, "\n"]),
            Line::Gone(gone) => text.extend(["- ", gone, "\n"]),
            Line::New(new) => text.extend(["+ ", new, "\n"]),
            Line::Skipped(count) => text.push_str(&format!("  … {count} line(s) stay …\n")),
        }
    }
    if change.lines.len() > MOST_LINES {
        text.push_str("  … more lines than a page shows; the command `policy propose` shows all …\n");
    }
    html! {
        h3 { (change.file) ", " (what) }
        (ui::snippet(&format!("Lines of {}", change.file), &text))
    }
}

fn form(who: &SignedIn, set: &RuleSetId) -> Markup {
    html! {
        h2 { "Ask a second person to put it in force" }
        p { "A supervisor and counsel decide this together. Relaxations of the view gate are counsel's to ask for. All processes change in the same moment." }
        (ui::post(&address(set), &who.visit.token(&form_name(set)), &html! {
            (Field::new("starts", "First day (UTC)").hint("Nothing here: half a minute after the second person agreed.").kind(Kind::Date))
            (Field::new("reason", "Why").kind(Kind::Lines(3)).required())
            (button("Ask", Button::Primary))
        }))
    }
}

fn form_name(set: &RuleSetId) -> String {
    format!("rules/{set}")
}

#[derive(Deserialize)]
pub(super) struct Asked {
    csrf: String,
    #[serde(default)]
    starts: String,
    reason: String,
}

/// `POST /admin/rules/{set}`.
pub(super) async fn propose(
    who: SignedIn,
    Path(set): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Asked>,
) -> Response {
    if let Err(elsewhere) = who.must_be(ASK) {
        return *elsewhere;
    }
    let Ok(id) = set.parse::<RuleSetId>() else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &form_name(&id)) {
        return *stale;
    }
    let starts_at = match day(&form.starts) {
        Ok(starts_at) => starts_at,
        Err(()) => return shown(&who, &set, Some(&NotProposed::Day.to_string())).await,
    };
    let wanted = Wanted { set: id, starts_at, reason: form.reason };
    match rulebook::propose(&who.staff.house, &who.member, wanted).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(not) => match in_words(&not) {
            Some(words) => shown(&who, &set, Some(&words)).await,
            None => failed(&who, &not),
        },
    }
}

/// A day that may be left out.
fn day(text: &str) -> Result<Option<Timestamp>, ()> {
    if text.trim().is_empty() { Ok(None) } else { office::day(text).map(Some).ok_or(()) }
}

/// Why nothing was asked for; `None` where it is a fault, or nothing to learn.
pub(super) fn in_words(not: &NotProposed) -> Option<String> {
    match not {
        NotProposed::Trouble(trouble) if trouble.is_not_found() => None,
        NotProposed::Trouble(trouble) => {
            let refusal = trouble.refusal()?;
            Some(match refusal.code() {
                "not-allowed" => {
                    "Your role may not ask for this. Counsel asks for relaxations of the view gate."
                        .to_owned()
                }
                _ => office::approval::in_words(refusal).to_owned(),
            })
        }
        not => Some(format!("It was not asked for: {not}.")),
    }
}

pub(super) fn failed(who: &SignedIn, not: &NotProposed) -> Response {
    match not {
        NotProposed::Trouble(trouble) => shell::trouble(who, trouble),
        _ => shell::not_found(who),
    }
}
