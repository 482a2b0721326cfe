//! Header fields under random bytes and under good values with damage.

use bolero::check;
use fuzz::fields::{SEEDS, any};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 20_000;

#[test]
fn a_field_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| any(bytes));
}

#[test]
fn a_damaged_field_is_read_or_refused() {
    type Damage = (u16, u8, Vec<u8>);
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>)>().for_each(|(seed, damages)| {
        let mut bytes = SEEDS[usize::from(*seed) % SEEDS.len()].1.to_vec();
        for (place, taken, put) in damages {
            let begin = usize::from(*place) % (bytes.len() + 1);
            let end = (begin + usize::from(*taken % 8)).min(bytes.len());
            bytes.splice(begin..end, put.iter().copied());
        }
        any(&bytes);
    });
}
