//! Envelope keys, chunked sealing bound to its context, digests and signatures.
//!
//! Everything that is secret at rest passes through here: a [`Custody`] wraps epoch keys, an epoch key wraps one
//! data key per sealed thing, and a data key seals bytes so that they open only in the place they were sealed
//! for. Losing a wrapped data key is how a thing is destroyed, in backups too. All primitives come from one
//! FIPS-capable module; MD5, which it lacks, is only ever a name that partners use and never a proof.
//! Deliberately absent: storage, key files, clocks and logs. The caller brings bytes, chance and places.

pub mod chunked;
pub mod custody;
pub mod digest;
mod fault;
pub mod field;
mod gcm;
pub mod hpke;
pub mod keys;
pub mod random;
pub mod sign;

pub use chunked::{Opener, Opening, ReadAt, Sealing};
pub use custody::{Custody, CustodyFault};
pub use digest::{DigestSet, Digests, Md5Share, Sha256, ShaShare, hex, keyed, same, sha256, unhex};
pub use fault::Fault;
pub use field::Place;
pub use hpke::SealTo;
pub use keys::{DataKey, EpochKey, IndexKey, RootKey, WrappedKey};
pub use random::{Random, SeededRandom, SystemRandom};
pub use sign::{SigningKey, verify};
