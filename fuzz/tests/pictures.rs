//! Pictures under random bytes and under good values with damage.

use bolero::check;
use fuzz::pictures::{SEEDS, any};
use fuzz::{Damage, damaged};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 2_000;

#[test]
fn a_picture_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| any(bytes));
}

#[test]
fn a_damaged_picture_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>)>().for_each(|(seed, damages)| {
        any(&damaged(SEEDS[usize::from(*seed) % SEEDS.len()], damages));
    });
}
