//! One entry of a case to be changed. Whoever sends a form that somebody else overtook sees both texts and decides.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{CaseId, EntryKind};
use dossierpage::passing::Said;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Choice, Field, Kind, Link, Weight, breadcrumb, button};
use workspace::cases::{self, Entry, Step};

use super::page::Seen;
use super::{Fields, LINK, address, entries, passing, said, steps, why};
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::shell;

/// `GET /agency/cases/{case}/entries/{entry}`.
pub(super) async fn page(who: SignedIn, Path((number, entry)): Path<(String, String)>) -> Response {
    match number.parse() {
        Ok(case) => drawn(&who, (case, &entry), StatusCode::OK, None).await,
        Err(_) => shell::not_found(&who),
    }
}

/// What a person wrote that could not be kept, and why.
struct Overtaken<'a> {
    says: &'a str,
    fields: &'a Fields,
}

async fn drawn(
    who: &SignedIn,
    at: (CaseId, &str),
    status: StatusCode,
    overtaken: Option<Overtaken<'_>>,
) -> Response {
    whole(who, at, status, overtaken, &Passed::default()).await
}

/// What a person said who would pass it on, and why that was not done.
#[derive(Default)]
pub(super) struct Passed<'a> {
    pub(super) said: Said,
    pub(super) refused: Option<&'a str>,
}

/// The page with what was said on its other form.
pub(super) async fn not_passed(
    who: &SignedIn,
    at: (CaseId, &str),
    status: StatusCode,
    passed: &Passed<'_>,
) -> Response {
    whole(who, at, status, None, passed).await
}

async fn whole(
    who: &SignedIn,
    (case, id): (CaseId, &str),
    status: StatusCode,
    overtaken: Option<Overtaken<'_>>,
    passed: &Passed<'_>,
) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let found = match cases::read(house, viewer, case).await {
        Ok(found) => found,
        Err(trouble) => return refusal(who, &trouble),
    };
    let people = match cases::people(house, viewer).await {
        Ok(people) => people,
        Err(trouble) => return refusal(who, &trouble),
    };
    let Some(entry) = found.entries.iter().find(|entry| entry.id == id) else { return shell::not_found(who) };
    let seen = Seen { who, opened: &found, people: &people };
    let (href, above) = (address(case), format!("Case {case}"));
    let title = format!("Change a {}", entry.kind);
    let trail = breadcrumb(&[LINK, Link { href: &href, label: &above }], &title);
    let leaving = match passing::section(&seen, entry, passed).await {
        Ok(leaving) => leaving,
        Err(trouble) => return refusal(who, &trouble),
    };
    let is_labelled = entry.cji_at.is_some()
        || overtaken.as_ref().is_some_and(|overtaken| said(overtaken.fields, "cji") == "yes");
    let main = html! {
        h1 { (title) }
        (dossierpage::passing::label(entry))
        div .house-screen-only[is_labelled] { (main(&seen, entry, overtaken.as_ref())) (leaving) }
    };
    shell::in_room(status, who, (LINK, &title), Some(trail), &main)
}

fn main(seen: &Seen<'_>, entry: &Entry, overtaken: Option<&Overtaken<'_>>) -> Markup {
    let case = seen.case();
    let action = format!("{}/entries/{}", address(case), entry.id);
    // The form holds what the person wrote, and is made from what stands now.
    let mine = overtaken.and_then(|overtaken| mine(entry, overtaken.fields));
    let shown = mine.as_ref().unwrap_or(entry);
    let done = if shown.done_at.is_some() { "yes" } else { "no" };
    let answers = [Choice { value: "no", label: "To do" }, Choice { value: "yes", label: "Done" }];
    html! {
        @if let Some(overtaken) = overtaken {
            (ui::alert(Weight::Warning, "Nothing was changed yet", &html! { p { (ui::text(overtaken.says)) } }))
            h2 { "What stands there now" }
            p { "Version " (entry.version) ", by " (ui::text(&seen.name(&entry.changed_by))) ", " (crate::show::moment(entry.changed_at)) }
            (ui::snippet("Text now", [entry.words.title.as_str(), entry.words.text.as_str()].join("\n").trim()))
            h2 { "What you wrote" }
            p { "Put both together here, or send yours as it is: the other text stays as an earlier version." }
        }
        @if seen.writes() {
            (ui::post(&action, &seen.who.visit.token(&form(case, &entry.id)), &html! {
                input type="hidden" name="version" value=(entry.version);
                (entries::fields(seen, entry.kind, "change", Some(shown)))
                @if entry.kind == EntryKind::Task {
                    (Field::new("change-done", "State").named("done").kind(Kind::Choice(&answers)).value(done))
                }
                (button("Save", Button::Primary))
            }))
        } @else { p { "You may read this case, or it is closed: nothing is written in it." } }
    }
}

/// The entry as a person would have it.
fn mine(entry: &Entry, fields: &Fields) -> Option<Entry> {
    let (words, terms) = steps::entry(fields).ok()?;
    let done_at = terms.done.then(|| entry.done_at.unwrap_or(entry.changed_at));
    let cji_at = entry.cji_at.or(terms.cji.then_some(entry.changed_at));
    // A day is shown again as it was typed, though it ends with the next one's beginning.
    Some(Entry { words, person: terms.person, due_at: terms.due_at, done_at, cji_at, ..entry.clone() })
}

fn form(case: CaseId, entry: &str) -> String {
    format!("case-{case}-entry-{entry}")
}

/// `POST /agency/cases/{case}/entries/{entry}`.
pub(super) async fn write(
    who: SignedIn,
    Path((number, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let Ok(case) = number.parse::<CaseId>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &form(case, &id)) {
        return shell::stale_form(&who);
    }
    let asked = steps::version(&fields).and_then(|version| Ok((version, steps::entry(&fields)?)));
    let (version, (words, terms)) = match asked {
        Ok(asked) => asked,
        Err(says) => {
            let again = Overtaken { says: &says, fields: &fields };
            return drawn(&who, (case, &id), StatusCode::UNPROCESSABLE_ENTITY, Some(again)).await;
        }
    };
    let step = Step::WriteAnew(id.clone(), version, words, terms);
    match cases::step(&who.agencies.house, &who.session.viewer, case, step).await {
        Ok(()) => web::redirect(&address(case)),
        Err(trouble) => match why(&trouble) {
            Some((status, says)) => {
                let again = Overtaken { says: &says, fields: &fields };
                drawn(&who, (case, &id), status, Some(again)).await
            }
            None => refusal(&who, &trouble),
        },
    }
}
