//! Cases that everybody of the agency may read: their numbers and reports, so that another system can hold its own beside
//! them. Their words stay in the workspace.

use domain::StatusReason;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use workspace::cases::{self, MOST_OF_CASE, MOST_SHARED, Shared};

use crate::describe::{Answered, Endpoint, Reply, needed, words};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let list = Endpoint::new((Method::GET, "/agency/v1/cases"), "listCases", "Cases that the whole agency may read.", list)
        .more("By number. A case that is not shared inside its agency is there for its members only, in the workspace.")
        .query("after", "The number after which to begin.", form::COUNT)
        .answers(StatusCode::OK, "A page of cases.", Schema::Object(vec![
            needed("cases", "By number.", Schema::list(shape(), MOST_SHARED as usize)),
            needed("next", "The number to ask with next.", form::COUNT),
        ]));
    vec![list]
}

fn shape() -> Schema {
    let moment = || Schema::Text(form::MOMENT);
    Schema::Object(vec![
        needed("case", "Its number.", form::NUMBER),
        needed("openedAt", "When it was opened.", moment()),
        needed("changedAt", "When it last changed.", moment()),
        needed("closedAt", "When it was closed.", moment().or_nothing()),
        needed("reason", "Why it was closed.", words(StatusReason::ALL, StatusReason::as_str).or_nothing()),
        needed("reports", "Its reports.", Schema::list(form::NUMBER, MOST_OF_CASE as usize)),
    ])
}

fn shown(one: &Shared) -> Value {
    json!({
        "case": one.number.get(), "openedAt": one.opened_at, "changedAt": one.changed_at, "closedAt": one.closed_at,
        "reason": one.reason, "reports": one.reports,
    })
}

/// `GET /agency/v1/cases`.
async fn list(asked: Asked) -> Answered {
    let (house, after) = (&asked.api.house, asked.number("after").unwrap_or(0));
    let found = cases::shared(house, asked.viewer()?, after)
        .await
        .map_err(|trouble| refuse::problem(house, &trouble))?;
    let next = found.last().map_or(after, |last| last.number.get());
    let all: Vec<Value> = found.iter().map(shown).collect();
    Ok(Reply::Json(StatusCode::OK, json!({ "cases": all, "next": next })))
}
