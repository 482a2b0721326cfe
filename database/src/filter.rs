//! Optional filters, composed from fixed fragments only.

use crate::{Args, ToValue};

/// The place in a SQL constant where the filters go.
const MARKER: &str = "/*where*/";

/// Optional conditions of one query: fixed fragments joined by `AND` at the mark `/*where*/` of the SQL constant.
///
/// The constant already has its `WHERE`, as in `WHERE tenant = :tenant /*where*/`; each fragment adds one
/// `AND (…)`. A fragment is `&'static str`, so that no stranger's text can become SQL.
#[derive(Debug, Clone, Default)]
pub struct Where {
    fragments: Vec<&'static str>,
    args: Args,
}

impl Where {
    /// No condition.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition and its argument: `.and("country = :country", "country", &country)`.
    #[must_use]
    pub fn and(mut self, fragment: &'static str, name: &'static str, value: impl ToValue) -> Self {
        self.fragments.push(fragment);
        self.args = self.args.with(name, value);
        self
    }

    /// Adds a condition when there is a value for it, and nothing when there is none.
    #[must_use]
    pub fn and_some(self, fragment: &'static str, name: &'static str, value: Option<impl ToValue>) -> Self {
        match value {
            Some(value) => self.and(fragment, name, value),
            None => self,
        }
    }

    /// Adds a condition that has no argument, or whose arguments the caller binds.
    #[must_use]
    pub fn and_when(mut self, wanted: bool, fragment: &'static str) -> Self {
        if wanted {
            self.fragments.push(fragment);
        }
        self
    }

    pub(crate) fn args(&self) -> &Args {
        &self.args
    }

    /// The text with every condition at its mark; `None` when the text has no mark or more than one.
    pub(crate) fn spliced(&self, sql: &str) -> Option<String> {
        let (head, tail) = sql.split_once(MARKER)?;
        if tail.contains(MARKER) {
            return None;
        }
        let conditions: String =
            self.fragments.iter().flat_map(|fragment| ["AND (", fragment, ") "]).collect();
        Some([head, &conditions, tail].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_joined_where_the_mark_is() {
        let filter =
            Where::new().and("a = :a", "a", 1_i64).and_some("b = :b", "b", None::<i64>).and_when(true, "c");
        assert_eq!(
            filter.spliced("WHERE x /*where*/ LIMIT 1").unwrap(),
            "WHERE x AND (a = :a) AND (c)  LIMIT 1"
        );
    }

    #[test]
    fn a_text_without_the_mark_is_refused_instead_of_unfiltered() {
        assert_eq!(Where::new().spliced("SELECT 1"), None);
    }
}
