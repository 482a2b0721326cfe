//! The list of own reports, one of them, and what was found of its quality.

use std::str::FromStr;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Quality, ReportId};
use pipeline::provider::{
    self, Notice, OwnDocument, OwnEvent, OwnFile, OwnMoment, OwnReport, OwnRow, ReportQuery,
};
use pipeline::quality;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Asker, Number, invalid, refusal};
use crate::ispws::Provider;

/// Parameters of the list, as they were sent.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    since: Option<String>,
    until: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// `GET /provider/v1/reports?state=&since=&until=&after=&limit=`: the newest first. `next` goes into `after`; there is
/// more as long as it is not null, even behind a short page.
pub(super) async fn list(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Query(asked): Query<Asked>,
) -> Response {
    let query = match query(&asked) {
        Err(says) => return invalid(says),
        Ok(query) => query,
    };
    match provider::reports(face.house(), &viewer, query).await {
        Err(trouble) => refusal(&face, &trouble),
        Ok(page) => {
            let reports: Vec<Value> = page.rows.iter().map(row).collect();
            let next = page.next.map(|key| key.to_string());
            axum::Json(json!({ "reports": reports, "next": next })).into_response()
        }
    }
}

fn query(asked: &Asked) -> Result<ReportQuery, String> {
    let Asked { state, since, until, after, limit } = asked;
    let asked = ReportQuery {
        state: read(state, "state must be open, received, available, retracted, expired or destroyed")?,
        since: read(since, "since must be a moment such as 2026-06-01T12:00:00Z")?,
        until: read(until, "until must be a moment such as 2026-06-01T12:00:00Z")?,
        after: read(after, "after must be the next of a page")?,
        ..ReportQuery::default()
    };
    Ok(match read(limit, "limit must be a whole number")? {
        Some(limit) => ReportQuery { limit, ..asked },
        None => asked,
    })
}

/// A parameter that may be absent.
fn read<T: FromStr>(given: &Option<String>, must: &str) -> Result<Option<T>, String> {
    given.as_ref().map(|text| text.parse()).transpose().map_err(|_| must.to_owned())
}

/// `GET /provider/v1/reports/{report}`.
pub(super) async fn one(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
) -> Response {
    match provider::report(face.house(), &viewer, report).await {
        Err(trouble) => refusal(&face, &trouble),
        Ok(report) => axum::Json(whole(&report)).into_response(),
    }
}

/// `GET /provider/v1/reports/{report}/quality`: advice, never a condition.
pub(super) async fn quality(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
) -> Response {
    match quality::of_report(face.house(), &viewer, report).await {
        Err(trouble) => refusal(&face, &trouble),
        Ok(quality) => axum::Json(judged(report, &quality)).into_response(),
    }
}

fn judged(report: ReportId, quality: &Quality) -> Value {
    let lacks: Vec<Value> = quality
        .lacks
        .iter()
        .map(|lack| {
            json!({
                "rule": lack.rule, "field": lack.field, "says": lack.says, "why": lack.why, "fix": lack.fix,
                "weight": lack.weight, "count": lack.count, "of": lack.of,
            })
        })
        .collect();
    json!({
        "report": report, "score": quality.score, "outOf": 100, "lacks": lacks,
        "ruleSet": quality.rule_set, "judgedAt": quality.judged_at,
        "note": "Advice only. No report is refused or delayed for its score.",
    })
}

fn row(row: &OwnRow) -> Value {
    json!({
        "report": row.report,
        "state": row.state.as_str(),
        "says": row.state.says(),
        "incidentType": row.incident_type,
        "files": row.files,
        "openedAt": row.opened_at,
        "expiresAt": row.expires_at,
        "finishedAt": row.finished_at,
        "preserveUntil": row.preserve_until,
        "href": format!("/provider/v1/reports/{}", row.report),
    })
}

fn whole(report: &OwnReport) -> Value {
    let mut value = row(&report.row);
    let href = format!("/provider/v1/reports/{}", report.row.report);
    value["providerName"] = json!(report.provider_name);
    value["submissionSha256"] = json!(report.submission_sha256);
    value["files"] = report.files.iter().map(file).collect();
    value["documents"] = report.documents.iter().map(document).collect();
    value["timeline"] = report.timeline.iter().map(moment).collect();
    value["foreignRequest"] = json!(report.notice.as_ref().map(notice));
    value["quality"] = json!(format!("{href}/quality"));
    value["receipt"] = json!(report.row.state.is_finished().then(|| format!("{href}/receipt")));
    value
}

/// What the law lets or has us tell of the agency abroad that asked for the report (18 USC 2258A(d)(5)).
fn notice(notice: &Notice) -> Value {
    let mut value = match notice {
        Notice::Awaited { until } => json!({ "answer": "awaited", "dueAt": until }),
        Notice::Forwarded { agency, at } => json!({ "answer": "forwarded", "agency": agency, "at": at }),
        Notice::NotForwarded { at } => json!({ "answer": "not-forwarded", "at": at }),
        Notice::Nothing => json!({ "answer": "not-told" }),
    };
    value["basis"] = json!(notice.basis());
    value
}

fn file(file: &OwnFile) -> Value {
    json!({
        "file": file.file.as_str(),
        "position": file.position,
        "name": file.name.as_ref().map(|name| name.reveal()),
        "receivedAt": file.received_at,
        "size": file.size_bytes,
        "sha256": file.sha256,
        "md5": file.md5,
        "described": file.is_described,
        "viewed": file.viewed.as_str(),
        "exifViewed": file.exif_viewed.as_str(),
        "public": file.public.as_str(),
    })
}

fn document(document: &OwnDocument) -> Value {
    json!({
        "position": document.position,
        "file": document.file.as_ref().map(|file| file.as_str()),
        "receivedAt": document.received_at,
        "supersededAt": document.superseded_at,
        "size": document.size_bytes,
        "sha256": document.sha256_hex(),
    })
}

fn moment(moment: &OwnMoment) -> Value {
    let (what, file) = match &moment.what {
        OwnEvent::Opened => ("opened", None),
        OwnEvent::FileReceived(file) => ("file-received", Some(file.as_str())),
        OwnEvent::Finished => ("finished", None),
        OwnEvent::Sealed => ("sealed", None),
        OwnEvent::MadeAvailable => ("made-available", None),
        OwnEvent::Retracted => ("retracted", None),
        OwnEvent::Expired => ("expired", None),
        OwnEvent::Destroyed => ("destroyed", None),
    };
    let mut value = json!({ "what": what, "at": moment.at });
    if let Some(file) = file {
        value["file"] = json!(file);
    }
    value
}
