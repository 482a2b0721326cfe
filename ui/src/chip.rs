//! A word that stands out. It is a word first: the colour only repeats it.

use maud::{Markup, html};

use crate::text::text;

/// How much it stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Hardly.
    Muted,
    /// As everything else.
    Plain,
    /// A little.
    Notice,
    /// Much.
    Strong,
    /// Before everything else.
    Critical,
}

/// Draws the word.
pub fn chip(word: &str, tone: Tone) -> Markup {
    let class = match tone {
        Tone::Muted => "house-chip house-chip--muted",
        Tone::Plain => "house-chip",
        Tone::Notice => "house-chip house-chip--notice",
        Tone::Strong => "house-chip house-chip--strong",
        Tone::Critical => "house-chip house-chip--critical",
    };
    html! { span class=(class) { (text(word)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_says_in_words_what_its_colour_repeats() {
        let expected = "<span class=\"house-chip house-chip--critical\">Immediate</span>";
        assert_eq!(chip("Immediate", Tone::Critical).into_string(), expected);
    }
}
