//! A report as JSON.

use axum::response::IntoResponse as _;
use http::{HeaderValue, Method, header};
use pipeline::MOST_FILES_AT_ONCE;
use web::{Problem, ProblemKind};

use crate::describe::{Answered, Endpoint, Reply};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

const SHAPE: &str = "The report as `report-full.json` of the package has it, by the JSON Schema that the book publishes. \
                     Members are added there and never taken away.";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let read = Endpoint::new(
        (Method::GET, "/agency/v1/reports/{report}"),
        "readReport",
        "The whole report.",
        report,
    )
    .more("Reading is recorded. What was not made available to the agency does not exist here. A report of more than 10,000 \
           files is `too-large` for one document: its package is streamed, and has the same one.")
    .path("report", "Its number.", form::NUMBER)
    .may(&[ProblemKind::Gone, ProblemKind::TooLarge])
    .answers(http::StatusCode::OK, "The report.", Schema::Foreign(SHAPE));
    vec![read]
}

/// `GET /agency/v1/reports/{report}`: the whole report as `report-full.json` has it.
async fn report(asked: Asked) -> Answered {
    let (house, viewer, report) = (&asked.api.house, asked.viewer()?, asked.report()?);
    let found = pipeline::dossier_as(house, viewer, report, |dossier| {
        let mut bytes = Vec::new();
        formats::report_full::to_json(dossier, &mut bytes).map(|()| bytes)
    });
    let written = found.await.map_err(|trouble| match trouble.refusal().map(|refused| refused.code()) {
        Some("unfit") => Problem::new(ProblemKind::TooLarge)
            .detail(format!("the report has more than {MOST_FILES_AT_ONCE} files: take its package")),
        _ => refuse::problem(house, &trouble),
    })?;
    let bytes = written.map_err(|fault| refuse::internal(house, &fault))?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(Reply::Whole(web::allowed_by(response, pipeline::allowed(viewer).read)))
}
