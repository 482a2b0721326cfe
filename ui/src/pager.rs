//! Pages of a list that grows: by key, so there is a next page but no page number.

use maud::{Markup, html};

use crate::link::{Link, Swap};
use crate::text::text;

/// The way through a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pager<'a> {
    /// The list's beginning, unless this is it.
    pub first: Option<&'a str>,
    /// The page before, where its key is known.
    pub previous: Option<&'a str>,
    /// The page after, if there is more.
    pub next: Option<&'a str>,
    /// What is shown, such as `50 reports, most urgent first`.
    pub shown: &'a str,
    /// What turning the page replaces.
    pub swap: Option<Swap<'a>>,
}

/// Draws it; ends that are reached are left out, not greyed.
pub fn pager(pager: &Pager<'_>) -> Markup {
    let ways = [
        (pager.first, "First page", "first"),
        (pager.previous, "Previous page", "prev"),
        (pager.next, "Next page", "next"),
    ];
    html! {
        nav .house-pager aria-label="Pages" {
            p { (text(pager.shown)) }
            ul {
                @for (href, label, relation) in ways {
                    @if let Some(href) = href {
                        li { (Link { href, label }.with("usa-button usa-button--outline", Some(relation), pager.swap)) }
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
    fn only_the_ways_that_lead_somewhere_are_shown() {
        let drawn = pager(&Pager { next: Some("?after=50"), shown: "50 reports", ..Pager::default() });
        let expected = "<nav class=\"house-pager\" aria-label=\"Pages\"><p>50 reports</p><ul><li>\
            <a class=\"usa-button usa-button--outline\" href=\"?after=50\" rel=\"next\">Next page</a></li></ul></nav>";
        assert_eq!(drawn.into_string(), expected);
    }
}
