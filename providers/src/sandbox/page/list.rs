//! The list: senders with their credentials, clock and reset; below it the requests, newest first.

use std::sync::Arc;

use maud::{Markup, html};
use ui::{Button, Column, Field, Link, Order, Row, Table, Tone, button, chip, text};

use super::super::Sandbox;
use super::super::journal::{Entry, MOST_KEPT};
use super::super::layer::now;
use super::super::room::Tenant;
use super::{HOME, Live, form_name, invented_only};

/// Requests that are shown.
const SHOWN: usize = 100;
/// Characters of a standard text that the list shows; its own page shows all.
const SHOWN_CHARS: usize = 300;
/// How often a script asks for the list.
const EVERY: &str = "every 2s";

/// What is to be shown.
pub(super) struct View<'a> {
    sandbox: &'a Sandbox,
    /// The chosen sender, when there is one.
    sender: Option<usize>,
    live: Live,
}

impl<'a> View<'a> {
    pub(super) fn of(sandbox: &'a Sandbox, sender: Option<&str>, live: Live) -> Self {
        let sender = sender.and_then(|word| sandbox.desk.sender_called(word));
        Self { sandbox, sender, live }
    }

    fn address(&self, sender: Option<&str>, live: Live) -> String {
        let sender = sender.map(|word| format!("&sender={word}")).unwrap_or_default();
        format!("{HOME}?live={}{sender}", live.word())
    }

    fn word(&self) -> Option<&'static str> {
        let tenant = self.sender.and_then(|at| self.sandbox.desk.tenants.get(at));
        tenant.map(|tenant| tenant.sender.word())
    }

    /// The whole page.
    pub(super) fn whole(&self) -> Markup {
        html! {
            h1 { "Requests" }
            (invented_only())
            (self.requests())
            h2 { "Senders" }
            p { "The credentials are the same in every sandbox. Each sender has a house, a clock and a list of its own." }
            @for tenant in &self.sandbox.desk.tenants { (self.tenant(tenant)) }
            (self.faults())
        }
    }

    /// The part that keeps itself up to date.
    pub(super) fn requests(&self) -> Markup {
        let found = self.sandbox.desk.journal.latest(self.sender, SHOWN);
        let again = format!("{}&part=requests", self.address(self.word(), self.live));
        let by_script = self.live == Live::Script;
        let on = |value: &'static str| by_script.then_some(value);
        html! {
            div #requests hx-get=[by_script.then_some(again)] hx-trigger=[on(EVERY)] hx-swap=[on("outerMorph")] {
                (self.choices())
                @if found.is_empty() {
                    (ui::empty("Nothing was asked yet. Send a first request, such as GET /ispws/status.", None))
                } @else {
                    (table(&found))
                }
            }
        }
    }

    /// Whose requests, and how they keep up to date.
    fn choices(&self) -> Markup {
        let all = self.address(None, self.live);
        let other = |live: Live, label: &'static str| {
            html! { (Link { href: &self.address(self.word(), live), label }) }
        };
        html! {
            p {
                "Showing the requests of " strong { (self.word().unwrap_or("everybody")) } ". Other lists: "
                @for tenant in &self.sandbox.desk.tenants {
                    @let word = tenant.sender.word();
                    (Link { href: &self.address(Some(word), self.live), label: word }) " "
                }
                (Link { href: &all, label: "everybody" }) "."
            }
            p {
                @match self.live {
                    Live::Script => {
                        "With scripts, this list keeps itself up to date. "
                        (other(Live::Off, "Pause the list")) ", or "
                        (other(Live::Page, "load the page again every 5 seconds")) "."
                    }
                    Live::Page => { "This page loads itself again every 5 seconds. " (other(Live::Off, "Pause the list")) "." }
                    Live::Off => { "This list is paused. " (other(Live::Script, "Keep the list up to date")) "." }
                }
            }
        }
    }

    fn tenant(&self, tenant: &Tenant) -> Markup {
        let (sender, room) = (tenant.sender, tenant.room());
        let columns =
            ["User name", "Password", "What it is for"].map(|label| Column { label, order: Order::Fixed });
        let rows: Vec<Row> = sender
            .accounts
            .iter()
            .map(|account| Row {
                head: html! { code { (account.username) } },
                cells: vec![html! { code { (account.password) } }, text(account.purpose)],
            })
            .collect();
        let caption = format!("Credentials of {}", sender.name);
        html! {
            h3 { (sender.name) }
            (ui::table(&Table { caption: &caption, columns: &columns, rows: &rows, swap: None }))
            (self.clock(tenant))
            p { "A reset takes the sender's reports, files and requests away and sets its clock right." }
            (self.order("reset", sender.word(), &button(&format!("Reset {}", sender.word()), Button::Grave)))
            @if room.clock.ahead().is_positive() { p { "The clock was moved on; a reset sets it back." } }
        }
    }

    fn clock(&self, tenant: &Tenant) -> Markup {
        let (room, word) = (tenant.room(), tenant.sender.word());
        let field =
            Field::new("by", "Move the clock on by").value("25h").hint("A whole number of s, m, h or d");
        // Two fields of one page may not have the same identifier, so each form stands in details of its own.
        html! {
            p { "Its clock shows " (now(&room).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()) "." }
            @if self.sender.is_some_and(|one| self.sandbox.desk.sender_called(word) == Some(one)) {
                (self.order("clock", word, &html! { (field) (button("Move the clock", Button::Secondary)) }))
            } @else {
                p { (Link { href: &self.address(Some(word), self.live), label: &format!("Show only {word}, to move its clock") }) }
            }
        }
    }

    fn order(&self, order: &str, word: &str, body: &Markup) -> Markup {
        let token = self.sandbox.desk.forms.token(word, &form_name(order));
        let body = html! { input type="hidden" name="sender" value=(word); (body) };
        ui::post(&format!("/sandbox/{order}"), &token, &body)
    }

    fn faults(&self) -> Markup {
        let rules = &self.sandbox.desk.rules;
        html! {
            h2 { "Faults" }
            @if rules.is_empty() {
                p { "This sandbox was not told to misbehave. A request can ask for it with the header " code { "Sandbox-Fault" } "." }
            } @else {
                p { "This sandbox was told to misbehave:" }
                ul { @for armed in rules { li { code { (armed.rule.to_string()) } } } }
            }
            dl .house-facts {
                @for (word, does) in super::super::KINDS {
                    div { dt { code { (word) } } dd { (does) } }
                }
            }
        }
    }
}

fn table(found: &[Arc<Entry>]) -> Markup {
    const LABELS: [&str; 8] = [
        "Request",
        "Time",
        "Sender",
        "What was asked",
        "Verdict",
        "What was said, and what to do",
        "Took",
        "Request-ID",
    ];
    let columns = LABELS.map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = found.iter().map(|entry| row(entry)).collect();
    let caption =
        format!("The last {SHOWN} requests, newest first; {MOST_KEPT} of each sender are remembered");
    ui::table(&Table { caption: &caption, columns: &columns, rows: &rows, swap: None })
}

fn row(entry: &Entry) -> Row {
    let href = format!("/sandbox/requests/{}", entry.number);
    let label = format!("Request {}", entry.number);
    let time = entry.at.map(|at| at.strftime("%H:%M:%S").to_string()).unwrap_or_default();
    Row {
        head: html! { (Link { href: &href, label: &label }) },
        cells: vec![
            text(&time),
            text(entry.username.as_deref().unwrap_or("nobody")),
            html! { (text(&entry.method)) " " (text(&entry.path)) },
            verdict(entry),
            words(entry),
            text(&format!("{} ms", entry.took.as_millis())),
            html! { code { (text(entry.request_id.as_deref().unwrap_or_default())) } },
        ],
    }
}

/// The standard text, short, and the plain sentence; they may take several lines where the rest of a row stays on one.
fn words(entry: &Entry) -> Markup {
    let says = entry.says.as_deref().unwrap_or_default();
    let short: String = says.chars().take(SHOWN_CHARS).collect();
    let more = if short.len() < says.len() { " …" } else { "" };
    html! {
        @if !says.is_empty() || entry.help.is_some() {
            div .text-wrap .width-mobile-lg {
                (text(&short)) (more)
                @if let Some(help) = &entry.help { p { strong { (text(help)) } } }
            }
        }
    }
}

/// Status, code and what was done on purpose, in words.
pub(super) fn verdict(entry: &Entry) -> Markup {
    let refused =
        entry.code.is_some_and(|code| code != 0) || entry.status.is_some_and(|status| status >= 400);
    let tone = if entry.unanswered.is_some() || refused { Tone::Strong } else { Tone::Plain };
    let status = entry.status.map(|status| status.to_string()).unwrap_or_default();
    let code = entry.code.map(|code| format!("code {code}")).unwrap_or_default();
    let said = [status, code].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
    html! {
        @if !said.is_empty() { (chip(&said, tone)) }
        @if let (Some(line), Some(column)) = (entry.line, entry.column) { " line " (line) ", column " (column) }
        @if let Some(why) = entry.unanswered { " " (chip(why, tone)) }
        @for fault in &entry.faults { " " (chip(&format!("fault {fault}"), Tone::Notice)) }
    }
}
