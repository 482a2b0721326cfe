//! `provider add`, `contact`, `invite`, `show`, `list`, `disable`, `restore`: who may submit reports, how each is reached, and
//! who signs in for it.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say, secrets};
use domain::{Actor, Private, ProviderId, Purpose};
use serde_json::json;
use store::contact::{self, Contact};
use store::credential::Listed;
use store::{House, Refusal, credential, provider};

use crate::outcome::{Doing, Failure, Result};
use crate::setup;

/// Providers and their credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Box<Add>),
    Contact(Box<SetContact>),
    Invite(super::provider_people::Invite),
    Show(Show),
    List(List),
    Disable(super::provider_switch::Disable),
    Restore(super::provider_switch::Restore),
    #[command(subcommand)]
    Profile(super::sender_profile::Command),
}

/// Adds a provider and prints its user name and password, once.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse provider add Harbor-Chat --config house/clearinghouse.toml\n  clearinghouse provider add Harbor-Chat --mailing-address '1 Harbor Street, Placeholder' --telephone '+1 202-555-0100' --fax none --email trust@harbor.example --individual 'Sam Placeholder'"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// Its name, as agencies will read it.
    name: String,
    /// Its id; made from the name where not given.
    #[arg(long)]
    id: Option<ProviderId>,
    /// User name of its first credential; the id where not given.
    #[arg(long)]
    username: Option<String>,
    #[command(flatten)]
    contact: ContactArgs,
}

/// Records how a provider is reached, as a new version; recording the same words confirms them.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse provider contact harbor-chat --mailing-address '1 Harbor Street, Placeholder' --telephone '+1 202-555-0100' --fax none --email trust@harbor.example --individual 'Sam Placeholder'"
)]
pub(crate) struct SetContact {
    #[command(flatten)]
    config: ConfigArg,
    /// Its id.
    id: ProviderId,
    #[command(flatten)]
    contact: ContactArgs,
}

/// The five fields that the law asks for: all of them, or none.
#[derive(Debug, Args)]
struct ContactArgs {
    /// Mailing address.
    #[arg(long, requires_all = ["telephone", "fax", "email", "individual"])]
    mailing_address: Option<String>,
    /// Telephone.
    #[arg(long, requires = "mailing_address")]
    telephone: Option<String>,
    /// Fax; "none" is an answer.
    #[arg(long, requires = "mailing_address")]
    fax: Option<String>,
    /// E-mail.
    #[arg(long, requires = "mailing_address")]
    email: Option<String>,
    /// The individual point of contact.
    #[arg(long, requires = "mailing_address")]
    individual: Option<String>,
    /// A mailbox that outlives the individual's job.
    #[arg(long, requires = "mailing_address")]
    role_mailbox: Option<String>,
}

impl ContactArgs {
    fn given(self) -> Option<Contact> {
        Some(Contact {
            mailing_address: self.mailing_address?.into(),
            telephone: self.telephone?.into(),
            fax: self.fax?.into(),
            email: self.email?.into(),
            individual: self.individual?.into(),
            role_mailbox: self.role_mailbox.map(Private::new),
            monthly_active_users: None,
        })
    }
}

/// Shows one provider: how it is reached, and its credentials.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider show harbor-chat")]
pub(crate) struct Show {
    #[command(flatten)]
    config: ConfigArg,
    /// Its id.
    id: ProviderId,
}

/// Lists the providers, and which are switched off.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Add(args) => add(*args, voice).await,
        Command::Contact(args) => set_contact(*args, voice).await,
        Command::Invite(args) => super::provider_people::invite(args, voice).await,
        Command::Show(args) => show(&args, voice).await,
        Command::List(args) => list(&args, voice).await,
        Command::Disable(args) => super::provider_switch::disable(args, voice).await,
        Command::Restore(args) => super::provider_switch::restore(args, voice).await,
        Command::Profile(command) => super::sender_profile::run(command, voice).await,
    }
}

async fn add(args: Add, voice: Voice) -> Result<()> {
    let id = args.id.map_or_else(|| secrets::slug(&args.name), Ok)?;
    let username = args.username.unwrap_or_else(|| id.to_string());
    let house = house::open(&args.config.load()?).await?;
    let issued = setup::add_provider(&house, &id, &args.name, &username).await;
    let recorded = match (&issued, args.contact.given()) {
        (Ok(_), Some(given)) => record(&house, &id, given).await.map(Some),
        _ => Ok(None),
    };
    house.close();
    let (issued, recorded) = (issued?, recorded?);
    let words = format!(
        "added the provider {id}\n  username  {}\n  password  {}\n  it is shown this once: hand it over now",
        issued.name, issued.secret
    );
    let answer = json!({
        "provider": id, "username": issued.name, "password": issued.secret, "contact_version": recorded,
    });
    voice.answer(&answer, words)
}

async fn record(house: &House, id: &ProviderId, given: Contact) -> Result<u32> {
    let own = id.clone();
    let put = house.act(Actor::Operator, Purpose::Administration, "contact-put", move |act| {
        provider::get(act, &own)?;
        contact::put(act, &own, &given)
    });
    Ok(put.await.map_err(|error| unknown(id, error))?.version)
}

fn unknown(id: &ProviderId, error: store::Error) -> Failure {
    match error.refusal() {
        Some(Refusal::NotFound) => {
            Failure::new(format!("there is no provider {id}")).hint("`clearinghouse provider list` shows all")
        }
        _ => error.into(),
    }
}

async fn set_contact(args: SetContact, voice: Voice) -> Result<()> {
    let Some(given) = args.contact.given() else {
        return Err(Failure::new("nothing was given to record".to_owned())
            .hint("give --mailing-address, --telephone, --fax, --email and --individual"));
    };
    let house = house::open(&args.config.load()?).await?;
    let recorded = record(&house, &args.id, given).await;
    house.close();
    let version = recorded?;
    let words = format!("recorded version {version} of the contact fields of {}", args.id);
    voice.answer(&json!({ "provider": args.id, "contact_version": version }), words)
}

async fn show(args: &Show, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let id = args.id.clone();
    let read = house.read("provider", move |view| {
        let (known, reached) = (provider::get(view, &id)?, contact::in_force(view, &id)?);
        Ok((known, reached, credential::list(view, &id)?))
    });
    let read = read.await;
    let now = house.now();
    house.close();
    let (known, reached, credentials) = read.map_err(|error| unknown(&args.id, error))?;
    let stale = reached.as_ref().is_none_or(|(version, _)| version.is_stale(now));
    if voice.is_json() {
        let one = |one: &Listed| {
            json!({ "username": one.username, "live": one.is_live(now),
                "last_used_on": one.last_used_on.map(|day| day.to_string()),
                "ends_at": one.ends_at.map(|at| at.to_string()) })
        };
        let reached = reached.map(|(version, words)| {
            json!({ "version": version.version, "recorded_at": version.recorded_at.to_string(), "fields": words })
        });
        return say::json(&json!({ "provider": known.id, "name": known.name, "contact": reached,
            "disabled": known.disabled_at.is_some(), "contact_is_stale": stale, "credentials": credentials.iter().map(one).collect::<Vec<_>>() }));
    }
    say::people(format_args!("{}  {}{}", known.id, known.name, standing(&known)));
    match reached {
        None => say::people("  no contact fields yet: clearinghouse provider contact"),
        Some((version, words)) => tell(&version, &words, stale),
    }
    for one in credentials {
        let state = if one.is_live(now) { "live" } else { "over" };
        let used = one.last_used_on.map_or_else(|| "never used".to_owned(), |day| format!("last used {day}"));
        say::people(format_args!("  credential {:<32} {state}, {used}", one.username));
    }
    Ok(())
}

fn tell(version: &contact::Version, words: &Contact, stale: bool) {
    let marked = if stale { ", stale: ask them to confirm it" } else { "" };
    say::people(format_args!(
        "  contact fields, version {} of {}{marked}",
        version.version, version.recorded_at
    ));
    let mailbox = words.role_mailbox.as_ref().map(|mailbox| ("team mailbox", mailbox));
    let fields = [
        ("address", &words.mailing_address),
        ("telephone", &words.telephone),
        ("fax", &words.fax),
        ("e-mail", &words.email),
        ("person", &words.individual),
    ];
    for (name, value) in fields.into_iter().chain(mailbox) {
        say::people(format_args!("    {name:<14}{}", value.reveal()));
    }
}

/// What stands behind the name of a provider that is switched off.
fn standing(one: &provider::Provider) -> String {
    one.off().map_or_else(String::new, |(at, because)| {
        let why = because.map_or_else(String::new, |because| format!(": {}", because.says()));
        format!("  (switched off at {at}{why})")
    })
}

async fn list(args: &List, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let all = house.read("providers", provider::list).await.doing("list the providers")?;
    house.close();
    if voice.is_json() {
        let row = |one: &provider::Provider| {
            json!({ "provider": one.id, "name": one.name, "added_at": one.added_at.to_string(),
                "disabled": one.disabled_at.is_some(), "disabled_at": one.disabled_at.map(|at| at.to_string()),
                "because": one.off().and_then(|(_, because)| because) })
        };
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("no provider yet: clearinghouse provider add NAME");
    }
    for one in all {
        say::people(format_args!("{:<24} {}{}", one.id, one.name, standing(&one)));
    }
    Ok(())
}
