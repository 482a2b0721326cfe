//! How a call is signed, so that its receiver knows that we made it: the manner of Standard Webhooks, for which there are
//! ready programs in every language.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seal::IndexKey;

/// What stands before a secret when it is handed over.
const SECRET_MARK: &str = "whsec_";

/// The headers of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same for every try to say the same.
    pub id: String,
    /// `webhook-timestamp`: seconds; its receiver refuses what is older than some minutes.
    pub timestamp: String,
    /// `webhook-signature`: one for each secret that is good, with a space between them.
    pub signature: String,
}

/// Signs a body with every secret.
#[must_use]
pub fn signed(id: &str, second: i64, body: &[u8], secrets: &[[u8; 32]]) -> Signed {
    let mut said = format!("{id}.{second}.").into_bytes();
    said.extend_from_slice(body);
    let one = |secret: &[u8; 32]| {
        format!("v1,{}", STANDARD.encode(seal::keyed(&IndexKey::from_bytes(*secret), &said)))
    };
    let signature = secrets.iter().map(one).collect::<Vec<_>>().join(" ");
    Signed { id: id.to_owned(), timestamp: second.to_string(), signature }
}

/// A secret as it is handed over.
#[must_use]
pub fn written(secret: &[u8; 32]) -> String {
    format!("{SECRET_MARK}{}", STANDARD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // Made with Python: base64(hmac.new(bytes(range(32)), b'msg_1.1700000000.{"a":1}', 'sha256').digest()).
        let secret: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let made = signed("msg_1", 1_700_000_000, b"{\"a\":1}", &[secret, [7; 32]]);
        let (first, second) = made.signature.split_once(' ').unwrap();
        assert_eq!(first, "v1,AMaOha7DUT/0J0JMycRuYOBSvbx3WtwLd2khXXbaVj4=");
        assert!(second.starts_with("v1,") && second != first);
        assert_eq!(written(&secret), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    }
}
