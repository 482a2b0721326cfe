//! Logs and witnesses of the tests: they sign as the standards say, from seeds.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use crate::digest::{hex, sha256};

/// Somebody who signs.
pub(crate) struct Signer {
    name: String,
    kind: u8,
    pair: Ed25519KeyPair,
}

impl Signer {
    pub(crate) fn log(name: &str, seed: u8) -> Self {
        Self::of(name, 1, seed)
    }

    pub(crate) fn witness(name: &str, seed: u8) -> Self {
        Self::of(name, 4, seed)
    }

    fn of(name: &str, kind: u8, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        Self { name: name.to_owned(), kind, pair }
    }

    fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn id(&self) -> [u8; 4] {
        let id = sha256(&[self.name.as_bytes(), b"\n", &[self.kind], self.public()]);
        id[..4].try_into().unwrap()
    }

    pub(crate) fn vkey(&self) -> String {
        let key = [&[self.kind], self.public()].concat();
        format!("{}+{}+{}", self.name, hex(&self.id()), encoded(&key))
    }

    /// A signature line over a note's text.
    pub(crate) fn line(&self, text: &str) -> String {
        let signature = self.pair.sign(text.as_bytes());
        self.written(&[&self.id(), signature.as_ref()].concat())
    }

    /// The same of a witness, who says when it saw the text.
    pub(crate) fn cosigned(&self, text: &str, seconds: u64) -> String {
        let signature = self.pair.sign(format!("cosignature/v1\ntime {seconds}\n{text}").as_bytes());
        self.written(&[&self.id()[..], &seconds.to_be_bytes(), signature.as_ref()].concat())
    }

    fn written(&self, bytes: &[u8]) -> String {
        format!("\u{2014} {} {}\n", self.name, encoded(bytes))
    }
}

/// Reads hexadecimal of any length.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// Base64, the other way round than the checker needs it.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    crate::base64::encoded(bytes)
}
