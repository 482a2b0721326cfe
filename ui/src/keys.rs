//! The key map: one list that scripts read and people can print.

use maud::{Markup, html};

use crate::text::text;

/// One key and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// As the browser's `KeyboardEvent.key` spells it.
    pub key: &'a str,
    /// What it does, as a verb.
    pub does: &'a str,
    /// Identifier of the link or button that it follows.
    pub follows: &'a str,
}

/// Draws the list; the script reads key and target from it, so that there is no second list.
pub fn keys(keys: &[Key<'_>]) -> Markup {
    html! {
        dl .house-keys #keys {
            @for key in keys {
                div data-key=(key.key) data-follows=(key.follows) {
                    dt { kbd { (text(key.key)) } }
                    dd { (text(key.does)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_list_is_the_one_that_scripts_read() {
        let expected = "<dl class=\"house-keys\" id=\"keys\"><div data-key=\"n\" data-follows=\"next\">\
            <dt><kbd>n</kbd></dt><dd>Open the next report</dd></div></dl>";
        let key = Key { key: "n", does: "Open the next report", follows: "next" };
        assert_eq!(keys(&[key]).into_string(), expected);
    }
}
