//! Secrets that are handed out once: 256 bits, shown to whoever asked for them, kept here as keyed digests only.

use domain::{Id, InvalidId};
use seal::Random;

use crate::outcome::{Doing, Failure, Result};

/// A new secret: 64 hexadecimal digits.
pub fn fresh(random: &dyn Random) -> Result<String> {
    let bytes: [u8; 32] = seal::random::bytes(random).doing("make a secret")?;
    Ok(seal::hex(&bytes))
}

/// A new name that nobody else has, such as the id of a credential.
pub fn fresh_id<T: Id>(random: &dyn Random) -> Result<T> {
    let bytes: [u8; 16] = seal::random::bytes(random).doing("make an id")?;
    T::parse(&seal::hex(&bytes)).doing("make an id")
}

/// The readable id that a name suggests: lower case, everything but letters and digits as single hyphens.
pub fn slug<T: Id>(name: &str) -> Result<T> {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    T::parse(&words.join("-")).map_err(|InvalidId { kind }| {
        Failure::new(format!("the name {name:?} makes no {kind}"))
            .hint("give one of letters, digits and hyphens with --id")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ProviderId;
    use seal::SystemRandom;

    #[test]
    fn a_secret_has_256_bits_and_is_never_the_same() {
        let (one, other) = (fresh(&SystemRandom).unwrap(), fresh(&SystemRandom).unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }

    #[test]
    fn a_name_becomes_a_readable_id() {
        assert_eq!(slug::<ProviderId>("  Harbor Chat, Inc.").unwrap().as_str(), "harbor-chat-inc");
        assert!(slug::<ProviderId>("???").is_err());
    }
}
