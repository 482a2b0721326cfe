//! The types of text: built-in ones, closed lists, and text with a documented limit.

use super::codes;
use super::{Advice, Base, Limit, List, Simple};

const fn plain(base: Base) -> Simple {
    Simple { name: base.xsd_name(), base, list: None, open_when_lenient: false, limits: &[], advice: None }
}

const fn limited(name: &'static str, base: Base, limits: &'static [Limit]) -> Simple {
    Simple { name, limits, ..plain(base) }
}

const fn listed(name: &'static str, values: &'static [&'static str]) -> Simple {
    Simple { name, list: Some(List::Given(values)), ..plain(Base::String) }
}

const fn loosely_listed(name: &'static str, values: &'static [&'static str]) -> Simple {
    Simple { open_when_lenient: true, ..listed(name, values) }
}

const fn advised(base: Base, advice: Advice) -> Simple {
    Simple { advice: Some(advice), ..plain(base) }
}

pub(super) static STRING: Simple = plain(Base::String);
pub(super) static TOKEN: Simple = plain(Base::Token);
pub(super) static BOOLEAN: Simple = plain(Base::Boolean);
pub(super) static FLAG: Simple = plain(Base::Flag);
pub(super) static DATE_TIME: Simple = plain(Base::DateTime);
pub(super) static DATE: Simple = plain(Base::Date);
pub(super) static LONG: Simple = plain(Base::Long);
pub(super) static INT: Simple = plain(Base::Int);
pub(super) static IP_ADDRESS: Simple = advised(Base::String, Advice::IpAddress);
pub(super) static LATITUDE: Simple = advised(Base::Double, Advice::Latitude);
pub(super) static LONGITUDE: Simple = advised(Base::Double, Advice::Longitude);

pub(super) static TEXT_20: Simple = limited("text20", Base::String, &[Limit::MaxLength(20)]);
pub(super) static TEXT_50: Simple = limited("text50", Base::String, &[Limit::MaxLength(50)]);
pub(super) static TEXT_64: Simple = limited("text64", Base::String, &[Limit::MaxLength(64)]);
pub(super) static TEXT_100: Simple = limited("text100", Base::String, &[Limit::MaxLength(100)]);
pub(super) static TEXT_255: Simple = limited("text255", Base::String, &[Limit::MaxLength(255)]);
pub(super) static TEXT_256: Simple = limited("text256", Base::String, &[Limit::MaxLength(256)]);
pub(super) static TEXT_300: Simple = limited("text300", Base::String, &[Limit::MaxLength(300)]);
pub(super) static TEXT_2056: Simple = limited("text2056", Base::String, &[Limit::MaxLength(2056)]);
pub(super) static TEXT_2083: Simple = limited("text2083", Base::String, &[Limit::MaxLength(2083)]);
pub(super) static TEXT_3000: Simple = limited("text3000", Base::String, &[Limit::MaxLength(3000)]);

pub(super) static AGE: Simple = limited("age", Base::Int, &[Limit::Max(150), Limit::Min(0)]);
pub(super) static PORT: Simple = limited("port", Base::Int, &[Limit::Max(65_535), Limit::Min(1)]);
pub(super) static CALLING_CODE: Simple = limited(
    "countryCallingCode",
    Base::String,
    &[Limit::Pattern { expression: r"\+[0-9]{1,3}", holds: is_calling_code }],
);
pub(super) static EXTENSION: Simple = limited(
    "extension",
    Base::String,
    &[Limit::Pattern { expression: "[0-9]{1,10}", holds: |text| is_digits(text, 10) }],
);

pub(super) static INCIDENT_TYPE: Simple =
    Simple { list: Some(List::Derived(codes::incident_type_values)), ..loosely_listed("incidentType", &[]) };
pub(super) static BATCH_REASON: Simple = listed("batchReason", codes::BATCH_REASONS);
pub(super) static EVENT_NAME: Simple = loosely_listed("eventName", codes::EVENT_NAMES);
pub(super) static ADDRESS_TYPE: Simple = loosely_listed("addressType", codes::ADDRESS_TYPES);
pub(super) static EMAIL_TYPE: Simple = loosely_listed("emailType", codes::EMAIL_TYPES);
pub(super) static PHONE_TYPE: Simple = loosely_listed("phoneType", codes::PHONE_TYPES);
pub(super) static ACCOUNT_TYPE: Simple = loosely_listed("associatedAccountType", codes::ACCOUNT_TYPES);
pub(super) static RELEVANCE: Simple = listed("fileRelevance", codes::RELEVANCES);
pub(super) static CLASSIFICATION: Simple = listed("industryClassification", codes::CLASSIFICATIONS);
pub(super) static DETAIL_TYPE: Simple = listed("detailsType", codes::DETAIL_TYPES);
pub(super) static STATE: Simple = loosely_listed("usState", codes::STATES);
pub(super) static COUNTRY: Simple = loosely_listed("country", codes::COUNTRIES);

fn is_calling_code(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| is_digits(digits, 3))
}

fn is_digits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
