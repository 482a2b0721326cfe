//! JSON in its one spelling (RFC 8785), for the values that are signed here: no fractions.

use serde_json::{Map, Value};

/// Reads a JSON object and checks that it is written in its one spelling: no member stands twice, no byte is free.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| "it is not JSON")?;
    let written = canonical(&value).ok_or("it has numbers that are not whole")?;
    match value {
        Value::Object(members) if written == bytes => Ok(members),
        Value::Object(_) => Err("it is not in canonical form".to_owned()),
        _ => Err("it is not an object".to_owned()),
    }
}

/// The one spelling of a value; `None` when it has a number that is not whole.
pub(crate) fn canonical(value: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Some(out)
}

/// The same of an object's members.
pub(crate) fn canonical_members(members: &Map<String, Value>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write_members(members, &mut out)?;
    Some(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        Value::Number(number) if number.is_f64() => return None,
        Value::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => write_members(members, out)?,
    }
    Some(())
}

fn write_members(members: &Map<String, Value>, out: &mut Vec<u8>) -> Option<()> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|one, other| one.0.encode_utf16().cmp(other.0.encode_utf16()));
    out.push(b'{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        string(name, out);
        out.push(b':');
        write(value, out)?;
    }
    out.push(b'}');
    Some(())
}

fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for letter in text.chars() {
        match letter {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            control if control < ' ' => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(control)).as_bytes())
            }
            plain => out.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

/// A text among the members.
pub(crate) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    members.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is missing"))
}

/// A whole number among the members.
pub(crate) fn whole(members: &Map<String, Value>, name: &str) -> Result<u64, String> {
    members.get(name).and_then(Value::as_u64).ok_or_else(|| format!("{name} is missing"))
}

/// A list of objects among the members.
pub(crate) fn objects<'a>(
    members: &'a Map<String, Value>,
    name: &str,
) -> Result<Vec<&'a Map<String, Value>>, String> {
    let list = members.get(name).and_then(Value::as_array).ok_or_else(|| format!("{name} is missing"))?;
    let items: Option<Vec<_>> = list.iter().map(Value::as_object).collect();
    items.ok_or_else(|| format!("{name} has something else than objects"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_spelling_is_read() {
        assert!(object(br#"{"a":[1,null,true],"b":"\u0001\n\"\\/"}"#).is_ok());
        for text in [
            r#"{"b":1,"a":2}"#,
            r#"{"a": 1}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\/"}"#,
            "[1]",
            "{\"a\":1}\n",
            "",
        ] {
            assert!(object(text.as_bytes()).is_err(), "{text}");
        }
    }
}
