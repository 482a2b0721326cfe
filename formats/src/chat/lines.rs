//! One line of a log: a moment if there is one, a name, and what was said.

/// The longest name that a line can begin with.
const MOST_NAME_LETTERS: usize = 64;
/// The most words of a name: a sentence with a colon in it is not one.
const MOST_NAME_WORDS: usize = 4;
/// The longest text of a moment.
const MOST_MOMENT_LETTERS: usize = 40;

/// A line that begins a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub sent: Option<&'a str>,
    pub from: &'a str,
    pub text: &'a str,
}

/// `[moment] name: text`, `moment - name: text`, `moment name: text` or `name: text`; else nothing.
pub(super) fn read(line: &str) -> Option<Line<'_>> {
    let line = line.trim();
    let (sent, rest) = match moment(line) {
        Some((sent, rest)) => (Some(sent), rest.trim_start_matches([' ', '-', ',', '\u{2013}', '|', '\t'])),
        None => (None, line),
    };
    let (from, text) = rest.split_once(':')?;
    let (from, letters) = (from.trim(), from.trim().chars().count());
    let is_address = text.starts_with("//");
    let is_name =
        (1..=MOST_NAME_LETTERS).contains(&letters) && from.split_whitespace().count() <= MOST_NAME_WORDS;
    (is_name && !is_address).then(|| Line { sent, from, text: text.trim() })
}

/// The moment that a line begins with, and the rest.
fn moment(line: &str) -> Option<(&str, &str)> {
    if let Some(inner) = line.strip_prefix('[') {
        let (moment, rest) = inner.split_once(']')?;
        return (is_moment(moment) && moment.len() <= MOST_MOMENT_LETTERS).then(|| (moment.trim(), rest));
    }
    // A date, and a time behind a `T` or a space.
    let date_ends = line.find([' ', 'T']).filter(|at| is_date(&line[..*at]))?;
    let after = &line[date_ends + 1..];
    let time_ends = after.find(|letter: char| !(letter.is_ascii_digit() || ":.+-Z".contains(letter)));
    let end = date_ends + 1 + time_ends.unwrap_or(after.len());
    let time = line[date_ends + 1..end].trim_end_matches(['-', ':', '.']);
    let end = date_ends + 1 + time.len();
    (time.contains(':') && end <= MOST_MOMENT_LETTERS).then(|| (&line[..end], &line[end..]))
}

fn is_moment(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3 && text.contains(':')
}

fn is_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let marks = text.chars().filter(|letter| "-/.".contains(*letter)).count();
    digits >= 4 && marks == 2 && digits + marks == text.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line<'a>(sent: Option<&'a str>, from: &'a str, text: &'a str) -> Option<Line<'a>> {
        Some(Line { sent, from, text })
    }

    #[test]
    fn the_usual_forms_of_a_log_are_read() {
        assert_eq!(read("a: hello"), line(None, "a", "hello"));
        assert_eq!(read("[14:02:11] The Name: b: c"), line(Some("14:02:11"), "The Name", "b: c"));
        let moment = Some("2026-02-03T14:00:00Z");
        assert_eq!(read("2026-02-03T14:00:00Z a: hello"), line(moment, "a", "hello"));
        assert_eq!(read("2026-02-03 14:00 - a: hello"), line(Some("2026-02-03 14:00"), "a", "hello"));
        assert_eq!(read("03/02/2026 14:00, a: hello"), line(Some("03/02/2026 14:00"), "a", "hello"));
    }

    #[test]
    fn what_is_no_message_is_not_made_one() {
        for text in ["", "hello", "https://harbor.example/p", "this is a sentence that has: a colon", ": x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_line_breaks_the_reading(words in any::<String>()) {
            if let Some(found) = read(&words) {
                prop_assert!(words.contains(found.from) && words.contains(found.text));
            }
        }
    }
}
