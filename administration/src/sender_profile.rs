//! `provider profile put`, `approve`, `return`, `show`, `waiting`: how senders say they report.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use domain::{Actor, ProviderId, SenderProfile};
use pipeline::Trouble;
use pipeline::sender_profile::{self, OwnProfile, ProfileVersion};
use serde_json::json;
use store::{House, Refusal, provider};

use crate::outcome::{Doing, Failure, Result};

/// How a provider says it reports: what its "viewed" and its times mean.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Put(Put),
    Approve(Approve),
    Return(Return),
    Show(Show),
    Waiting(Waiting),
}

/// Hands in a profile for a provider, as a new version. It is in force once it is approved.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  clearinghouse provider profile put harbor-chat profile.toml

profile.toml:
  viewed = \"A reviewer opened this file and saw all of it before the report.\"
  incident_time = \"Time of the newest reported upload, UTC.\"
  retention = \"Log-ins for 90 days; reported contents for one year.\"
  known_gaps = [\"No ports before 2026.\"]
  events = [{ event = \"Login\", means = \"Start of a session, which may last days.\" }]
  [legal_process]
  team = \"Law Enforcement Response\"
  email = \"legal@harbor.example\"
  [extended_retention]
  until = \"2028-01-01\"
  purpose = \"prevent-online-child-sexual-exploitation\"
  [cybersecurity]
  version = \"2.0\"
  attested_on = \"2026-01-15\"")]
pub(crate) struct Put {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider.
    provider: ProviderId,
    /// TOML file with the profile.
    file: PathBuf,
}

/// Approves a version that was handed in: from now on the provider's reports carry it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider profile approve harbor-chat 2")]
pub(crate) struct Approve {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider.
    provider: ProviderId,
    /// The version, as `waiting` names it.
    version: u32,
}

/// Sends a version back to its provider, with what must be mended. The profile in force, if any, stays in force.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse provider profile return harbor-chat 2 --comment 'Say which moment the incident time is.'"
)]
pub(crate) struct Return {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider.
    provider: ProviderId,
    /// The version, as `waiting` names it.
    version: u32,
    /// What must be mended, in words that the provider's people read.
    #[arg(long, value_name = "WORDS")]
    comment: String,
}

/// Shows the versions of a provider's profile.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider profile show harbor-chat --json")]
pub(crate) struct Show {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider.
    provider: ProviderId,
}

/// Lists the versions that wait for approval.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider profile waiting")]
pub(crate) struct Waiting {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Put(args) => args.config.load()?,
        Command::Approve(args) => args.config.load()?,
        Command::Return(args) => args.config.load()?,
        Command::Show(args) => args.config.load()?,
        Command::Waiting(args) => args.config.load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Put(args) => put(&house, args, voice).await,
        Command::Approve(args) => approve(&house, args, voice).await,
        Command::Return(args) => send_back(&house, args, voice).await,
        Command::Show(args) => show(&house, &args.provider, voice).await,
        Command::Waiting(_) => waiting(&house, voice).await,
    };
    house.close();
    done
}

async fn put(house: &House, args: Put, voice: Voice) -> Result<()> {
    let Put { provider, file, .. } = args;
    let text = fs::read_to_string(&file).doing(&format!("read {}", file.display()))?;
    let profile = read(&text).map_err(|said| Failure::new(format!("{}: {said}", file.display())))?;
    known(house, &provider).await?;
    let version = sender_profile::put(house, Actor::Operator, provider.clone(), profile).await;
    let version = version.map_err(|trouble| failed(&trouble, &provider))?;
    voice.answer(
        &json!({ "provider": provider, "version": version, "state": "submitted" }),
        format_args!(
            "version {version} waits for approval: clearinghouse provider profile approve {provider} {version}"
        ),
    )
}

/// The profile in a file, whole and within its bounds, or what is wrong with it.
pub fn read(text: &str) -> std::result::Result<SenderProfile, String> {
    let profile: SenderProfile = toml::from_str(text).map_err(|fault| fault.message().to_owned())?;
    if let Some(unfit) = profile.unfit() {
        return Err(unfit.to_owned());
    }
    let missing = profile.missing();
    if missing.is_empty() { Ok(profile) } else { Err(format!("does not say {}", missing.join(", "))) }
}

async fn approve(house: &House, args: Approve, voice: Voice) -> Result<()> {
    let Approve { provider, version, .. } = args;
    let approved = sender_profile::approve(house, Actor::Operator, provider.clone(), version).await;
    approved.map_err(|trouble| failed(&trouble, &provider))?;
    voice.answer(
        &json!({ "provider": provider, "version": version, "state": "approved" }),
        format_args!("version {version} of {provider} is in force"),
    )
}

async fn send_back(house: &House, args: Return, voice: Voice) -> Result<()> {
    let Return { provider, version, comment, .. } = args;
    let returned =
        sender_profile::send_back(house, Actor::Operator, provider.clone(), version, comment).await;
    returned.map_err(|trouble| failed(&trouble, &provider))?;
    voice.answer(
        &json!({ "provider": provider, "version": version, "state": "returned" }),
        format_args!(
            "version {version} of {provider} was sent back; its people read the comment at the portal"
        ),
    )
}

async fn show(house: &House, provider: &ProviderId, voice: Voice) -> Result<()> {
    known(house, provider).await?;
    let own = sender_profile::of_provider(house, provider).await.doing("read the profile")?;
    if voice.is_json() {
        return say::json(&all(&own).map(row).collect::<Vec<_>>());
    }
    if all(&own).next().is_none() {
        say::people("no profile yet: clearinghouse provider profile put PROVIDER FILE");
    }
    for version in all(&own) {
        say::people(line(version));
        if let Some(returned) = &version.returned {
            say::people(format_args!("{:<24}       sent back: {}", "", returned.comment));
        }
    }
    match own.in_force {
        Some(version) => {
            let text = toml::to_string_pretty(&version.profile).doing("write the profile")?;
            say::people(format_args!("\nin force, version {}:\n{text}", version.version));
        }
        None => say::people("\nnone is in force"),
    }
    Ok(())
}

async fn waiting(house: &House, voice: Voice) -> Result<()> {
    let waiting = sender_profile::waiting(house).await.doing("read the profiles")?;
    if voice.is_json() {
        return say::json(&waiting.iter().map(row).collect::<Vec<_>>());
    }
    if waiting.is_empty() {
        say::people("nothing waits for approval");
    }
    for version in &waiting {
        say::people(line(version));
    }
    Ok(())
}

fn all(own: &OwnProfile) -> impl Iterator<Item = &ProfileVersion> {
    own.draft.iter().chain(&own.waiting).chain(&own.returned).chain(&own.in_force).chain(&own.former)
}

fn line(version: &ProfileVersion) -> String {
    let (saved_at, by) = &version.saved;
    format!("{:<24} {:>4}  {:<10} {saved_at} {by}", version.provider, version.version, version.state())
}

fn row(version: &ProfileVersion) -> serde_json::Value {
    let step = |step: &Option<(jiff::Timestamp, String)>| {
        step.as_ref().map(|(at, by)| json!({ "at": at.to_string(), "by": by }))
    };
    json!({
        "provider": version.provider, "version": version.version, "state": version.state(),
        "submitted": step(&version.submitted),
        "returned": version.returned.as_ref().map(|one| json!({
            "at": one.at.to_string(), "by": one.by, "comment": one.comment,
        })),
        "approved": step(&version.approved), "profile": version.profile,
    })
}

async fn known(house: &House, id: &ProviderId) -> Result<()> {
    let own = id.clone();
    let found = house.read("provider", move |view| provider::get(view, &own)).await;
    found.map(|_| ()).map_err(|error| failed(&error.into(), id))
}

fn failed(trouble: &Trouble, provider: &ProviderId) -> Failure {
    match trouble.refusal() {
        Some(Refusal::NotFound) => Failure::new(format!("{provider} has no such thing")).hint(
            "`clearinghouse provider list` and `clearinghouse provider profile waiting` show what there is",
        ),
        Some(Refusal::Unfit { what: "comment" }) => {
            Failure::new("the comment must say something, in 3,000 characters at most".to_owned())
        }
        _ => Failure::new(trouble.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_help_is_a_profile_that_can_be_handed_in() {
        let help = Command::augment_subcommands(clap::Command::new("profile"))
            .find_subcommand("put")
            .and_then(|found| found.get_after_help().map(ToString::to_string))
            .unwrap();
        let (_, example) = help.split_once("profile.toml:\n").unwrap();
        let profile = read(example).unwrap();
        assert!(profile.extended_retention.is_some() && profile.cybersecurity.is_some());
    }

    #[test]
    fn a_profile_that_leaves_something_out_is_told_what() {
        let said = read("viewed = \"All of it.\"").unwrap_err();
        assert!(said.contains("incident time") && said.contains("legal process"), "{said}");
        assert!(read("veiwed = \"x\"").is_err());
    }
}
