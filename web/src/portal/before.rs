//! What somebody reads before they look at a file, the same at every agency and at the clearinghouse: what they were shown
//! lately, what they chose, and what is known already.

use domain::portal::MediaClass;
use maud::{Markup, html};
use office::Trouble;
use ui::{Button, Choice, Choices, Column, Field, Kind, Link, Order, Row, Table, Weight, alert, button};
use viewing::wellness::{Before, Exposure, Limit};

use crate::moment;

/// What somebody was shown lately, and where a pause is offered; `own` is the page where they choose.
#[must_use]
pub fn looking(before: &Before, own: &str) -> Markup {
    let link = Link { href: own, label: "Limits, and what you do not want to be shown" };
    html! {
        section aria-labelledby="lately" .house-wide {
            h2 #lately { "What you were shown lately" }
            (shown(&before.exposure))
            @for limit in &before.reached { (reached(limit, &before.exposure)) }
            p { (link) ". Looking less, in grey, or not at all helps some people and not others; nothing here claims to protect you." }
        }
    }
}

/// Counts by class.
pub(super) fn shown(exposure: &Exposure) -> Markup {
    let columns = ["Class", "Clear, 24 hours", "Clear, 7 days", "Grey, 24 hours", "Grey, 7 days"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &viewing::wellness::Count| Row {
        head: html! { (one.class.title()) },
        cells: [one.clear_day, one.clear_week, one.grey_day, one.grey_week]
            .map(|count| html! { (count) })
            .into(),
    };
    let rows: Vec<Row> = exposure.counts.iter().map(row).collect();
    html! {
        @if rows.is_empty() { p { "Nothing within the last seven days." } }
        @else {
            p {
                "Clear: " strong { (exposure.day(None)) } " within 24 hours, " strong { (exposure.week(None)) } " within 7 days."
                @if let Some(at) = exposure.last_at { " The last one " (moment(at)) "." }
            }
            (ui::table(&Table { caption: "Files that you were shown, by class", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

/// A limit that somebody has come to.
pub(super) fn reached(limit: &Limit, exposure: &Exposure) -> Markup {
    let of = limit.class.map_or("any class", MediaClass::title);
    let says = html! {
        p {
            "Clear looks at files of " (of) ": " (exposure.day(limit.class)) " of " (limit.per_day) " a day, "
            (exposure.week(limit.class)) " of " (limit.per_week) " a week. Take a pause, or give this one to somebody else, if you can."
        }
    };
    alert(Weight::Warning, "You have come to a soft limit", &says)
}

/// The answer that lets somebody go on beyond a limit; nothing where none was come to.
#[must_use]
pub fn goes_on(before: Option<&Before>) -> Markup {
    const YES: [Choice<'static>; 1] = [Choice { value: "yes", label: "I go on all the same" }];
    html! {
        @if before.is_some_and(|before| !before.reached.is_empty()) {
            (Choices::any("goes_on", "You have come to a soft limit", &YES).hint("Without it nothing is shown. No reason is asked."))
        }
    }
}

/// What is known of the same bytes, in place of a look; nothing where nothing is known.
#[must_use]
pub fn known_by(before: Option<&Before>, in_sets: &[String]) -> Option<Markup> {
    let known = before.and_then(|before| before.known.as_ref());
    (known.is_some() || !in_sets.is_empty()).then(|| {
        html! {
            p { "These bytes are known, so nobody is shown them here. What is known:" }
            ul {
                @if let Some(known) = known {
                    li { strong { (known.class.title()) } ", said by somebody who saw them, " (moment(known.said_at)) }
                }
                @for set in in_sets { li { (ui::text(set)) } }
            }
            p { "Whoever needs them for a court takes them from the package, or at a viewing appointment." }
        }
    })
}

/// Why a class was not taken, in words; nothing for what is not there and for what broke.
#[must_use]
pub fn not_classed(trouble: &Trouble) -> Option<&'static str> {
    Some(match trouble.refusal()?.code() {
        "not-allowed" => "Only somebody who was shown the file clear says of which class it is.",
        "conflict" => "Somebody else said its class meanwhile. It stands below.",
        "unfit" => "Choose a class.",
        _ => return None,
    })
}

/// The form by which whoever saw a file says of which class it is, or takes that back; nothing for anybody else.
#[must_use]
pub fn classing(before: &Before, action: &str, token: &str) -> Markup {
    let known = MediaClass::ALL.iter().filter(|class| **class != MediaClass::Unclassified);
    let mut classes = vec![Choice { value: "", label: "Choose" }];
    classes.extend(known.map(|class| Choice { value: class.as_str(), label: class.title() }));
    html! {
        @if before.known.is_some() {
            (ui::details("The class is wrong, or it must be seen again", &ui::post(action, token, &html! {
                input type="hidden" name="take_back" value="yes";
                p { "Taking the class back is recorded. The file can be asked for again, with a reason." }
                (button("Take the class back", Button::Secondary))
            })))
        } @else if before.saw {
            h3 { "Spare others" }
            p { "You saw it clear. Say of which class it is, and nobody of yours is shown the same bytes again, in whatever report they come." }
            (ui::post(action, token, &html! {
                (Field::new("class", "Class").kind(Kind::Choice(&classes)).required())
                (button("Say it", Button::Secondary))
            }))
        }
    }
}
