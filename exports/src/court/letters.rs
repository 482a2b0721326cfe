//! A text as it is searched: without case, accents, marks that cannot be seen, and what stands between words, each letter
//! with its place in the text.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// One letter of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// In its plain form.
    pub(super) plain: char,
    /// Where it begins in the text, in bytes.
    pub(super) from: usize,
    /// Where it ends.
    pub(super) to: usize,
    /// No letter stands right before it.
    pub(super) begins: bool,
    /// No letter stands right behind it.
    pub(super) ends: bool,
}

/// The letters of a text, in order.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let mut all: Vec<Letter> = Vec::with_capacity(text.len());
    let mut apart = true;
    for (from, written) in text.char_indices() {
        let to = from + written.len_utf8();
        let mut is_seen = false;
        for plain in plain(written) {
            is_seen = true;
            if is_letter(plain) {
                let alone = stands_alone(plain);
                separate(&mut all, apart || alone);
                all.push(Letter { plain, from, to, begins: apart || alone, ends: alone });
                apart = alone;
            } else {
                apart = true;
            }
        }
        if !is_seen
            && !apart
            && let Some(last) = all.last_mut()
        {
            // An accent of its own, or a mark without width, belongs to the letter before it.
            last.to = to;
        }
    }
    separate(&mut all, true);
    all
}

fn separate(all: &mut [Letter], apart: bool) {
    if let Some(last) = all.last_mut() {
        last.ends |= apart;
    }
}

/// What is left of a letter without its accents, its case and its form; nothing of a mark that cannot be seen.
fn plain(written: char) -> impl Iterator<Item = char> {
    let seen = Some(written).filter(|letter| !is_unseen(*letter));
    let bare = seen.into_iter().nfkd().filter(|letter| !is_combining_mark(*letter));
    bare.flat_map(char::to_lowercase).filter(|letter| !is_combining_mark(*letter)).flat_map(folded)
}

/// Letters that are written in two ways, and have no accent that could be taken off.
fn folded(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        '\u{df}' => ('s', Some('s')),
        '\u{e6}' => ('a', Some('e')),
        '\u{153}' => ('o', Some('e')),
        '\u{fe}' => ('t', Some('h')),
        '\u{f8}' => ('o', None),
        '\u{142}' => ('l', None),
        '\u{f0}' | '\u{111}' => ('d', None),
        '\u{131}' => ('i', None),
        '\u{3c2}' => ('\u{3c3}', None),
        other => (other, None),
    };
    [Some(first), second].into_iter().flatten()
}

const fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        || matches!(letter, '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
        || matches!(letter, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whatever can be part of a name: letters, digits, and signs such as faces. What stands between words is not.
fn is_letter(plain: char) -> bool {
    let between =
        matches!(plain, '\u{a1}' | '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2010}'..='\u{205f}');
    let of_asia = matches!(plain, '\u{3000}'..='\u{303f}' | '\u{fffd}');
    plain.is_alphanumeric()
        || !(plain.is_ascii() || plain.is_whitespace() || plain.is_control() || between || of_asia)
}

/// Letters of scripts that put no space between words.
const fn stands_alone(plain: char) -> bool {
    matches!(plain, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
        || matches!(plain, '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(text: &str) -> String {
        letters(text).iter().map(|letter| letter.plain).collect()
    }

    #[test]
    fn case_accents_spacing_and_unseen_marks_make_no_difference() {
        for written in
            ["Zoë Groß", "zoe-GROSS", "ZOE\u{308} gro\u{df}", "z o e\u{200b}_g.r.o.s.s", "\u{ff3a}oe Gross"]
        {
            assert_eq!(plainly(written), "zoegross", "{written:?}");
        }
        assert_eq!(plainly(" .,;!?-_()[]{}^$*+\\|/\u{2026} "), "");
    }

    #[test]
    fn a_letter_knows_where_it_stands() {
        let all = letters("a be\u{301}");
        let places: Vec<_> =
            all.iter().map(|one| (one.plain, one.from, one.to, one.begins, one.ends)).collect();
        assert_eq!(places, [('a', 0, 1, true, true), ('b', 2, 3, true, false), ('e', 3, 6, false, true)]);
    }
}
