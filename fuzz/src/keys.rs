//! What people's keys and agencies' keys say: the answers of a browser, and public keys as text.

use passkey::{Newcomer, Party, Rules};
use seal::SealTo;

/// Texts to begin mutations from: a public key, a new passkey without its makers' word, and a use of one.
pub const SEEDS: &[&str] = &[
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n",
    r#"{"id":"AAEC","rawId":"AAEC","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg","clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0"}}"#,
    r#"{"id":"AAEC","rawId":"AAEC","type":"public-key","response":{"authenticatorData":"AAEC","clientDataJSON":"e30","signature":"MEU","userHandle":"AAEC"}}"#,
];

/// Reads `bytes` as everything that they might be.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn any(bytes: &[u8]) {
    if let Ok(key) = SealTo::from_der(bytes) {
        assert_eq!(key.der(), bytes, "a key has one spelling");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = SealTo::from_pem(text) {
        assert!(!text.contains("PRIVATE KEY-----") || text.contains("PUBLIC KEY-----"));
        assert!(SealTo::from_der(key.der()).is_ok(), "what was read can be read again");
    }
    if let Ok(named) = passkey::named(text) {
        assert!(named.key.len() <= text.len());
    }
    let party = Party::new("House", "house.example", &["https://house.example".to_owned()]);
    let Ok(party) = party else { panic!("a party of a good name can be made") };
    let (newcomer, rules) = (Newcomer { handle: b"p-1", name: "Somebody", has: &[] }, Rules::default());
    let Ok(begun) = party.enrol(&newcomer, &rules) else { panic!("anybody can be asked for a key") };
    // Nothing that was not made for this very question is taken.
    assert!(party.enrolled(text, &begun.state, &rules).is_err(), "a stranger's words are no key");
}
