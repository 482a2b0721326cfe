//! A place with nothing in it says so, and says what to do next.

use maud::{Markup, Render, html};

use crate::link::Link;
use crate::text::text;

/// Draws what is missing and, where there is one, the next step.
pub fn empty(what: &str, next: Option<Link<'_>>) -> Markup {
    html! {
        div .house-empty {
            p { (text(what)) }
            @if let Some(next) = next { p { (next.render()) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_shows_the_next_step() {
        let next = Link { href: "/inbox", label: "Show all reports" };
        let expected = "<div class=\"house-empty\"><p>No report fits the filter.</p>\
            <p><a href=\"/inbox\">Show all reports</a></p></div>";
        assert_eq!(empty("No report fits the filter.", Some(next)).into_string(), expected);
    }
}
