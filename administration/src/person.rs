//! `person found`, `invite`, `list`, `disable`, `attest`, `release`, `recover`: the accounts of people.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say, secrets};
use domain::{Actor, AgencyId, Gone, PersonId, ProviderId, Purpose};
use policy::ViewerRole;
use serde_json::json;
use store::account::{self, Account};
use store::invitation::{self, New, Words};
use store::person::{self, Home};
use store::{House, Refusal, guard};

use super::agency::standing;
use crate::outcome::{Doing, Failure, Result};
use crate::setup;

/// The accounts of people.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Found(Found),
    Invite(Box<Invite>),
    List(List),
    Disable(Disable),
    Attest(Attest),
    Release(Release),
    Recover(Recover),
}

/// Adds the second of the first two people of a house. From then on two people decide, and the operator adds nobody.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse person found --name 'J. Doe' --role counsel")]
pub(crate) struct Found {
    #[command(flatten)]
    config: ConfigArg,
    /// Their name.
    #[arg(long)]
    name: String,
    /// Their role.
    #[arg(long, value_parser = setup::founding_role)]
    role: ViewerRole,
}

/// Where somebody belongs; the clearinghouse itself where nothing is said.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// Their agency.
    #[arg(long, conflicts_with = "provider")]
    agency: Option<AgencyId>,
    /// Their provider.
    #[arg(long)]
    provider: Option<ProviderId>,
}

impl At {
    pub(crate) fn home(self) -> Home {
        let agency = self.agency.map(Home::Agency);
        agency.or(self.provider.map(Home::Provider)).unwrap_or(Home::House)
    }
}

/// Invites somebody: prints the address where they confirm both codes. Letting them in takes two people.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse person invite --agency icac-us-mn --role commander --name 'J. Doe' --mail j.doe@agency.example --second-channel '+1 202-555-0142'"
)]
pub(crate) struct Invite {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    at: At,
    /// Their role.
    #[arg(long, value_parser = PossibleValuesParser::new(ViewerRole::OF_PEOPLE.map(ViewerRole::as_str))
        .try_map(|word| ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == word).ok_or("no such role")))]
    role: Option<ViewerRole>,
    /// Their name.
    #[arg(long)]
    name: String,
    /// Their mail address at work.
    #[arg(long)]
    mail: String,
    /// Another way to reach them.
    #[arg(long)]
    second_channel: String,
    /// The account goes after 24 hours.
    #[arg(long)]
    temporary: bool,
}

/// Lists people and how their accounts stand.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse person list --agency icac-us-mn --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    at: At,
}

/// Switches a person off everywhere, now: every session of theirs ends at once, in every process.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse person disable p-0123456789abcdef --because terminated")]
pub(crate) struct Disable {
    #[command(flatten)]
    config: ConfigArg,
    /// The person.
    person: PersonId,
    /// Why.
    #[arg(long, default_value = "by-hand", value_parser = PossibleValuesParser::new(["by-hand", "terminated"])
        .try_map(|word| word.parse::<Gone>()))]
    because: Gone,
}

/// Records that the operator asked an agency and that these people still work there, for 90 days.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse person attest --agency icac-us-mn p-0123456789abcdef")]
pub(crate) struct Attest {
    #[command(flatten)]
    config: ConfigArg,
    /// Their agency.
    #[arg(long)]
    agency: AgencyId,
    /// The people.
    #[arg(required = true)]
    people: Vec<PersonId>,
}

/// Lets somebody try again whose sign-in was locked by wrong answers.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse person release p-0123456789abcdef")]
pub(crate) struct Release {
    #[command(flatten)]
    config: ConfigArg,
    /// The person.
    person: PersonId,
}

/// Prepares the way back for somebody who lost every key: digests the record of who saw which document, and prints the page
/// on which one person asks and a second one agrees. The operator alone lets nobody in.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse person recover p-0123456789abcdef --record proofing.pdf --site https://desk.example"
)]
pub(crate) struct Recover {
    #[command(flatten)]
    config: ConfigArg,
    /// The person.
    person: PersonId,
    /// The record of who saw which document. It is digested here and never sent anywhere.
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
    /// Where the staff's pages are reached.
    #[arg(long, default_value = "https://localhost")]
    site: String,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Found(args) => args.config.load()?,
        Command::Invite(args) => args.config.load()?,
        Command::List(args) => args.config.load()?,
        Command::Disable(args) => args.config.load()?,
        Command::Attest(args) => args.config.load()?,
        Command::Release(args) => args.config.load()?,
        Command::Recover(args) => args.config.load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Found(args) => found(&house, args, voice).await,
        Command::Invite(args) => invite(&house, *args, voice).await,
        Command::List(args) => list(&house, args.at.home(), voice).await,
        Command::Disable(args) => disable(&house, args, voice).await,
        Command::Attest(args) => attest(&house, args, voice).await,
        Command::Release(args) => release(&house, args, voice).await,
        Command::Recover(args) => recover(&house, args, voice).await,
    };
    house.close();
    done
}

async fn found(house: &House, args: Found, voice: Voice) -> Result<()> {
    let ticket = setup::found(house, args.role, &args.name).await?;
    let path = setup::enrolment_path(&ticket);
    let words = format!(
        "added {}\n  they set up their key at {path}, within 7 days; it is shown this once",
        ticket.person
    );
    voice.answer(&json!({ "person": ticket.person, "enrolment": path }), words)
}

async fn invite(house: &House, args: Invite, voice: Voice) -> Result<()> {
    let role =
        args.role.ok_or_else(|| Failure::new("say what they will be there for, with --role".to_owned()))?;
    let token = secrets::fresh(&**house.random())?;
    let digest = house.secret_digest(token.as_bytes());
    let words =
        Words { name: args.name.into(), mail: args.mail.into(), second_channel: args.second_channel.into() };
    let home = args.at.home();
    let door = web::people::home_door(&home);
    let new = New { home, role, words, temporary: args.temporary };
    let made = house.act(Actor::Operator, Purpose::Administration, "person-invite", move |act| {
        invitation::add(act, &new, digest)
    });
    let id = made.await.map_err(|error| match error.refusal() {
        Some(Refusal::Conflict) => Failure::new("somebody with this address has an account".to_owned())
            .hint("one human has one account: disable the other one first"),
        Some(Refusal::Unfit { what: "provider" }) => {
            Failure::new("there is no such provider, or it is switched off".to_owned())
                .hint("`clearinghouse provider list` shows all")
        }
        Some(Refusal::Unfit { what }) => Failure::new(format!("the {what} does not fit"))
            .hint("roles belong to the clearinghouse, to an agency (--agency) or to a provider (--provider)"),
        _ => error.into(),
    })?;
    let path = format!("{door}/join/{token}");
    let words = format!("invited as {id}\n  they confirm both codes at {path}; it is shown this once");
    voice.answer(&json!({ "invitation": id, "join": path }), words)
}

async fn list(house: &House, home: Home, voice: Voice) -> Result<()> {
    let all = house.read("people", move |view| account::list(view, &home)).await.doing("list the people")?;
    if voice.is_json() {
        let row = |one: &Account| {
            json!({
                "person": one.person, "role": one.role.as_str(), "added_at": one.added_at,
                "entered_at": one.entered_at, "attested_until": one.attestation_ends(),
                "trained_until": one.trained_until, "temporary_until": one.temporary_until,
                "disabled_at": one.gone.map(|(at, _)| at), "because": one.gone.map(|(_, because)| because),
            })
        };
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("nobody");
    }
    for one in &all {
        let state = one.gone.map_or("live", |(_, because)| because.as_str());
        say::people(format_args!("{:<34} {:<18} {state}", one.person.to_string(), one.role.as_str()));
    }
    Ok(())
}

async fn disable(house: &House, args: Disable, voice: Voice) -> Result<()> {
    let (person, because) = (args.person.clone(), args.because);
    let gone = house.act(Actor::Operator, Purpose::Administration, "person-disable", move |act| {
        person::disable_because(act, &person, because)
    });
    gone.await
        .map_err(|error| unknown(error, "there is no such person, or they are switched off already"))?;
    let words = format!("switched off {} everywhere: their sessions have ended", args.person);
    voice.answer(&json!({ "person": args.person, "disabled": true }), words)
}

async fn attest(house: &House, args: Attest, voice: Voice) -> Result<()> {
    let count = args.people.len();
    let attested = house.act(Actor::Operator, Purpose::Administration, "person-attest", move |act| {
        args.people.iter().try_for_each(|person| account::attest(act, &args.agency, person))
    });
    attested
        .await
        .map_err(|error| unknown(error, "one of them is not of this agency, or is switched off"))?;
    voice.answer(&json!({ "attested": count }), format_args!("attested {count} people for 90 days"))
}

async fn release(house: &House, args: Release, voice: Voice) -> Result<()> {
    let person = args.person.clone();
    let released = house.act(Actor::Operator, Purpose::Administration, "person-release", move |act| {
        guard::release(act, &person)
    });
    released.await.map_err(|error| unknown(error, "nothing stands against this person's sign-in"))?;
    let words = format!("{} may try again", args.person);
    voice.answer(&json!({ "person": args.person, "released": true }), words)
}

async fn recover(house: &House, args: Recover, voice: Voice) -> Result<()> {
    let id = args.person.clone();
    let known =
        house.read("person", move |view| Ok(person::find(view, &id)?.ok_or(Refusal::NotFound)?)).await;
    known.map_err(|error| unknown(error, "there is no such person, or they are switched off"))?;
    let sha256 = standing::digest(&args.record)?;
    let page = format!("{}/admin/people/{}", args.site.trim_end_matches('/'), args.person);
    let words = format!(
        "nothing was changed yet: one person asks on this page, under \"Every key is lost\", and a second one agrees\n  {page}\n  SHA-256 of the record: {sha256}"
    );
    voice.answer(&json!({ "person": args.person, "record_sha256": sha256, "page": page }), words)
}

fn unknown(error: store::Error, says: &str) -> Failure {
    match error.refusal() {
        Some(Refusal::NotFound) => {
            Failure::new(says.to_owned()).hint("`clearinghouse person list` shows who there is")
        }
        _ => error.into(),
    }
}
