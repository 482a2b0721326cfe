//! Criminal justice information in a case: the label, the form that passes an entry on, and what was passed on
//! before. What is labelled is shown on the screen and stands on no paper but its own sheet.

use domain::MemberLevel;
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Order, Row, Table, Tone, Weight, button};
use workspace::cases::Entry;
use workspace::passing::{Passing, Requester};

use crate::show;

/// What the form says.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Said {
    /// The token of the form.
    pub csrf: String,
    /// The version of the entry that somebody saw.
    pub version: u32,
    /// The agency that gets it.
    pub receiver: String,
    /// Who of it asked.
    pub requester: String,
    /// Who gets it from them.
    pub recipient: String,
    /// Why.
    pub reason: String,
}

/// The form, and what is drawn beside it.
pub struct Form<'a> {
    /// Where it is sent.
    pub action: &'a str,
    /// Its token.
    pub token: &'a str,
    /// What it says already.
    pub said: &'a Said,
    /// Why nothing was passed on.
    pub refused: Option<&'a str>,
    /// What its reader may do in the case.
    pub level: MemberLevel,
}

/// The label in words, wherever the entry is shown.
pub fn label(entry: &Entry) -> Markup {
    html! {
        @if let Some(at) = entry.cji_at {
            p { (ui::chip("CJI", Tone::Strong)) " Data from an FBI CJIS system, labelled " (show::moment(at)) "." }
            p .house-paper-only { "It is not printed with the case. It leaves as a sheet of its own, with a record of who asked and who got it." }
        }
    }
}

/// The question whether an entry holds such data; a label that is there stays.
pub fn question(id: &str, entry: Option<&Entry>) -> Markup {
    let answers = [
        Choice { value: "", label: "No" },
        Choice { value: "yes", label: "CJI: it holds data from an FBI CJIS system" },
    ];
    html! {
        @if entry.is_some_and(|entry| entry.cji_at.is_some()) {
            input type="hidden" name="cji" value="yes";
            p { "Labelled CJI. Nobody takes the label away." }
        } @else {
            (Field::new(id, "Criminal justice information").named("cji").kind(Kind::Choice(&answers))
                .hint("Criminal history, NCIC and the like. The label stays for good."))
        }
    }
}

/// The part of a labelled entry's page.
pub fn section(
    entry: &Entry,
    (requesters, earlier): (&[Requester], &[(Passing, String)]),
    form: &Form<'_>,
    name: impl Fn(&str) -> String,
) -> Markup {
    html! {
        h2 #passing { "Passing it on" }
        p {
            "It leaves your agency in one way: as a sheet that you take here and hand over yourself. Who passed it on, to which "
            "agency, who asked, who gets it and why is recorded first (CJIS Security Policy, CA-3)."
        }
        @if let Some(says) = form.refused {
            (ui::alert(Weight::Error, "Nothing was passed on", &html! { p { (ui::text(says)) } }))
        }
        @if form.level >= MemberLevel::Works { (ui::post(form.action, form.token, &asked(entry, requesters, form.said))) }
        @else { p { "You may read this case. Somebody who may write in it passes it on." } }
        h3 { "Passed on so far" }
        @if earlier.is_empty() { (ui::empty("It was passed on to nobody.", None)) } @else { (table(earlier, name)) }
    }
}

fn asked(entry: &Entry, requesters: &[Requester], said: &Said) -> Markup {
    let labels: Vec<String> = requesters.iter().map(called).collect();
    let choices = requesters.iter().zip(&labels).map(|(one, label)| Choice { value: &one.id, label });
    let choices: Vec<Choice<'_>> =
        [Choice { value: "", label: "Choose" }].into_iter().chain(choices).collect();
    html! {
        input type="hidden" name="version" value=(entry.version);
        (Field::new("passing-receiver", "Agency that gets it").named("receiver").kind(Kind::Choice(&choices)).value(&said.receiver)
            .hint("Agencies whose standing is verified and in force. Nobody else is a validated requester"))
        (Field::new("passing-requester", "Who of it asked").named("requester").value(&said.requester).required()
            .hint("Name and office"))
        (Field::new("passing-recipient", "Who gets it from them").named("recipient").value(&said.recipient).required()
            .hint("The secondary recipient; the same person again, where it stays with them"))
        (Field::new("passing-reason", "Why").named("reason").kind(Kind::Lines(2)).value(&said.reason).required())
        (button("Record it and take the sheet", Button::Primary))
    }
}

fn called(one: &Requester) -> String {
    if one.own { format!("{} (your own)", one.name) } else { one.name.clone() }
}

fn table(earlier: &[(Passing, String)], name: impl Fn(&str) -> String) -> Markup {
    let columns = ["When", "By", "To agency", "Asked for by", "Goes to", "Why", "Version"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |(passing, agency): &(Passing, String)| Row {
        head: show::moment(passing.passed_at),
        cells: vec![
            ui::text(&name(&passing.passed_by)),
            ui::text(agency),
            ui::text(&passing.words.requester),
            ui::text(&passing.words.recipient),
            ui::text(&passing.words.reason),
            html! { (passing.version) },
        ],
    };
    let rows: Vec<Row> = earlier.iter().map(row).collect();
    ui::table(&Table {
        caption: "Passed on so far, the last first",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}
