//! Reports that go from one agency to another, and back to the clearinghouse: the list, one of them, the forms, and the part
//! of a report's page.

pub mod hand_on;
pub mod one;
pub mod part;

use domain::{RedisclosureCode, TransferKind, TransferState};
use jiff::Timestamp;
use maud::{Markup, html};
use ui::{Column, Link, Order, Row, Table, Tone};
use workspace::transfers::Seen;

use crate::show;

/// The room in the navigation.
pub const LINK: Link<'static> = Link { href: "/agency/transfers", label: "Transfers" };

/// Where a transfer is.
#[must_use]
pub fn address(id: &str) -> String {
    format!("{}/{id}", LINK.href)
}

/// Every transfer of an agency: those that wait, and those that ended.
pub fn list(incoming: &[Seen], outgoing: &[Seen], now: Timestamp) -> Markup {
    let waits = |seen: &&Seen| seen.transfer.state(now) == TransferState::Offered;
    let to_answer: Vec<&Seen> = incoming.iter().filter(waits).collect();
    let offered: Vec<&Seen> = outgoing.iter().filter(waits).collect();
    let mut ended: Vec<&Seen> = incoming.iter().chain(outgoing).filter(|seen| !waits(seen)).collect();
    ended.sort_by_key(|seen| std::cmp::Reverse(seen.transfer.offered_at));
    html! {
        h1 { (LINK.label) }
        p {
            "What one agency hands on to another stays where it is until the other one takes it. "
            "To hand a report on, or to say that it is not yours, open it and follow “Hand it on”."
        }
        h2 { "Waiting for your answer" }
        @if to_answer.is_empty() { (ui::empty("No other agency offers you a report.", None)) }
        @else { (table(now, "Offered to your agency", &to_answer)) }
        h2 { "Waiting for theirs" }
        @if offered.is_empty() { (ui::empty("Your agency offers nothing at the moment.", None)) }
        @else { (table(now, "Offered by your agency", &offered)) }
        h2 { "Answered, taken back, or over" }
        @if ended.is_empty() { (ui::empty("Nothing was handed on yet.", None)) }
        @else { (table(now, "Ended, the newest first", &ended)) }
    }
}

fn table(now: Timestamp, caption: &str, all: &[&Seen]) -> Markup {
    let columns = ["Report", "Priority", "Agency", "Why", "Answer until", "State"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |seen: &&Seen| {
        let one = &seen.transfer;
        let direction = if seen.outgoing { "to " } else { "from " };
        Row {
            head: html! { a href=(address(&one.id)) { "Report " (one.report) } },
            cells: vec![
                show::priority(one.priority),
                html! { (direction) (ui::text(&seen.other_name)) },
                html! { (one.reason.title()) },
                show::moment(one.due_at),
                state(seen, now),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// How one stands, in words.
fn state(seen: &Seen, now: Timestamp) -> Markup {
    let state = seen.transfer.state(now);
    let tone = match state {
        TransferState::Offered if seen.outgoing => Tone::Plain,
        TransferState::Offered => Tone::Strong,
        TransferState::Declined | TransferState::Lapsed if seen.outgoing => Tone::Notice,
        _ => Tone::Muted,
    };
    ui::chip(state.title(), tone)
}

/// What an exception is, in words.
const fn code_in_words(code: RedisclosureCode) -> &'static str {
    match code {
        RedisclosureCode::StateOffence => "G2-iv: the report shows an offence of a State",
        RedisclosureCode::FoundNecessary => "G2-iii: an attorney for the government found it necessary",
        RedisclosureCode::CourtOrder => "G2-vii: a court ordered it",
        RedisclosureCode::Attorney => "G2-i: for an attorney for the government",
        RedisclosureCode::SameAgency => "G2-ii: within the same agency",
        RedisclosureCode::Defence => "G2-v: a charge is pending",
        RedisclosureCode::ProviderProcess => "G2-vi: legal process on a provider",
    }
}

/// The kind as a list says it.
const fn kind_in_a_word(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Transfer => "transfer",
        TransferKind::Referral => "referral",
    }
}
