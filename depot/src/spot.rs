//! Where bytes lie, as one line of text that the caller remembers.

use std::fmt;
use std::str::FromStr;

/// Longest name of a pack, file or object.
const LONGEST: usize = 64;

/// Where the bytes of one piece lie. Its text is `pack/NAME/OFFSET`, `file/NAME` or `object/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot(pub(crate) Place);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a pack of many small pieces.
    Pack { name: String, offset: u64 },
    /// In a file of its own.
    File { name: String },
    /// In the bucket.
    Object { name: String },
}

/// The text of a spot is not one that we print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a spot in the depot")]
pub struct NoSpot;

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Pack { name, offset } => write!(f, "pack/{name}/{offset}"),
            Place::File { name } => write!(f, "file/{name}"),
            Place::Object { name } => write!(f, "object/{name}"),
        }
    }
}

impl FromStr for Spot {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        let mut parts = text.split('/');
        let (kind, name, rest) = (parts.next(), parts.next(), parts.next());
        let name = name.filter(|name| is_name(name)).ok_or(NoSpot)?.to_owned();
        let place = match (kind, rest) {
            (Some("pack"), Some(offset)) => Place::Pack { name, offset: offset.parse().map_err(|_| NoSpot)? },
            (Some("file"), None) => Place::File { name },
            (Some("object"), None) => Place::Object { name },
            _ => return Err(NoSpot),
        };
        // Only the one form that is printed: a changed row must not point out of the depot.
        let spot = Self(place);
        if spot.to_string() == text { Ok(spot) } else { Err(NoSpot) }
    }
}

/// Names are hexadecimal and random: they say nothing and cannot climb out of a folder.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_reads_back_and_never_leaves_the_depot() {
        for good in ["pack/00ff/17", "file/abcd", "object/1234567890abcdef"] {
            assert_eq!(good.parse::<Spot>().unwrap().to_string(), good);
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
            assert!(bad.parse::<Spot>().is_err(), "{bad}");
        }
    }
}
