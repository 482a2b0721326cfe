//! Cases that everybody of the agency may read: their numbers and reports, so that another system can hold its own beside
//! them. A system opens such cases and puts reports into them; their words stay in the workspace.

use domain::{CaseId, Id as _, PersonId, ReportId, StatusReason};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use web::{Problem, ProblemKind};
use workspace::cases::{self, CaseWords, MOST_OF_CASE, MOST_SHARED, Shared, Step};

use crate::describe::{Answered, Endpoint, Reply, maybe, needed, words};
use crate::endpoint::Asked;
use crate::schema::{Schema, whole_of};
use crate::{form, refuse};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let list = Endpoint::new((Method::GET, "/agency/v1/cases"), "listCases", "Cases that the whole agency may read.", list)
        .more("By number. A case that is not shared inside its agency is there for its members only, in the workspace.")
        .lists("cases")
        .query("after", "The number after which to begin.", form::COUNT)
        .answers(StatusCode::OK, "A page of cases.", Schema::Object(vec![
            needed("cases", "By number.", Schema::list(shape(), MOST_SHARED as usize)),
            needed("next", "The number to ask with next.", form::COUNT),
        ]));
    let open = Endpoint::new((Method::POST, "/agency/v1/cases"), "openCase", "Opens a case, with a report where one is named.", open)
        .more("The whole agency may read a case that a system opens, and whoever is named leads it. The same request twice \
               opens two cases: keep the number.")
        .takes(vec![
            needed("title", "What it is called; one line.", Schema::Text(form::TITLE)),
            needed("leads", "Who of the agency leads it.", Schema::Text(form::ID)),
            maybe("summary", "What it is about.", Schema::Text(form::WORDS)),
            maybe("report", "Its first report.", form::NUMBER),
        ])
        .may(&[ProblemKind::NotFound, ProblemKind::Conflict])
        .answers(StatusCode::CREATED, "It is open.", Schema::Object(vec![
            needed("case", "Its number.", form::NUMBER),
        ]));
    let file = Endpoint::new(
        (Method::PUT, "/agency/v1/cases/{case}/reports/{report}"),
        "fileReport",
        "Puts a report of the agency into a case.",
        file,
    )
    .more("Into one that the whole agency may read. What identifies somebody in the report is asked of every later one. A \
           report that is in the case already stays as it is.")
    .path("case", "The number of the case.", form::NUMBER)
    .path("report", "The number of the report.", form::NUMBER)
    .may(&[ProblemKind::Forbidden, ProblemKind::Conflict])
    .answers(StatusCode::OK, "It is in the case.", Schema::Object(vec![
        needed("case", "The case.", form::NUMBER),
        needed("report", "The report.", form::NUMBER),
        needed("added", "Whether it was put there now.", Schema::Flag),
    ]));
    vec![list, open, file]
}

/// `POST /agency/v1/cases`.
async fn open(asked: Asked) -> Answered {
    let (house, body) = (&asked.api.house, &asked.body);
    let text = |name: &str| body[name].as_str().unwrap_or_default().trim().to_owned();
    let leads = PersonId::parse(&text("leads")).map_err(|_| Problem::new(ProblemKind::NotFound))?;
    let report = whole_of(&body["report"]).map(ReportId::try_from).transpose();
    let report = report.map_err(|_| Problem::new(ProblemKind::NotFound))?;
    let words = CaseWords { title: text("title"), summary: text("summary") };
    let opened = cases::open_for(house, asked.viewer()?, words, report, leads).await;
    let case = opened.map_err(|trouble| refuse::problem(house, &trouble))?;
    Ok(Reply::Json(StatusCode::CREATED, json!({ "case": case.get() })))
}

/// `PUT /agency/v1/cases/{case}/reports/{report}`.
async fn file(asked: Asked) -> Answered {
    let (house, report) = (&asked.api.house, asked.report()?);
    let case = asked.number("case").and_then(|number| ReportId::try_from(number).ok()).map(CaseId::from);
    let case = case.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let added = match cases::step(house, asked.viewer()?, case, Step::File(report)).await {
        Ok(()) => true,
        // It is there already: the same request again answers the same.
        Err(trouble) if trouble.refusal().is_some_and(|refused| refused.code() == "conflict") => false,
        Err(trouble) => return Err(refuse::problem(house, &trouble)),
    };
    Ok(Reply::Json(StatusCode::OK, json!({ "case": case.get(), "report": report.get(), "added": added })))
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
