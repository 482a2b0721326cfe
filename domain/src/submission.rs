//! What a provider says in one report, in our own words: the same facts, roles and answers, whatever the language
//! they came in. Nothing is interpreted here: an absent answer stays absent, a time without a zone stays without one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::named::words;
use crate::private::Private;

/// Text about a person or a child.
type Said = Option<Private<String>>;

words! {
    /// Which part a person has in the report. A child must never stand under a suspect heading.
    Role ("role") {
        /// The person or account that is reported.
        Reported = "reported",
        /// The account to which something was sent; it may be the child.
        Recipient = "intended recipient",
        /// The child.
        Victim = "victim",
        /// Who reports for the provider.
        Reporter = "reporter",
        /// Whom the agency should contact at the provider.
        Contact = "contact",
        /// An officer to whom the provider already turned.
        Officer = "officer",
    }
}

/// A moment as it was given. A zone that was not said is unknown, never silently UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenTime {
    /// The exact text.
    pub text: String,
    /// The instant, `None` when no zone was given.
    pub instant: Option<Timestamp>,
    /// True when the text has no zone.
    pub zone_unknown: bool,
}

/// One report as submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Reason of a batched report: one report that stands for several reported users.
    pub batched: Option<String>,
    /// What happened and when.
    pub incident: Incident,
    /// Where it happened, each place a detail.
    pub details: Vec<IncidentDetail>,
    /// What the provider already did with law enforcement.
    pub law_enforcement: Option<LawEnforcement>,
    /// Who reports.
    pub reporter: Reporter,
    /// Everybody the report speaks of, in document order.
    pub people: Vec<Involved>,
    /// Free text about the whole report.
    pub additional: Vec<Private<String>>,
    /// What was received and has no field here: never dropped, always readable.
    pub unmodelled: Vec<Unmodelled>,
}

/// A received element that the model does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmodelled {
    /// Where it stood, such as `report/personOrUserReported/newElement`.
    pub path: String,
    /// Its text content.
    pub text: Private<String>,
}

/// The summary of the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Key of the [`crate::IncidentType`]; the wire value itself when the lenient profile let an unknown one in.
    pub incident_type: String,
    /// The application where it happened.
    pub platform: Option<String>,
    /// The provider's reason for asking for high priority; its presence escalates.
    pub escalation: Said,
    /// Report annotations that were set, by their wire names.
    pub annotations: Vec<String>,
    /// When it happened, as the provider understands "incident time".
    pub occurred: GivenTime,
    /// What that time means.
    pub occurred_means: Option<String>,
}

/// One place where it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IncidentDetail {
    /// A web page.
    WebPage {
        /// The addresses of the page.
        urls: Vec<Private<String>>,
        /// The address is on someone else's server and the reporter knows no more.
        third_party_hosted: Option<bool>,
        /// Free text.
        additional: Said,
    },
    /// A mail message.
    Email {
        /// Addresses involved.
        addresses: Vec<Email>,
        /// Headers, subject and body.
        content: Said,
        /// Free text.
        additional: Said,
    },
    /// A news group.
    Newsgroup {
        /// Its name.
        name: Option<String>,
        /// Addresses involved.
        addresses: Vec<Email>,
        /// The posting.
        content: Said,
        /// Free text.
        additional: Said,
    },
    /// A chat or instant message.
    Chat {
        /// The program.
        client: Option<String>,
        /// The room.
        room: Said,
        /// The log.
        content: Said,
        /// Free text.
        additional: Said,
    },
    /// A game.
    Gaming {
        /// Its name.
        game: Option<String>,
        /// The console.
        console: Option<String>,
        /// The log.
        content: Said,
        /// Free text.
        additional: Said,
    },
    /// A mobile phone.
    CellPhone {
        /// The number.
        number: Option<Phone>,
        /// Degrees north, as given.
        latitude: Said,
        /// Degrees east, as given.
        longitude: Said,
        /// Free text.
        additional: Said,
    },
    /// Not on the internet.
    Elsewhere {
        /// The place's name.
        name: Said,
        /// Its addresses.
        addresses: Vec<Address>,
        /// Free text.
        additional: Said,
    },
    /// A peer-to-peer network.
    PeerToPeer {
        /// The program.
        client: Option<String>,
        /// Addresses seen.
        ip_events: Vec<IpEvent>,
        /// File names, one free text.
        file_names: Said,
        /// Free text.
        additional: Said,
    },
}

/// What the provider did with law enforcement before reporting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawEnforcement {
    /// The agency.
    pub agency: String,
    /// Its case number.
    pub case_number: Option<String>,
    /// The officer.
    pub officer: Option<Person>,
    /// The provider itself reported to that agency.
    pub reported: Option<bool>,
    /// It was served legal process from the United States.
    pub domestic_process: Option<bool>,
    /// It was served legal process from elsewhere.
    pub foreign_process: Option<bool>,
    /// The country of that process.
    pub foreign_country: Option<String>,
}

/// Who reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Reporter {
    /// The reporting person.
    pub person: Person,
    /// Whom law enforcement should contact instead.
    pub contact: Option<Person>,
    /// Boilerplate of the company.
    pub company_template: Option<String>,
    /// The terms that were broken.
    pub terms_of_service: Option<String>,
    /// Where legal process is explained.
    pub legal_url: Option<String>,
}

/// A person as far as the provider knows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Person {
    /// Given name.
    pub first_name: Said,
    /// Middle name; only linked accounts have it.
    pub middle_name: Said,
    /// Family name.
    pub last_name: Said,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Mail addresses.
    pub emails: Vec<Email>,
    /// Postal addresses.
    pub addresses: Vec<Address>,
    /// Age in years.
    pub age: Option<i64>,
    /// The provider doubts the stated age.
    pub age_doubted: Option<bool>,
    /// Date of birth, `YYYY-MM-DD` as given.
    pub date_of_birth: Said,
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as given.
    pub number: Private<String>,
    /// `Mobile`, `Home`, …
    pub kind: Option<String>,
    /// Country calling code, with its `+`.
    pub calling_code: Option<String>,
    /// Extension digits.
    pub extension: Option<String>,
    /// Verified by the provider.
    pub verified: Option<bool>,
    /// When it was verified.
    pub verified_at: Option<GivenTime>,
}

/// A mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The address as given.
    pub address: Private<String>,
    /// `Home`, `Work`, …
    pub kind: Option<String>,
    /// Verified by the provider.
    pub verified: Option<bool>,
    /// When it was verified.
    pub verified_at: Option<GivenTime>,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Address {
    /// `Home`, `Business`, …
    pub kind: Option<String>,
    /// Street line.
    pub street: Said,
    /// City.
    pub city: Said,
    /// ZIP or postal code.
    pub postcode: Said,
    /// US state code.
    pub state: Option<String>,
    /// Region outside the United States.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 or one of the schema's pseudo-codes.
    pub country: Option<String>,
}

/// An internet address seen at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpEvent {
    /// The address as given; it may not parse.
    pub address: Private<String>,
    /// `Login`, `Upload`, …
    pub event: Option<String>,
    /// When.
    pub at: Option<GivenTime>,
    /// The provider thinks it is a proxy.
    pub possible_proxy: Option<bool>,
    /// Source port; without it a shared address names nobody.
    pub port: Option<i64>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// `IMEI`, `ICCID`, …
    pub kind: String,
    /// Its number or name.
    pub value: Private<String>,
    /// `Login`, `Upload`, …
    pub event: Option<String>,
    /// When.
    pub at: Option<GivenTime>,
}

/// Whether and when an account was disabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDisabled {
    /// It is disabled.
    pub disabled: Option<bool>,
    /// Since when.
    pub disabled_at: Option<GivenTime>,
    /// The user was told.
    pub user_notified: Option<bool>,
    /// When the user was told.
    pub user_notified_at: Option<GivenTime>,
    /// When it was or will be enabled again.
    pub reenabled_at: Option<GivenTime>,
}

/// Where the provider thinks the person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct EstimatedLocation {
    /// City.
    pub city: Said,
    /// Region; a US state code when the country is the United States.
    pub region: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Verified by the provider.
    pub verified: Option<bool>,
    /// When it was estimated.
    pub at: Option<GivenTime>,
}

/// An account, and the person behind it as far as known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Involved {
    /// The part this person has.
    pub role: Role,
    /// Name, age, mail, telephone, postal addresses.
    pub person: Person,
    /// A vehicle.
    pub vehicle: Said,
    /// User id in the provider's system.
    pub account_id: Said,
    /// The service of that account.
    pub service: Option<String>,
    /// The account may be in someone else's hands.
    pub compromised: Option<bool>,
    /// Screen name.
    pub screen_name: Said,
    /// Display names.
    pub display_names: Vec<Private<String>>,
    /// Profile pages.
    pub profile_urls: Vec<Private<String>>,
    /// Profile text.
    pub profile_text: Said,
    /// Addresses seen.
    pub ip_events: Vec<IpEvent>,
    /// Devices seen.
    pub devices: Vec<Device>,
    /// The account is on another company's service.
    pub third_party_user: Option<bool>,
    /// Earlier reports that the provider names.
    pub prior_reports: Vec<i64>,
    /// Organised online group.
    pub group: Said,
    /// Temporarily disabled.
    pub temporarily_disabled: Option<AccountDisabled>,
    /// Permanently disabled.
    pub permanently_disabled: Option<AccountDisabled>,
    /// Estimated location.
    pub estimated_location: Option<EstimatedLocation>,
    /// All known mail addresses are in the report.
    pub all_emails_reported: Option<bool>,
    /// Accounts that belong together with this one.
    pub associated: Vec<AssociatedAccount>,
    /// School; only of a victim.
    pub school: Said,
    /// Free text.
    pub additional: Vec<Private<String>>,
}

impl Involved {
    /// Somebody of whom nothing but the part is known.
    #[must_use]
    pub fn nobody(role: Role) -> Self {
        Self {
            role,
            person: Person::default(),
            vehicle: None,
            account_id: None,
            service: None,
            compromised: None,
            screen_name: None,
            display_names: Vec::new(),
            profile_urls: Vec::new(),
            profile_text: None,
            ip_events: Vec::new(),
            devices: Vec::new(),
            third_party_user: None,
            prior_reports: Vec::new(),
            group: None,
            temporarily_disabled: None,
            permanently_disabled: None,
            estimated_location: None,
            all_emails_reported: None,
            associated: Vec::new(),
            school: None,
            additional: Vec::new(),
        }
    }
}

/// An account linked to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssociatedAccount {
    /// `Billing`, `Linked`, `Parent/Guardian`, …
    pub kind: String,
    /// The platform it is on.
    pub platform: Option<String>,
    /// It is a user of a third party.
    pub third_party_user: Option<bool>,
    /// The account itself, in the shape of any other; its role is that of the account it is linked to.
    pub account: Box<Involved>,
}
