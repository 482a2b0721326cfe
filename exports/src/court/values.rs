//! The values that name a child, as one tree of letters: a text is searched for all of them at once, whatever stands in
//! them and however many they are.

use std::collections::{HashMap, HashSet};
use std::net::Ipv6Addr;
use std::ops::Range;

use super::letters::{Letter, letters};

/// A longer value is searched for in pieces.
const MOST_LETTERS: usize = 64;
/// Of one that is longer still, the beginning.
const MOST_PIECES: usize = 16;
/// A shorter value is found as a word of its own only: "Al" is not in "also".
const WORD_LETTERS: usize = 4;
/// One as long as this is found across words, wherever it begins.
const LONG_LETTERS: usize = 8;
/// What was taken out can make words of what is left. After as many rounds the rest goes too.
const MOST_ROUNDS: u32 = 8;
/// The longest label that is looked for.
const LABEL_BYTES: usize = 256;
const LABEL_END: &str = " withheld, 18 USC 3509(d)]";

/// What stands where something was taken out.
pub(super) fn label(word: &str, who: Option<&str>) -> String {
    let of = who.map(|who| format!(" of {who}")).unwrap_or_default();
    format!("[{word}{of}{LABEL_END}")
}

/// Every value that names a child.
#[derive(Default)]
pub(super) struct Values {
    next: HashMap<(u32, char), u32>,
    ends: HashMap<u32, usize>,
    nodes: u32,
    /// Each with whose value it is.
    labels: Vec<(String, String)>,
    known: HashMap<String, usize>,
    count: usize,
    nameless: usize,
}

impl Values {
    /// Takes up a value of a child. Whose it is was said by whoever came first.
    pub(super) fn add(&mut self, value: &str, word: &str, who: &str) {
        let letters = letters(value);
        if letters.is_empty() {
            self.nameless += usize::from(!value.trim().is_empty());
            return;
        }
        let mut pieces = letters.chunks(MOST_LETTERS).take(MOST_PIECES);
        self.count += usize::from(pieces.next().is_some_and(|first| self.add_piece(first, word, who)));
        for piece in pieces.filter(|piece| piece.len() >= LONG_LETTERS) {
            self.add_piece(piece, word, who);
        }
    }

    /// Whether it is new.
    fn add_piece(&mut self, piece: &[Letter], word: &str, who: &str) -> bool {
        let mut node = 0;
        for letter in piece {
            let nodes = &mut self.nodes;
            node = *self.next.entry((node, letter.plain)).or_insert_with(|| {
                *nodes += 1;
                *nodes
            });
        }
        let is_new = !self.ends.contains_key(&node);
        if is_new {
            let label = self.known(label(word, Some(who)), who);
            self.ends.insert(node, label);
        }
        is_new
    }

    fn known(&mut self, label: String, who: &str) -> usize {
        let at = self.labels.len();
        let found = *self.known.entry(label.clone()).or_insert(at);
        if found == at {
            self.labels.push((label, who.to_owned()));
        }
        found
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// How many have neither letter, digit nor sign: those name nobody, and are not searched for.
    pub(super) const fn nameless(&self) -> usize {
        self.nameless
    }

    /// Every label that can stand where one of them was.
    pub(super) fn labels(&self) -> impl Iterator<Item = &String> {
        self.labels.iter().map(|(label, _)| label)
    }

    /// Whether one of them stands in a text.
    pub(super) fn stand_in(&self, text: &str) -> bool {
        !self.places(text).is_empty()
    }

    /// Whose value a text is or holds.
    pub(super) fn whose(&self, text: &str) -> Option<&str> {
        self.places(text).first().map(|(_, label)| self.labels[*label].1.as_str())
    }

    /// The text without any of them, and how many were taken out; nothing when none stands in it.
    pub(super) fn taken_out(&self, text: &str) -> Option<(String, u32)> {
        let mut out = String::with_capacity(text.len());
        let mut count = 0;
        let mut waiting = vec![(Piece::Text(text), 0)];
        while let Some((piece, round)) = waiting.pop() {
            let text = match piece {
                Piece::Text(text) => text,
                Piece::Label(at) => {
                    out.push_str(&self.labels[at].0);
                    continue;
                }
            };
            let places = self.places(text);
            match places.first() {
                None => out.push_str(text),
                Some((_, label)) if round == MOST_ROUNDS => out.push_str(&self.labels[*label].0),
                Some(_) => {
                    waiting.extend(split(text, &places).into_iter().rev().map(|piece| (piece, round + 1)))
                }
            }
            count += u32::try_from(places.len()).unwrap_or(u32::MAX);
        }
        (count > 0).then_some((out, count))
    }

    /// Where they stand in a text: apart and in order. An address of the network is found in any of its spellings.
    fn places(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut places = self.spelt(text);
        for (place, address) in addresses(text) {
            if let Some((_, label)) = self.spelt(&address.to_string()).first() {
                places.retain(|(other, _)| other.end <= place.start || place.end <= other.start);
                places.push((place, *label));
            }
        }
        places.sort_unstable_by_key(|(place, _)| place.start);
        places
    }

    /// The same by letters alone, each with the label of the longest that begins there.
    fn spelt(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let letters = letters(text);
        let mut places: Vec<(Range<usize>, usize)> = Vec::new();
        for at in 0..letters.len() {
            let Some((end, label)) = self.longest(&letters[at..]) else { continue };
            let (from, to) = (letters[at].from, letters[at + end].to);
            match places.last_mut() {
                Some((before, _)) if from < before.end => before.end = before.end.max(to),
                _ => places.push((from..to, label)),
            }
        }
        places
    }

    /// The longest value that begins with the first of these letters, by its last letter.
    fn longest(&self, letters: &[Letter]) -> Option<(usize, usize)> {
        let begins = letters.first()?.begins;
        let (mut node, mut spans, mut longest) = (0, false, None);
        for (at, letter) in letters.iter().enumerate() {
            let Some(next) = self.next.get(&(node, letter.plain)) else { break };
            node = *next;
            if let Some(label) = self.ends.get(&node) {
                let is_word = begins && letter.ends;
                let is_part = at + 1 >= WORD_LETTERS && (!spans || begins || letter.ends);
                if is_word || is_part || at + 1 >= LONG_LETTERS {
                    longest = Some((at, *label));
                }
            }
            spans |= letter.ends;
        }
        longest
    }
}

/// The addresses with colons among the words of a text: those are the ones with several spellings.
fn addresses(text: &str) -> Vec<(Range<usize>, Ipv6Addr)> {
    let of_address = |letter: char| letter.is_ascii_hexdigit() || letter == ':' || letter == '.';
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(of_address).map(|at| from + at) {
        let end = text[start..].find(|letter: char| !of_address(letter)).map_or(text.len(), |at| start + at);
        if let Ok(address) = text[start..end].trim_end_matches('.').parse() {
            found.push((start..end, address));
        }
        from = end;
    }
    found
}

enum Piece<'a> {
    Text(&'a str),
    Label(usize),
}

fn split<'a>(text: &'a str, places: &[(Range<usize>, usize)]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (place, label) in places {
        pieces.push(Piece::Text(&text[done..place.start]));
        pieces.push(Piece::Label(*label));
        done = place.end;
    }
    pieces.push(Piece::Text(&text[done..]));
    pieces
}

/// What of a text is not one of our labels. What only looks like one stays in it.
pub(super) fn around<'a>(text: &'a str, labels: &HashSet<String>) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(open) = text[from..].find('[').map(|at| from + at) {
        let mut most = text.len().min(open + LABEL_BYTES);
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        let end = text[open..most].find(LABEL_END).map(|at| open + at + LABEL_END.len());
        match end.filter(|end| labels.contains(&text[open..*end])) {
            Some(end) => {
                parts.push(&text[done..open]);
                (done, from) = (end, end);
            }
            None => from = open + 1,
        }
    }
    parts.push(&text[done..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[&str]) -> Values {
        let mut values = Values::default();
        all.iter().for_each(|one| values.add(one, "name", "Child 1"));
        values
    }

    const GONE: &str = "[name of Child 1 withheld, 18 USC 3509(d)]";

    #[test]
    fn a_value_is_found_in_any_spelling_and_inside_other_words() {
        let values = of(&["Ana María", "harbor.fox"]);
        for text in [
            "ANA MARIA",
            "anamaria",
            "a-n-a m.a.r.i.a",
            "xxanamariaxx",
            "Ana\u{a0}Mari\u{301}a",
            "harbor.fox99",
        ] {
            assert!(values.stand_in(text), "{text}");
        }
        assert_eq!(values.taken_out("to Ana-Maria, now").unwrap().0, format!("to {GONE}, now"));
        assert!(values.taken_out("Susan and Marian").is_none());
    }

    #[test]
    fn an_address_is_found_in_any_of_its_spellings() {
        let values = of(&["2001:db8::10"]);
        for text in ["2001:0db8:0::10", "from [2001:DB8:0:0:0:0:0:0010]:443.", "2001:db8::10."] {
            assert!(values.stand_in(text), "{text}");
            assert!(!values.stand_in(&values.taken_out(text).unwrap().0.replace(GONE, "|")), "{text}");
        }
        assert!(!values.stand_in("2001:db8::11, 12:30:00"));
    }

    #[test]
    fn a_short_value_is_found_as_a_word_of_its_own_alone() {
        let values = of(&["a", "Al", "\u{738b}\u{82b3}"]);
        assert!(
            ["a", "is A.", "A-l", "\u{6211}\u{53eb}\u{738b}\u{82b3}\u{3002}"]
                .iter()
                .all(|text| values.stand_in(text))
        );
        assert!(!values.stand_in("also alone"));
    }

    #[test]
    fn what_is_nothing_or_stands_for_a_pattern_is_taken_as_it_is() {
        let values = of(&["", "  ", "...", ".*", "(a|b)+", "[name", "\\"]);
        assert_eq!(values.nameless(), 3);
        assert!(!values.stand_in("everything, and nothing"));
        assert!(values.stand_in("a b"));
    }

    #[test]
    fn a_word_that_something_taken_out_leaves_behind_is_taken_out_too() {
        let values = of(&["anna", "al"]);
        assert_eq!(values.taken_out("xannaal").unwrap().0, format!("x{GONE}{GONE}"));
    }

    #[test]
    fn ten_thousand_names_of_one_beginning_cost_no_more_than_one() {
        let mut values = Values::default();
        for at in 0..10_000 {
            values.add(&format!("{}{at}", "ana".repeat(20)), "name", "Child 1");
        }
        // Each letter of the text walks at most as far as one name is long, so a test that ends shows the bound.
        let text = "ana".repeat(5_000);
        assert!(values.count() <= 10_000 && values.taken_out(&text).is_none());
        assert!(values.stand_in(&format!("{text}{}7", "ana".repeat(20))));
    }

    #[test]
    fn only_a_label_of_ours_is_passed_over() {
        let labels = HashSet::from([GONE.to_owned()]);
        let text = format!("a {GONE} b [name of anna withheld, 18 USC 3509(d)] [");
        assert_eq!(around(&text, &labels), ["a ", " b [name of anna withheld, 18 USC 3509(d)] ["]);
    }
}
