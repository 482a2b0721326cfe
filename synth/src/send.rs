//! The load generator: status, submit, upload, fileinfo, finish, as a provider's client does it.

mod client;
mod latency;
mod run;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use domain::{FileId, ReportId};

use crate::plan::Plan;

pub use latency::Latency;
pub use run::send;

/// Credentials of one provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// User name of Basic authentication.
    pub username: String,
    /// Password of Basic authentication.
    pub password: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What to send, and where to.
#[derive(Clone)]
pub struct SendOptions {
    /// Base of the API, such as `http://127.0.0.1:8480/ispws`.
    pub base: String,
    /// One account a provider, largest first. The plan is sent with as many senders as there are accounts.
    pub accounts: Vec<Account>,
    /// What to send.
    pub plan: Plan,
    /// Which reports of it.
    pub reports: Range<u64>,
    /// Reports started a second; `None` as many as the connections carry.
    pub rate: Option<f64>,
    /// Reports in flight at most.
    pub connections: usize,
    /// Attempts at one request; those after the first wait as `Retry-After` says.
    pub attempts: u32,
    /// Who hears what happens, while it happens.
    pub watch: Arc<dyn Watch>,
}

/// Hears what happens to each report. Calls come from several tasks; they must be short.
pub trait Watch: Send + Sync {
    /// A finish was acknowledged: from now on the report must never be lost.
    fn acknowledged(&self, _report: &Acknowledged) {}
    /// The API refused the report with this code, as it must or not.
    fn refused(&self, _index: u64, _code: u32) {}
    /// The report was given up: no usable answer.
    fn failed(&self, _index: u64, _fault: &SendFault) {}
}

/// Hears nothing.
impl Watch for () {}

/// A report whose finish was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its number in the plan.
    pub index: u64,
    /// Position of its sender among the accounts.
    pub sender: usize,
    /// The id that the API gave.
    pub report: ReportId,
    /// Each file's id and SHA-256, in upload order.
    pub files: Vec<(FileId, [u8; 32])>,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SendReport {
    /// Reports whose finish was acknowledged.
    pub accepted: u64,
    /// Reports that were refused, by response code.
    pub refused: BTreeMap<u32, u64>,
    /// Reports that were given up for want of a usable answer.
    pub failed: u64,
    /// Reports that were accepted and should not have been, or the other way round. None in a healthy house.
    pub surprises: u64,
    /// Files that were acknowledged.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long a finish took to be answered.
    pub finish_latency: Latency,
    /// How long the whole run took.
    pub elapsed: Duration,
}

/// Why a run could not start, or a report was given up.
#[derive(Debug, thiserror::Error)]
pub enum SendFault {
    /// No account was given.
    #[error("no account to send with")]
    NoAccount,
    /// The client could not be made.
    #[error("cannot make an HTTP client")]
    Client(#[source] reqwest::Error),
    /// No answer within the attempts.
    #[error("no answer from {endpoint}")]
    NoAnswer {
        /// Last part of the path.
        endpoint: &'static str,
        /// What the transport said.
        #[source]
        source: reqwest::Error,
    },
    /// An answer that is none of the documented shapes.
    #[error("{endpoint} answered status {status} without a usable document")]
    BadAnswer {
        /// Last part of the path.
        endpoint: &'static str,
        /// HTTP status.
        status: u16,
    },
    /// The answer names another digest than the bytes have.
    #[error("the digest in the answer is not that of the file")]
    WrongDigest,
    /// The API refused.
    #[error("{endpoint} answered code {code}")]
    Refused {
        /// Last part of the path.
        endpoint: &'static str,
        /// Response code.
        code: u32,
    },
}
