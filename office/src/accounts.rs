//! What changes for people who are in: another role, a way back after every key was lost, the yearly look at an account, a
//! sign-in that wrong answers locked; and what comes to its end soon.

use domain::{ApprovalId, ApprovalKind, Id as _, PersonId, Private, Purpose};
use jiff::{SignedDuration, Timestamp};
use policy::access::{self, Action, Space};
use policy::{Viewer, ViewerRole};
use serde_json::{Value, json};
pub use store::account::Ending;
use store::account::{self, Account};
use store::agency::Agency;
use store::agency_key::State;
pub use store::guard::Guard;
use store::person::{self, Home};
use store::{House, Refusal, View, agency, agency_key, approval, guard, role};

use crate::fault::Trouble;
use crate::people::{self, Listed};

/// What ends within so long is due.
pub const DUE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// And within so long it is pressing: the last reminder before an account goes.
pub const PRESSING: SignedDuration = SignedDuration::from_hours(3 * 24);
/// What qualifies an agency, and its keys, are looked after earlier: two people must agree to the next ones.
const AGENCY_DUE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Letters of each word of a proof.
const MOST_LETTERS: usize = 200;

/// What shows anew who somebody is who lost every key. Never a copy.
#[derive(Debug, Clone)]
pub struct Proofed {
    /// Which kind of document.
    pub document: Private<String>,
    /// Who saw it.
    pub seen_by: Private<String>,
    /// SHA-256 of the record that is kept of it, in hexadecimal.
    pub sha256: String,
    /// When it was seen.
    pub seen_at: Timestamp,
}

/// Something that comes to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Whose or which: a person's or an agency's name.
    pub whose: String,
    /// What is to be done.
    pub what: &'static str,
    /// The page on which that is done, below the room of whoever asks.
    pub subject: Subject,
    /// When it is too late.
    pub ends_at: Timestamp,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An account.
    Person(PersonId),
    /// What qualifies an agency.
    Agency(domain::AgencyId),
    /// A key to which an agency's packages are sealed.
    AgencyKey(domain::AgencyId),
}

impl Due {
    /// Whether it ends within three days, or is over.
    #[must_use]
    pub fn is_pressing(&self, now: Timestamp) -> bool {
        self.ends_at.duration_since(now) <= PRESSING
    }
}

/// Asks a second person to agree that somebody gets another role.
///
/// # Errors
/// A denial; "no such thing"; [`Refusal::Unfit`] for a role that is not of their home or is theirs already.
pub async fn ask_role(
    house: &House,
    viewer: &Viewer,
    id: PersonId,
    word: String,
) -> Result<ApprovalId, Trouble> {
    let found = kept(house, viewer, id.clone()).await?;
    let actor = viewer.actor.clone();
    let asked = house.act(actor, Purpose::Administration, "accounts::ask_role", move |act| {
        let person = person::find(act, &id)?.ok_or(Refusal::NotFound)?;
        let role = role::may_become(&person, &word)?;
        let details = json!({
            "name": found.name, "home": people::in_text(&person.home), "from": person.role.title(),
            "to": role.title(), "role": role.as_str(),
        });
        approval::ask(act, ApprovalKind::ChangeRole, id.as_str(), &details)
    });
    Ok(asked.await?)
}

/// Asks a second person to let somebody in again who lost every key, on renewed proof of who they are.
///
/// # Errors
/// A denial; "no such thing"; [`Refusal::Unfit`] for a proof that lacks something or lies ahead.
pub async fn ask_recovery(
    house: &House,
    viewer: &Viewer,
    id: PersonId,
    proof: Proofed,
) -> Result<ApprovalId, Trouble> {
    let found = kept(house, viewer, id.clone()).await?;
    let digest = proof.sha256.trim().to_ascii_lowercase();
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_said = |word: &Private<String>| {
        let word = word.reveal().trim();
        !word.is_empty() && word.chars().count() <= MOST_LETTERS
    };
    if !is_digest || !is_said(&proof.document) || !is_said(&proof.seen_by) || proof.seen_at > house.now() {
        return Err(Refusal::Unfit { what: "proof of identity" }.into());
    }
    let details: Value = json!({
        "name": found.name, "home": people::in_text(&found.account.home), "role": found.account.role.title(),
        "document": proof.document.reveal(), "seen_by": proof.seen_by.reveal(),
        "seen_on": proof.seen_at.to_string(), "record_sha256": digest,
    });
    let actor = viewer.actor.clone();
    let asked = house.act(actor, Purpose::Administration, "accounts::ask_recovery", move |act| {
        approval::ask(act, ApprovalKind::RecoverPerson, id.as_str(), &details)
    });
    Ok(asked.await?)
}

/// Records that somebody looked at an account and that it is still needed.
///
/// # Errors
/// A denial; "no such thing"; [`Refusal::SamePerson`] for one's own.
pub async fn review(house: &House, viewer: &Viewer, id: PersonId) -> Result<(), Trouble> {
    kept(house, viewer, id.clone()).await?;
    people::not_oneself(viewer, &id)?;
    let actor = viewer.actor.clone();
    let reviewed =
        house.act(actor, Purpose::Administration, "accounts::review", move |act| account::review(act, &id));
    Ok(reviewed.await?)
}

/// Records the day of somebody's newest training (AT-2).
///
/// # Errors
/// A denial; "no such thing"; [`Refusal::Unfit`] for a day to come.
pub async fn train(house: &House, viewer: &Viewer, id: PersonId, at: Timestamp) -> Result<(), Trouble> {
    kept(house, viewer, id.clone()).await?;
    people::not_oneself(viewer, &id)?;
    let actor = viewer.actor.clone();
    let trained =
        house.act(actor, Purpose::Administration, "accounts::train", move |act| account::train(act, &id, at));
    Ok(trained.await?)
}

/// Lets somebody try again whose sign-in was slowed down or locked by wrong answers.
///
/// # Errors
/// A denial; "no such thing" when nothing stands against them.
pub async fn release(house: &House, viewer: &Viewer, id: PersonId) -> Result<(), Trouble> {
    kept(house, viewer, id.clone()).await?;
    people::not_oneself(viewer, &id)?;
    crate::sign_in::release(house, viewer.actor.clone(), &id).await
}

/// Those of these people against whose keys something stands.
///
/// # Errors
/// A fault.
pub async fn guards(house: &House, all: &[Listed]) -> Result<Vec<(PersonId, Guard)>, Trouble> {
    let ids: Vec<PersonId> =
        all.iter().filter(|one| one.account.gone.is_none()).map(|one| one.account.person.clone()).collect();
    let found = house.read("accounts::guards", move |view| {
        let mut found = Vec::new();
        for id in &ids {
            if let Some(guard) = guard::find(view, id)? {
                found.push((id.clone(), guard));
            }
        }
        Ok(found)
    });
    Ok(found.await?)
}

/// An account that this viewer keeps.
async fn kept(house: &House, viewer: &Viewer, id: PersonId) -> Result<Listed, Trouble> {
    people::get(house, viewer, id).await.map_err(|trouble| match trouble {
        // Whose account is somebody else's to keep does not exist here.
        Trouble::Denied(_) => Refusal::NotFound.into(),
        other => other,
    })
}

/// Whether something of a home that this viewer keeps ends within three days.
///
/// # Errors
/// A fault.
pub async fn is_pressing(house: &House, viewer: &Viewer) -> Result<bool, Trouble> {
    if !people::keeps_own(viewer) {
        return Ok(false);
    }
    let now = house.now();
    let all = due(house, viewer, people::home_of(viewer)).await?;
    Ok(all.first().is_some_and(|one| one.is_pressing(now)))
}

/// What ends soon, the soonest first: of a home, its accounts; of the house, everybody's accounts that its own people look
/// after, with agencies and their keys for those who keep them.
///
/// # Errors
/// A denial, or a fault.
pub async fn due(house: &House, viewer: &Viewer, home: Home) -> Result<Vec<Due>, Trouble> {
    people::may_keep(viewer, &home)?;
    let keeps_agencies = access::right(viewer, Action::KeepAgencies, &Space::House).is_ok();
    let found = house.read("accounts::due", move |view| {
        let mut all = match &home {
            Home::House => of_everybody(view)?,
            _ => of_accounts(view, account::list(view, &home)?)?,
        };
        match &home {
            Home::House if keeps_agencies => all.extend(of_agencies(view, agency::list(view)?)?),
            Home::Agency(own) => all.extend(of_agencies(view, vec![agency::get(view, own)?])?),
            _ => {}
        }
        all.sort_by(|one, other| (one.ends_at, &one.whose).cmp(&(other.ends_at, &other.whose)));
        Ok(all)
    });
    Ok(found.await?)
}

/// The house looks after its own people, after reviews of everybody else's, and after administrators, whom nobody at their
/// agency can attest.
fn of_everybody(view: &View<'_>) -> store::Result<Vec<Due>> {
    let is_ours = |one: &Account| match one.home {
        Home::House => true,
        Home::Agency(_) => one.role == ViewerRole::Commander,
        Home::Provider(_) => one.role == ViewerRole::ProviderAdmin,
    };
    of_accounts(view, account::live(view)?.into_iter().filter(is_ours).collect())
}

fn of_accounts(view: &View<'_>, accounts: Vec<Account>) -> store::Result<Vec<Due>> {
    let mut all = Vec::new();
    for one in accounts {
        let ending = one.ending(view.now(), DUE);
        if ending.is_empty() {
            continue;
        }
        let listed = people::listed(view, one)?;
        all.extend(ending.into_iter().map(|(what, ends_at)| Due {
            whose: listed.name.clone(),
            what: what.says(),
            subject: Subject::Person(listed.account.person.clone()),
            ends_at,
        }));
    }
    Ok(all)
}

fn of_agencies(view: &View<'_>, agencies: Vec<Agency>) -> store::Result<Vec<Due>> {
    let horizon = view.now().checked_add(AGENCY_DUE).unwrap_or(Timestamp::MAX);
    let mut all = Vec::new();
    for one in agencies.into_iter().filter(|one| one.disabled_at.is_none()) {
        let until = one.qualification.as_ref().and_then(|known| known.until);
        let due = |what, subject, ends_at| Due { whose: one.name.clone(), what, subject, ends_at };
        all.extend(until.filter(|until| *until <= horizon).map(|until| {
            due("two people verify anew what qualifies it", Subject::Agency(one.id.clone()), until)
        }));
        for key in agency_key::list(view, &one.id)? {
            let live = key.state(view.now()) == State::Live;
            let ends = key.confirmation.map(|known| known.ends_at).filter(|end| live && *end <= horizon);
            all.extend(ends.map(|end| {
                due("it registers another key for its packages", Subject::AgencyKey(one.id.clone()), end)
            }));
        }
    }
    Ok(all)
}
