//! Why a file is not let in.

/// The file, or what was said about it, is not taken. Nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than [`crate::MAX_FILE_BYTES`].
    #[error("file has more than {limit_bytes} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit_bytes: usize,
    },
    /// None of the formats of that kind.
    #[error("file is in no known format of kind {kind}")]
    UnknownFormat {
        /// The kind that was asked for, as its word.
        kind: &'static str,
    },
    /// A text table is wrong at one line.
    #[error("line {line}: {cause}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        cause: Cause,
    },
    /// A MaxMind DB is damaged or is not about addresses to places or networks.
    #[error("address database: {cause}")]
    Database {
        /// What is wrong.
        cause: String,
    },
    /// No row of use in the whole file.
    #[error("table has no rows")]
    NoRows,
    /// Neither the file nor the caller says the day of the facts.
    #[error("day of the table is not known: say it")]
    NoDate,
    /// A day that is not `YYYY-MM-DD`.
    #[error("day of the table is not a date like 2026-01-31")]
    BadDate,
    /// The file and the caller name different days.
    #[error("file says it is of {file}, caller says {said}")]
    DateConflict {
        /// What the file says.
        file: String,
        /// What the caller says.
        said: String,
    },
    /// Neither the file nor the caller says who made it or how it may be used.
    #[error("{what} of the table is not known: say it")]
    NoProvenance {
        /// "source" or "licence".
        what: &'static str,
    },
    /// A name outside `[a-z0-9._-]{1,64}`.
    #[error("table name must be 1 to 64 of a-z, 0-9, dot, underscore, hyphen")]
    BadName,
    /// Not 64 lowercase hex digits.
    #[error("digest is not 64 lowercase hex digits")]
    BadDigest,
}

impl Refusal {
    /// Stable code for machine output and documentation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "table-too-large",
            Self::UnknownFormat { .. } => "table-format-unknown",
            Self::Line { .. } => "table-line-invalid",
            Self::Database { .. } => "table-database-invalid",
            Self::NoRows => "table-empty",
            Self::NoDate => "table-date-missing",
            Self::BadDate => "table-date-invalid",
            Self::DateConflict { .. } => "table-date-conflict",
            Self::NoProvenance { .. } => "table-provenance-missing",
            Self::BadName => "table-name-invalid",
            Self::BadDigest => "table-digest-invalid",
        }
    }
}

/// What is wrong with one line of a text table. Never repeats the line: it may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Longer than the reader takes.
    #[error("line is longer than {0} bytes")]
    LongLine(usize),
    /// One field is longer than the reader takes.
    #[error("field is longer than {0} bytes")]
    LongField(usize),
    /// More lines than the reader takes.
    #[error("table has more than {0} lines")]
    TooManyLines(usize),
    /// Not UTF-8.
    #[error("line is not utf-8")]
    NotText,
    /// A control character, which would travel into pages and packages.
    #[error("field has a control character")]
    Control,
    /// A quote that does not close, or closes too early.
    #[error("quotes do not match")]
    Quotes,
    /// Too few or too many fields.
    #[error("line has {found} fields, expected {expected}")]
    FieldCount {
        /// Fields that the line has.
        found: usize,
        /// Fields that the format has.
        expected: usize,
    },
    /// A field does not read as what it should be; the text names the field.
    #[error("{0} is not valid")]
    Field(&'static str),
    /// The same key stands in the table twice.
    #[error("{0} stands in the table twice")]
    Twice(&'static str),
    /// First address after the last, or across address families.
    #[error("range ends before it starts")]
    Backwards,
    /// The range crosses an earlier one.
    #[error("range crosses an earlier one")]
    Crossing,
    /// The header line misses something.
    #[error("header line does not say {0}")]
    Header(&'static str),
}
