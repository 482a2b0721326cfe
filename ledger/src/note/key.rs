//! Verifier keys: who may sign a note, as one line of text.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Refusal;
use crate::hash::sha256;

const PUBLIC_BYTES: usize = 32;
/// What the text of a private key begins with.
const PRIVATE: &str = "PRIVATE+KEY+";

/// What an Ed25519 key signs; part of its id, so that one key is never taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The text of a note.
    Note,
    /// A cosignature: that a witness saw a checkpoint at a time.
    Cosignature,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Note),
            4 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// An Ed25519 key with the name under which it signs. Its text is `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    kind: Kind,
    name: String,
    id: u32,
    public: [u8; PUBLIC_BYTES],
}

impl VerifierKey {
    /// Names a public key. A name is a URL without scheme, and has neither spaces nor `+`.
    pub fn new(name: &str, public: [u8; PUBLIC_BYTES]) -> Result<Self, Refusal> {
        Self::of(Kind::Note, name, public)
    }

    /// Names the public key of a witness.
    pub fn of_witness(name: &str, public: [u8; PUBLIC_BYTES]) -> Result<Self, Refusal> {
        Self::of(Kind::Cosignature, name, public)
    }

    fn of(kind: Kind, name: &str, public: [u8; PUBLIC_BYTES]) -> Result<Self, Refusal> {
        if !is_name(name) {
            return Err(Refusal::Malformed { what: "key name" });
        }
        let mut named = format!("{name}\n").into_bytes();
        named.push(kind.byte());
        named.extend_from_slice(&public);
        let [a, b, c, d, ..] = sha256(&named);
        Ok(Self { kind, name: name.to_owned(), id: u32::from_be_bytes([a, b, c, d]), public })
    }

    /// What it signs.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name, which for a log is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of a hash over name and key; a hint for finding the key, not a proof.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The public key.
    pub fn public(&self) -> &[u8; PUBLIC_BYTES] {
        &self.public
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        ParsedPublicKey::new(&ED25519, self.public)
            .is_ok_and(|key| key.verify_sig(message, signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.kind.byte()];
        typed.extend_from_slice(&self.public);
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(typed))
    }
}

impl FromStr for VerifierKey {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "verifier key" };
        let mut fields = text.splitn(3, '+');
        let name = fields.next().ok_or(MALFORMED)?;
        // The id is only compared, as a part of the whole text below.
        let typed = fields.nth(1).ok_or(MALFORMED)?;
        let typed = STANDARD.decode(typed).map_err(|_| MALFORMED)?;
        let (byte, public) = typed.split_first().ok_or(MALFORMED)?;
        let kind = Kind::of(*byte).ok_or(MALFORMED)?;
        let key = Self::of(kind, name, public.try_into().map_err(|_| MALFORMED)?)?;
        match key.to_string() == text {
            true => Ok(key),
            false => Err(MALFORMED),
        }
    }
}

/// The text of a private key, as signed notes write it: `PRIVATE+KEY+name+id+base64(kind, seed)`. Whoever signs makes its
/// signing key of the seed; this crate never signs.
#[derive(Clone)]
pub struct SignerKey {
    /// What it signs.
    pub kind: Kind,
    /// The name under which it signs.
    pub name: String,
    /// The 32 bytes of the private key.
    pub seed: [u8; PUBLIC_BYTES],
}

impl SignerKey {
    /// The text, for the file that keeps it. `key` is the public half.
    pub fn text(&self, key: &VerifierKey) -> String {
        let mut typed = vec![self.kind.byte()];
        typed.extend_from_slice(&self.seed);
        format!("{PRIVATE}{}+{:08x}+{}", self.name, key.id(), STANDARD.encode(typed))
    }
}

impl FromStr for SignerKey {
    type Err = Refusal;

    /// The id in the text is checked by whoever knows the public half.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "private key" };
        let mut fields = text.strip_prefix(PRIVATE).ok_or(MALFORMED)?.splitn(3, '+');
        let name = fields.next().filter(|name| is_name(name)).ok_or(MALFORMED)?;
        let typed = STANDARD.decode(fields.nth(1).ok_or(MALFORMED)?).map_err(|_| MALFORMED)?;
        let (byte, seed) = typed.split_first().ok_or(MALFORMED)?;
        let kind = Kind::of(*byte).ok_or(MALFORMED)?;
        Ok(Self { kind, name: name.to_owned(), seed: seed.try_into().map_err(|_| MALFORMED)? })
    }
}

impl fmt::Debug for SignerKey {
    /// Without the seed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({})", self.name)
    }
}

/// Whether a text can name a key or a log.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().any(|letter| letter == '+' || letter.is_whitespace() || letter.is_control())
}
