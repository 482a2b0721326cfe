//! What the ledger is told, and the leaf that it becomes.
//!
//! A leaf is 59 bytes: version (1), kind (2, big-endian), microseconds since 1970 UTC (8, big-endian), leaf id (16),
//! and the commitment SHA-256(salt || event) (32). The event is canonical JSON and the salt 32 random bytes; both are
//! kept sealed beside the leaf. Without the salt nobody can tell what a leaf committed to, so destroying a report's
//! key makes its leaves say no more than that something of this kind happened then.

use std::fmt;

use database::{FromValue, Mismatch, ToValue, ValueRef};
use domain::ReportId;
use serde_json::{Map, Value};

mod kind;

pub use kind::EventKind;

use crate::Result;

/// Bytes of a leaf's entry.
pub(crate) const ENTRY_BYTES: usize = 1 + 2 + 8 + 16 + 32;
/// Bytes of the salt in front of a sealed event.
pub(crate) const SALT_BYTES: usize = 32;
const VERSION: u8 = 1;

/// One thing that happened, as an act notes it. Actor, purpose and the act's name are added by the act.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To which report, if to one.
    pub report: Option<ReportId>,
    /// An object of ids, digests, counts and codes; never names or texts. No fractions: they have no one spelling.
    pub details: serde_json::Value,
    /// The name of what was used, made, read or changed, where it is not the report: a file, a list, a route.
    pub object: Option<String>,
    /// The code of the refusal, when it was refused.
    pub refused: Option<String>,
    /// How long it took or lasted, where that means something.
    pub lasted_us: Option<u64>,
    /// Bytes that came in with it.
    pub bytes_in: Option<u64>,
    /// Bytes that went out with it.
    pub bytes_out: Option<u64>,
}

impl Event {
    /// Something that happened to a report.
    #[must_use]
    pub fn of_report(kind: EventKind, report: ReportId) -> Self {
        Self { report: Some(report), ..Self::of_house(kind) }
    }

    /// Something that happened to the house.
    #[must_use]
    pub const fn of_house(kind: EventKind) -> Self {
        let (details, report) = (Value::Null, None);
        Self {
            kind,
            report,
            details,
            object: None,
            refused: None,
            lasted_us: None,
            bytes_in: None,
            bytes_out: None,
        }
    }

    /// Adds its particulars.
    #[must_use]
    pub fn with(mut self, details: serde_json::Value) -> Self {
        self.details = details;
        self
    }

    /// Names what it was done to.
    #[must_use]
    pub fn to(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Says that it was refused, under a stable code.
    #[must_use]
    pub fn refused(mut self, code: impl Into<String>) -> Self {
        self.refused = Some(code.into());
        self
    }

    /// Says how long it took or lasted.
    #[must_use]
    pub fn lasting(mut self, span: jiff::SignedDuration) -> Self {
        self.lasted_us = u64::try_from(span.as_micros()).ok();
        self
    }

    /// Counts the bytes that came in with it.
    #[must_use]
    pub const fn bringing(mut self, bytes: u64) -> Self {
        self.bytes_in = Some(bytes);
        self
    }

    /// Counts the bytes that went out with it.
    #[must_use]
    pub const fn taking(mut self, bytes: u64) -> Self {
        self.bytes_out = Some(bytes);
        self
    }

    /// What the event itself says; the act adds who, when and from where.
    pub(crate) fn told(&self) -> Map<String, Value> {
        let mut told = Map::new();
        let mut tell = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
        tell("kind", self.kind.as_str().into());
        tell("details", self.details.clone());
        tell("report", self.report.map_or(Value::Null, |report| report.get().into()));
        tell("outcome", if self.refused.is_some() { "refused" } else { "success" }.into());
        let numbers =
            [("lasted_us", self.lasted_us), ("bytes_in", self.bytes_in), ("bytes_out", self.bytes_out)];
        for (name, number) in numbers {
            number.into_iter().for_each(|number| tell(name, number.into()));
        }
        for (name, word) in [("object", &self.object), ("code", &self.refused)] {
            word.iter().for_each(|word| tell(name, word.as_str().into()));
        }
        told
    }
}

/// The name of a leaf before it has an index: time-ordered, so that new rows lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafId([u8; 16]);

impl LeafId {
    /// Before every leaf.
    pub(crate) const FIRST: Self = Self([0; 16]);
    /// Behind every leaf.
    pub(crate) const LAST: Self = Self([0xff; 16]);

    /// A new id: 48 bits of milliseconds, 8 for its place among the leaves of one act, so that the ledger has them in the
    /// order in which they were noted, and 72 of chance.
    pub(crate) fn new(at: jiff::Timestamp, place: usize, chance: [u8; 9]) -> Self {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&at.as_millisecond().to_be_bytes()[2..]);
        id[6] = u8::try_from(place).unwrap_or(u8::MAX);
        id[7..].copy_from_slice(&chance);
        Self(id)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for LeafId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&seal::hex(&self.0))
    }
}

impl std::str::FromStr for LeafId {
    type Err = seal::Fault;
    /// 32 hexadecimal digits.
    fn from_str(text: &str) -> std::result::Result<Self, seal::Fault> {
        let bytes = seal::unhex(text)?.try_into();
        bytes.map(Self).map_err(|_| seal::Fault::Malformed { what: "leaf id" })
    }
}

impl ToValue for LeafId {
    fn to_value(&self) -> database::Value {
        self.0.to_value()
    }
}

impl FromValue for LeafId {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        <[u8; 16]>::from_value(value).map(Self)
    }
}

/// The entry of a leaf, from what the row says and what was committed to.
pub(crate) fn entry(
    kind: EventKind,
    occurred_at: i64,
    id: &LeafId,
    salt_and_event: &[u8],
) -> [u8; ENTRY_BYTES] {
    let mut entry = [0; ENTRY_BYTES];
    entry[0] = VERSION;
    entry[1..3].copy_from_slice(&kind.code().to_be_bytes());
    entry[3..11].copy_from_slice(&occurred_at.to_be_bytes());
    entry[11..27].copy_from_slice(id.as_bytes());
    entry[27..].copy_from_slice(&seal::sha256(salt_and_event));
    entry
}

/// Salt and canonical event in one buffer, as they are hashed and sealed.
pub(crate) fn salted(salt: &[u8; SALT_BYTES], event: &serde_json::Value) -> Result<Vec<u8>> {
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(&ledger::canonical(event)?);
    Ok(bytes)
}

/// Whether the header of an entry says what the row says.
pub(crate) fn has_header(entry: &[u8; ENTRY_BYTES], kind: EventKind, occurred_at: i64, id: &LeafId) -> bool {
    const HEADER_BYTES: usize = ENTRY_BYTES - 32;
    self::entry(kind, occurred_at, id, &[])[..HEADER_BYTES] == entry[..HEADER_BYTES]
}
