//! Legal process of a case: what is on record, and the forms that record it.

use domain::ProcessKind;
use maud::{Markup, html};
use ui::{Button, Choice, Field, Kind, Value, button, definitions};
use workspace::cases::{Process, State};

use super::page::Seen;
use crate::show;

pub(super) fn section(seen: &Seen<'_>) -> Markup {
    html! {
        h2 #process { "Legal process" }
        p { "A warrant, a consent and exigent circumstances open exactly the files that they name, for your agency, while they hold. A subpoena opens none." }
        @if seen.opened.processes.is_empty() { (ui::empty("None is on record.", None)) }
        @for process in &seen.opened.processes { (on_record(seen, process)) }
        @if seen.writes() {
            @if !seen.opened.reports.is_empty() {
                (ui::details("Record a warrant", &form(seen, ProcessKind::Warrant)))
                (ui::details("Record a consent", &form(seen, ProcessKind::Consent)))
                (ui::details("Record exigent circumstances", &form(seen, ProcessKind::Exigent)))
            }
            (ui::details("Record a subpoena", &form(seen, ProcessKind::Subpoena)))
        }
    }
}

fn on_record(seen: &Seen<'_>, process: &Process) -> Markup {
    let state = process.state(seen.who.agencies.house.now());
    let (kind, number) = (kind(process.kind), called(process));
    let mut facts: Vec<(&str, Value)> =
        vec![("Kind", Value::words(Some(kind))), ("State", Value::words(Some(state.as_str())))];
    facts.extend(process.words.answers().into_iter().map(|(name, said)| (name, Value::words(Some(said)))));
    facts.push(("Begins", show::moment(process.dates.from).into()));
    facts.extend(process.dates.until.map(|until| ("Ends", show::moment(until).into())));
    if process.kind.opens_files() {
        facts.push(("Files that it names", files(process).into()));
    }
    let by =
        html! { (show::moment(process.recorded_at)) " by " (ui::text(&seen.name(&process.recorded_by))) };
    facts.push(("Recorded", by.into()));
    let seconded = process.dates.seconded_at;
    facts.extend(seconded.map(|at| ("Confirmed by a second person", show::moment(at).into())));
    let id = html! { input type="hidden" name="process" value=(process.id); };
    let confirms = state == State::Waiting && viewing::grounds::may_confirm(&seen.who.session.viewer);
    html! {
        article .house-involved {
            (definitions(&facts))
            div .house-actions {
                @if confirms { (seen.form("process/confirm", &html! { (id) (button("Confirm as the second person", Button::Primary)) })) }
                @if seen.opened.level >= domain::MemberLevel::Works && !matches!(state, State::Revoked | State::Expired) {
                    (seen.form("process/revoke", &html! { (id) (button(&format!("Take back {kind} {number}"), Button::Grave)) }))
                }
            }
        }
    }
}

/// What tells it from others of its kind, in a few letters.
fn called(process: &Process) -> String {
    let numbered = matches!(process.kind, ProcessKind::Warrant | ProcessKind::Subpoena);
    let number = process.words.answers().get(1).map_or("", |(_, said)| *said);
    match numbered && !number.is_empty() {
        true => number.to_owned(),
        false => process.recorded_at.strftime("of %Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// The files by report, each a link to its page.
fn files(process: &Process) -> Markup {
    html! {
        ul {
            @for (report, _, position) in &process.files {
                li { a href={ "/agency/reports/" (report) "/files/" (position) } { "Report " (report) ", file " (position) } }
            }
        }
    }
}

const fn kind(kind: ProcessKind) -> &'static str {
    match kind {
        ProcessKind::Warrant => "warrant",
        ProcessKind::Consent => "consent",
        ProcessKind::Exigent => "exigent circumstances",
        ProcessKind::Subpoena => "subpoena",
    }
}

fn form(seen: &Seen<'_>, kind: ProcessKind) -> Markup {
    let id = |name: &str| format!("{}-{name}", kind.as_str());
    let hours = ["4", "12", "24", "48"].map(|hours| Choice { value: hours, label: hours });
    let label = format!("Record the {}", self::kind(kind));
    seen.form("process/record", &html! {
        input type="hidden" name="kind" value=(kind.as_str());
        @match kind {
            ProcessKind::Warrant => {
                (Field::new(&id("court"), "Court").named("court").required())
                (Field::new(&id("number"), "Number of the warrant").named("number").required())
                (Field::new(&id("scope"), "What it covers, in its own words").named("text").kind(Kind::Lines(3)).required())
                (Field::new(&id("ends"), "Last day on which it may be used").named("ends").kind(Kind::Date).required().hint("Up to the end of that day, UTC"))
            }
            ProcessKind::Consent => {
                (Field::new(&id("who"), "Who consented, and by what right").named("who").required())
                (Field::new(&id("what"), "To what").named("text").kind(Kind::Lines(3)).required())
                (Field::new(&id("given"), "Day on which it was given").named("given").kind(Kind::Date).required())
                (Field::new(&id("ends"), "Last day, where one was agreed").named("ends").kind(Kind::Date))
            }
            ProcessKind::Exigent => {
                p { "It opens the files once the commander of your agency, who is not you, confirms it here." }
                (Field::new(&id("supervisor"), "Supervisor who answers for it").named("supervisor").required())
                (Field::new(&id("reason"), "Why there is no time to ask a court").named("text").kind(Kind::Lines(3)).required())
                (Field::new(&id("hours"), "For how many hours").named("hours").kind(Kind::Choice(&hours)))
            }
            ProcessKind::Subpoena => {
                (Field::new(&id("issuer"), "Issued by").named("court").required())
                (Field::new(&id("number"), "Number of the subpoena").named("number").required())
                (Field::new(&id("scope"), "To whom, for what").named("text").kind(Kind::Lines(3)).required())
                (Field::new(&id("ends"), "Day on which it is due").named("ends").kind(Kind::Date))
            }
        }
        @if kind.opens_files() { (named(seen, &id("files"))) }
        (Field::new(&id("document"), "SHA-256 of your copy of the document").named("document").hint("64 hexadecimal digits; may stay empty"))
        (button(&label, Button::Primary))
    })
}

/// Which files it names: a report a line, with positions.
fn named(seen: &Seen<'_>, id: &str) -> Markup {
    let with_files: Vec<_> = seen.opened.reports.iter().filter(|filed| filed.files > 0).collect();
    let example = with_files.first().map_or_else(
        || "1234: 1, 4-9".to_owned(),
        |filed| {
            let last = if filed.files > 1 { format!("-{}", filed.files) } else { String::new() };
            format!("{}: 1{last}", filed.report)
        },
    );
    let hint = format!(
        "One report a line with the positions of its files, such as {example}. A file that is not named stays closed."
    );
    html! { (Field::new(id, "Files that it names").named("files").kind(Kind::Lines(3)).required().hint(&hint)) }
}
