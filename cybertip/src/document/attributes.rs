//! The inside of a start tag, read strictly: names, quotes, references, white space between attributes.

use std::borrow::Cow;

use super::super::escape::is_xml_char;
use super::{LONGEST_NAME_BYTES, Malformed};

/// Help for the commonest slip of clients that build XML by hand.
pub(super) const AMPERSAND_HELP: &str =
    "A bare ampersand is not allowed in XML: write it as &amp;, best by letting a library escape all values.";

/// One raw attribute with its place in the source.
pub(super) struct Raw<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// Splits the rest of a start tag, behind its name, into attributes. `offset` is its place in the source.
pub(super) fn split<'a>(rest: &'a str, offset: usize) -> impl Iterator<Item = Result<Raw<'a>, Malformed>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let remaining = &rest[at..];
        let trimmed = remaining.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return None;
        }
        let begin = at + remaining.len() - trimmed.len();
        let result = if begin == at {
            Err(Malformed::at(offset + at, "White space is required between attributes."))
        } else {
            one(trimmed, offset + begin)
        };
        match result {
            Ok((raw, used)) => {
                at = begin + used;
                Some(Ok(raw))
            }
            Err(malformed) => {
                at = rest.len();
                Some(Err(malformed))
            }
        }
    })
}

/// The attribute at the start of `text`, and how many bytes it takes.
fn one(text: &str, offset: usize) -> Result<(Raw<'_>, usize), Malformed> {
    let name_len = text.find(|c| is_space(c) || c == '=').unwrap_or(text.len());
    let name = &text[..name_len];
    check_name(name, offset)?;
    let after_name = text[name_len..].trim_start_matches(is_space);
    let Some(after_equals) = after_name.strip_prefix('=') else {
        return Err(Malformed::at(
            offset,
            format!("Attribute name \"{name}\" must be followed by the '=' character."),
        ));
    };
    let quoted = after_equals.trim_start_matches(is_space);
    let value_at = text.len() - quoted.len();
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        return Err(Malformed::at(
            offset + value_at,
            format!("Open quote is expected for attribute \"{name}\"."),
        ));
    };
    let Some(end) = quoted[1..].find(quote) else {
        return Err(Malformed::at(
            offset + value_at,
            format!("Close quote is expected for attribute \"{name}\"."),
        ));
    };
    let value = normalise(&quoted[1..=end], offset + value_at + 1)?;
    Ok((Raw { name, value }, value_at + end + 2))
}

/// An attribute value: white space becomes blanks, references are resolved.
fn normalise(raw: &str, offset: usize) -> Result<Cow<'_, str>, Malformed> {
    if !raw.contains(['&', '<', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let at = offset + raw.len() - rest.len();
        let mut used = c.len_utf8();
        match c {
            '<' => return Err(Malformed::at(at, "An attribute value must not contain the '<' character.")),
            '&' => {
                let Some(end) = rest.find(';') else { return Err(bare_ampersand(at)) };
                value.push(resolve(&rest[1..end], at)?);
                used = end + 1;
            }
            '\r' if rest[1..].starts_with('\n') => {
                value.push(' ');
                used = 2;
            }
            '\t' | '\n' | '\r' => value.push(' '),
            c => value.push(c),
        }
        rest = &rest[used..];
    }
    Ok(Cow::Owned(value))
}

pub(super) fn bare_ampersand(offset: usize) -> Malformed {
    let says = "The entity name must immediately follow the '&' in the entity reference.";
    Malformed { offset, says: says.to_owned(), help: Some(AMPERSAND_HELP) }
}

/// What a reference between `&` and `;` stands for.
pub(super) fn resolve(reference: &str, offset: usize) -> Result<char, Malformed> {
    match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => {}
    }
    let Some(number) = reference.strip_prefix('#') else {
        if !is_name(reference) {
            return Err(bare_ampersand(offset));
        }
        let shown: String = reference.chars().take(40).collect();
        let says = format!("The entity \"{shown}\" was referenced, but not declared.");
        return Err(Malformed { offset, says, help: Some(AMPERSAND_HELP) });
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let clean = !digits.is_empty() && digits.bytes().all(|b| char::from(b).is_digit(radix));
    let code = if clean { u32::from_str_radix(digits, radix).ok() } else { None };
    code.and_then(char::from_u32).filter(|c| is_xml_char(*c)).ok_or_else(|| {
        Malformed::at(offset, "A character reference does not name a character that XML allows.")
    })
}

/// Refuses a tag or attribute name that XML does not allow.
pub(super) fn check_name(name: &str, offset: usize) -> Result<(), Malformed> {
    if name.len() > LONGEST_NAME_BYTES {
        return Err(Malformed::at(offset, format!("A name is longer than {LONGEST_NAME_BYTES} bytes.")));
    }
    if is_name(name) {
        return Ok(());
    }
    Err(Malformed::at(offset, "The markup is not well-formed: a name is expected here."))
}

fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || is_wide_name_char(c);
    let follows = |c: char| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.' | '\u{B7}');
    name.chars().next().is_some_and(starts) && name.chars().all(follows)
}

/// Letters beyond ASCII; the fine print of XML's table is not needed for names that no language of ours has.
fn is_wide_name_char(c: char) -> bool {
    c >= '\u{C0}' && !matches!(c, '\u{D7}' | '\u{F7}' | '\u{37E}' | '\u{2000}'..='\u{206F}' | '\u{3000}')
}

pub(crate) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
