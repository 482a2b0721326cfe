//! The flat table of counts that quality rules may ask about. Nothing private stands in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rules::{Facts, Field, Shape, Value};

macro_rules! counts {
    ($($(#[doc = $says:literal])+ $name:ident,)+) => {
        /// What is known of one report when its quality is judged: counts, each a whole number.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct QualityFacts {
            /// The instant that decides which rules are in force: when the report was finished.
            pub at: Timestamp,
            $($(#[doc = $says])+ pub $name: i64,)+
        }

        impl Default for QualityFacts {
            /// Nothing was said, and nothing was asked for.
            fn default() -> Self {
                Self { at: Timestamp::UNIX_EPOCH, $($name: 0,)+ }
            }
        }

        impl Facts for QualityFacts {
            const FIELDS: &'static [Field<Self>] = &[$(Field {
                name: stringify!($name),
                shape: Shape::Number,
                read: |facts| Value::Number(Some(facts.$name)),
            },)+];
        }
    };
}

counts! {
    /// 1 when the incident type says that a child is approached directly.
    approaches_a_child,
    /// 1 when nobody said what the incident time means.
    incident_time_unexplained,
    /// 1 when the incident time has no zone.
    incident_time_without_zone,
    /// 1 when no place is named where it happened: no page, mail, chat or the like.
    without_place,
    /// 1 when no text describes anything: no free text, and no content of a mail or chat.
    without_description,
    /// 1 when there is no text of a conversation, and no supplemental file that may hold one.
    without_conversation,
    /// 1 when the sender asks for high priority.
    escalations,
    /// 1 when it does, and gives less than a sentence as its reason.
    escalations_without_reason,
    /// 1 when the sender gives no mailbox for law enforcement.
    without_contact_mailbox,
    /// 1 when it gives one.
    contact_mailboxes,
    /// 1 when every mailbox that it gives looks like one person's own.
    contact_in_person,
    /// 1 when nobody is reported.
    without_reported_person,
    /// Reported people and accounts.
    reported_people,
    /// Of these, those without e-mail address, telephone number and screen name.
    people_without_contact,
    /// Of these, those without an account id.
    people_without_account_id,
    /// Of these, those without any address event.
    people_without_address,
    /// E-mail addresses and telephone numbers of reported people.
    contact_points,
    /// Of these, those of which nobody said whether they were verified.
    contact_points_unverified,
    /// Address events anywhere in the report.
    address_events,
    /// Of these, those without a moment.
    events_without_time,
    /// Of these, those whose moment has no zone.
    events_without_zone,
    /// Of these, those that do not say what happened.
    events_without_name,
    /// IPv4 address events: many people may share the address at one moment.
    shared_addresses,
    /// Of these, those without a port.
    shared_addresses_without_port,
    /// Files.
    files,
    /// Of these, those of which nothing is said at all.
    files_without_details,
    /// Of these, those of which nobody said whether the sender viewed them.
    files_with_unknown_view,
    /// Files that are reported themselves, not only supplemental.
    reported_files,
    /// Of these, those without the address that uploaded them.
    files_without_upload_address,
    /// Of these, those without an address event of their own or of a reported person within a day of the upload.
    files_without_address_nearby,
    /// Of these, those without a moment of upload.
    files_without_upload_time,
    /// Of these, those without a hash that the sender computed.
    files_without_original_hash,
    /// Of these, those of which nobody said whether they were public.
    files_with_unknown_reach,
    /// 1 when the full number of a card or account stands in the report's own free text.
    account_number_in_text,
    /// 1 when one stands in the reason for haste.
    account_number_in_escalation,
    /// 1 when one stands in what is said of where it happened, the words of a conversation among it.
    account_number_in_incident,
    /// 1 when one stands in the free text about a person.
    account_number_with_person,
    /// 1 when one stands in the free text about a file.
    account_number_with_file,
}
