//! Why something was decided: every reason, with the rule that gave it.

use maud::{Markup, html};

use crate::text::text;

/// One reason.
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    /// The reason as a sentence.
    pub because: &'a str,
    /// Name of the rule that gave it.
    pub rule: &'a str,
    /// The facts that the rule looked at, each by name and value.
    pub facts: &'a [(&'a str, &'a str)],
}

/// Draws them in the order of the decision. No reason at all is said too.
pub fn reasons(reasons: &[Reason<'_>]) -> Markup {
    if reasons.is_empty() {
        return html! { p .house-unknown { "No reason was recorded." } };
    }
    html! {
        ol .house-reasons {
            @for reason in reasons {
                li {
                    p { (text(reason.because)) " " code { (text(reason.rule)) } }
                    @if !reason.facts.is_empty() {
                        ul { @for (name, value) in reason.facts { li dir="auto" { (text(name)) ": " (text(value)) } } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_its_rule_and_its_facts() {
        let reason = Reason {
            because: "The address is in the county.",
            rule: "county-area",
            facts: &[("County", "<a>")],
        };
        let expected = "<ol class=\"house-reasons\"><li><p>The address is in the county. <code>county-area</code></p>\
            <ul><li dir=\"auto\">County: &lt;a&gt;</li></ul></li></ol>";
        assert_eq!(reasons(&[reason]).into_string(), expected);
    }

    #[test]
    fn the_absence_of_reasons_is_said() {
        assert!(reasons(&[]).into_string().contains("No reason was recorded."));
    }
}
