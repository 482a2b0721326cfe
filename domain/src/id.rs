//! Identifiers as types, so that a report can never be looked up with the id of an agency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that does not have the form of the identifier it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    /// The kind of identifier that was expected, such as `report id`.
    pub kind: &'static str,
}

/// The number of a report: positive and below 2^53, because providers' clients keep it in a JavaScript number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct ReportId(u64);

impl ReportId {
    /// The first number that clients can no longer hold exactly.
    pub const LIMIT: u64 = 1 << 53;

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for ReportId {
    type Error = InvalidId;
    fn try_from(number: u64) -> Result<Self, InvalidId> {
        if (1..Self::LIMIT).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidId { kind: "report id" })
        }
    }
}

impl From<ReportId> for u64 {
    fn from(id: ReportId) -> u64 {
        id.0
    }
}

impl FromStr for ReportId {
    type Err = InvalidId;
    /// Decimal digits only; surrounding white space is the caller's to trim.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits = !text.is_empty() && text.len() <= 16 && text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse::<u64>().ok() } else { None };
        number.ok_or(InvalidId { kind: "report id" })?.try_into()
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The name of an uploaded file: 32 lower-case hex digits, at least one of `a b c d f`, because one client's XML
/// reader turns an all-digit name (or digits with a single `e`) into a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileId(String);

impl FileId {
    /// Makes a file id from 16 random bytes; the first digit is moved into `a..d` where chance gave no such letter.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let mut text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        if !text.bytes().any(Self::is_telling) {
            let letter = ["a", "b", "c", "d"][usize::from(bytes[0] & 3)];
            text.replace_range(0..1, letter);
        }
        Self(text)
    }

    /// The 32 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const fn is_telling(digit: u8) -> bool {
        matches!(digit, b'a' | b'b' | b'c' | b'd' | b'f')
    }
}

impl FromStr for FileId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let hex = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex && text.bytes().any(Self::is_telling) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId { kind: "file id" })
        }
    }
}

impl TryFrom<String> for FileId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<FileId> for String {
    fn from(id: FileId) -> String {
        id.0
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the named identifiers share: a short text of letters, digits, `-` and `_`.
pub trait Id: Sized {
    /// What the identifier names, for messages.
    const KIND: &'static str;
    /// The text of the identifier.
    fn as_str(&self) -> &str;
    /// Reads an identifier from a stranger's or a row's text.
    ///
    /// # Errors
    /// When the text is empty, longer than 64 bytes, or has another character.
    fn parse(text: &str) -> Result<Self, InvalidId>;
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl Id for $name {
            const KIND: &'static str = $kind;
            fn as_str(&self) -> &str { &self.0 }
            fn parse(text: &str) -> Result<Self, InvalidId> {
                let sound = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                if (1..=64).contains(&text.len()) && text.bytes().all(sound) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { kind: $kind })
                }
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> { Self::parse(text) }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> { Self::parse(&text) }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// An electronic service provider that submits reports.
    ProviderId = "provider id";
    /// An agency that receives reports; a readable slug such as `icac-us-ca-los-angeles`.
    AgencyId = "agency id";
    /// A person who signs in.
    PersonId = "person id";
    /// A secret's public half: which credential was used, never the secret.
    CredentialId = "credential id";
    /// One making-available of one report to one agency.
    DeliveryId = "delivery id";
    /// One destruction of named files.
    DestructionId = "destruction id";
    /// What keeps a report or a file from being destroyed.
    HoldId = "hold id";
    /// A set of media that an agency seized.
    SeizedSetId = "seized set id";
    /// One agency's preservation letter to a provider.
    LetterId = "letter id";
    /// What one person asked for and another one must agree to.
    ApprovalId = "approval id";
    /// A ground on record to open files.
    GroundId = "ground id";
    /// Somebody who was invited and is not a person yet.
    InvitationId = "invitation id";
    /// A vendor that does something for the house.
    VendorId = "vendor id";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_id_that_javascript_cannot_hold_is_refused() {
        assert!(ReportId::try_from(ReportId::LIMIT - 1).is_ok());
        assert!(ReportId::try_from(ReportId::LIMIT).is_err());
        assert!("0".parse::<ReportId>().is_err());
        assert!("+1".parse::<ReportId>().is_err());
        assert!("12a".parse::<ReportId>().is_err());
    }

    #[test]
    fn a_file_id_never_reads_as_a_number() {
        for bytes in [[0x11; 16], [0x1e; 16], [0x00; 16], [0x99; 16]] {
            let id = FileId::from_random(bytes);
            assert!(id.as_str().bytes().any(|b| b"abcdf".contains(&b)), "{id}");
            assert_eq!(id.as_str().parse::<FileId>(), Ok(id.clone()));
        }
        assert!("11111111111111111111111111111111".parse::<FileId>().is_err());
    }

    #[test]
    fn an_agency_id_takes_no_path_characters() {
        assert!(AgencyId::parse("icac-us-ca-los-angeles").is_ok());
        assert!(AgencyId::parse("../etc").is_err());
        assert!(AgencyId::parse("").is_err());
    }
}
