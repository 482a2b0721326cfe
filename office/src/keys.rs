//! A person's own keys and sessions: the first key by a ticket, others by whoever is signed in and fresh, and an end to
//! any of them.

use domain::{Actor, Id as _, PersonId, Private, Purpose};
use passkey::{Newcomer, Rules};
use serde_json::json;
use store::enrolment::{Cause, Ticket};
use store::passkey::{self as rows, New, Passkey};
use store::person::{self, Home, Person};
use store::session::{self, Fresh, Session};
use store::{Act, Event, EventKind, House, Refusal, View, enrolment, model};

use crate::ceremony::{self, Asked, Ceremony, Given, Kind, Site};
use crate::passkeys::Refused;
use crate::{Somebody, Trouble, bindings, sign_in, visit};

pub use store::passkey::{MOST, MOST_NAME_CHARS};

/// Keys that a person should have: one may be lost.
pub const ENOUGH: usize = 2;

/// What a person sees of their own sign-in.
#[derive(Debug, Clone)]
pub struct Own {
    /// Their keys.
    pub keys: Vec<OwnKey>,
    /// Their sessions, each with what its browser called itself.
    pub sessions: Vec<(Session, String)>,
    /// The cards and other organisations that they are known by.
    pub known_by: Vec<bindings::Known>,
    /// What their agency or provider is called.
    pub home_name: String,
}

/// A key as its person sees it.
#[derive(Debug, Clone)]
pub struct OwnKey {
    /// What is kept of it.
    pub key: Passkey,
    /// What its person calls it.
    pub name: String,
    /// What its makers call its model, where that is on the list of the home.
    pub model: Option<String>,
}

/// Asks the holder of a ticket for their first key; also says whose ticket it is.
///
/// # Errors
/// "No such thing" for a ticket that is unknown, used, over or void.
pub async fn ask_with_ticket(house: &House, site: &Site, ticket: &str) -> Result<(Asked, Person), Trouble> {
    let digest = house.secret_digest(ticket.as_bytes());
    let found = house.read("keys::by_ticket", move |view| by_ticket(view, digest)).await?;
    let asked = ask(house, site, &found.1, &seal::hex(&digest)).await?;
    Ok((asked, found.1))
}

/// Enrols the first key, and uses the ticket up. After a recovery the keys and sessions from before are gone.
///
/// # Errors
/// As [`ask_with_ticket`]; [`Trouble::SignIn`] when the key is not taken.
pub async fn add_with_ticket(
    house: &House,
    site: &Site,
    ticket: &str,
    name: String,
    given: Given,
) -> Result<Person, Trouble> {
    let digest = house.secret_digest(ticket.as_bytes());
    let (ticket, person) = house.read("keys::by_ticket", move |view| by_ticket(view, digest)).await?;
    let bound = seal::hex(&digest);
    let made = made(house, site, &person, (&bound, name), &given).await?;
    let of = person.clone();
    let added = house.act(sign_in::actor_of(&person), Purpose::Access, "keys::add_first", move |act| {
        made.ceremony.spend(act)?;
        enrolment::spend(act, &of.id, digest)?;
        if ticket.cause == Cause::Recovery {
            rows::remove_all_of(act, &of.id)?;
            store::binding::remove_all_of(act, &of.id)?;
            session::close_all_of(act, &of.id)?;
        }
        rows::add(act, &made.new)
    });
    added.await?;
    Ok(person)
}

/// Asks somebody who is signed in and fresh for one more key.
///
/// # Errors
/// A fault.
pub async fn ask_another(
    house: &House,
    site: &Site,
    who: &Somebody,
    fresh: &Fresh,
) -> Result<Asked, Trouble> {
    must_be(who, fresh)?;
    ask(house, site, &who.person, &who.session.id).await
}

/// Somebody in their session, who just showed that it is them: what changes their keys takes, with the session's secret.
#[derive(Clone, Copy)]
pub struct Present<'a> {
    /// Who.
    pub who: &'a Somebody,
    /// That they showed it.
    pub fresh: &'a Fresh,
    /// The secret that their session has until then.
    pub secret: &'a str,
}

/// Enrols one more key, and answers the new secret of the session in which that was done.
///
/// # Errors
/// [`Trouble::SignIn`] when the key is not taken; a refusal for a name that does not fit and for one too many.
pub async fn add_another(
    house: &House,
    site: &Site,
    present: Present<'_>,
    name: String,
    given: Given,
) -> Result<String, Trouble> {
    let Present { who, fresh, secret } = present;
    must_be(who, fresh)?;
    let made = made(house, site, &who.person, (&who.session.id, name), &given).await?;
    let rotation = Rotation::of(house, secret)?;
    let next = rotation.next.clone();
    let added = house.act(sign_in::actor_of(&who.person), Purpose::Access, "keys::add", move |act| {
        made.ceremony.spend(act)?;
        rows::add(act, &made.new)?;
        rotation.done(act, &made.new.person)
    });
    added.await?;
    Ok(next)
}

/// Removes a key, never the last one, and ends every other session of its person. Answers the new secret of this one.
///
/// # Errors
/// [`Refusal::LastKey`] when there is no other; "no such thing" when it is not theirs.
pub async fn remove(house: &House, present: Present<'_>, key: &str) -> Result<String, Trouble> {
    let Present { who, fresh, secret } = present;
    must_be(who, fresh)?;
    let (id, key, keep) = (who.person.id.clone(), key.to_owned(), who.session.id.clone());
    let rotation = Rotation::of(house, secret)?;
    let next = rotation.next.clone();
    let removed = house.act(sign_in::actor_of(&who.person), Purpose::Access, "keys::remove", move |act| {
        rows::remove(act, &id, &key)?;
        session::close_others_of(act, &id, &keep)?;
        rotation.done(act, &id)
    });
    removed.await?;
    Ok(next)
}

/// A new secret for a session.
struct Rotation {
    next: String,
    old_digest: [u8; 32],
    next_digest: [u8; 32],
}

impl Rotation {
    fn of(house: &House, secret: &str) -> Result<Self, Trouble> {
        let next = sign_in::secret(house)?;
        let digest = |secret: &str| house.secret_digest(secret.as_bytes());
        Ok(Self { old_digest: digest(secret), next_digest: digest(&next), next })
    }

    fn done(&self, act: &Act<'_>, person: &PersonId) -> store::Result<()> {
        session::rotate(act, person, self.old_digest, self.next_digest)
    }
}

/// What the models are called that a home takes; every model where there is none.
///
/// # Errors
/// A fault.
pub async fn models_of(house: &House, home: &Home) -> Result<Vec<String>, Trouble> {
    let home = home.clone();
    let found = house.read("keys::models_of", move |view| model::of_home(view, &home)).await?;
    Ok(found.into_iter().map(|model| model.name).collect())
}

/// A person's own keys and sessions.
///
/// # Errors
/// A fault.
pub async fn own(house: &House, who: &Somebody) -> Result<Own, Trouble> {
    let (person, now) = (who.person.clone(), house.now());
    let own = house.read("keys::own", move |view| {
        let models = model::of_home(view, &person.home)?;
        let home_name = visit::home_name(view, &person.home)?;
        let known_by = bindings::of_person(view, &person.id)?;
        let mut own = Own { keys: Vec::new(), sessions: Vec::new(), known_by, home_name };
        for key in rows::of_person(view, &person.id)? {
            let name = key.name(view)?.into_inner();
            let model = models.iter().find(|model| key.aaguid.as_deref() == Some(&model.aaguid));
            let model = model.map(|model| model.name.clone());
            own.keys.push(OwnKey { key, name, model });
        }
        for session in session::of_person(view, &person.id, now)? {
            let client = session.client(view)?.into_inner();
            own.sessions.push((session, client));
        }
        Ok(own)
    });
    Ok(own.await?)
}

fn must_be(who: &Somebody, fresh: &Fresh) -> Result<(), Trouble> {
    if *fresh.person() == who.person.id { Ok(()) } else { Err(Refusal::NotFresh.into()) }
}

fn by_ticket(view: &View<'_>, digest: [u8; 32]) -> store::Result<(Ticket, Person)> {
    let ticket = enrolment::find(view, digest, view.now())?.ok_or(Refusal::NotFound)?;
    let person = person::find(view, &ticket.person)?.ok_or(Refusal::NotFound)?;
    Ok((ticket, person))
}

/// Which keys somebody of this home may have: those that can be copied only providers' people.
struct Taken {
    syncable: bool,
    models: Vec<passkey::Model>,
}

impl Taken {
    fn of(view: &View<'_>, home: &Home) -> store::Result<Self> {
        let listed = model::of_home(view, home)?.into_iter();
        let models = listed.map(|model| passkey::Model { aaguid: model.aaguid, root_pem: model.root_pem });
        Ok(Self { syncable: home.provider().is_some(), models: models.collect() })
    }

    fn rules(&self) -> Rules<'_> {
        Rules { syncable: self.syncable, models: &self.models }
    }
}

async fn ask(house: &House, site: &Site, person: &Person, bound: &str) -> Result<Asked, Trouble> {
    let (id, home) = (person.id.clone(), person.home.clone());
    let read =
        house.read("keys::taken", move |view| Ok((Taken::of(view, &home)?, rows::of_person(view, &id)?)));
    let (taken, keys) = read.await?;
    let has: Vec<Vec<u8>> = keys.into_iter().map(|key| key.credential).collect();
    let who = Newcomer { handle: person.id.as_str().as_bytes(), name: person.name.reveal(), has: &has };
    let begun = site.party()?.enrol(&who, &taken.rules())?;
    ceremony::sealed(house, Kind::Enrol, site, bound, begun).await
}

/// A key that is taken, and not enrolled yet.
struct Made {
    ceremony: Ceremony,
    new: New,
}

async fn made(
    house: &House,
    site: &Site,
    person: &Person,
    (bound, name): (&str, String),
    given: &Given,
) -> Result<Made, Trouble> {
    let (asked, sealed, bound, home) =
        (site.clone(), given.ceremony.clone(), bound.to_owned(), person.home.clone());
    let read = house.read("keys::asked", move |view| {
        let opened = ceremony::opened(view, (Kind::Enrol, &asked, &bound), &sealed)?;
        let spent = opened.as_ref().map_or(Ok(false), |ceremony| ceremony.is_spent(view))?;
        Ok((opened, spent, Taken::of(view, &home)?))
    });
    let (opened, spent, taken) = read.await?;
    let answered = match opened {
        _ if spent => Err(Refused::Again),
        Err(closed) => Err(closed.into()),
        Ok(ceremony) => {
            let key = site.party()?.enrolled(&given.answer, &ceremony.state, &taken.rules());
            key.map(|key| (ceremony, key)).map_err(Refused::Wrong)
        }
    };
    let (ceremony, key) = match answered {
        Ok(answered) => answered,
        Err(why) => return Err(refused(house, person.id.clone(), why).await?),
    };
    let new = New {
        person: person.id.clone(),
        site: site.name.clone(),
        name: Private::new(name),
        credential: key.id,
        stored: key.stored,
        algorithm: key.algorithm,
        aaguid: key.aaguid,
        attested: key.attested.as_str(),
        syncable: key.syncable,
        backed_up: key.backed_up,
        counter: key.counter,
    };
    Ok(Made { ceremony, new })
}

/// Writes down that a key was not taken.
async fn refused(house: &House, person: PersonId, why: Refused) -> Result<Trouble, Trouble> {
    let noted = house.act(Actor::House, Purpose::Access, "keys::refused", move |act: &Act<'_>| {
        let details = json!({ "person": person, "reason": why.code() });
        act.note(Event::of_house(EventKind::PasskeyRefused).with(details))
    });
    noted.await?;
    Ok(Trouble::SignIn(why))
}
