//! The forms that hand a report on: to another agency instead of one's own or beside it, by a listed exception; or back to
//! the clearinghouse, because it is not one's own.

use domain::{AgencyClass, Id as _, NotOurs, RedisclosureCode, ReportId, TransferKind, TransferReason};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Choices, Field, Kind, Value, Weight, button, definitions};
use workspace::transfers::{Holder, Place, Seen};

use super::{address, code_in_words, kind_in_a_word, state};

/// The exceptions by which one agency hands on to another.
const CODES: [RedisclosureCode; 3] =
    [RedisclosureCode::StateOffence, RedisclosureCode::FoundNecessary, RedisclosureCode::CourtOrder];

/// What the forms say.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Said {
    /// The token of the form.
    pub csrf: String,
    /// The version of the standing that somebody saw.
    pub version: u32,
    /// To whom.
    pub to: String,
    /// Whether they have it instead, or too.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The exception.
    pub code: String,
    /// The State whose law it is.
    pub state: String,
    /// The offence.
    pub offence: String,
    /// The attorney who found it necessary.
    pub attorney: String,
    /// The day on which they did.
    pub found: String,
    /// Court and number of the order.
    pub order: String,
    /// What the court wants kept, a line each.
    pub conditions: String,
    /// Words to whoever gets it.
    pub words: String,
}

impl Said {
    /// Whether it comes from the form to another agency, which always says what they get; the other one never does.
    fn is_for_another_agency(&self) -> bool {
        !self.kind.is_empty()
    }
}

/// One form of a report.
pub struct Form<'a> {
    /// The report.
    pub report: ReportId,
    /// The version of its standing that the form is made from.
    pub version: u32,
    /// The token of the form.
    pub token: &'a str,
    /// What somebody had written already.
    pub said: &'a Said,
}

/// Everything that the page shows beside its forms.
pub struct Shown {
    /// Where the report can go.
    pub places: Vec<Place>,
    /// The State of the reader's agency, as `MN`.
    pub own_state: Option<String>,
    /// What was handed on before.
    pub earlier: Vec<Seen>,
    /// Who holds the report.
    pub holder: Holder,
    /// Whether the reader's agency gave it back, and the clearinghouse has not said yet where it goes.
    pub waits: bool,
}

/// Where the page of a report is.
#[must_use]
pub fn page_of(report: ReportId) -> String {
    format!("/agency/reports/{report}/hand-on")
}

/// The page's title.
#[must_use]
pub fn title(report: ReportId) -> String {
    format!("Hand on report {report}")
}

/// The page; `refused` says why nothing was changed.
pub fn main(form: &Form<'_>, shown: &Shown, now: Timestamp, refused: Option<&str>) -> Markup {
    html! {
        h1 { (title(form.report)) }
        @if let Some(says) = refused {
            (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } }))
        }
        (definitions(&[("Held by", Value::words(Some(&shown.holder.name)))]))
        @if !shown.earlier.is_empty() {
            h2 { "Handed on before" }
            ul {
                @for seen in &shown.earlier {
                    li {
                        a href=(address(&seen.transfer.id)) {
                            (kind_in_a_word(seen.transfer.kind)) @if seen.outgoing { " to " } @else { " from " } (ui::text(&seen.other_name))
                        }
                        " " (state(seen, now))
                    }
                }
            }
        }
        @if shown.holder.own && !shown.waits {
            (hand_on_form(form, shown))
            h2 #not-ours { "Not ours" }
            (not_ours_form(form))
        } @else if shown.waits {
            p { "Your agency gave it back. Until the clearinghouse has said where it goes, it stays with you and is offered to nobody." }
            (written(form.said))
        } @else {
            p { "Another agency holds it. What you have of it stays yours to read; only whoever holds it hands it on." }
            (written(form.said))
        }
    }
}

/// What somebody had written into a form that is not there any more: no word is lost.
fn written(said: &Said) -> Markup {
    let all = [
        ("Offence", &said.offence),
        ("Attorney for the government", &said.attorney),
        ("Order", &said.order),
        ("What the court wants kept", &said.conditions),
        ("Words", &said.words),
    ];
    let facts: Vec<(&'static str, Value)> = all
        .into_iter()
        .filter(|(_, words)| !words.trim().is_empty())
        .map(|(label, words)| (label, Value::words(Some(words))))
        .collect();
    html! { @if !facts.is_empty() { h2 { "You had written" } (definitions(&facts)) } }
}

fn hand_on_form(form: &Form<'_>, shown: &Shown) -> Markup {
    let Form { said, .. } = form;
    let labels: Vec<String> = shown.places.iter().map(place).collect();
    let labelled = shown.places.iter().zip(&labels);
    // Nobody is chosen before somebody chooses.
    let mut places = vec![Choice { value: "", label: "Choose an agency" }];
    places.extend(labelled.map(|(place, label)| Choice { value: place.agency.as_str(), label }));
    let kinds: Vec<Choice<'_>> =
        TransferKind::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    let reasons: Vec<Choice<'_>> =
        TransferReason::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    let codes = CODES.map(|one| Choice { value: one.as_str(), label: code_in_words(one) });
    let or =
        |said: &str, otherwise: &str| if said.is_empty() { otherwise.to_owned() } else { said.to_owned() };
    let own_state = shown.own_state.as_deref().map(|state| format!("US-{state}")).unwrap_or_default();
    let (kind, code) = (or(&said.kind, "transfer"), or(&said.code, "G2-iv"));
    let state = or(&said.state, &own_state);
    // What was written for the clearinghouse is not another agency's to read.
    let words = if said.is_for_another_agency() { said.words.as_str() } else { "" };
    html! {
        h2 { "To another agency" }
        p { "An agency passes nothing on but by a listed exception, with what must be on record for it (R-34). Affiliates of your task force stand first." }
        div .house-wide { (ui::post(&page_of(form.report), form.token, &html! {
            input type="hidden" name="version" value=(form.version);
            (Field::new("to", "To").kind(Kind::Choice(&places)).value(&said.to).required())
            (Choices::one("kind", "What they get", &kinds).chosen(&[kind.as_str()]))
            (Field::new("reason", "Why").kind(Kind::Choice(&reasons)).value(&said.reason).required())
            (Field::new("code", "Allowed by").kind(Kind::Choice(&codes)).value(&code).required()
                .hint("G2-iv for State and local agencies; G2-iii for those and for federal and tribal ones; G2-vii, by a prosecutor, for any"))
            (Field::new("state", "State, for G2-iv").value(&state).hint("As US-MN"))
            (Field::new("offence", "Offence, for G2-iv").value(&said.offence).hint("The section of the State's law that the report shows to be broken"))
            (Field::new("attorney", "Attorney for the government, for G2-iii").value(&said.attorney))
            (Field::new("found", "Day on which they found it necessary").kind(Kind::Date).value(&said.found))
            (Field::new("order", "Court and number of the order, for G2-vii").value(&said.order))
            (Field::new("conditions", "What the court wants kept, a line each").kind(Kind::Lines(2)).value(&said.conditions))
            (Field::new("words", "Words to the other agency").named("words").kind(Kind::Lines(3)).value(words).hint("They read this before they answer; at most 2,000 letters"))
            (button("Hand it on", Button::Primary))
        })) }
    }
}

fn place(place: &Place) -> String {
    let class = match place.class {
        AgencyClass::Federal => "federal",
        AgencyClass::State => "State",
        AgencyClass::Local => "local",
        AgencyClass::Tribal => "tribal",
        AgencyClass::Foreign => "foreign",
    };
    let affiliate = if place.affiliated { ", affiliated" } else { "" };
    format!("{} ({class}{affiliate})", ui::visible(&place.name))
}

/// Two clicks: why, and send.
pub(super) fn not_ours_form(form: &Form<'_>) -> Markup {
    let Form { report, said, .. } = form;
    // What was written for another agency is not the clearinghouse's to read.
    let words = if said.is_for_another_agency() { "" } else { said.words.as_str() };
    let reasons: Vec<Choice<'_>> =
        NotOurs::OF_AGENCIES.iter().map(|one| Choice { value: one.as_str(), label: one.title() }).collect();
    html! {
        p { "It goes back to the clearinghouse, which sends it to the next agency that its rules name. Until another agency has it, it stays with you." }
        div .house-wide { (ui::post(&format!("/agency/reports/{report}/not-ours"), form.token, &html! {
            input type="hidden" name="version" value=(form.version);
            (Choices::one("not-ours-reason", "Because", &reasons).chosen(&[said.reason.as_str()]))
            (Field::new("not-ours-words", "Words to the clearinghouse").named("words").kind(Kind::Lines(2)).value(words).hint("Optional"))
            (button("It is not ours", Button::Secondary))
        })) }
    }
}
