//! The grounds of a file: those on record, with what has become of each, and the forms that record one.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{FileId, GroundId, Id as _};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Field, Kind, Value, button, definitions};
use viewing::Trouble;
use viewing::grounds::{Ground, NewGround, State, Words};
use web::door::Token;

use super::{At, Seen, drawn, gather};
use crate::cases;
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::show;

/// The fields of a form, in order; a name may come twice.
type Fields = Vec<(String, String)>;

/// Words beside the file's own that a form names the other files of the report with.
const ALSO: &str = "also";
/// Most fields that are read.
const MOST_FIELDS: usize = 20_000;

pub(super) fn section(who: &SignedIn, seen: &Seen) -> Markup {
    let file = &seen.file().file;
    let of_file: Vec<&Ground> = seen.grounds.iter().filter(|ground| ground.files.contains(file)).collect();
    html! {
        section aria-labelledby="grounds" .house-wide {
            h2 #grounds { "Grounds of your agency for this file" }
            p { "A ground opens exactly the files that it names: not the message, not the EXIF block, not another file." }
            @if of_file.is_empty() { p { "None is on record." } }
            @for ground in &of_file { (on_record(who, seen, ground)) }
            h3 { "Record a ground" }
            (ui::details("A warrant", &warrant(who, seen)))
            (ui::details("Consent", &consent(who, seen)))
            (ui::details("Exigent circumstances", &exigent(who, seen)))
        }
    }
}

fn on_record(who: &SignedIn, seen: &Seen, ground: &Ground) -> Markup {
    let state = ground.state(seen.now);
    let (id, path) = (ground.id.as_str(), seen.path());
    let mut facts: Vec<(&str, Value)> = vec![
        ("Ground", Value::words(Some(ground.kind.as_str()))),
        ("State", Value::words(Some(state.as_str()))),
    ];
    facts.extend(ground.words.answers().into_iter().map(|(name, said)| (name, Value::words(Some(said)))));
    facts.push(("Files that it names", html! { (ground.files.len()) }.into()));
    facts.push((
        "Recorded",
        html! { (show::moment(ground.recorded_at)) " by " (ui::text(cases::named(&ground.recorded_by, &seen.people))) }.into(),
    ));
    facts.extend(ground.dates.until.map(|until| ("Ends", show::moment(until).into())));
    let document = ground.document_sha256.map(|digest| viewing::grounds::hex(&digest));
    facts.extend(document.as_deref().map(|digest| ("SHA-256 of the document", Value::words(Some(digest)))));
    let seconded =
        ground.seconded_by.as_ref().map(|person| Value::words(Some(cases::named(person, &seen.people))));
    facts.extend(seconded.map(|person| ("Confirmed by", person)));
    let waits = state == State::Waiting && viewing::grounds::may_confirm(&who.session.viewer);
    let token = |what: &str| who.visit.token(&seen.form(&format!("{what}-{id}")));
    html! {
        article .house-involved {
            (definitions(&facts))
            div .house-actions {
                @if waits {
                    (ui::post(&format!("{path}/grounds/{id}/confirm"), &token("confirm"),
                        &button("Confirm as the second person", Button::Primary)))
                }
                @if !matches!(state, State::Revoked | State::Expired) {
                    (ui::post(&format!("{path}/grounds/{id}/revoke"), &token("revoke"),
                        &button("Take this ground back", Button::Grave)))
                }
            }
        }
    }
}

fn warrant(who: &SignedIn, seen: &Seen) -> Markup {
    let body = html! {
        (hidden("WARRANT"))
        (Field::new("court", "Court").required())
        (Field::new("number", "Number of the warrant").required())
        (Field::new("scope", "What it covers, in its own words").kind(Kind::Lines(3)).required())
        (Field::new("warrant-ends", "Last day on which it may be used").named("ends").kind(Kind::Date).required()
            .hint("Up to the end of that day, UTC"))
        (Field::new("document", "SHA-256 of your copy of the warrant").hint("64 hexadecimal digits; may stay empty"))
        (also(seen, "warrant"))
        (button("Record the warrant", Button::Primary))
    };
    form(who, seen, &body)
}

fn consent(who: &SignedIn, seen: &Seen) -> Markup {
    let body = html! {
        (hidden("CONSENT"))
        (Field::new("who", "Who consented, and by what right").required())
        (Field::new("what", "To what").kind(Kind::Lines(3)).required())
        (Field::new("given", "Day on which it was given").kind(Kind::Date).required())
        (Field::new("consent-ends", "Last day, where one was agreed").named("ends").kind(Kind::Date))
        (also(seen, "consent"))
        (button("Record the consent", Button::Primary))
    };
    form(who, seen, &body)
}

fn exigent(who: &SignedIn, seen: &Seen) -> Markup {
    let hours = [
        Choice { value: "4", label: "4 hours" },
        Choice { value: "12", label: "12 hours" },
        Choice { value: "48", label: "48 hours" },
    ];
    let body = html! {
        (hidden("EXIGENT"))
        p { "It opens the file once the commander of your agency, who is not you, confirms it on this page." }
        (Field::new("supervisor", "Supervisor who answers for it").required())
        (Field::new("reason", "Why there is no time to ask a court").kind(Kind::Lines(3)).required())
        (Field::new("hours", "For how long").kind(Kind::Choice(&hours)).value("4"))
        (also(seen, "exigent"))
        (button("Record exigent circumstances", Button::Primary))
    };
    form(who, seen, &body)
}

fn form(who: &SignedIn, seen: &Seen, body: &Markup) -> Markup {
    ui::post(&format!("{}/grounds", seen.path()), &who.visit.token(&seen.form("ground")), body)
}

fn hidden(kind: &str) -> Markup {
    html! { input type="hidden" name="kind" value=(kind); }
}

/// The other files that have no ground yet: each is named by a mark of its own.
fn also(seen: &Seen, form: &str) -> Markup {
    let others =
        seen.dossier.files.iter().filter(|one| one.position != seen.position && one.ground.is_none());
    let others: Vec<_> = others.filter(|one| one.retained).collect();
    html! {
        @if !others.is_empty() {
            fieldset .usa-fieldset .usa-form-group {
                legend .usa-legend { "Other files that it names, one by one" }
                @for one in others {
                    @let id = format!("{form}-{ALSO}-{}", one.position);
                    div .house-choice {
                        input #(id) type="checkbox" name=(ALSO) value=(one.position);
                        label for=(id) { "File " (one.position) }
                    }
                }
            }
        }
    }
}

/// `POST …/grounds`.
pub(crate) async fn record(
    who: SignedIn,
    Path(at): Path<At>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let seen = match gather(&who, &at).await {
        Ok(seen) => seen,
        Err(refused) => return refused,
    };
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &seen.form("ground")) {
        return crate::shell::stale_form(&who);
    }
    let new = match read(&seen, &fields) {
        Ok(new) => new,
        Err(wrong) => return drawn(&who, &seen, StatusCode::UNPROCESSABLE_ENTITY, Some(&wrong)),
    };
    answer(&who, &seen, viewing::grounds::record(&who.agencies.house, &who.session.viewer, new).await)
}

/// What one of the three forms says, or what is wrong with it.
fn read(seen: &Seen, fields: &Fields) -> Result<NewGround, String> {
    let word = |name| said(fields, name).trim().to_owned();
    let (mut from, mut until) = (seen.now, ends(&word("ends"))?);
    let words = match said(fields, "kind") {
        "WARRANT" => Words::Warrant { court: word("court"), number: word("number"), scope: word("scope") },
        "CONSENT" => {
            let given = day(&word("given"))?.ok_or("Say on which day the consent was given.")?;
            if given > seen.now {
                return Err("The day on which consent was given lies ahead.".to_owned());
            }
            from = given;
            Words::Consent { who: word("who"), what: word("what") }
        }
        "EXIGENT" => {
            let hours: i64 = word("hours").parse().map_err(|_| "Say for how long.")?;
            until = seen.now.checked_add(SignedDuration::from_hours(hours.clamp(0, 1_000))).ok();
            Words::Exigent { supervisor: word("supervisor"), reason: word("reason") }
        }
        _ => return Err("Choose one of the three kinds of ground.".to_owned()),
    };
    let files = named(seen, fields);
    words
        .check(files.len(), from, until, seen.now)
        .map_err(|unfit| format!("The ground is not complete: {unfit}."))?;
    let document_sha256 = digest(&word("document"))?;
    Ok(NewGround { report: seen.report(), files, words, from, until, document_sha256 })
}

/// This file, and those of the same report that were marked.
fn named(seen: &Seen, fields: &Fields) -> Vec<FileId> {
    let also = fields.iter().take(MOST_FIELDS).filter(|(name, _)| name == ALSO);
    let marked: Vec<u32> = also.filter_map(|(_, value)| value.parse().ok()).collect();
    let files = seen.dossier.files.iter();
    let named = files.filter(|one| one.position == seen.position || marked.contains(&one.position));
    named.map(|one| one.file.clone()).collect()
}

fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// The first moment of a day.
fn day(text: &str) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| format!("{text} is no day of the calendar, written as 2026-03-31.");
    let day: jiff::civil::Date = text.parse().map_err(wrong)?;
    Ok(Some(day.to_zoned_datetime(jiff::tz::TimeZone::UTC).map_err(wrong)?.timestamp()))
}

/// The moment after a day.
fn ends(text: &str) -> Result<Option<Timestamp>, String> {
    let day = day(text)?;
    Ok(day.and_then(|day| day.checked_add(SignedDuration::from_hours(24)).ok()))
}

fn digest(text: &str) -> Result<Option<[u8; 32]>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = viewing::grounds::digest(text);
    read.map(Some).ok_or_else(|| "The SHA-256 of the document has 64 hexadecimal digits.".to_owned())
}

/// A ground of the page's file.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct One {
    report: String,
    position: u32,
    ground: String,
}

/// `POST …/grounds/{ground}/confirm`.
pub(crate) async fn confirm(
    who: SignedIn,
    Path(one): Path<One>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    match checked(&who, &one, &headers, &token, "confirm").await {
        Ok((seen, id)) => {
            answer(&who, &seen, viewing::grounds::confirm(&who.agencies.house, &who.session.viewer, id).await)
        }
        Err(refused) => refused,
    }
}

/// `POST …/grounds/{ground}/revoke`.
pub(crate) async fn revoke(
    who: SignedIn,
    Path(one): Path<One>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    match checked(&who, &one, &headers, &token, "revoke").await {
        Ok((seen, id)) => {
            answer(&who, &seen, viewing::grounds::revoke(&who.agencies.house, &who.session.viewer, id).await)
        }
        Err(refused) => refused,
    }
}

async fn checked(
    who: &SignedIn,
    one: &One,
    headers: &HeaderMap,
    token: &Token,
    what: &str,
) -> Result<(Seen, GroundId), Response> {
    let at = At { report: one.report.clone(), position: one.position };
    let seen = gather(who, &at).await?;
    let form = seen.form(&format!("{what}-{}", one.ground));
    if !who.visit.may_post(headers, &token.csrf, &form) {
        return Err(crate::shell::stale_form(who));
    }
    let id = GroundId::parse(&one.ground).map_err(|_| crate::shell::not_found(who))?;
    Ok((seen, id))
}

fn answer<T>(who: &SignedIn, seen: &Seen, done: Result<T, Trouble>) -> Response {
    match done {
        Ok(_) => web::redirect(&format!("{}#grounds", seen.path())),
        Err(trouble) => match trouble.refusal() {
            Some(refused) if !trouble.is_not_found() => drawn(
                who,
                seen,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&format!("The house says no: {refused}.")),
            ),
            _ => refusal(who, &trouble),
        },
    }
}
