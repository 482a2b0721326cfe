//! Parts of pages about people that more than one face shows.

use jiff::Timestamp;
use maud::{Markup, html};
use ui::{Weight, alert};

use crate::moment;

/// Says that both codes of an invitation were drawn, and where they are. Only the demo shows them.
#[must_use]
pub fn codes_drawn(ends_at: Timestamp, shown: Option<(&str, &str)>) -> Markup {
    let says = html! {
        p { "Both codes are good until " (moment(ends_at)) ". Those before them are worth nothing." }
        @if let Some((mail, second)) = shown {
            p { "This demo sends nothing. By mail: " code { (mail) } ". By the second channel: " code { (second) } "." }
        } @else {
            p { "This version sends nothing by itself: two letters lie in the outbox of this installation, and the operator hands them over, each by its own channel." }
        }
    };
    alert(Weight::Done, "Codes drawn", &says)
}
