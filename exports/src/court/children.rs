//! Who is a child or may be one, and which values name them.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use domain::{Involved, Private, Role};
use jiff::Timestamp;
use serde_json::Value;

use super::fields::{self, Class};
use super::values::Values;

const ADULT_AGE: i64 = 18;
/// Digits of a telephone number without what says the country.
const NATIONAL_DIGITS: [usize; 2] = [10, 9];

/// What each of these people is called where something of theirs is taken out; nothing for those who are no children. The
/// same child has the same name, as far as the sender says that it is the same. Silence is no proof that somebody is grown
/// up, but for the one who is reported: that one is public, unless the sender says or doubts an age.
pub(super) fn titles(people: &[Involved], received_at: Timestamp) -> Vec<Option<String>> {
    let mut known: HashMap<String, String> = HashMap::new();
    let mut titles: Vec<Option<String>> = vec![None; people.len()];
    // Victims first: a recipient who is one has the child's name.
    for is_victims_turn in [true, false] {
        let mut counts: HashMap<Role, usize> = HashMap::new();
        for (person, title) in people.iter().zip(&mut titles) {
            let at = counts.entry(person.role).and_modify(|count| *count += 1).or_insert(1);
            if (person.role == Role::Victim) != is_victims_turn {
                continue;
            }
            let marks = marks(person);
            // A household's telephone or mailbox makes no two victims one, and nothing makes somebody who is grown up a child.
            let of_one = |mark: &&String| {
                person.role != Role::Victim || !(mark.starts_with("phone ") || mark.starts_with("mail "))
            };
            let same = marks.iter().filter(of_one).find_map(|mark| known.get(mark).cloned());
            let same = same.filter(|_| !is_grown(person));
            *title = same.or_else(|| own(person, *at, received_at));
            if let Some(title) = &*title {
                marks.into_iter().for_each(|mark| {
                    known.entry(mark).or_insert_with(|| title.clone());
                });
            }
        }
    }
    titles
}

fn own(person: &Involved, at: usize, received_at: Timestamp) -> Option<String> {
    match person.role {
        Role::Victim => Some(format!("Child {at}")),
        Role::Recipient => Some(format!("Recipient {at}, who may be a child,")),
        Role::Reported if is_young(person, received_at) => {
            Some(format!("Reported Person {at}, who may be a child,"))
        }
        Role::Reported | Role::Reporter | Role::Contact | Role::Officer => None,
    }
}

/// Whether the sender says, and does not doubt, that a reported person is grown up.
fn is_grown(person: &Involved) -> bool {
    person.role == Role::Reported
        && person.person.age.is_some_and(|age| age >= ADULT_AGE)
        && person.person.age_doubted != Some(true)
}

fn is_young(person: &Involved, received_at: Timestamp) -> bool {
    let person = &person.person;
    let born = person.date_of_birth.as_ref().and_then(|born| grown_up_on(born.reveal()));
    person.age.is_some_and(|age| age < ADULT_AGE)
        || person.age_doubted == Some(true)
        || born.is_some_and(|day| received_at.to_string() < day)
}

/// The day on which somebody born on a day is grown up, as text of the same form.
fn grown_up_on(born: &str) -> Option<String> {
    let (year, rest) = (born.trim().get(..4)?.parse::<i64>().ok()?, born.trim().get(4..10)?);
    Some(format!("{:04}{rest}", year + ADULT_AGE))
}

/// What says that two entries are about one account or person.
fn marks(person: &Involved) -> Vec<String> {
    let plain = |kind: &str, text: &str| {
        let text = text.trim().to_lowercase();
        (!text.is_empty()).then(|| format!("{kind} {text}"))
    };
    let said = |kind, text: &Option<Private<String>>| plain(kind, text.as_ref()?.reveal());
    let mails = person.person.emails.iter().filter_map(|mail| plain("mail", mail.address.reveal()));
    let phones = person.person.phones.iter().filter_map(|phone| plain("phone", phone.number.reveal()));
    let accounts = [said("account", &person.account_id), said("screen name", &person.screen_name)];
    accounts.into_iter().flatten().chain(mails).chain(phones).collect()
}

/// Takes up every value in the record of a child that names it.
pub(super) fn take_up(values: &mut Values, record: &Value, who: &str) {
    let mut seen = HashSet::new();
    each_name(record, "somebody", &mut |text, word| {
        if seen.insert((text.to_owned(), word)) {
            take_up_one(values, text, word, who);
        }
    });
}

fn each_name(value: &Value, path: &str, take: &mut impl FnMut(&str, &'static str)) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| each_name(member, &fields::step(path, name), take));
        }
        Value::Array(items) => items.iter().for_each(|item| each_name(item, path, take)),
        Value::String(text) => {
            let field = fields::find(path);
            if field.class(true) == Class::Names {
                take(text, &field.word);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Takes up one value, and what is known of how else it is written.
pub(super) fn take_up_one(values: &mut Values, text: &str, word: &str, who: &str) {
    values.add(text, word, who);
    let digits = || text.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut also = |part: &str| values.add(part, word, who);
    match word {
        "name" => text.split_whitespace().filter(|part| part.chars().nth(1).is_some()).for_each(also),
        "e-mail address" => text.split('@').take(1).for_each(also),
        "profile page" => {
            let last = text.trim_end_matches('/').rsplit('/').take(1);
            // A shorter one is a number of a page.
            last.filter(|part| part.chars().nth(3).is_some()).for_each(also);
        }
        "network address" => {
            if let Ok(address) = text.trim().parse::<IpAddr>() {
                also(&address.to_string());
            }
        }
        "telephone number" => {
            let digits = digits();
            let ends =
                NATIONAL_DIGITS.iter().filter_map(|most| digits.get(digits.len().checked_sub(*most)?..));
            ends.for_each(also);
        }
        "postcode" => text.split('-').take(1).for_each(also),
        "date of birth" => {
            let digits = digits();
            if let [Some(year), Some(month), Some(day)] =
                [digits.get(..4), digits.get(4..6), digits.get(6..8)]
            {
                also(&format!("{month}{day}{year}"));
                also(&format!("{day}{month}{year}"));
                let [day, month] = [day, month].map(|part| part.trim_start_matches('0'));
                also(&format!("{month}/{day}/{year}"));
                also(&format!("{day}.{month}.{year}"));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(role: Role, screen_name: &str, age: Option<i64>) -> Involved {
        let mut somebody = Involved::nobody(role);
        somebody.screen_name = Some(screen_name.to_owned().into());
        somebody.person.age = age;
        somebody
    }

    fn called(people: &[Involved]) -> Vec<Option<String>> {
        titles(people, "2026-02-03T14:05:11Z".parse().unwrap())
    }

    #[test]
    fn the_same_child_has_the_same_name_and_who_may_be_one_is_one() {
        let people = [
            somebody(Role::Recipient, "Fox-1", None),
            somebody(Role::Reported, "grown", Some(40)),
            somebody(Role::Victim, "fox-1", Some(12)),
            somebody(Role::Victim, "owl", None),
            somebody(Role::Reported, "young", Some(17)),
            somebody(Role::Recipient, "elk", Some(40)),
            somebody(Role::Reporter, "desk", None),
        ];
        let wanted = [
            Some("Child 1"),
            None,
            Some("Child 1"),
            Some("Child 2"),
            Some("Reported Person 2, who may be a child,"),
            Some("Recipient 2, who may be a child,"),
            None,
        ];
        assert_eq!(called(&people), wanted.map(|title| title.map(str::to_owned)));
    }

    #[test]
    fn a_telephone_of_the_household_makes_nobody_somebody_else() {
        let phones: Vec<domain::Phone> =
            serde_json::from_value(serde_json::json!([{ "number": "+1 202 555 0100" }])).unwrap();
        let mut people = [
            somebody(Role::Victim, "owl", None),
            somebody(Role::Victim, "fox", None),
            somebody(Role::Reported, "heron", Some(41)),
        ];
        people.iter_mut().for_each(|person| person.person.phones.clone_from(&phones));
        assert_eq!(called(&people), [Some("Child 1".to_owned()), Some("Child 2".to_owned()), None]);
    }

    #[test]
    fn who_was_born_less_than_eighteen_years_ago_or_whose_age_is_doubted_may_be_a_child() {
        for (born, doubted, is_child) in [
            ("2008-02-04", None, true),
            ("2008-02-02", None, false),
            ("1986-01-01", Some(true), true),
            ("unknown", None, false),
            ("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", None, false),
        ] {
            let mut person = somebody(Role::Reported, "one", None);
            person.person.date_of_birth = Some(born.to_owned().into());
            person.person.age_doubted = doubted;
            assert_eq!(called(&[person])[0].is_some(), is_child, "{born}");
        }
    }

    #[test]
    fn a_value_is_found_in_the_other_ways_in_which_it_is_written() {
        for (text, word, written) in [
            ("+1 (202) 555-0100", "telephone number", "call 202-555-0100"),
            ("2011-03-04", "date of birth", "born 03/04/2011"),
            ("2011-03-04", "date of birth", "born 3/4/2011"),
            ("90210-1234", "postcode", "in 90210"),
            ("robin.vale@mail.example", "e-mail address", "robin_vale"),
            ("https://harbor.example/u/robinvale/", "profile page", "see robinvale"),
            ("2001:0db8:0:0:0:0:0:1", "network address", "from 2001:db8::1"),
            ("Robin  Vale", "name", "Vale, R."),
        ] {
            let mut values = Values::default();
            take_up_one(&mut values, text, word, "Child 1");
            assert!(values.stand_in(written), "{text} {written}");
        }
    }
}
