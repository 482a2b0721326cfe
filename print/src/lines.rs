//! A text as lines that fit.

use crate::face::Face;

const ELLIPSIS: char = '\u{2026}';

/// The text as the face can show it: what it lacks, what cannot be seen and what turns the direction of text stands as
/// its code. Line breaks and tabs become spaces.
pub(crate) fn shown(text: &str, face: &Face) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => shown.push(' '),
            letter if is_plain(letter) && face.has(letter) => shown.push(letter),
            letter => shown.push_str(&format!("<U+{:04X}>", u32::from(letter))),
        }
    }
    shown
}

fn is_plain(letter: char) -> bool {
    let turns = matches!(letter, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    let marks = matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{ad}');
    !(turns || marks || letter.is_control())
}

/// Lines no wider than `width`, broken at spaces, and inside a word only where a word is wider than a line. A line that
/// was broken at a space keeps it, so that the words stay apart when the page is read out.
pub(crate) fn broken(text: &str, face: &Face, size: f32, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in text.split_inclusive(' ') {
        let needed = face.width(word.trim_end_matches(' '), size);
        if used + needed > width && used > 0.0 {
            lines.push(String::new());
            used = 0.0;
        }
        for letter in word.chars() {
            let advance = face.advance(letter, size);
            if letter != ' ' && used + advance > width && used > 0.0 {
                lines.push(String::new());
                used = 0.0;
            }
            // INVARIANT: there is always a last line.
            if let Some(line) = lines.last_mut() {
                line.push(letter);
            }
            used += advance;
        }
    }
    lines
}

/// The text on one line: smaller where that is enough, else cut in its middle; and its size.
pub(crate) fn on_one_line(text: &str, face: &Face, size: f32, least: f32, width: f32) -> (String, f32) {
    let needed = face.width(text, size);
    if needed <= width {
        return (text.to_owned(), size);
    }
    let smaller = size * width / needed;
    if smaller >= least {
        return (text.to_owned(), smaller);
    }
    (cut(text, face, least, width), least)
}

/// Head and tail with a mark between them; the tail holds the ending of a file name.
fn cut(text: &str, face: &Face, size: f32, width: f32) -> String {
    let room = (width - face.advance(ELLIPSIS, size)) / 2.0;
    let head = taken(text.chars(), face, size, room);
    let mut tail = taken(text.chars().rev(), face, size, room);
    tail.reverse();
    head.into_iter().chain([ELLIPSIS]).chain(tail).collect()
}

fn taken(letters: impl Iterator<Item = char>, face: &Face, size: f32, room: f32) -> Vec<char> {
    let mut used = 0.0;
    let fits = |letter: &char| {
        used += face.advance(*letter, size);
        used <= room
    };
    letters.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Style;

    fn face() -> &'static Face {
        Style::Text.face().unwrap()
    }

    #[test]
    fn no_line_is_wider_than_it_may_be_and_nothing_is_lost() {
        let text = "A word, and anotherwordthatislongerthanoneline, and the end.";
        let lines = broken(text, face(), 10.0, 80.0);
        assert_eq!(lines.concat(), text);
        assert!(lines.len() > 4);
        assert!(lines.iter().all(|line| face().width(line.trim_end(), 10.0) <= 80.0), "{lines:?}");
    }

    #[test]
    fn letters_that_hide_turn_or_lack_stand_as_their_code() {
        assert_eq!(shown("a\u{202e}b\u{5d0}\u{0}c\nd\u{e9}", face()), "a<U+202E>b<U+05D0><U+0000>c d\u{e9}");
    }

    #[test]
    fn a_long_name_keeps_its_head_and_its_ending() {
        let name = format!("{}.jpeg", "long-name-".repeat(30));
        let (line, size) = on_one_line(&name, face(), 10.0, 7.0, 200.0);
        assert_eq!(size, 7.0);
        assert!(line.starts_with("long-name-") && line.ends_with(".jpeg") && line.contains(ELLIPSIS));
        assert!(face().width(&line, size) <= 200.0);
        assert_eq!(on_one_line("short", face(), 10.0, 7.0, 200.0), ("short".to_owned(), 10.0));
    }
}
