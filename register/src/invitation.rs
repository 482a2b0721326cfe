//! Somebody who was invited and is not a person yet. Their sponsor names two channels; a code goes by each and both come
//! back; somebody of the clearinghouse records who saw which document; then two people let them in (R-67, IA-12).

use database::{FromRow, Row, bind};
use domain::{ApprovalKind, Id, InvitationId, PersonId, Private, ProviderId};
use jiff::{SignedDuration, Timestamp};
use policy::ViewerRole;
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::account::after;
use crate::approval::Approved;
use crate::person::{self, Home, Person, Role};
use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, account, column};

/// An invitation is worth something for so long.
pub const OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Both codes are good for so long.
pub const CODES: SignedDuration = SignedDuration::from_mins(15);
/// Wrong answers after which new codes are needed.
pub const MOST_WRONG: u32 = 5;

const MOST_LISTED: u32 = 1_000;
/// Letters of each word of an invitation or a proof.
const MOST_LETTERS: usize = 200;

const INSERT: &str = "-- invitation::insert
    INSERT INTO invitation (id, agency_id, provider_id, role, sealed_words, mail_digest, invited_by, invited_at, ends_at,
        temporary_until, token_digest)
    VALUES (:invitation, :agency, :provider, :role, :sealed_words, :mail_digest, :invited_by, :now, :ends_at,
        :temporary_until, :token_digest)";

const GET: &str = "-- invitation::get
    SELECT id, agency_id, provider_id, role, sealed_words, mail_digest, invited_by, invited_at, ends_at,
        temporary_until, codes_end_at, wrong_codes, confirmed_at, sealed_proof, person_id, withdrawn_at
    FROM invitation WHERE id = :invitation";

const BY_TOKEN: &str = "-- invitation::by_token
    SELECT id, agency_id, provider_id, role, sealed_words, mail_digest, invited_by, invited_at, ends_at,
        temporary_until, codes_end_at, wrong_codes, confirmed_at, sealed_proof, person_id, withdrawn_at
    FROM invitation WHERE token_digest = :token_digest";

const OPEN_ONES: &str = "-- invitation::open
    SELECT id, agency_id, provider_id, role, sealed_words, mail_digest, invited_by, invited_at, ends_at,
        temporary_until, codes_end_at, wrong_codes, confirmed_at, sealed_proof, person_id, withdrawn_at
    FROM invitation WHERE person_id IS NULL AND withdrawn_at IS NULL AND ends_at > :now
    ORDER BY invited_at, id LIMIT :most";

const COUNT_OPEN: &str = "-- invitation::count_open
    SELECT COUNT(*) FROM invitation WHERE person_id IS NULL AND withdrawn_at IS NULL AND ends_at > :now
    AND COALESCE(agency_id, '') = :agency AND COALESCE(provider_id, '') = :provider";

const CODES_DRAWN: &str = "-- invitation::codes
    UPDATE invitation SET mail_code_digest = :mail, second_code_digest = :second, codes_end_at = :end, wrong_codes = 0
    WHERE id = :invitation AND confirmed_at IS NULL AND person_id IS NULL AND withdrawn_at IS NULL AND ends_at > :now";

const CONFIRM: &str = "-- invitation::confirm
    UPDATE invitation SET confirmed_at = :now, mail_code_digest = NULL, second_code_digest = NULL
    WHERE id = :invitation AND mail_code_digest = :mail AND second_code_digest = :second AND codes_end_at > :now
    AND wrong_codes < :most AND confirmed_at IS NULL AND person_id IS NULL AND withdrawn_at IS NULL AND ends_at > :now";

const WRONG: &str = "-- invitation::wrong
    UPDATE invitation SET wrong_codes = wrong_codes + 1 WHERE id = :invitation";

const PROOF: &str = "-- invitation::proof
    UPDATE invitation SET sealed_proof = :sealed_proof, proofed_by = :by, proofed_at = :now
    WHERE id = :invitation AND confirmed_at IS NOT NULL AND person_id IS NULL AND withdrawn_at IS NULL
    AND ends_at > :now";

const ADMIT: &str = "-- invitation::admit
    UPDATE invitation SET person_id = :person
    WHERE id = :invitation AND person_id IS NULL AND withdrawn_at IS NULL AND confirmed_at IS NOT NULL";

const COMPLETE: &str = "-- invitation::complete
    UPDATE person SET mail_digest = :mail_digest, trained_until = :trained_until, temporary_until = :temporary_until
    WHERE id = :person";

const TAKEN: &str = "-- invitation::taken
    SELECT COUNT(*) FROM person WHERE mail_digest = :mail_digest AND disabled_at IS NULL";

const WITHDRAW: &str = "-- invitation::withdraw
    UPDATE invitation SET withdrawn_at = :now
    WHERE id = :invitation AND person_id IS NULL AND withdrawn_at IS NULL";

const WITHDRAW_ALL_OF_PROVIDER: &str = "-- invitation::withdraw_all_of_provider
    UPDATE invitation SET withdrawn_at = :now
    WHERE provider_id = :provider AND person_id IS NULL AND withdrawn_at IS NULL";

/// Who is invited, and by which two channels they are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Their name.
    pub name: Private<String>,
    /// Their address at the agency or provider.
    pub mail: Private<String>,
    /// Another way to reach them, such as the switchboard of their office.
    pub second_channel: Private<String>,
}

/// What shows that somebody is who they say (IAL2), as it was seen. Never a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Which kind of document.
    pub document: Private<String>,
    /// Who saw it.
    pub seen_by: Private<String>,
    /// SHA-256 of the record that the agency keeps, in hexadecimal.
    pub sha256: String,
    /// When they were trained last (AT-2).
    pub trained_at: Timestamp,
}

/// Somebody to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Where they will belong.
    pub home: Home,
    /// What they will be there for.
    pub role: ViewerRole,
    /// Who they are.
    pub words: Words,
    /// Whether the account goes after a day.
    pub temporary: bool,
}

/// An invitation as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where they will belong.
    pub home: Home,
    /// What they will be there for.
    pub role: ViewerRole,
    /// Who they are.
    pub words: Words,
    /// Who invited them.
    pub invited_by: String,
    /// When.
    pub invited_at: Timestamp,
    /// When it is worth nothing any more.
    pub ends_at: Timestamp,
    /// When a temporary account will go.
    pub temporary_until: Option<Timestamp>,
    /// When both codes came back.
    pub confirmed_at: Option<Timestamp>,
    /// What showed who they are.
    pub proof: Option<Proof>,
    /// Whom they became.
    pub person: Option<PersonId>,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    mail_digest: Vec<u8>,
}

impl Invitation {
    /// What has to happen next, in a word.
    #[must_use]
    pub fn waits_for(&self) -> &'static str {
        match (&self.person, self.confirmed_at, &self.proof) {
            (Some(_), _, _) => "nothing",
            (None, None, _) => "both codes",
            (None, Some(_), None) => "proof of identity",
            (None, Some(_), Some(_)) => "a second person",
        }
    }
}

/// So many invitations of one home may be open.
pub const MOST_OPEN: i64 = 50;

/// Invites somebody. `token_digest` is that of the link that they follow.
///
/// # Errors
/// [`Refusal::Unfit`] for a role that is not of the home, for a provider that is switched off, for words that are empty or
/// long, and when too many invitations of the home are open; [`Refusal::Conflict`] when somebody with this address has an
/// account: one human has one (AC-5).
pub fn add(act: &Act<'_>, new: &New, token_digest: [u8; 32]) -> Result<InvitationId> {
    if !new.home.has(new.role) {
        return Err(Refusal::Unfit { what: "role" }.into());
    }
    new.home.must_take_people(act)?;
    let words = [&new.words.name, &new.words.mail, &new.words.second_channel];
    if !words.iter().all(|word| is_said(word)) || !new.words.mail.reveal().contains('@') {
        return Err(Refusal::Unfit { what: "name or address" }.into());
    }
    let mail_digest = mail_digest(act, &new.words.mail);
    refuse_taken(act, &mail_digest)?;
    let asked = bind! {
        agency: new.home.agency().map_or("", Id::as_str), provider: new.home.provider().map_or("", Id::as_str),
        now: column::micros(act.now()),
    };
    if act.tx().get::<i64>(COUNT_OPEN, &asked)? >= MOST_OPEN {
        return Err(Refusal::Unfit { what: "number of invitations" }.into());
    }
    let id = InvitationId::parse(&seal::hex(&act.chance::<10>()?))
        .map_err(|_| Fault::Row { what: "invitation id" })?;
    let sealed_words = sealed(act, &id, WORDS, &new.words)?;
    let temporary_until = new.temporary.then(|| column::micros(after(act.now(), account::TEMPORARY)));
    let row = bind! {
        invitation: id.as_str(), agency: new.home.agency().map(Id::as_str),
        provider: new.home.provider().map(Id::as_str), role: new.role.as_str(), sealed_words, mail_digest,
        invited_by: act.actor().text(), now: column::micros(act.now()),
        ends_at: column::micros(after(act.now(), OPEN)), temporary_until, token_digest,
    };
    act.tx().execute(INSERT, &row)?;
    let told = json!({
        "agency": new.home.agency(), "invitation": id, "provider": new.home.provider(), "role": new.role.as_str(),
    });
    act.note(Event::of_house(EventKind::PersonInvited).with(told))?;
    Ok(id)
}

/// Draws new codes for both channels; those before them are worth nothing.
///
/// # Errors
/// [`Refusal::Closed`] once they came back, and when the invitation is over.
pub fn draw_codes(act: &Act<'_>, id: &InvitationId, mail: [u8; 32], second: [u8; 32]) -> Result<Timestamp> {
    let end = after(act.now(), CODES);
    let row = bind! {
        invitation: id.as_str(), mail, second, end: column::micros(end), now: column::micros(act.now()),
    };
    if act.tx().execute(CODES_DRAWN, &row)? == 0 {
        return Err(Refusal::Closed.into());
    }
    act.note(Event::of_house(EventKind::CodesIssued).with(json!({ "invitation": id })))?;
    Ok(end)
}

/// Both codes come back. Says whether they were right; a wrong answer is counted, and after five new codes are needed.
///
/// # Errors
/// [`Refusal::NotFound`] without such an invitation.
pub fn confirm(act: &Act<'_>, token: [u8; 32], mail: [u8; 32], second: [u8; 32]) -> Result<bool> {
    let id = by_token(act, token)?.id;
    let row = bind! {
        invitation: id.as_str(), mail, second, now: column::micros(act.now()), most: MOST_WRONG,
    };
    let right = act.tx().execute(CONFIRM, &row)? == 1;
    if !right {
        act.tx().execute(WRONG, &bind! { invitation: id.as_str() })?;
    }
    let kind = if right { EventKind::InvitationConfirmed } else { EventKind::CodeRefused };
    act.note(Event::of_house(kind).with(json!({ "invitation": id })))?;
    Ok(right)
}

/// Records what showed who they are.
///
/// # Errors
/// [`Refusal::Unfit`] for words that are empty or long, a digest that is none, and training to come; [`Refusal::Closed`]
/// before the codes came back and once the invitation is over.
pub fn prove(act: &Act<'_>, id: &InvitationId, proof: &Proof) -> Result<()> {
    let digest = proof.sha256.len() == 64 && proof.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !digest || !is_said(&proof.document) || !is_said(&proof.seen_by) {
        return Err(Refusal::Unfit { what: "proof of identity" }.into());
    }
    if proof.trained_at > act.now() || after(proof.trained_at, account::TRAINED) <= act.now() {
        return Err(Refusal::Unfit { what: "day of the training" }.into());
    }
    let row = bind! {
        invitation: id.as_str(), sealed_proof: sealed(act, id, PROOF_COLUMN, proof)?, by: act.actor().text(),
        now: column::micros(act.now()),
    };
    if act.tx().execute(PROOF, &row)? == 0 {
        return Err(Refusal::Closed.into());
    }
    let told = json!({ "invitation": id, "sha256": proof.sha256 });
    act.note(Event::of_house(EventKind::IdentityProofed).with(told))?;
    Ok(())
}

/// Lets an invited person in, on the word of two people.
///
/// # Errors
/// [`Refusal::Closed`] without codes or proof, [`Refusal::Conflict`] when somebody with this address has an account by
/// now, [`Refusal::NotFound`] for an approval of something else.
pub fn admit(act: &Act<'_>, approved: &Approved) -> Result<PersonId> {
    if approved.kind() != ApprovalKind::AdmitPerson {
        return Err(Refusal::NotFound.into());
    }
    let id = InvitationId::parse(approved.subject()).map_err(|_| Refusal::NotFound)?;
    let invitation = get(act, &id)?;
    let trained = invitation.proof.as_ref().ok_or(Refusal::Closed)?.trained_at;
    become_person(act, &invitation, Some(trained))
}

/// Lets a provider's reporter in once both codes came back: their administrator answers for them, and they see nothing
/// but what their company sent.
///
/// # Errors
/// As [`admit`], and [`Refusal::NotAllowed`] for anybody else.
pub fn admit_reporter(act: &Act<'_>, id: &InvitationId) -> Result<PersonId> {
    let invitation = get(act, id)?;
    if invitation.role != ViewerRole::ProviderReporter {
        return Err(Refusal::NotAllowed.into());
    }
    become_person(act, &invitation, None)
}

fn become_person(act: &Act<'_>, invitation: &Invitation, trained: Option<Timestamp>) -> Result<PersonId> {
    if invitation.confirmed_at.is_none() || invitation.person.is_some() {
        return Err(Refusal::Closed.into());
    }
    refuse_taken(act, &invitation.mail_digest)?;
    let id = PersonId::parse(&format!("p-{}", seal::hex(&act.chance::<8>()?)))
        .map_err(|_| Fault::Row { what: "person id" })?;
    let Invitation { home, role, words, .. } = invitation.clone();
    person::add(act, &Person { id: id.clone(), home, role, name: words.name })?;
    let row = bind! {
        person: id.as_str(), mail_digest: invitation.mail_digest.clone(),
        trained_until: trained.map(|at| column::micros(after(at, account::TRAINED))),
        temporary_until: invitation.temporary_until.map(column::micros),
    };
    act.tx().execute(COMPLETE, &row)?;
    let admitted = bind! { invitation: invitation.id.as_str(), person: id.as_str() };
    if act.tx().execute(ADMIT, &admitted)? == 0 {
        return Err(Refusal::Closed.into());
    }
    let told = json!({ "invitation": invitation.id, "person": id });
    act.note(Event::of_house(EventKind::PersonAdmitted).with(told))?;
    crate::founding::begin_to_count(act, &id)?;
    Ok(id)
}

/// Takes an invitation back.
///
/// # Errors
/// [`Refusal::Closed`] once it was used or taken back.
pub fn withdraw(act: &Act<'_>, id: &InvitationId) -> Result<()> {
    let row = bind! { invitation: id.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(WITHDRAW, &row)? == 0 {
        return Err(Refusal::Closed.into());
    }
    act.note(Event::of_house(EventKind::InvitationWithdrawn).with(json!({ "invitation": id })))?;
    Ok(())
}

/// Takes back every invitation of a provider that was not used, as part of the act that switches it off.
pub(crate) fn withdraw_all_of_provider(act: &Act<'_>, provider: &ProviderId) -> Result<u64> {
    let row = bind! { provider: provider.as_str(), now: column::micros(act.now()) };
    Ok(act.tx().execute(WITHDRAW_ALL_OF_PROVIDER, &row)?)
}

/// One invitation.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &InvitationId) -> Result<Invitation> {
    let row: Option<Sealed> = view.tx().find(GET, &bind! { invitation: id.as_str() })?;
    row.ok_or(Refusal::NotFound)?.opened(view)
}

/// The invitation behind a link, while it is open.
///
/// # Errors
/// [`Refusal::NotFound`], also once it is over.
pub fn by_token(view: &View<'_>, token_digest: [u8; 32]) -> Result<Invitation> {
    let row: Option<Sealed> = view.tx().find(BY_TOKEN, &bind! { token_digest })?;
    let found = row.ok_or(Refusal::NotFound)?.opened(view)?;
    let is_open = found.person.is_none() && found.withdrawn_at.is_none() && found.ends_at > view.now();
    if is_open { Ok(found) } else { Err(Refusal::NotFound.into()) }
}

/// Every invitation that is open, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &View<'_>) -> Result<Vec<Invitation>> {
    let asked = bind! { now: column::micros(view.now()), most: MOST_LISTED };
    let rows: Vec<Sealed> = view.tx().rows(OPEN_ONES, &asked)?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// One human has one account, so that nobody runs accounts here and audits them there (AC-5). The row says so too.
fn refuse_taken(act: &Act<'_>, mail_digest: &[u8]) -> Result<()> {
    let taken: i64 = act.tx().get(TAKEN, &bind! { mail_digest: mail_digest.to_vec() })?;
    if taken > 0 { Err(Refusal::Conflict.into()) } else { Ok(()) }
}

fn is_said(word: &Private<String>) -> bool {
    let word = word.reveal().trim();
    !word.is_empty() && word.chars().count() <= MOST_LETTERS
}

fn mail_digest(view: &View<'_>, mail: &Private<String>) -> Vec<u8> {
    view.selector_digest(format!("person-mail\n{}", mail.reveal().trim().to_lowercase()).as_bytes()).to_vec()
}

const WORDS: &str = "sealed_words";
const PROOF_COLUMN: &str = "sealed_proof";

fn place<'a>(id: &'a InvitationId, column: &'static str) -> Place<'a> {
    Place { table: "invitation", row: id.as_str().as_bytes(), column }
}

fn sealed(act: &Act<'_>, id: &InvitationId, column: &'static str, value: &impl Serialize) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Fault::Row { what: "invitation" })?;
    act.seal(act.house_key(), &place(id, column), &plain)
}

struct Sealed {
    invitation: Invitation,
    sealed_words: Vec<u8>,
    sealed_proof: Option<Vec<u8>>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Invitation> {
        let Self { mut invitation, sealed_words, sealed_proof } = self;
        let unreadable = |_| Fault::Row { what: "invitation" };
        let plain = view.open(view.house_key(), &place(&invitation.id, WORDS), &sealed_words)?;
        invitation.words = serde_json::from_slice(plain.reveal()).map_err(unreadable)?;
        if let Some(sealed) = sealed_proof {
            let plain = view.open(view.house_key(), &place(&invitation.id, PROOF_COLUMN), &sealed)?;
            invitation.proof = Some(serde_json::from_slice(plain.reveal()).map_err(unreadable)?);
        }
        Ok(invitation)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let nothing = || Private::new(String::new());
        let invitation = Invitation {
            id: column::parsed(row, "id")?,
            home: Home::from_row(row)?,
            role: row.get::<Role>("role")?.0,
            words: Words { name: nothing(), mail: nothing(), second_channel: nothing() },
            invited_by: row.get("invited_by")?,
            invited_at: column::moment(row, "invited_at")?,
            ends_at: column::moment(row, "ends_at")?,
            temporary_until: column::moment_option(row, "temporary_until")?,
            confirmed_at: column::moment_option(row, "confirmed_at")?,
            proof: None,
            person: column::parsed_option(row, "person_id")?,
            withdrawn_at: column::moment_option(row, "withdrawn_at")?,
            mail_digest: row.get("mail_digest")?,
        };
        Ok(Self {
            invitation,
            sealed_words: row.get("sealed_words")?,
            sealed_proof: row.get("sealed_proof")?,
        })
    }
}
