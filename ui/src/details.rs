//! What opens when asked for.

use maud::{Markup, html};

use crate::text::text;

/// A summary that is always seen, and a body that opens with it.
pub fn details(summary: &str, body: &Markup) -> Markup {
    html! { details .house-details { summary { (text(summary)) } (body) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_closed_until_asked_for() {
        let expected = "<details class=\"house-details\"><summary>Raw</summary>x</details>";
        assert_eq!(details("Raw", &text("x")).into_string(), expected);
    }
}
