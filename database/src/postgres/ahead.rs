//! Reads that were announced: they go out behind the next statement that is waited for, in the same trip, and their rows
//! are kept until the transaction ends or writes what they read.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::TryStreamExt;
use tokio_postgres::{Client, Row, Statement as Prepared};

use super::link::Asked;
use crate::Value;
use crate::statement::Statement;

/// Reads of one transaction that are announced at a time. What is beyond is asked for when it is needed.
const MOST: usize = 64;
/// Words that say that a statement only reads.
const READS: &str = "SELECT";

/// The rows of one announced read, once they are there.
pub(super) type Rows = Rc<RefCell<Option<Rc<Vec<Row>>>>>;

/// What was announced in the present transaction.
#[derive(Default)]
pub(super) struct Ahead {
    announced: Vec<Announced>,
    unsent: Vec<(&'static str, Asked<'static, u64>)>,
}

struct Announced {
    statement: Rc<Statement>,
    values: Vec<Value>,
    rows: Rows,
}

impl Announced {
    /// Texts are compared, not their places: one constant may stand at several.
    fn is(&self, statement: &Statement, values: &[&Value]) -> bool {
        self.statement.text == statement.text && self.values.iter().eq(values.iter().copied())
    }
}

impl Ahead {
    /// Whether another read may be announced.
    pub(super) fn has_room(&self) -> bool {
        self.announced.len() < MOST
    }

    /// Announces a read.
    pub(super) fn announce(
        &mut self,
        statement: &Rc<Statement>,
        values: Vec<Value>,
        prepared: Prepared,
        client: impl AsRef<Client> + 'static,
    ) {
        let (rows, asked) = (Rows::default(), values.clone());
        let slot = Rc::clone(&rows);
        let question = async move {
            let found: Vec<Row> = client.as_ref().query_raw(&prepared, asked).await?.try_collect().await?;
            slot.replace(Some(Rc::new(found)));
            Ok(0)
        };
        self.unsent.push((statement.name, Box::pin(question)));
        self.announced.push(Announced { statement: Rc::clone(statement), values, rows });
    }

    /// The rows of a read that was announced, perhaps still on their way.
    pub(super) fn find(&self, statement: &Statement, values: &[&Value]) -> Option<Rows> {
        let announced = self.announced.iter().find(|announced| announced.is(statement, values));
        announced.map(|announced| Rc::clone(&announced.rows))
    }

    /// What is to be sent with the next trip.
    pub(super) fn unsent(&mut self) -> Vec<(&'static str, Asked<'static, u64>)> {
        std::mem::take(&mut self.unsent)
    }

    /// Forgets the rows of the table that a statement writes. What was not sent yet is read after it.
    pub(super) fn written(&mut self, text: &str) {
        if self.announced.is_empty() {
            return;
        }
        let table = table_of(text);
        self.announced.retain(|announced| {
            let is_there = announced.rows.borrow().is_some();
            !is_there
                || table.is_some_and(|table| table.is_empty() || !names(&announced.statement.text, table))
        });
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.announced.clear();
        self.unsent.clear();
    }
}

/// The table that a statement writes; empty for one that only reads, `None` where that cannot be told.
fn table_of(text: &str) -> Option<&str> {
    let words = text.lines().map(str::trim).filter(|line| !line.starts_with("--"));
    let mut words = words.flat_map(str::split_ascii_whitespace);
    match words.next()? {
        "INSERT" | "DELETE" => words.nth(1),
        "UPDATE" => words.next(),
        READS => Some(""),
        _ => None,
    }
}

/// Whether a text holds a word.
fn names(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|one| one == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_writes_is_read_from_its_first_words() {
        assert_eq!(table_of("-- t::t\n    INSERT INTO account (id) VALUES ($1)"), Some("account"));
        assert_eq!(table_of("-- t::t\n DELETE FROM account\n WHERE id = $1"), Some("account"));
        assert_eq!(table_of("-- t::t\nUPDATE account SET held = 1"), Some("account"));
        assert_eq!(table_of("-- t::t\nSELECT 1 FROM account"), Some(""));
        assert_eq!(table_of("-- t::t\nWITH due AS (SELECT 1) UPDATE account SET held = 1"), None);
    }

    #[test]
    fn a_table_is_named_by_its_whole_word() {
        assert!(names("SELECT 1 FROM report JOIN x ON x.id = report.id", "report"));
        assert!(!names("SELECT report_id FROM reports", "report"));
    }
}
