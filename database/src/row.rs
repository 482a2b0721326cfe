//! One row of an answer, read in place.

use crate::{Fault, FromValue, ValueRef, bound};

/// A row that is being read; it lives only while its answer is walked.
pub struct Row<'r> {
    pub(crate) statement: &'static str,
    pub(crate) inner: Inner<'r>,
}

pub(crate) enum Inner<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// Reads a column by its name in the `SELECT` or `RETURNING` list.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, Fault> {
        let place = match &self.inner {
            Inner::Sqlite(row) => row.as_ref().column_index(column).ok(),
            Inner::Postgres(row) => row.columns().iter().position(|known| known.name() == column),
        };
        match place {
            Some(place) => self.parsed(place, column),
            None => {
                Err(Fault::statement(self.statement, "column", format!("the answer has no column {column}")))
            }
        }
    }

    /// How many columns the answer has.
    #[must_use]
    pub fn width(&self) -> usize {
        match &self.inner {
            Inner::Sqlite(row) => row.as_ref().column_count(),
            Inner::Postgres(row) => row.len(),
        }
    }

    /// Reads a column by its place, counted from zero.
    pub fn at<T: FromValue>(&self, place: usize) -> Result<T, Fault> {
        self.parsed(place, &place.to_string())
    }

    fn parsed<T: FromValue>(&self, place: usize, column: &str) -> Result<T, Fault> {
        let value = self.value(place)?;
        T::from_value(value).map_err(|mismatch| Fault::column(self.statement, column, mismatch))
    }

    fn value(&self, place: usize) -> Result<ValueRef<'_>, Fault> {
        let value = match &self.inner {
            Inner::Sqlite(row) => bound::sqlite_value(row, place),
            Inner::Postgres(row) => bound::postgres_value(row, place),
        };
        value.map_err(|problem| Fault::statement(self.statement, "column", problem))
    }
}

/// Types that can be read from a whole row. Implement it for a struct with [`Row::get`] per column.
pub trait FromRow: Sized {
    /// Reads the row; fails when a column is absent or holds another type.
    fn from_row(row: &Row<'_>) -> Result<Self, Fault>;
}

impl<T: FromValue> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        row.at(0)
    }
}
