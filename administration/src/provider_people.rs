//! `provider invite`: somebody who signs in at the portal. They get a ticket to enrol their first key with; nobody ever
//! gets a password.

use clap::{Args, ValueEnum};
use console::{ConfigArg, Voice, house, secrets};
use domain::{Actor, PersonId, ProviderId, Purpose};
use jiff::SignedDuration;
use policy::ViewerRole;
use serde_json::json;
use store::Refusal;
use store::person::{self, Home, Person};

use crate::outcome::{Doing, Failure, Result};

/// How long a ticket lives that goes by mail (IA-12(3)).
const TICKET_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Lets somebody of a provider sign in at its portal: prints the address at which they enrol their first key, once.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse provider invite harbor-chat --name 'Morgan Example' --as admin --site https://providers.example"
)]
pub(crate) struct Invite {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider's id.
    provider: ProviderId,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// What they are there for.
    #[arg(long = "as", value_enum, default_value = "admin")]
    role: Role,
    /// Where the portal is reached, under its host name; keys are made for that name.
    #[arg(long, default_value = "https://localhost")]
    site: String,
}

/// What somebody of a provider is there for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    /// Keeps credentials, contacts and the profile, and does what a reporter does.
    Admin,
    /// Files and follows reports.
    Reporter,
}

pub(crate) async fn invite(args: Invite, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let issued = admitted(&house, &args).await;
    house.close();
    let (person, issued) = issued?;
    let address = format!("{}/provider/enrol/{}", args.site.trim_end_matches('/'), issued.secret);
    let words = format!(
        "{person} may enrol a key until {}\n  {address}\n  it is shown this once, opens once, and is for nobody else: hand it over now",
        issued.expires_at
    );
    voice.answer(&json!({ "person": person, "enrol": address, "expires_at": issued.expires_at }), words)
}

async fn admitted(house: &store::House, args: &Invite) -> Result<(PersonId, office::enrolment::Issued)> {
    let id: PersonId = secrets::fresh_id(&**house.random())?;
    let role = match args.role {
        Role::Admin => ViewerRole::ProviderAdmin,
        Role::Reporter => ViewerRole::ProviderReporter,
    };
    let name = args.name.clone().into();
    let person = Person { id: id.clone(), home: Home::Provider(args.provider.clone()), role, name };
    let added = house.act(Actor::Operator, Purpose::Administration, "person-add", move |act| {
        store::provider::get(act, person.home.provider().ok_or(store::Refusal::NotFound)?)?;
        person::add(act, &person)
    });
    added.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotFound) => Failure::new(format!("there is no provider {}", args.provider))
            .hint("`clearinghouse provider list` shows all"),
        Some(Refusal::Unfit { what: "provider" }) => {
            Failure::new(format!("the provider {} is switched off", args.provider))
                .hint("`clearinghouse provider restore` switches it on again")
        }
        _ => error.into(),
    })?;
    let issued = office::enrolment::issue(house, Actor::Operator, &id, TICKET_LIFE).await;
    Ok((id, issued.doing("issue a ticket")?))
}
