//! The closed language of conditions: eight words. Whoever needs a ninth argues for it in a review.

use serde::Deserialize;

use super::fault::Cause;
use super::field::{Facts, Shape, Value};

/// Deeper nesting is refused: nobody can follow it.
const MAX_DEPTH: usize = 6;

/// When a rule speaks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every one holds; true of an empty list.
    All(Vec<Condition>),
    /// At least one holds; false of an empty list.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The fact is yes, more than nothing, or was said at all.
    IsSet(String),
    /// The fact was said and is exactly this.
    Equals(Equals),
    /// The number was said and is at least this.
    AtLeast(Bound),
    /// The number was said and is smaller than this.
    Below(Bound),
    /// The list has this word.
    Has(Membership),
}

/// A fact and the value it must have.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equals {
    /// The fact.
    pub fact: String,
    /// The value.
    pub value: Literal,
}

/// A value as a rule file writes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A word in quotes.
    Word(String),
}

/// A fact and a number to hold it against.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The fact.
    pub fact: String,
    /// The bound.
    pub number: i64,
}

/// A fact that is a list, and a word that it must have.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The fact.
    pub fact: String,
    /// The word.
    pub word: String,
}

impl Condition {
    /// Whether it holds for these facts. Of a fact that nobody said, nothing but [`Condition::Not`] holds.
    #[must_use]
    pub fn holds<F: Facts>(&self, facts: &F) -> bool {
        let value = |name: &str| F::field(name).map(|field| (field.read)(facts));
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::Not(part) => !part.holds(facts),
            Self::IsSet(fact) => value(fact).is_some_and(is_set),
            Self::Equals(Equals { fact, value: wanted }) => {
                value(fact).is_some_and(|found| equals(found, wanted))
            }
            Self::AtLeast(Bound { fact, number }) => {
                value(fact).and_then(number_of).is_some_and(|n| n >= *number)
            }
            Self::Below(Bound { fact, number }) => {
                value(fact).and_then(number_of).is_some_and(|n| n < *number)
            }
            Self::Has(Membership { fact, word }) => {
                matches!(value(fact), Some(Value::Words(words)) if words.contains(word))
            }
        }
    }

    /// Refuses conditions over facts that do not exist, and questions that a fact cannot answer.
    pub(crate) fn check<F: Facts>(&self) -> Result<(), Cause> {
        self.check_at::<F>(1)
    }

    fn check_at<F: Facts>(&self, depth: usize) -> Result<(), Cause> {
        if depth > MAX_DEPTH {
            return Err(Cause::TooDeep(MAX_DEPTH));
        }
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().try_for_each(|part| part.check_at::<F>(depth + 1))
            }
            Self::Not(part) => part.check_at::<F>(depth + 1),
            Self::IsSet(fact) => shape_of::<F>(fact).map(|_| ()),
            Self::Equals(Equals { fact, value }) => {
                let wanted = match value {
                    Literal::Flag(_) => Shape::Flag,
                    Literal::Number(_) => Shape::Number,
                    Literal::Word(_) => Shape::Word,
                };
                must_be::<F>(fact, wanted)
            }
            Self::AtLeast(Bound { fact, .. }) | Self::Below(Bound { fact, .. }) => {
                must_be::<F>(fact, Shape::Number)
            }
            Self::Has(Membership { fact, .. }) => must_be::<F>(fact, Shape::Words),
        }
    }
}

fn shape_of<F: Facts>(fact: &str) -> Result<Shape, Cause> {
    F::field(fact).map(|field| field.shape).ok_or_else(|| Cause::UnknownFact(fact.to_owned()))
}

fn must_be<F: Facts>(fact: &str, wanted: Shape) -> Result<(), Cause> {
    let shape = shape_of::<F>(fact)?;
    if shape == wanted {
        return Ok(());
    }
    Err(Cause::WrongQuestion { fact: fact.to_owned(), shape: shape.as_str() })
}

const fn is_set(value: Value<'_>) -> bool {
    match value {
        Value::Flag(yes) => yes,
        Value::Number(number) => number.is_some(),
        Value::Word(word) => word.is_some(),
        Value::Words(words) => !words.is_empty(),
    }
}

fn equals(found: Value<'_>, wanted: &Literal) -> bool {
    match (found, wanted) {
        (Value::Flag(found), Literal::Flag(wanted)) => found == *wanted,
        (Value::Number(Some(found)), Literal::Number(wanted)) => found == *wanted,
        (Value::Word(Some(found)), Literal::Word(wanted)) => found == wanted,
        _ => false,
    }
}

const fn number_of(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Number(number) => number,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    struct Weather {
        wet: bool,
        degrees: Option<i64>,
        seen: Vec<String>,
    }

    impl Facts for Weather {
        const FIELDS: &'static [Field<Self>] = &[
            Field { name: "wet", shape: Shape::Flag, read: |w| Value::Flag(w.wet) },
            Field { name: "degrees", shape: Shape::Number, read: |w| Value::Number(w.degrees) },
            Field { name: "seen", shape: Shape::Words, read: |w| Value::Words(&w.seen) },
        ];
    }

    fn condition(text: &str) -> Condition {
        #[derive(Deserialize)]
        struct File {
            when: Condition,
        }
        toml::from_str::<File>(&format!("when = {text}")).unwrap().when
    }

    fn wet(degrees: Option<i64>) -> Weather {
        Weather { wet: true, degrees, seen: vec!["rain".to_owned()] }
    }

    #[test]
    fn each_word_of_the_language_means_what_it_says() {
        let table = [
            ("{ all = [] }", true),
            ("{ any = [] }", false),
            ("{ is_set = \"wet\" }", true),
            ("{ not = { is_set = \"wet\" } }", false),
            ("{ equals = { fact = \"degrees\", value = 3 } }", true),
            ("{ at_least = { fact = \"degrees\", number = 4 } }", false),
            ("{ below = { fact = \"degrees\", number = 4 } }", true),
            ("{ has = { fact = \"seen\", word = \"rain\" } }", true),
            ("{ has = { fact = \"seen\", word = \"snow\" } }", false),
        ];
        for (text, expected) in table {
            let condition = condition(text);
            assert_eq!(condition.check::<Weather>(), Ok(()), "{text}");
            assert_eq!(condition.holds(&wet(Some(3))), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_known_of_a_number_that_nobody_said() {
        for text in [
            "{ below = { fact = \"degrees\", number = 99 } }",
            "{ at_least = { fact = \"degrees\", number = -99 } }",
        ] {
            assert!(!condition(text).holds(&wet(None)), "{text}");
        }
    }

    #[test]
    fn a_question_that_a_fact_cannot_answer_is_refused() {
        let unknown = condition("{ is_set = \"wind\" }").check::<Weather>();
        assert_eq!(unknown, Err(Cause::UnknownFact("wind".to_owned())));
        let wrong = condition("{ has = { fact = \"wet\", word = \"rain\" } }").check::<Weather>();
        assert!(matches!(wrong, Err(Cause::WrongQuestion { .. })));
        let deep = "{ not = ".repeat(MAX_DEPTH) + "{ is_set = \"wet\" }" + &" }".repeat(MAX_DEPTH);
        assert_eq!(condition(&deep).check::<Weather>(), Err(Cause::TooDeep(MAX_DEPTH)));
    }
}
