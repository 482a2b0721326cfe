//! The envelope: root key, epoch key, data key. Each is cleared from memory when dropped and prints as
//! `[key]`.

use std::fmt;

use aws_lc_rs::{hkdf, hmac};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Fault;
use crate::custody::{Custody, CustodyFault};
use crate::gcm::{self, KEY_BYTES};
use crate::random::{self, Random};

const ROOT_SALT: &[u8] = b"seal/root/v1";
const WRAP_EPOCH_LABEL: &str = "seal/wrap-epoch/v1";
const EPOCH_PURPOSE: &[u8] = b"seal/epoch-key/v1";
const DATA_PURPOSE: &[u8] = b"seal/data-key/v1";

#[derive(Clone, Zeroize, ZeroizeOnDrop)]
struct Secret([u8; KEY_BYTES]);

/// A key sealed under the key above it. Safe to store and to back up; worthless once the key above is
/// destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey(pub Vec<u8>);

/// The top of the envelope: what signs and what finds without storing are derived from it. It stands in a file, plain in
/// small installations, sealed by a hardware module or a key service in others.
pub struct RootKey(Secret);

impl RootKey {
    /// Takes 32 uniformly random bytes; the binary reads them from a file that only its user may read.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Secret(bytes))
    }

    /// An independent secret for `label`, for instance an [`IndexKey`] or a signing seed. The same root and
    /// label give the same bytes for ever, so a label is part of the stored format.
    pub fn derive(&self, label: &str) -> Result<[u8; KEY_BYTES], Fault> {
        let mut out = [0; KEY_BYTES];
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, ROOT_SALT).extract(&self.0.0);
        root.expand(&[label.as_bytes()], KeyLength)
            .and_then(|okm| okm.fill(&mut out))
            .map_err(|_| Fault::Module { doing: "deriving a key" })?;
        Ok(out)
    }

    /// Seals an epoch key under the root, as houses did before epoch keys had a custody that can destroy them.
    pub fn wrap_epoch(&self, epoch: &EpochKey, random: &dyn Random) -> Result<WrappedKey, Fault> {
        let number = epoch.number.to_be_bytes();
        let parts = [EPOCH_PURPOSE, number.as_slice()];
        gcm::lock(&*self.wrapping_key()?, &parts, &epoch.key.0, random).map(WrappedKey)
    }

    /// Opens what [`RootKey::wrap_epoch`] sealed; refuses one of another number or another root.
    pub fn unwrap_epoch(&self, number: u32, wrapped: &WrappedKey) -> Result<EpochKey, Fault> {
        let parts = [EPOCH_PURPOSE, &number.to_be_bytes()];
        let key = unwrap(&*self.wrapping_key()?, &parts, wrapped, "wrapped epoch key")?;
        Ok(EpochKey { number, key })
    }

    fn wrapping_key(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, Fault> {
        self.derive(WRAP_EPOCH_LABEL).map(Zeroizing::new)
    }
}

/// The key of one rotation period. Destroying it kills every data key that was not re-wrapped, in old backups
/// too.
#[derive(Clone)]
pub struct EpochKey {
    number: u32,
    key: Secret,
}

impl EpochKey {
    /// A fresh key for epoch `number`.
    pub fn generate(number: u32, random: &dyn Random) -> Result<Self, Fault> {
        Ok(Self { number, key: Secret(random::bytes(random)?) })
    }

    /// Seals it under the custody's key of that name, for storage: worthless once that key is destroyed.
    pub fn wrapped_by(&self, custody: &dyn Custody, name: &str) -> Result<WrappedKey, CustodyFault> {
        custody.wrap(name, &self.key.0).map(WrappedKey)
    }

    /// Opens what [`EpochKey::wrapped_by`] sealed.
    pub fn unwrapped_by(
        custody: &dyn Custody,
        name: &str,
        number: u32,
        wrapped: &WrappedKey,
    ) -> Result<Self, CustodyFault> {
        Ok(Self { number, key: Secret(custody.unwrap(name, &wrapped.0)?) })
    }

    /// Whether both are the same key, told in constant time.
    pub fn is(&self, other: &Self) -> bool {
        self.number == other.number && crate::same(&self.key.0, &other.key.0)
    }

    /// Which epoch this is; stored beside every key it wraps.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Seals a data key for storage, bound to this epoch and to `context`, the identity of what the key will
    /// open.
    pub fn wrap(&self, key: &DataKey, context: &[u8], random: &dyn Random) -> Result<WrappedKey, Fault> {
        let number = self.number.to_be_bytes();
        gcm::lock(&self.key.0, &[DATA_PURPOSE, &number, context], &key.0.0, random).map(WrappedKey)
    }

    /// Opens a data key; refuses one from another epoch or for another context.
    pub fn unwrap(&self, wrapped: &WrappedKey, context: &[u8]) -> Result<DataKey, Fault> {
        let number = self.number.to_be_bytes();
        unwrap(&self.key.0, &[DATA_PURPOSE, &number, context], wrapped, "wrapped data key").map(DataKey)
    }
}

/// The key of one sealed thing: a blob, a rendition, a package, or the private columns of one record.
#[derive(Clone)]
pub struct DataKey(Secret);

impl DataKey {
    /// A fresh key. One thing, one key: destruction orders name single things.
    pub fn generate(random: &dyn Random) -> Result<Self, Fault> {
        Ok(Self(Secret(random::bytes(random)?)))
    }

    /// Takes 32 uniformly random bytes, for instance a package key that came from elsewhere.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Secret(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0.0
    }
}

/// The key of keyed digests: it makes selectors, tokens and secrets findable without storing them.
pub struct IndexKey(hmac::Key);

impl IndexKey {
    /// Takes 32 uniformly random bytes, as [`RootKey::derive`] gives them, and clears them.
    pub fn from_bytes(mut bytes: [u8; KEY_BYTES]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        bytes.zeroize();
        Self(key)
    }

    pub(crate) fn hmac(&self) -> &hmac::Key {
        &self.0
    }
}

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}

fn unwrap(
    key: &[u8; KEY_BYTES],
    parts: &[&[u8]],
    wrapped: &WrappedKey,
    what: &'static str,
) -> Result<Secret, Fault> {
    let opened = gcm::unlock(key, parts, &wrapped.0, what)?;
    let mut secret = Secret([0; KEY_BYTES]);
    if opened.len() != KEY_BYTES {
        return Err(Fault::Malformed { what });
    }
    secret.0.copy_from_slice(&opened);
    Ok(secret)
}

macro_rules! prints_as_key {
    ($($name:ty),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[key]")
            }
        }
    )+};
}

prints_as_key!(RootKey, EpochKey, DataKey, IndexKey);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRandom;

    fn root(byte: u8) -> RootKey {
        RootKey::from_bytes([byte; KEY_BYTES])
    }

    #[test]
    fn a_data_key_comes_back_through_the_whole_envelope() {
        let random = SeededRandom::from_seed(1);
        let (root, epoch) = (root(7), EpochKey::generate(20, &random).unwrap());
        let data = DataKey::generate(&random).unwrap();
        let stored_epoch = root.wrap_epoch(&epoch, &random).unwrap();
        let stored_data = epoch.wrap(&data, b"blob/1", &random).unwrap();

        let epoch_again = root.unwrap_epoch(20, &stored_epoch).unwrap();
        let data_again = epoch_again.unwrap(&stored_data, b"blob/1").unwrap();
        assert_eq!(epoch_again.number(), 20);
        assert_eq!(data_again.bytes(), data.bytes());
        assert!(stored_data.0.len() < 200);
    }

    #[test]
    fn a_key_wrapped_in_another_epoch_is_refused() {
        let random = SeededRandom::from_seed(2);
        let epoch = EpochKey::generate(1, &random).unwrap();
        let stored = epoch.wrap(&DataKey::generate(&random).unwrap(), b"blob/1", &random).unwrap();
        let other = EpochKey::generate(2, &random).unwrap();
        assert!(matches!(other.unwrap(&stored, b"blob/1"), Err(Fault::NotAuthentic { .. })));
        // The same key bytes under another number are another epoch too.
        let renumbered = EpochKey { number: 2, key: epoch.key.clone() };
        assert!(matches!(renumbered.unwrap(&stored, b"blob/1"), Err(Fault::NotAuthentic { .. })));
    }

    #[test]
    fn a_key_wrapped_for_another_context_is_refused() {
        let random = SeededRandom::from_seed(3);
        let epoch = EpochKey::generate(1, &random).unwrap();
        let stored = epoch.wrap(&DataKey::generate(&random).unwrap(), b"blob/1", &random).unwrap();
        assert!(matches!(epoch.unwrap(&stored, b"blob/2"), Err(Fault::NotAuthentic { .. })));
    }

    #[test]
    fn an_epoch_key_opens_only_under_its_root_and_number() {
        let random = SeededRandom::from_seed(4);
        let stored = root(1).wrap_epoch(&EpochKey::generate(5, &random).unwrap(), &random).unwrap();
        assert!(root(1).unwrap_epoch(5, &stored).is_ok());
        assert!(matches!(root(1).unwrap_epoch(6, &stored), Err(Fault::NotAuthentic { .. })));
        assert!(matches!(root(2).unwrap_epoch(5, &stored), Err(Fault::NotAuthentic { .. })));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_of_a_wrapped_key_is_refused() {
        let random = SeededRandom::from_seed(5);
        let epoch = EpochKey::generate(1, &random).unwrap();
        let stored = epoch.wrap(&DataKey::generate(&random).unwrap(), b"blob/1", &random).unwrap();
        for bit in 0..stored.0.len() * 8 {
            let mut changed = stored.clone();
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert!(epoch.unwrap(&changed, b"blob/1").is_err(), "bit {bit}");
        }
        for length in 0..stored.0.len() {
            assert!(epoch.unwrap(&WrappedKey(stored.0[..length].to_vec()), b"blob/1").is_err());
        }
    }

    #[test]
    fn labels_derive_independent_secrets_that_repeat() {
        assert_eq!(root(1).derive("index").unwrap(), root(1).derive("index").unwrap());
        assert_ne!(root(1).derive("index").unwrap(), root(1).derive("ledger").unwrap());
        assert_ne!(root(1).derive("index").unwrap(), root(2).derive("index").unwrap());
    }

    #[test]
    fn no_key_ever_prints_its_bytes() {
        let random = SeededRandom::from_seed(6);
        let epoch = EpochKey::generate(0xAB, &random).unwrap();
        assert_eq!(format!("{:?}", root(0xAB)), "[key]");
        assert_eq!(format!("{epoch:?}"), "[key]");
        assert_eq!(format!("{:#?}", DataKey::from_bytes([0xAB; KEY_BYTES])), "[key]");
        assert_eq!(format!("{:?}", IndexKey::from_bytes([0xAB; KEY_BYTES])), "[key]");
    }
}
