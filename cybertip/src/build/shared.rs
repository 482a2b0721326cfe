//! Parts that several documents use, and how a part is asked for its contents.

use domain::{
    AccountDisabled, Address, Device, Email, EstimatedLocation, GivenTime, IpEvent, Person, Phone, Private,
};

use super::super::document::Document;
use super::super::lenient::is_set;
use super::super::temporal;
use super::super::values::{boolean, integer};

/// One element of a valid document.
#[derive(Clone, Copy)]
pub(super) struct Part<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) node: u32,
}

impl<'d, 'a> Part<'d, 'a> {
    /// The tag; empty for an element of another namespace, which no field is waiting for.
    pub(super) fn name(self) -> &'d str {
        self.document.own_name(self.node).unwrap_or_default()
    }

    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.document.children(self.node).map(move |node| Part { document: self.document, node })
    }

    pub(super) fn first(self, name: &str) -> Option<Self> {
        self.document.child(self.node, name).map(|node| Part { document: self.document, node })
    }

    /// Every child of this name, made into something.
    pub(super) fn each<T>(self, name: &str, make: impl Fn(Self) -> T) -> Vec<T> {
        self.children().filter(|part| part.name() == name).map(make).collect()
    }

    /// The text exactly.
    pub(super) fn text(self) -> String {
        self.document.node(self.node).text.clone().into_owned()
    }

    pub(super) fn private(self) -> Private<String> {
        Private::new(self.text())
    }

    fn trimmed_text(self) -> &'d str {
        self.document.node(self.node).text.trim()
    }

    pub(super) fn yes_or_no(self) -> Option<bool> {
        boolean(self.trimmed_text())
    }

    pub(super) fn number(self) -> Option<i64> {
        integer(self.trimmed_text())
    }

    pub(super) fn moment(self) -> Option<GivenTime> {
        temporal::given(self.trimmed_text())
    }

    /// The marks that are set inside, by their tags.
    pub(super) fn marks(self) -> Vec<String> {
        let set = |part: &Self| is_set(part.trimmed_text()) && part.is_leaf() && !part.name().is_empty();
        self.children().filter(set).map(|part| part.name().to_owned()).collect()
    }

    fn is_leaf(self) -> bool {
        self.document.children(self.node).next().is_none()
            && self.document.attributes_of(self.node).is_empty()
    }

    pub(super) fn plain(self, name: &str) -> Option<String> {
        self.first(name).map(Self::text)
    }

    pub(super) fn said(self, name: &str) -> Option<Private<String>> {
        self.first(name).map(Self::private)
    }

    /// Text whose surrounding white space means nothing.
    pub(super) fn trimmed(self, name: &str) -> Option<Private<String>> {
        self.first(name).map(|part| Private::new(part.trimmed_text().to_owned()))
    }

    pub(super) fn answer(self, name: &str) -> Option<bool> {
        self.first(name).and_then(Self::yes_or_no)
    }

    pub(super) fn attribute(self, name: &str) -> Option<String> {
        self.document.attribute(self.node, name).map(str::to_owned)
    }

    pub(super) fn attribute_answer(self, name: &str) -> Option<bool> {
        self.document.attribute(self.node, name).and_then(|text| boolean(text.trim()))
    }

    pub(super) fn attribute_moment(self, name: &str) -> Option<GivenTime> {
        self.document.attribute(self.node, name).and_then(|text| temporal::given(text.trim()))
    }
}

pub(super) fn person(part: Part) -> Person {
    let mut person = Person::default();
    for part in part.children() {
        match part.name() {
            "firstName" => person.first_name = Some(part.private()),
            "lastName" => person.last_name = Some(part.private()),
            "phone" => person.phones.push(phone(part)),
            "email" => person.emails.push(email(part)),
            "address" => person.addresses.push(address(part)),
            "age" => person.age = part.number(),
            "ageAssertionDiscrepancy" => person.age_doubted = part.yes_or_no(),
            "dateOfBirth" => person.date_of_birth = Some(Private::new(part.trimmed_text().to_owned())),
            _ => {}
        }
    }
    person
}

pub(super) fn phone(part: Part) -> Phone {
    Phone {
        number: part.private(),
        kind: part.attribute("type"),
        calling_code: part.attribute("countryCallingCode"),
        extension: part.attribute("extension"),
        verified: part.attribute_answer("verified"),
        verified_at: part.attribute_moment("verificationDate"),
    }
}

pub(super) fn email(part: Part) -> Email {
    Email {
        address: part.private(),
        kind: part.attribute("type"),
        verified: part.attribute_answer("verified"),
        verified_at: part.attribute_moment("verificationDate"),
    }
}

pub(super) fn address(part: Part) -> Address {
    let mut address = Address { kind: part.attribute("type"), ..Address::default() };
    for part in part.children() {
        match part.name() {
            "address" => address.street = Some(part.private()),
            "city" => address.city = Some(part.private()),
            "zipCode" => address.postcode = Some(part.private()),
            "state" => address.state = Some(part.text()),
            "nonUsaState" => address.region = Some(part.text()),
            "country" => address.country = Some(part.text()),
            _ => {}
        }
    }
    address
}

pub(super) fn ip_event(part: Part) -> IpEvent {
    IpEvent {
        address: part.said("ipAddress").unwrap_or_default(),
        event: part.plain("eventName"),
        at: part.first("dateTime").and_then(Part::moment),
        possible_proxy: part.answer("possibleProxy"),
        port: part.first("port").and_then(Part::number),
    }
}

pub(super) fn device(part: Part) -> Device {
    Device {
        kind: part.plain("idType").unwrap_or_default(),
        value: part.said("idValue").unwrap_or_default(),
        event: part.plain("eventName"),
        at: part.first("dateTime").and_then(Part::moment),
    }
}

pub(super) fn account_disabled(part: Part) -> AccountDisabled {
    AccountDisabled {
        disabled: part.yes_or_no(),
        disabled_at: part.attribute_moment("disabledDate"),
        user_notified: part.attribute_answer("userNotified"),
        user_notified_at: part.attribute_moment("userNotifiedDate"),
        reenabled_at: part.attribute_moment("reenabledDate"),
    }
}

pub(super) fn estimated_location(part: Part) -> EstimatedLocation {
    EstimatedLocation {
        city: part.said("city"),
        region: part.plain("region"),
        country: part.plain("countryCode"),
        verified: part.attribute_answer("verified"),
        at: part.attribute_moment("timestamp"),
    }
}
