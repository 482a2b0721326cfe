//! The part of a report's page that says who holds it, and where it went.

use domain::{CourtOrder, ReturnState};
use jiff::Timestamp;
use maud::{Markup, html};
use ui::{Link, Tone, Weight};
use workspace::given_back::Returned;
use workspace::transfers::{Holder, Seen};

use super::hand_on::{Form, not_ours_form, page_of};
use super::{address, state};
use crate::show;

/// Where a report went.
pub struct Way {
    /// What was handed on.
    pub all: Vec<Seen>,
    /// Who holds it.
    pub holder: Holder,
    /// What was given back.
    pub returned: Vec<Returned>,
}

/// The part; `form` is the one with which the agency gives the report back.
pub fn main(form: &Form<'_>, way: &Way, now: Timestamp) -> Markup {
    let Way { all, holder, returned } = way;
    let href = page_of(form.report);
    let waits = returned.iter().any(|one| one.one.state == ReturnState::AtDesk);
    html! {
        div #own-way {
            p {
                @if holder.own { "Your agency holds it. " } @else { (ui::chip("held elsewhere", Tone::Strong)) " " (ui::text(&holder.name)) " holds it. " }
                @if holder.own && !waits { (Link { href: &href, label: "Hand it on" }) }
            }
            @for seen in all {
                p {
                    a href=(address(&seen.transfer.id)) {
                        @if seen.outgoing { "Handed on to " } @else { "Handed on by " } (ui::text(&seen.other_name))
                    }
                    " " (state(seen, now))
                }
            }
            @for one in returned { (given(one)) }
            @if holder.own && !waits {
                (ui::details("Not ours, because", &not_ours_form(form)))
            }
        }
    }
}

fn given(returned: &Returned) -> Markup {
    let one = &returned.one;
    html! {
        p {
            "Your agency said on " (show::moment(one.said_at)) " that it is not yours: " (one.reason.title()) ". "
            @match (&returned.went_to, one.state) {
                (Some(to), _) => { (ui::text(to)) " has it instead." }
                (None, ReturnState::AtDesk) => { "The clearinghouse has to say where it goes; until then it stays with you." }
                (None, _) => { "The clearinghouse answered that it stays with you." }
            }
            @if let Some(answer) = &one.answer { " Its reason: " (ui::text(answer)) }
        }
    }
}

/// What courts want kept is shown to everybody who looks.
pub fn conditions(ordered: &[CourtOrder]) -> Markup {
    html! {
        @for CourtOrder { order, conditions } in ordered {
            (ui::alert(Weight::Warning, "A court's conditions are on this report", &html! {
                p { (ui::text(order)) }
                ul { @for condition in conditions { li { (ui::text(condition)) } } }
            }))
        }
    }
}
