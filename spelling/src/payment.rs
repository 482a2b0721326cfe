//! Full numbers of payment cards and bank accounts in free text. Whoever reports gives payment details without what
//! identifies an account. Deliberately absent: which number it was, so that nothing built on this can repeat it.

/// Bytes of one text that are looked through. A text that goes on holds its numbers early or is no note about payment.
const MOST_BYTES: usize = 64 * 1024;
/// Characters of the longest account number that any country issues.
const MOST_LETTERS: usize = 34;
/// A group of a number that is written in groups; only its last one may be shorter.
const FEWEST_IN_GROUP: usize = 3;

/// How long an IBAN of each country is, as the registry of SWIFT lists it.
const COUNTRIES: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 \
    EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 \
    LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 \
    SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/// Whether a text holds the whole number of a card or an account, in one piece or in groups with one space or hyphen between
/// them. Its check digits must be right and its beginning one that is issued: what only has as many digits is none.
#[must_use]
pub fn is_named(text: &str) -> bool {
    let groups = groups(bounded(text));
    (0..groups.len()).any(|first| groups.get(first..).is_some_and(begins))
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Letters and digits that stand together.
struct Group<'a> {
    text: &'a str,
    /// Nothing but one space or hyphen stands before it.
    joined: bool,
}

fn groups(text: &str) -> Vec<Group<'_>> {
    let is_gap = |letter: char| !letter.is_alphanumeric();
    let mut before = None;
    let mut groups = Vec::new();
    for piece in text.split_inclusive(is_gap) {
        let text = piece.trim_end_matches(is_gap);
        if !text.is_empty() {
            groups.push(Group { text, joined: matches!(before, Some(' ' | '-' | '\u{a0}')) });
        }
        // A second letter between two groups parts them.
        before = piece.chars().next_back().filter(|_| !text.is_empty());
    }
    groups
}

/// Whether a number begins with the first of these groups.
fn begins(groups: &[Group<'_>]) -> bool {
    let mut whole = String::with_capacity(MOST_LETTERS);
    for (at, group) in groups.iter().enumerate() {
        let goes_on = at == 0 || group.joined;
        if !goes_on || !group.text.is_ascii() || whole.len() + group.text.len() > MOST_LETTERS {
            return false;
        }
        whole.push_str(group.text);
        if is_card(&whole) || is_iban(&whole) {
            return true;
        }
        if group.text.len() < FEWEST_IN_GROUP {
            return false;
        }
    }
    false
}

fn is_card(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let front: u32 = text.get(..4).and_then(|front| front.parse().ok()).unwrap_or(0);
    is_issued(text.len(), front) && luhn(text)
}

/// Whether card numbers of this length begin with these four digits, by the ranges that the large networks publish.
const fn is_issued(digits: usize, front: u32) -> bool {
    matches!(
        (digits, front),
        (13 | 16 | 19, 4000..=4999)
            | (14, 3000..=3059 | 3600..=3699 | 3800..=3999)
            | (15, 3400..=3499 | 3700..=3799)
            | (16, 2221..=2720 | 3528..=3589 | 5100..=5599 | 6011 | 6440..=6599)
            | (16..=19, 6200..=6299)
    )
}

/// ISO/IEC 7812: every second digit from the right is doubled, and the digits add up to a multiple of ten.
fn luhn(digits: &str) -> bool {
    let digits = digits.bytes().rev().map(|byte| u32::from(byte.saturating_sub(b'0')));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 - if digit > 4 { 9 } else { 0 } })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO 13616: of a country's length, and 1 modulo 97 once its first four characters stand behind the others.
fn is_iban(text: &str) -> bool {
    let Some((front, account)) = text.split_at_checked(4) else { return false };
    let (country, check) = front.split_at(2);
    let is_long = |entry: &str| {
        let (of, length) = entry.split_at(2);
        of.eq_ignore_ascii_case(country) && length.parse() == Ok(text.len())
    };
    if !check.bytes().all(|byte| byte.is_ascii_digit()) || !COUNTRIES.split(' ').any(is_long) {
        return false;
    }
    let values = account.chars().chain(front.chars()).filter_map(|letter| letter.to_digit(36));
    let shifted = |left: u32, value| if value > 9 { left * 100 + value } else { left * 10 + value };
    values.fold(0, |left, value| shifted(left, value) % 97) == 1
}
