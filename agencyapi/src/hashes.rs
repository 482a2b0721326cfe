//! Thousands of hashes at once: which of them were in reports of the agency, which the clearinghouse has had, which it
//! has not.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use web::ProblemKind;
use workspace::hashes::{self, Answer, MOST_HASHES, MOST_REPORTS};

use crate::describe::{Answered, Endpoint, Reply, maybe, needed};
use crate::endpoint::{self, Asked};
use crate::schema::{Schema, whole_of};
use crate::{form, refuse};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let result = Schema::Object(vec![
        needed("hash", "As asked, in small letters.", Schema::Text(form::DIGEST)),
        needed("answer", "What is known of it.", crate::describe::words(Answer::ALL, Answer::as_str)),
        needed(
            "reports",
            "The newest reports of the agency that hold the file.",
            Schema::list(form::NUMBER, MOST_REPORTS),
        ),
        needed(
            "next",
            "Ask again with this as `before`: more reports of the agency lie before it. `null` where all are named.",
            form::NUMBER.or_nothing(),
        ),
    ]);
    let check = Endpoint::new((Method::POST, "/agency/v1/hashes"), "checkHashes", "What is known of each hash.", check)
        .more("`delivered`: a report that was made available to the agency holds a file with it. `recognized`: the \
               clearinghouse has had such a file, in no report of the agency. `unrecognized`: no report that was finished holds \
               one. The answer is that of all reports on every page. MD5, SHA-1 and SHA-256, told apart by their length; \
               different files can be made to share an MD5 or a SHA-1. The check is recorded with its counts. Where more \
               reports of the agency hold a file than one answer names, `next` says where to go on; it and `reports` are \
               numbers of the agency's own reports and never of others.")
        .takes(vec![
            maybe("before", "Names the agency's reports before this number: `next` of an earlier answer.", form::NUMBER),
            needed(
            "hashes",
            "In hexadecimal digits.",
            Schema::List { of: Box::new(Schema::Text(form::DIGEST)), least: 1, most: MOST_HASHES },
        )])
        .may(&[ProblemKind::Conflict])
        .answers(StatusCode::OK, "One result for each, in the order in which they were asked.", Schema::Object(vec![
            needed("results", "The results.", Schema::list(result, MOST_HASHES)),
        ]));
    vec![check]
}

/// `POST /agency/v1/hashes`.
async fn check(asked: Asked) -> Answered {
    let house = &asked.api.house;
    let given = asked.body["hashes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let given: Vec<String> = given.map(str::to_ascii_lowercase).collect();
    let before = whole_of(&asked.body["before"]).and_then(|before| domain::ReportId::try_from(before).ok());
    let one = |(hash, known): (&String, &hashes::Known)| json!({ "hash": hash, "answer": known.answer.as_str(), "reports": known.reports, "next": known.next });
    let write = |found: &[hashes::Known]| {
        let results: Vec<Value> = given.iter().zip(found).map(one).collect();
        let answer = json!({ "results": results });
        let bytes = endpoint::weight(&answer);
        (answer, bytes)
    };
    let answer = hashes::check(house, asked.viewer()?, (given.clone(), before), write).await;
    Ok(Reply::Json(StatusCode::OK, answer.map_err(|trouble| refuse::problem(house, &trouble))?))
}
