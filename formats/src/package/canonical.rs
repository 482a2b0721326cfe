//! One spelling of a JSON value (RFC 8785), so that a digest over it means the value.

use serde_json::Value;

/// The value's bytes: members sorted by UTF-16 code units, no white space.
///
/// Numbers must be integers below 2^53: what is signed here holds no others, and they need no rounding rule.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            list(out, b"{}", members, |(name, value), out| {
                plain(&Value::String(name.clone()), out);
                out.push(b':');
                write(value, out);
            });
        }
        Value::Array(items) => list(out, b"[]", items, write),
        other => plain(other, out),
    }
}

fn list<T>(
    out: &mut Vec<u8>,
    around: &[u8; 2],
    items: impl IntoIterator<Item = T>,
    each: impl Fn(T, &mut Vec<u8>),
) {
    out.push(around[0]);
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        each(item, out);
    }
    out.push(around[1]);
}

fn plain(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_code_units_as_the_standard_shows() {
        // RFC 8785, 3.2.3: the order of its own example.
        let value = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 });
        let text = String::from_utf8(canonical(&value)).unwrap();
        let wanted =
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(text, wanted);
    }

    #[test]
    fn no_space_stands_between_tokens_and_escapes_are_the_shortest() {
        let value = json!({ "b": [1, null, true], "a": "\u{1}\"\\/\n\u{2028}" });
        assert_eq!(
            canonical(&value),
            "{\"a\":\"\\u0001\\\"\\\\/\\n\u{2028}\",\"b\":[1,null,true]}".as_bytes()
        );
    }
}
