//! How people come and go: invited by a sponsor, reached by two channels, proofed, let in by two people of the
//! clearinghouse; attested every 90 days; switched off everywhere at once.

use domain::{ApprovalId, ApprovalKind, Gone, Id as _, InvitationId, PersonId, Private, Purpose};
use jiff::Timestamp;
use policy::access::{self, Action, Space};
use policy::{Viewer, ViewerRole};
use serde_json::json;
use store::account::{self, Account};
use store::invitation::{self, Invitation, New, Proof};
use store::person::{self, Home};
use store::{House, Refusal, View, approval};

use crate::courier::{Channel, Courier, Letter};
use crate::enrolment::{self, Issued};
use crate::fault::Trouble;
use crate::sign_in;
use crate::staff::Member;

/// An account with the name of its person.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// The person's name; their id once they are switched off.
    pub name: String,
}

/// An invitation as it was just made.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Its id.
    pub id: InvitationId,
    /// The last part of the link that the invited person follows.
    pub token: String,
}

/// Both codes of an invitation. Only the demo shows them; elsewhere they go by the courier.
#[derive(Debug, Clone)]
pub struct Codes {
    /// The code that goes by mail.
    pub mail: Private<String>,
    /// The code that goes by the second channel.
    pub second: Private<String>,
    /// Until when they are good.
    pub ends_at: Timestamp,
}

/// What became of two codes that came back.
pub enum Confirmed {
    /// One of them was wrong, or they are over.
    Wrong,
    /// Both were right; proof of identity comes next.
    Right,
    /// Both were right, and a provider's reporter needs no more: the ticket to enrol a key with.
    Admitted(Issued),
}

/// How long the ticket of somebody who was let in is good (IA-12: handed over in person).
const TICKET: jiff::SignedDuration = enrolment::LONGEST;

/// Whether this viewer keeps the people of this home.
pub(crate) fn may_keep(viewer: &Viewer, home: &Home) -> Result<(), Trouble> {
    let space = match home {
        Home::Agency(agency) if viewer.agency.is_some() => Space::Agency(agency),
        Home::Provider(provider) if viewer.provider.is_some() => Space::Provider(provider),
        _ => Space::House,
    };
    Ok(access::right(viewer, Action::KeepPeople, &space).map(drop)?)
}

/// Whether the viewer keeps the people of their own home: its pages say so only to those who do.
#[must_use]
pub fn keeps_own(viewer: &Viewer) -> bool {
    may_keep(viewer, &home_of(viewer)).is_ok()
}

/// Where the viewer belongs.
#[must_use]
pub fn home_of(viewer: &Viewer) -> Home {
    let agency = viewer.agency.clone().map(Home::Agency);
    agency.or(viewer.provider.clone().map(Home::Provider)).unwrap_or(Home::House)
}

/// Nobody vouches for, releases or switches off themself.
pub(crate) fn not_oneself(viewer: &Viewer, id: &PersonId) -> Result<(), Trouble> {
    match &viewer.actor {
        domain::Actor::Person { person, .. } if person == id => Err(Refusal::SamePerson.into()),
        _ => Ok(()),
    }
}

/// A home in words.
#[must_use]
pub fn in_text(home: &Home) -> String {
    match home {
        Home::House => "the clearinghouse".to_owned(),
        Home::Agency(agency) => agency.to_string(),
        Home::Provider(provider) => provider.to_string(),
    }
}

/// Everybody of a home.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, home: Home) -> Result<Vec<Listed>, Trouble> {
    may_keep(viewer, &home)?;
    let found = house.read("people::list", move |view| {
        account::list(view, &home)?.into_iter().map(|one| listed(view, one)).collect()
    });
    Ok(found.await?)
}

/// One account.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn get(house: &House, viewer: &Viewer, id: PersonId) -> Result<Listed, Trouble> {
    let found = house.read("people::get", move |view| listed(view, account::get(view, &id)?)).await?;
    may_keep(viewer, &found.account.home)?;
    Ok(found)
}

pub(crate) fn listed(view: &View<'_>, account: Account) -> store::Result<Listed> {
    let name = person::find(view, &account.person)?
        .map_or_else(|| account.person.as_str().to_owned(), |person| person.name.into_inner());
    Ok(Listed { account, name })
}

/// Invites somebody.
///
/// # Errors
/// A denial; a refusal of [`invitation::add`].
pub async fn invite(house: &House, viewer: &Viewer, new: New) -> Result<Invited, Trouble> {
    may_keep(viewer, &new.home)?;
    let token = sign_in::secret(house)?;
    let digest = house.secret_digest(token.as_bytes());
    let made = house.act(viewer.actor.clone(), Purpose::Administration, "people::invite", move |act| {
        invitation::add(act, &new, digest)
    });
    Ok(Invited { id: made.await?, token })
}

/// The open invitations of a home; of everybody, for the clearinghouse's own people.
///
/// # Errors
/// A denial, or a fault.
pub async fn invitations(house: &House, viewer: &Viewer, home: Home) -> Result<Vec<Invitation>, Trouble> {
    may_keep(viewer, &home)?;
    let all = house.read("people::invitations", invitation::open).await?;
    Ok(all.into_iter().filter(|one| home == Home::House || one.home == home).collect())
}

/// One invitation.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn invitation(house: &House, viewer: &Viewer, id: InvitationId) -> Result<Invitation, Trouble> {
    let found = house.read("people::invitation", move |view| invitation::get(view, &id)).await?;
    may_keep(viewer, &found.home)?;
    Ok(found)
}

/// Takes an invitation back.
///
/// # Errors
/// "No such thing", a denial; a refusal once it was used or taken back.
pub async fn withdraw(house: &House, viewer: &Viewer, id: InvitationId) -> Result<(), Trouble> {
    let found = invitation(house, viewer, id).await?;
    let back = house.act(viewer.actor.clone(), Purpose::Administration, "people::withdraw", move |act| {
        invitation::withdraw(act, &found.id)
    });
    Ok(back.await?)
}

/// Draws new codes and gives both to the courier, one for each channel.
///
/// # Errors
/// A denial; a refusal of [`invitation::draw_codes`]; a fault when the courier takes nothing.
pub async fn send_codes(
    house: &House,
    viewer: &Viewer,
    courier: &dyn Courier,
    id: InvitationId,
) -> Result<Codes, Trouble> {
    let found = invitation(house, viewer, id.clone()).await?;
    let (mail, second) = (code(house)?, code(house)?);
    let digests = (digest(house, &id, &mail), digest(house, &id, &second));
    let own = id.clone();
    let drawn = house.act(viewer.actor.clone(), Purpose::Administration, "people::codes", move |act| {
        invitation::draw_codes(act, &own, digests.0, digests.1)
    });
    let ends_at = drawn.await?;
    let letters =
        [(Channel::Mail, &found.words.mail, &mail), (Channel::Second, &found.words.second_channel, &second)];
    for (channel, to, code) in letters {
        let name = format!("{id}-{}", ends_at.as_millisecond());
        let body = format!(
            "Your code for the clearinghouse is {code}. Type it at the address that you were given. It is good for 15 minutes."
        );
        let letter = Letter { name, channel, to: to.reveal().clone(), body };
        courier.take(&letter).await.map_err(|fault| Trouble::Courier(channel, fault))?;
    }
    Ok(Codes { mail: mail.into(), second: second.into(), ends_at })
}

/// Who is invited by this link.
///
/// # Errors
/// "No such thing" for an unknown link, and once the invitation is over.
pub async fn invited(house: &House, token: &str) -> Result<Invitation, Trouble> {
    let digest = house.secret_digest(token.as_bytes());
    Ok(house.read("people::invited", move |view| invitation::by_token(view, digest)).await?)
}

/// Both codes come back from the person who was invited.
///
/// # Errors
/// "No such thing" for an unknown link, and once the invitation is over.
pub async fn confirm(house: &House, token: &str, mail: &str, second: &str) -> Result<Confirmed, Trouble> {
    let found = invited(house, token).await?;
    let token = house.secret_digest(token.as_bytes());
    let (mail, second) = (digest(house, &found.id, mail), digest(house, &found.id, second));
    let secret = sign_in::secret(house)?;
    let ticket = house.secret_digest(secret.as_bytes());
    let is_reporter = found.role == ViewerRole::ProviderReporter;
    let done = house.act(domain::Actor::House, Purpose::Access, "people::confirm", move |act| {
        if !invitation::confirm(act, token, mail, second)? {
            return Ok((false, None));
        }
        if !is_reporter {
            return Ok((true, None));
        }
        let person = invitation::admit_reporter(act, &found.id)?;
        Ok((true, Some(enrolment::issue_within(act, &person, ticket, TICKET)?)))
    });
    Ok(match done.await? {
        (false, _) => Confirmed::Wrong,
        (true, None) => Confirmed::Right,
        (true, Some(expires_at)) => Confirmed::Admitted(Issued { secret, expires_at }),
    })
}

/// Records what shows who an invited person is, and asks a second person to let them in.
///
/// # Errors
/// A denial; a refusal of [`invitation::prove`] or [`approval::ask`].
pub async fn prove(
    house: &House,
    member: &Member,
    id: InvitationId,
    proof: Proof,
) -> Result<ApprovalId, Trouble> {
    let viewer = member.viewer(house);
    let found = invitation(house, &viewer, id).await?;
    let details = json!({
        "name": found.words.name.reveal(), "role": found.role.title(), "home": in_text(&found.home),
        "document": proof.document.reveal(), "seen_by": proof.seen_by.reveal(), "record_sha256": proof.sha256,
        "trained_on": proof.trained_at.to_string(), "temporary": found.temporary_until.is_some(),
    });
    let asked = house.act(member.actor(), Purpose::Administration, "people::prove", move |act| {
        invitation::prove(act, &found.id, &proof)?;
        approval::ask(act, ApprovalKind::AdmitPerson, found.id.as_str(), &details)
    });
    Ok(asked.await?)
}

/// An agency's administrator says of these people that they still work there.
///
/// # Errors
/// A denial; "no such thing" for somebody of another agency.
pub async fn attest(house: &House, viewer: &Viewer, people: Vec<PersonId>) -> Result<usize, Trouble> {
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    may_keep(viewer, &Home::Agency(agency.clone()))?;
    let own = match &viewer.actor {
        domain::Actor::Person { person, .. } => Some(person.clone()),
        _ => None,
    };
    // Nobody answers for themself.
    let people: Vec<PersonId> = people.into_iter().filter(|one| Some(one) != own.as_ref()).collect();
    if people.is_empty() {
        return Ok(0);
    }
    let count = people.len();
    let attested = house.act(viewer.actor.clone(), Purpose::Administration, "people::attest", move |act| {
        people.iter().try_for_each(|person| account::attest(act, &agency, person))
    });
    attested.await?;
    Ok(count)
}

/// Somebody of the clearinghouse answers for a person of an agency whose own administrator cannot: the administrator
/// themself.
///
/// # Errors
/// A denial; "no such thing" for who is switched off or of no agency.
pub async fn attest_for(house: &House, viewer: &Viewer, id: PersonId) -> Result<(), Trouble> {
    may_keep(viewer, &Home::House)?;
    let attested = house.act(viewer.actor.clone(), Purpose::Administration, "people::attest", move |act| {
        let home = account::get(act, &id)?.home;
        account::attest(act, home.agency().ok_or(Refusal::NotFound)?, &id)
    });
    Ok(attested.await?)
}

/// Switches a person off everywhere, now: the next request of every session of theirs, in every process, finds none.
///
/// # Errors
/// A denial; "no such thing" for who is switched off already or somebody else's; [`Refusal::SamePerson`] for oneself.
pub async fn disable(house: &House, viewer: &Viewer, id: PersonId, because: Gone) -> Result<(), Trouble> {
    let found = get(house, viewer, id.clone()).await.map_err(|trouble| match trouble {
        Trouble::Denied(_) => Refusal::NotFound.into(),
        other => other,
    })?;
    may_keep(viewer, &found.account.home)?;
    not_oneself(viewer, &id)?;
    let gone = house.act(viewer.actor.clone(), Purpose::Administration, "people::disable", move |act| {
        person::disable_because(act, &id, because)
    });
    Ok(gone.await?)
}

/// Puts out the people of agencies whose fact is over, switches off everybody whose account is over by the clock, and
/// answers how many accounts it were. Run twice, it does nothing the second time.
///
/// # Errors
/// A fault of the store.
pub async fn close_over(house: &House) -> store::Result<usize> {
    crate::agencies::close_over(house).await?;
    let mut closed = 0;
    loop {
        let waiting = house.read("people::over", |view| account::over(view, MOST_CLOSED)).await?;
        if waiting.is_empty() {
            return Ok(closed);
        }
        let act = house.act(domain::Actor::House, Purpose::Access, "people::close", |act| {
            let done = account::close_over(act, MOST_CLOSED)?;
            if done == 0 { Err(Refusal::Conflict.into()) } else { Ok(done) }
        });
        match act.await {
            Ok(done) => closed += done,
            // Another worker was first.
            Err(error) if error.refusal().is_some() => return Ok(closed),
            Err(error) => return Err(error),
        }
    }
}

/// People switched off in one act.
const MOST_CLOSED: u32 = 100;

/// What a refusal means to whoever sent a form about people, in a sentence.
#[must_use]
pub fn in_words(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Conflict => "Somebody with this address has an account. One human has one account.",
        Refusal::SamePerson => "This is about yourself: another person must do it.",
        Refusal::Unfit { what: "number of invitations" } => {
            "Too many invitations are open. Take some back, or wait until they were used."
        }
        Refusal::Unfit { what: "provider" } => "The provider is switched off: nobody is invited for it.",
        Refusal::Unfit { what: "role" } => "Choose a role that they do not have yet.",
        Refusal::Closed => {
            "The invitation was used, taken back, is over its time, or its codes are still missing."
        }
        Refusal::Unfit { .. } => {
            "Something is missing, too long, or not of its form: see the hints. Days of training lie within the last year."
        }
        _ => "This was refused. Nothing was changed.",
    }
}

/// A code of eight digits.
fn code(house: &House) -> Result<String, Trouble> {
    let mut bytes = [0; 8];
    house.random().fill(&mut bytes).map_err(|_| Trouble::Chance)?;
    Ok(format!("{:08}", u64::from_be_bytes(bytes) % 100_000_000))
}

/// A code is bound to its invitation, so that no two rows can be compared.
fn digest(house: &House, id: &InvitationId, code: &str) -> [u8; 32] {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    house.secret_digest(format!("invitation-code\n{id}\n{digits}").as_bytes())
}
