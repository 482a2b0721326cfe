//! Where people of an agency, or of the clearinghouse, are written to. A mailbox is written to once its person showed that it
//! is theirs: by typing a code that was sent there, that serves once, and that says nothing. Until then nothing else goes
//! there.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId, Private};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::Work;
use seal::Place;
use serde_json::json;

use crate::message::{self, Kind};
use crate::{Act, Event, EventKind, Refusal, Result, View, at_home, column, home, person, word};

const PUT: &str = "-- mailbox::put
    INSERT INTO message_wish (person_id, agency_id, changed_at, version, wants_new, confirmed_at, code_tries, sealed_address)
    VALUES (:person, :agency, :now, 1, :wants_new, :confirmed_at, 0, :sealed_address)
    ON CONFLICT (person_id) DO UPDATE SET changed_at = excluded.changed_at, version = message_wish.version + 1,
        wants_new = excluded.wants_new, new_since = NULL, confirmed_at = excluded.confirmed_at, code_digest = NULL,
        code_until = NULL, code_tries = 0, sealed_address = excluded.sealed_address";

const REMOVE: &str = "-- mailbox::remove
    DELETE FROM message_wish WHERE person_id = :person AND agency_id = :agency";

const FIND: &str = "-- mailbox::find
    SELECT person_id, changed_at, version, wants_new, confirmed_at, sealed_address FROM message_wish
    WHERE person_id = :person";

const KNOWN: &str = "-- mailbox::known
    SELECT person_id FROM message_wish WHERE agency_id = :agency AND confirmed_at IS NOT NULL
    ORDER BY person_id LIMIT :most";

const CODE: &str = "-- mailbox::code
    UPDATE message_wish SET code_digest = :digest, code_until = :until, code_tries = 0
    WHERE person_id = :person AND confirmed_at IS NULL";

const TRY: &str = "-- mailbox::try
    UPDATE message_wish SET code_tries = code_tries + 1
    WHERE person_id = :person AND agency_id = :agency AND confirmed_at IS NULL AND code_digest IS NOT NULL
        AND code_until > :now AND code_tries < :most";

const CONFIRM: &str = "-- mailbox::confirm
    UPDATE message_wish SET confirmed_at = :now, code_digest = NULL, code_until = NULL
    WHERE person_id = :person AND confirmed_at IS NULL AND code_digest = :digest";

/// Letters of an address.
pub const MOST_ADDRESS_LETTERS: usize = 254;
/// Letters of a code.
pub const CODE_LETTERS: usize = 8;
/// Without vowels they make no words, and without digits a message holds none.
const LETTERS: &[u8; 16] = b"BCDFGHJKLMNPQRST";
/// Codes that may be typed for one that was sent.
const MOST_TRIES: u32 = 5;
/// How long a code serves.
const CODE_LASTS: SignedDuration = SignedDuration::from_hours(24);
const MOST_PEOPLE: u32 = 1_000;

/// Where somebody is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub person: PersonId,
    /// Their mailbox at work.
    pub address: Private<String>,
    /// Whether they hear of everything new, not only of what they are called for.
    pub wants_new: bool,
    /// Since when it is known that it is theirs; nothing but a code goes there before.
    pub confirmed_at: Option<Timestamp>,
    /// When they said so.
    pub changed_at: Timestamp,
    /// Counts the changes; 0 where nothing was said yet.
    pub version: u32,
}

/// Says where the acting person is written to; nothing takes it back. A mailbox that is not known to be theirs is sent a
/// code first.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no address, [`Refusal::Conflict`] when it was changed since, [`Refusal::NotFound`] for
/// whoever is no person.
pub fn put(
    act: &Act<'_>,
    permit: &Permit<Work>,
    version: u32,
    address: Option<&str>,
    wants_new: bool,
) -> Result<()> {
    let (own, person) = (at_home(permit)?, person(permit)?);
    let known = find(act, person)?;
    if known.as_ref().map_or(0, |wish| wish.version) != version {
        return Err(Refusal::Conflict.into());
    }
    let details =
        json!({ "agency": own, "new": wants_new, "person": person, "written_to": address.is_some() });
    act.note(Event::of_house(EventKind::MessageWished).with(details))?;
    let Some(address) = address else {
        act.tx().execute(REMOVE, &bind! { person: person.as_str(), agency: word(own) })?;
        return Ok(());
    };
    is_address(address).then_some(()).ok_or(Refusal::Unfit { what: "address" })?;
    let confirmed_at =
        known.filter(|wish| wish.address.reveal() == address).and_then(|wish| wish.confirmed_at);
    let row = bind! {
        person: person.as_str(), agency: word(own), now: column::micros(act.now()),
        wants_new: i64::from(wants_new), confirmed_at: confirmed_at.map(column::micros),
        sealed_address: act.seal(act.house_key(), &place(person), address.as_bytes())?,
    };
    act.tx().execute(PUT, &row)?;
    // Within a minute of the last one none is made: they ask for it on the page.
    if confirmed_at.is_none() && !message::is_hasty(act, own, person)? {
        message::make(act, own, person, Kind::Confirm)?;
    }
    Ok(())
}

/// One mailbox, of plain letters: nothing in it ends a line or begins a second address.
fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    let Some((mailbox, host)) = text.split_once('@') else { return false };
    text.len() <= MOST_ADDRESS_LETTERS
        && (1..=64).contains(&mailbox.len())
        && mailbox.bytes().all(plain)
        && !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// Where somebody is written to, confirmed or not.
///
/// # Errors
/// A fault of the database, or of the key.
pub fn find(view: &View<'_>, person: &PersonId) -> Result<Option<Wish>> {
    let Some(Kept(wish, sealed)) = view.tx().find(FIND, &bind! { person: person.as_str() })? else {
        return Ok(None);
    };
    let address = view.open_text(view.house_key(), &place(person), &sealed)?;
    Ok(Some(Wish { address, ..wish }))
}

/// Who of the permit's agency, or of the clearinghouse, can be written to; where, is theirs.
///
/// # Errors
/// A fault of the database.
pub fn known(view: &View<'_>, permit: &Permit<Work>) -> Result<Vec<PersonId>> {
    let asked = bind! { agency: home(permit)?, most: MOST_PEOPLE };
    let rows: Vec<Named> = view.tx().rows(KNOWN, &asked)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Draws the code that goes to an unconfirmed mailbox now; the one before it serves no more. It is kept as a digest.
pub(crate) fn code(act: &Act<'_>, person: &PersonId) -> Result<Private<String>> {
    let drawn = act.chance::<CODE_LETTERS>()?;
    let letters = drawn.iter().map(|byte| char::from(LETTERS[usize::from(byte % 16)]));
    let code: String = letters.collect();
    let until = act.now().checked_add(CODE_LASTS).unwrap_or(Timestamp::MAX);
    let row =
        bind! { person: person.as_str(), digest: digest(act, person, &code), until: column::micros(until) };
    act.tx().execute(CODE, &row)?;
    Ok(Private::new(code))
}

/// The acting person typed a code; answers whether it is the one that was sent to their mailbox last, which is confirmed
/// by it. A wrong one counts, and the sixth is not looked at.
///
/// # Errors
/// [`Refusal::Conflict`] when no code waits: it served, it is over, or too many wrong ones were typed.
pub fn confirm(act: &Act<'_>, permit: &Permit<Work>, typed: &str) -> Result<bool> {
    let (own, person) = (at_home(permit)?, person(permit)?);
    let now = column::micros(act.now());
    let tried = bind! { person: person.as_str(), agency: word(own), now, most: MOST_TRIES };
    if act.tx().execute(TRY, &tried)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let typed: String = typed.chars().filter(char::is_ascii_alphabetic).take(CODE_LETTERS + 1).collect();
    let digest = digest(act, person, &typed.to_ascii_uppercase());
    let right = act.tx().execute(CONFIRM, &bind! { person: person.as_str(), now, digest })? > 0;
    let details = json!({ "agency": own, "person": person, "right": right });
    act.note(Event::of_house(EventKind::MailboxConfirmed).with(details))?;
    Ok(right)
}

/// Bound to its person, so that no code of one serves another.
fn digest(view: &View<'_>, person: &PersonId, code: &str) -> [u8; 32] {
    view.secret_digest(format!("mailbox\n{person}\n{code}").as_bytes())
}

fn place(person: &PersonId) -> Place<'_> {
    Place { table: "message_wish", row: person.as_str().as_bytes(), column: "sealed_address" }
}

struct Named(PersonId);
struct Kept(Wish, Vec<u8>);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "person_id").map(Self)
    }
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let wish = Wish {
            person: column::parsed(row, "person_id")?,
            address: Private::default(),
            wants_new: row.get::<i64>("wants_new")? == 1,
            confirmed_at: column::moment_option(row, "confirmed_at")?,
            changed_at: column::moment(row, "changed_at")?,
            version: row.get("version")?,
        };
        Ok(Self(wish, row.get("sealed_address")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox_and_nothing_that_a_mail_server_could_take_for_more() {
        assert!(is_address("night.desk+ch@agency.example"));
        for wrong in [
            "",
            "a",
            "a@",
            "@b",
            "a@b..c",
            "a@b\r\nBcc: c@d",
            "a b@c.d",
            "a@b,c@d",
            "<a@b>",
            "a@b c",
            "\"a\"@b",
        ] {
            assert!(!is_address(wrong), "{wrong:?}");
        }
    }
}
