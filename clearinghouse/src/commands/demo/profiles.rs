//! How the demo's providers say they report: invented, each in another of the ways that officers stumble over.

use administration::read_sender_profile as read;
use domain::{Actor, ProviderId};
use pipeline::sender_profile as profile;
use store::House;

use super::kept::Kept;
use crate::outcome::{Doing, Failure, Result};

/// One for each provider of a demo, in their order.
const PROFILES: [&str; 3] = [
    r#"
viewed = "A trained reviewer opened this very file and saw all of it before the report was made."
incident_time = "Time of the upload of the newest reported file, UTC."
retention = "Log-in records for 180 days. Reported contents for one year from the report."
known_gaps = ["Source ports are logged since March 2026 only."]
events = [
    { event = "Login", means = "Start of a session. Sessions end after twelve hours." },
    { event = "Upload", means = "The request that carried the file." },
    { event = "Registration", means = "The opening of the account." },
]
[legal_process]
team = "Law Enforcement Response"
email = "legal@harbor-chat.example"
phone = "202-555-0161"
url = "https://harbor-chat.example/law-enforcement"
[cybersecurity]
version = "2.0"
attested_on = "2026-01-15"
"#,
    r#"
viewed = """
"Yes" means that a reviewer saw this file. "No" still means that at some earlier time a reviewer saw a file with the \
same hash; for video, the match may be to a part."""
incident_time = "Time at which the picture was received for evaluation, not the time at which it was shared."
retention = "Address records for 90 days. Reported contents for one year, longer as said below."
known_gaps = [
    "An address belongs to a log-in and never to a single post; a session may last for weeks.",
    "Large albums arrive as archives of several parts.",
]
events = [{ event = "Login", means = "The newest log-in before the report. It may be weeks older than the post." }]
[legal_process]
team = "Records and Legal Process"
email = "legal-process@lantern-photos.example"
url = "https://lantern-photos.example/legal"
[extended_retention]
until = "2028-12-31"
purpose = "prevent-online-child-sexual-exploitation"
"#,
    r#"
viewed = "A moderator saw the file as a small preview. Nobody opened it in full unless the report says so."
incident_time = "Time at which another user reported the message to us."
retention = "Chats for 30 days after the last message; addresses for 60 days."
known_gaps = ["Profile data and places are given by the user for the purpose of the service, and not verified."]
events = [
    { event = "Login", means = "Every start of the app." },
    { event = "Unknown", means = "An address from a backup, without its cause." },
]
[legal_process]
team = "Trust and Safety"
email = "lawenforcement@copperfield-games.example"
phone = "202-555-0163"
"#,
];

/// Sees to it that each provider has an approved profile. One that has a version keeps what it has.
pub(super) async fn settle(house: &House, kept: &Kept) -> Result<()> {
    for (account, text) in kept.providers.iter().zip(PROFILES) {
        if profile::of_provider(house, &account.id).await? == profile::OwnProfile::default() {
            approved(house, &account.id, text).await.doing("describe how a provider reports")?;
        }
    }
    Ok(())
}

async fn approved(house: &House, provider: &ProviderId, text: &str) -> Result<()> {
    let said = read(text).map_err(Failure::new)?;
    let version = profile::put(house, Actor::Operator, provider.clone(), said).await?;
    Ok(profile::approve(house, Actor::Operator, provider.clone(), version).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_of_the_demo_can_be_handed_in() {
        for text in PROFILES {
            assert_eq!(read(text).err(), None);
        }
    }
}
