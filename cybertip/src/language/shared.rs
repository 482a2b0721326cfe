//! Types that several parts of a report use.

use super::Kind::{Group, Text};
use super::simple::{
    ADDRESS_TYPE, AGE, BOOLEAN, CALLING_CODE, COUNTRY, DATE, DATE_TIME, EMAIL_TYPE, EVENT_NAME, EXTENSION,
    IP_ADDRESS, PHONE_TYPE, PORT, STATE, TEXT_20, TEXT_50, TEXT_100, TEXT_255, TEXT_2083,
};
use super::{Attribute, Complex, Content, Element, attribute, many, one, optional, sequence};

const FIRST_NAME: Element = optional("firstName", Text(&TEXT_100), "Given name.");
const LAST_NAME: Element = optional("lastName", Text(&TEXT_100), "Family name.");
const PHONES: Element = many("phone", Group(&PHONE), "A telephone number.");
const EMAILS: Element = many("email", Group(&EMAIL), "A mail address.");
const ADDRESSES: Element = many("address", Group(&ADDRESS), "A postal address.");
/// Whether the reporter doubts an age; it stands beside every age.
pub(super) const AGE_DOUBTED: Element =
    optional("ageAssertionDiscrepancy", Text(&BOOLEAN), "The reporter doubts the stated age.").since_2026();
pub(super) const DATE_OF_BIRTH: Element = optional("dateOfBirth", Text(&DATE), "Date of birth.");

pub(super) static PERSON: Complex = sequence(
    "person",
    &[
        FIRST_NAME,
        LAST_NAME,
        PHONES,
        EMAILS,
        ADDRESSES,
        optional("age", Text(&AGE), "Age in years."),
        AGE_DOUBTED,
        DATE_OF_BIRTH,
    ],
    "A person as far as the reporter knows one.",
);

/// A person whom law enforcement may turn to: no age, no birth.
pub(super) static CONTACT_PERSON: Complex = sequence(
    "contactPerson",
    &[FIRST_NAME, LAST_NAME, PHONES, EMAILS, ADDRESSES],
    "A person whom law enforcement may turn to.",
);

const VERIFIED: Attribute = attribute("verified", &BOOLEAN, "The reporter verified it.");
const VERIFICATION_DATE: Attribute = attribute("verificationDate", &DATE_TIME, "When it was verified.");

pub(super) static EMAIL: Complex = Complex {
    name: "email",
    attributes: &[attribute("type", &EMAIL_TYPE, "What the address is for."), VERIFIED, VERIFICATION_DATE],
    content: Content::Text(&TEXT_255),
    says: "A mail address.",
};

pub(super) static PHONE: Complex = Complex {
    name: "phone",
    attributes: &[
        attribute("type", &PHONE_TYPE, "What kind of line it is."),
        VERIFIED,
        VERIFICATION_DATE,
        attribute("countryCallingCode", &CALLING_CODE, "Calling code of the country, with its plus sign."),
        attribute("extension", &EXTENSION, "Digits to dial after the connection."),
    ],
    content: Content::Text(&TEXT_50),
    says: "A telephone number.",
};

pub(super) static ADDRESS: Complex = sequence(
    "address",
    &[
        optional("address", Text(&TEXT_255), "Street line."),
        optional("city", Text(&TEXT_100), "City."),
        optional("zipCode", Text(&TEXT_20), "ZIP or postal code."),
        optional("state", Text(&STATE), "State or territory of the United States."),
        optional("nonUsaState", Text(&TEXT_100), "Region outside the United States."),
        optional("country", Text(&COUNTRY), "Country code."),
    ],
    "A postal address.",
)
.with(&[attribute("type", &ADDRESS_TYPE, "What the address is for.")]);

pub(super) static IP_CAPTURE_EVENT: Complex = sequence(
    "ipCaptureEvent",
    &[
        one("ipAddress", Text(&IP_ADDRESS), "An address of version 4 or 6."),
        optional("eventName", Text(&EVENT_NAME), "What was done from the address."),
        optional("dateTime", Text(&DATE_TIME), "When it was done."),
        optional("possibleProxy", Text(&BOOLEAN), "The reporter takes the address for a proxy."),
        optional("port", Text(&PORT), "Source port; a shared address names nobody without it."),
    ],
    "An internet address seen at a moment.",
);

pub(super) static DEVICE_ID: Complex = sequence(
    "deviceId",
    &[
        one("idType", Text(&TEXT_255), "What kind of number or name it is, such as IMEI, ICCID or SSID."),
        one("idValue", Text(&TEXT_2083), "The number or name."),
        optional("eventName", Text(&EVENT_NAME), "What was done with the device."),
        optional("dateTime", Text(&DATE_TIME), "When it was done."),
    ],
    "A device.",
);

pub(super) static ESTIMATED_LOCATION: Complex = sequence(
    "estimatedLocation",
    &[
        optional("city", Text(&TEXT_255), "City."),
        optional("region", Text(&TEXT_255), "Region; a US state code when the country is the United States."),
        optional("countryCode", Text(&COUNTRY), "Country code."),
    ],
    "Where the reporter thinks the person is.",
)
.with(&[
    attribute("verified", &BOOLEAN, "The reporter verified it."),
    attribute("timestamp", &DATE_TIME, "When it was estimated."),
]);

const DISABLED_DATE: Attribute = attribute("disabledDate", &DATE_TIME, "Since when.");
const USER_NOTIFIED: Attribute = attribute("userNotified", &BOOLEAN, "The user was told.");
const USER_NOTIFIED_DATE: Attribute = attribute("userNotifiedDate", &DATE_TIME, "When the user was told.");

static TEMPORARILY_DISABLED: Complex = Complex {
    name: "accountTemporarilyDisabled",
    attributes: &[
        DISABLED_DATE,
        USER_NOTIFIED,
        USER_NOTIFIED_DATE,
        attribute("reenabledDate", &DATE_TIME, "When it was or will be enabled again."),
    ],
    content: Content::Text(&BOOLEAN),
    says: "Whether and when an account was disabled for a time.",
};

static PERMANENTLY_DISABLED: Complex = Complex {
    name: "accountPermanentlyDisabled",
    attributes: &[DISABLED_DATE, USER_NOTIFIED, USER_NOTIFIED_DATE],
    content: Content::Text(&BOOLEAN),
    says: "Whether and when an account was disabled for good.",
};

pub(super) const TEMPORARILY: Element = optional(
    "accountTemporarilyDisabled",
    Group(&TEMPORARILY_DISABLED),
    "Whether the account is disabled for a time.",
);
pub(super) const PERMANENTLY: Element = optional(
    "accountPermanentlyDisabled",
    Group(&PERMANENTLY_DISABLED),
    "Whether the account is disabled for good.",
);
pub(super) const LOCATION: Element =
    optional("estimatedLocation", Group(&ESTIMATED_LOCATION), "Where the reporter thinks the person is.");
pub(super) const IP_EVENTS: Element =
    many("ipCaptureEvent", Group(&IP_CAPTURE_EVENT), "An internet address seen at a moment.");
pub(super) const DEVICES: Element = many("deviceId", Group(&DEVICE_ID), "A device seen with the account.");
