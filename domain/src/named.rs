//! One way to give a closed list of words its text form, so that database, JSON and pages never disagree on it.

/// A word that is not on the closed list it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {list}: {word:?}")]
pub struct UnknownWord {
    /// The list that was asked, such as `stage`.
    pub list: &'static str,
    /// The word that is not on it.
    pub word: String,
}

/// Declares an enum whose variants have exactly one text each, with `as_str`, `FromStr`, `Display`, `ALL` and serde.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident ($list:literal) { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The one text of this word, the same in database, JSON and pages.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($text => Ok($name::$variant),)+
                    _ => Err($crate::UnknownWord { list: $list, word: word.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// Declares the number of a thing that is no report and has a key of its own: it comes from the same sequence.
macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident ($kind:literal)) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name($crate::ReportId);

        impl $name {
            /// The number itself.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0.get()
            }

            /// The number under which its key is kept; no report has it.
            #[must_use]
            pub const fn key(self) -> $crate::ReportId {
                self.0
            }
        }

        impl From<$crate::ReportId> for $name {
            /// Of a number that was taken for it.
            fn from(number: $crate::ReportId) -> Self {
                Self(number)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidId;
            fn from_str(text: &str) -> Result<Self, $crate::InvalidId> {
                text.parse().map(Self).map_err(|_| $crate::InvalidId { kind: $kind })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pub(crate) use {numbered, words};
