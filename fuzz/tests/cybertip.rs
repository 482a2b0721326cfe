//! The reporting language under random bytes and under good documents with damage.

use bolero::check;
use fuzz::cybertip::{SEEDS, file_details, report};
use fuzz::{Damage, damaged};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 2_000;

#[test]
fn a_report_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| report(bytes));
}

#[test]
fn a_file_statement_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| file_details(bytes));
}

#[test]
fn a_damaged_document_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>)>().for_each(|(seed, damages)| {
        let bytes = damaged(SEEDS[usize::from(*seed) % SEEDS.len()], damages);
        report(&bytes);
        file_details(&bytes);
    });
}

#[test]
fn two_documents_spliced_at_their_tags_are_read_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<[u16; 6]>().for_each(|[seed, other, a, b, c, d]| {
        let tags = |seed: u16| -> Vec<&'static [u8]> {
            SEEDS[usize::from(seed) % SEEDS.len()].split_inclusive(|byte| *byte == b'>').collect()
        };
        let (mut host, guest) = (tags(*seed), tags(*other));
        let (from, to) = range(*a, *b, guest.len());
        let (begin, end) = range(*c, *d, host.len());
        host.splice(begin..end.min(begin + 4), guest[from..to.min(from + 12)].iter().copied());
        let bytes = host.concat();
        report(&bytes);
        file_details(&bytes);
    });
}

fn range(a: u16, b: u16, len: usize) -> (usize, usize) {
    let (a, b) = (usize::from(a) % (len + 1), usize::from(b) % (len + 1));
    (a.min(b), a.max(b))
}
