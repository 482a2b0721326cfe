//! Challenges that were answered: each serves once. One that is only asked for leaves no row, so that nobody fills the
//! house by asking.

use database::bind;
use jiff::Timestamp;

use crate::{Act, Refusal, Result, View, column};

const FORGET: &str = "-- challenge::forget
    DELETE FROM spent_challenge WHERE expires_at < :now";

const INSERT: &str = "-- challenge::insert
    INSERT INTO spent_challenge (digest, expires_at) VALUES (:digest, :expires_at) ON CONFLICT (digest) DO NOTHING";

const IS_SPENT: &str = "-- challenge::is_spent
    SELECT COUNT(*) FROM spent_challenge WHERE digest = :digest";

/// Spends a challenge, as part of the act that its answer is for.
///
/// # Errors
/// [`Refusal::Conflict`] when it was answered before.
pub fn spend(act: &Act<'_>, digest: [u8; 32], expires_at: Timestamp) -> Result<()> {
    act.tx().execute(FORGET, &bind! { now: column::micros(act.now()) })?;
    if act.tx().execute(INSERT, &bind! { digest, expires_at: column::micros(expires_at) })? == 0 {
        return Err(Refusal::Conflict.into());
    }
    Ok(())
}

/// Whether a challenge was answered before.
///
/// # Errors
/// A fault of the database.
pub fn is_spent(view: &View<'_>, digest: [u8; 32]) -> Result<bool> {
    let found: i64 = view.tx().get(IS_SPENT, &bind! { digest })?;
    Ok(found > 0)
}
