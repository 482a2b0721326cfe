//! A judge of the few words of JSON Schema that our published schemas use. A word that is not known here fails, so that a
//! schema cannot grow past its tests.

use serde_json::Value;

/// What of a schema a value breaks, with the way to it; nothing when it holds.
#[must_use]
pub fn breaks(schema: &Value, value: &Value) -> Option<String> {
    let rules = schema.as_object().expect("a schema is an object");
    for (word, rule) in rules {
        if let Some(broken) = broken(word, rule, schema, value) {
            return Some(broken);
        }
    }
    None
}

fn broken(word: &str, rule: &Value, schema: &Value, value: &Value) -> Option<String> {
    let length = || value.as_str().map(|text| text.chars().count() as u64);
    let number = || rule.as_u64().expect("the bound is a whole number");
    let holds = match word {
        "$schema" | "$id" | "title" | "description" => true,
        "type" => match rule {
            Value::Array(any) => any.iter().any(|one| is(one, value)),
            one => is(one, value),
        },
        "minLength" => length().is_none_or(|length| length >= number()),
        "maxLength" => length().is_none_or(|length| length <= number()),
        "minimum" => value.as_u64().is_none_or(|value| value >= number()),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= number()),
        "const" => value == rule,
        "enum" => rule.as_array().expect("an enum is a list").contains(value),
        "pattern" => value.as_str().is_none_or(|text| fits(rule.as_str().expect("a pattern is text"), text)),
        "required" => {
            let names = rule.as_array().expect("required names members").iter().filter_map(Value::as_str);
            return value.as_object().and_then(|members| {
                names
                    .filter(|name| !members.contains_key(*name))
                    .map(|name| format!("{name} is missing"))
                    .next()
            });
        }
        "additionalProperties" => {
            let known = schema["properties"].as_object().expect("what else there is, is described");
            return value.as_object().and_then(|members| {
                members
                    .keys()
                    .find(|name| !known.contains_key(*name))
                    .map(|name| format!("{name} is not described"))
            });
        }
        "properties" => {
            let known = rule.as_object().expect("members are described by name");
            return known.iter().find_map(|(name, schema)| {
                breaks(schema, value.as_object()?.get(name)?).map(|broken| format!("{name}: {broken}"))
            });
        }
        "items" => {
            let items = value.as_array().into_iter().flatten().enumerate();
            return items
                .map(|(at, one)| Some(format!("{at}: {}", breaks(rule, one)?)))
                .find_map(|broken| broken);
        }
        unknown => panic!("the schema has grown a word: {unknown}"),
    };
    (!holds).then(|| format!("breaks {word}: {value}"))
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("a type is a word") {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        unknown => panic!("an unknown type: {unknown}"),
    }
}

/// The patterns of our schemas, by hand: hexadecimal of a length, and moments.
fn fits(pattern: &str, text: &str) -> bool {
    let is_hex =
        |length| text.len() == length && text.bytes().all(|one| matches!(one, b'0'..=b'9' | b'a'..=b'f'));
    match pattern {
        "^[0-9a-f]{64}$" => is_hex(64),
        "^[0-9a-f]{32}$" => is_hex(32),
        r"^\d{4}-\d{2}$" => {
            let shape: String =
                text.chars().map(|one| if one.is_ascii_digit() { '9' } else { one }).collect();
            shape == "9999-99"
        }
        r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$" => {
            let shape: String =
                text.chars().map(|one| if one.is_ascii_digit() { '9' } else { one }).collect();
            shape == "9999-99-99T99:99:99.999999Z"
        }
        r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$" => {
            let (whole, rest) = text.split_at_checked(19).unwrap_or_default();
            let shape: String =
                whole.chars().map(|one| if one.is_ascii_digit() { '9' } else { one }).collect();
            let fraction = rest.strip_suffix('Z').unwrap_or("none");
            let digits = fraction.strip_prefix('.').unwrap_or(if fraction.is_empty() { "0" } else { "none" });
            shape == "9999-99-99T99:99:99"
                && !digits.is_empty()
                && digits.bytes().all(|one| one.is_ascii_digit())
        }
        unknown => panic!("a pattern that no test knows: {unknown}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_breaks_is_named_with_the_way_to_it() {
        let schema = json!({
            "type": "object", "required": ["all"], "additionalProperties": false,
            "properties": { "all": { "type": "array", "items": { "type": "string", "pattern": "^[0-9a-f]{32}$" } } },
        });
        let good = "0".repeat(32);
        assert_eq!(breaks(&schema, &json!({ "all": [good] })), None);
        assert_eq!(breaks(&schema, &json!({})).as_deref(), Some("all is missing"));
        assert_eq!(
            breaks(&schema, &json!({ "all": [], "more": 1 })).as_deref(),
            Some("more is not described")
        );
        let broken = breaks(&schema, &json!({ "all": [good, "x"] })).unwrap();
        assert_eq!(broken, "all: 1: breaks pattern: \"x\"");
    }

    #[test]
    fn moments_have_a_fraction_or_none() {
        let pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$";
        for (text, good) in [
            ("2026-06-01T12:00:00Z", true),
            ("2026-06-01T12:00:00.5Z", true),
            ("2026-06-01T12:00:00.Z", false),
            ("2026-06-01T12:00:00", false),
            ("2026-06-01", false),
        ] {
            assert_eq!(fits(pattern, text), good, "{text}");
        }
    }
}
