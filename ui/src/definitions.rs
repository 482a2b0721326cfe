//! Facts by name. What is not known is said, never left blank: a blank reads as "no".

use maud::{Markup, html};

use crate::text::text;

/// One fact, or that there is none.
#[derive(Debug, Clone)]
pub enum Value {
    /// It was said.
    Known(Markup),
    /// It was not said.
    Unknown,
}

impl Value {
    /// A stranger's words, or their absence. Blank words are none.
    pub fn words(words: Option<&str>) -> Self {
        match words {
            Some(words) if !words.trim().is_empty() => Self::Known(text(words)),
            _ => Self::Unknown,
        }
    }
}

impl From<Markup> for Value {
    fn from(markup: Markup) -> Self {
        Self::Known(markup)
    }
}

/// Draws the facts in order.
pub fn definitions(facts: &[(&str, Value)]) -> Markup {
    html! {
        dl .house-facts {
            @for (name, value) in facts {
                div {
                    dt { (text(name)) }
                    @match value {
                        Value::Known(markup) => dd dir="auto" { (markup) },
                        Value::Unknown => dd .house-unknown { "Unknown" },
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
    fn what_is_not_known_is_said() {
        let facts = [
            ("Name", Value::words(Some("R<b>in"))),
            ("Phone", Value::words(None)),
            ("Street", Value::words(Some("  "))),
        ];
        let expected = "<dl class=\"house-facts\"><div><dt>Name</dt><dd dir=\"auto\">R&lt;b&gt;in</dd></div>\
            <div><dt>Phone</dt><dd class=\"house-unknown\">Unknown</dd></div>\
            <div><dt>Street</dt><dd class=\"house-unknown\">Unknown</dd></div></dl>";
        assert_eq!(definitions(&facts).into_string(), expected);
    }
}
