//! An issuer of no worth, for tests: signs what it is told to, well or badly.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::jwt::encoded;

/// An issuer with one key.
pub struct Issuer {
    pair: EcdsaKeyPair,
    name: String,
}

impl Issuer {
    /// An issuer whose key has this name.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a test key is made");
        Self { pair, name: name.to_owned() }
    }

    /// Its keys, as it publishes them.
    #[must_use]
    pub fn keys(&self) -> Vec<u8> {
        json!({ "keys": [self.key()] }).to_string().into_bytes()
    }

    /// Its key, as it publishes it.
    #[must_use]
    pub fn key(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "kid": self.name, "use": "sig", "alg": "ES256",
            "x": encoded(&point[1..33]), "y": encoded(&point[33..65]),
        })
    }

    /// A token that says this.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        self.signed(&json!({ "alg": "ES256", "kid": self.name }), claims)
    }

    /// A token with this head.
    ///
    /// # Panics
    /// When the key does not sign.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a test's signature needs chance and is of no worth")]
    pub fn signed(&self, head: &Value, claims: &Value) -> String {
        let signed = parts(head, claims);
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("a test key signs");
        format!("{signed}.{}", encoded(signature.as_ref()))
    }

    /// A token that is signed with a shared secret: the public key, which everybody has.
    #[must_use]
    pub fn with_shared_secret(&self, claims: &Value) -> String {
        let signed = parts(&json!({ "alg": "HS256", "kid": self.name }), claims);
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.pair.public_key().as_ref());
        format!("{signed}.{}", encoded(hmac::sign(&key, signed.as_bytes()).as_ref()))
    }
}

/// A token that nobody signed.
#[must_use]
pub fn unsigned(claims: &Value) -> String {
    format!("{}.", parts(&json!({ "alg": "none" }), claims))
}

fn parts(head: &Value, claims: &Value) -> String {
    format!("{}.{}", encoded(head.to_string().as_bytes()), encoded(claims.to_string().as_bytes()))
}
