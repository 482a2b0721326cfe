//! What a card may be, and everything that it may not.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use card::testing::{Authority, Plan};
use card::{Card, Trust, Unreadable, Wrong};
use jiff::{SignedDuration, Timestamp};

const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);
const UUID: &str = "0f5e0c6a-2b1d-4b7e-9a51-3c1f4f2d7a10";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A root, an authority below it, and what a house that takes them knows.
struct Ground {
    root: Authority,
    issuing: Authority,
}

impl Ground {
    fn new() -> Self {
        let root = Authority::root("A root", NOW);
        let issuing = root.below("An issuer of cards", NOW);
        Self { root, issuing }
    }

    fn trust(&self, revoked: &[u64], of_root: &[u64]) -> Trust {
        let lists = [self.root.list(of_root, NOW), self.issuing.list(revoked, NOW)];
        Trust::read(self.root.pem().as_bytes(), &lists.map(String::into_bytes)).unwrap()
    }

    fn judge(&self, plan: &Plan) -> Result<Card, Wrong> {
        self.trust(&[], &[]).judge(&self.issuing.issue(plan, &[&self.issuing]).shown, NOW)
    }
}

fn good() -> Plan {
    Plan::of(7, UUID, NOW)
}

// PROVES: R-69
#[test]
fn a_good_card_is_known_by_its_subject_identifier_and_its_root() {
    let ground = Ground::new();
    let card = ground.judge(&good()).unwrap();
    assert_eq!(card.subject, format!("uuid:{UUID}"));
    assert!(card.hardware);
    assert_eq!(card.root, ground.trust(&[], &[]).roots()[0]);
    // Without the policy that says so, its key may be anywhere.
    assert!(!ground.judge(&Plan { hardware: false, ..good() }).unwrap().hardware);
    // A card of before UUIDs is known by its FASC-N.
    let number = Plan { uuid: None, fasc_n: Some([0x5a; 25]), ..good() };
    assert_eq!(ground.judge(&number).unwrap().subject, format!("fasc-n:{}", "5a".repeat(25)));
    // One with both is known by its UUID, however that is written.
    let both = Plan { uuid: Some(UUID.to_uppercase()), fasc_n: Some([0x5a; 25]), ..good() };
    assert_eq!(ground.judge(&both).unwrap().subject, format!("uuid:{UUID}"));
}

// PROVES: R-69
#[test]
fn a_card_that_does_not_hold_opens_nothing_and_says_why() {
    let ground = Ground::new();
    let second = SignedDuration::from_secs(1);
    let over = Plan { until: NOW - second, ..good() };
    let early = Plan { from: NOW + second, ..good() };
    assert_eq!(ground.judge(&over), Err(Wrong::Expired));
    assert_eq!(ground.judge(&early), Err(Wrong::NotYet));
    assert_eq!(ground.judge(&Plan { client_auth: false, ..good() }), Err(Wrong::Purpose));
    let named = Plan { uuid: None, common_name: UUID.to_owned(), ..good() };
    assert_eq!(ground.judge(&named), Err(Wrong::Nameless), "a common name is nobody's");
    let nil = "00000000-0000-0000-0000-000000000000".to_owned();
    assert_eq!(ground.judge(&Plan { uuid: Some(nil), ..good() }), Err(Wrong::Nameless));

    let stranger = Authority::root("A root", NOW);
    let trust = ground.trust(&[], &[]);
    assert_eq!(
        trust.judge(&stranger.issue(&good(), &[]).shown, NOW).map_err(Wrong::code),
        Err(Wrong::Untrusted.code()),
        "the name of a root is not the root"
    );
    let other = Authority::root("Another root", NOW);
    assert_eq!(trust.judge(&other.issue(&good(), &[]).shown, NOW), Err(Wrong::UnknownRoot));
    // What leads to the root is missing.
    assert_eq!(trust.judge(&ground.issuing.issue(&good(), &[]).shown, NOW), Err(Wrong::UnknownRoot));
    assert_eq!(trust.judge(&[], NOW), Err(Wrong::Missing));
    assert_eq!(trust.judge(&[vec![0x30, 0x00]], NOW), Err(Wrong::Unreadable));
    assert_eq!(trust.judge(&vec![vec![0x30]; 11], NOW), Err(Wrong::Unreadable));
}

// PROVES: R-69
#[test]
fn revocation_is_asked_about_the_whole_path_and_what_cannot_be_known_opens_nothing() {
    let ground = Ground::new();
    let shown = ground.issuing.issue(&good(), &[&ground.issuing]).shown;
    assert!(ground.trust(&[8], &[]).judge(&shown, NOW).is_ok(), "another card was revoked");
    assert_eq!(ground.trust(&[7], &[]).judge(&shown, NOW), Err(Wrong::Revoked));
    // The lists are of a day: at its last second they serve, and then no more.
    let trust = ground.trust(&[], &[]);
    assert_eq!(trust.stale_at(), NOW + DAY);
    assert!(trust.judge(&shown, NOW + DAY - SignedDuration::from_secs(1)).is_ok());
    assert_eq!(trust.judge(&shown, NOW + DAY), Err(Wrong::StaleList));
    // Without the list of the one that issued it nobody can say, and without that of the root neither.
    for lists in [[ground.root.list(&[], NOW)], [ground.issuing.list(&[], NOW)]] {
        let trust = Trust::read(ground.root.pem().as_bytes(), &lists.map(String::into_bytes)).unwrap();
        assert_eq!(trust.judge(&shown, NOW), Err(Wrong::Unlisted));
    }
    // A list that somebody else signed in its name says nothing.
    let forger = ground.root.below("An issuer of cards", NOW);
    let lists = [ground.root.list(&[], NOW), forger.list(&[], NOW)];
    let trust = Trust::read(ground.root.pem().as_bytes(), &lists.map(String::into_bytes)).unwrap();
    assert!(trust.judge(&shown, NOW).is_err());
}

#[test]
fn a_changed_byte_of_a_certificate_is_seen() {
    let ground = Ground::new();
    let trust = ground.trust(&[], &[]);
    let shown = ground.issuing.issue(&good(), &[&ground.issuing]).shown;
    for at in 0..shown[0].len() {
        let mut changed = shown.clone();
        changed[0][at] ^= 1;
        assert!(trust.judge(&changed, NOW).is_err(), "byte {at}");
    }
}

#[test]
fn roots_and_lists_are_understood_whole_or_refused() {
    let ground = Ground::new();
    let (root, list) = (ground.root.pem(), ground.root.list(&[], NOW).into_bytes());
    assert!(Trust::read(root.as_bytes(), std::slice::from_ref(&list)).is_ok());
    assert!(matches!(Trust::read(b"", std::slice::from_ref(&list)), Err(Unreadable::Roots(0))));
    assert!(matches!(Trust::read(root.as_bytes(), &[]), Err(Unreadable::NoList)));
    assert!(matches!(Trust::read(root.as_bytes(), &[list, b"no list".to_vec()]), Err(Unreadable::List(2))));
    let broken = format!("{root}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert!(matches!(Trust::read(broken.as_bytes(), &[]), Err(Unreadable::Root(2))));
}
