//! A refusal or a fault: what the store says instead of an answer.

use std::io;

use domain::{Profile, Stage};
use seal::CustodyFault;

use crate::keys;

/// The answer of every store function.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Part of the contract; the caller may hear it.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// Ours to mend; the caller gets an incident number.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The house says no, and the caller may hear why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Also said where the caller may not learn that the thing exists.
    #[error("no such thing")]
    NotFound,
    /// The report was finished; nothing of it changes any more.
    #[error("the report is already finished")]
    AlreadyFinished,
    /// The report was withdrawn by its provider.
    #[error("the report was retracted")]
    AlreadyRetracted,
    /// The report was never finished, and its time ran out.
    #[error("the report expired before it was finished")]
    Expired,
    /// The report has no such file.
    #[error("the report has no such file")]
    FileNotFound,
    /// The credential may read but not write.
    #[error("this credential may not write")]
    ReadOnly,
    /// The credential, person or agency was switched off.
    #[error("this access is disabled")]
    Disabled,
    /// The report has moved on since the decision was made.
    #[error("report is already {stage}")]
    TooLate {
        /// Where it stands now.
        stage: Stage,
    },
    /// Somebody else changed the same thing, or it is already there.
    #[error("somebody else was first")]
    Conflict,
    /// The agency is not qualified, or no longer.
    #[error("the agency is not qualified to receive")]
    NotQualified,
    /// Keys and content were destroyed by rule.
    #[error("the content was destroyed")]
    Destroyed,
    /// Nobody reads the file any more: its destruction was asked for.
    #[error("the file is blocked until its destruction")]
    Blocked,
    /// The bytes were hashed and not kept.
    #[error("the bytes were not kept")]
    NotRetained,
    /// The lease ran out and another worker has the work now.
    #[error("the lease was lost")]
    LeaseLost,
    /// The leaf is durable but no signed checkpoint covers it yet.
    #[error("no checkpoint covers this leaf yet")]
    NotSequenced,
    /// The value does not have the form or size that is asked for.
    #[error("the {what} is not acceptable")]
    Unfit {
        /// What was given.
        what: &'static str,
    },
    /// The session waits until its person shows again who they are.
    #[error("the session is locked until its person verifies themself again")]
    Locked,
    /// What was asked for takes a person who showed who they are within the last minutes.
    #[error("the person has to verify themself again first")]
    NotFresh,
    /// Without it the person could not come back.
    #[error("it is the last key")]
    LastKey,
    /// Too many attempts went wrong; the next one has to wait, or an administrator has to say so (AC-7).
    #[error("too many attempts went wrong")]
    TooOften,
    /// The role of whoever asks has no right to this.
    #[error("this role may not do that")]
    NotAllowed,
    /// Two people must agree, and this is the one who asked.
    #[error("another person must agree")]
    SamePerson,
    /// It was decided, withdrawn, used or too old already.
    #[error("this is no longer open")]
    Closed,
    /// This house was set up under another profile, which never changes.
    #[error("this house was set up as {recorded}")]
    OtherProfile {
        /// What it was set up as.
        recorded: Profile,
    },
}

impl Refusal {
    /// The stable name of this refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::AlreadyFinished => "already-finished",
            Self::AlreadyRetracted => "already-retracted",
            Self::Expired => "expired",
            Self::FileNotFound => "file-not-found",
            Self::ReadOnly => "read-only",
            Self::Disabled => "disabled",
            Self::TooLate { .. } => "too-late",
            Self::Conflict => "conflict",
            Self::NotQualified => "not-qualified",
            Self::Destroyed => "destroyed",
            Self::Blocked => "blocked",
            Self::NotRetained => "not-retained",
            Self::LeaseLost => "lease-lost",
            Self::NotSequenced => "not-sequenced",
            Self::Unfit { .. } => "unfit",
            Self::Locked => "locked",
            Self::NotFresh => "not-fresh",
            Self::LastKey => "last-key",
            Self::TooOften => "too-often",
            Self::NotAllowed => "not-allowed",
            Self::SamePerson => "same-person",
            Self::Closed => "closed",
            Self::OtherProfile { .. } => "other-profile",
        }
    }
}

/// Something of ours broke. No variant carries private data.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database did not keep or did not find.
    #[error("the database failed")]
    Database(#[source] database::Fault),
    /// Sealing or opening failed.
    #[error("sealing failed")]
    Seal(#[from] seal::Fault),
    /// Whoever holds the keys above the data keys did not answer, or would not.
    #[error("custody of the keys failed")]
    Custody(#[source] CustodyFault),
    /// A key is wrapped under an epoch that this process has not seen yet. It looks, and tries again.
    #[error("the keys have changed")]
    StaleKeys,
    /// The tree or its proof could not be made.
    #[error("the ledger failed")]
    Ledger(#[from] ledger::Fault),
    /// An act noted nothing, so nothing of it was kept.
    #[error("{act} noted nothing in the ledger")]
    NoLeaf {
        /// The act.
        act: &'static str,
    },
    /// An act wrote rows that are evidence, and none of its events says whose they are. Only while it is tested.
    #[error("the rows of {table} were written, and no event says whose they are")]
    Untold {
        /// Under which name they are told.
        table: &'static str,
    },
    /// A row holds what this program never wrote.
    #[error("a stored {what} cannot be read")]
    Row {
        /// What the row was said to hold.
        what: &'static str,
    },
    /// A file of the installation could not be written or read.
    #[error("input or output failed while {doing}")]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The depot did not keep or did not find sealed bytes.
    #[error("the vault failed")]
    Depot(#[source] depot::Fault),
    /// A blob is not where its row says, or shorter.
    #[error("a blob is missing from the vault")]
    BlobMissing,
    /// A thread of ours ended early.
    #[error("{what} has stopped")]
    Stopped {
        /// The part that stopped.
        what: &'static str,
    },
    /// The settings cannot be used.
    #[error("settings: {0}")]
    Settings(String),
}

impl Fault {
    /// Whether the same call may well succeed a little later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Database(fault) => fault.is_passing(),
            Self::Depot(fault) => fault.is_passing(),
            Self::Custody(fault) => fault.is_passing(),
            Self::StaleKeys => true,
            Self::Io { .. } => true,
            _ => false,
        }
    }

    /// From the system, with what we were doing.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }
}

impl Error {
    /// The refusal, when it is one.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refusal(refusal) => Some(*refusal),
            Self::Fault(_) => None,
        }
    }
}

impl From<depot::Fault> for Fault {
    fn from(fault: depot::Fault) -> Self {
        match fault {
            depot::Fault::Missing => Self::BlobMissing,
            depot::Fault::Address(why) => Self::Settings(format!("vault.url: {why}")),
            fault => Self::Depot(fault),
        }
    }
}

impl From<depot::Fault> for Error {
    fn from(fault: depot::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<database::Fault> for Fault {
    fn from(fault: database::Fault) -> Self {
        if keys::are_stale(&fault) { Self::StaleKeys } else { Self::Database(fault) }
    }
}

impl From<database::Fault> for Error {
    fn from(fault: database::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<CustodyFault> for Fault {
    fn from(fault: CustodyFault) -> Self {
        match fault {
            CustodyFault::Seal(fault) => Self::Seal(fault),
            fault => Self::Custody(fault),
        }
    }
}

impl From<CustodyFault> for Error {
    fn from(fault: CustodyFault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<seal::Fault> for Error {
    fn from(fault: seal::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<ledger::Fault> for Error {
    fn from(fault: ledger::Fault) -> Self {
        Self::Fault(fault.into())
    }
}
