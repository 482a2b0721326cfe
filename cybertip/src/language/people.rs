//! The people of a report: who is reported, who received, who is the child. Their order of elements differs slightly.

use super::Kind::{Group, Text};
use super::shared::{
    ADDRESS, AGE_DOUBTED, DATE_OF_BIRTH, DEVICES, EMAIL, IP_EVENTS, LOCATION, PERMANENTLY, PERSON, PHONE,
    TEMPORARILY,
};
use super::simple::{ACCOUNT_TYPE, AGE, BOOLEAN, LONG, STRING, TEXT_100, TEXT_255, TEXT_256, TEXT_300};
use super::{Complex, Content, Element, attribute, many, one, optional, required, sequence};

const ESP_IDENTIFIER: Element =
    optional("espIdentifier", Text(&TEXT_255), "The user's id in the reporter's system.");
const ESP_SERVICE: Element = optional("espService", Text(&TEXT_100), "The service that the account is on.");
const COMPROMISED: Element =
    optional("compromisedAccount", Text(&BOOLEAN), "The account may be in someone else's hands.");
const SCREEN_NAME: Element = optional("screenName", Text(&TEXT_256), "Screen or user name.");
const DISPLAY_NAMES: Element = many("displayName", Text(&STRING), "A name that others see.");
const PROFILE_URLS: Element = many("profileUrl", Text(&STRING), "Address of a profile page.");
const PROFILE_BIO: Element = optional("profileBio", Text(&STRING), "Text of the profile.");
const PRIOR_REPORTS: Element = many(
    "priorCTReports",
    Text(&LONG),
    "Number of an earlier report about the same person; one element each.",
);
const GROUP: Element =
    optional("groupIdentifier", Text(&TEXT_255), "An organised online group that the person belongs to.");
const ALL_EMAILS: Element = optional(
    "allEmailsReported",
    Text(&BOOLEAN),
    "Every mail address that the reporter knows is in the report.",
);
const ASSOCIATED: Element =
    many("associatedAccount", Group(&ASSOCIATED_ACCOUNT), "An account that belongs together with this one.");
const ADDITIONAL: Element = optional("additionalInfo", Text(&STRING), "Anything else about this person.");

pub(super) static PERSON_OR_USER_REPORTED: Complex = sequence(
    "personOrUserReported",
    &[
        optional("personOrUserReportedPerson", Group(&PERSON), "The person behind the account."),
        optional("vehicleDescription", Text(&TEXT_300), "A vehicle."),
        ESP_IDENTIFIER,
        ESP_SERVICE,
        COMPROMISED,
        SCREEN_NAME,
        DISPLAY_NAMES,
        PROFILE_URLS,
        PROFILE_BIO,
        IP_EVENTS,
        DEVICES,
        optional("thirdPartyUserReported", Text(&BOOLEAN), "The account is on another company's service."),
        PRIOR_REPORTS,
        GROUP,
        TEMPORARILY,
        PERMANENTLY,
        LOCATION,
        ALL_EMAILS,
        ASSOCIATED,
        ADDITIONAL,
    ],
    "The person or account that is reported.",
);

pub(super) static INTENDED_RECIPIENT: Complex = sequence(
    "intendedRecipient",
    &[
        optional("intendedRecipientPerson", Group(&PERSON), "The person behind the account."),
        ESP_IDENTIFIER,
        ESP_SERVICE,
        COMPROMISED,
        SCREEN_NAME,
        DISPLAY_NAMES,
        PROFILE_URLS,
        PROFILE_BIO,
        IP_EVENTS,
        DEVICES,
        PRIOR_REPORTS,
        GROUP,
        TEMPORARILY,
        PERMANENTLY,
        LOCATION,
        ALL_EMAILS,
        many("additionalInfo", Text(&STRING), "Anything else about this person.").documented("at most one"),
    ],
    "The account to which something was sent; it may be the child.",
);

pub(super) static VICTIM: Complex = sequence(
    "victim",
    &[
        one("victimPerson", Group(&PERSON), "The child; it must stand there, but may be empty."),
        ESP_IDENTIFIER,
        ESP_SERVICE,
        COMPROMISED,
        SCREEN_NAME,
        DISPLAY_NAMES,
        PROFILE_URLS,
        PROFILE_BIO,
        IP_EVENTS,
        DEVICES,
        optional("schoolName", Text(&TEXT_255), "The child's school."),
        PRIOR_REPORTS,
        TEMPORARILY,
        PERMANENTLY,
        LOCATION,
        ALL_EMAILS,
        ASSOCIATED,
        ADDITIONAL,
    ],
    "The child.",
);

static ASSOCIATED_PLATFORM: Complex = Complex {
    name: "associatedPlatform",
    attributes: &[attribute("thirdPartyUser", &BOOLEAN, "The account is on another company's service.")],
    content: Content::Text(&TEXT_256),
    says: "The platform that an associated account is on.",
};

/// An account that belongs together with that of a person in the report.
static ASSOCIATED_ACCOUNT: Complex = sequence(
    "associatedAccount",
    &[
        optional("platform", Group(&ASSOCIATED_PLATFORM), "The platform that the account is on."),
        optional("firstName", Text(&TEXT_256), "Given name."),
        optional("middleName", Text(&TEXT_256), "Middle name."),
        optional("lastName", Text(&TEXT_256), "Family name."),
        optional("approximateAge", Text(&AGE), "Age in years, as far as known."),
        AGE_DOUBTED,
        DATE_OF_BIRTH,
        many("phone", Group(&PHONE), "A telephone number."),
        many("email", Group(&EMAIL), "A mail address."),
        ALL_EMAILS,
        many("address", Group(&ADDRESS), "A postal address."),
        optional("espService", Text(&TEXT_256), "The service that the account is on."),
        optional("espIdentifier", Text(&TEXT_256), "The user's id in that service."),
        PROFILE_URLS,
        SCREEN_NAME,
        DISPLAY_NAMES,
        PROFILE_BIO,
        optional("groupIdentifier", Text(&TEXT_256), "An organised online group that the person belongs to."),
        COMPROMISED,
        TEMPORARILY,
        PERMANENTLY,
        IP_EVENTS,
        DEVICES,
        many("priorCTReport", Text(&LONG), "Number of an earlier report; the name is singular here."),
        optional("additionalInfo", Text(&STRING), "Anything else about this account."),
    ],
    "An account that belongs together with that of a person in the report.",
)
.with(&[required("type", &ACCOUNT_TYPE, "How the two belong together.")]);
