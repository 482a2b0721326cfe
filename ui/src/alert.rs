//! A message that a person should not miss.

use maud::{Markup, html};

use crate::text::text;

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Info,
    /// It was done.
    Done,
    /// Mind this.
    Warning,
    /// It was not done.
    Error,
}

/// Draws it. Warnings and errors interrupt a screen reader, the others wait for their turn.
pub fn alert(weight: Weight, heading: &str, body: &Markup) -> Markup {
    let (class, role) = match weight {
        Weight::Info => ("usa-alert usa-alert--info", "status"),
        Weight::Done => ("usa-alert usa-alert--success", "status"),
        Weight::Warning => ("usa-alert usa-alert--warning", "alert"),
        Weight::Error => ("usa-alert usa-alert--error", "alert"),
    };
    html! {
        div class=(class) role=(role) {
            div .usa-alert__body {
                h2 .usa-alert__heading { (text(heading)) }
                div .usa-alert__text { (body) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_interrupts_and_a_success_waits() {
        let expected = "<div class=\"usa-alert usa-alert--error\" role=\"alert\"><div class=\"usa-alert__body\">\
            <h2 class=\"usa-alert__heading\">Not saved</h2><div class=\"usa-alert__text\">Try again.</div></div></div>";
        assert_eq!(alert(Weight::Error, "Not saved", &text("Try again.")).into_string(), expected);
        assert!(alert(Weight::Done, "Saved", &html! {}).into_string().contains("role=\"status\""));
    }
}
