//! Strangers' text. A direction mark can make `cod.exe` read as `exe.doc`, and a zero-width character can split a
//! name that an investigator searches for: both are shown, not obeyed.

use maud::{Markup, html};

/// Text for any place of a page: escaped, with unseen characters as marked code points.
pub fn text(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Seen(seen) => (seen),
                Piece::Unseen(letter) => span .unseen title="Invisible character" { (code(letter)) },
            }
        }
    }
}

/// The same for places that hold no markup, such as an attribute or a page's title.
pub fn visible(text: &str) -> String {
    let shown = |piece| match piece {
        Piece::Seen(seen) => seen.to_owned(),
        Piece::Unseen(letter) => code(letter),
    };
    pieces(text).map(shown).collect()
}

enum Piece<'text> {
    Seen(&'text str),
    Unseen(char),
}

/// Runs of ordinary text, and each unseen character alone.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        if is_unseen(first) {
            rest = &rest[first.len_utf8()..];
            return Some(Piece::Unseen(first));
        }
        let (seen, after) = rest.split_at(rest.find(is_unseen).unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Seen(seen))
    })
}

/// Controls, direction marks and zero-width characters. The two joiners U+200C and U+200D stay, because Persian and
/// many Indian languages cannot be written without them.
fn is_unseen(letter: char) -> bool {
    let keeps_lines = matches!(letter, '\n' | '\r' | '\t');
    (letter.is_control() && !keeps_lines)
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}' | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

fn code(letter: char) -> String {
    format!("[U+{:04X}]", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_markup_is_only_text() {
        let shown = text("<script>alert(\"1\")</script> & 'more'").into_string();
        assert_eq!(shown, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; 'more'");
    }

    #[test]
    fn a_direction_mark_is_shown_and_not_obeyed() {
        let shown = text("photo\u{202e}gpj.exe").into_string();
        let expected = "photo<span class=\"unseen\" title=\"Invisible character\">[U+202E]</span>gpj.exe";
        assert_eq!(shown, expected);
        assert_eq!(visible("photo\u{202e}gpj.exe"), "photo[U+202E]gpj.exe");
    }

    #[test]
    fn zero_width_and_control_characters_are_shown() {
        assert_eq!(visible("a\u{200b}b\u{feff}c\u{0}d\u{9b}e\u{2066}f\u{ad}"), {
            "a[U+200B]b[U+FEFF]c[U+0000]d[U+009B]e[U+2066]f[U+00AD]"
        });
        assert_eq!(visible("tag\u{e0041}"), "tag[U+E0041]");
    }

    #[test]
    fn ordinary_text_of_any_language_stays_as_it_is() {
        for ordinary in ["", "line one\nline\ttwo", "می\u{200c}خواهم", "שלום", "日本語", "👩\u{200d}👧"]
        {
            assert_eq!(visible(ordinary), ordinary);
            assert_eq!(text(ordinary).into_string(), ordinary);
        }
    }
}
