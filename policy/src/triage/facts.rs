//! The flat table of facts that triage rules may ask about. Nothing private stands in it: numbers, yes and no, and
//! words of closed lists.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rules::{Facts, Field, Shape, Value};

/// What triage knows of one report. Stored with the verdict, so that it can be judged again under other rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriageFacts {
    /// The instant that decides which rules are in force: when the report was finished.
    pub at: Timestamp,
    /// Key of the incident type.
    pub incident_type: Option<String>,
    /// The incident type says that a child is approached directly.
    pub approaches_a_child: bool,
    /// The incident type concerns depictions.
    pub concerns_depictions: bool,
    /// The provider asked for high priority and gave a reason.
    pub escalated: bool,
    /// A violation is said to be planned or imminent.
    pub planned_or_imminent: bool,
    /// One report that stands for several users.
    pub batched: bool,
    /// Report annotations by their wire names.
    pub report_annotations: Vec<String>,
    /// Annotations that at least one reported file carries, by their wire names.
    pub file_annotations: Vec<String>,
    /// Classifications that at least one reported file carries.
    pub classifications: Vec<String>,
    /// A victim is named or described.
    pub victim_present: bool,
    /// Age in years of the youngest victim whose age is said.
    pub youngest_victim_age: Option<i64>,
    /// Age in years of the youngest intended recipient whose age is said.
    pub youngest_recipient_age: Option<i64>,
    /// Age in years of the youngest reported person whose age is said.
    pub youngest_reported_age: Option<i64>,
    /// A reported account may be in someone else's hands.
    pub account_compromised: bool,
    /// The provider already turned to law enforcement, or was served by it.
    pub law_enforcement_involved: bool,
    /// Files in the report.
    pub files: i64,
    /// Files that are reported themselves, not only supplemental.
    pub reported_files: i64,
    /// Files that the provider viewed whole.
    pub viewed_files: i64,
    /// Files of which the provider did not say whether it viewed them.
    pub files_with_unknown_view: i64,
    /// Reported files that are marked as memes.
    pub meme_files: i64,
    /// Every reported file, at least one, is marked as a meme.
    pub only_memes: bool,
    /// Values that identify somebody: accounts, numbers, addresses.
    pub selectors: i64,
    /// Places that the tables gave for addresses, or that the report states.
    pub places: i64,
    /// Earlier reports that share a selector with this one.
    pub related_reports: i64,
    /// Earlier reports that the provider itself names.
    pub prior_reports: i64,
}

impl Default for TriageFacts {
    fn default() -> Self {
        Self {
            at: Timestamp::UNIX_EPOCH,
            incident_type: None,
            approaches_a_child: false,
            concerns_depictions: false,
            escalated: false,
            planned_or_imminent: false,
            batched: false,
            report_annotations: Vec::new(),
            file_annotations: Vec::new(),
            classifications: Vec::new(),
            victim_present: false,
            youngest_victim_age: None,
            youngest_recipient_age: None,
            youngest_reported_age: None,
            account_compromised: false,
            law_enforcement_involved: false,
            files: 0,
            reported_files: 0,
            viewed_files: 0,
            files_with_unknown_view: 0,
            meme_files: 0,
            only_memes: false,
            selectors: 0,
            places: 0,
            related_reports: 0,
            prior_reports: 0,
        }
    }
}

macro_rules! field {
    ($name:ident: flag) => {
        Field { name: stringify!($name), shape: Shape::Flag, read: |f| Value::Flag(f.$name) }
    };
    ($name:ident: count) => {
        Field { name: stringify!($name), shape: Shape::Number, read: |f| Value::Number(Some(f.$name)) }
    };
    ($name:ident: number) => {
        Field { name: stringify!($name), shape: Shape::Number, read: |f| Value::Number(f.$name) }
    };
    ($name:ident: word) => {
        Field { name: stringify!($name), shape: Shape::Word, read: |f| Value::Word(f.$name.as_deref()) }
    };
    ($name:ident: words) => {
        Field { name: stringify!($name), shape: Shape::Words, read: |f| Value::Words(&f.$name) }
    };
}

impl Facts for TriageFacts {
    const FIELDS: &'static [Field<Self>] = &[
        field!(incident_type: word),
        field!(approaches_a_child: flag),
        field!(concerns_depictions: flag),
        field!(escalated: flag),
        field!(planned_or_imminent: flag),
        field!(batched: flag),
        field!(report_annotations: words),
        field!(file_annotations: words),
        field!(classifications: words),
        field!(victim_present: flag),
        field!(youngest_victim_age: number),
        field!(youngest_recipient_age: number),
        field!(youngest_reported_age: number),
        field!(account_compromised: flag),
        field!(law_enforcement_involved: flag),
        field!(files: count),
        field!(reported_files: count),
        field!(viewed_files: count),
        field!(files_with_unknown_view: count),
        field!(meme_files: count),
        field!(only_memes: flag),
        field!(selectors: count),
        field!(places: count),
        field!(related_reports: count),
        field!(prior_reports: count),
    ];
}
