//! One spelling for one event: JSON by RFC 8785, for the values that events hold. Fractions are refused, because
//! their one spelling needs a printer of its own and no event needs them.

use serde_json::Value;

use crate::{Fault, Result};

/// Nesting beyond this is no event.
const DEEPEST: usize = 16;

/// Appends the canonical form.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) -> Result<()> {
    nested(value, DEEPEST, out)
}

fn nested(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<()> {
    const UNFIT: Fault = Fault::Row { what: "event with fractions or deep nesting" };
    let depth = depth.checked_sub(1).ok_or(UNFIT)?;
    match value {
        Value::Number(number) if number.is_f64() => return Err(UNFIT.into()),
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                separate(place, out);
                nested(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            // By UTF-16 code units, as the standard says; whether the map is sorted depends on a feature elsewhere.
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|one, other| one.0.encode_utf16().cmp(other.0.encode_utf16()));
            out.push(b'{');
            for (place, (name, field)) in sorted.into_iter().enumerate() {
                separate(place, out);
                text(name, out);
                out.push(b':');
                nested(field, depth, out)?;
            }
            out.push(b'}');
        }
        Value::String(words) => text(words, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            out.extend_from_slice(value.to_string().as_bytes())
        }
    }
    Ok(())
}

fn separate(place: usize, out: &mut Vec<u8>) {
    if place > 0 {
        out.push(b',');
    }
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
        let mut out = Vec::new();
        write(value, &mut out).ok()?;
        String::from_utf8(out).ok()
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
            written(&json!({"b": [1, null, true, {}], "a": "\u{f}\n\"\\/"})).unwrap(),
            "{\"a\":\"\\u000f\\n\\\"\\\\/\",\"b\":[1,null,true,{}]}"
        );
    }

    #[test]
    fn fractions_and_deep_nesting_are_refused() {
        assert_eq!(written(&json!(1.5)), None);
        let deep = (0..20).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(written(&deep), None);
    }
}
