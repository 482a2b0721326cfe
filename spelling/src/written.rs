//! What names somebody in the words of an officer: mail addresses, telephone numbers, names at a service. A little more eager
//! than [`mine`], because officers write short: `Tel:2025550123`, `mailto:dull@mail.example`, `Example Chat:dull_77`.

use std::collections::BTreeSet;

use domain::SelectorKind;

use crate::{mine, normal};

/// What stands before a telephone number that is digits only.
const TELEPHONE_LABELS: [&str; 6] = ["tel", "telephone", "phone", "mobile", "cell", "call"];
/// What stands before a colon and is no service.
const NO_SERVICES: [&str; 6] = ["http", "https", "mailto", "email", "e-mail", "mail"];
/// Digits of a telephone number without its country.
const LOCAL_DIGITS: usize = 10;
/// What ends a word of prose.
const STOPS: [char; 10] = ['.', ',', ';', ')', '!', '?', '"', '\'', ']', '>'];
/// What begins one.
const STARTS: [char; 5] = ['(', '"', '\'', '[', '<'];

/// Everything in a text that names somebody, in its normal form.
#[must_use]
pub fn written(text: &str) -> BTreeSet<(SelectorKind, String)> {
    let parted = parted(text);
    let mined = mine::mine(&parted).into_iter().filter_map(|one| {
        let given = &parted[one.start..one.end];
        let normal = match one.kind {
            SelectorKind::Email => normal::email(given),
            SelectorKind::Phone => normal::phone(given, None),
            SelectorKind::ScreenName => one.service.and_then(|service| normal::screen_name(service, given)),
            _ => None,
        };
        Some((one.kind, normal?))
    });
    let words: Vec<&str> = text.split_whitespace().map(trimmed).collect();
    let bare = words.iter().filter_map(|word| Some((SelectorKind::Phone, bare_phone(word)?)));
    let named = words.iter().enumerate().flat_map(|(place, word)| {
        let before = place.checked_sub(1).and_then(|place| words.get(place));
        named(before.copied(), word)
    });
    mined.chain(bare).chain(named).collect()
}

fn trimmed(word: &str) -> &str {
    word.trim_start_matches(STARTS).trim_end_matches(STOPS)
}

/// The text with a space behind every label, so that what follows is read as if it stood alone.
fn parted(text: &str) -> String {
    let mut parted = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        match word.split_once(':') {
            Some((label, rest)) if is_label(label.trim_start_matches(STARTS)) && !rest.starts_with("//") => {
                parted.extend([label, ": ", rest]);
            }
            _ => parted.push_str(word),
        }
    }
    parted
}

fn is_label(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_alphabetic() || letter == '-')
}

/// Ten digits and nothing else, as North American numbers are made: neither the area nor the exchange begins with 0 or 1.
fn bare_phone(word: &str) -> Option<String> {
    let digits = match word.split_once(':') {
        Some((label, rest)) => {
            TELEPHONE_LABELS.iter().find(|known| known.eq_ignore_ascii_case(label)).map(|_| rest)?
        }
        None => word,
    };
    let bytes = digits.as_bytes();
    let is_made_so = bytes.len() == LOCAL_DIGITS
        && bytes.iter().all(u8::is_ascii_digit)
        && [0, 3].iter().all(|place| bytes[*place] >= b'2');
    is_made_so.then(|| normal::phone(digits, None)).flatten()
}

/// `service:name`, of a service whose name has one word or two.
fn named(before: Option<&str>, word: &str) -> Vec<(SelectorKind, String)> {
    let Some((service, name)) = word.split_once(':') else { return Vec::new() };
    let is_service = service.chars().next().is_some_and(char::is_alphabetic)
        && !NO_SERVICES.iter().any(|known| known.eq_ignore_ascii_case(service));
    if !is_service || name.is_empty() || name.starts_with("//") {
        return Vec::new();
    }
    let longer = before.map(|before| [before, " ", service].concat());
    let services = longer.iter().map(String::as_str).chain([service]);
    let forms = services.flat_map(|service| {
        [
            (SelectorKind::Account, normal::account(service, name)),
            (SelectorKind::ScreenName, normal::screen_name(service, name)),
        ]
    });
    forms.filter_map(|(kind, normal)| Some((kind, normal?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn has(text: &str, kind: SelectorKind, normal: &str) -> bool {
        written(text).contains(&(kind, normal.to_owned()))
    }

    #[test]
    fn what_officers_write_is_read_with_a_label_and_without() {
        for text in [
            "Email:Dull@mail.example",
            "(mailto:dull@mail.example).",
            "E-Mail: dull@mail.example",
            "dull@mail.example",
        ] {
            assert!(has(text, SelectorKind::Email, "dull@mail.example"), "{text}");
        }
        for text in [
            "Tel:202-555-0123",
            "2025550123",
            "rang 2025550123, twice",
            "tel:2025550123",
            "cell:(202) 555-0123",
        ] {
            assert!(has(text, SelectorKind::Phone, "+12025550123"), "{text}");
        }
        for text in ["anychat:Dull_77.", "(Example AnyChat:Dull_77)"] {
            assert!(has(text, SelectorKind::Account, "anychat:Dull_77"), "{text}");
            assert!(has(text, SelectorKind::ScreenName, "anychat:dull_77"), "{text}");
        }
        assert!(has("of Example Chat:Dull_77", SelectorKind::Account, "example chat:Dull_77"));
    }

    #[test]
    fn amounts_times_case_numbers_and_addresses_of_pages_name_nobody() {
        let text = "paid $20 at 12:30, case 1234567890, order 20255501234, https://photos.example/a?b=1, ratio 3::1, Note: x";
        assert_eq!(written(text), BTreeSet::new());
    }

    proptest! {
        #[test]
        fn whatever_a_text_is_what_it_names_is_something(text in "\\PC{0,200}") {
            prop_assert!(written(&text).iter().all(|(_, normal)| !normal.is_empty()));
        }
    }
}
