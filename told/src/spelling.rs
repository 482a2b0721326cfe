//! The one spelling of a row that is hashed.

use database::{Fault, FromValue, Mismatch, Row, ValueRef};

/// A row as it is hashed: for each column its type, its length, its bytes.
///
/// # Errors
/// A fault of the database.
pub fn spelled(row: &Row<'_>) -> Result<Vec<u8>, Fault> {
    let columns = (0..row.width()).map(|place| row.at::<Spelling>(place));
    let columns = columns.map(|column| column.map(|Spelling(bytes)| bytes));
    Ok(columns.collect::<Result<Vec<_>, _>>()?.concat())
}

struct Spelling(Vec<u8>);

impl FromValue for Spelling {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let number: [u8; 8];
        let (kind, bytes): (u8, &[u8]) = match value {
            ValueRef::Null => (0, &[]),
            ValueRef::Int(whole) => {
                number = whole.to_be_bytes();
                (1, &number)
            }
            ValueRef::Text(text) => (2, text.as_bytes()),
            ValueRef::Bytes(bytes) => (3, bytes),
            ValueRef::Real(real) => {
                number = real.to_be_bytes();
                (4, &number)
            }
        };
        Ok(Self([&[kind][..], &(bytes.len() as u64).to_be_bytes(), bytes].concat()))
    }
}
