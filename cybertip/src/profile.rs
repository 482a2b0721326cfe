//! Which version of the language is enforced, and the bounds on a stranger's document.

use std::fmt;
use std::str::FromStr;

/// The version of the language that is enforced and served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, serde::Serialize, serde::Deserialize)]
pub enum Profile {
    /// The schema as it was published in November 2025: no length limits, none of the additions of 2026.
    #[serde(rename = "strict-2025-11")]
    Strict2025_11,
    /// The schema with the additions of 2026 and the limits of the documentation.
    #[default]
    #[serde(rename = "current")]
    Current,
    /// As `current`, but what can be kept safely is kept with a warning: limits, unknown elements, known mistakes.
    #[serde(rename = "lenient")]
    Lenient,
}

/// A word that names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown schema profile, use strict-2025-11, current or lenient")]
pub struct UnknownProfile;

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Strict2025_11, Self::Current, Self::Lenient];

    /// The word for configuration files and pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict2025_11 => "strict-2025-11",
            Self::Current => "current",
            Self::Lenient => "lenient",
        }
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;
    fn from_str(word: &str) -> Result<Self, UnknownProfile> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == word).ok_or(UnknownProfile)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a document may be at most. Whoever reads a body from the network stops at `xml_bytes` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document as received.
    pub xml_bytes: usize,
    /// Elements inside each other, the root counted.
    pub depth: usize,
    /// Attributes on one element, namespace declarations counted.
    pub attributes: usize,
    /// Elements and attributes of one document.
    pub nodes: usize,
    /// Bytes of text in one element.
    pub text_bytes: usize,
    /// Complaints that one answer lists.
    pub complaints: usize,
    /// Unknown parts that the lenient profile keeps of one document.
    pub unknown_parts: usize,
    /// Warnings that one document yields.
    pub warnings: usize,
}

impl Limits {
    /// The limits that the readers use.
    pub const STANDARD: Self = Self {
        xml_bytes: 32 << 20,
        depth: 50,
        attributes: 64,
        nodes: 250_000,
        text_bytes: 16 << 20,
        complaints: 20,
        unknown_parts: 1_000,
        warnings: 50,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}
