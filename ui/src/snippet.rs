//! Text to copy: a command, a program, a secret.

use maud::{Markup, html};

use crate::text::text;

/// Draws it as it is, under a heading of its own. It scrolls sideways by keyboard too.
pub fn snippet(label: &str, words: &str) -> Markup {
    html! {
        figure .house-snippet {
            figcaption { (text(label)) }
            pre tabindex="0" role="region" aria-label=(label) { code { (words) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_is_what_was_written() {
        let page = snippet("Shell", "curl <url> && echo \"done\"").into_string();
        assert!(page.contains("<code>curl &lt;url&gt; &amp;&amp; echo &quot;done&quot;</code>"), "{page}");
    }
}
