//! The keys of an issuer (RFC 7517) and the check of a signature with them.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

use crate::Wrong;
use crate::jwt::{Algorithm, Token, decoded};

/// Bytes of a set of keys.
const MOST_BYTES: usize = 256 * 1024;
/// Keys of one issuer.
const MOST_KEYS: usize = 100;
/// Before the two halves of a point that is written out.
const POINT: u8 = 4;

/// The public keys of an issuer.
#[derive(Debug, Clone)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    name: Option<String>,
    /// What its issuer says that it is for, where it says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Written {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Keys {
    /// Reads a set. Keys for encryption and of kinds that are not taken are passed over.
    ///
    /// # Errors
    /// [`Wrong::Unreadable`].
    pub fn read(json: &[u8]) -> Result<Self, Wrong> {
        if json.len() > MOST_BYTES {
            return Err(Wrong::Unreadable);
        }
        let set: Set = serde_json::from_slice(json).map_err(|_| Wrong::Unreadable)?;
        if set.keys.len() > MOST_KEYS {
            return Err(Wrong::Unreadable);
        }
        let written = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self(written.filter_map(key).collect()))
    }

    /// Whether there is a key of the name that a token says. Not knowing it is the reason to read the set again.
    #[must_use]
    pub fn knows(&self, token: &str) -> bool {
        Token::read(token).map_or(true, |token| self.of(&token).is_ok())
    }

    /// What a token says, when one of these keys signed it; and what kind it says that it is.
    pub(crate) fn signed(&self, token: &str) -> Result<(Value, Option<String>), Wrong> {
        let token = Token::read(token)?;
        self.of(&token)?.verify(&token)?;
        Ok((token.payload()?, token.kind.clone()))
    }

    /// The key of a token: of its name; where it says none, the only one that fits.
    fn of(&self, token: &Token<'_>) -> Result<&Key, Wrong> {
        let mut fitting = self.0.iter().filter(|key| {
            key.fits(token.algorithm) && token.key.as_ref().is_none_or(|name| key.name.as_ref() == Some(name))
        });
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Wrong::UnknownKey),
        }
    }
}

fn key(written: Written) -> Option<Key> {
    if written.purpose.as_ref().is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let material = match (written.kty.as_str(), written.crv.as_deref()) {
        ("RSA", _) => Material::Rsa { n: decoded(&written.n).ok()?, e: decoded(&written.e).ok()? },
        ("EC", Some("P-256")) => Material::P256(point(&written, 32)?),
        ("EC", Some("P-384")) => Material::P384(point(&written, 48)?),
        _ => return None,
    };
    Some(Key { name: written.kid, algorithm: written.alg, material })
}

fn point(written: &Written, bytes: usize) -> Option<Vec<u8>> {
    let (x, y) = (decoded(&written.x).ok()?, decoded(&written.y).ok()?);
    (x.len() == bytes && y.len() == bytes).then(|| [&[POINT][..], &x, &y].concat())
}

impl Key {
    fn fits(&self, algorithm: Algorithm) -> bool {
        let of_kind = match algorithm {
            Algorithm::ES256 => matches!(self.material, Material::P256(_)),
            Algorithm::ES384 => matches!(self.material, Material::P384(_)),
            _ => matches!(self.material, Material::Rsa { .. }),
        };
        of_kind && self.algorithm.as_ref().is_none_or(|said| *said == format!("{algorithm:?}"))
    }

    fn verify(&self, token: &Token<'_>) -> Result<(), Wrong> {
        let (message, signature) = (token.signed.as_bytes(), &token.signature);
        let held = match (&self.material, rsa(token.algorithm)) {
            (Material::Rsa { n, e }, Some(how)) => {
                RsaPublicKeyComponents { n, e }.verify(how, message, signature)
            }
            (Material::P256(point), None) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Material::P384(point), None) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(message, signature)
            }
            _ => return Err(Wrong::UnknownKey),
        };
        held.map_err(|_| Wrong::Signature)
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 | Algorithm::ES384 => None,
    }
}
