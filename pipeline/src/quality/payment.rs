//! Where in a report the full number of a payment card or bank account stands. Advice: the text is evidence and stays
//! as it came, and nothing is counted by which the number could be told. What others wrote is not asked.

use domain::{Private, Submission};
use policy::QualityFacts;
use spelling::payment;

use super::counts::free_text;
use crate::facts::Said;

pub(super) fn count(submission: &Submission, files: &[Said<'_>], facts: &mut QualityFacts) {
    let places = submission.details.iter().filter_map(free_text);
    facts.account_number_in_text = any(submission.additional.iter());
    facts.account_number_in_escalation = any(submission.incident.escalation.iter());
    facts.account_number_in_incident = any(places);
    facts.account_number_with_person = any(submission.people.iter().flat_map(|person| &person.additional));
    facts.account_number_with_file = any(files.iter().flatten().flat_map(|file| &file.additional));
}

fn any<'a>(mut texts: impl Iterator<Item = &'a Private<String>>) -> i64 {
    i64::from(texts.any(|text| payment::is_named(text.reveal())))
}
