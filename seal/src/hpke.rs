//! Sealing a short secret to somebody's public key: HPKE (RFC 9180), base mode, one message.
//!
//! The algorithms are those of the FIPS profile: DHKEM over P-384 or P-256 with the hash that belongs to the curve, and
//! AES-256-GCM. The sender is not authenticated by it: whoever seals signs what it seals beside. The ephemeral key comes
//! from the crypto module's own generator, so nothing that is sealed here repeats.

use std::fmt;

use aws_lc_rs::agreement::{ECDH_P256, ECDH_P384, ParsedPublicKey, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::aws_lc_rs::hpke::{DH_KEM_P256_HKDF_SHA256_AES_256, DH_KEM_P384_HKDF_SHA384_AES_256};
use rustls::crypto::hpke::{Hpke, HpkePublicKey};

use crate::{Fault, hex, sha256};

/// What stands before the point of a P-384 key in DER (SubjectPublicKeyInfo, RFC 5480).
const P384_HEAD: &[u8] =
    b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00";
/// The same of a P-256 key.
const P256_HEAD: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// A curve that keys may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-384.
    P384,
    /// NIST P-256.
    P256,
}

/// The algorithms of one sealed secret, by their numbers in the registry of HPKE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// Of the key encapsulation.
    pub kem: u16,
    /// Of the key derivation.
    pub kdf: u16,
    /// Of the cipher.
    pub aead: u16,
}

/// A public key that something can be sealed to; a point that is not on its curve makes none.
#[derive(Clone, PartialEq, Eq)]
pub struct SealTo {
    curve: Curve,
    der: Vec<u8>,
}

/// A secret sealed to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTo {
    /// The algorithms.
    pub suite: Suite,
    /// The sender's key of this one message.
    pub enc: Vec<u8>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

impl Curve {
    const ALL: [Self; 2] = [Self::P384, Self::P256];

    /// Its usual name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P384 => "P-384",
            Self::P256 => "P-256",
        }
    }

    const fn head(self) -> &'static [u8] {
        match self {
            Self::P384 => P384_HEAD,
            Self::P256 => P256_HEAD,
        }
    }

    fn hpke(self) -> (&'static dyn Hpke, Suite) {
        match self {
            Self::P384 => (DH_KEM_P384_HKDF_SHA384_AES_256, Suite { kem: 0x11, kdf: 2, aead: 2 }),
            Self::P256 => (DH_KEM_P256_HKDF_SHA256_AES_256, Suite { kem: 0x10, kdf: 1, aead: 2 }),
        }
    }

    fn holds(self, point: &[u8]) -> bool {
        let algorithm = match self {
            Self::P384 => &ECDH_P384,
            Self::P256 => &ECDH_P256,
        };
        ParsedPublicKey::try_from(UnparsedPublicKey::new(algorithm, point)).is_ok()
    }
}

impl SealTo {
    /// Reads a public key in DER, in the one spelling that it has.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for another kind of key, and for a point that is not on the curve.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        let curve = Curve::ALL.into_iter().find(|curve| {
            let point = der.strip_prefix(curve.head());
            // Uncompressed, as the head's lengths say.
            point.is_some_and(|point| point.first() == Some(&4) && curve.holds(point))
        });
        let curve = curve.ok_or(Fault::Malformed { what: "public key" })?;
        Ok(Self { curve, der: der.to_vec() })
    }

    /// Reads a public key as PEM; what stands before and behind it says nothing.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for anything else, a private key above all.
    pub fn from_pem(text: &str) -> Result<Self, Fault> {
        const NONE: Fault = Fault::Malformed { what: "public key" };
        let (_, rest) = text.split_once("-----BEGIN PUBLIC KEY-----").ok_or(NONE)?;
        let (body, _) = rest.split_once("-----END PUBLIC KEY-----").ok_or(NONE)?;
        let letters: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        Self::from_der(&STANDARD.decode(letters).map_err(|_| NONE)?)
    }

    /// Its DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// SHA-256 of its DER: the name by which both sides know it, as `openssl pkey -pubin -outform DER` and `sha256sum`
    /// compute it too.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// Seals a secret, bound to `info` and to the digest of what it goes with.
    ///
    /// # Errors
    /// [`Fault::Module`].
    pub fn seal(&self, info: &[u8], aad: &[u8], secret: &[u8]) -> Result<SealedTo, Fault> {
        const FAILED: Fault = Fault::Module { doing: "sealing to a public key" };
        let (hpke, suite) = self.curve.hpke();
        let point = HpkePublicKey(self.der[self.curve.head().len()..].to_vec());
        let (enc, sealed) = hpke.seal(info, aad, secret, &point).map_err(|_| FAILED)?;
        Ok(SealedTo { suite, enc: enc.0, sealed })
    }
}

impl fmt::Debug for SealTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealTo[{} {}]", self.curve.as_str(), hex(&self.fingerprint()))
    }
}

#[cfg(test)]
mod tests {
    use rustls::crypto::aws_lc_rs::hpke::DH_KEM_P521_HKDF_SHA512_AES_256;
    use rustls::crypto::hpke::{EncapsulatedSecret, HpkePrivateKey};

    use super::*;
    use crate::unhex;

    fn bytes(hex: &str) -> Vec<u8> {
        unhex(hex).unwrap()
    }

    fn opened(hpke: &dyn Hpke, secret: &str, enc: &[u8], [info, aad, sealed]: [&[u8]; 3]) -> Option<Vec<u8>> {
        let secret = HpkePrivateKey::from(bytes(secret));
        hpke.open(&EncapsulatedSecret(enc.to_vec()), info, aad, sealed, &secret).ok()
    }

    /// RFC 9180, A.6.1: P-521, HKDF-SHA512, AES-256-GCM, through the code that seals here on the other curves.
    #[test]
    fn the_vector_of_the_standard_opens() {
        let enc = bytes(
            "040138b385ca16bb0d5fa0c0665fbbd7e69e3ee29f63991d3e9b5fa740aab8900aaeed46ed73a49055758425a0ce36507c54b2\
             9cc5b85a5cee6bae0cf1c21f2731ece2013dc3fb7c8d21654bb161b463962ca19e8c654ff24c94dd2898de12051f1ed0692237\
             fb02b2f8d1dc1c73e9b366b529eb436e98a996ee522aef863dd5739d2f29b0",
        );
        let secret = "01462680369ae375e4b3791070a7458ed527842f6a98a79ff5e0d4cbde83c27196a3916956655523a6a2556a7af62c5c\
                      adabe2ef9da3760bb21e005202f7b2462847";
        let info = bytes("4f6465206f6e2061204772656369616e2055726e");
        let sealed = bytes(
            "170f8beddfe949b75ef9c387e201baf4132fa7374593dfafa90768788b7b2b200aafcc6d80ea4c795a7c5b841a",
        );
        let plain = opened(DH_KEM_P521_HKDF_SHA512_AES_256, secret, &enc, [&info, b"Count-0", &sealed]);
        assert_eq!(plain.unwrap(), b"Beauty is truth, truth beauty");
    }

    /// The standard has no vector for P-384: this key and its messages come from Python's `cryptography` 48.
    const SECRETS: [(Curve, &str, &str, &str, &str); 2] = [
        (
            Curve::P384,
            "770dbb53508859d4df1ec7cfe71ed948cd0e0f40d1aa90ffd009316d737087b6dc592bc6a793e9e7ff1d3a95183e5214",
            "042a69da2b4ab5697c5601f39151bcca81dc8f43726fe74126012cacd6d414b1e72d0f7f1ff111588a580adc85a601f5\
             587d158dfc429c278c86bc415e9b22ac733b0560976b3b2fdb75797297978efe3864c4de79296841fe9fc9de7600ca5d\
             c9",
            "04900cd50a9ba9963b8c377cb0efb7d07367361ad88bc9b4a81a7d506b5f8a22eb79546c0e5aa3888e89b7cfb3d149c6\
             32bbaa8354b62c3d165c5a4e560a100a6abd86ea6b1b538c335e92144fadeb93e6adf6e0dcad78781dad5dcd5e7bd52b\
             d3",
            "723d2798507fa807c38ca4f9660eae5ded284330d6ddb07794f2a715229daf222e7f616811252a9fe0d1481a58a541eb",
        ),
        (
            Curve::P256,
            "2bb8cbc635dd4bf6533570707bff9dafc3ce69b1bef17d66efd6e74e96fd370c",
            "049b2ac297bc93f65626b8b89221d255f7f3d1121da430a63f69463dcd54d0ab003b66a17b7643d836e541dd683d00c2\
             e656f83e528d79f403be6c484d0fc579ec",
            "04194366c4af7f387376f71458cf4e2804187b0bba2befb1e92873e4fffa50b912b26463b84dfff5ad0e920a941b76e9\
             6e5bbbbbf8487a71acffe1167d57aeba27",
            "766401cd2771b324144c0db460de2156763dbb6af9c8168c3d87a618cf8d6aa0104c7902409a22cd61d706b6521fb689",
        ),
    ];

    #[test]
    fn what_a_stranger_sealed_opens() {
        for (curve, secret, _, enc, sealed) in SECRETS {
            let (hpke, _) = curve.hpke();
            let plain = opened(hpke, secret, &bytes(enc), [b"clearinghouse/pkg/v1", b"", &bytes(sealed)]);
            assert_eq!(plain.unwrap(), (0..32).collect::<Vec<u8>>());
        }
    }

    #[test]
    fn what_is_sealed_opens_under_the_private_key_and_nothing_else_than_was_said() {
        for (curve, secret, public, ..) in SECRETS {
            let key = SealTo::from_der(&[curve.head(), &bytes(public)].concat()).unwrap();
            let sealed = key.seal(b"info", b"aad", b"secret").unwrap();
            let (hpke, _) = curve.hpke();
            let open =
                |info: &[u8], aad: &[u8]| opened(hpke, secret, &sealed.enc, [info, aad, &sealed.sealed]);
            assert_eq!(open(b"info", b"aad").unwrap(), b"secret");
            assert_eq!((open(b"inf0", b"aad"), open(b"info", b"aae")), (None, None));
            assert_ne!(key.seal(b"info", b"aad", b"secret").unwrap(), sealed);
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        for (curve, _, public, ..) in SECRETS {
            let der = [curve.head(), &bytes(public)].concat();
            let read = SealTo::from_der(&der).unwrap();
            assert_eq!(read.curve(), curve);
            let body = STANDARD.encode(&der);
            let pem = format!("a note\n-----BEGIN PUBLIC KEY-----\r\n{body}\r\n-----END PUBLIC KEY-----\n");
            assert_eq!(SealTo::from_pem(&pem).unwrap(), read);
            assert!(SealTo::from_pem(&pem.replace("PUBLIC", "PRIVATE")).is_err());
            let mut off_the_curve = der.clone();
            *off_the_curve.last_mut().unwrap() ^= 1;
            let longer = [der.as_slice(), b"\0"].concat();
            for wrong in [off_the_curve.as_slice(), &longer, &der[..der.len() - 1], &der[1..], b""] {
                assert!(SealTo::from_der(wrong).is_err());
            }
        }
    }
}
