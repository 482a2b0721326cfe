//! Ed25519 signatures, for checkpoints, manifests and webhooks.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use zeroize::Zeroize;

use crate::Fault;

/// Length of an Ed25519 public key.
pub const PUBLIC_BYTES: usize = 32;
/// Length of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// A key that signs. It prints as `[key]`, and the crypto module clears it when it is dropped.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: [u8; PUBLIC_BYTES],
}

impl SigningKey {
    /// The key that belongs to 32 uniformly random bytes, as [`crate::RootKey::derive`] gives them; clears
    /// them.
    pub fn from_seed(mut seed: [u8; 32]) -> Result<Self, Fault> {
        const FAILED: Fault = Fault::Module { doing: "loading a signing key" };
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        seed.zeroize();
        let pair = pair.map_err(|_| FAILED)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| FAILED)?;
        Ok(Self { pair, public })
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], Fault> {
        const FAILED: Fault = Fault::Module { doing: "signing" };
        let signature = self.pair.try_sign(message).map_err(|_| FAILED)?;
        signature.as_ref().try_into().map_err(|_| FAILED)
    }

    /// The half that everyone may know.
    pub fn public(&self) -> [u8; PUBLIC_BYTES] {
        self.public
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// Checks that `signature` is the holder of `public`'s over exactly `message`.
pub fn verify(public: &[u8; PUBLIC_BYTES], message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    const WRONG: Fault = Fault::NotAuthentic { what: "signature" };
    let key = ParsedPublicKey::new(&ED25519, public).map_err(|_| Fault::Malformed { what: "public key" })?;
    key.verify_sig(message, signature).map_err(|_| WRONG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hex, unhex};

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_seed([byte; 32]).unwrap()
    }

    #[test]
    fn the_first_vector_of_rfc_8032_holds() {
        let seed = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let key = SigningKey::from_seed(seed.try_into().unwrap()).unwrap();
        assert_eq!(hex(&key.public()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signature = key.sign(b"").unwrap();
        assert_eq!(
            hex(&signature),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
             d25bf5f0595bbe24655141438e7a100b"
        );
        assert!(verify(&key.public(), b"", &signature).is_ok());
    }

    #[test]
    fn another_message_key_or_signature_is_refused() {
        let signature = key(1).sign(b"message").unwrap();
        assert!(verify(&key(1).public(), b"message", &signature).is_ok());
        assert!(verify(&key(1).public(), b"massage", &signature).is_err());
        assert!(verify(&key(2).public(), b"message", &signature).is_err());
        assert!(verify(&key(1).public(), b"message", &signature[..63]).is_err());
        for bit in 0..signature.len() * 8 {
            let mut changed = signature;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(verify(&key(1).public(), b"message", &changed).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_signing_key_never_prints_its_bytes() {
        assert_eq!(format!("{:?}", key(0xAB)), "[key]");
    }
}
