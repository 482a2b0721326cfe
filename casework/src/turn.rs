//! Turns. Whoever writes down what names somebody, or hands a report of them on, looks at what others committed. Of two who do
//! so at one moment neither would see the other, so the second waits for the first. A row that one can wait for has to be
//! there before anybody writes: each digest has its place among a few thousand, and two that share one wait without need.

use std::collections::BTreeSet;

use database::{Args, bind};

use crate::filing::Digest;
use crate::{Act, Result};

const ALONE: &str = "-- turn::alone
    SELECT place FROM selector_turn WHERE place = :place {for_update}";

const BESIDE: &str = "-- turn::beside
    SELECT place FROM selector_turn WHERE place = :place {for_share}";

/// Rows of the table.
const PLACES: u64 = 4_096;

/// For an act that changes what others are asked about, and asks itself: until it ends, nobody else of these digests goes on.
pub(crate) fn alone<'a>(act: &Act<'_>, digests: impl IntoIterator<Item = &'a Digest>) -> Result<()> {
    act.tx().rows_all::<u64>(&places(ALONE, digests))?;
    Ok(())
}

/// For an act that only asks, of what was committed before: it waits for those who are [`alone`], and not for others who ask.
pub(crate) fn beside(act: &Act<'_>, digests: &[Digest]) -> Result<()> {
    act.tx().rows_all::<u64>(&places(BESIDE, digests))?;
    Ok(())
}

/// Says that [`beside`] will be called in this act, before anything that has to be read after it.
pub(crate) fn foresee(act: &Act<'_>, digests: &[Digest]) -> Result<()> {
    Ok(act.tx().ahead(&places(BESIDE, digests))?)
}

/// In the order of places, so that no two wait for each other.
fn places<'a>(
    text: &'static str,
    digests: impl IntoIterator<Item = &'a Digest>,
) -> Vec<(&'static str, Args)> {
    let place = |digest: &Digest| u64::from(u16::from_be_bytes([digest[0], digest[1]])) % PLACES;
    let places: BTreeSet<u64> = digests.into_iter().map(place).collect();
    places.into_iter().map(|place| (text, bind! { place })).collect()
}
