//! What a ceremony takes and what it refuses, with a key in software.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use passkey::testing::SoftKey;
use passkey::{Attested, Begun, Key, Model, Newcomer, Party, Rules, Wrong, named};

const SITE: &str = "desk.example";
const ORIGIN: &str = "https://desk.example";

fn party() -> Party {
    Party::new("A site", SITE, &[ORIGIN.to_owned()]).unwrap()
}

fn soft() -> SoftKey {
    SoftKey::new("key-1", SITE, ORIGIN)
}

fn begun(rules: &Rules<'_>) -> Begun {
    party().enrol(&Newcomer { handle: b"p-1", name: "Dull Person", has: &[] }, rules).unwrap()
}

fn enrolled(key: &mut SoftKey, rules: &Rules<'_>) -> Result<Key, Wrong> {
    let begun = begun(rules);
    party().enrolled(&key.create(&begun.options), &begun.state, rules)
}

#[test]
fn a_browser_is_asked_for_a_key_that_verifies_its_person_and_is_found_without_a_name() {
    let options: serde_json::Value = serde_json::from_str(&begun(&Rules::default()).options).unwrap();
    let asked = &options["publicKey"];
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["attestation"], "direct");
    assert_eq!(asked["rp"]["id"], SITE);
    let algorithms: Vec<i64> = asked["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(algorithms, [-7, -35, -257]);
    // 32 bytes in base64 without padding.
    assert_eq!(asked["challenge"].as_str().unwrap().len(), 43);
    assert_ne!(begun(&Rules::default()).options, begun(&Rules::default()).options);
}

#[test]
fn a_key_that_was_enrolled_proves_its_use_and_only_to_the_question_that_was_asked() {
    let mut soft = soft();
    let key = enrolled(&mut soft, &Rules::default()).unwrap();
    assert_eq!((key.algorithm, key.aaguid.as_deref(), key.attested), ("ES256", None, Attested::No));
    assert!(!key.syncable && !key.backed_up);
    let asked = party().ask(&[]).unwrap();
    let answer = soft.get(&asked.options);
    let said = named(&answer).unwrap();
    assert_eq!((said.key, said.handle.as_deref()), (key.id.clone(), Some(b"p-1".as_slice())));
    let proof = party().proved(&answer, &asked.state, &key.stored).unwrap();
    assert_eq!(proof.counter, 1);
    // The same answer to another question, and once more to the same after the counter moved.
    let another = party().ask(&[]).unwrap();
    assert_eq!(party().proved(&answer, &another.state, &proof.stored), Err(Wrong::Challenge));
    assert_eq!(party().proved(&answer, &asked.state, &proof.stored), Err(Wrong::Counter));
}

#[test]
fn an_answer_of_another_site_or_origin_proves_nothing() {
    let mut soft = soft();
    let key = enrolled(&mut soft, &Rules::default()).unwrap();
    for origin in
        ["https://evil.example", "https://desk.example:8443", "https://a.desk.example", "http://desk.example"]
    {
        soft.origin = origin.to_owned();
        let asked = party().ask(&[]).unwrap();
        assert_eq!(
            party().proved(&soft.get(&asked.options), &asked.state, &key.stored),
            Err(Wrong::Origin),
            "{origin}"
        );
    }
    soft.origin = ORIGIN.to_owned();
    soft.site = "evil.example".to_owned();
    let asked = party().ask(&[]).unwrap();
    assert_eq!(party().proved(&soft.get(&asked.options), &asked.state, &key.stored), Err(Wrong::Origin));
    let of =
        |name, origin: &str| Party::new("A site", name, &[ORIGIN.to_owned(), origin.to_owned()]).map(drop);
    assert_eq!(of(SITE, "https://desk.example:8443"), Ok(()));
    assert_eq!(of(SITE, "https://evil.example"), Err(Wrong::Origin));
    assert_eq!(Party::new("A site", SITE, &[]).map(drop), Err(Wrong::Origin));
    let bare = Party::new("A site", "127.0.0.1", &["http://127.0.0.1:8480".to_owned()]);
    assert_eq!(bare.map(drop), Err(Wrong::Origin));
}

#[test]
fn a_key_that_did_not_ask_its_person_proves_nothing() {
    let mut soft = soft();
    soft.verifies = false;
    assert_eq!(enrolled(&mut soft, &Rules::default()).unwrap_err(), Wrong::Unverified);
    soft.verifies = true;
    let key = enrolled(&mut soft, &Rules::default()).unwrap();
    soft.verifies = false;
    let asked = party().ask(std::slice::from_ref(&key.stored)).unwrap();
    assert_eq!(party().proved(&soft.get(&asked.options), &asked.state, &key.stored), Err(Wrong::Unverified));
}

#[test]
fn a_key_that_can_be_copied_is_taken_only_where_the_rules_say_so() {
    let mut soft = soft();
    soft.syncable = true;
    assert_eq!(enrolled(&mut soft, &Rules::default()).unwrap_err(), Wrong::Syncable);
    let rules = Rules { syncable: true, models: &[] };
    assert!(enrolled(&mut soft, &rules).unwrap().syncable);
    // A key that becomes one that can be copied is no longer the key that was enrolled.
    soft.syncable = false;
    let key = enrolled(&mut soft, &Rules::default()).unwrap();
    soft.syncable = true;
    let asked = party().ask(&[]).unwrap();
    assert_eq!(party().proved(&soft.get(&asked.options), &asked.state, &key.stored), Err(Wrong::Syncable));
}

#[test]
fn a_key_that_does_not_say_what_it_is_is_not_on_any_list() {
    let models = [Model { aaguid: "00000000-0000-0000-0000-000000000000".to_owned(), root_pem: None }];
    let rules = Rules { syncable: false, models: &models };
    assert_eq!(enrolled(&mut soft(), &rules).unwrap_err(), Wrong::Model(None));
}

#[test]
fn the_signature_of_another_key_proves_nothing() {
    let mut mine = soft();
    let key = enrolled(&mut mine, &Rules::default()).unwrap();
    let mut other = soft();
    enrolled(&mut other, &Rules::default()).unwrap();
    let asked = party().ask(&[]).unwrap();
    assert_eq!(party().proved(&other.get(&asked.options), &asked.state, &key.stored), Err(Wrong::Signature));
}

#[test]
fn what_is_no_answer_is_refused_without_a_panic() {
    let asked = party().ask(&[]).unwrap();
    let key = enrolled(&mut soft(), &Rules::default()).unwrap();
    for garbage in ["", "{}", "null", "[1]", "{\"id\":\"\",\"rawId\":\"!\"}", &"[".repeat(2000)] {
        assert_eq!(party().proved(garbage, &asked.state, &key.stored), Err(Wrong::Answer));
        assert_eq!(named(garbage), Err(Wrong::Answer));
        let begun = begun(&Rules::default());
        assert_eq!(party().enrolled(garbage, &begun.state, &Rules::default()).unwrap_err(), Wrong::Answer);
    }
}
