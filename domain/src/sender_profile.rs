//! How a sender reports: what its "viewed" means, which moment its incident time is, how long it keeps, and whom to
//! ask. Officers misread reports where nobody wrote this down. The sender says it, the clearinghouse approves it, and
//! the version in force is stamped on each report.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::named::words;

/// The longest single text of a profile, in characters.
pub const MOST_PROFILE_LETTERS: usize = 3_000;
/// The most entries of one of its lists.
pub const MOST_PROFILE_ENTRIES: usize = 24;
/// The longest name, address or number of a profile, in characters.
const MOST_LINE_LETTERS: usize = 300;

words! {
    /// What a sender may keep reported contents for beyond its year: the law names these two and no other.
    RetentionPurpose ("retention purpose") {
        /// To reduce online child sexual exploitation.
        Reduce = "reduce-online-child-sexual-exploitation",
        /// To prevent it.
        Prevent = "prevent-online-child-sexual-exploitation",
    }
}

words! {
    /// Where a version of a profile stands.
    ProfileState ("profile state") {
        /// Its sender still writes it.
        Draft = "draft",
        /// It waits for the clearinghouse, and does not change any more.
        Submitted = "submitted",
        /// The clearinghouse sent it back, with a comment.
        Returned = "returned",
        /// It is in force.
        Approved = "approved",
        /// A newer one took its place.
        Superseded = "superseded",
    }
}

/// What a sender says about its own reports. Empty texts are what it has not said yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SenderProfile {
    /// What `fileViewedByEsp` means: who viewed what, when, and whether a part or a match counts.
    pub viewed: String,
    /// Which moment the incident time is.
    pub incident_time: String,
    /// What each kind of address event means.
    pub events: Vec<EventMeaning>,
    /// How long the sender keeps what, beside its duty under the law.
    pub retention: String,
    /// Whom law enforcement writes to.
    pub legal_process: LegalContact,
    /// What is known to be missing or wrong in its reports, one sentence each.
    pub known_gaps: Vec<String>,
    /// It keeps reported contents beyond the year that the law asks for.
    pub extended_retention: Option<ExtendedRetention>,
    /// It preserves in line with the Cybersecurity Framework.
    pub cybersecurity: Option<FrameworkAttestation>,
}

/// What one kind of address event means at this sender.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventMeaning {
    /// `Login`, `Registration`, `Purchase`, `Upload`, `Other` or `Unknown`, as in its reports.
    pub event: String,
    /// What it means.
    pub means: String,
}

/// The sender's door for legal process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LegalContact {
    /// The team, not a person.
    pub team: String,
    /// Its mailbox.
    pub email: String,
    /// Its telephone number.
    pub phone: String,
    /// Where its guide or portal is.
    pub url: String,
}

/// A sender keeps longer than it must.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendedRetention {
    /// Until when.
    pub until: Date,
    /// What for.
    pub purpose: RetentionPurpose,
}

/// A sender says by which version of the NIST Cybersecurity Framework it preserves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameworkAttestation {
    /// The version, such as `2.0`.
    pub version: String,
    /// The day on which it said so.
    pub attested_on: Date,
}

/// A profile as a report carries it: the version that was in force when the report was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampedProfile {
    /// 1 for the sender's first, and so on.
    pub version: u32,
    /// When the clearinghouse approved it.
    pub approved_at: Timestamp,
    /// What it says.
    pub profile: SenderProfile,
}

impl SenderProfile {
    /// What still has to be said before it can be submitted, in words for its author; empty when nothing.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let reach = [&self.legal_process.email, &self.legal_process.phone, &self.legal_process.url];
        let said = |text: &String| !text.trim().is_empty();
        let asked = [
            (said(&self.viewed), "what \"viewed\" means"),
            (said(&self.incident_time), "which moment the incident time is"),
            (!self.events.is_empty(), "what each address event means"),
            (said(&self.retention), "how long you keep what"),
            (reach.into_iter().any(said), "where law enforcement sends legal process"),
        ];
        asked.into_iter().filter(|(is_said, _)| !is_said).map(|(_, words)| words).collect()
    }

    /// What is too long, not of its form, or said twice; `None` when it can be kept as it is.
    #[must_use]
    pub fn unfit(&self) -> Option<&'static str> {
        let LegalContact { team, email, phone, url } = &self.legal_process;
        let long = |text: &String, most: usize| text.chars().count() > most;
        let meanings = self.events.iter().map(|event| &event.means);
        let texts = [&self.viewed, &self.incident_time, &self.retention];
        if texts.into_iter().chain(meanings).chain(&self.known_gaps).any(|t| long(t, MOST_PROFILE_LETTERS)) {
            return Some("a text is too long");
        }
        if [team, email, phone, url].into_iter().any(|line| long(line, MOST_LINE_LETTERS)) {
            return Some("a line of the legal contact is too long");
        }
        if self.events.len().max(self.known_gaps.len()) > MOST_PROFILE_ENTRIES {
            return Some("a list has too many entries");
        }
        let known = |event: &EventMeaning| ADDRESS_EVENTS.contains(&event.event.as_str());
        if !self.events.iter().all(known) {
            return Some("an address event has a name that reports do not have");
        }
        let twice = |at: usize| self.events[..at].iter().any(|other| other.event == self.events[at].event);
        if (0..self.events.len()).any(twice) {
            return Some("an address event is explained twice");
        }
        let sound = |said: &FrameworkAttestation| is_version(&said.version);
        (!self.cybersecurity.as_ref().is_none_or(sound)).then_some("a framework version is digits and dots")
    }
}

/// The names that address events have in reports.
pub const ADDRESS_EVENTS: [&str; 6] = ["Login", "Registration", "Purchase", "Upload", "Other", "Unknown"];

fn is_version(text: &str) -> bool {
    text.len() <= 8
        && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> SenderProfile {
        SenderProfile {
            viewed: "A reviewer saw all of the file.".to_owned(),
            incident_time: "When it was uploaded.".to_owned(),
            events: vec![EventMeaning { event: "Login".to_owned(), means: "Start of a session.".to_owned() }],
            retention: "Ninety days.".to_owned(),
            legal_process: LegalContact { email: "legal@chat.example".to_owned(), ..LegalContact::default() },
            ..SenderProfile::default()
        }
    }

    // PROVES: R-48
    #[test]
    fn an_empty_profile_says_all_that_it_lacks_and_a_whole_one_nothing() {
        assert_eq!(SenderProfile::default().missing().len(), 5);
        assert_eq!((whole().missing(), whole().unfit()), (Vec::new(), None));
    }

    #[test]
    fn a_profile_beyond_its_bounds_is_unfit_and_says_why() {
        let event = |name: &str| EventMeaning { event: name.to_owned(), means: "x".to_owned() };
        let version = |text: &str| {
            let attested_on = Date::constant(2026, 1, 1);
            Some(FrameworkAttestation { version: text.to_owned(), attested_on })
        };
        let table = [
            SenderProfile { viewed: "x".repeat(MOST_PROFILE_LETTERS + 1), ..whole() },
            SenderProfile { known_gaps: vec![String::new(); MOST_PROFILE_ENTRIES + 1], ..whole() },
            SenderProfile { events: vec![event("Logout")], ..whole() },
            SenderProfile { events: vec![event("Login"), event("Login")], ..whole() },
            SenderProfile { cybersecurity: version("two"), ..whole() },
            SenderProfile { cybersecurity: version("2..0"), ..whole() },
        ];
        for profile in table {
            assert!(profile.unfit().is_some(), "{profile:?}");
        }
        assert_eq!(SenderProfile { cybersecurity: version("2.0"), ..whole() }.unfit(), None);
    }

    // PROVES: R-47
    #[test]
    fn a_purpose_that_the_law_does_not_name_is_refused() {
        let said = |purpose: &str| {
            serde_json::from_value::<ExtendedRetention>(
                serde_json::json!({ "until": "2028-01-01", "purpose": purpose }),
            )
        };
        assert!(said("prevent-online-child-sexual-exploitation").is_ok());
        assert!(said("advertising").is_err());
    }
}
