//! Notes against the example of the specification, and against forgers.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use proptest::prelude::*;

use super::*;
use crate::{Fault, Refusal, empty_root};

const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

/// A log whose key is made of one byte, so that tests repeat.
struct Log {
    key: VerifierKey,
    pair: Ed25519KeyPair,
}

impl Log {
    fn named(name: &str, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        Self { key: VerifierKey::new(name, public).unwrap(), pair }
    }
}

impl NoteSigner for Log {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault> {
        Ok(self.pair.sign(message).as_ref().try_into().unwrap())
    }
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: "log.example".to_owned(), size, root: empty_root() }
}

/// A checkpoint of `log.example` and its note, signed by that log.
fn signed() -> (Log, String) {
    let log = Log::named("log.example", 1);
    let note = sign(&checkpoint(42), &log).unwrap();
    (log, note)
}

fn signature_line(note: &str) -> &str {
    note.rsplit_once("\n\n").unwrap().1
}

#[test]
fn the_example_key_of_the_specification_is_read_and_printed() {
    let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    assert_eq!(key.name(), "example.com/foo");
    assert_eq!(key.id(), 0x530d_903a);
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    assert_eq!(VerifierKey::new(key.name(), *key.public()), Ok(key));
}

#[test]
fn the_example_note_of_the_specification_is_signed_by_its_key() {
    let note = "This is an example message.\n\n\u{2014} example.com/foo \
                Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let key = EXAMPLE_KEY.parse().unwrap();
    // Its signature holds; only as a checkpoint it says nothing.
    assert_eq!(open(note, &[key]), Err(Refusal::Malformed { what: "checkpoint" }));
    let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    let changed = note.replace("an example", "no example");
    assert_eq!(open(&changed, &[key]), Err(Refusal::WrongSignature { name: "example.com/foo".to_owned() }));
}

#[test]
fn a_key_that_is_not_printed_so_is_not_read() {
    for bad in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{7f}b"] {
        assert!(VerifierKey::new(name, [1; 32]).is_err(), "{name}");
    }
}

#[test]
fn a_signed_checkpoint_opens() {
    let (log, note) = signed();
    assert_eq!(open(&note, &[log.key]), Ok(checkpoint(42)));
    assert!(note.starts_with(
        "log.example\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u{2014} log.example "
    ));
}

#[test]
fn strangers_signatures_are_passed_over() {
    let (log, mut note) = signed();
    for seed in 2..20 {
        let witness = Log::named("witness.example", seed);
        note += signature_line(&sign(&checkpoint(42), &witness).unwrap());
    }
    // A cosignature carries a time before its signature, and so another length.
    note += "\u{2014} other.example AAAAAAAAAAAAAAAA\n";
    assert_eq!(open(&note, std::slice::from_ref(&log.key)), Ok(checkpoint(42)));
    assert_eq!(open(&note, &[Log::named("else.example", 3).key]), Err(Refusal::Unsigned));
    assert_eq!(open(&note, &[]), Err(Refusal::Unsigned));
}

#[test]
fn one_wrong_signature_of_a_known_key_spoils_the_note() {
    let (log, note) = signed();
    let witness = Log::named("witness.example", 2);
    let stale = sign(&checkpoint(41), &witness).unwrap();
    let spoiled = note + signature_line(&stale);
    assert!(open(&spoiled, std::slice::from_ref(&log.key)).is_ok());
    let verdict = open(&spoiled, &[log.key, witness.key]);
    assert_eq!(verdict, Err(Refusal::WrongSignature { name: "witness.example".to_owned() }));
}

#[test]
fn a_known_key_cannot_speak_for_another_log() {
    let other = Log::named("other.example", 1);
    let note = sign(&checkpoint(42), &other).unwrap();
    assert_eq!(open(&note, &[other.key]), Err(Refusal::Unsigned));
}

#[test]
fn a_body_of_any_other_form_is_refused() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let good = format!("log.example\n42\n{root}\n");
    assert_eq!(Checkpoint::parse(&good), Ok(checkpoint(42)));
    for bad in [
        format!("log.example\n42\n{root}"),
        format!("log.example\n42\n{root}\nextension\n"),
        format!("log.example\n042\n{root}\n"),
        format!("log.example\n+42\n{root}\n"),
        format!("log.example\n\n{root}\n"),
        format!("log.example\n18446744073709551616\n{root}\n"),
        format!("log example\n42\n{root}\n"),
        format!("\n42\n{root}\n"),
        format!("log.example\n42\n{}\n", root.trim_end_matches('=')),
        // The same hash with a stray bit in its last letter.
        format!("log.example\n42\n{}\n", root.replace("FU=", "FV=")),
        "log.example\n42\n\n".to_owned(),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_note_of_any_other_form_is_refused() {
    let (log, note) = signed();
    let (body, line) = note.rsplit_once("\n\n").unwrap();
    for bad in [
        String::new(),
        body.to_owned(),
        format!("{body}\n\n"),
        format!("{body}\n{line}"),
        note.trim_end().to_owned(),
        format!("{note}\n"),
        note.replace('\n', "\r\n"),
        note.replace('\u{2014}', "-"),
        note.replace("\u{2014} ", "\u{2014}"),
        format!("{note}\u{2014} witness.example !\n"),
        format!("{note}\u{2014} witness.example AAAA\n"),
        format!("{note}\u{2014} witness.example AAAAAA==\n"),
        format!("{note}\u{2014} wit+ness AAAAAAAA\n"),
        format!("{note}{}", "\u{2014} witness.example AAAAAAAA\n".repeat(64)),
    ] {
        let verdict = open(&bad, std::slice::from_ref(&log.key));
        assert!(matches!(verdict, Err(Refusal::Malformed { .. })), "{bad:?}: {verdict:?}");
    }
}

proptest! {
    #[test]
    fn every_checkpoint_comes_back(origin in "[a-z0-9./-]{1,40}", size: u64, root: [u8; 32]) {
        let checkpoint = Checkpoint { origin: origin.clone(), size, root };
        let log = Log::named(&origin, 9);
        prop_assert_eq!(open(&sign(&checkpoint, &log).unwrap(), &[log.key]), Ok(checkpoint));
    }

    #[test]
    fn a_note_with_any_byte_changed_never_says_something_else(at: prop::sample::Index, byte: u8) {
        let (log, note) = signed();
        let mut bytes = note.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(changed) = String::from_utf8(bytes) && changed != note {
            prop_assert!(open(&changed, &[log.key]).is_err());
        }
    }

    #[test]
    fn no_text_breaks_the_parser(text in "(?s)[\u{2014}a-z0-9+/= \n]{0,120}") {
        let (log, _) = signed();
        prop_assert!(open(&text, &[log.key]).is_err());
        if let Ok(key) = text.parse::<VerifierKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}
