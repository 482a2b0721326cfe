//! How the dossier's members are written: names in camel case, answers in words.

use domain::{Finding, TriState};
use serde::Serialize;
use serde_json::{Map, Value};

/// Members of the dossier that are a sender's yes, no or silence. Every other truth value is a fact of ours.
const ANSWERS: &[&str] = &[
    "ageDoubted",
    "allEmailsReported",
    "compromised",
    "disabled",
    "domesticProcess",
    "foreignProcess",
    "possibleProxy",
    "reported",
    "thirdPartyHosted",
    "thirdPartyUser",
    "userNotified",
    "verified",
];

/// A part of the dossier in the document's form.
pub(super) fn of(part: &impl Serialize) -> Value {
    // INVARIANT: a dossier has string keys and finite numbers only, so turning it into JSON cannot fail.
    renamed(serde_json::to_value(part).expect("a dossier is representable in JSON"))
}

/// A finding keeps the names inside its value: those are the table's.
pub(super) fn finding(finding: &Finding) -> Value {
    let mut value = of(finding);
    value["value"] = finding.value.clone();
    value
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().map(member).collect::<Map<_, _>>()),
        Value::Array(items) => Value::Array(items.into_iter().map(renamed).collect()),
        plain => plain,
    }
}

fn member((name, value): (String, Value)) -> (String, Value) {
    let name = camel(&name);
    let value = match value {
        Value::Bool(_) | Value::Null if ANSWERS.contains(&name.as_str()) => {
            TriState::from(value.as_bool()).as_str().into()
        }
        other => renamed(other),
    };
    (name, value)
}

fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn silence_is_written_as_unknown_and_a_fact_of_ours_stays_a_truth_value() {
        let written =
            renamed(json!({ "possible_proxy": null, "verified": false, "retained": true, "age": null }));
        let wanted = json!({ "possibleProxy": "Unknown", "verified": "No", "retained": true, "age": null });
        assert_eq!(written, wanted);
    }

    #[test]
    fn a_strangers_words_are_never_taken_for_an_answer() {
        assert_eq!(renamed(json!({ "verified": "null" })), json!({ "verified": "null" }));
    }
}
