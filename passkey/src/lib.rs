//! WebAuthn ceremonies for one host name: what the browser is asked, and whether its answer proves that a person holds
//! a key and used it just now. Values in, values out: the caller keeps what a ceremony has to remember, sees to it that
//! each is used once and in time, and knows whose key it is. Deliberately absent: persons, storing, policy beyond what
//! [`Rules`] says, and every signature check of our own: those are `webauthn-rs-core`'s, taken unmodified.

mod enrol;
mod party;
mod prove;
#[cfg(feature = "testing")]
pub mod testing;
mod wrong;

pub use enrol::{Attested, Key, Model, Newcomer, Rules};
pub use party::{Begun, LIFE, Party};
pub use prove::{Named, Proof, named};
pub use wrong::{Aaguid, Wrong};
