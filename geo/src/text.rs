//! Lines and fields of a stranger's text table, bounded before anything is made of them.

use std::borrow::Cow;

use crate::refusal::{Cause, Refusal};

/// No line of a known table has more than 400 bytes.
pub(crate) const MAX_LINE_BYTES: usize = 4096;
/// No name in a known table has more than 170 bytes.
pub(crate) const MAX_FIELD_BYTES: usize = 512;
/// The largest known text table has 412,000 lines.
pub(crate) const MAX_LINES: usize = 4_000_000;

/// The lines of a file with their numbers from 1; blank lines are passed over, a byte-order mark is not text.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = Result<(usize, &str), Refusal>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate().map(|(index, raw)| (index + 1, raw));
    let checked = numbered.map(|(line, raw)| {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        check(line, raw).map(|text| (line, text)).map_err(|cause| Refusal::Line { line, cause })
    });
    checked.filter(|line| !matches!(line, Ok((_, text)) if text.is_empty()))
}

fn check(line: usize, raw: &[u8]) -> Result<&str, Cause> {
    // Blank lines hold nothing, so that only the file's own bound stops them.
    if line > MAX_LINES && !raw.is_empty() {
        return Err(Cause::TooManyLines(MAX_LINES));
    }
    if raw.len() > MAX_LINE_BYTES {
        return Err(Cause::LongLine(MAX_LINE_BYTES));
    }
    std::str::from_utf8(raw).map_err(|_| Cause::NotText)
}

/// The fields of a comma-separated line. A field may be quoted, a quote inside is doubled; a field never spans lines.
pub(crate) fn comma_fields(line: &str) -> Result<Vec<Cow<'_, str>>, Cause> {
    let mut fields = Vec::with_capacity(12);
    let mut rest = line;
    loop {
        let (field, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => plain_field(rest)?,
        };
        fields.push(checked_field(field)?);
        match tail {
            Some(tail) => rest = tail,
            None => return Ok(fields),
        }
    }
}

/// The fields of a tab-separated line: no quotes.
pub(crate) fn tab_fields(line: &str) -> Result<Vec<Cow<'_, str>>, Cause> {
    line.split('\t').map(|field| checked_field(Cow::Borrowed(field))).collect()
}

/// A field and, when a comma follows, what stands behind the comma.
type Split<'a> = (Cow<'a, str>, Option<&'a str>);

fn plain_field(rest: &str) -> Result<Split<'_>, Cause> {
    let (field, tail) = match rest.split_once(',') {
        Some((field, tail)) => (field, Some(tail)),
        None => (rest, None),
    };
    if field.contains('"') {
        return Err(Cause::Quotes);
    }
    Ok((Cow::Borrowed(field), tail))
}

fn quoted_field(quoted: &str) -> Result<Split<'_>, Cause> {
    let bytes = quoted.as_bytes();
    let mut at = 0;
    let mut doubled = false;
    while let Some(step) = quoted[at..].find('"') {
        at += step;
        if bytes.get(at + 1) == Some(&b'"') {
            doubled = true;
            at += 2;
            continue;
        }
        let field = &quoted[..at];
        let field = if doubled { Cow::Owned(field.replace("\"\"", "\"")) } else { Cow::Borrowed(field) };
        let tail = &quoted[at + 1..];
        return match tail.strip_prefix(',') {
            Some(tail) => Ok((field, Some(tail))),
            None if tail.is_empty() => Ok((field, None)),
            None => Err(Cause::Quotes),
        };
    }
    Err(Cause::Quotes)
}

fn checked_field(field: Cow<'_, str>) -> Result<Cow<'_, str>, Cause> {
    if field.len() > MAX_FIELD_BYTES {
        return Err(Cause::LongField(MAX_FIELD_BYTES));
    }
    if !is_clean(&field) {
        return Err(Cause::Control);
    }
    Ok(field)
}

/// Whether a text may be shown: no control characters, and none of those that turn the reading direction.
pub(crate) fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// `None` for an empty field.
pub(crate) fn filled(field: &str) -> Option<String> {
    let field = field.trim();
    (!field.is_empty()).then(|| field.to_owned())
}

/// Exactly `COUNT` fields, or the count as the cause.
pub(crate) fn exactly<const COUNT: usize>(fields: Vec<Cow<'_, str>>) -> Result<[Cow<'_, str>; COUNT], Cause> {
    let found = fields.len();
    fields.try_into().map_err(|_| Cause::FieldCount { found, expected: COUNT })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_keep_commas_and_doubled_quotes() {
        let fields = comma_fields(r#"1,"Example, ""Inc."" Networks",,"last""#).unwrap();
        assert_eq!(fields, ["1", "Example, \"Inc.\" Networks", "", "last"]);
        assert_eq!(comma_fields(r#""","#).unwrap(), ["", ""]);
    }

    #[test]
    fn a_quote_that_does_not_close_is_refused() {
        for line in [r#"1,"open"#, r#"1,"closed"early,2"#, r#"1,in"side"#, r#"""#] {
            assert_eq!(comma_fields(line), Err(Cause::Quotes), "{line}");
        }
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        assert_eq!(comma_fields("a,b\u{0}c"), Err(Cause::Control));
        assert_eq!(comma_fields("a,\u{202e}cba"), Err(Cause::Control));
        assert_eq!(tab_fields("a\tb\u{1b}[2J"), Err(Cause::Control));
    }

    #[test]
    fn long_lines_and_fields_are_refused_with_their_line() {
        let long = format!("ok\n{}\n", "x".repeat(MAX_LINE_BYTES + 1));
        let refused = lines(long.as_bytes()).find_map(Result::err);
        assert_eq!(refused, Some(Refusal::Line { line: 2, cause: Cause::LongLine(MAX_LINE_BYTES) }));
        assert_eq!(comma_fields(&"x".repeat(MAX_FIELD_BYTES + 1)), Err(Cause::LongField(MAX_FIELD_BYTES)));
    }

    #[test]
    fn blank_lines_marks_and_carriage_returns_do_not_count_as_text() {
        let read: Vec<_> = lines(b"\xef\xbb\xbfone\r\n\r\ntwo\n").map(Result::unwrap).collect();
        assert_eq!(read, [(1, "one"), (3, "two")]);
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let refused = lines(b"ok\n\xff\xfe\n").find_map(Result::err);
        assert_eq!(refused, Some(Refusal::Line { line: 2, cause: Cause::NotText }));
    }
}
