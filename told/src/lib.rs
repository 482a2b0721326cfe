//! What the ledger is told of rows, so that one which was changed, lost or added behind the house's back is found: which
//! tables, which of their columns are evidence, in which order, what tells them, and which of several tellings counts. `house`
//! reads the rows, makes the digests, and compares them when the ledger is checked.
//!
//! There are three kinds. A register is small, and told as a whole by every act that writes it. The rows of a thing (a
//! report, a case, a destruction) are told for that thing alone. Some rows of a report are told by the strides of its walk,
//! others by whatever act writes them. Which act that is is no list that somebody could forget to extend: an act's own
//! statements say what it wrote.
//!
//! What passes (a mark of use, a lease) is not told, and a statement that writes nothing else is passed over. A migration
//! that changes what is told here must be told by an act as well.

use std::fmt;

use serde_json::Value;

mod births;
mod locks;
mod registers;
mod spelling;
mod strides;
mod tellings;
mod things;

pub use births::{BIRTHS, Birth};
pub use locks::lock;
pub use spelling::spelled;
pub use tellings::{Telling, Tellings};
pub use things::bodies;

/// Rows that are told, in one digest.
#[derive(Debug)]
pub struct Table {
    /// Under which name they are told, in leaves and in words. Part of the stored format.
    pub name: &'static str,
    /// Of what.
    pub of: Of,
    /// Columns and order are fixed: both are part of what was told. The rows of a thing are asked for by `:key`.
    pub select: &'static str,
    /// By what.
    by: By,
}

/// Whose rows are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// All of the table.
    House,
    /// Those of one thing of this noun.
    Each(&'static str),
}

/// What tells them.
#[derive(Debug)]
enum By {
    /// Every event of these kinds.
    Events(&'static [&'static str]),
    /// Every act that writes the table, but for statements of these names, which write nothing but what passes; and every
    /// act that sends one of the statements named last, with which something that passed comes to stay.
    Writing { table: &'static str, passing: &'static [&'static str], ending: &'static [&'static str] },
}

/// One thing with rows of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thing {
    /// What it is.
    pub noun: &'static str,
    /// Which one.
    pub key: Key,
}

/// Rows of one thing, under the name that they are told by.
pub type Rows = (Thing, &'static str);

/// By what a thing is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number.
    Number(i64),
    /// A name.
    Name(String),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Number(number) => write!(f, "{} {number}", self.noun),
            Key::Name(name) => write!(f, "{} {name}", self.noun),
        }
    }
}

/// Everything that is told.
pub fn all() -> impl Iterator<Item = &'static Table> {
    registers::ALL.iter().chain(strides::ALL).chain(things::ALL)
}

/// The registers.
pub fn registers() -> impl Iterator<Item = &'static Table> {
    registers::ALL.iter()
}

/// What is told under a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Table> {
    all().find(|table| table.name == name)
}

/// What every event of a kind tells of its report.
pub fn by_event(kind: &str) -> impl Iterator<Item = &'static Table> + use<'_> {
    strides::ALL.iter().filter(move |table| match table.by {
        By::Events(kinds) => kinds.contains(&kind),
        By::Writing { .. } => false,
    })
}

/// What an act tells that sent these statements.
#[must_use]
pub fn by_writing(sent: &[&'static str]) -> Vec<&'static Table> {
    let sent: Vec<(&str, &str)> = sent.iter().filter_map(|text| written(text)).collect();
    if sent.is_empty() {
        return Vec::new();
    }
    all().filter(|table| sent.iter().any(|(name, wrote)| table.is_written(name, wrote))).collect()
}

/// Whether such an act wrote these rows for certain: with a statement that does not pass over a row which is there already.
#[must_use]
pub fn surely_wrote(table: &Table, sent: &[&'static str]) -> bool {
    sent.iter()
        .filter(|text| !text.contains("DO NOTHING"))
        .any(|text| written(text).is_some_and(|(name, wrote)| table.is_written(name, wrote)))
}

/// The name of a statement and the table that it writes; nothing of one that only reads.
fn written(text: &'static str) -> Option<(&'static str, &'static str)> {
    let (first, rest) = text.split_once('\n')?;
    let name = first.trim_start_matches("--").trim();
    let mut words = rest.split_ascii_whitespace();
    let table = match words.next() {
        Some("INSERT" | "DELETE") => words.nth(1),
        Some("UPDATE") => words.next(),
        _ => None,
    };
    table.map(|table| (name, table))
}

impl Table {
    const fn register(name: &'static str, select: &'static str) -> Self {
        Self::writing(name, Of::House, select)
    }

    /// Told under its own name, by whatever writes it.
    const fn writing(table: &'static str, of: Of, select: &'static str) -> Self {
        let by = By::Writing { table, passing: &[], ending: &[] };
        Self { name: table, of, select, by }
    }

    /// Whether several agencies write such rows of one thing. What one of them is shown of the ledger must not let it guess
    /// what another does, so their digest is keyed.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!((&self.by, self.of), (By::Writing { .. }, Of::Each(_)))
    }

    /// Told as well by whatever sends these statements, with which its thing begins: what is not there then is told, too,
    /// so that the first row that somebody adds behind the house's back is found.
    const fn from(self, beginnings: &'static [&'static str]) -> Self {
        let by = match self.by {
            By::Writing { table, passing, .. } => By::Writing { table, passing, ending: beginnings },
            By::Events(kinds) => By::Events(kinds),
        };
        Self { name: self.name, of: self.of, select: self.select, by }
    }

    fn is_written(&self, name: &str, wrote: &str) -> bool {
        match self.by {
            By::Events(_) => false,
            By::Writing { table, passing, ending } => {
                ending.contains(&name) || wrote == table && !passing.contains(&name)
            }
        }
    }

    /// Which thing's rows an event speaks of, from what it says: its report, what it was done to (`case-17`), or its
    /// particulars (`{"destruction": "d-1"}`). Nothing for a register.
    #[must_use]
    pub fn thing(&self, report: Option<i64>, object: Option<&str>, details: &Value) -> Option<Thing> {
        let Of::Each(noun) = self.of else { return None };
        let named =
            || object.and_then(|object| object.strip_prefix(noun)).and_then(|rest| rest.strip_prefix('-'));
        let key = match &details[noun] {
            _ if noun == "report" && report.is_some() => Key::Number(report?),
            Value::Number(number) => Key::Number(number.as_i64()?),
            Value::String(name) => Key::Name(name.clone()),
            _ => Key::Name(named()?.to_owned()),
        };
        Some(Thing { noun, key: numbered(noun, key)? })
    }
}

/// Reports, cases and requests have numbers, however they are written.
fn numbered(noun: &str, key: Key) -> Option<Key> {
    match (noun, key) {
        ("report" | "case" | "request", Key::Name(name)) => name.parse().ok().map(Key::Number),
        (_, key) => Some(key),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn names(sent: &[&'static str]) -> Vec<&'static str> {
        by_writing(sent).into_iter().map(|table| table.name).collect()
    }

    #[test]
    fn what_an_act_wrote_is_told_by_its_statements() {
        assert_eq!(names(&["-- a::b\n    INSERT INTO provider (id) VALUES (:id)"]), ["provider"]);
        assert_eq!(
            names(&["-- a::b\n UPDATE agency SET name = 'x'", "-- a::c\nDELETE FROM hold"]),
            ["agency", "hold"]
        );
        assert_eq!(names(&["-- account::entered\n    UPDATE person SET entered_at = 1"]), Vec::<&str>::new());
        for reads in
            ["-- a::b\n SELECT id FROM person", "-- a::b\n UPDATE person_of_another SET value = ''", ""]
        {
            assert_eq!(names(&[reads]), Vec::<&str>::new(), "{reads}");
        }
    }

    #[test]
    fn what_passes_is_told_once_it_stays() {
        assert_eq!(names(&["-- job::drop\n UPDATE destruction_item SET keys = 1"]), Vec::<&str>::new());
        let told = names(&["-- job::dropped\n UPDATE destruction SET dropped_at = 1"]);
        assert_eq!(told, ["destruction", "destruction_item", "destruction_report", "destruction_words"]);
    }

    #[test]
    fn with_a_case_everything_of_it_begins_that_is_not_there_yet() {
        let told = names(&["-- casefile::insert\n INSERT INTO casefile (number) VALUES (1)"]);
        let of_cases = all().filter(|table| table.of == Of::Each("case")).map(|table| table.name);
        assert_eq!(told, of_cases.collect::<Vec<_>>());
    }

    #[test]
    fn an_event_says_of_which_thing_it_speaks() {
        let thing = |name: &str, report, object, details| {
            find(name).unwrap().thing(report, object, &details).map(|thing| thing.to_string())
        };
        assert_eq!(thing("standing", Some(7), None, json!(null)).as_deref(), Some("report 7"));
        assert_eq!(
            thing("agency_transfer", None, Some("transfer-x"), json!({ "report": 7 })).as_deref(),
            Some("report 7")
        );
        assert_eq!(thing("standing", None, Some("report-7"), json!({})).as_deref(), Some("report 7"));
        assert_eq!(thing("casefile", None, Some("case-17"), json!({})).as_deref(), Some("case 17"));
        assert_eq!(
            thing("destruction", None, None, json!({ "destruction": "d-1" })).as_deref(),
            Some("destruction d-1")
        );
        assert_eq!(thing("casefile", None, Some("case-x"), json!({})), None);
        assert_eq!(thing("person", None, None, json!({ "person": "p-1" })), None, "a register is of nobody");
    }

    #[test]
    fn nothing_is_told_under_two_meanings_of_one_name() {
        let mut names = BTreeSet::new();
        assert!(all().all(|table| names.insert(table.name)));
        for table in all() {
            let keyed = table.select.contains(":key");
            assert_eq!(keyed, table.of != Of::House, "{}", table.name);
            // One look is written by one act, and by no other.
            if let Of::Each(noun) = table.of {
                assert_eq!(lock(noun).is_none(), noun == "view", "{noun}");
            }
        }
    }
}
