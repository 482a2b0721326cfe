//! The one description of the reporting language: every element, attribute, type, list and limit, once, as data.
//!
//! Validation ([`super::xsd()`] and the parser alike) and the reference page are derived from it. To add an element,
//! add its line in the table of its parent and its field in the domain; nothing else repeats the language.

mod codes;
mod file;
mod people;
mod report;
mod response;
mod shared;
mod simple;

pub use file::FILE_DETAILS;
pub use report::REPORT;
pub use response::{REPORT_DONE_RESPONSE, REPORT_RESPONSE};

use super::profile::Profile;

/// Every root element, in the order of the served schema.
pub static ROOTS: [&Element; 4] = [&REPORT, &FILE_DETAILS, &REPORT_RESPONSE, &REPORT_DONE_RESPONSE];

/// One element as it may stand in its parent.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The tag.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// How often it may stand there.
    pub occurs: Occurs,
    /// Where it was first seen.
    pub since: Since,
    /// It is an alternative to the element before it: one of them, not both.
    pub shares_place: bool,
    /// What the documentation says differently from the schema, in words.
    pub documented: Option<&'static str>,
    /// What it is for, in one sentence.
    pub says: &'static str,
}

/// What an element holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text only, no attributes.
    Text(&'static Simple),
    /// Attributes, other elements, or both.
    Group(&'static Complex),
}

/// How often an element may stand in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly once.
    Once,
    /// At most once.
    Optional,
    /// Any number of times, or not at all.
    Many,
    /// At least once.
    Several,
}

impl Occurs {
    /// At least one must stand there.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Once | Self::Several)
    }

    /// More than one may stand there.
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        matches!(self, Self::Many | Self::Several)
    }
}

/// Where a part of the language was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The schema of November 2025.
    Schema2025,
    /// The documentation of 2026, not in that schema.
    Documentation2026,
}

impl Since {
    /// Whether `profile` knows parts of this age.
    #[must_use]
    pub fn is_in(self, profile: Profile) -> bool {
        self == Self::Schema2025 || profile != Profile::Strict2025_11
    }
}

/// A type with attributes, elements, or both.
#[derive(Debug)]
pub struct Complex {
    /// The type's name in the served schema.
    pub name: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
    /// What stands between its tags.
    pub content: Content,
    /// What it is for, in one sentence.
    pub says: &'static str,
}

/// What stands between the tags of a [`Complex`].
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Text.
    Text(&'static Simple),
    /// These elements, in this order.
    Sequence(&'static [Element]),
    /// Exactly one of these elements.
    Choice(&'static [Element]),
    /// Any of these elements, in any order, each at most once.
    All(&'static [Element]),
}

impl Content {
    /// The elements that may stand there.
    #[must_use]
    pub const fn elements(&self) -> &'static [Element] {
        match self {
            Self::Sequence(elements) | Self::Choice(elements) | Self::All(elements) => elements,
            Self::Empty | Self::Text(_) => &[],
        }
    }
}

/// One attribute.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: &'static Simple,
    /// It must be given.
    pub required: bool,
    /// What it is for, in one sentence.
    pub says: &'static str,
}

/// A type of text.
#[derive(Debug)]
pub struct Simple {
    /// Its name: that of a built-in type of XSD, or of a type in the served schema.
    pub name: &'static str,
    /// The built-in type below it.
    pub base: Base,
    /// The closed list that it is taken from.
    pub list: Option<List>,
    /// The lenient profile lets values in that are not on the list.
    pub open_when_lenient: bool,
    /// The documented limits: enforced by `current`, a warning in `lenient`, absent from the schema of 2025.
    pub limits: &'static [Limit],
    /// What a good value looks like beyond its type; a breach is only a warning.
    pub advice: Option<Advice>,
}

/// The built-in types that the language uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Any text, kept exactly.
    String,
    /// Text with white space collapsed.
    Token,
    /// `true`, `false`, `1`, `0`.
    Boolean,
    /// A boolean that may only be true; an empty element says so too.
    Flag,
    /// Date and time, zone optional.
    DateTime,
    /// A date.
    Date,
    /// A 64-bit integer.
    Long,
    /// A 32-bit integer.
    Int,
    /// A floating-point number.
    Double,
}

impl Base {
    /// The name of the built-in type in XSD.
    #[must_use]
    pub const fn xsd_name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Token => "token",
            Self::Boolean | Self::Flag => "boolean",
            Self::DateTime => "dateTime",
            Self::Date => "date",
            Self::Long => "long",
            Self::Int => "int",
            Self::Double => "double",
        }
    }
}

/// A closed list of values.
#[derive(Debug, Clone, Copy)]
pub enum List {
    /// Written here.
    Given(&'static [&'static str]),
    /// Kept elsewhere, such as the incident types in the taxonomy.
    Derived(fn() -> &'static [&'static str]),
}

impl List {
    /// The values, in their order.
    #[must_use]
    pub fn values(&self) -> &'static [&'static str] {
        match self {
            Self::Given(values) => values,
            Self::Derived(values) => values(),
        }
    }
}

/// A documented limit.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// At most so many characters.
    MaxLength(usize),
    /// Not below.
    Min(i64),
    /// Not above.
    Max(i64),
    /// Of this form.
    Pattern {
        /// The form as a regular expression of XSD.
        expression: &'static str,
        /// Whether a value has the form.
        holds: fn(&str) -> bool,
    },
}

/// What a good value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// An internet address.
    IpAddress,
    /// Degrees from -90 to 90.
    Latitude,
    /// Degrees from -180 to 180.
    Longitude,
}

impl Simple {
    /// The name that messages and the schema use: types that only add limits vanish where limits do not hold.
    #[must_use]
    pub fn name_in(&self, profile: Profile) -> &'static str {
        if self.list.is_some() || self.limits_in(profile).next().is_some() {
            self.name
        } else {
            self.base.xsd_name()
        }
    }

    /// The limits that the schema of `profile` holds.
    pub fn limits_in(&self, profile: Profile) -> impl Iterator<Item = &'static Limit> + use<> {
        let limits: &'static [Limit] = if profile == Profile::Current { self.limits } else { &[] };
        limits.iter()
    }
}

const fn element(name: &'static str, kind: Kind, occurs: Occurs, says: &'static str) -> Element {
    Element { name, kind, occurs, since: Since::Schema2025, shares_place: false, documented: None, says }
}

/// An element that stands exactly once.
const fn one(name: &'static str, kind: Kind, says: &'static str) -> Element {
    element(name, kind, Occurs::Once, says)
}

/// An element that stands at most once.
const fn optional(name: &'static str, kind: Kind, says: &'static str) -> Element {
    element(name, kind, Occurs::Optional, says)
}

/// An element that stands any number of times.
const fn many(name: &'static str, kind: Kind, says: &'static str) -> Element {
    element(name, kind, Occurs::Many, says)
}

/// An element that stands at least once.
const fn several(name: &'static str, kind: Kind, says: &'static str) -> Element {
    element(name, kind, Occurs::Several, says)
}

/// A mark that is set by standing there.
const fn flag(name: &'static str, says: &'static str) -> Element {
    element(name, Kind::Text(&simple::FLAG), Occurs::Optional, says)
}

const fn attribute(name: &'static str, kind: &'static Simple, says: &'static str) -> Attribute {
    Attribute { name, kind, required: false, says }
}

const fn required(name: &'static str, kind: &'static Simple, says: &'static str) -> Attribute {
    Attribute { name, kind, required: true, says }
}

const fn sequence(name: &'static str, elements: &'static [Element], says: &'static str) -> Complex {
    Complex { name, attributes: &[], content: Content::Sequence(elements), says }
}

impl Element {
    /// Seen only in the documentation of 2026.
    const fn since_2026(mut self) -> Self {
        self.since = Since::Documentation2026;
        self
    }

    /// Stands instead of the element before it.
    const fn instead_of_previous(mut self) -> Self {
        self.shares_place = true;
        self
    }

    /// The documentation says something else than the schema.
    const fn documented(mut self, note: &'static str) -> Self {
        self.documented = Some(note);
        self
    }
}

impl Complex {
    /// The same type with attributes.
    const fn with(mut self, attributes: &'static [Attribute]) -> Self {
        self.attributes = attributes;
        self
    }

    /// The attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}
