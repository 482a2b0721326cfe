//! The name of a rule set: so that a decision can be replayed under exactly the rules it was made under.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The day on which the set takes effect, and a digest over all files: `2026-01-01.3f9a0c51d2e4b768`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleSetId(String);

/// Hex digits of the digest that the name shows; 64 bits tell rule sets apart, the files themselves are in the release.
const DIGEST_DIGITS: usize = 16;
/// What stands for the day of a set that does not say it.
const UNDATED: &str = "undated";

impl RuleSetId {
    /// Names a set of files. Their order does not matter; every byte of name and text does.
    pub(crate) fn of(files: &[(&str, &str)], from: Option<Date>) -> Self {
        let digest = seal::hex(&Self::digest(files));
        let from = from.map_or_else(|| UNDATED.to_owned(), |day| day.to_string());
        Self(format!("{from}.{}", &digest[..DIGEST_DIGITS]))
    }

    /// The digest over all files.
    pub(crate) fn digest(files: &[(&str, &str)]) -> [u8; 32] {
        let mut sorted = files.to_vec();
        sorted.sort_unstable();
        let mut digests = seal::Digests::new();
        for (name, text) in sorted {
            for part in [name, text] {
                digests.update(&(part.len() as u64).to_be_bytes());
                digests.update(part.as_bytes());
            }
        }
        digests.finish().sha256
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for RuleSetId {
    type Err = domain::UnknownWord;
    /// A day or `undated`, a dot, hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, domain::UnknownWord> {
        let unknown = || domain::UnknownWord { list: "rule set", word: text.to_owned() };
        let (day, digest) = text.split_once('.').ok_or_else(unknown)?;
        let is_digest = digest.len() == DIGEST_DIGITS && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_day = day == UNDATED || day.parse::<Date>().is_ok();
        (is_day && is_digest).then(|| Self(text.to_owned())).ok_or_else(unknown)
    }
}

impl fmt::Display for RuleSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
