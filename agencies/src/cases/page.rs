//! One case as a page.

use axum::extract::Path;
use axum::response::Response;
use domain::{CaseId, EntryKind, Id as _, MemberLevel, Outcome, StatusReason};
use http::StatusCode;
use maud::{Markup, html};
use ui::{
    Button, Choice, Choices, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, breadcrumb,
    button, definitions,
};
use workspace::cases::{self, Member, Opened};

use super::{LINK, People, address, entries, process, state, writer};
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{shell, show};

/// A case with whoever looks at it.
pub(super) struct Seen<'a> {
    pub who: &'a SignedIn,
    pub opened: &'a Opened,
    pub people: &'a People,
}

impl Seen<'_> {
    pub fn case(&self) -> CaseId {
        self.opened.case.number
    }

    /// Whether the viewer may write in it now.
    pub fn writes(&self) -> bool {
        self.opened.level >= MemberLevel::Works && self.opened.case.closed.is_none()
    }

    fn leads(&self) -> bool {
        self.opened.level >= MemberLevel::Leads && self.opened.case.closed.is_none()
    }

    /// A form that takes a step.
    pub fn form(&self, step: &str, body: &Markup) -> Markup {
        let token = self.who.visit.token(&token(self.case(), step));
        ui::post(&format!("{}/{step}", address(self.case())), &token, body)
    }

    pub fn name(&self, text: &str) -> String {
        writer(text, self.people)
    }
}

/// The name of a step's form.
pub(super) fn token(case: CaseId, step: &str) -> String {
    format!("case-{case}-{step}")
}

/// `GET /agency/cases/{case}`.
pub(super) async fn shown(who: SignedIn, Path(number): Path<String>) -> Response {
    match number.parse() {
        Ok(case) => drawn(&who, case, StatusCode::OK, &html! {}).await,
        Err(_) => shell::not_found(&who),
    }
}

/// The page of a case, with what is to be said first.
pub(super) async fn drawn(who: &SignedIn, case: CaseId, status: StatusCode, first: &Markup) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let found = match cases::read(house, viewer, case).await {
        Ok(found) => found,
        Err(trouble) => return refusal(who, &trouble),
    };
    let people = match cases::people(house, viewer).await {
        Ok(people) => people,
        Err(trouble) => return refusal(who, &trouble),
    };
    let seen = Seen { who, opened: &found, people: &people };
    let title = format!("Case {case}");
    let trail = breadcrumb(&[LINK], &title);
    shell::in_room(status, who, (LINK, &title), Some(trail), &main(&seen, first))
}

fn main(seen: &Seen<'_>, first: &Markup) -> Markup {
    let case = &seen.opened.case;
    html! {
        h1 { "Case " (case.number) ": " (ui::text(&case.words.title)) }
        (first)
        p { (state(case)) " " (reach(seen)) }
        @if !case.words.summary.is_empty() { p .house-words { (ui::text(&case.words.summary)) } }
        @if seen.writes() { (ui::details("Change title and summary", &words(seen))) }
        (met(seen))
        (reports(seen))
        (conclusion(seen))
        (entries::section(seen, EntryKind::Task))
        (entries::section(seen, EntryKind::Note))
        (entries::section(seen, EntryKind::Subject))
        (entries::section(seen, EntryKind::Exhibit))
        (process::section(seen))
        (members(seen))
        (ending(seen))
    }
}

fn reach(seen: &Seen<'_>) -> Markup {
    let says = if seen.opened.case.shared_at.is_some() {
        "everybody of your agency reads it"
    } else {
        "members only"
    };
    ui::chip(says, Tone::Muted)
}

const NO_CJI: &str =
    "Data from FBI CJIS systems stands in a note, subject or exhibit with its label, not here";

fn words(seen: &Seen<'_>) -> Markup {
    let case = &seen.opened.case;
    seen.form("words", &html! {
        input type="hidden" name="version" value=(case.version);
        (Field::new("case-title", "Title").named("title").value(&case.words.title).required())
        (Field::new("case-summary", "What it is about").named("text").kind(Kind::Lines(4)).value(&case.words.summary).hint(NO_CJI))
        (button("Save", Button::Primary))
    })
}

/// What the standing query met.
fn met(seen: &Seen<'_>) -> Markup {
    let hits = &seen.opened.hits;
    let columns = ["Report", "Shares with the case", "Received", "Found", "Decide"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |hit: &cases::Hit| {
        let (number, href) = (hit.report.to_string(), format!("/agency/reports/{}", hit.report));
        let field = html! { input type="hidden" name="report" value=(number); };
        let decide = |step: &str, label: &str, kind| {
            let label = format!("{label} {number}");
            seen.form(step, &html! { (field) (button(&label, kind)) })
        };
        Row {
            head: html! { (Link { href: &href, label: &number }) },
            cells: vec![
                html! { (hit.shared) " selectors" @if hit.reopened { " " (ui::chip("opened the case again", Tone::Strong)) } },
                show::moment(hit.received_at),
                show::moment(hit.found_at),
                html! { @if seen.writes() { (decide("file", "Take in", Button::Secondary)) (decide("leave", "Leave out", Button::Secondary)) } },
            ],
        }
    };
    let rows: Vec<Row> = hits.iter().map(row).collect();
    html! {
        @if !hits.is_empty() {
            h2 #met { "Reports that name the same person" }
            p { "They share an account, a screen name, a mail address, a telephone number or a device with a report of this case." }
            (ui::table(&Table { caption: "Met by the standing query", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

fn reports(seen: &Seen<'_>) -> Markup {
    let reports = &seen.opened.reports;
    let columns = ["Report", "Incident", "Received", "Status", "Files", "Outcome"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |filed: &cases::Filed| {
        let (number, href) = (filed.report.to_string(), format!("/agency/reports/{}", filed.report));
        let kind = domain::IncidentType::find(&filed.incident_type);
        Row {
            head: html! { (Link { href: &href, label: &number }) },
            cells: vec![
                ui::text(kind.map_or(filed.incident_type.as_str(), |kind| kind.title.as_str())),
                show::moment(filed.received_at),
                html! { (filed.status.title()) },
                html! { (filed.files) },
                html! { (filed.outcome.map_or("none yet", Outcome::title)) },
            ],
        }
    };
    let rows: Vec<Row> = reports.iter().map(row).collect();
    html! {
        h2 #reports { "Reports" }
        @if rows.is_empty() { (ui::empty("No report is in this case yet.", None)) } @else {
            (ui::table(&Table { caption: "Reports of this case", columns: &columns, rows: &rows, swap: None }))
        }
        @if seen.writes() {
            (ui::details("Take a report in, or out", &html! {
                (seen.form("file", &html! {
                    (Field::new("file-report", "Number of the report").named("report").required())
                    (button("Take it in", Button::Primary))
                }))
                @if !reports.is_empty() {
                    @let numbers: Vec<String> = reports.iter().map(|filed| filed.report.to_string()).collect();
                    @let choices: Vec<Choice<'_>> = numbers.iter().map(|number| Choice { value: number, label: number }).collect();
                    (seen.form("unfile", &html! {
                        (Field::new("unfile-report", "Report to take out").named("report").kind(Kind::Choice(&choices)))
                        (button("Take it out", Button::Secondary))
                    }))
                }
            }))
        }
    }
}

/// Two clicks: which, and send.
fn conclusion(seen: &Seen<'_>) -> Markup {
    let outcomes: Vec<Choice<'_>> =
        Outcome::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    html! {
        @if seen.writes() && !seen.opened.reports.is_empty() {
            h2 #conclusion { "What came of it" }
            p { "It is recorded for every report of the case and closes them. The clearinghouse sees the code, their senders see counts without small numbers." }
            (seen.form("outcome", &html! {
                (Choices::one("outcome", "Outcome", &outcomes))
                (button("Record the outcome", Button::Primary))
            }))
        }
    }
}

fn members(seen: &Seen<'_>) -> Markup {
    let present = seen.opened.members.iter().filter(|member| member.removed_at.is_none());
    let columns =
        ["Who", "May", "Since", "Why they need to know"].map(|label| Column { label, order: Order::Fixed });
    let row = |member: &Member| Row {
        head: ui::text(&seen.name(&format!("person:{}", member.person))),
        cells: vec![
            html! { (may(member.level)) },
            html! {
                (show::moment(member.added_at)) ", by " (ui::text(&seen.name(&member.added_by)))
                @if let Some(until) = member.removed_at { ", until " (show::moment(until)) }
            },
            ui::text(&member.need),
        ],
    };
    let rows: Vec<Row> = seen.opened.members.iter().map(row).collect();
    let now: Vec<Choice<'_>> = present
        .map(|member| Choice {
            value: member.person.as_str(),
            label: seen.people.get(&member.person).map_or(member.person.as_str(), String::as_str),
        })
        .collect();
    html! {
        h2 #members { "Members" }
        (ui::table(&Table { caption: "Who reaches this case, and who did", columns: &columns, rows: &rows, swap: None }))
        @if seen.leads() {
            (ui::details("Take somebody in, or out", &html! {
                (seen.form("member", &member_form(seen)))
                (seen.form("let-go", &html! {
                    (Field::new("let-go-person", "Member to take out").named("person").kind(Kind::Choice(&now)))
                    (button("Take them out", Button::Secondary))
                }))
            }))
            @let (shared, label) = if seen.opened.case.shared_at.is_some() { ("no", "Let only members read it") } else { ("yes", "Let everybody of the agency read it") };
            (seen.form("share", &html! { input type="hidden" name="everybody" value=(shared); (button(label, Button::Secondary)) }))
        }
    }
}

fn member_form(seen: &Seen<'_>) -> Markup {
    let people: Vec<Choice<'_>> =
        seen.people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }).collect();
    let levels: Vec<Choice<'_>> =
        MemberLevel::ALL.iter().map(|level| Choice { value: level.as_str(), label: may(*level) }).collect();
    html! {
        (Field::new("member-person", "Who").named("person").kind(Kind::Choice(&people)))
        (Field::new("member-level", "May").named("level").kind(Kind::Choice(&levels)).value("works"))
        (Field::new("member-need", "Why they need to know").named("text").required().hint("18 USC 2258A(g)(2)(A)(ii): as needed to investigate or to keep records"))
        (button("Take them in", Button::Primary))
    }
}

const fn may(level: MemberLevel) -> &'static str {
    match level {
        MemberLevel::Reads => "read",
        MemberLevel::Works => "read and write",
        MemberLevel::Leads => "lead",
    }
}

fn ending(seen: &Seen<'_>) -> Markup {
    let case = &seen.opened.case;
    let reasons: Vec<Choice<'_>> = StatusReason::ALL
        .iter()
        .filter(|reason| reason.is_of(domain::Status::Closed))
        .map(|reason| Choice { value: reason.as_str(), label: reason.title() })
        .collect();
    html! {
        h2 #ending { "Opened and closed" }
        (definitions(&facts(seen)))
        @if case.closed.is_some() && seen.opened.level >= MemberLevel::Works {
            (seen.form("reopen", &button("Open the case again", Button::Primary)))
        }
        @if seen.leads() {
            (seen.form("close", &html! {
                (Field::new("close-reason", "Why it is closed").named("reason").kind(Kind::Choice(&reasons)))
                p { "A later report that names the same person opens it again." }
                (button("Close the case", Button::Secondary))
            }))
        }
    }
}

fn facts(seen: &Seen<'_>) -> Vec<(&'static str, Value)> {
    let case = &seen.opened.case;
    let by = |at, who: &str| html! { (show::moment(at)) " by " (ui::text(&seen.name(who))) };
    let mut facts = vec![("Opened", by(case.opened_at, &format!("person:{}", case.opened_by)).into())];
    facts.extend(case.reopened_at.map(|at| ("Opened again", show::moment(at).into())));
    if let Some(closed) = &case.closed {
        facts.push(("Closed", by(closed.at, &format!("person:{}", closed.by)).into()));
        facts.push(("Why", Value::words(Some(closed.reason.title()))));
    }
    facts
}

/// What went wrong, with what the person had written, so that nothing is lost.
pub(super) fn not_done(says: &str, wrote: &str) -> Markup {
    html! {
        (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (ui::text(says)) } }))
        // It may be what is never printed with a case.
        @if !wrote.is_empty() { div .house-screen-only { (ui::snippet("What you wrote", wrote)) } }
    }
}
