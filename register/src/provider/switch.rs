//! A provider switched off, everywhere and now, and on again; with every time that this was done.

use database::{FromRow, Row, bind};
use domain::{Id, ProviderId, SwitchReason};
use jiff::Timestamp;
use serde_json::json;

use super::get;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, enrolment, invitation, session};

const OFF: &str = "-- provider::disable
    UPDATE provider SET disabled_at = :now WHERE id = :provider AND disabled_at IS NULL";

const ON: &str = "-- provider::restore
    UPDATE provider SET disabled_at = NULL WHERE id = :provider AND disabled_at IS NOT NULL";

const LAST: &str = "-- provider::last_switch
    SELECT COALESCE(MAX(number), 0) FROM provider_switch WHERE provider_id = :provider";

const INSERT: &str = "-- provider::insert_switch
    INSERT INTO provider_switch (provider_id, number, is_off, because, turned_by, turned_at)
    VALUES (:provider, :number, :is_off, :because, :by, :now)";

const ALL: &str = "-- provider::switches
    SELECT is_off, because, turned_by, turned_at FROM provider_switch
    WHERE provider_id = :provider ORDER BY number DESC LIMIT :most";

/// Switches of one provider that are listed.
const MOST_LISTED: u32 = 100;

/// One time that a provider was switched off, or on again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Whether off.
    pub is_off: bool,
    /// Why.
    pub because: SwitchReason,
    /// By whom, as the ledger writes them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What ended with a provider that was switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Sessions of its people.
    pub sessions: u64,
    /// Invitations and tickets that nobody had used.
    pub invitations: u64,
}

/// Switches a provider off, in every process with the next request: its credentials, its people's sessions, invitations and
/// tickets open nothing. One person is enough, as for a person who is switched off: what is in wrong hands is shut at once.
///
/// What it finished stays, is worked and is made available as ever, and its receipts prove what they proved: the law looks at
/// the report, not at who may send the next one. What it had only opened expires by its own clock. Its credentials and its
/// people's accounts and keys stay as they are, shut, so that a mistake can be mended; whatever is in wrong hands is revoked by
/// itself. Accounts go for good after [`crate::account::ORPHANED`].
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown provider, [`Refusal::Conflict`] when it is off already, [`Refusal::Unfit`] for a
/// reason to switch one on.
pub fn disable(act: &Act<'_>, id: &ProviderId, because: SwitchReason) -> Result<Ended> {
    turn(act, id, true, because)?;
    let sessions = session::close_all_of_provider(act, id)?;
    let (invited, tickets) =
        (invitation::withdraw_all_of_provider(act, id)?, enrolment::void_all_of_provider(act, id)?);
    let told = json!({
        "because": because, "invitations_withdrawn": invited, "provider": id, "sessions_ended": sessions,
        "tickets_voided": tickets,
    });
    act.note(Event::of_house(EventKind::ProviderDisabled).with(told))?;
    Ok(Ended { sessions, invitations: invited + tickets })
}

/// Switches a provider on again. One person is enough, as one is who puts a provider on the register: it opens nothing but the
/// way to send, and to read what the provider itself sent. Credentials that were not revoked work as before, and people whose
/// accounts are still there sign in anew: no session, invitation or ticket comes back.
///
/// # Errors
/// As [`disable`], the other way round.
pub fn restore(act: &Act<'_>, id: &ProviderId, because: SwitchReason) -> Result<()> {
    turn(act, id, false, because)?;
    act.note(
        Event::of_house(EventKind::ProviderRestored).with(json!({ "because": because, "provider": id })),
    )?;
    Ok(())
}

/// Every time that a provider was switched off or on, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn switches(view: &View<'_>, id: &ProviderId) -> Result<Vec<Switch>> {
    Ok(view.tx().rows(ALL, &bind! { provider: id.as_str(), most: MOST_LISTED })?)
}

fn turn(act: &Act<'_>, id: &ProviderId, is_off: bool, because: SwitchReason) -> Result<()> {
    let (statement, reasons) = if is_off { (OFF, SwitchReason::OFF) } else { (ON, SwitchReason::ON) };
    if !reasons.contains(&because) {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    get(act, id)?;
    let now = column::micros(act.now());
    let turned = bind! { provider: id.as_str() };
    let turned = if is_off { turned.with("now", now) } else { turned };
    if act.tx().execute(statement, &turned)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let last: i64 = act.tx().get(LAST, &bind! { provider: id.as_str() })?;
    let row = bind! {
        provider: id.as_str(), number: last + 1, is_off, because: because.as_str(), by: act.actor().text(), now,
    };
    act.tx().execute(INSERT, &row)?;
    Ok(())
}

impl FromRow for Switch {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            is_off: row.get("is_off")?,
            because: column::parsed(row, "because")?,
            by: row.get("turned_by")?,
            at: column::moment(row, "turned_at")?,
        })
    }
}
