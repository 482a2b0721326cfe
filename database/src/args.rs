//! The values of one statement, by name.

use crate::{ToValue, Value};

/// The arguments of one statement; made by [`bind!`](crate::bind).
#[derive(Debug, Clone, Default)]
pub struct Args {
    named: Vec<(&'static str, Value)>,
}

impl Args {
    /// No arguments, for statements without parameters.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one value under the name that the SQL text gives it, without its colon.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToValue) -> Self {
        self.named.push((name, value.to_value()));
        self
    }

    /// Puts the arguments of an optional filter beside these.
    pub(crate) fn joined(&self, others: &Self) -> Self {
        let mut named = self.named.clone();
        named.extend(others.named.iter().cloned());
        Self { named }
    }

    pub(crate) fn named(&self) -> &[(&'static str, Value)] {
        &self.named
    }
}

/// The arguments of a statement by name: `bind! { report_id, stage: stage.as_str(), note: None::<String> }`.
///
/// A bare name binds the variable of that name. The order does not matter: the SQL text says `:report_id`.
#[macro_export]
macro_rules! bind {
    () => { $crate::Args::none() };
    ($($field:tt)+) => { $crate::bind_fields!([$crate::Args::none()] $($field)+) };
}

/// The inside of [`bind!`]: one field at a time.
#[doc(hidden)]
#[macro_export]
macro_rules! bind_fields {
    ([$args:expr]) => { $args };
    ([$args:expr] $name:ident : $value:expr $(, $($rest:tt)*)?) => {
        $crate::bind_fields!([$args.with(stringify!($name), $value)] $($($rest)*)?)
    };
    ([$args:expr] $name:ident $(, $($rest:tt)*)?) => {
        $crate::bind_fields!([$args.with(stringify!($name), &$name)] $($($rest)*)?)
    };
}
