//! What PostgreSQL's errors mean here.

use tokio_postgres::error::{DbError, SqlState};

use crate::tx::{Failure, Trouble};
use crate::{Cause, Constraint, Fault};

/// A statement's error. The fault carries the server's sentence without its details, which quote rows.
pub(super) fn failure(statement: &'static str, error: &tokio_postgres::Error) -> Failure {
    let Some(said) = error.as_db_error() else {
        let trouble = if is_loss(error) { Trouble::Lost } else { Trouble::Failed };
        let fault = match trouble {
            Trouble::Lost => unreachable(error),
            _ => Fault::statement(statement, "driver", error.to_string()),
        };
        return Failure { fault, trouble };
    };
    let cause = Cause::new(said.code().code(), said.message());
    let code = said.code();
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return Failure {
            fault: Fault::Statement { name: statement, source: cause },
            trouble: Trouble::Collided,
        };
    }
    if is_shutdown(code) {
        return Failure { fault: Fault::Unavailable { source: cause }, trouble: Trouble::Lost };
    }
    let fault = match &code.code()[..2] {
        "23" => constraint(statement, said),
        "53" if *code == SqlState::DISK_FULL => Fault::Full,
        // Too little of something, a server in recovery, a statement or lock that took too long.
        "53" | "55" | "57" | "25" if *code != SqlState::IN_FAILED_SQL_TRANSACTION => {
            Fault::Unavailable { source: cause }
        }
        _ => Fault::Statement { name: statement, source: cause },
    };
    Failure { fault, trouble: Trouble::Failed }
}

/// A server that cannot be reached or does not let us in.
pub(super) fn unreachable(error: &tokio_postgres::Error) -> Fault {
    if let Some(said) = error.as_db_error() {
        return Fault::unavailable(said.code().code(), said.message());
    }
    let mut message = error.to_string();
    let mut deeper = std::error::Error::source(error);
    while let Some(source) = deeper {
        message = format!("{message}: {source}");
        deeper = source.source();
    }
    Fault::unavailable("connection", message)
}

/// Whether the connection is of no more use.
fn is_loss(error: &tokio_postgres::Error) -> bool {
    let is_io = |source: &(dyn std::error::Error + 'static)| source.is::<std::io::Error>();
    error.is_closed() || std::error::Error::source(error).is_some_and(is_io)
}

fn is_shutdown(code: &SqlState) -> bool {
    [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW].contains(code)
        || code.code().starts_with("08")
}

fn constraint(statement: &'static str, said: &DbError) -> Fault {
    let code = said.code();
    let kind = if *code == SqlState::UNIQUE_VIOLATION {
        Constraint::Unique
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        Constraint::ForeignKey
    } else if *code == SqlState::NOT_NULL_VIOLATION {
        Constraint::NotNull
    } else if *code == SqlState::CHECK_VIOLATION {
        Constraint::Check
    } else {
        Constraint::Other
    };
    let name = said.constraint().or(said.column()).unwrap_or("unnamed").to_owned();
    Fault::Constraint { kind, name, statement }
}
