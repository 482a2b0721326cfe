//! What an operator can set.

use std::fmt;
use std::path::PathBuf;

/// Where the database is and how much it may do at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// `sqlite:PATH`, `sqlite::memory:` (tests only), or `postgres://user@host/name?sslmode=…`. For PostgreSQL a
    /// checked certificate is demanded unless the URL says `sslmode=disable`, which is honoured on loopback
    /// addresses and unix sockets only.
    pub url: String,
    /// SQLite: connections that read, each with its thread.
    pub readers: usize,
    /// PostgreSQL: connections, each with its thread.
    pub connections: usize,
    /// PostgreSQL: PEM file with the certificate authorities that may vouch for the server.
    pub ca_file: Option<PathBuf>,
    /// Transactions that may wait for a thread; one more is refused with [`Fault::Overloaded`](crate::Fault).
    pub queue_bound: usize,
    /// Transactions that take longer than this, in milliseconds, are traced with their name.
    pub slow_ms: u64,
    /// SQLite: how long to wait for another process that holds the file, in milliseconds.
    pub busy_timeout_ms: u32,
    /// PostgreSQL: how long to try to reach the server before a transaction is answered as unavailable, in
    /// milliseconds.
    pub connect_timeout_ms: u64,
    /// PostgreSQL: how long one statement may run before the server ends it, in milliseconds.
    pub statement_timeout_ms: u64,
    /// PostgreSQL: how long a caller waits for its answer in all, its turn included, before it is told that the
    /// database is unavailable, in milliseconds. Longer than one statement may run, so that the server, which can say
    /// whether anything was kept, speaks first where it can.
    pub answer_timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "sqlite:clearinghouse.sqlite".to_owned(),
            readers: 4,
            connections: 16,
            ca_file: None,
            queue_bound: 4_096,
            slow_ms: 250,
            busy_timeout_ms: 5_000,
            connect_timeout_ms: 2_000,
            statement_timeout_ms: 15_000,
            answer_timeout_ms: 20_000,
        }
    }
}

impl Settings {
    /// The defaults with another URL.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

impl fmt::Debug for Settings {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("readers", &self.readers)
            .field("connections", &self.connections)
            .field("ca_file", &self.ca_file)
            .field("queue_bound", &self.queue_bound)
            .finish_non_exhaustive()
    }
}
