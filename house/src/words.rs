//! Words that people write about the house's own acts: why a hold or a destruction, what exactly two people agreed on.
//!
//! Those of one month share a key of their own, whose name stands in front of what it sealed. So a month of them can go
//! for good, in backups too, while the house's own key lives on. What was done, by whom and when is in rows and
//! leaves, and stays. A text without a name in front is from before there were such keys, and is the house's own.

use database::bind;
use domain::{Month, Private};
use seal::Place;

use crate::{Act, Fault, Result, View};

/// What is read where words were that are no longer kept.
pub const GONE: &str = "no longer kept";

/// How the name of a month's key begins. Changing it would make every sealed word unreadable.
pub const NAME: &str = "words/";

const WENT: &str = "-- words::went
    SELECT COUNT(*) FROM destruction_words WHERE month = :month AND erased_at IS NOT NULL";

/// The name of a month's key, which stands in front of what it sealed.
#[must_use]
pub fn name(month: Month) -> String {
    format!("{NAME}{month}")
}

/// Seals words under the key of this month, which is made with its first ones.
///
/// # Errors
/// A fault of the database or of the crypto module.
pub fn seal(act: &Act<'_>, at: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
    let month = Month::of(act.now());
    let mut sealed = name(month).into_bytes();
    sealed.extend(act.seal(&act.words_key(month)?, at, plain)?);
    Ok(sealed)
}

/// Opens words; `None` when their month was let go.
///
/// # Errors
/// A fault for what was changed or moved, and when the key is gone though nobody let it go.
pub fn open(view: &View<'_>, at: &Place<'_>, sealed: &[u8]) -> Result<Option<Private<Vec<u8>>>> {
    let Some((month, sealed)) = parted(sealed) else {
        return view.open(view.house_key(), at, sealed).map(Some);
    };
    match view.find_words_key(month)? {
        Some(key) => view.open(&key, at, sealed).map(Some),
        None if went(view, month)? => Ok(None),
        None => Err(Fault::Row { what: "key of words" }.into()),
    }
}

/// Opens words that are text; [`GONE`] when their month was let go.
///
/// # Errors
/// As [`open`], and when the words are not text.
pub fn open_text(view: &View<'_>, at: &Place<'_>, sealed: &[u8]) -> Result<Private<String>> {
    let plain = open(view, at, sealed)?.map_or_else(|| GONE.as_bytes().to_vec(), Private::into_inner);
    Ok(Private::new(String::from_utf8(plain).map_err(|_| Fault::Row { what: "sealed text" })?))
}

fn went(view: &View<'_>, month: Month) -> Result<bool> {
    Ok(view.tx().get::<u64>(WENT, &bind! { month: month.to_string() })? > 0)
}

/// The month in front of sealed words, and the words.
fn parted(sealed: &[u8]) -> Option<(Month, &[u8])> {
    let (month, sealed) = sealed.strip_prefix(NAME.as_bytes())?.split_at_checked(Month::LETTERS)?;
    Some((std::str::from_utf8(month).ok()?.parse().ok()?, sealed))
}
