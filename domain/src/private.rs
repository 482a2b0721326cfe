//! Values that must not leak through a log line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value about a person or a child: no `Display`, and `Debug` prints `[private]`. Serialising is allowed, because
/// what is serialised goes to the sealed store or, under a permit, into a package.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Marks a value as private.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for code that seals it, matches it, or shows it under a permit.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_value_does_not_print_itself() {
        assert_eq!(format!("{:?}", Some(Private::new("Robin"))), "Some([private])");
    }
}
