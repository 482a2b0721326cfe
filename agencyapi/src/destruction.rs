//! An agency's word that depictions are to be destroyed (18 USC 2258D(d)(2)).

use domain::{FileId, Id as _};
use http::{Method, StatusCode};
use pipeline::keeping;
use serde_json::{Value, json};
use web::{Problem, ProblemKind};

use crate::describe::{Answered, Endpoint, Reply, needed};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

/// Files of one notification.
const MOST_FILES: usize = 10_000;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let notify = Endpoint::new(
        (Method::POST, "/agency/v1/reports/{report}/destruction"),
        "notifyDestruction",
        "Notifies that files are to be destroyed.",
        notify,
    )
    .more("From then on nobody reads them. They are destroyed, in backups too, once two people of the clearinghouse have \
           agreed and nobody else holds one of them.")
    .path("report", "Its number.", form::NUMBER)
    .takes(vec![
        needed(
            "files",
            "The files, one by one.",
            Schema::List { of: Box::new(Schema::Text(form::FILE)), least: 1, most: MOST_FILES },
        ),
        needed("reason", "Why.", Schema::Text(form::WORDS)),
    ])
    .may(&[ProblemKind::Conflict])
    .answers(StatusCode::ACCEPTED, "It is recorded, and nobody reads the files any more.", Schema::Object(vec![
        needed("destruction", "Its name.", Schema::Text(form::ID)),
        needed("files", "Files that are blocked by it, copies in other reports included.", form::COUNT),
        needed("state", "How far it is.", Schema::Text(form::NAME)),
    ]));
    vec![notify]
}

/// `POST /agency/v1/reports/{report}/destruction`.
async fn notify(asked: Asked) -> Answered {
    let (house, report) = (&asked.api.house, asked.report()?);
    let given = asked.body["files"].as_array().into_iter().flatten();
    let files = given.filter_map(|file| Some((report, file.as_str()?.parse::<FileId>().ok()?))).collect();
    let reason = asked.body["reason"].as_str().unwrap_or_default().to_owned();
    match keeping::notify(house, asked.viewer()?, files, reason).await {
        Ok((id, files, state)) => {
            let answer: Value =
                json!({ "destruction": id.as_str(), "files": files, "state": state.as_str() });
            Ok(Reply::Json(StatusCode::ACCEPTED, answer))
        }
        Err(trouble) => match trouble.refusal().and_then(keeping::refusal_in_words) {
            Some(_) if trouble.refusal().is_some_and(|refusal| refusal.code() == "file-not-found") => {
                Err(Problem::new(ProblemKind::NotFound))
            }
            Some(words) => Err(Problem::new(ProblemKind::Conflict).detail(words)),
            None => Err(refuse::problem(house, &trouble)),
        },
    }
}
