//! What came of a report. The clearinghouse sees the code, and the sender a rounded count.

use domain::Outcome;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use web::{Problem, ProblemKind};
use workspace::outcomes::{self, MOST_LISTED, Recorded};
use workspace::standing;

use crate::describe::{Answered, Endpoint, Reply, maybe, needed, words};
use crate::endpoint::Asked;
use crate::schema::{Schema, whole_of};
use crate::{form, refuse};

const PATH: &str = "/agency/v1/reports/{report}/outcome";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let list = Endpoint::new(
        (Method::GET, PATH),
        "readOutcomes",
        "What came of a report, the earliest first.",
        list,
    )
    .lists("outcomes")
    .path("report", "Its number.", form::NUMBER)
    .answers(
        StatusCode::OK,
        "The last one that nothing superseded counts.",
        Schema::Object(vec![needed("outcomes", "All of them.", Schema::list(shape(), MOST_LISTED as usize))]),
    );
    let record = Endpoint::new((Method::POST, PATH), "recordOutcome", "Says what came of a report.", record)
        .more("An outcome is a fact: it stands whatever somebody else changed meanwhile, and a later one takes its place \
               without erasing it. With it the report is closed, unless it was changed since the version that is named.")
        .path("report", "Its number.", form::NUMBER)
        .takes(vec![
            needed("outcome", "What came of it.", words(Outcome::ALL, Outcome::as_str)),
            maybe("version", "The version of the assignment that was read; the present one where nothing is said.", form::COUNT),
        ])
        .may(&[ProblemKind::Conflict])
        .answers(StatusCode::OK, "It is recorded.", Schema::Object(vec![
            needed("outcome", "As recorded.", words(Outcome::ALL, Outcome::as_str)),
            needed("closed", "Whether the report was closed with it.", Schema::Flag),
        ]));
    vec![list, record]
}

fn shape() -> Schema {
    Schema::Object(vec![
        needed("outcome", "What came of it.", words(Outcome::ALL, Outcome::as_str)),
        needed("recordedAt", "When that was said.", Schema::Text(form::MOMENT)),
        needed("supersededAt", "When another one took its place.", Schema::Text(form::MOMENT).or_nothing()),
    ])
}

fn shown(one: &Recorded) -> Value {
    json!({ "outcome": one.outcome, "recordedAt": one.recorded_at, "supersededAt": one.superseded_at })
}

/// `GET /agency/v1/reports/{report}/outcome`.
async fn list(asked: Asked) -> Answered {
    let (house, report) = (&asked.api.house, asked.report()?);
    let found = outcomes::of_report(house, asked.viewer()?, report).await;
    let found = found.map_err(|trouble| refuse::problem(house, &trouble))?;
    let all: Vec<Value> = found.iter().map(shown).collect();
    Ok(Reply::Json(StatusCode::OK, json!({ "outcomes": all })))
}

/// `POST /agency/v1/reports/{report}/outcome`.
async fn record(asked: Asked) -> Answered {
    let (house, report, viewer) = (&asked.api.house, asked.report()?, asked.viewer()?);
    let said = asked.body["outcome"].as_str().and_then(|word| word.parse::<Outcome>().ok());
    let outcome = said.ok_or_else(|| Problem::new(ProblemKind::InvalidRequest))?;
    let recorded = async {
        let version = match whole_of(&asked.body["version"]) {
            // What no version can be is none that was read: the fact is recorded, and nothing is closed.
            Some(version) => u32::try_from(version).unwrap_or(u32::MAX),
            None => standing::find(house, viewer, report).await?.version,
        };
        outcomes::record(house, viewer, (report, version), outcome).await
    };
    let closed = recorded.await.map_err(|trouble| refuse::problem(house, &trouble))?;
    Ok(Reply::Json(StatusCode::OK, json!({ "outcome": outcome, "closed": closed })))
}
