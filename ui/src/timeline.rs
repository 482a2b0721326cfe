//! What happened, in order. A drawing may stand beside it later; the list is what everybody can read.

use maud::{Markup, html};

use crate::text::text;

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// When, as RFC 3339, for programs.
    pub at: &'a str,
    /// When, for people.
    pub at_shown: &'a str,
    /// What happened, as a few words.
    pub what: &'a str,
    /// Who did it, where somebody did.
    pub by: Option<&'a str>,
}

/// Draws the moments in the order given.
pub fn timeline(moments: &[Moment<'_>]) -> Markup {
    html! {
        ol .house-timeline {
            @for moment in moments {
                li {
                    time datetime=(moment.at) { (text(moment.at_shown)) }
                    " " span dir="auto" { (text(moment.what)) }
                    @if let Some(by) = moment.by { " " span .house-by dir="auto" { "by " (text(by)) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_says_when_what_and_who() {
        let (at, at_shown) = ("2026-01-02T03:04:05Z", "2 Jan 2026, 03:04 UTC");
        let moments = [
            Moment { at, at_shown, what: "Sealed", by: None },
            Moment { at, at_shown, what: "Routed", by: Some("the house") },
        ];
        let expected = "<ol class=\"house-timeline\"><li><time datetime=\"2026-01-02T03:04:05Z\">2 Jan 2026, 03:04 UTC\
            </time> <span dir=\"auto\">Sealed</span></li><li><time datetime=\"2026-01-02T03:04:05Z\">2 Jan 2026, \
            03:04 UTC</time> <span dir=\"auto\">Routed</span> <span class=\"house-by\" dir=\"auto\">by the house</span>\
            </li></ol>";
        assert_eq!(timeline(&moments).into_string(), expected);
    }
}
