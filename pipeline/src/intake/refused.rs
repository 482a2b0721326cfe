//! What a provider is told when we say no, and what it is told when something of ours broke.

use cybertip::Rejection;
use cybertip::response::ResponseCode;
use domain::ReportId;
use store::{Error, House, Refusal};

/// A refusal in the words of the reporting API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The documented code.
    pub code: ResponseCode,
    /// The text of the answer, when it says more than the code's own.
    pub description: Option<String>,
    /// One plain sentence for the people at the other end.
    pub help: Option<String>,
    /// The report that it is about.
    pub report: Option<ReportId>,
}

impl Refused {
    /// A refusal by its code alone.
    #[must_use]
    pub const fn of(code: ResponseCode) -> Self {
        Self { code, description: None, help: None, report: None }
    }

    /// The same, about a report.
    #[must_use]
    pub const fn about(code: ResponseCode, report: ReportId) -> Self {
        Self { code, description: None, help: None, report: Some(report) }
    }

    pub(super) fn document(rejection: &Rejection) -> Self {
        let description = Some(rejection.description());
        Self { code: rejection.response_code(), description, help: rejection.help(), report: None }
    }

    /// What the store said, as the provider hears it. A fault is logged here and nowhere else; `failed` is the code
    /// for it, on which clients try again.
    pub(super) fn stored(
        house: &House,
        error: Error,
        failed: ResponseCode,
        report: Option<ReportId>,
    ) -> Self {
        match error {
            Error::Refusal(refusal) => Self { report, ..Self::of(code_of(refusal, failed)) },
            Error::Fault(fault) => {
                let incident = crate::request_number(house);
                tracing::error!(incident, error = &fault as &dyn std::error::Error, "intake failed");
                let help = Some(format!("nothing was lost: try again; incident {incident}"));
                Self { help, report, ..Self::of(failed) }
            }
        }
    }
}

/// Expired, foreign and unknown reports are the same to a provider: there is no such report.
const fn code_of(refusal: Refusal, failed: ResponseCode) -> ResponseCode {
    match refusal {
        Refusal::NotFound | Refusal::Expired | Refusal::Destroyed => ResponseCode::NoSuchReport,
        Refusal::AlreadyFinished | Refusal::TooLate { .. } => ResponseCode::AlreadyFinished,
        Refusal::AlreadyRetracted => ResponseCode::AlreadyRetracted,
        Refusal::FileNotFound => ResponseCode::NoSuchFile,
        Refusal::ReadOnly => ResponseCode::MayNotUpdate,
        Refusal::Disabled => ResponseCode::NotAuthorised,
        _ => failed,
    }
}
