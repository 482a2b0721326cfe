//! Forms with files under random bytes, under damage, and cut into every length of frame.

use bolero::check;
use fuzz::multipart::{SEEDS, any, parts};
use fuzz::{Damage, damaged};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 20_000;

#[test]
fn a_body_of_any_bytes_is_split_or_refused() {
    check!()
        .with_iterations(ITERATIONS)
        .with_type::<(Vec<u8>, Vec<u8>)>()
        .for_each(|(body, cuts)| any(body, cuts));
}

#[test]
fn a_damaged_body_is_split_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>, Vec<u8>)>().for_each(
        |(seed, damages, cuts)| {
            any(&damaged(SEEDS[usize::from(*seed) % SEEDS.len()], damages), cuts);
        },
    );
}

#[test]
fn a_good_body_has_the_same_parts_in_frames_of_every_length() {
    for body in SEEDS {
        assert!(parts(body, &[]).is_ok());
        for length in 1..=u8::MAX {
            any(body, &[length]);
        }
    }
}
