//! Values at the border to each driver.

use std::error::Error;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef as SqliteRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::{Value, ValueRef};

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => SqliteRef::Null,
            Self::Int(number) => SqliteRef::Integer(*number),
            Self::Real(number) => SqliteRef::Real(*number),
            Self::Text(text) => SqliteRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => SqliteRef::Blob(bytes),
            Self::Unfit(why) => return Err(rusqlite::Error::ToSqlConversionFailure((*why).into())),
        }))
    }
}

/// A column of a SQLite row.
pub(crate) fn sqlite_value<'r>(row: &'r rusqlite::Row<'_>, place: usize) -> Result<ValueRef<'r>, String> {
    match row.get_ref(place).map_err(|error| error.to_string())? {
        SqliteRef::Null => Ok(ValueRef::Null),
        SqliteRef::Integer(number) => Ok(ValueRef::Int(number)),
        SqliteRef::Real(number) => Ok(ValueRef::Real(number)),
        SqliteRef::Text(text) => {
            std::str::from_utf8(text).map(ValueRef::Text).map_err(|_| "the text is not UTF-8".to_owned())
        }
        SqliteRef::Blob(bytes) => Ok(ValueRef::Bytes(bytes)),
    }
}

/// A column of a PostgreSQL row.
pub(crate) fn postgres_value(row: &tokio_postgres::Row, place: usize) -> Result<ValueRef<'_>, String> {
    row.try_get::<usize, ValueRef<'_>>(place).map_err(|error| error.to_string())
}

impl<'a> FromSql<'a> for ValueRef<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => ValueRef::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Int(i64::from(i32::from_sql(kind, raw)?)),
            Type::INT2 => ValueRef::Int(i64::from(i16::from_sql(kind, raw)?)),
            // SQLite answers comparisons with 0 and 1.
            Type::BOOL => ValueRef::Int(i64::from(bool::from_sql(kind, raw)?)),
            Type::FLOAT8 => ValueRef::Real(f64::from_sql(kind, raw)?),
            Type::FLOAT4 => ValueRef::Real(f64::from(f32::from_sql(kind, raw)?)),
            Type::BYTEA => ValueRef::Bytes(<&[u8]>::from_sql(kind, raw)?),
            _ => ValueRef::Text(<&str>::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(ValueRef::Null)
    }

    fn accepts(kind: &Type) -> bool {
        const ALSO: [Type; 7] =
            [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::FLOAT8, Type::FLOAT4, Type::BYTEA];
        ALSO.contains(kind) || <&str as FromSql>::accepts(kind)
    }
}

/// A value in the type that PostgreSQL inferred for its parameter.
#[derive(Debug)]
pub(crate) enum Parameter<'a> {
    Big(Option<i64>),
    Medium(Option<i32>),
    Small(Option<i16>),
    Truth(Option<bool>),
    Real(Option<f64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
}

impl<'a> Parameter<'a> {
    /// Fits a value to a parameter of the given type, or says in general terms why it does not fit.
    pub(crate) fn fitted(value: &'a Value, kind: &Type) -> Result<Self, String> {
        let fitted = match *kind {
            Type::INT8 => whole(value).map(Self::Big),
            Type::INT4 => narrowed(value).map(Self::Medium),
            Type::INT2 => narrowed(value).map(Self::Small),
            Type::BOOL => narrowed::<u8>(value).map(|number| Self::Truth(number.map(|number| number != 0))),
            Type::FLOAT8 => match value {
                Value::Null => Some(Self::Real(None)),
                Value::Real(number) => Some(Self::Real(Some(*number))),
                _ => None,
            },
            Type::BYTEA => match value {
                Value::Null => Some(Self::Bytes(None)),
                Value::Bytes(bytes) => Some(Self::Bytes(Some(bytes))),
                _ => None,
            },
            _ => match value {
                Value::Null => Some(Self::Text(None)),
                Value::Text(text) => Some(Self::Text(Some(text))),
                _ => None,
            },
        };
        fitted.ok_or_else(|| format!("the value does not fit a parameter of type {kind}"))
    }

    pub(crate) fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Big(value) => value,
            Self::Medium(value) => value,
            Self::Small(value) => value,
            Self::Truth(value) => value,
            Self::Real(value) => value,
            Self::Text(value) => value,
            Self::Bytes(value) => value,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Parameter::fitted(self, kind)?.as_sql().to_sql_checked(kind, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn whole(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Null => Some(None),
        Value::Int(number) => Some(Some(*number)),
        _ => None,
    }
}

fn narrowed<T: TryFrom<i64>>(value: &Value) -> Option<Option<T>> {
    match whole(value)? {
        None => Some(None),
        Some(number) => T::try_from(number).ok().map(Some),
    }
}
