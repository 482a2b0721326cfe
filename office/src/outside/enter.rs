//! Coming back with a voucher: it is looked at first, so that the person sees in whose name they come in, and used by the
//! click that acknowledges the banner.

use domain::{Actor, Assurance, PersonId, Private, Purpose};
use serde_json::json;
use store::binding::{self, Binding, Identity};
use store::enrolment::{Cause, Ticket};
use store::person::{self, Home, Person};
use store::session::{self, Entry, Session};
use store::{Act, Event, EventKind, House, Refusal, View, enrolment, guard, passkey};

use super::voucher::Voucher;
use super::{Aim, Errand, stranger};
use crate::passkeys::Refused;
use crate::{Trouble, sign_in};

/// What somebody comes back with, and to what.
pub struct Return<'a> {
    /// The errand that their browser kept.
    pub errand: &'a Errand,
    /// The voucher that they were given.
    pub voucher: &'a str,
    /// The secret of the session that their browser is in, if it is in one.
    pub session: Option<&'a str>,
    /// Whether somebody of this home belongs behind this door, and may come this way.
    pub fits: &'a (dyn Fn(&Home) -> bool + Send + Sync),
}

/// What a voucher opened.
#[derive(Debug)]
pub enum Entered {
    /// A session, by its secret.
    Session(String),
    /// From now on the person is known by it.
    Enrolled,
}

/// What a voucher is held against, from one snapshot.
struct Known {
    voucher: Voucher,
    person: Person,
    how: How,
}

enum How {
    SignIn(Binding),
    Verify(Binding),
    Enrol(Ticket),
}

/// A refusal, and whom it is about where that is known.
struct No {
    why: Refused,
    whom: Option<(PersonId, Option<String>)>,
}

type Held = store::Result<Result<Known, No>>;

/// In whose name somebody comes back. Nothing is used up.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong; its leaf is written.
pub async fn look(house: &House, back: &Return<'_>) -> Result<Person, Trouble> {
    Ok(known(house, back).await?.person)
}

/// By what somebody is known where they come from, so that they can tell their administrator.
pub async fn said(house: &House, errand: &Errand, voucher: &str) -> Option<Identity> {
    let (mark, sealed) = (errand.mark(house), voucher.to_owned());
    let opened = house.read("outside::said", move |view| Voucher::opened(view, &sealed, &mark)).await;
    opened.ok()?.ok().map(|voucher| voucher.vouched.identity)
}

/// Uses the voucher: a session begins or is fresh again, or the person is known by it from now on.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong; "no such thing" for somebody who is not let in.
pub async fn enter(house: &House, back: &Return<'_>, client: Private<String>) -> Result<Entered, Trouble> {
    let Known { voucher, person, how } = known(house, back).await?;
    let secret = sign_in::secret(house)?;
    let next = house.secret_digest(secret.as_bytes());
    let old = house.secret_digest(back.session.unwrap_or_default().as_bytes());
    let (bound, enrolled) = (back.errand.bound.clone(), matches!(how, How::Enrol(_)));
    let done = house.act(sign_in::actor_of(&person), Purpose::Access, "outside::enter", move |act| {
        voucher.spend(act)?;
        match &how {
            How::SignIn(binding) => begin(act, &voucher, binding, (&client, next)),
            How::Verify(binding) => {
                binding::mark_used(act, &binding.id)?;
                guard::clear(act, &binding.person)?;
                session::renew(act, &binding.person, old, next)?;
                binding::stand_on(act, next, binding, voucher.vouched.outside.as_deref())
            }
            How::Enrol(ticket) => enrol(act, &voucher, ticket, &bound),
        }
    });
    done.await?;
    Ok(if enrolled { Entered::Enrolled } else { Entered::Session(secret) })
}

fn begin(
    act: &Act<'_>,
    voucher: &Voucher,
    binding: &Binding,
    (client, digest): (&Private<String>, [u8; 32]),
) -> store::Result<()> {
    let vouched = &voucher.vouched;
    binding::mark_used(act, &binding.id)?;
    guard::clear(act, &binding.person)?;
    let outside = vouched.outside.as_ref();
    let entry = Entry {
        person: binding.person.clone(),
        means: binding.means,
        assurance: vouched.assurance,
        verified_at: vouched.verified_at,
        client: client.clone(),
        binding: Some(binding.id.clone()),
        outside: outside.map(|sid| binding::outside_digest(act, &binding.issuer, sid)),
    };
    sign_in::begin_within(act, &entry, digest)
}

/// Whoever was proofed anew keeps nothing by which they were known before.
fn enrol(act: &Act<'_>, voucher: &Voucher, ticket: &Ticket, bound: &str) -> store::Result<()> {
    enrolment::spend(act, &ticket.person, digest_of(bound)?)?;
    if ticket.cause == Cause::Recovery {
        passkey::remove_all_of(act, &ticket.person)?;
        binding::remove_all_of(act, &ticket.person)?;
        session::close_all_of(act, &ticket.person)?;
    }
    binding::add(act, &ticket.person, &voucher.vouched.identity).map(drop)
}

/// The digest of a ticket, as an errand is bound to it.
fn digest_of(bound: &str) -> store::Result<[u8; 32]> {
    let bytes = seal::unhex(bound).ok().and_then(|bytes| bytes.try_into().ok());
    Ok(bytes.ok_or(Refusal::NotFound)?)
}

/// Holds a voucher against what is known. Whatever is wrong leaves its leaf here, or with the request.
async fn known(house: &House, back: &Return<'_>) -> Result<Known, Trouble> {
    let (mark, sealed) = (back.errand.mark(house), back.voucher.to_owned());
    let (aim, bound) = (back.errand.aim, back.errand.bound.clone());
    let held = back.session.map(|secret| house.secret_digest(secret.as_bytes()));
    let found = house.read("outside::known", move |view| {
        let voucher = match Voucher::opened(view, &sealed, &mark)? {
            Ok(voucher) => voucher,
            Err(why) => return Ok(Err(No { why, whom: None })),
        };
        match aim {
            Aim::Enrol => of_ticket(view, voucher, &bound),
            Aim::SignIn => of_binding(view, voucher, None),
            Aim::Verify => {
                let session = held.map(|digest| session::find_even_locked(view, digest, view.now()));
                match session.transpose()?.flatten().filter(|session| session.id == bound) {
                    Some(session) => of_binding(view, voucher, Some(&session)),
                    None => Ok(Err(No { why: Refused::NotAsked, whom: None })),
                }
            }
        }
    });
    let no = match found.await? {
        Ok(known) if (back.fits)(&known.person.home) => return Ok(known),
        Ok(known) => No { why: Refused::Unbound, whom: Some((known.person.id, None)) },
        Err(no) => no,
    };
    let why = no.why;
    if let Some((person, binding)) = no.whom {
        let noted = house.act(Actor::House, Purpose::Access, "sign_in_refused", move |act| {
            let details = json!({ "binding": binding, "person": person, "reason": why.code() });
            act.note(Event::of_house(EventKind::SignInRefused).with(details))
        });
        noted.await?;
    }
    Err(stranger(why))
}

/// Whose ticket it is, while it is good.
fn of_ticket(view: &View<'_>, voucher: Voucher, bound: &str) -> Held {
    let Some(ticket) = enrolment::find(view, digest_of(bound)?, view.now())? else {
        return Ok(Err(No { why: Refused::NotAsked, whom: None }));
    };
    let person = person::find(view, &ticket.person)?.ok_or(Refusal::NotFound)?;
    let why = if voucher.vouched.assurance < Assurance::Aal2 {
        Some(Refused::TooWeak)
    } else {
        binding::find(view, &voucher.vouched.identity)?.map(|_| Refused::AnotherPerson)
    };
    Ok(match why {
        Some(why) => Err(No { why, whom: Some((person.id, None)) }),
        None => Ok(Known { voucher, person, how: How::Enrol(ticket) }),
    })
}

/// Who is known by what the voucher says; within a session, its person and nobody else.
fn of_binding(view: &View<'_>, voucher: Voucher, session: Option<&Session>) -> Held {
    let Some(binding) = binding::find(view, &voucher.vouched.identity)? else {
        return Ok(Err(No { why: Refused::Unbound, whom: None }));
    };
    let whom = Some((binding.person.clone(), Some(binding.id.clone())));
    let no = |why| Ok(Err(No { why, whom: whom.clone() }));
    // Whoever is let in no longer is told so here, as if nobody knew them, and not after the banner.
    let person = match sign_in::may_enter(view, &binding.person) {
        Ok(person) => person,
        Err(error) if error.refusal().is_some() => return no(Refused::Unbound),
        Err(error) => return Err(error),
    };
    // A card cannot be guessed: others' wrong answers slow nobody down who has it. What an administrator has to release
    // stays shut.
    if guard::find(view, &person.id)?.is_some_and(|guard| guard.locked_at.is_some()) {
        return no(Refused::TooOften);
    }
    let least = session.map_or(Assurance::Aal2, |session| session.assurance.max(Assurance::Aal2));
    if voucher.vouched.assurance < least {
        return no(Refused::TooWeak);
    }
    if session.is_some_and(|session| session.person != person.id) {
        return no(Refused::AnotherPerson);
    }
    let how = if session.is_some() { How::Verify(binding) } else { How::SignIn(binding) };
    Ok(Ok(Known { voucher, person, how }))
}
