//! The members of the profile, as types: a key that readers index without asking is a field that cannot be left out.

use domain::Finding;
use serde::{Serialize, Serializer};

use super::files::EachFile;
use crate::package::words;

/// Serialises as null: readers want the key, and no sender's format has the fact.
pub(super) type Nothing = ();

/// `{ "value": … }`.
#[derive(Debug, Serialize)]
pub(super) struct Valued {
    pub value: String,
}

impl Valued {
    pub(super) fn new(value: impl Into<String>) -> Self {
        Self { value: value.into() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report<'a> {
    pub report_id: u64,
    pub date_received: String,
    /// Ours: which profile this is.
    pub profile: &'static str,
    pub reported_information: Information<'a>,
    /// Ours: look-ups with table and date, so that nobody sends an address to an outside service.
    pub enrichment: Enrichments<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Information<'a> {
    pub reporting_esp: ReportingEsp<'a>,
    pub incident_summary: IncidentSummary<'a>,
    pub incident_details: IncidentDetails<'a>,
    pub reported_people: ReportedPeople<'a>,
    pub intended_recipients: IntendedRecipients<'a>,
    /// Ours: children stand here and nowhere else, unless the sender itself put them there.
    pub victims: Victims<'a>,
    /// Ours: everybody else the sender names.
    pub other_people: OtherPeople<'a>,
    /// Ours: what the sender already did with law enforcement.
    pub law_enforcement: Option<LawEnforcement<'a>>,
    pub uploaded_files: UploadedFiles<'a>,
    pub additional_informations: Vec<Valued>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportingEsp<'a> {
    /// Never null: readers search in it.
    pub esp_name: &'a str,
    pub role: &'static str,
    pub first_name: Option<&'a str>,
    pub middle_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub emails: Option<Emails<'a>>,
    pub phones: Option<Phones<'a>>,
    pub addresses: Option<Addresses<'a>>,
    /// Ours: whom law enforcement should contact instead.
    pub contact: Option<Contact<'a>>,
    pub company_template: Option<&'a str>,
    pub terms_of_service: Option<&'a str>,
    #[serde(rename = "legalURL")]
    pub legal_url: Option<&'a str>,
    /// Ours: how the sender says it reports. A member of its own, because readers mine every free text for selectors.
    pub sender_notes: Option<SenderNotes<'a>>,
}

/// The approved profile that was in force when the report was finished. Mailbox, telephone and address of the legal
/// contact stay out: a reader would take them for somebody's selectors.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SenderNotes<'a> {
    pub version: u32,
    pub approved: String,
    pub viewed: &'a str,
    pub incident_time: &'a str,
    pub events: Vec<Metadata<'a>>,
    pub retention: &'a str,
    pub known_gaps: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contact<'a> {
    pub role: &'static str,
    pub first_name: Option<&'a str>,
    pub middle_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub emails: Option<Emails<'a>>,
    pub phones: Option<Phones<'a>>,
    pub addresses: Option<Addresses<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IncidentSummary<'a> {
    pub incident_type: &'a str,
    /// Never null: the date received stands in where the zone is unknown.
    pub incident_date_time: String,
    pub incident_date_time_description: String,
    pub platform: Option<&'a str>,
    pub escalate_to_high_priority: Option<&'a str>,
    pub report_annotations: &'a [String],
    pub batch_reason: Option<&'a str>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IncidentDetails<'a> {
    pub email_incident: Vec<Place<'a>>,
    pub webpage_incident: Vec<Place<'a>>,
    pub newsgroup_incident: Vec<Place<'a>>,
    pub chat_im_incident: Vec<Place<'a>>,
    pub online_gaming_incident: Vec<Place<'a>>,
    pub cell_phone_incident: Vec<Place<'a>>,
    pub non_internet_incident: Vec<Place<'a>>,
    pub peer2peer_incident: Vec<Place<'a>>,
}

/// One place where it happened. Every kind has the same keys, and both lists of texts have an element 0.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place<'a> {
    pub contents: Vec<Valued>,
    pub source_information: Option<SourceInformation<'a>>,
    pub additional_informations: Vec<Valued>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportedPeople<'a> {
    /// Never empty: readers take element 0.
    pub reported_persons: Vec<Person<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IntendedRecipients<'a> {
    pub intended_recipients: Vec<Person<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Victims<'a> {
    pub victims: Vec<Person<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OtherPeople<'a> {
    pub other_people: Vec<Person<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LawEnforcement<'a> {
    pub agency: &'a str,
    pub case_number: Option<&'a str>,
    pub officer: Option<Contact<'a>>,
    pub reported: &'static str,
    pub domestic_process: &'static str,
    pub foreign_process: &'static str,
    pub foreign_country: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    /// Ours: stands on every person.
    pub role: &'static str,
    pub role_warning: Option<String>,
    pub first_name: Option<&'a str>,
    pub middle_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub preferred_name: Nothing,
    pub gender: Nothing,
    pub preferred_pronouns: Nothing,
    pub date_of_birth: Option<&'a str>,
    pub approximate_age: Option<i64>,
    pub physical_description: Nothing,
    pub vehicle_description: Option<&'a str>,
    pub vehicle_tag_number: Nothing,
    pub occupation: Nothing,
    pub esp_service: Option<&'a str>,
    pub esp_user_id: Option<&'a str>,
    pub ip_address: Nothing,
    pub relationship_to_reporter: Nothing,
    pub relationship_to_child_victim: Nothing,
    pub access_to_child_victim: Nothing,
    pub access_to_children: Nothing,
    pub access_to_firearms: Nothing,
    pub convicted_sex_offender: Nothing,
    pub aware_of_report: Nothing,
    pub gang_affiliation: Nothing,
    pub additional_contact_information: Option<String>,
    pub additional_disability_information: Nothing,
    pub screen_name: Option<Valued>,
    pub emails: Option<Emails<'a>>,
    pub phones: Option<Phones<'a>>,
    pub addresses: Option<Addresses<'a>>,
    pub languages: [Nothing; 0],
    pub races: [Nothing; 0],
    pub disabilities: [Nothing; 0],
    pub source_information: Option<SourceInformation<'a>>,
    pub additional_informations: Vec<Valued>,
}

#[derive(Debug, Serialize)]
pub(super) struct Emails<'a> {
    pub emails: Vec<Email<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Email<'a> {
    pub value: &'a str,
    pub verified: &'static str,
    #[serde(rename = "type")]
    pub kind: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Phones<'a> {
    pub phones: Vec<Phone<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Phone<'a> {
    pub value: String,
    pub verified: &'static str,
    #[serde(rename = "type")]
    pub kind: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Addresses<'a> {
    pub addresses: Vec<Address<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address<'a> {
    pub street1: Option<&'a str>,
    pub street2: Nothing,
    pub city: Option<&'a str>,
    pub state: Option<&'a str>,
    pub postal_code: Option<&'a str>,
    pub country: Option<&'a str>,
    #[serde(rename = "type")]
    pub kind: Option<&'a str>,
}

/// Its list is never null when it stands itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceInformation<'a> {
    pub source_captures: Vec<Capture<'a>>,
}

impl<'a> SourceInformation<'a> {
    pub(super) fn of(source_captures: Vec<Capture<'a>>) -> Option<Self> {
        (!source_captures.is_empty()).then_some(Self { source_captures })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Capture<'a> {
    pub capture_type: &'static str,
    pub value: &'a str,
    pub date_time: Option<String>,
    pub port: Option<String>,
    pub event_name: Option<String>,
    pub possible_proxy: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadedFiles<'a> {
    pub uploaded_files: EachFile<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File<'a> {
    pub filename: String,
    pub original_filename: Option<&'a str>,
    pub submittal_id: &'a str,
    pub verification_hash: &'a str,
    pub industry_classification: Option<&'a str>,
    pub viewed_by_esp: Option<bool>,
    pub source_information: Option<SourceInformation<'a>>,
    pub esp_metadata: Option<Metadatas<'a>>,
    pub ncmec_tags: Groups,
    pub additional_informations: Vec<Valued>,
    /// Ours, from here: the other two answers, proofs of integrity, and whether the bytes are in the package.
    pub viewed_by_esp_answer: &'static str,
    pub exif_viewed_by_esp: &'static str,
    pub publicly_available: &'static str,
    pub sha1: &'a str,
    pub sha256: &'a str,
    pub size_bytes: u64,
    pub media_type: Option<&'a str>,
    pub in_package: bool,
    pub view_ground: Option<&'static str>,
    pub exif_withheld: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Metadatas<'a> {
    pub metadatas: Vec<Metadata<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Metadata<'a> {
    pub name: &'a str,
    pub value: &'a str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Groups {
    pub groups: Vec<Group>,
}

/// Never empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Group {
    pub tags: Vec<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Tag {
    pub value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enrichment<'a> {
    pub enricher: &'a str,
    pub subject: &'a str,
    pub table: &'a str,
    pub as_of: &'a str,
    pub value: serde_json::Value,
}

/// Look-ups, one after the other: a report of very many files may bring as many.
#[derive(Debug)]
pub(super) struct Enrichments<'a>(pub &'a [Finding]);

impl Serialize for Enrichments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|finding| Enrichment {
            enricher: &finding.enricher,
            subject: finding.subject.reveal(),
            table: &finding.table,
            as_of: &finding.as_of,
            value: words::ordered(finding.value.clone()),
        }))
    }
}
