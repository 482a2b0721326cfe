//! Where sealed bytes lie, as one text column.

use std::fmt;
use std::str::FromStr;

use database::{FromValue, Mismatch, ToValue, Value, ValueRef};
use depot::{NoSpot, Spot};

/// Where the sealed bytes of one blob lie. Its text is that of the depot's spot, such as `pack/NAME/OFFSET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location(pub(super) Spot);

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Location {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        text.parse().map(Self)
    }
}

impl ToValue for Location {
    fn to_value(&self) -> Value {
        self.to_string().to_value()
    }
}

impl FromValue for Location {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Text(text) => text.parse().map_err(|_| Mismatch::new("location", value)),
            _ => Err(Mismatch::new("location", value)),
        }
    }
}
