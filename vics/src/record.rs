//! One media record as it came, and what of it we know.

use serde_json::Value;
use serde_json::value::RawValue;

/// A record, member by member, each value as the very text that was read.
#[derive(Debug)]
pub struct Record {
    pub(crate) members: Vec<(String, Box<RawValue>)>,
}

/// A judgement of whoever made the set, as far as all tools agree on its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// 1 to 4.
    Said(u8),
    /// 0 or 5, which tools use for contrary things, or another number.
    Unclear(i64),
    /// None was given.
    Uncategorised,
}

/// What we use of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// MD5: what a record is known by.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256, which stands among the other digests.
    pub sha256: Option<[u8; 32]>,
    /// Length in bytes.
    pub size_bytes: Option<u64>,
    /// The category.
    pub category: Category,
}

impl Record {
    /// The record as it came, but for the space between its members.
    #[must_use]
    pub fn json(&self) -> String {
        let members = self
            .members
            .iter()
            .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), value.get()));
        format!("{{{}}}", members.collect::<Vec<String>>().join(","))
    }

    /// What we use of it.
    #[must_use]
    pub fn known(&self) -> Known {
        let alternative = self.value("AlternativeHashes");
        let sha256 = alternative.as_ref().and_then(Value::as_array).into_iter().flatten().find_map(|hash| {
            let name: String =
                hash.get("HashName")?.as_str()?.chars().filter(char::is_ascii_alphanumeric).collect();
            name.eq_ignore_ascii_case("sha256").then(|| hash.get("HashValue")?.as_str().and_then(digest))?
        });
        Known {
            md5: self.digest("MD5"),
            sha1: self.digest("SHA1"),
            sha256: sha256.or_else(|| self.digest("SHA256")),
            size_bytes: self.number("MediaSize").and_then(|size| size.try_into().ok()),
            category: match self.number("Category") {
                None => Category::Uncategorised,
                Some(code @ 1..=4) => Category::Said(u8::try_from(code).unwrap_or_default()),
                Some(code) => Category::Unclear(code),
            },
        }
    }

    fn value(&self, name: &str) -> Option<Value> {
        let (_, raw) = self.members.iter().find(|(member, _)| member == name)?;
        serde_json::from_str(raw.get()).ok()
    }

    fn digest<const N: usize>(&self, name: &str) -> Option<[u8; N]> {
        digest(self.value(name)?.as_str()?)
    }

    /// Some writers put numbers into quotation marks.
    fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

fn digest<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim().to_ascii_lowercase();
    seal::unhex(&text).ok()?.try_into().ok()
}
