//! The first line of our own text tables, which says what the file is.
//!
//! `# clearinghouse KIND table, as_of=YYYY-MM-DD, source=..., licence=...` with, where the licence wants them,
//! `attribution=...` and `link=...`. Values may hold commas; they end where the next known key starts.

use crate::day;
use crate::refusal::{Cause, Refusal};
use crate::table::Kind;

/// What a file says about itself.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub as_of: Option<String>,
    pub source: Option<String>,
    pub licence: Option<String>,
    pub attribution: Option<String>,
    pub link: Option<String>,
}

const START: &str = "# clearinghouse ";
const KEYS: [&str; 5] = ["as_of", "source", "licence", "attribution", "link"];

/// Whether this is the header of one of our own tables of that kind.
pub(crate) fn is_ours(first_line: &str, kind: Kind) -> bool {
    let said = first_line.strip_prefix(START).and_then(|rest| rest.split_once(" table"));
    said.is_some_and(|(word, _)| word == kind.as_str())
}

/// Reads the header line. The day, the source and the licence are required; an unknown key is text of the value
/// before it.
pub(crate) fn read(first_line: &str) -> Result<Facts, Refusal> {
    let refuse = |cause| Refusal::Line { line: 1, cause };
    if !crate::text::is_clean(first_line) {
        return Err(refuse(Cause::Control));
    }
    let mut facts = Facts::default();
    for (key, value) in pairs(first_line) {
        let value = crate::text::filled(&value);
        match key {
            "as_of" => facts.as_of = value,
            "source" => facts.source = value,
            "licence" => facts.licence = value,
            "attribution" => facts.attribution = value,
            _ => facts.link = value,
        }
    }
    let missing = [("as_of", &facts.as_of), ("source", &facts.source), ("licence", &facts.licence)];
    if let Some((key, _)) = missing.into_iter().find(|(_, value)| value.is_none()) {
        return Err(refuse(Cause::Header(key)));
    }
    if !facts.as_of.as_deref().is_some_and(day::is_day) {
        return Err(Refusal::BadDate);
    }
    Ok(facts)
}

/// The known keys with their values; a piece without a known key belongs to the value before it.
fn pairs(line: &str) -> Vec<(&str, String)> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for piece in line.split(", ").skip(1) {
        match piece.split_once('=') {
            Some((key, value)) if KEYS.contains(&key) => pairs.push((key, value.to_owned())),
            _ => {
                if let Some((_, value)) = pairs.last_mut() {
                    value.push_str(", ");
                    value.push_str(piece);
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_everything_that_pages_need() {
        let line = "# clearinghouse ip-place table, as_of=2026-01-31, source=Example, Inc., licence=CC0-1.0, \
            attribution=By Example, link=https://tables.example/";
        assert!(is_ours(line, Kind::IpPlace));
        assert!(!is_ours(line, Kind::IpNetwork));
        let facts = read(line).unwrap();
        assert_eq!(facts.source.as_deref(), Some("Example, Inc."));
        assert_eq!(facts.link.as_deref(), Some("https://tables.example/"));
    }

    #[test]
    fn a_header_without_licence_or_with_a_wrong_day_is_refused() {
        let missing = read("# clearinghouse ip-place table, as_of=2026-01-31, source=X");
        assert_eq!(missing, Err(Refusal::Line { line: 1, cause: Cause::Header("licence") }));
        let wrong = read("# clearinghouse ip-place table, as_of=2026-02-30, source=X, licence=Y");
        assert_eq!(wrong, Err(Refusal::BadDate));
    }
}
