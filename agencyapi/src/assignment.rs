//! How the agency stands to a report: status, own priority, who has it. Every change names the version that it was made
//! from, so that two systems, or a system and a person, cannot overwrite each other.

use domain::{Id as _, PersonId, Priority, Status, StatusReason};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use web::{Problem, ProblemKind};
use workspace::standing::{self, Change, Standing};

use crate::describe::{Answered, Endpoint, Reply, maybe, needed, words};
use crate::endpoint::Asked;
use crate::schema::{Schema, whole_of};
use crate::{form, refuse};

const PATH: &str = "/agency/v1/reports/{report}/assignment";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let read =
        Endpoint::new((Method::GET, PATH), "readAssignment", "How the agency stands to a report.", read)
            .lists("assignment")
            .path("report", "Its number.", form::NUMBER)
            .answers(StatusCode::OK, "As it stands.", shape());
    let change = Endpoint::new((Method::PATCH, PATH), "changeAssignment", "Changes how the agency stands to it.", change)
        .more("What is left out stays; `null` takes back. Giving a report that nobody had to a person or a unit makes it \
               assigned. A version that is no longer the present one is refused with a conflict: read, and decide again.")
        .path("report", "Its number.", form::NUMBER)
        .takes(vec![
            needed("version", "The version that was read.", form::COUNT),
            maybe("status", "How far the agency is.", words(Status::ALL, Status::as_str)),
            maybe("reason", "Why it waits or is closed; needed then.", words(StatusReason::ALL, StatusReason::as_str)),
            maybe("priority", "The agency's own priority.", words(Priority::ALL, Priority::as_str).or_nothing()),
            maybe("person", "Who of the agency has it.", Schema::Text(form::ID).or_nothing()),
            maybe("unit", "Which unit has it.", Schema::Text(form::NAME).or_nothing()),
        ])
        .may(&[ProblemKind::Conflict])
        .answers(StatusCode::OK, "As it stands now.", shape());
    vec![read, change]
}

fn shape() -> Schema {
    let moment = || Schema::Text(form::MOMENT);
    Schema::Object(vec![
        needed("report", "The report.", form::NUMBER),
        needed("version", "Counts the changes.", form::COUNT),
        needed("status", "How far the agency is.", words(Status::ALL, Status::as_str)),
        needed(
            "reason",
            "Why it waits or is closed.",
            words(StatusReason::ALL, StatusReason::as_str).or_nothing(),
        ),
        needed("priority", "The agency's own priority.", words(Priority::ALL, Priority::as_str).or_nothing()),
        needed("advised", "The clearinghouse's advisory priority.", words(Priority::ALL, Priority::as_str)),
        needed("person", "Who has it.", Schema::Text(form::ID).or_nothing()),
        needed("unit", "Which unit has it.", Schema::Text(form::NAME).or_nothing()),
        needed("since", "Since when it is in this status.", moment()),
        needed("due", "Until when somebody must take it on.", moment().or_nothing()),
        needed("changedAt", "When any of this last changed.", moment()),
    ])
}

fn shown(standing: &Standing) -> Value {
    json!({
        "report": standing.report, "version": standing.version, "status": standing.said.status,
        "reason": standing.said.reason, "priority": standing.said.own_priority, "advised": standing.advised,
        "person": standing.said.person, "unit": standing.said.unit, "since": standing.since_at,
        "due": standing.due_at, "changedAt": standing.changed_at,
    })
}

/// `GET /agency/v1/reports/{report}/assignment`.
async fn read(asked: Asked) -> Answered {
    let (house, report) = (&asked.api.house, asked.report()?);
    let found = standing::find(house, asked.viewer()?, report).await;
    found
        .map(|found| Reply::Json(StatusCode::OK, shown(&found)))
        .map_err(|trouble| refuse::problem(house, &trouble))
}

/// `PATCH /agency/v1/reports/{report}/assignment`.
async fn change(asked: Asked) -> Answered {
    let (house, report) = (&asked.api.house, asked.report()?);
    let version = whole_of(&asked.body["version"]).and_then(|version| u32::try_from(version).ok());
    let version = version.ok_or_else(|| Problem::new(ProblemKind::Conflict))?;
    let change = wanted(&asked.body)?;
    if change == Change::default() {
        return Err(Problem::new(ProblemKind::Conflict).detail("nothing is to be changed"));
    }
    let changed = standing::change(house, asked.viewer()?, (report, version), change).await;
    changed
        .map(|now| Reply::Json(StatusCode::OK, shown(&now)))
        .map_err(|trouble| refuse::problem(house, &trouble))
}

fn wanted(body: &Value) -> Result<Change, Problem> {
    // What has the described shape is read; what is null takes back.
    let text = |name: &str| body.get(name).map(|value| value.as_str());
    let unfit = |says: &str| Problem::new(ProblemKind::Conflict).detail(says.to_owned());
    let reason = text("reason").flatten().and_then(|word| word.parse::<StatusReason>().ok());
    let status = text("status").flatten().and_then(|word| word.parse::<Status>().ok());
    if status.is_none() && reason.is_some() {
        return Err(unfit("a reason goes with a status"));
    }
    let person = match text("person") {
        Some(Some(name)) => Some(Some(PersonId::parse(name).map_err(|_| unfit("there is no such person"))?)),
        Some(None) => Some(None),
        None => None,
    };
    Ok(Change {
        status: status.map(|status| (status, reason)),
        own_priority: text("priority").map(|word| word.and_then(|word| word.parse().ok())),
        person,
        unit: text("unit").map(|name| name.map(str::to_owned)),
    })
}
