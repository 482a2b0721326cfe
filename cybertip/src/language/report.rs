//! The `report` document from its root down to the places where it happened.

use super::Kind::{Group, Text};
use super::people::{INTENDED_RECIPIENT, PERSON_OR_USER_REPORTED, VICTIM};
use super::shared::{ADDRESS, CONTACT_PERSON, EMAIL, IP_EVENTS, PERSON, PHONE};
use super::simple::{
    BATCH_REASON, BOOLEAN, COUNTRY, DATE_TIME, INCIDENT_TYPE, LATITUDE, LONGITUDE, STRING, TEXT_100,
    TEXT_255, TEXT_256, TEXT_2083, TEXT_3000,
};
use super::{Complex, Content, Element, attribute, flag, many, one, optional, required, sequence};

const ADDITIONAL: Element = optional("additionalInfo", Text(&STRING), "Anything else.");
const CONTENT: Element = optional("content", Text(&STRING), "What was written.");
const ADDRESSES: Element = many("emailAddress", Group(&EMAIL), "A mail address involved.");

/// The root of a report.
pub static REPORT: Element = one("report", Group(&REPORT_TYPE), "One report; `/submit` opens it.");

static REPORT_TYPE: Complex = sequence(
    "report",
    &[
        optional("batchedReport", Group(&BATCHED), "One report that stands for several reported users."),
        one("incidentSummary", Group(&INCIDENT_SUMMARY), "What happened and when."),
        many("internetDetails", Group(&INTERNET_DETAILS), "Where it happened; one element for each place."),
        optional("lawEnforcement", Group(&LAW_ENFORCEMENT), "What was already done with law enforcement."),
        one("reporter", Group(&REPORTER), "Who reports."),
        many(
            "personOrUserReported",
            Group(&PERSON_OR_USER_REPORTED),
            "The person or account that is reported.",
        )
        .documented("at most one; several make sense only with `batchedReport`"),
        many("intendedRecipient", Group(&INTENDED_RECIPIENT), "The account to which something was sent."),
        many("victim", Group(&VICTIM), "The child."),
        optional("additionalInfo", Text(&STRING), "Anything else about the whole report."),
    ],
    "One report.",
);

static BATCHED: Complex = Complex {
    name: "batchedReport",
    attributes: &[required("reason", &BATCH_REASON, "Why the reports are batched.")],
    content: Content::Empty,
    says: "The mark of a report that stands for several reported users.",
};

static INCIDENT_SUMMARY: Complex = sequence(
    "incidentSummary",
    &[
        one("incidentType", Text(&INCIDENT_TYPE), "What kind of incident it is."),
        optional("platform", Text(&TEXT_256), "Full name of the application where it happened."),
        optional(
            "escalateToHighPriority",
            Text(&TEXT_3000),
            "Why this report is urgent; its presence asks for high priority, so leave it out otherwise.",
        ),
        optional("reportAnnotations", Group(&REPORT_ANNOTATIONS), "Marks about the whole report."),
        one("incidentDateTime", Text(&DATE_TIME), "When it happened; it must be in the past.")
            .documented("with time zone"),
        optional("incidentDateTimeDescription", Text(&TEXT_3000), "What that time means."),
    ],
    "What happened and when.",
);

static REPORT_ANNOTATIONS: Complex = Complex {
    name: "reportAnnotations",
    attributes: &[],
    content: Content::All(&[
        flag("sextortion", "Someone is extorted with intimate material."),
        flag("csamSolicitation", "Someone asks for abuse material."),
        flag("minorToMinorInteraction", "Both sides are children."),
        flag("spam", "Mass mailing."),
        flag("sadisticOnlineExploitation", "Coercion to harm oneself, others or animals."),
        flag("informational", "For information; the reporter expects no action.").since_2026(),
        flag("potentialAggravatingFactors", "There may be aggravating factors.").since_2026(),
        flag("instrumentalUse", "Named by the documentation without an explanation that we have seen.")
            .since_2026(),
    ]),
    says: "Marks about the whole report, in any order.",
};

/// Exactly one place where it happened.
static INTERNET_DETAILS: Complex = Complex {
    name: "internetDetails",
    attributes: &[],
    content: Content::Choice(&[
        one("webPageIncident", Group(&WEB_PAGE_INCIDENT), "On a web page."),
        one("emailIncident", Group(&EMAIL_INCIDENT), "In a mail message."),
        one("newsgroupIncident", Group(&NEWSGROUP_INCIDENT), "In a news group."),
        one("chatImIncident", Group(&CHAT_IM_INCIDENT), "In a chat or instant message."),
        one("onlineGamingIncident", Group(&ONLINE_GAMING_INCIDENT), "In a game."),
        one("cellPhoneIncident", Group(&CELL_PHONE_INCIDENT), "On a mobile telephone."),
        one("nonInternetIncident", Group(&NON_INTERNET_INCIDENT), "Not on the internet."),
        one("peer2peerIncident", Group(&PEER_2_PEER_INCIDENT), "On a peer-to-peer network."),
    ]),
    says: "One place where it happened: exactly one of these elements.",
};

/// A web page on which it happened.
static WEB_PAGE_INCIDENT: Complex = sequence(
    "webPageIncident",
    &[many("url", Text(&STRING), "Address of the page, without white space."), ADDITIONAL],
    "A web page.",
)
.with(&[attribute(
    "thirdPartyHostedContent",
    &BOOLEAN,
    "The page is on someone else's server and the reporter knows nothing more of it.",
)]);

static EMAIL_INCIDENT: Complex = sequence(
    "emailIncident",
    &[ADDRESSES, CONTENT, ADDITIONAL],
    "A mail message: headers, subject and body.",
);

static NEWSGROUP_INCIDENT: Complex = sequence(
    "newsgroupIncident",
    &[optional("name", Text(&TEXT_255), "Name of the group."), ADDRESSES, CONTENT, ADDITIONAL],
    "A news group.",
);

static CHAT_IM_INCIDENT: Complex = sequence(
    "chatImIncident",
    &[
        optional("chatClient", Text(&TEXT_255), "The program."),
        optional("chatRoomName", Text(&TEXT_255), "The room."),
        CONTENT,
        ADDITIONAL,
    ],
    "A chat or instant message.",
);

static ONLINE_GAMING_INCIDENT: Complex = sequence(
    "onlineGamingIncident",
    &[
        optional("gameName", Text(&TEXT_255), "The game."),
        optional("console", Text(&TEXT_255), "The console."),
        CONTENT,
        ADDITIONAL,
    ],
    "A game.",
);

static CELL_PHONE_INCIDENT: Complex = sequence(
    "cellPhoneIncident",
    &[
        optional("phoneNumber", Group(&PHONE), "The number."),
        optional("latitude", Text(&LATITUDE), "Degrees north."),
        optional("longitude", Text(&LONGITUDE), "Degrees east."),
        ADDITIONAL,
    ],
    "A mobile telephone.",
);

static NON_INTERNET_INCIDENT: Complex = sequence(
    "nonInternetIncident",
    &[
        optional("locationName", Text(&TEXT_255), "Name of the place."),
        many("incidentAddress", Group(&ADDRESS), "Address of the place."),
        ADDITIONAL,
    ],
    "A place that is not on the internet.",
);

static PEER_2_PEER_INCIDENT: Complex = sequence(
    "peer2peerIncident",
    &[
        optional("client", Text(&TEXT_255), "The program."),
        IP_EVENTS,
        optional("fileNames", Text(&STRING), "Names of files, as one free text."),
        ADDITIONAL,
    ],
    "A peer-to-peer network.",
);

/// What was already done with law enforcement.
static LAW_ENFORCEMENT: Complex = sequence(
    "lawEnforcement",
    &[
        one("agencyName", Text(&TEXT_255), "The agency."),
        optional("caseNumber", Text(&TEXT_100), "Its case number."),
        optional("officerContact", Group(&CONTACT_PERSON), "The officer."),
        optional("reportedToLe", Text(&BOOLEAN), "The reporter itself reported to that agency."),
        optional(
            "servedLegalProcessDomestic",
            Text(&BOOLEAN),
            "It was served process from the United States.",
        ),
        optional(
            "servedLegalProcessInternational",
            Group(&FOREIGN_PROCESS),
            "It was served process from elsewhere.",
        ),
    ],
    "What was already done with law enforcement.",
);

static FOREIGN_PROCESS: Complex = Complex {
    name: "servedLegalProcessInternational",
    attributes: &[attribute("fleaCountry", &COUNTRY, "The country that the process came from.")],
    content: Content::Text(&BOOLEAN),
    says: "Whether process from another country was served.",
};

static REPORTER: Complex = sequence(
    "reporter",
    &[
        one("reportingPerson", Group(&PERSON), "Who reports for the provider.")
            .documented("with at least one `email`; without, the report is accepted with a warning"),
        optional("contactPerson", Group(&CONTACT_PERSON), "Whom law enforcement should contact instead."),
        optional("companyTemplate", Text(&STRING), "What the company says in every report."),
        optional("termsOfService", Text(&STRING), "The terms that were broken."),
        optional("legalURL", Text(&TEXT_2083), "Where the company explains legal process."),
    ],
    "Who reports.",
);
