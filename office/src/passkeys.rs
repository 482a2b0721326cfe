//! Signing in with a key, and showing again that one is oneself. Every answer leaves a leaf, right or wrong; wrong ones
//! slow the person's keys down.

use domain::{Actor, Assurance, Means, PersonId, Purpose};
use passkey::{Proof, Wrong};
use serde_json::json;
use store::passkey::Passkey;
use store::person::{self, Home, Person};
use store::session::{self, Entry, Session};
use store::{Act, Event, EventKind, House, Refusal, View, guard, model};

use crate::Trouble;
use crate::ceremony::{self, Asked, Ceremony, Closed, Given, Kind, Site};
use crate::sign_in;

/// Why an answer opens nothing. The page says more to help than this says to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The question was never asked here.
    #[error("this was not asked here")]
    NotAsked,
    /// It took longer than five minutes.
    #[error("the answer came too late")]
    TooLate,
    /// The same answer was given before.
    #[error("the answer was given before")]
    Again,
    /// No such key is enrolled, or its person belongs behind another door.
    #[error("the key is not known here")]
    UnknownKey,
    /// It is somebody else's key.
    #[error("the key is somebody else's")]
    AnotherPerson,
    /// Too many wrong answers: wait, or ask an administrator.
    #[error("too many attempts went wrong")]
    TooOften,
    /// Nobody of this face is known by this card or this word.
    #[error("nobody is known by it here")]
    Unbound,
    /// It proves less than what is asked for takes.
    #[error("it proves too little")]
    TooWeak,
    /// The card opens nothing.
    #[error(transparent)]
    Card(card::Wrong),
    /// Another organisation's word opens nothing.
    #[error(transparent)]
    Token(federation::Wrong),
    /// The answer proves nothing.
    #[error(transparent)]
    Wrong(Wrong),
}

impl Refused {
    /// The word in the leaf.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not-asked",
            Self::TooLate => "too-late",
            Self::Again => "again",
            Self::UnknownKey => "unknown-key",
            Self::AnotherPerson => "another-person",
            Self::TooOften => "too-often",
            Self::Unbound => "unbound",
            Self::TooWeak => "too-weak",
            Self::Card(wrong) => wrong.code(),
            Self::Token(wrong) => wrong.code(),
            Self::Wrong(wrong) => wrong.code(),
        }
    }

    /// Whether it counts against the person's keys.
    const fn counts(self) -> bool {
        matches!(self, Self::Again | Self::AnotherPerson | Self::Wrong(_))
    }
}

impl From<Closed> for Refused {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Unknown => Self::NotAsked,
            Closed::Expired => Self::TooLate,
        }
    }
}

/// Asks whoever comes for a key of theirs.
///
/// # Errors
/// [`Trouble::Key`] for an address that is no host name.
pub async fn ask_sign_in(house: &House, site: &Site) -> Result<Asked, Trouble> {
    let begun = site.party()?.ask(&[])?;
    ceremony::sealed(house, Kind::SignIn, site, "", begun).await
}

/// Starts a session for whoever's key answered, when their home fits the door, and answers its secret.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong; "no such thing" for somebody who is not let in.
pub async fn sign_in(
    house: &House,
    site: &Site,
    given: Given,
    fits: fn(&Home) -> bool,
) -> Result<String, Trouble> {
    let asked = Question { kind: Kind::SignIn, bound: String::new(), of: None };
    let right = checked(house, site, asked, &given, fits).await?;
    let secret = sign_in::secret(house)?;
    let digest = house.secret_digest(secret.as_bytes());
    let entry = Entry {
        person: right.person.id.clone(),
        means: Means::Passkey,
        assurance: right.assurance,
        verified_at: house.now(),
        client: given.client,
        binding: None,
        outside: None,
    };
    let actor = sign_in::actor_of(&right.person);
    let started = house.act(actor, Purpose::Access, "sign_in", move |act| {
        right.used(act)?;
        sign_in::begin_within(act, &entry, digest)
    });
    started.await?;
    Ok(secret)
}

/// Asks the person of a session, locked or not, for one of their keys of this site.
///
/// # Errors
/// "No such thing" when the session is over or its person has no key for this site.
pub async fn ask_verify(house: &House, site: &Site, secret: &str) -> Result<Asked, Trouble> {
    let session = even_locked(house, secret).await?;
    let (id, name) = (session.person.clone(), site.name.clone());
    let keys = house.read("passkeys::of_site", move |view| {
        let keys = store::passkey::of_person(view, &id)?;
        Ok(keys.into_iter().filter(|key| key.site == name).map(|key| key.stored).collect::<Vec<_>>())
    });
    let keys = keys.await?;
    if keys.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let begun = site.party()?.ask(&keys)?;
    ceremony::sealed(house, Kind::Verify, site, &session.id, begun).await
}

/// The person of a session showed again who they are: the session is open and fresh, under the new secret that is
/// answered.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong; "no such thing" when the session is over.
pub async fn verify(house: &House, site: &Site, secret: &str, given: Given) -> Result<String, Trouble> {
    let session = even_locked(house, secret).await?;
    let asked = Question { kind: Kind::Verify, bound: session.id, of: Some(session.person) };
    let right = checked(house, site, asked, &given, |_| true).await?;
    let next = sign_in::secret(house)?;
    let (old, new) = (house.secret_digest(secret.as_bytes()), house.secret_digest(next.as_bytes()));
    let renewed = house.act(sign_in::actor_of(&right.person), Purpose::Access, "verify", move |act| {
        right.used(act)?;
        session::renew(act, &right.person.id, old, new)
    });
    renewed.await?;
    Ok(next)
}

/// The session behind a secret, also while it is locked.
///
/// # Errors
/// "No such thing" when it is over.
pub async fn even_locked(house: &House, secret: &str) -> Result<Session, Trouble> {
    let (digest, now) = (house.secret_digest(secret.as_bytes()), house.now());
    let found = house.read("session::even_locked", move |view| session::find_even_locked(view, digest, now));
    Ok(found.await?.ok_or(Refusal::NotFound)?)
}

/// What was asked, and of whom.
struct Question {
    kind: Kind,
    bound: String,
    of: Option<PersonId>,
}

/// An answer that proves what it should.
struct Right {
    ceremony: Ceremony,
    key: Passkey,
    person: Person,
    proof: Proof,
    assurance: Assurance,
}

impl Right {
    /// Spends the challenge and writes the use down, as part of the act that it is for.
    fn used(&self, act: &Act<'_>) -> store::Result<()> {
        self.ceremony.spend(act)?;
        let Proof { stored, counter, backed_up } = &self.proof;
        store::passkey::mark_used(act, &self.key.id, stored, *counter, *backed_up)?;
        guard::clear(act, &self.person.id)
    }
}

/// What an answer is held against, from one snapshot.
struct Known {
    ceremony: Ceremony,
    key: Passkey,
    person: Person,
    models: Vec<model::Model>,
}

/// A refusal, with whom and what it is about.
struct No {
    why: Refused,
    ceremony: Option<Ceremony>,
    whom: Option<(PersonId, String)>,
}

impl From<Refused> for No {
    fn from(why: Refused) -> Self {
        Self { why, ceremony: None, whom: None }
    }
}

/// Holds an answer against what is known. Whatever is wrong with it leaves its leaf here.
async fn checked(
    house: &House,
    site: &Site,
    asked: Question,
    given: &Given,
    fits: fn(&Home) -> bool,
) -> Result<Right, Trouble> {
    let known = {
        let (site, sealed, answer) = (site.clone(), given.ceremony.clone(), given.answer.clone());
        house
            .read("passkeys::known", move |view| known(view, &site, &asked, (&sealed, &answer), fits))
            .await?
    };
    let no = match known {
        Ok(known) => match site.party()?.proved(&given.answer, &known.ceremony.state, &known.key.stored) {
            Ok(proof) => return Ok(Right::new(known, proof)),
            Err(wrong) => No {
                why: Refused::Wrong(wrong),
                ceremony: Some(known.ceremony),
                whom: Some((known.person.id, known.key.id)),
            },
        },
        Err(no) => no,
    };
    let why = no.why;
    let noted = house.act(Actor::House, Purpose::Access, "sign_in_refused", move |act| note(act, &no));
    noted.await?;
    Err(Trouble::SignIn(why))
}

fn known(
    view: &View<'_>,
    site: &Site,
    asked: &Question,
    (sealed, answer): (&str, &str),
    fits: fn(&Home) -> bool,
) -> store::Result<Result<Known, No>> {
    let ceremony = match ceremony::opened(view, (asked.kind, site, &asked.bound), sealed)? {
        Ok(ceremony) => ceremony,
        Err(closed) => return Ok(Err(Refused::from(closed).into())),
    };
    let named = match passkey::named(answer) {
        Ok(named) => named,
        Err(wrong) => return Ok(Err(No { ceremony: Some(ceremony), ..Refused::Wrong(wrong).into() })),
    };
    let unknown = |ceremony| Ok(Err(No { ceremony: Some(ceremony), ..Refused::UnknownKey.into() }));
    let Some(key) = store::passkey::find(view, &site.name, &named.key)? else { return unknown(ceremony) };
    let Some(person) = person::find(view, &key.person)? else { return unknown(ceremony) };
    if !fits(&person.home) {
        return unknown(ceremony);
    }
    let whom = Some((person.id.clone(), key.id.clone()));
    let another = asked.of.as_ref().is_some_and(|of| *of != person.id)
        || named.handle.is_some_and(|handle| handle != domain::Id::as_str(&person.id).as_bytes());
    let why = if guard::find(view, &person.id)?.is_some_and(|guard| !guard.lets_in(view.now())) {
        Some(Refused::TooOften)
    } else if ceremony.is_spent(view)? {
        Some(Refused::Again)
    } else {
        another.then_some(Refused::AnotherPerson)
    };
    if let Some(why) = why {
        return Ok(Err(No { why, ceremony: Some(ceremony), whom }));
    }
    let models = model::of_home(view, &person.home)?;
    Ok(Ok(Known { ceremony, key, person, models }))
}

impl Right {
    fn new(known: Known, proof: Proof) -> Self {
        let Known { ceremony, key, person, models } = known;
        let assurance = assurance(&key, &models);
        Self { ceremony, key, person, proof, assurance }
    }
}

/// Level 3 takes a key that cannot leave its device, of a model with a FIPS certificate, and proof that it is one.
fn assurance(key: &Passkey, models: &[model::Model]) -> Assurance {
    let certified = models.iter().any(|model| model.fips && key.aaguid.as_deref() == Some(&model.aaguid));
    if !key.syncable && key.attested == "proved" && certified { Assurance::Aal3 } else { Assurance::Aal2 }
}

/// Writes a refusal down: its leaf, the challenge that is spent, the count against the keys, the alarm.
fn note(act: &Act<'_>, no: &No) -> store::Result<()> {
    if let Some(ceremony) = &no.ceremony
        && no.why != Refused::Again
        && !ceremony.is_spent(act)?
    {
        ceremony.spend(act)?;
    }
    let (person, key) = no.whom.as_ref().map(|(person, key)| (person, key)).unzip();
    let details = json!({ "passkey": key, "person": person, "reason": no.why.code() });
    act.note(Event::of_house(EventKind::SignInRefused).with(details.clone()))?;
    if no.why == Refused::Wrong(Wrong::Counter) {
        act.note(Event::of_house(EventKind::PasskeyAlarm).with(details))?;
    }
    if let Some(person) = person.filter(|_| no.why.counts()) {
        guard::count(act, person)?;
    }
    Ok(())
}
