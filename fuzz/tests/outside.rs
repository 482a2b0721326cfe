//! Certificates and tokens: random bytes, and good ones with damage.

use bolero::check;
use fuzz::outside::{any, seeds};
use fuzz::{Damage, damaged};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 2_000;

#[test]
fn what_comes_from_outside_is_read_or_refused_whatever_it_is() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| any(bytes));
}

#[test]
fn a_damaged_certificate_or_token_opens_nothing() {
    check!().with_iterations(ITERATIONS).with_type::<(bool, Vec<Damage>)>().for_each(|(first, damages)| {
        any(&damaged(seeds()[usize::from(*first)], damages));
    });
}
