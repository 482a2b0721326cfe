//! PIV and CAC cards: whether a certificate that somebody holds the key of stands for a person now. Values in, values
//! out: whoever speaks TLS has seen that the key is there, and the caller brings the clock. Paths, signatures and
//! revocation lists are checked by `rustls-webpki`, taken unmodified; what is read here besides is what it does not tell:
//! what a certificate is for and the name of its subject. Deliberately absent: persons, files, the network, and every use
//! of a common name.

mod judge;
mod subject;
#[cfg(feature = "testing")]
pub mod testing;
mod trust;
mod wrong;

pub use judge::Card;
pub use trust::{Root, Trust, Unreadable};
pub use wrong::Wrong;
