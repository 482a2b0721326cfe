//! Opening what was sealed to a public key: HPKE (RFC 9180), base mode, one message. Written from the text of the
//! standard, over the Diffie-Hellman, HMAC and AES-GCM of the crypto module; the house seals with another
//! implementation.

use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::{aead, hmac};
use zeroize::Zeroizing;

/// Secret bytes, cleared when they go.
type Bytes = Zeroizing<Vec<u8>>;

const VERSION: &[u8] = b"HPKE-v1";
const BASE_MODE: u8 = 0;

/// One combination of algorithms, by the numbers of the registry.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) kem: u16,
    pub(crate) kdf: u16,
    pub(crate) aead: u16,
    curve: &'static agreement::Algorithm,
    kem_hash: hmac::Algorithm,
    hash: hmac::Algorithm,
    cipher: &'static aead::Algorithm,
}

/// The combinations that packages are sealed with: P-384 and P-256, each with its own hash, and AES-256-GCM.
pub(crate) static P384: Suite = Suite {
    kem: 0x11,
    kdf: 2,
    aead: 2,
    curve: &agreement::ECDH_P384,
    kem_hash: hmac::HMAC_SHA384,
    hash: hmac::HMAC_SHA384,
    cipher: &aead::AES_256_GCM,
};
pub(crate) static P256: Suite = Suite {
    kem: 0x10,
    kdf: 1,
    aead: 2,
    curve: &agreement::ECDH_P256,
    kem_hash: hmac::HMAC_SHA256,
    hash: hmac::HMAC_SHA256,
    cipher: &aead::AES_256_GCM,
};

/// What the sender sent, and what both sides must know alike.
pub(crate) struct Message<'a> {
    /// The sender's key of this one message.
    pub(crate) enc: &'a [u8],
    pub(crate) info: &'a [u8],
    pub(crate) aad: &'a [u8],
    pub(crate) sealed: &'a [u8],
}

impl Suite {
    /// Opens a message; `None` when anything about it is not what was sealed.
    pub(crate) fn open(&self, private: &PrivateKey, own: &[u8], message: &Message<'_>) -> Option<Bytes> {
        let shared = self.decapsulated(private, own, message.enc)?;
        let (key, nonce) = self.schedule(&shared, message.info)?;
        let key = aead::UnboundKey::new(self.cipher, &key).ok()?;
        let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).ok()?;
        let mut bytes = Zeroizing::new(message.sealed.to_vec());
        let plain =
            aead::LessSafeKey::new(key).open_in_place(nonce, aead::Aad::from(message.aad), &mut bytes);
        let length = plain.ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }

    /// Section 4.1: the secret that sender and receiver share.
    fn decapsulated(&self, private: &PrivateKey, own: &[u8], enc: &[u8]) -> Option<Bytes> {
        let suite = [b"KEM", &self.kem.to_be_bytes()[..]].concat();
        let hash = Labelled { hash: self.kem_hash, suite: &suite };
        let sender = UnparsedPublicKey::new(self.curve, enc);
        let agreed = agreement::agree(private, sender, (), |secret| Ok(Zeroizing::new(secret.to_vec())));
        let extracted = hash.extract(&[], b"eae_prk", &agreed.ok()?);
        hash.expand(&extracted, b"shared_secret", &[enc, own].concat(), hash.bytes())
    }

    /// Section 5.1, without a key that both knew before: key and nonce of the first message.
    fn schedule(&self, shared: &[u8], info: &[u8]) -> Option<(Bytes, Bytes)> {
        let numbers = [self.kem, self.kdf, self.aead].map(u16::to_be_bytes).concat();
        let suite = [b"HPKE", numbers.as_slice()].concat();
        let hash = Labelled { hash: self.hash, suite: &suite };
        let context = [
            &[BASE_MODE][..],
            &hash.extract(&[], b"psk_id_hash", &[]),
            &hash.extract(&[], b"info_hash", info),
        ]
        .concat();
        let secret = hash.extract(shared, b"secret", &[]);
        let key = hash.expand(&secret, b"key", &context, self.cipher.key_len())?;
        Some((key, hash.expand(&secret, b"base_nonce", &context, aead::NONCE_LEN)?))
    }
}

/// HKDF with the labels of section 4.
struct Labelled<'a> {
    hash: hmac::Algorithm,
    suite: &'a [u8],
}

impl Labelled<'_> {
    fn bytes(&self) -> usize {
        self.hash.tag_len()
    }

    fn extract(&self, salt: &[u8], label: &[u8], secret: &[u8]) -> Bytes {
        self.mac(salt, &[VERSION, self.suite, label, secret])
    }

    fn expand(&self, secret: &[u8], label: &[u8], info: &[u8], bytes: usize) -> Option<Bytes> {
        let length = u16::try_from(bytes).ok()?.to_be_bytes();
        let mut out = Zeroizing::new(Vec::with_capacity(bytes + self.bytes()));
        let mut block = Zeroizing::new(Vec::new());
        for counter in 1_u8..=u8::MAX {
            block = self.mac(secret, &[&block, &length, VERSION, self.suite, label, info, &[counter]]);
            out.extend_from_slice(&block);
            if out.len() >= bytes {
                out.truncate(bytes);
                return Some(out);
            }
        }
        None
    }

    fn mac(&self, key: &[u8], parts: &[&[u8]]) -> Bytes {
        let mut context = hmac::Context::with_key(&hmac::Key::new(self.hash, key));
        parts.iter().for_each(|part| context.update(part));
        Zeroizing::new(context.sign().as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::agreement::{ECDH_P256, ECDH_P521};

    use super::*;
    use crate::testing::bytes;

    const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    const PLAIN: &str = "4265617574792069732074727574682c20747275746820626561757479";
    const AAD: &str = "436f756e742d30";

    /// RFC 9180, A.4.1: P-256, HKDF-SHA512, AES-128-GCM.
    static A4: Suite = Suite {
        kem: 0x10,
        kdf: 3,
        aead: 1,
        curve: &ECDH_P256,
        kem_hash: hmac::HMAC_SHA256,
        hash: hmac::HMAC_SHA512,
        cipher: &aead::AES_128_GCM,
    };
    /// RFC 9180, A.6.1: P-521, HKDF-SHA512, AES-256-GCM.
    static A6: Suite = Suite {
        kem: 0x12,
        kdf: 3,
        aead: 2,
        curve: &ECDH_P521,
        kem_hash: hmac::HMAC_SHA512,
        hash: hmac::HMAC_SHA512,
        cipher: &aead::AES_256_GCM,
    };

    struct Vector {
        suite: &'static Suite,
        secret: &'static str,
        public: &'static str,
        enc: &'static str,
        info: &'static str,
        aad: &'static str,
        sealed: &'static str,
        plain: &'static str,
    }

    const VECTORS: [Vector; 4] = [
        Vector {
            suite: &A4,
            secret: "3ac8530ad1b01885960fab38cf3cdc4f7aef121eaa239f222623614b4079fb38",
            public: "04085aa5b665dc3826f9650ccbcc471be268c8ada866422f739e2d531d4a8818a9466bc6b449357096232919ec4f\
                     e9070ccbac4aac30f4a1a53efcf7af90610edd",
            enc: "0493ed86735bdfb978cc055c98b45695ad7ce61ce748f4dd63c525a3b8d53a15565c6897888070070c1579db1f86a\
                  aa56deb8297e64db7e8924e72866f9a472580",
            info: INFO,
            aad: AAD,
            sealed: "d3cf4984931484a080f74c1bb2a6782700dc1fef9abe8442e44a6f09044c88907200b332003543754eb51917ba",
            plain: PLAIN,
        },
        Vector {
            suite: &A6,
            secret: "01462680369ae375e4b3791070a7458ed527842f6a98a79ff5e0d4cbde83c27196a3916956655523a6a2556a7af\
                     62c5cadabe2ef9da3760bb21e005202f7b2462847",
            public: "0401b45498c1714e2dce167d3caf162e45e0642afc7ed435df7902ccae0e84ba0f7d373f646b7738bbbdca11ed9\
                     1bdeae3cdcba3301f2457be452f271fa6837580e661012af49583a62e48d44bed350c7118c0d8dc861c238c72a2b\
                     da17f64704f464b57338e7f40b60959480c0e58e6559b190d81663ed816e523b6b6a418f66d2451ec64",
            enc: "040138b385ca16bb0d5fa0c0665fbbd7e69e3ee29f63991d3e9b5fa740aab8900aaeed46ed73a49055758425a0ce365\
                  07c54b29cc5b85a5cee6bae0cf1c21f2731ece2013dc3fb7c8d21654bb161b463962ca19e8c654ff24c94dd2898de1\
                  2051f1ed0692237fb02b2f8d1dc1c73e9b366b529eb436e98a996ee522aef863dd5739d2f29b0",
            info: INFO,
            aad: AAD,
            sealed: "170f8beddfe949b75ef9c387e201baf4132fa7374593dfafa90768788b7b2b200aafcc6d80ea4c795a7c5b841a",
            plain: PLAIN,
        },
        // The standard has no vector for P-384: these two were sealed by Python's `cryptography` 48.
        Vector {
            suite: &P384,
            secret: "770dbb53508859d4df1ec7cfe71ed948cd0e0f40d1aa90ffd009316d737087b6dc592bc6a793e9e7ff1d3a95\
                     183e5214",
            public: "042a69da2b4ab5697c5601f39151bcca81dc8f43726fe74126012cacd6d414b1e72d0f7f1ff111588a580adc\
                     85a601f5587d158dfc429c278c86bc415e9b22ac733b0560976b3b2fdb75797297978efe3864c4de79296841\
                     fe9fc9de7600ca5dc9",
            enc: "04900cd50a9ba9963b8c377cb0efb7d07367361ad88bc9b4a81a7d506b5f8a22eb79546c0e5aa3888e89b7cf\
                     b3d149c632bbaa8354b62c3d165c5a4e560a100a6abd86ea6b1b538c335e92144fadeb93e6adf6e0dcad7878\
                     1dad5dcd5e7bd52bd3",
            info: "636c656172696e67686f7573652f706b672f7631",
            aad: "",
            sealed: "723d2798507fa807c38ca4f9660eae5ded284330d6ddb07794f2a715229daf222e7f616811252a9fe0d1481a\
                     58a541eb",
            plain: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        },
        Vector {
            suite: &P256,
            secret: "2bb8cbc635dd4bf6533570707bff9dafc3ce69b1bef17d66efd6e74e96fd370c",
            public: "049b2ac297bc93f65626b8b89221d255f7f3d1121da430a63f69463dcd54d0ab003b66a17b7643d836e541dd\
                     683d00c2e656f83e528d79f403be6c484d0fc579ec",
            enc: "04194366c4af7f387376f71458cf4e2804187b0bba2befb1e92873e4fffa50b912b26463b84dfff5ad0e920a\
                     941b76e96e5bbbbbf8487a71acffe1167d57aeba27",
            info: "636c656172696e67686f7573652f706b672f7631",
            aad: "",
            sealed: "766401cd2771b324144c0db460de2156763dbb6af9c8168c3d87a618cf8d6aa0104c7902409a22cd61d706b6\
                     521fb689",
            plain: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        },
    ];

    fn opened(vector: &Vector, change: impl Fn(&mut [Vec<u8>; 4])) -> Option<Vec<u8>> {
        let private = PrivateKey::from_private_key(vector.suite.curve, &bytes(vector.secret)).unwrap();
        let mut parts = [vector.enc, vector.info, vector.aad, vector.sealed].map(bytes);
        change(&mut parts);
        let [enc, info, aad, sealed] = &parts;
        let plain = vector.suite.open(&private, &bytes(vector.public), &Message { enc, info, aad, sealed });
        plain.map(|plain| plain.to_vec())
    }

    #[test]
    fn what_others_sealed_opens() {
        for vector in &VECTORS {
            assert_eq!(opened(vector, |_| ()), Some(bytes(vector.plain)), "{:?}", vector.suite);
        }
    }

    #[test]
    fn whatever_is_changed_does_not_open() {
        for vector in &VECTORS {
            for part in 0..4 {
                let length = [vector.enc, vector.info, vector.aad, vector.sealed].map(bytes)[part].len();
                for at in 0..length {
                    assert_eq!(opened(vector, |parts| parts[part][at] ^= 1), None, "{part} {at}");
                }
                assert_eq!(opened(vector, |parts| parts[part].push(0)), None);
            }
        }
    }
}
