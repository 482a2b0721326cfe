//! A document, read record by record. What it holds is handed over in its own order, so that whoever writes it down again
//! writes the same document.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::meter::{Allowance, Meter};
use crate::record::Record;

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
/// What the model is called, in the two spellings of its versions.
const CONTEXTS: [&str; 2] = ["@odata.context", "odata.metadata"];
/// The most members of one object.
const MOST_MEMBERS: usize = 1_000;

/// Why a document was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It is not such a document, or is cut off, or one record is too large.
    #[error("not a readable VICS document: {0}")]
    Unreadable(String),
    /// Whoever takes the records said no.
    #[error("{0}")]
    Stopped(String),
}

/// One piece of a document, in its order.
#[derive(Debug)]
pub enum Piece {
    /// A case begins.
    CaseBegins,
    /// A member of the case, or of the document outside of cases; the value is its very text.
    Member(String, Box<RawValue>),
    /// A record: of the case, or of the hash set.
    Record(Record),
    /// The case ends.
    CaseEnds,
}

/// Which of the two forms it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Cases, each with its media.
    Cases,
    /// Media alone.
    HashSet,
}

/// What a whole document was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The model that it names, whole.
    pub context: Option<String>,
    /// Cases or hash set.
    pub form: Form,
    /// How many records were read.
    pub records: u64,
}

impl Outline {
    /// The region of the model: categories have meanings by region.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.context.as_deref()?.split("2.0.xml/").nth(1)?.split('/').next()
    }
}

/// Reads a document, and hands every piece over as it comes.
///
/// # Errors
/// When it is not such a document, when it ends too early, when more comes between two records than one may be long, or
/// when `each` says no.
pub fn read(from: impl Read, each: &mut dyn FnMut(Piece) -> Result<(), String>) -> Result<Outline, Fault> {
    let allowance = Allowance::new();
    let mut from = from;
    let mut head = [0; 3];
    let length = fill(&mut from, &mut head).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let kept: &[u8] = if head == BYTE_ORDER_MARK { &[] } else { &head[..length] };
    let meter = Meter { from: kept.chain(from), allowance: allowance.clone() };
    let mut state = State { each, allowance, stopped: false, context: None, cases: 0, records: 0 };
    let mut json = serde_json::Deserializer::from_reader(meter);
    let read = Document(&mut state).deserialize(&mut json).and_then(|()| json.end());
    match read {
        Ok(()) => {
            let form = if state.cases > 0 { Form::Cases } else { Form::HashSet };
            Ok(Outline { context: state.context, form, records: state.records })
        }
        Err(error) if state.stopped => Err(Fault::Stopped(without_place(&error.to_string()))),
        Err(error) => Err(Fault::Unreadable(error.to_string())),
    }
}

fn fill(from: &mut impl Read, into: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < into.len() {
        match from.read(&mut into[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// The caller's words, without where in the document they were said.
fn without_place(text: &str) -> String {
    text.rsplit_once(" at line ").map_or(text, |(words, _)| words).to_owned()
}

struct State<'a> {
    each: &'a mut dyn FnMut(Piece) -> Result<(), String>,
    allowance: Allowance,
    stopped: bool,
    context: Option<String>,
    cases: u64,
    records: u64,
}

impl State<'_> {
    fn give<E: serde::de::Error>(&mut self, piece: Piece) -> Result<(), E> {
        self.records += u64::from(matches!(piece, Piece::Record(_)));
        self.cases += u64::from(matches!(piece, Piece::CaseBegins));
        self.allowance.renew();
        (self.each)(piece).map_err(|says| {
            self.stopped = true;
            E::custom(says)
        })
    }
}

/// One part of a document at a time: each of the four knows only what stands in itself.
macro_rules! part {
    ($part:ident, $expecting:literal, $ask:ident) => {
        struct $part<'s, 'a>(&'s mut State<'a>);

        impl<'de> DeserializeSeed<'de> for $part<'_, '_> {
            type Value = ();
            fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
                from.$ask(self)
            }
        }

        impl $part<'_, '_> {
            fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }
        }
    };
}

part!(Document, "an object with a list named value", deserialize_map);
part!(List, "a list of cases or media records", deserialize_seq);
part!(Item, "a case or a media record", deserialize_map);
part!(Media, "a list of media records", deserialize_seq);
part!(One, "a media record", deserialize_map);

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::expected(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut has_list = false;
        while let Some(name) = map.next_key::<String>()? {
            if name == "value" && !has_list {
                has_list = true;
                map.next_value_seed(List(&mut *self.0))?;
                continue;
            }
            let value: Box<RawValue> = map.next_value()?;
            if CONTEXTS.contains(&name.as_str()) {
                self.0.context = serde_json::from_str(value.get()).ok();
            }
            self.0.give(Piece::Member(name, value))?;
        }
        if has_list { Ok(()) } else { Err(A::Error::custom("there is no list named value")) }
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::expected(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Item(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// Only a list named `Media` shows that an item is a case. What came before it is held until then.
impl<'de> Visitor<'de> for Item<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::expected(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut held = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "Media" {
                return case(self.0, held, map);
            }
            hold(&mut held, name, map.next_value()?)?;
        }
        self.0.give(Piece::Record(Record { members: held }))
    }
}

fn hold<E: serde::de::Error>(
    held: &mut Vec<(String, Box<RawValue>)>,
    name: String,
    value: Box<RawValue>,
) -> Result<(), E> {
    if held.len() == MOST_MEMBERS {
        return Err(E::custom(format!("an object has more than {MOST_MEMBERS} members")));
    }
    held.push((name, value));
    Ok(())
}

fn case<'de, A: MapAccess<'de>>(
    state: &mut State<'_>,
    held: Vec<(String, Box<RawValue>)>,
    mut map: A,
) -> Result<(), A::Error> {
    state.give(Piece::CaseBegins)?;
    for (name, value) in held {
        state.give(Piece::Member(name, value))?;
    }
    map.next_value_seed(Media(&mut *state))?;
    while let Some(name) = map.next_key::<String>()? {
        if name == "Media" {
            map.next_value::<IgnoredAny>()?;
            return Err(A::Error::custom("a case has two lists of media"));
        }
        let value = map.next_value()?;
        state.give(Piece::Member(name, value))?;
    }
    state.give(Piece::CaseEnds)
}

impl<'de> Visitor<'de> for Media<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::expected(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(One(&mut *self.0))?.is_some() {}
        Ok(())
    }

    /// A case without media may say so.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

impl<'de> Visitor<'de> for One<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::expected(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            hold(&mut members, name, map.next_value()?)?;
        }
        self.0.give(Piece::Record(Record { members }))
    }
}
