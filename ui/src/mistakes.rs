//! What has to be mended in a form, said once on top with a link to each place.

use maud::{Markup, html};

use crate::link::inside;
use crate::text::text;

/// Draws the list; each mistake is the id of its field and what to do. Nothing without mistakes.
pub fn mistakes(mistakes: &[(&str, &str)]) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            div .usa-alert .usa-alert--error role="alert" tabindex="-1" {
                div .usa-alert__body {
                    h2 .usa-alert__heading { "Something is missing or not right" }
                    ul .usa-alert__text {
                        @for (field, says) in mistakes {
                            @let href = format!("#{field}");
                            li { a href=(inside(&href)) { (text(says)) } }
                        }
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
    fn each_mistake_leads_to_its_field() {
        assert_eq!(mistakes(&[]).into_string(), "");
        let page = mistakes(&[("age", "Give the age as a number.")]).into_string();
        assert!(page.contains("<li><a href=\"#age\">Give the age as a number.</a></li>"), "{page}");
    }
}
