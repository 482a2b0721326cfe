//! What a setting looks like from outside: its JSON Schema, made from the same lines that declare it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use domain::Profile;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A type that can stand in the configuration, with its JSON Schema.
pub trait Shape {
    /// The schema of this type, without description and default.
    fn shape() -> Value;
}

/// Text that must not stand in the configuration file: it comes from the environment, or from a file that a key
/// beside it names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub domain::Private<String>);

impl Shape for Secret {
    fn shape() -> Value {
        json!({ "type": "string", "writeOnly": true })
    }
}

impl Shape for String {
    fn shape() -> Value {
        json!({ "type": "string" })
    }
}

impl Shape for PathBuf {
    fn shape() -> Value {
        json!({ "type": "string", "format": "path" })
    }
}

impl Shape for bool {
    fn shape() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Shape for u32 {
    fn shape() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
    }
}

impl Shape for SocketAddr {
    fn shape() -> Value {
        json!({ "type": "string", "format": "address:port" })
    }
}

impl Shape for Profile {
    fn shape() -> Value {
        json!({ "enum": Self::ALL })
    }
}

impl<T: Shape> Shape for Option<T> {
    fn shape() -> Value {
        T::shape()
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape() -> Value {
        json!({ "type": "array", "items": T::shape() })
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn shape() -> Value {
        json!({ "type": "object", "additionalProperties": T::shape() })
    }
}

/// The schema of a table with these keys and no others: name, description, schema, default.
pub fn table(about: &str, keys: Vec<(&str, &str, Value, Value)>) -> Value {
    let mut properties = Map::new();
    for (name, description, mut shape, default) in keys {
        if let Value::Object(shape) = &mut shape {
            shape.insert("description".to_owned(), description.trim().into());
            // A table's default is that of its keys, and "nothing" needs no words.
            if !default.is_null() && !default.is_object() {
                shape.insert("default".to_owned(), default);
            }
        }
        properties.insert(name.to_owned(), shape);
    }
    json!({
        "type": "object", "description": about.trim(), "properties": properties, "additionalProperties": false,
    })
}

/// The dotted names of all keys below a schema that hold secrets.
pub fn secrets(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, shape) in schema["properties"].as_object().into_iter().flatten() {
        if shape["writeOnly"] == true {
            found.push(name.clone());
        }
        found.extend(secrets(shape).into_iter().map(|below| format!("{name}.{below}")));
    }
    found
}

/// Declares a table of the configuration: the struct, its defaults and its schema, from one list.
macro_rules! section {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr,)* }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[doc = $doc])+ pub $key: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl $crate::config::shape::Shape for $name {
            fn shape() -> serde_json::Value {
                let default = serde_json::to_value(Self::default()).unwrap_or_default();
                $crate::config::shape::table(concat!($($about),+), vec![$((
                    stringify!($key),
                    concat!($($doc),+),
                    <$type as $crate::config::shape::Shape>::shape(),
                    default[stringify!($key)].clone(),
                ),)*])
            }
        }
    };
}

/// Declares a closed list of words for the configuration.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] #[value(name = $word)] $variant,)+ }

        impl $crate::config::shape::Shape for $name {
            fn shape() -> serde_json::Value {
                serde_json::json!({ "enum": [$($word),+] })
            }
        }
    };
}

pub(crate) use {choice, section};
