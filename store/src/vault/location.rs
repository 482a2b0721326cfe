//! Where sealed bytes lie, as one text column.

use std::fmt;
use std::str::FromStr;

use database::{FromValue, Mismatch, ToValue, Value, ValueRef};

/// Longest name of a pack, file or object.
const LONGEST: usize = 64;

/// Where the sealed bytes of one blob lie. Its text is `pack/NAME/OFFSET`, `file/NAME` or `object/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location(pub(super) Spot);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// In a pack of many small blobs.
    Pack { name: String, offset: u64 },
    /// In a file of its own.
    File { name: String },
    /// In the bucket.
    Object { name: String },
}

/// The text of a location is not one that we print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a location in the vault")]
pub struct NoLocation;

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Spot::Pack { name, offset } => write!(f, "pack/{name}/{offset}"),
            Spot::File { name } => write!(f, "file/{name}"),
            Spot::Object { name } => write!(f, "object/{name}"),
        }
    }
}

impl FromStr for Location {
    type Err = NoLocation;

    fn from_str(text: &str) -> Result<Self, NoLocation> {
        let mut parts = text.split('/');
        let (kind, name, rest) = (parts.next(), parts.next(), parts.next());
        let name = name.filter(|name| is_name(name)).ok_or(NoLocation)?.to_owned();
        let spot = match (kind, rest) {
            (Some("pack"), Some(offset)) => {
                Spot::Pack { name, offset: offset.parse().map_err(|_| NoLocation)? }
            }
            (Some("file"), None) => Spot::File { name },
            (Some("object"), None) => Spot::Object { name },
            _ => return Err(NoLocation),
        };
        // Only the one form that is printed: a changed row must not point out of the vault.
        let location = Self(spot);
        if location.to_string() == text { Ok(location) } else { Err(NoLocation) }
    }
}

/// Names are hexadecimal and random: they say nothing and cannot climb out of a folder.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_hexdigit())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_reads_back_and_never_leaves_the_vault() {
        for good in ["pack/00ff/17", "file/abcd", "object/1234567890abcdef"] {
            assert_eq!(good.parse::<Location>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "pack/00ff",
            "pack/00ff/+1",
            "pack/00ff/01",
            "file/../etc",
            "file/..",
            "file/a/b",
            "file/",
            "x/ab",
        ] {
            assert!(bad.parse::<Location>().is_err(), "{bad}");
        }
    }
}
