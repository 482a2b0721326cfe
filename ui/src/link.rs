//! Links stay inside the house: an address that a stranger reported can never become something to click on.

use maud::{Markup, Render, html};

use crate::text::text;

/// Where a refused address leads: nowhere on the same page.
const NOWHERE: &str = "#";

/// A link to a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// Path, query or fragment; anything else leads nowhere.
    pub href: &'a str,
    /// What a person reads; it says where the link leads, also without what stands around it.
    pub label: &'a str,
}

/// The part of the page that following a link replaces, where scripts run; without them the page is loaded whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swap<'a> {
    /// Identifier of the element, without `#`.
    pub part: &'a str,
}

impl Render for Link<'_> {
    fn render(&self) -> Markup {
        html! { a href=(inside(self.href)) { (text(self.label)) } }
    }
}

impl Link<'_> {
    /// The link with a class, a relation and the part it replaces.
    pub(crate) fn with(&self, class: &str, relation: Option<&str>, swap: Option<Swap<'_>>) -> Markup {
        let href = inside(self.href);
        let target = swap.map(|swap| format!("#{}", swap.part));
        let on = |value: &'static str| swap.map(|_| value);
        html! {
            a class=(class) href=(href) rel=[relation] hx-get=[swap.map(|_| href)] hx-target=[target]
                hx-swap=[on("outerHTML")] hx-push-url=[on("true")] { (text(self.label)) }
        }
    }
}

/// A link out of the house, for attributions: both parts are written in our source, never taken from data.
pub fn outward(href: &'static str, label: &'static str) -> Markup {
    html! { a href=(href) rel="external noopener noreferrer" { (label) } }
}

/// The address if it stays on our origin. `//host` and `/\host` are read as other hosts by browsers.
pub(crate) fn inside(href: &str) -> &str {
    let relative = href.starts_with('?') || href.starts_with('#');
    let absolute = href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/\\");
    let clean = !href.contains(|letter: char| letter.is_control());
    if (relative || absolute) && clean { href } else { NOWHERE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_our_own_pages_only() {
        for ours in ["/agency/inbox", "/agency/reports/1?as=zip#files", "?after=1", "#main"] {
            assert_eq!(inside(ours), ours);
        }
        for other in [
            "javascript:alert(1)",
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "",
            "x",
        ] {
            assert_eq!(inside(other), NOWHERE, "{other}");
        }
    }

    #[test]
    fn a_link_that_swaps_a_part_still_works_without_script() {
        let link = Link { href: "?after=9", label: "Next" };
        let expected = "<a class=\"next\" href=\"?after=9\" rel=\"next\" hx-get=\"?after=9\" hx-target=\"#inbox\" \
                        hx-swap=\"outerHTML\" hx-push-url=\"true\">Next</a>";
        assert_eq!(link.with("next", Some("next"), Some(Swap { part: "inbox" })).into_string(), expected);
        assert_eq!(link.render().into_string(), "<a href=\"?after=9\">Next</a>");
    }

    #[test]
    fn an_attribution_tells_the_other_side_nothing() {
        let expected = "<a href=\"https://example.org/\" rel=\"external noopener noreferrer\">Example</a>";
        assert_eq!(outward("https://example.org/", "Example").into_string(), expected);
    }
}
