//! The trail to a page.

use maud::{Markup, html};

use crate::link::Link;
use crate::text::text;

/// Draws the pages above, outermost first, and the page itself.
pub fn breadcrumb(above: &[Link<'_>], here: &str) -> Markup {
    html! {
        nav .usa-breadcrumb aria-label="Breadcrumb" {
            ol .usa-breadcrumb__list {
                @for link in above {
                    li .usa-breadcrumb__list-item { (link.with("usa-breadcrumb__link", None, None)) }
                }
                li .usa-breadcrumb__list-item .usa-current aria-current="page" { (text(here)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_where_one_is() {
        let expected = "<nav class=\"usa-breadcrumb\" aria-label=\"Breadcrumb\"><ol class=\"usa-breadcrumb__list\">\
            <li class=\"usa-breadcrumb__list-item\"><a class=\"usa-breadcrumb__link\" href=\"/inbox\">Inbox</a></li>\
            <li class=\"usa-breadcrumb__list-item usa-current\" aria-current=\"page\">Report 7</li></ol></nav>";
        assert_eq!(
            breadcrumb(&[Link { href: "/inbox", label: "Inbox" }], "Report 7").into_string(),
            expected
        );
    }
}
