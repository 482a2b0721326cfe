//! Finds selectors in free text. Careful rather than eager: a wrong link between strangers costs more than a missed one.

use std::net::IpAddr;

use domain::SelectorKind;

/// A piece of text that looks like a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mined {
    /// What it looks like.
    pub kind: SelectorKind,
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// The service that the text names for it, such as a payment service's `$` names.
    pub service: Option<&'static str>,
}

/// Payment names begin with `$` and belong to no one service that the text names.
const PAYMENT: &str = "payment";
/// What a line of a profile export calls a screen name.
const NAME_LABELS: [&str; 4] = ["username:", "user name:", "screen name:", "screenname:"];

/// Everything that looks like a selector, in the order of the text; no two overlap.
pub fn mine(text: &str) -> Vec<Mined> {
    let mut found = labelled_names(text);
    for (start, word) in words(text) {
        let Some((from, kind, service)) = classify(word) else { continue };
        let end = start + from.end;
        let start = start + from.start;
        if !found.iter().any(|other| start < other.end && other.start < end) {
            found.push(Mined { kind, start, end, service });
        }
    }
    phones(text, &mut found);
    found.sort_by_key(|mined| mined.start);
    found
}

/// White space and the brackets of prose part words.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '{' | '}' | '|' | ',' | ';');
    let base = text.as_ptr() as usize;
    text.split(parts).filter(|word| !word.is_empty()).map(move |word| (word.as_ptr() as usize - base, word))
}

type Classified = (std::ops::Range<usize>, SelectorKind, Option<&'static str>);

fn classify(word: &str) -> Option<Classified> {
    let trimmed = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ']', '\'']);
    let whole = 0..trimmed.len();
    let lower = trimmed.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.") {
        return Some((whole, SelectorKind::Url, None));
    }
    if is_email(trimmed) {
        return Some((whole, SelectorKind::Email, None));
    }
    if is_address(trimmed) {
        return Some((whole, SelectorKind::IpAddress, None));
    }
    let name = trimmed.strip_prefix('$')?;
    let named = name.len() >= 3
        && name.chars().next().is_some_and(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    named.then_some((1..trimmed.len(), SelectorKind::ScreenName, Some(PAYMENT)))
}

fn is_email(word: &str) -> bool {
    let Some((local, host)) = word.rsplit_once('@') else { return false };
    let host_ok = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    !local.is_empty() && host_ok && !local.contains(['/', ':', '@'])
}

/// An IPv4 address has four parts, an IPv6 address at least three colons: `12::` in a text is a time or a smile.
fn is_address(word: &str) -> bool {
    match word.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => true,
        Ok(IpAddr::V6(_)) => word.len() >= 6 && word.matches(':').count() >= 2,
        Err(_) => false,
    }
}

/// The rest of a line behind a label, as some exports write names.
fn labelled_names(text: &str) -> Vec<Mined> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let lower = line.to_ascii_lowercase();
        for label in NAME_LABELS {
            let Some(at) = lower.find(label) else { continue };
            let rest = &line[at + label.len()..];
            let value = rest.trim_start().split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).next();
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            let offset = line_start + at + label.len() + (rest.len() - rest.trim_start().len());
            found.push(Mined {
                kind: SelectorKind::ScreenName,
                start: offset,
                end: offset + value.len(),
                service: None,
            });
            break;
        }
        line_start += line.len();
    }
    found
}

/// Runs of digits with the separators of telephone numbers. Ten digits at least, and either a plus or a separator:
/// bare digits are more often ids and amounts.
fn phones(text: &str, found: &mut Vec<Mined>) {
    let bytes = text.as_bytes();
    let in_number = |b: u8| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')' | b'.');
    let mut at = 0;
    while at < bytes.len() {
        let starts = bytes[at] == b'+' || bytes[at] == b'(' || bytes[at].is_ascii_digit();
        let after_word =
            at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'.' | b':' | b'/'));
        if !starts || after_word {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < bytes.len() && in_number(bytes[end]) {
            end += 1;
        }
        let run = text[at..end].trim_end_matches([' ', '-', '(', ')', '.']);
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let telling = run.starts_with('+') || run.bytes().any(|b| matches!(b, b'-' | b'(' | b' ' | b'.'));
        let (start, stop) = (at, at + run.len());
        let free = !found.iter().any(|other| start < other.end && other.start < stop);
        if telling && free && (10..=15).contains(&digits) && run.parse::<IpAddr>().is_err() {
            found.push(Mined { kind: SelectorKind::Phone, start, end: stop, service: None });
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mined(text: &str) -> Vec<(SelectorKind, &str)> {
        mine(text).into_iter().map(|m| (m.kind, &text[m.start..m.end])).collect()
    }

    #[test]
    fn a_text_gives_up_what_is_in_it() {
        let text = "write to <Dull@Mail.example>, call (202) 555-0123 or pay $dullname.\nUsername: dull_77\n\
                    seen at 192.0.2.7 and 2001:db8::7, see https://photos.example/a?b=1).";
        assert_eq!(
            mined(text),
            [
                (SelectorKind::Email, "Dull@Mail.example"),
                (SelectorKind::Phone, "(202) 555-0123"),
                (SelectorKind::ScreenName, "dullname"),
                (SelectorKind::ScreenName, "dull_77"),
                (SelectorKind::IpAddress, "192.0.2.7"),
                (SelectorKind::IpAddress, "2001:db8::7"),
                (SelectorKind::Url, "https://photos.example/a?b=1"),
            ]
        );
    }

    #[test]
    fn amounts_times_and_bare_numbers_are_not_selectors() {
        assert_eq!(mined("paid $20 at 12:30, order 20255501234, 2026-11-24, ratio 3::1"), []);
    }

    proptest! {
        #[test]
        fn spans_lie_on_letters_and_never_overlap(text in "\\PC{0,200}") {
            let mut last = 0;
            for one in mine(&text) {
                prop_assert!(one.start >= last && one.end > one.start);
                prop_assert!(text.get(one.start..one.end).is_some());
                last = one.end;
            }
        }
    }
}
