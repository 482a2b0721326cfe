//! The verifier keys: all that is believed.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

use crate::base64;
use crate::digest;
use crate::policy::{Policy, PolicyFault};

/// The type byte of Ed25519 in a verifier key.
const SIGNS: u8 = 1;
/// The type byte of a witness, which signs with Ed25519 and says when.
const COSIGNS: u8 = 4;
/// Keys that are taken at a time.
const MOST_KEYS: usize = 64;

/// One key, as its one line of text has it: `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: String,
    id: [u8; 4],
    public: [u8; 32],
}

/// All that is believed: keys by their names, and whom else a policy asks for.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    named: BTreeMap<String, Key>,
    policy: Option<Policy>,
}

/// Why a key is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Its text has another form, or its id is not that of its name and key.
    #[error("this is not a verifier key: {0}")]
    Malformed(String),
    /// Two keys of one name.
    #[error("two keys have the name {0}")]
    Twice(String),
    /// No key at all, or far too many.
    #[error("there are {0} keys; at least one and at most {MOST_KEYS} are needed")]
    Count(usize),
    /// The policy is none.
    #[error("this is not a policy: {0}")]
    Policy(#[from] PolicyFault),
}

impl Key {
    /// Reads the text of a key and holds its id against its name.
    ///
    /// # Errors
    /// [`KeyFault::Malformed`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        Self::parsed(text, SIGNS).ok_or_else(|| KeyFault::Malformed(text.chars().take(80).collect()))
    }

    /// Reads the text of a witness's key.
    pub(crate) fn of_witness(text: &str) -> Option<Self> {
        Self::parsed(text, COSIGNS)
    }

    fn parsed(text: &str, kind: u8) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let (id, encoded) = rest.split_once('+')?;
        let decoded = base64::decoded(encoded)?;
        let (found, public) = decoded.split_first()?;
        let key = Self {
            name: name.to_owned(),
            id: digest::unhex(id)?,
            public: public.try_into().ok().filter(|_| *found == kind)?,
        };
        let named = digest::sha256(&[name.as_bytes(), b"\n", &[kind], &key.public]);
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        (is_name && named[..4] == key.id).then_some(key)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that stands before its signatures.
    pub(crate) const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The key itself, whatever it is called.
    pub(crate) const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether its holder signed this.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public).verify(message, signature).is_ok()
    }
}

impl Keys {
    /// Reads keys, one a line; empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        Self::read(text, None)
    }

    /// Reads keys as [`Keys::parse`] does, and a policy (C2SP tlog-policy): its logs are believed like the keys, and a
    /// checkpoint holds only if enough of its witnesses signed as well.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn under_policy(text: &str, policy: &str) -> Result<Self, KeyFault> {
        Self::read(text, Some(Policy::parse(policy)?))
    }

    fn read(text: &str, policy: Option<Policy>) -> Result<Self, KeyFault> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut named = BTreeMap::new();
        let logs = policy.iter().flat_map(Policy::logs).cloned().map(Ok);
        for key in logs.chain(lines.map(Key::parse)) {
            let key = key?;
            let name = key.name.clone();
            if named.insert(name.clone(), key).is_some_and(|known: Key| known != named[&name]) {
                return Err(KeyFault::Twice(name));
            }
        }
        match named.len() {
            1..=MOST_KEYS => Ok(Self { named, policy }),
            count => Err(KeyFault::Count(count)),
        }
    }

    /// The key of a name.
    pub(crate) fn named(&self, name: &str) -> Result<&Key, String> {
        self.named.get(name).ok_or_else(|| format!("no key of the name {name} was given"))
    }

    /// The same keys, asking for nobody else.
    pub(crate) fn without_policy(&self) -> Self {
        Self { named: self.named.clone(), policy: None }
    }

    /// Whom else a checkpoint needs.
    pub(crate) const fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the text of C2SP signed-note.
    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_key_of_the_standard_is_read() {
        assert_eq!(Key::parse(EXAMPLE).unwrap().name(), "example.com/foo");
    }

    #[test]
    fn a_key_whose_id_is_not_its_own_is_refused() {
        assert!(Key::parse(&EXAMPLE.replace("530d903a", "530d903b")).is_err());
        assert!(Key::parse(&EXAMPLE.replace("foo", "fop")).is_err());
        assert!(Key::parse("example.com/foo").is_err());
    }

    #[test]
    fn one_name_has_one_key() {
        assert!(Keys::parse(&format!("# ours\n\n{EXAMPLE}\n{EXAMPLE}\n")).is_ok());
        assert_eq!(Keys::parse("# none\n").unwrap_err(), KeyFault::Count(0));
    }
}
