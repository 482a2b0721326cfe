//! The five kinds of value that both engines store alike, and the way in and out of them.

/// A value on its way into the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// `BIGINT`: numbers, moments in microseconds, and booleans as 0 and 1.
    Int(i64),
    /// `DOUBLE PRECISION`.
    Real(f64),
    /// `TEXT`.
    Text(String),
    /// `BYTEA` on PostgreSQL, `BLOB` on SQLite.
    Bytes(Vec<u8>),
    /// A value that no column can hold, with what is wrong with it; refused when the statement is bound. It lets
    /// [`ToValue`] stay infallible, so that `bind!` reads as a list.
    Unfit(&'static str),
}

/// A value on its way out, borrowed from the row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// No value.
    Null,
    /// Any whole number.
    Int(i64),
    /// Any floating point number.
    Real(f64),
    /// Text, always UTF-8.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Value {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Unfit(_) => 0,
            Self::Int(_) | Self::Real(_) => 8,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl ValueRef<'_> {
    /// The kind of value, for the message of a [`Mismatch`]. Never the value itself, which may be private.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "whole number",
            Self::Real(_) => "floating point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// A stored value that does not fit the type asked for. Carries kinds only, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct Mismatch {
    expected: &'static str,
    found: &'static str,
}

impl Mismatch {
    /// For the `FromValue` of a type of yours: `expected` names the type, as in `"report id"`.
    pub fn new(expected: &'static str, found: ValueRef<'_>) -> Self {
        Self { expected, found: found.kind() }
    }
}

/// Types that can be bound to a parameter. Implement it for an id type by going through [`Value`].
pub trait ToValue {
    /// The value to store.
    fn to_value(&self) -> Value;
}

/// Types that can be read from a column. Implement it for an id type by reading its inner type first.
pub trait FromValue: Sized {
    /// Parses a stored value; fails when it has another kind or is out of range.
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch>;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty => $name:literal),+) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value {
                i64::try_from(*self).map_or(Value::Unfit("a number above the largest BIGINT"), Value::Int)
            }
        }

        impl FromValue for $number {
            fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
                match value {
                    ValueRef::Int(number) => Self::try_from(number).map_err(|_| Mismatch::new($name, value)),
                    _ => Err(Mismatch::new($name, value)),
                }
            }
        }
    )+};
}

whole_numbers! {
    i64 => "64-bit number",
    i32 => "32-bit number",
    u64 => "number that is not negative",
    u32 => "32-bit number that is not negative",
    u16 => "16-bit number that is not negative",
    u8 => "8-bit number that is not negative",
    usize => "number that is not negative"
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Int(0) => Ok(false),
            ValueRef::Int(1) => Ok(true),
            _ => Err(Mismatch::new("0 or 1", value)),
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value {
        // SQLite would store NaN as NULL, PostgreSQL as NaN: refused, so that both keep the same row.
        if self.is_nan() { Value::Unfit("not a number") } else { Value::Real(*self) }
    }
}

impl FromValue for f64 {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Real(number) => Ok(number),
            _ => Err(Mismatch::new("floating point number", value)),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        // PostgreSQL cannot hold U+0000 in TEXT, SQLite can: refused, so that both keep the same rows.
        if self.contains('\0') { Value::Unfit("text with U+0000") } else { Value::Text(self.to_owned()) }
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}

impl FromValue for String {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Text(text) => Ok(text.to_owned()),
            _ => Err(Mismatch::new("text", value)),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(Mismatch::new("bytes", value)),
        }
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value {
            ValueRef::Bytes(bytes) => {
                bytes.try_into().map_err(|_| Mismatch::new("bytes of another length", value))
            }
            _ => Err(Mismatch::new("bytes", value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beyond_bigint_is_unfit_instead_of_wrapped() {
        assert!(matches!(u64::MAX.to_value(), Value::Unfit(_)));
        assert_eq!((i64::MAX as u64).to_value(), Value::Int(i64::MAX));
    }

    #[test]
    fn a_negative_number_is_not_read_as_an_unsigned_one() {
        assert!(u64::from_value(ValueRef::Int(-1)).is_err());
        assert!(u32::from_value(ValueRef::Int(1 << 40)).is_err());
    }

    #[test]
    fn only_zero_and_one_are_booleans() {
        assert_eq!(bool::from_value(ValueRef::Int(1)), Ok(true));
        assert!(bool::from_value(ValueRef::Int(2)).is_err());
    }

    #[test]
    fn a_mismatch_names_kinds_and_never_the_value() {
        let message = i64::from_value(ValueRef::Text("private words")).unwrap_err().to_string();
        assert_eq!(message, "expected 64-bit number, found text");
    }

    #[test]
    fn null_is_only_read_as_an_option() {
        assert_eq!(Option::<String>::from_value(ValueRef::Null), Ok(None));
        assert!(String::from_value(ValueRef::Null).is_err());
    }
}
