//! One spelling for one entry: JSON by RFC 8785, for the values that entries and signed documents hold. Fractions are
//! refused, because their one spelling needs a printer of its own and nothing that is hashed here needs them.

use serde_json::Value;

use crate::Fault;

/// Nesting beyond this is no entry; it bounds the stack.
const DEEPEST: usize = 16;

/// The bytes that are hashed or signed: members sorted by UTF-16 code units, no white space.
///
/// # Errors
/// [`Fault::NoOneSpelling`] for fractions, and for nesting deeper than 16.
pub fn canonical(value: &Value) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    write(value, DEEPEST, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let depth = depth.checked_sub(1).ok_or(Fault::NoOneSpelling)?;
    match value {
        Value::Number(number) if number.is_f64() => return Err(Fault::NoOneSpelling),
        Value::Array(items) => list(b"[]", items, out, |item, out| write(item, depth, out))?,
        Value::Object(members) => {
            // By UTF-16 code units, as the standard says; whether the map is sorted depends on a feature elsewhere.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            list(b"{}", sorted, out, |(name, member), out| {
                text(name, out);
                out.push(b':');
                write(member, depth, out)
            })?;
        }
        Value::String(words) => text(words, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            out.extend_from_slice(value.to_string().as_bytes());
        }
    }
    Ok(())
}

fn list<T>(
    around: &[u8; 2],
    items: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    each: impl Fn(T, &mut Vec<u8>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    out.push(around[0]);
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        each(item, out)?;
    }
    out.push(around[1]);
    Ok(())
}

/// serde_json escapes exactly what the standard wants escaped, and in its spelling.
fn text(words: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(Value::from(words).to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value) -> Option<String> {
        String::from_utf8(canonical(value).ok()?).ok()
    }

    #[test]
    fn the_spelling_is_that_of_the_standard() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O",
        });
        // RFC 8785 section 3.2.3: sorted by UTF-16 code units, so the emoji comes before the Hebrew letter.
        assert_eq!(
            written(&value).unwrap(),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O\",\
             \"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\
             \"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
        assert_eq!(
            written(&json!({"b": [1, null, true, {}], "a": "\u{f}\n\"\\/\u{2028}"})).unwrap(),
            "{\"a\":\"\\u000f\\n\\\"\\\\/\u{2028}\",\"b\":[1,null,true,{}]}"
        );
    }

    #[test]
    fn fractions_and_deep_nesting_are_refused() {
        assert_eq!(written(&json!(1.5)), None);
        assert_eq!(written(&json!([1e300])), None);
        let nested = |depth: usize| (1..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(written(&nested(DEEPEST)).is_some());
        assert_eq!(written(&nested(DEEPEST + 1)), None);
    }
}
