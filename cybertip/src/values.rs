//! Whether a text is a value of its type, with the message of a schema validator when it is not.

use std::borrow::Cow;
use std::net::IpAddr;

use super::document::is_xml_space;
use super::language::{Advice, Base, Limit, Simple};
use super::messages;
use super::profile::Profile;
use super::temporal;

/// Longer tokens are not repeated in answers.
const SHOWN_CHARS: usize = 100;
/// Stands for a value that is not repeated.
const HIDDEN: &str = "…";

/// Why a text is not a value of its type.
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// The validator's message.
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// Not of the built-in type at all.
    Lexical,
    /// Not on its closed list.
    NotListed,
    /// Beyond a documented limit.
    Limit,
}

/// The value in its type's own form: text is kept exactly, everything else has its white space collapsed.
pub(super) fn collapsed(base: Base, raw: &str) -> Cow<'_, str> {
    if base == Base::String {
        return Cow::Borrowed(raw);
    }
    let trimmed = raw.trim_matches(is_xml_space);
    let single = |pair: &[u8]| pair[0] == b' ' && pair[1] == b' ';
    let odd = trimmed.bytes().any(|b| matches!(b, b'\t' | b'\n' | b'\r'))
        || trimmed.as_bytes().windows(2).any(single);
    if !odd {
        return Cow::Borrowed(trimmed);
    }
    let words: Vec<&str> = trimmed.split(is_xml_space).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// What is wrong with `raw` as a value of `simple`, limits included in every profile but the strict one.
pub(super) fn fault(simple: &Simple, raw: &str, profile: Profile) -> Option<Fault> {
    let value = collapsed(simple.base, raw);
    let limits = if profile == Profile::Strict2025_11 { &[] } else { simple.limits };
    let broken = |limit: &&Limit| limit_message(simple, limit, &value);
    // The order is the validator's: the form of text first, then the type, the list, the range.
    if let Some(text) = lexical_message(simple, raw, &value, profile) {
        return Some(Fault { kind: FaultKind::Lexical, text });
    }
    if let Some(list) = simple.list
        && !list.values().contains(&value.as_ref())
    {
        let text = messages::not_listed(&shown(simple, &value), list.values());
        return Some(Fault { kind: FaultKind::NotListed, text });
    }
    limits.iter().find_map(|limit| broken(&limit)).map(|text| Fault { kind: FaultKind::Limit, text })
}

/// A value as answers may repeat it: tokens of closed kinds, cut; free text never.
pub(super) fn shown<'a>(simple: &Simple, value: &'a str) -> Cow<'a, str> {
    let free_text = matches!(simple.base, Base::String | Base::Token) && simple.list.is_none();
    if free_text && !value.is_empty() {
        return Cow::Borrowed(HIDDEN);
    }
    match value.char_indices().nth(SHOWN_CHARS) {
        None => Cow::Borrowed(value),
        Some((cut, _)) => Cow::Owned(format!("{}{HIDDEN}", &value[..cut])),
    }
}

fn lexical_message(simple: &Simple, raw: &str, value: &str, profile: Profile) -> Option<String> {
    let strict = profile == Profile::Strict2025_11;
    let (fits, kind) = match simple.base {
        Base::String | Base::Token => return None,
        Base::Boolean => (boolean(value).is_some(), "boolean"),
        // An empty element says true; one with only white space says nothing.
        Base::Flag => (raw.is_empty() || boolean(value).is_some(), "boolean"),
        Base::DateTime => (temporal::parse(value, !strict).is_some(), "dateTime"),
        Base::Date => (temporal::is_date(value), "date"),
        Base::Double => (is_double(value), "double"),
        Base::Long | Base::Int => (is_integer(value), "integer"),
    };
    if !fits {
        return Some(messages::not_of_type(&shown(simple, value), kind));
    }
    match simple.base {
        // A documented range says more than the type's own.
        Base::Int if simple.limits_in(profile).next().is_none() => {
            range_message(simple, value, "int", i64::from(i32::MIN), i64::from(i32::MAX))
        }
        Base::Long => range_message(simple, value, "long", i64::MIN, i64::MAX),
        _ => None,
    }
}

fn range_message(simple: &Simple, value: &str, name: &str, least: i64, most: i64) -> Option<String> {
    let number = integer(value);
    if number.is_some_and(|number| (least..=most).contains(&number)) {
        return None;
    }
    let below = number.map_or_else(|| value.starts_with('-'), |number| number < least);
    let (facet, bound) = if below { ("minInclusive", least) } else { ("maxInclusive", most) };
    Some(messages::beyond(facet, &shown(simple, value), &bound.to_string(), name))
}

fn limit_message(simple: &Simple, limit: &Limit, value: &str) -> Option<String> {
    let name = simple.name;
    let shown = || shown(simple, value);
    match limit {
        Limit::MaxLength(most) => {
            let length = if value.len() <= *most { return None } else { value.chars().count() };
            (length > *most).then(|| messages::too_long(&shown(), length, *most, name))
        }
        Limit::Min(least) => {
            let below = integer(value).map_or_else(|| value.starts_with('-'), |number| number < *least);
            below.then(|| messages::beyond("minInclusive", &shown(), &least.to_string(), name))
        }
        Limit::Max(most) => {
            let above = integer(value).map_or_else(|| !value.starts_with('-'), |number| number > *most);
            above.then(|| messages::beyond("maxInclusive", &shown(), &most.to_string(), name))
        }
        Limit::Pattern { expression, holds } => {
            (!holds(value)).then(|| messages::beyond("pattern", &shown(), expression, name))
        }
    }
}

/// Reads a boolean of XML Schema.
pub(super) fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Reads an integer; `None` also when it does not fit.
pub(super) fn integer(value: &str) -> Option<i64> {
    if is_integer(value) { value.parse().ok() } else { None }
}

fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_double(value: &str) -> bool {
    if matches!(value, "INF" | "-INF" | "NaN") {
        return true;
    }
    let (mantissa, exponent) = value.split_once(['e', 'E']).map_or((value, None), |(m, e)| (m, Some(e)));
    let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits =
        whole.len() + part.len() > 0 && whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit());
    digits && exponent.is_none_or(is_integer)
}

/// What is odd about a valid value: a stable word and a sentence.
pub(super) fn oddity(simple: &Simple, raw: &str) -> Option<(&'static str, &'static str)> {
    let value = collapsed(simple.base, raw);
    if matches!(simple.base, Base::String | Base::Token) && value.is_empty() {
        return Some(("text-empty", "the element is empty: leave it out when there is nothing to say"));
    }
    if simple.base == Base::DateTime
        && temporal::parse(&value, true).is_some_and(|moment| moment.zone_minutes.is_none())
    {
        return Some((
            "zone-missing",
            "the time has no zone: add Z or an offset, the moment is unknown otherwise",
        ));
    }
    let within = |most: f64| value.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
    match simple.advice? {
        Advice::IpAddress if value.trim().parse::<IpAddr>().is_err() => {
            Some(("ip-address-unreadable", "the text is not an internet address of version 4 or 6"))
        }
        Advice::Latitude if !within(90.0) => {
            Some(("latitude-out-of-range", "a latitude lies between -90 and 90"))
        }
        Advice::Longitude if !within(180.0) => {
            Some(("longitude-out-of-range", "a longitude lies between -180 and 180"))
        }
        _ => None,
    }
}
