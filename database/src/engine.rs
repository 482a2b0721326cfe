//! The two engines, and the few words in which their SQL differs.

/// Which engine is behind the seam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, one writer, group commit.
    Sqlite,
    /// A server, many processes.
    Postgres,
}

impl Engine {
    /// The name of the engine, as it is spelt in measures and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The words of this engine.
    pub fn dialect(self) -> Dialect {
        Dialect(self)
    }
}

/// The words that differ between the engines. A SQL constant writes one as `{blob}`; it is replaced once, when the
/// statement is first used. An unknown word is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect(Engine);

impl Dialect {
    /// The engine, for the rare text that exists once per engine.
    pub fn engine(self) -> Engine {
        self.0
    }

    /// The type of a column of bytes, written `{blob}`.
    pub fn blob(self) -> &'static str {
        self.pick("BLOB", "BYTEA")
    }

    /// Locks the rows that a decision rests on, written `{for_update}`. SQLite needs no word: its writer is alone. PostgreSQL
    /// is told that no key changes, so that whoever adds a row that refers to this one does not wait.
    pub fn for_update(self) -> &'static str {
        self.pick("", "FOR NO KEY UPDATE")
    }

    /// Waits for whoever holds rows [`Dialect::for_update`] and makes them wait, but nobody who only shares, written
    /// `{for_share}`.
    pub fn for_share(self) -> &'static str {
        self.pick("", "FOR SHARE")
    }

    /// Locks free rows and passes over those that another worker holds, written `{for_update_skip_locked}`.
    pub fn for_update_skip_locked(self) -> &'static str {
        self.pick("", "FOR NO KEY UPDATE SKIP LOCKED")
    }

    /// The word that a SQL constant writes as `{word}`.
    pub(crate) fn word(self, word: &str) -> Option<&'static str> {
        match word {
            "blob" => Some(self.blob()),
            "for_update" => Some(self.for_update()),
            "for_share" => Some(self.for_share()),
            "for_update_skip_locked" => Some(self.for_update_skip_locked()),
            _ => None,
        }
    }

    /// How the engine writes its numbered parameters.
    pub(crate) fn parameter_mark(self) -> char {
        match self.0 {
            Engine::Sqlite => '?',
            Engine::Postgres => '$',
        }
    }

    fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.0 {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        }
    }
}
