//! Full numbers of cards and accounts in free text, and what only looks like one.

use proptest::prelude::*;
use spelling::payment::is_named;

/// Numbers that card networks and banks publish for tests; none belongs to anybody.
const KNOWN: &[&str] = &[
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
    "6200000000000005",
    "DE89370400440532013000",
    "GB82WEST12345698765432",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
];

// PROVES: R-09
#[test]
fn a_whole_number_is_seen_in_one_piece_and_as_it_stands_on_a_card() {
    for known in KNOWN {
        let grouped = |by: &str| {
            let letters: Vec<char> = known.chars().collect();
            letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(by)
        };
        for written in [(*known).to_owned(), grouped(" "), grouped("-"), known.to_lowercase()] {
            for text in
                [written.clone(), format!("Paid on the 3rd with {written}, 12/29."), format!("n°:{written}")]
            {
                assert!(is_named(&text), "{text}");
            }
        }
    }
    assert!(is_named("3782 822463 10005"), "as it stands on that card");
}

#[test]
fn what_is_not_a_whole_number_is_none() {
    for text in [
        "",
        "card ending 1111, processor example-pay, transaction 83-0042",
        "4111 1111 1111 1112",
        "41111111111111110",
        "x4111111111111111",
        "4111,1111,1111,1111",
        "4111  1111  1111  1111",
        "9999999999999995",
        "DE89370400440532013001",
        "DE8937040044053201300",
        "ZZ89370400440532013000",
        "+1 202 555 0123, 2026-11-19 08:00:00, 192.0.2.7",
    ] {
        assert!(!is_named(text), "{text}");
    }
}

#[test]
fn a_hostile_text_is_looked_through_to_its_bound_and_no_further() {
    for long in ["4111-".repeat(200_000), "1 ".repeat(400_000), "é".repeat(300_000), "4".repeat(1_000_000)] {
        assert!(!is_named(&format!("{long} 4111111111111111")));
    }
}

proptest! {
    #[test]
    fn no_text_whatever_breaks_it(text in "\\PC{0,200}") {
        prop_assert_eq!(is_named(&text), is_named(&format!(" {text} ")));
    }
}
