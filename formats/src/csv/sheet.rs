//! One sheet: a header, and rows of exactly as many cells, each written as soon as it is whole.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::package::words::is_unseen;

/// What spreadsheets need to read a file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Longest value in characters; spreadsheets break longer ones apart over the following cells.
const MAX_CELL_CHARS: usize = 32_000;
/// Stands at the end of a value that was cut.
const CUT: &str = " [cut here; the whole text is in report-full.json]";

/// A sheet with `N` columns, so that no row can have more or fewer cells than the header.
pub(super) struct Sheet<'a, const N: usize> {
    out: &'a mut dyn Write,
    /// The row that is being put together.
    row: String,
}

/// One cell.
pub(super) enum Cell {
    /// Somebody's words: guarded.
    Text(String),
    /// A number of ours, such as a coordinate. A minus sign before digits runs nothing, and a map needs the number.
    Number(f64),
}

/// A sheet that is short enough to be held.
pub(super) fn whole(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // INVARIANT: writing to memory cannot fail.
    write(&mut bytes).expect("memory takes every write");
    bytes
}

impl<'a, const N: usize> Sheet<'a, N> {
    pub(super) fn new(out: &'a mut dyn Write, header: [&str; N]) -> io::Result<Self> {
        let mut sheet = Self { out, row: BYTE_ORDER_MARK.to_owned() };
        sheet.row(header.map(Cell::from))?;
        Ok(sheet)
    }

    pub(super) fn row(&mut self, cells: [Cell; N]) -> io::Result<()> {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.row.push(',');
            }
            self.cell(&cell);
        }
        self.row.push_str("\r\n");
        self.out.write_all(self.row.as_bytes())?;
        self.row.clear();
        Ok(())
    }

    fn cell(&mut self, cell: &Cell) {
        let value = match cell {
            Cell::Text(words) => harmless(words),
            Cell::Number(number) => number.to_string(),
        };
        if value.contains(['"', ',', '\n', '\r', '\t', '\'']) || value.trim() != value {
            self.row.push('"');
            self.row.push_str(&value.replace('"', "\"\""));
            self.row.push('"');
        } else {
            self.row.push_str(&value);
        }
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Text(words.to_owned())
    }
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::Text(words)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or_else(|| Self::Text(String::new()), Into::into)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Text(number.to_string())
    }
}

/// The value with nothing in it that runs, hides or reorders: what begins like a formula gets an apostrophe in
/// front, and characters that nobody can see are written as their code.
fn harmless(words: &str) -> String {
    let unified = words.replace("\r\n", "\n");
    let mut out = String::with_capacity(unified.len());
    if unified.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    for (at, letter) in unified.chars().enumerate() {
        if at == MAX_CELL_CHARS {
            out.push_str(CUT);
            break;
        }
        if is_unseen(letter) && !matches!(letter, '\n' | '\t') {
            // INVARIANT: writing to a String cannot fail.
            write!(out, "<U+{:04X}>", u32::from(letter)).expect("a string takes every write");
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sheet<const N: usize>(header: [&str; N], row: [Cell; N]) -> Vec<u8> {
        whole(|out| Sheet::new(out, header)?.row(row))
    }

    fn one(words: &str) -> String {
        let text = String::from_utf8(sheet(["a"], [words.into()])).unwrap();
        text.strip_prefix("\u{feff}a\r\n").unwrap().strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn a_sheet_begins_with_a_byte_order_mark_and_ends_its_lines_with_both_characters() {
        let written = sheet(["a", "b"], ["1".into(), "2".into()]);
        assert_eq!(written, b"\xef\xbb\xbfa,b\r\n1,2\r\n");
    }

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted() {
        assert_eq!(one("a,b"), "\"a,b\"");
        assert_eq!(one("say \"a\""), "\"say \"\"a\"\"\"");
        assert_eq!(one("a\r\nb"), "\"a\nb\"");
    }

    #[test]
    fn a_value_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let cell = one(&format!("{start}1+1"));
            assert!(cell.starts_with("\"'"), "{cell}");
        }
        assert_eq!(one("1=1"), "1=1");
    }

    #[test]
    fn a_coordinate_keeps_its_minus_sign() {
        assert!(sheet(["a"], [Cell::Number(-93.25)]).ends_with(b"a\r\n-93.25\r\n"));
    }

    #[test]
    fn what_cannot_be_seen_is_written_as_its_code() {
        assert_eq!(one("gpj\u{202e}exe\0"), "gpj<U+202E>exe<U+0000>");
    }

    #[test]
    fn an_endless_value_is_cut_and_says_so() {
        let cell = one(&"x".repeat(MAX_CELL_CHARS + 1));
        assert!(cell.ends_with(CUT));
        assert_eq!(cell.chars().count(), MAX_CELL_CHARS + CUT.len());
    }

    proptest! {
        #[test]
        fn every_words_make_one_cell_that_runs_nothing(words in any::<String>()) {
            let cell = one(&words);
            let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let value = match inner {
                Some(inner) => {
                    let value = inner.replace("\"\"", "\u{1}");
                    prop_assert!(!value.contains('"'));
                    value
                }
                None => {
                    prop_assert!(!cell.contains([',', '"', '\n', '\r']));
                    cell.clone()
                }
            };
            prop_assert!(!value.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
