//! What a rule may ask about: a closed list of named facts, each with one shape.

/// What one fact says of one report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Yes or no.
    Flag(bool),
    /// A number, `None` when nobody said it.
    Number(Option<i64>),
    /// A word, `None` when nobody said it.
    Word(Option<&'a str>),
    /// Several words.
    Words(&'a [String]),
}

/// Which of the four kinds of value a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// A word.
    Word,
    /// Several words.
    Words,
}

impl Shape {
    /// For messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "a yes or no",
            Self::Number => "a number",
            Self::Word => "a word",
            Self::Words => "a list of words",
        }
    }
}

/// One fact that rules may name.
pub struct Field<F: 'static> {
    /// The name by which rule files call it.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// How it is read.
    pub read: for<'a> fn(&'a F) -> Value<'a>,
}

/// Facts that conditions can be held against.
pub trait Facts: Sized + 'static {
    /// Every fact that a rule may name.
    const FIELDS: &'static [Field<Self>];

    /// The field of that name.
    #[must_use]
    fn field(name: &str) -> Option<&'static Field<Self>> {
        Self::FIELDS.iter().find(|field| field.name == name)
    }
}
