//! What is asked in each step. Names, limits, lists and hints come from the description of the language; only the order,
//! and words that a person reads better, are written here.

use cybertip::language::{self, Advice, Base, Element, Kind, Limit, Simple};
use domain::{IncidentType, incident_types};
use pipeline::portal::Answers;

use super::answers::{self, MOST_LETTERS};
use super::{STEPS, Step};

/// One question.
pub(super) struct Question {
    /// Its name: the path in the document, without the root.
    pub(super) name: String,
    /// What a person reads.
    pub(super) label: String,
    /// What helps to answer it.
    pub(super) hint: String,
    /// How it is answered.
    pub(super) ask: Ask,
    /// The type of its text in the language.
    pub(super) text: Option<&'static Simple>,
    /// Without it there is no report.
    pub(super) is_required: bool,
}

/// How a question is answered.
pub(super) enum Ask {
    /// A line.
    Line,
    /// Several lines.
    Lines(u8),
    /// A mail address.
    Mail,
    /// A telephone number.
    Phone,
    /// A day, a time of day and a zone, under three names.
    Moment,
    /// One of these values.
    One(Vec<(String, String)>),
    /// Any of these values.
    Any(Vec<(String, String)>),
}

/// The parts of a moment.
pub(super) const MOMENT: [&str; 3] = ["date", "time", "zone"];
/// Short answers are lines, longer ones get room.
const LINE_LETTERS: usize = 300;
/// The place element that a form asks for first: where it happened.
pub(super) const PLACE: &str = "place";

/// The questions of a step, for what was answered so far.
pub(super) fn of(step: Step, answers: &Answers) -> Vec<Question> {
    match step {
        Step::What => what(answers),
        Step::Where => place(answers),
        Step::Account => account("personOrUserReported", &ACCOUNT),
        Step::Child => account("victim", &CHILD),
        Step::Reporter => reporter(),
        Step::Check | Step::Files | Step::Finish => Vec::new(),
    }
}

/// The names under which the answers of a step are posted.
pub(super) fn names(questions: &[Question]) -> Vec<String> {
    let parts = |question: &Question| match question.ask {
        Ask::Moment => MOMENT.iter().map(|part| format!("{}.{part}", question.name)).collect(),
        _ => vec![question.name.clone()],
    };
    questions.iter().flat_map(parts).collect()
}

/// The first step in which something is missing or not right; checking, when nothing is.
pub(super) fn first_incomplete(answers: &Answers) -> Step {
    let asked = STEPS.iter().map(|(step, _, _)| *step).filter(|step| step.is_of_document());
    let mut asked = asked.filter(|step| step.is_asked(answers));
    asked.find(|step| !mistakes(&of(*step, answers), answers).is_empty()).unwrap_or(Step::Check)
}

const ACCOUNT: [&str; 13] = [
    "screenName",
    "espIdentifier",
    "espService",
    "displayName",
    "profileUrl",
    "person/firstName",
    "person/lastName",
    "person/email",
    "person/phone",
    "ipCaptureEvent/ipAddress",
    "ipCaptureEvent/port",
    "ipCaptureEvent/eventName",
    "ipCaptureEvent/dateTime",
];
const CHILD: [&str; 7] = [
    "screenName",
    "espIdentifier",
    "displayName",
    "person/age",
    "person/email",
    "person/phone",
    "schoolName",
];

fn what(answers: &Answers) -> Vec<Question> {
    let summary = &["incidentSummary"];
    let kinds = incident_types().iter().map(|kind| (kind.key.clone(), kind.title.clone())).collect();
    let marks = element(&["incidentSummary", "reportAnnotations"]).map_or_else(Vec::new, flags);
    vec![
        Question {
            label: "What kind of incident is it?".to_owned(),
            hint: "Choose the nearest. The next steps follow it.".to_owned(),
            ask: Ask::One(kinds),
            is_required: true,
            text: None,
            ..of_element(summary, "incidentType", "incidentType")
        },
        Question {
            label: "When did it happen?".to_owned(),
            ask: Ask::Moment,
            is_required: true,
            ..of_element(summary, "incidentDateTime", "incidentDateTime")
        },
        Question {
            label: "What does that time mean?".to_owned(),
            hint: "For example: when it was uploaded, or when we found it.".to_owned(),
            ..of_element(summary, "incidentDateTimeDescription", "incidentDateTimeDescription")
        },
        Question { label: "On which application?".to_owned(), ..of_element(summary, "platform", "platform") },
        Question {
            label: "Where did it happen?".to_owned(),
            ask: Ask::One(places(answers::incident_type(answers))),
            ..plain(PLACE, "Choose the nearest. The next step asks about it.")
        },
        Question {
            label: "Does any of this hold?".to_owned(),
            ask: Ask::Any(marks),
            ..plain("reportAnnotations", "Leave out what you are not sure of.")
        },
        Question {
            label: "Is a child in danger now, or soon? Then say why".to_owned(),
            ..of_element(summary, "escalateToHighPriority", "escalateToHighPriority")
        },
    ]
}

/// The places of the language. What fits the incident type comes first: where a child is approached, people write to
/// each other; depictions lie on pages.
fn places(kind: Option<&IncidentType>) -> Vec<(String, String)> {
    let likely = match kind {
        Some(kind) if kind.approaches_a_child => "chatImIncident",
        _ => "webPageIncident",
    };
    let all = element(&["internetDetails"]).map_or(&[][..], children);
    let mut places: Vec<(String, String)> =
        all.iter().map(|place| (place.name.to_owned(), place.says.to_owned())).collect();
    places.sort_by_key(|(name, _)| name != likely);
    places.push((String::new(), "I do not know, or none of these".to_owned()));
    places
}

/// Everything of the chosen place that is a text, a mail address or a number, as the language has it.
fn place(answers: &Answers) -> Vec<Question> {
    let chosen = answers::get(answers, PLACE);
    let Some(of) = element(&["internetDetails", chosen]) else { return Vec::new() };
    let asked = children(of).iter().filter_map(|child| {
        let question =
            of_element(&["internetDetails", chosen], child.name, &format!("{chosen}/{}", child.name));
        let is_asked = matches!(child.kind, Kind::Text(_)) || matches!(question.ask, Ask::Mail | Ask::Phone);
        is_asked.then_some(question)
    });
    asked.collect()
}

fn account(of: &str, names: &[&str]) -> Vec<Question> {
    let question = |name: &&str| {
        let (group, leaf) = name.split_once('/').unwrap_or(("", name));
        let person = format!("{of}Person");
        let path: Vec<&str> = match group {
            "" => vec![of],
            "person" => vec![of, &person],
            other => vec![of, other],
        };
        let mut question = of_element(&path, leaf, &format!("{of}/{name}"));
        if leaf == "dateTime" {
            question.ask = Ask::Moment;
            question.label = "When was the address seen?".to_owned();
        }
        question
    };
    let mut asked: Vec<Question> = names.iter().map(question).collect();
    asked.push(Question {
        ask: Ask::Lines(4),
        ..of_element(&[of], "additionalInfo", &format!("{of}/additionalInfo"))
    });
    asked
}

fn reporter() -> Vec<Question> {
    let path = ["reporter", "reportingPerson"];
    let mut asked: Vec<Question> = ["firstName", "lastName", "email", "phone"]
        .into_iter()
        .map(|leaf| of_element(&path, leaf, &format!("reporter/{leaf}")))
        .collect();
    asked.push(Question {
        label: "Anything else about the whole report".to_owned(),
        ask: Ask::Lines(6),
        ..of_element(&[], "additionalInfo", "additionalInfo")
    });
    asked
}

/// A question for an element of the language: its name in words, its purpose as the hint, its type as the way to answer.
fn of_element(path: &[&str], leaf: &str, name: &str) -> Question {
    let whole: Vec<&str> = path.iter().copied().chain(std::iter::once(leaf)).collect();
    let Some(element) = element(&whole) else { return plain(name, "") };
    let (ask, text) = match element.kind {
        Kind::Text(simple) => (ask(simple), Some(simple)),
        Kind::Group(group) => match (leaf, group.content) {
            ("email" | "emailAddress", language::Content::Text(simple)) => (Ask::Mail, Some(simple)),
            ("phone" | "phoneNumber", language::Content::Text(simple)) => (Ask::Phone, Some(simple)),
            _ => (Ask::Line, None),
        },
    };
    Question { label: in_words(leaf), hint: element.says.to_owned(), ask, text, ..plain(name, "") }
}

fn plain(name: &str, hint: &str) -> Question {
    let (label, ask) = (in_words(name), Ask::Line);
    Question { name: name.to_owned(), label, hint: hint.to_owned(), ask, text: None, is_required: false }
}

fn ask(simple: &Simple) -> Ask {
    if let Some(list) = simple.list {
        let values = list.values().iter().map(|value| ((*value).to_owned(), (*value).to_owned()));
        return Ask::One(std::iter::once((String::new(), "Not known".to_owned())).chain(values).collect());
    }
    let limit = simple.limits.iter().find_map(|limit| match limit {
        Limit::MaxLength(most) => Some(*most),
        _ => None,
    });
    match (simple.base, limit) {
        (Base::String, None) if simple.advice.is_none() => Ask::Lines(3),
        (_, Some(most)) if most > LINE_LETTERS => Ask::Lines(3),
        _ => Ask::Line,
    }
}

/// `chatRoomName` as `Chat room name`; what the language abbreviates is written out.
fn in_words(name: &str) -> String {
    match name {
        "espIdentifier" => return "User id in your system".to_owned(),
        "espService" => return "Service that the account is on".to_owned(),
        "ipAddress" => return "Internet address (IP)".to_owned(),
        "eventName" => return "What was done from that address".to_owned(),
        "profileUrl" => return "Address of the profile page".to_owned(),
        "url" => return "Address of the page (URL)".to_owned(),
        "additionalInfo" => return "Anything else".to_owned(),
        _ => {}
    }
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The element at a path below the root of a report.
pub(super) fn element(path: &[&str]) -> Option<&'static Element> {
    let mut at: &'static Element = &language::REPORT;
    for name in path {
        at = children(at).iter().find(|child| child.name == *name)?;
    }
    Some(at)
}

/// The elements in an element.
pub(super) fn children(element: &'static Element) -> &'static [Element] {
    match element.kind {
        Kind::Group(group) => group.content.elements(),
        Kind::Text(_) => &[],
    }
}

/// The marks in a group of marks, with what each says.
pub(super) fn flags(group: &'static Element) -> Vec<(String, String)> {
    children(group).iter().map(|mark| (mark.name.to_owned(), mark.says.to_owned())).collect()
}

/// What has to be mended, each with the id of its field.
pub(super) fn mistakes(questions: &[Question], answers: &Answers) -> Vec<(String, String)> {
    questions.iter().filter_map(|question| mistake(question, answers)).collect()
}

fn mistake(question: &Question, answers: &Answers) -> Option<(String, String)> {
    if let Ask::Moment = question.ask {
        return super::compose::moment_mistake(question, answers);
    }
    let value = answers::get(answers, &question.name);
    let says = if value.is_empty() {
        question.is_required.then(|| "this has to be answered.".to_owned())?
    } else {
        wrong(question, value)?
    };
    Some((question.name.clone(), format!("{}: {says}", question.label)))
}

/// Why a value would not be taken, in the terms of the language.
fn wrong(question: &Question, value: &str) -> Option<String> {
    let known = |options: &[(String, String)]| options.iter().any(|(known, _)| known == value);
    match &question.ask {
        Ask::One(options) if !known(options) => return Some("choose one of the answers.".to_owned()),
        Ask::Mail if !super::super::contacts::looks_like_mail(value) => {
            return Some("write it like name@mail.example.".to_owned());
        }
        _ => {}
    }
    let letters = value.chars().count();
    if letters > MOST_LETTERS {
        return Some(format!("at most {MOST_LETTERS} characters; send longer text as a file."));
    }
    let simple = question.text?;
    if simple.advice == Some(Advice::IpAddress) && value.parse::<std::net::IpAddr>().is_err() {
        return Some("write an address such as 192.0.2.7 or 2001:db8::7.".to_owned());
    }
    if matches!(simple.base, Base::Int | Base::Long) && value.parse::<i64>().is_err() {
        return Some("write a whole number.".to_owned());
    }
    simple.limits.iter().find_map(|limit| breached(limit, value, letters))
}

fn breached(limit: &Limit, value: &str, letters: usize) -> Option<String> {
    let number = value.parse::<i64>().ok();
    match limit {
        Limit::MaxLength(most) if letters > *most => Some(format!("at most {most} characters.")),
        Limit::Min(least) if number.is_some_and(|number| number < *least) => {
            Some(format!("not below {least}."))
        }
        Limit::Max(most) if number.is_some_and(|number| number > *most) => Some(format!("not above {most}.")),
        Limit::Pattern { holds, .. } if !holds(value) => {
            Some("this does not have the right form.".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Private;

    fn given(pairs: &[(&str, &str)]) -> Answers {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Private::new((*value).to_owned()))).collect()
    }

    #[test]
    fn every_question_stands_in_the_language() {
        for (step, _, _) in STEPS {
            for question in of(step, &given(&[])) {
                let is_known = question.text.is_some() || matches!(question.ask, Ask::One(_) | Ask::Any(_));
                assert!(is_known && !question.hint.is_empty(), "{}", question.name);
            }
        }
    }

    #[test]
    fn every_place_of_the_language_can_be_chosen_and_asks_its_own() {
        for (name, _) in places(None).iter().filter(|(name, _)| !name.is_empty()) {
            assert!(!of(Step::Where, &given(&[(PLACE, name)])).is_empty(), "{name}");
        }
    }

    #[test]
    fn where_a_child_is_approached_the_conversation_comes_first() {
        assert_eq!(places(IncidentType::find("enticement"))[0].0, "chatImIncident");
        assert_eq!(places(IncidentType::find("csam"))[0].0, "webPageIncident");
    }

    #[test]
    fn limits_of_the_language_are_told_at_the_field() {
        let asked = of(Step::Account, &given(&[]));
        let wrong = given(&[
            ("personOrUserReported/screenName", &"x".repeat(257)),
            ("personOrUserReported/person/email", "nowhere"),
            ("personOrUserReported/ipCaptureEvent/ipAddress", "not an address"),
            ("personOrUserReported/ipCaptureEvent/port", "70000"),
        ]);
        let found: Vec<String> = mistakes(&asked, &wrong).into_iter().map(|(field, _)| field).collect();
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn names_of_the_language_read_as_words() {
        assert_eq!(in_words("chatRoomName"), "Chat room name");
    }
}
