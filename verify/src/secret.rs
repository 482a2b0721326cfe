//! An agency's key pair: made here, or by any tool that writes PKCS#8 or SEC 1; known by the fingerprint of its public
//! half.

use aws_lc_rs::agreement::{ECDH_P256, ECDH_P384, PrivateKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use zeroize::Zeroizing;

use crate::base64;
use crate::digest::{self, hex, unhex};
use crate::hpke::{self, Suite};

/// The longest file that is read as a key.
pub const MOST_KEY_BYTES: u64 = 16 << 10;

/// A curve that packages can be sealed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-384, the one that is made unless asked otherwise.
    P384,
    /// NIST P-256.
    P256,
}

/// The private half of a key pair.
pub struct Secret {
    curve: Curve,
    private: PrivateKey,
    point: Vec<u8>,
}

/// What stands before the numbers of a key in DER, for one curve (RFC 5208, 5915 and 5480): everything in it is fixed.
struct Form {
    suite: &'static Suite,
    public: &'static str,
    private: &'static str,
    between: &'static str,
}

impl Curve {
    const ALL: [Self; 2] = [Self::P384, Self::P256];

    const fn form(self) -> Form {
        match self {
            Self::P384 => Form {
                suite: &hpke::P384,
                public: "3076301006072a8648ce3d020106052b81040022036200",
                private: "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430",
                between: "a164036200",
            },
            Self::P256 => Form {
                suite: &hpke::P256,
                public: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
                private: "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420",
                between: "a144034200",
            },
        }
    }

    const fn algorithm(self) -> &'static aws_lc_rs::agreement::Algorithm {
        match self {
            Self::P384 => &ECDH_P384,
            Self::P256 => &ECDH_P256,
        }
    }
}

impl Secret {
    /// Makes a key pair.
    ///
    /// # Errors
    /// When the crypto module has no chance to give.
    pub fn generate(curve: Curve) -> Result<Self, String> {
        let made = PrivateKey::generate(curve.algorithm()).ok().and_then(|private| Self::of(curve, private));
        made.ok_or_else(|| "the crypto module could not make a key".to_owned())
    }

    /// Reads a private key as PEM.
    ///
    /// # Errors
    /// When it is another kind of file or of key.
    pub fn parse(pem: &str) -> Result<Self, String> {
        let der = block(pem, "PRIVATE KEY").or_else(|| block(pem, "EC PRIVATE KEY"));
        let der = der.ok_or("this is not a private key as PEM, or it is protected by a password")?;
        let read =
            |curve: Curve| Self::of(curve, PrivateKey::from_private_key_der(curve.algorithm(), &der).ok()?);
        let found = Curve::ALL.into_iter().find_map(read);
        found.ok_or_else(|| "the key is not one on the curve P-384 or P-256".to_owned())
    }

    fn of(curve: Curve, private: PrivateKey) -> Option<Self> {
        let point = private.compute_public_key().ok()?.as_ref().to_vec();
        Some(Self { curve, private, point })
    }

    /// The private half as PEM (PKCS#8). Keep it where nobody else can read it.
    ///
    /// # Errors
    /// When the crypto module does not give its number away.
    pub fn private_pem(&self) -> Result<Zeroizing<String>, String> {
        let number: Result<EcPrivateKeyBin<'static>, _> = self.private.as_be_bytes();
        let number = number.map_err(|_| "the key does not give its number away")?;
        let form = self.curve.form();
        let (head, between) = (raw(form.private), raw(form.between));
        let der = Zeroizing::new([&head, number.as_ref(), &between, &self.point].concat());
        Ok(Zeroizing::new(pem("PRIVATE KEY", &der)))
    }

    /// The public half as PEM: what the clearinghouse is given.
    #[must_use]
    pub fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.public_der())
    }

    fn public_der(&self) -> Vec<u8> {
        [raw(self.curve.form().public).as_slice(), &self.point].concat()
    }

    /// SHA-256 of the public half in DER.
    pub(crate) fn id(&self) -> [u8; 32] {
        digest::of(&self.public_der())
    }

    /// The same as it is read out over the telephone: groups of four digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        spaced(&hex(&self.id()))
    }

    /// The suite that seals to it.
    pub(crate) const fn suite(&self) -> &'static Suite {
        self.curve.form().suite
    }

    /// Opens what was sealed to it.
    pub(crate) fn open(&self, message: &hpke::Message<'_>) -> Option<Zeroizing<Vec<u8>>> {
        self.suite().open(&self.private, &self.point, message)
    }
}

/// A fingerprint in groups of four.
pub(crate) fn spaced(hex: &str) -> String {
    let groups: Vec<&str> = (0..hex.len()).step_by(4).filter_map(|at| hex.get(at..at + 4)).collect();
    groups.join(" ")
}

/// Our own hexadecimal constants.
fn raw(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).filter_map(|at| unhex::<1>(hex.get(at..at + 2)?)).flatten().collect()
}

fn pem(label: &str, der: &[u8]) -> String {
    let encoded = Zeroizing::new(base64::encoded(der));
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in (0..encoded.len()).step_by(64) {
        text.push_str(&encoded[line..encoded.len().min(line + 64)]);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// The bytes between the lines of a label; what stands before and behind says nothing.
fn block(text: &str, label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let letters =
        Zeroizing::new(body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect::<String>());
    base64::decoded(&letters).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_made_is_read_again() {
        for curve in Curve::ALL {
            let made = Secret::generate(curve).unwrap();
            let read = Secret::parse(&made.private_pem().unwrap()).unwrap();
            assert_eq!((read.id(), read.curve), (made.id(), curve));
            assert_ne!(Secret::generate(curve).unwrap().id(), made.id());
            assert_eq!(made.fingerprint().len(), 79);
        }
    }

    /// Made by `openssl ecparam -name secp384r1 -genkey` and `openssl pkey`, with what OpenSSL says of its public half.
    #[test]
    fn keys_of_openssl_are_read_in_both_of_its_forms() {
        for (pem, public_sha256) in [
            (
                include_str!("../fixtures/keys/openssl-p384-sec1.pem"),
                include_str!("../fixtures/keys/openssl-p384.sha256"),
            ),
            (
                include_str!("../fixtures/keys/openssl-p384-pkcs8.pem"),
                include_str!("../fixtures/keys/openssl-p384.sha256"),
            ),
            (
                include_str!("../fixtures/keys/openssl-p256-pkcs8.pem"),
                include_str!("../fixtures/keys/openssl-p256.sha256"),
            ),
        ] {
            let read = Secret::parse(pem).unwrap();
            assert_eq!(hex(&read.id()), public_sha256.trim());
            let again = Secret::parse(&read.private_pem().unwrap()).unwrap();
            assert_eq!(again.id(), read.id());
        }
    }

    #[test]
    fn another_file_or_kind_of_key_is_refused_with_a_reason() {
        for (text, says) in [
            ("", "not a private key"),
            (
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "password",
            ),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "curve"),
        ] {
            assert!(Secret::parse(text).is_err_and(|found| found.contains(says)), "{text}");
        }
    }
}
