//! A key in software, which answers as a browser does. For tests only: it asks nobody for a finger.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const ATTESTED_DATA: u8 = 0x40;

/// A key, with what a test may want to be wrong about it.
pub struct SoftKey {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    handle: Vec<u8>,
    /// The origin that its browser shows.
    pub origin: String,
    /// The name that it was made for.
    pub site: String,
    /// How often it was used.
    pub counter: u32,
    /// It asks its person.
    pub verifies: bool,
    /// It can be copied.
    pub syncable: bool,
}

impl SoftKey {
    /// A fresh key that shows this origin.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn new(id: &str, site: &str, origin: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a test key is made");
        Self {
            pair,
            id: id.as_bytes().to_vec(),
            handle: Vec::new(),
            origin: origin.to_owned(),
            site: site.to_owned(),
            counter: 0,
            verifies: true,
            syncable: false,
        }
    }

    /// Answers `navigator.credentials.create`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn create(&mut self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).expect("options are JSON");
        let asked = &asked["publicKey"];
        self.handle = unbase(asked["user"]["id"].as_str().expect("a user has an id"));
        let point = self.pair.public_key().as_ref();
        let mut data = self.head(ATTESTED_DATA);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short data").to_be_bytes());
        object.extend(&data);
        let client = self.client("webauthn.create", asked);
        json!({
            "id": base(&self.id), "rawId": base(&self.id), "type": "public-key",
            "response": { "clientDataJSON": base(client.as_bytes()), "attestationObject": base(&object) },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Answers `navigator.credentials.get`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn get(&mut self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).expect("options are JSON");
        self.counter += 1;
        let data = self.head(0);
        let client = self.client("webauthn.get", &asked["publicKey"]);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, client.as_bytes()).as_ref());
        let signature = self.sign(&signed);
        json!({
            "id": base(&self.id), "rawId": base(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": base(client.as_bytes()), "authenticatorData": base(&data),
                "signature": base(&signature), "userHandle": base(&self.handle),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test key; its signature scheme wants chance of the system's"
    )]
    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature = self.pair.sign(&SystemRandom::new(), bytes).expect("a test key signs");
        signature.as_ref().to_vec()
    }

    fn head(&self, more: u8) -> Vec<u8> {
        let mut flags = USER_PRESENT | more;
        flags |= if self.verifies { USER_VERIFIED } else { 0 };
        flags |= if self.syncable { BACKUP_ELIGIBLE } else { 0 };
        let mut data = digest(&SHA256, self.site.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, asked: &Value) -> String {
        json!({ "type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for addresses, without padding.
fn base(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let digit = word >> (18 - 6 * place) & 63;
            text.push(char::from(DIGITS[digit as usize]));
        }
    }
    text
}

fn unbase(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_u32, 0_u32);
    for digit in text.bytes() {
        let Some(value) = DIGITS.iter().position(|known| *known == digit) else { continue };
        word = word << 6 | u32::try_from(value).unwrap_or(0);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xff) as u8);
        }
    }
    bytes
}
