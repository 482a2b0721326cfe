//! The API that an agency's own system uses: a feed with a cursor, the report as JSON, the package.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use domain::{Dossier, ReportId};
use http::{HeaderValue, header};
use pipeline::package::{Fault, Seal};
use pipeline::{FeedEntry, Trouble};
use serde::Deserialize;
use serde_json::json;
use web::{Problem, ProblemKind};

use crate::session::System;
use crate::{allowed, download};

/// Entries of one page when the caller names no number.
const ENTRIES: u32 = 100;

/// Parameters of the feed.
#[derive(Debug, Deserialize)]
pub(crate) struct Cursor {
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    limit: Option<String>,
}

/// `GET /agency/v1/feed?after=CURSOR`: what was made available after the cursor, in the ledger's order. The cursor of
/// the answer continues it; no delivery is ever skipped or given twice.
pub(crate) async fn feed(who: System, Query(asked): Query<Cursor>) -> Response {
    let read =
        |name: &str, given: Option<&String>, otherwise: u64| match given.map(|text| text.parse::<u64>()) {
            None => Ok(otherwise),
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(invalid(format!("{name} must be a whole number"))),
        };
    let (after, limit) =
        match (read("after", asked.after.as_ref(), 0), read("limit", asked.limit.as_ref(), ENTRIES.into())) {
            (Ok(after), Ok(limit)) => (after, limit),
            (Err(problem), _) | (_, Err(problem)) => return problem.into_response(),
        };
    let most = u32::try_from(limit).unwrap_or(u32::MAX).clamp(1, pipeline::MOST_ENTRIES);
    match pipeline::feed(&who.agencies.house, &who.viewer, after, most).await {
        Err(trouble) => refusal(&who, &trouble).into_response(),
        Ok(entries) => {
            let next = entries.last().map_or(after, |entry| entry.position);
            let entries: Vec<_> = entries.iter().map(entry).collect();
            let page = axum::Json(json!({ "entries": entries, "next": next.to_string() })).into_response();
            allowed::mark(page, pipeline::allowed(&who.viewer).read)
        }
    }
}

fn entry(entry: &FeedEntry) -> serde_json::Value {
    json!({
        "cursor": entry.position.to_string(),
        "delivery": entry.delivery,
        "report": entry.report,
        "basis": entry.basis,
        "availableAt": entry.available_at,
        "receivedAt": entry.received_at,
        "priority": entry.priority,
        "incidentType": entry.incident_type,
        "provider": entry.provider,
        "files": entry.files,
        "href": format!("/agency/v1/reports/{}", entry.report),
    })
}

/// `GET /agency/v1/reports/{report}`: the whole report as `report-full.json` has it.
pub(crate) async fn report(who: System, Path(number): Path<String>) -> Response {
    match dossier(&who, &number).await {
        Err(problem) => problem.into_response(),
        Ok(dossier) => {
            let mut bytes = Vec::new();
            if let Err(fault) = formats::report_full::to_json(&dossier, &mut bytes) {
                return internal(&who, &fault).into_response();
            }
            let mut response = bytes.into_response();
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            allowed::mark(response, pipeline::allowed(&who.viewer).read)
        }
    }
}

/// Parameters of the package.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    sealed: Option<String>,
}

impl Wish {
    fn seal(&self) -> Result<Seal, Problem> {
        match self.sealed.as_deref() {
            None => Ok(Seal::WhereKeysLive),
            Some("yes") => Ok(Seal::Always),
            Some("no") => Ok(Seal::Never),
            Some(_) => Err(invalid("sealed must be yes or no".to_owned())),
        }
    }
}

/// `GET /agency/v1/reports/{report}/package`: sealed to the agency's keys, if it has any that live. `sealed=no` is refused
/// then, and `sealed=yes` when there are none.
pub(crate) async fn package(who: System, Path(number): Path<String>, Query(wish): Query<Wish>) -> Response {
    let wish = match wish.seal() {
        Ok(wish) => wish,
        Err(problem) => return problem.into_response(),
    };
    let report: ReportId = match number.parse() {
        Ok(report) => report,
        Err(_) => return Problem::new(ProblemKind::NotFound).into_response(),
    };
    match pipeline::package::take_as(&who.agencies.house, &who.viewer, report, wish).await {
        Ok(taken) => allowed::mark(download::answer(taken), pipeline::allowed(&who.viewer).take),
        Err(fault @ (Fault::MustBeSealed | Fault::NoKey)) => {
            Problem::new(ProblemKind::Conflict).detail(fault.to_string()).into_response()
        }
        Err(Fault::Trouble(trouble)) => refusal(&who, &trouble).into_response(),
        Err(fault) => internal(&who, &fault).into_response(),
    }
}

async fn dossier(who: &System, number: &str) -> Result<Dossier, Problem> {
    let report: ReportId = number.parse().map_err(|_| Problem::new(ProblemKind::NotFound))?;
    pipeline::dossier(&who.agencies.house, &who.viewer, report)
        .await
        .map_err(|trouble| refusal(who, &trouble))
}

fn invalid(says: String) -> Problem {
    Problem::new(ProblemKind::InvalidRequest).detail(says)
}

fn refusal(who: &System, trouble: &Trouble) -> Problem {
    match trouble.refusal() {
        Some(refusal) if refusal.code() == "destroyed" => Problem::new(ProblemKind::Gone),
        _ if trouble.is_not_found() => Problem::new(ProblemKind::NotFound),
        _ => internal(who, trouble),
    }
}

fn internal(who: &System, fault: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::new(ProblemKind::Internal).incident(crate::incident(&who.agencies.house, fault))
}
