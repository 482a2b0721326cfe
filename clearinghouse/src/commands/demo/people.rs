//! Who takes part in a demo: three providers, every agency of the lists, a few officers, and the invented table of
//! places. What is there already stays.

use domain::{Actor, AgencyId, Id as _, PersonId, Purpose};
use geo::{Hints, Kind};
use jiff::SignedDuration;
use policy::{RuleSet, ViewerRole};
use store::agency::Agency;
use store::person::{self, Home, Person};
use store::{House, Refusal, agency, dataset, provider};
use synth::PROVIDERS;

use super::kept::{Account, Kept, Token};
use crate::administration;
use crate::outcome::{Doing, Result};
use crate::{secrets, tools};

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
/// Name and day of the invented table of places.
const PLACES: (&str, &str) = ("synthetic-places", "2026-11-01");

/// A person of the demo: the word in the ready line, who they are, and where.
struct Officer {
    word: &'static str,
    name: &'static str,
    agency: &'static str,
    role: ViewerRole,
}

/// The officers. None of them exists.
const OFFICERS: [Officer; 5] = [
    Officer { word: "commander", name: "Casey Placeholder", agency: TASK_FORCE, role: ViewerRole::Commander },
    Officer {
        word: "investigator",
        name: "Robin Sample",
        agency: TASK_FORCE,
        role: ViewerRole::Investigator,
    },
    Officer { word: "prosecutor", name: "Alex Specimen", agency: TASK_FORCE, role: ViewerRole::Prosecutor },
    Officer {
        word: "small_agency",
        name: "Kit Testcase",
        agency: SMALL_AGENCY,
        role: ViewerRole::Investigator,
    },
    Officer {
        word: "small_agency_commander",
        name: "Drew Notreal",
        agency: SMALL_AGENCY,
        role: ViewerRole::Commander,
    },
];

/// One-click links, by the word of their person.
pub(super) struct Link {
    pub(super) word: &'static str,
    pub(super) agency: &'static str,
    pub(super) secret: String,
}

/// Sees to it that everybody is there.
pub(super) async fn settle(house: &House, kept: &mut Kept) -> Result<()> {
    agencies(house).await?;
    officers(house).await?;
    places(house).await?;
    providers(house, kept).await?;
    tokens(house, kept).await
}

async fn agencies(house: &House) -> Result<()> {
    let verified = ("the demo".to_owned(), "lists shipped with the program".to_owned());
    let directory = RuleSet::embedded().routing().directory();
    let listed = administration::agencies_of(directory, house.now(), Some(&verified));
    let known = house.read("agencies", agency::list).await.doing("list the agencies")?;
    let new: Vec<Agency> =
        listed.into_iter().filter(|one| known.iter().all(|old| old.id != one.id)).collect();
    if new.is_empty() { Ok(()) } else { administration::put_agencies(house, new).await }
}

async fn officers(house: &House) -> Result<()> {
    for Officer { word, name, agency, role } in &OFFICERS {
        let person = Person {
            id: person_id(word)?,
            home: Home::Agency(AgencyId::parse(agency)?),
            role: *role,
            name: (*name).to_owned().into(),
        };
        let added = house
            .act(Actor::Operator, Purpose::Administration, "person-add", move |act| person::add(act, &person))
            .await;
        unless_there(added)?;
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
        let issued = administration::add_provider(house, &id, made_up.name, id.as_str()).await?;
        let (username, password) = (issued.name, issued.secret);
        kept.providers.push(Account { id, name: made_up.name.to_owned(), username, password });
    }
    Ok(())
}

async fn tokens(house: &House, kept: &mut Kept) -> Result<()> {
    for agency in SYSTEMS {
        let agency = AgencyId::parse(agency)?;
        if kept.tokens.iter().all(|token| token.agency != agency) {
            let issued = administration::issue_token(house, &agency).await?;
            kept.tokens.push(Token { agency, token: issued.secret });
        }
    }
    Ok(())
}

/// A fresh link for every officer.
pub(super) async fn links(house: &House) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for Officer { word, agency, .. } in &OFFICERS {
        let secret = secrets::fresh(&**house.random())?;
        let (id, digest) = (person_id(word)?, house.secret_digest(secret.as_bytes()));
        let expires_at = house.now().checked_add(LINK_LIFE)?;
        let added = house.act(Actor::Operator, Purpose::Administration, "link-add", move |act| {
            person::add_link(act, &id, digest, expires_at)
        });
        added.await.doing("make a sign-in link")?;
        links.push(Link { word, agency, secret });
    }
    Ok(links)
}
