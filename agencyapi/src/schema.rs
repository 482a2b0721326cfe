//! The shape of a value: what the document says of it, and the check of it, side by side.

use serde_json::{Map, Value, json};

/// A shape of JSON values.
#[derive(Debug, Clone)]
pub(crate) enum Schema {
    /// Text of a form.
    Text(Form),
    /// A whole number within bounds.
    Whole(u64, u64),
    /// Yes or no.
    Flag,
    /// One word of a closed list.
    Word(Vec<&'static str>),
    /// So many of one shape.
    List { of: Box<Schema>, least: usize, most: usize },
    /// Members, and no others.
    Object(Vec<Member>),
    /// One of these members, and no other.
    OneOf(Vec<Member>),
    /// That, or nothing.
    Maybe(Box<Schema>),
    /// An object that another published schema describes.
    Foreign(&'static str),
}

/// A form of text: as an expression that everybody reads, and as a check that says the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// For the document, in the dialect of JSON Schema. Letters are counted beside it.
    pub pattern: Option<&'static str>,
    /// The name of the format, for the document.
    pub format: Option<&'static str>,
    /// The fewest and the most letters.
    pub letters: (usize, usize),
    /// The check of what the expression says.
    pub fits: fn(&str) -> bool,
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Its shape.
    pub schema: Schema,
    /// Whether it is always there.
    pub required: bool,
}

impl Schema {
    /// A list of at most so many.
    pub(crate) fn list(of: Self, most: usize) -> Self {
        Self::List { of: Box::new(of), least: 0, most }
    }

    /// The same, or nothing.
    pub(crate) fn or_nothing(self) -> Self {
        Self::Maybe(Box::new(self))
    }

    /// As the document has it.
    pub(crate) fn document(&self) -> Value {
        match self {
            Self::Text(form) => {
                let mut text =
                    json!({ "type": "string", "minLength": form.letters.0, "maxLength": form.letters.1 });
                if let Some(pattern) = form.pattern {
                    text["pattern"] = pattern.into();
                }
                if let Some(format) = form.format {
                    text["format"] = format.into();
                }
                text
            }
            Self::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::List { of, least, most } => {
                json!({ "type": "array", "items": of.document(), "minItems": least, "maxItems": most })
            }
            Self::Object(members) => object(members),
            Self::OneOf(members) => {
                let mut object = object(members);
                (object["minProperties"], object["maxProperties"]) = (1.into(), 1.into());
                object
            }
            Self::Maybe(of) => json!({ "anyOf": [of.document(), { "type": "null" }] }),
            Self::Foreign(says) => json!({ "type": "object", "description": says }),
        }
    }

    /// Whether a value has the shape.
    ///
    /// # Errors
    /// What is wrong and where, for whoever sent it.
    pub(crate) fn check(&self, value: &Value, at: &str) -> Result<(), String> {
        match (self, value) {
            (Self::Maybe(_), Value::Null)
            | (Self::Flag, Value::Bool(_))
            | (Self::Foreign(_), Value::Object(_)) => Ok(()),
            (Self::Maybe(of), _) => of.check(value, at),
            (Self::Text(form), Value::String(text)) => form.check(text, at),
            (Self::Word(words), Value::String(text)) => {
                let known = words.contains(&text.as_str());
                known.then_some(()).ok_or_else(|| format!("{at} must be one of {}", words.join(", ")))
            }
            (Self::Whole(least, most), Value::Number(_)) => {
                let within = whole_of(value).is_some_and(|whole| (*least..=*most).contains(&whole));
                within.then_some(()).ok_or_else(|| out_of(at, *least, *most))
            }
            (Self::List { of, least, most }, Value::Array(values)) => {
                if !(*least..=*most).contains(&values.len()) {
                    return Err(format!("{at} must have between {least} and {most} entries"));
                }
                values
                    .iter()
                    .enumerate()
                    .try_for_each(|(place, value)| of.check(value, &format!("{at}/{place}")))
            }
            (Self::Object(members), Value::Object(given)) => checked(members, given, at),
            (Self::OneOf(members), Value::Object(given)) => {
                let names = || members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ");
                checked(members, given, at)?;
                (given.len() == 1)
                    .then_some(())
                    .ok_or_else(|| format!("{at} must say one of {}, and no more", names()))
            }
            _ => Err(format!("{at} must be {}", self.kind())),
        }
    }

    /// Reads a word of an address as the shape asks, so that a number becomes one.
    pub(crate) fn read(&self, text: &str, at: &str) -> Result<Value, String> {
        let value = match self {
            Self::Whole(least, most) => {
                let digits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                let number = if digits { text.parse::<u64>().ok() } else { None };
                number.ok_or_else(|| out_of(at, *least, *most))?.into()
            }
            _ => Value::from(text),
        };
        self.check(&value, at)?;
        Ok(value)
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Word(_) => "text",
            Self::Whole(..) => "a whole number",
            Self::Flag => "true or false",
            Self::List { .. } => "a list",
            Self::Object(_) | Self::OneOf(_) | Self::Foreign(_) => "an object",
            Self::Maybe(_) => "that or null",
        }
    }
}

/// The whole number that a value is; it may be written with a fraction of nothing.
pub(crate) fn whole_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().and_then(whole))
}

/// The whole number that a number with a fraction is, if it is one that can be counted on.
fn whole(number: f64) -> Option<u64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    // Within these bounds every whole number has one form, and text carries it over without a cast.
    ((0.0..MOST).contains(&number) && number.fract() == 0.0).then(|| format!("{number:.0}").parse().ok())?
}

fn out_of(at: &str, least: u64, most: u64) -> String {
    format!("{at} must be a whole number from {least} to {most}")
}

fn object(members: &[Member]) -> Value {
    let mut properties = Map::new();
    for member in members {
        let mut schema = member.schema.document();
        schema["description"] = member.says.into();
        properties.insert(member.name.to_owned(), schema);
    }
    let required: Vec<&str> =
        members.iter().filter(|member| member.required).map(|member| member.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn checked(members: &[Member], given: &Map<String, Value>, at: &str) -> Result<(), String> {
    if let Some(unknown) = given.keys().find(|name| members.iter().all(|member| member.name != name.as_str()))
    {
        let shown: String = unknown.chars().take(64).collect();
        return Err(format!("{at} has no member {shown:?}"));
    }
    for member in members {
        match given.get(member.name) {
            Some(value) => member.schema.check(value, &format!("{at}/{}", member.name))?,
            None if member.required => return Err(format!("{at}/{} is missing", member.name)),
            None => {}
        }
    }
    Ok(())
}

impl Form {
    fn check(&self, text: &str, at: &str) -> Result<(), String> {
        let (least, most) = self.letters;
        if !(least..=most).contains(&text.chars().count()) {
            return Err(format!("{at} must have between {least} and {most} letters"));
        }
        let wrong = || match self.pattern {
            Some(pattern) => format!("{at} must match {pattern}"),
            None => format!("{at} must be a {}", self.format.unwrap_or("text without control characters")),
        };
        (self.fits)(text).then_some(()).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    fn thing() -> Schema {
        Schema::Object(vec![
            Member { name: "number", says: "A number.", schema: Schema::Whole(1, 9), required: true },
            Member {
                name: "words",
                says: "Words.",
                schema: Schema::list(Schema::Text(form::WORDS), 2),
                required: false,
            },
        ])
    }

    #[test]
    fn a_value_of_the_shape_passes_and_every_other_is_told_where_it_is_wrong() {
        let wrong = |value: Value| thing().check(&value, "body").err();
        assert_eq!(wrong(json!({ "number": 7, "words": ["a"] })), None);
        assert_eq!(wrong(json!({ "number": 7.0 })), None);
        assert_eq!(
            (whole_of(&json!(7.0)), whole_of(&json!(7)), whole_of(&json!(7.5))),
            (Some(7), Some(7), None)
        );
        assert_eq!(wrong(json!({ "words": [] })).as_deref(), Some("body/number is missing"));
        assert_eq!(
            wrong(json!({ "number": 10 })).as_deref(),
            Some("body/number must be a whole number from 1 to 9")
        );
        assert_eq!(wrong(json!({ "number": true })).as_deref(), Some("body/number must be a whole number"));
        assert_eq!(wrong(json!({ "number": 1, "x": 1 })).as_deref(), Some("body has no member \"x\""));
        let told = wrong(json!({ "number": 1, "words": ["a\u{0}"] })).unwrap();
        assert!(told.starts_with("body/words/0 must match"), "{told}");
    }

    #[test]
    fn a_word_of_an_address_becomes_the_number_that_it_is() {
        let number = Schema::Whole(0, u64::MAX);
        assert_eq!(number.read("18446744073709551615", "after"), Ok(json!(u64::MAX)));
        for text in ["", "-1", "+1", "1.0", " 1", "18446744073709551616", "999999999999999999999"] {
            assert!(number.read(text, "after").is_err(), "{text}");
        }
    }
}
