//! Who takes part in a demo: three providers with a few people, every agency of the lists with a few officers, and the
//! invented table of places. What is there already stays.

use administration::{setup, tools};
use console::secrets;
use domain::{Actor, AgencyId, Id as _, PersonId, Purpose};
use geo::{Hints, Kind};
use jiff::SignedDuration;
use policy::{RuleSet, Viewer, ViewerRole};
use store::agency::Agency;
use store::contact::{self, Contact};
use store::person::{self, Home, Person};
use store::{House, Refusal, agency, dataset, founding, media, provider};
use synth::PROVIDERS;

use super::kept::{Account, Kept, Token};
use crate::outcome::{Doing, Failure, Result};

/// Providers of a demo.
const PROVIDER_COUNT: usize = 3;
/// The task force whose officers sign in: the default of the largest split state, so its inbox is never empty.
pub(super) const TASK_FORCE: &str = "icac-us-ca-los-angeles";
/// An agency with two people.
pub(super) const SMALL_AGENCY: &str = "icac-us-mn";
/// Agencies whose own systems get a token.
const SYSTEMS: [&str; 3] = [TASK_FORCE, "us-fbi", "interpol"];
/// How long a one-click link opens.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long the investigators of a demo may see media.
const PERMISSION_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Name and day of the invented table of places.
const PLACES: (&str, &str) = ("synthetic-places", "2026-11-01");

/// A person of the demo: the word in the ready line, who they are, and where.
struct Somebody {
    word: &'static str,
    name: &'static str,
    at: At,
    role: ViewerRole,
}

/// Where somebody of the demo works.
#[derive(Clone, Copy)]
enum At {
    Agency(&'static str),
    /// The provider at this place in the list.
    Provider(usize),
    /// The clearinghouse itself.
    House,
}

const fn officer(word: &'static str, name: &'static str, agency: &'static str, role: ViewerRole) -> Somebody {
    Somebody { word, name, at: At::Agency(agency), role }
}

const fn sender(word: &'static str, name: &'static str, provider: usize, role: ViewerRole) -> Somebody {
    Somebody { word, name, at: At::Provider(provider), role }
}

const fn staff(word: &'static str, name: &'static str, role: ViewerRole) -> Somebody {
    Somebody { word, name, at: At::House, role }
}

/// Everybody who signs in. None of them exists.
const PEOPLE: [Somebody; 15] = [
    officer("commander", "Casey Placeholder", TASK_FORCE, ViewerRole::Commander),
    officer("unit_supervisor", "Jordan Makebelieve", TASK_FORCE, ViewerRole::UnitSupervisor),
    officer("investigator", "Robin Sample", TASK_FORCE, ViewerRole::Investigator),
    officer("prosecutor", "Alex Specimen", TASK_FORCE, ViewerRole::Prosecutor),
    officer("small_agency", "Kit Testcase", SMALL_AGENCY, ViewerRole::Investigator),
    officer("small_agency_commander", "Drew Notreal", SMALL_AGENCY, ViewerRole::Commander),
    sender("provider_admin", "Morgan Example", 0, ViewerRole::ProviderAdmin),
    sender("provider_reporter", "Sky Placeholder", 0, ViewerRole::ProviderReporter),
    sender("other_provider_admin", "Lee Invented", 1, ViewerRole::ProviderAdmin),
    staff("analyst", "Ira Madeup", ViewerRole::Analyst),
    staff("supervisor", "Noor Fictitious", ViewerRole::Supervisor),
    staff("counsel", "Sam Pretend", ViewerRole::Counsel),
    staff("hashkeeper", "Toni Dummy", ViewerRole::Hashkeeper),
    staff("auditor", "Jo Imaginary", ViewerRole::Auditor),
    staff("security_admin", "Max Nobody", ViewerRole::SecurityAdmin),
];

/// One-click links, by the word of their person.
pub(super) struct Link {
    pub(super) word: &'static str,
    /// The id of the agency or the provider.
    pub(super) of: String,
    /// The face whose door it opens.
    pub(super) face: &'static str,
    pub(super) secret: String,
}

/// Sees to it that everybody is there.
pub(super) async fn settle(house: &House, kept: &mut Kept) -> Result<()> {
    agencies(house).await?;
    places(house).await?;
    providers(house, kept).await?;
    people(house, kept).await?;
    contacts(house, kept).await?;
    media_permissions(house).await?;
    tokens(house, kept).await
}

async fn agencies(house: &House) -> Result<()> {
    let verified = ("the demo".to_owned(), "lists shipped with the program".to_owned());
    let directory = RuleSet::embedded().routing().directory();
    // Once a real second person was let in, the demo qualifies nobody alone either.
    let founded =
        house.read("founded", founding::is_founded).await.doing("look whether the house is founded")?;
    let verified = (!founded).then_some(&verified);
    let listed = setup::agencies_of(directory, house.now(), verified);
    let known = house.read("agencies", agency::list).await.doing("list the agencies")?;
    let new: Vec<Agency> =
        listed.into_iter().filter(|one| known.iter().all(|old| old.id != one.id)).collect();
    if new.is_empty() { Ok(()) } else { setup::put_agencies(house, new).await }
}

async fn people(house: &House, kept: &Kept) -> Result<()> {
    for somebody in &PEOPLE {
        let person = Person {
            id: person_id(somebody.word)?,
            home: somebody.home(kept)?,
            role: somebody.role,
            name: somebody.name.to_owned().into(),
        };
        let added = house
            .act(Actor::Operator, Purpose::Administration, "person-add", move |act| person::add(act, &person))
            .await;
        unless_there(added)?;
    }
    Ok(())
}

impl Somebody {
    fn home(&self, kept: &Kept) -> Result<Home> {
        match self.at {
            At::House => Ok(Home::House),
            At::Agency(agency) => Ok(Home::Agency(AgencyId::parse(agency)?)),
            At::Provider(place) => match kept.providers.get(place) {
                Some(account) => Ok(Home::Provider(account.id.clone())),
                None => Err(Failure::new("the demo has fewer providers than its people need".to_owned())),
            },
        }
    }
}

/// In both agencies with people the commander lets the investigator see media.
async fn media_permissions(house: &House) -> Result<()> {
    let pairs =
        [(TASK_FORCE, "commander", "investigator"), (SMALL_AGENCY, "small_agency_commander", "small_agency")];
    for (agency, commander, investigator) in pairs {
        let (agency, commander, person) =
            (AgencyId::parse(agency)?, person_id(commander)?, person_id(investigator)?);
        let known = house.read("media_permission", {
            let (agency, person) = (agency.clone(), person.clone());
            move |view| media::live(view, Some(&agency), &person)
        });
        if known.await.doing("look for media permissions")?.is_some() {
            continue;
        }
        let viewer = Viewer::person(commander, agency, ViewerRole::Commander, true);
        let until = house.now().checked_add(PERMISSION_LIFE)?;
        let given = viewing::permission::grant(
            house,
            &viewer,
            person,
            until,
            "works the demo's media".to_owned().into(),
        );
        given.await.doing("grant a media permission")?;
    }
    Ok(())
}

/// Contact fields for all providers but the last, which has still to give them.
async fn contacts(house: &House, kept: &Kept) -> Result<()> {
    for account in kept.providers.iter().rev().skip(1) {
        let id = account.id.clone();
        let known = house.read("contacts", {
            let id = id.clone();
            move |view| contact::in_force(view, &id)
        });
        if known.await.doing("look for contact fields")?.is_some() {
            continue;
        }
        let host = format!("{id}.example");
        let given = Contact {
            mailing_address: format!("1 Invented Street, Placeholder, {}", account.name).into(),
            telephone: "+1 202-555-0142".to_owned().into(),
            fax: "+1 202-555-0143".to_owned().into(),
            email: format!("trust@{host}").into(),
            individual: "Morgan Example".to_owned().into(),
            role_mailbox: Some(format!("trust-and-safety@{host}").into()),
            monthly_active_users: None,
        };
        let put = house.act(Actor::Operator, Purpose::Administration, "contact-put", move |act| {
            contact::put(act, &id, &given)
        });
        put.await.doing("record contact fields")?;
    }
    Ok(())
}

fn person_id(word: &str) -> Result<PersonId> {
    Ok(PersonId::parse(&format!("demo-{word}"))?)
}

/// What is there already is no reason to stop.
fn unless_there<T>(done: store::Result<T>) -> Result<Option<T>> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.refusal() == Some(Refusal::Conflict) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn places(house: &House) -> Result<()> {
    let (name, as_of) = PLACES;
    let all = house.read("datasets", dataset::list).await.doing("list the tables")?;
    if all.iter().any(|table| table.what.name == name) {
        return Ok(());
    }
    let bytes = synth::places::table(as_of).into_bytes();
    let hints = Hints { name, ..Hints::default() };
    tools::add_table(house, Kind::IpPlace, bytes, &hints).await.map(|_| ())
}

async fn providers(house: &House, kept: &mut Kept) -> Result<()> {
    let known = house.read("providers", provider::list).await.doing("list the providers")?;
    for made_up in PROVIDERS.iter().take(PROVIDER_COUNT) {
        let id = secrets::slug(made_up.name)?;
        if kept.providers.iter().any(|account| account.id == id) {
            continue;
        }
        // A start that ended between the act and the file left a provider whose password nobody knows.
        let id =
            if known.iter().any(|old| old.id == id) { secrets::fresh_id(&**house.random())? } else { id };
        let issued = setup::add_provider(house, &id, made_up.name, id.as_str()).await?;
        let (username, password) = (issued.name, issued.secret);
        kept.providers.push(Account { id, name: made_up.name.to_owned(), username, password });
    }
    Ok(())
}

async fn tokens(house: &House, kept: &mut Kept) -> Result<()> {
    for agency in SYSTEMS {
        let agency = AgencyId::parse(agency)?;
        if kept.tokens.iter().all(|token| token.agency != agency) {
            let issued = setup::issue_token(house, &agency, None).await?;
            kept.tokens.push(Token { agency, token: issued.secret });
        }
    }
    Ok(())
}

/// A fresh link for everybody.
pub(super) async fn links(house: &House, kept: &Kept) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for somebody in &PEOPLE {
        let secret = secrets::fresh(&**house.random())?;
        let (id, digest) = (person_id(somebody.word)?, house.secret_digest(secret.as_bytes()));
        let expires_at = house.now().checked_add(LINK_LIFE)?;
        let added = house.act(Actor::Operator, Purpose::Administration, "link-add", move |act| {
            person::add_link(act, &id, digest, expires_at)
        });
        added.await.doing("make a sign-in link")?;
        let (of, face) = match somebody.home(kept)? {
            Home::Provider(provider) => (provider.to_string(), "provider"),
            Home::Agency(agency) => (agency.to_string(), "agency"),
            Home::House => ("the clearinghouse".to_owned(), "desk"),
        };
        links.push(Link { word: somebody.word, of, face, secret });
    }
    Ok(links)
}
