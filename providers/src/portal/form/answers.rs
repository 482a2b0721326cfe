//! Answers by the name of their question: read from a posted form, and asked for by whoever shows or composes them.

use domain::{IncidentType, Private};
use pipeline::portal::Answers;

/// No answer is longer, in characters; whole conversations belong into a file.
pub(super) const MOST_LETTERS: usize = 20_000;
/// Between the values of a question with several.
const BETWEEN: char = '\n';

/// The answer to a question; empty when there is none.
pub(super) fn get<'a>(answers: &'a Answers, name: &str) -> &'a str {
    answers.get(name).map_or("", |answer| answer.reveal().as_str())
}

/// The values of a question that may have several.
pub(super) fn several<'a>(answers: &'a Answers, name: &str) -> Vec<&'a str> {
    get(answers, name).split(BETWEEN).filter(|value| !value.is_empty()).collect()
}

/// The incident type that was chosen.
pub(super) fn incident_type(answers: &Answers) -> Option<&'static IncidentType> {
    IncidentType::find(get(answers, "incidentType"))
}

/// Puts what was posted for these questions in the place of what was known. What else was posted is left out.
pub(super) fn merge(answers: &mut Answers, names: &[String], posted: &[(String, String)]) {
    for name in names {
        let values = posted.iter().filter(|(given, _)| given == name).map(|(_, value)| clean(value));
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        if values.is_empty() {
            answers.remove(name);
        } else {
            answers.insert(name.clone(), Private::new(values.join("\n")));
        }
    }
}

/// What a person typed, without the letters that no document can hold, and no longer than its bound.
fn clean(value: &str) -> String {
    let spoken = value.replace("\r\n", "\n");
    let letters = spoken.chars().filter(|letter| {
        !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}') || matches!(letter, '\n' | '\t')
    });
    letters.take(MOST_LETTERS + 1).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_was_asked_is_kept_and_an_emptied_answer_goes() {
        let mut answers = Answers::new();
        let names = ["a".to_owned(), "b".to_owned()];
        merge(&mut answers, &names, &posted(&[("a", "one"), ("b", "two"), ("c", "not asked")]));
        merge(&mut answers, &names, &posted(&[("a", ""), ("b", "two again")]));
        assert_eq!((get(&answers, "a"), get(&answers, "b"), answers.len()), ("", "two again", 1));
    }

    #[test]
    fn several_values_stay_apart_and_no_control_letter_comes_in() {
        let mut answers = Answers::new();
        merge(&mut answers, &["a".to_owned()], &posted(&[("a", "spam"), ("a", "sext\u{0}ortion\u{8}")]));
        assert_eq!(several(&answers, "a"), ["spam", "sextortion"]);
    }
}
