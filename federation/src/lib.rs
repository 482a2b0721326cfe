//! OpenID Connect as whoever relies on another one's word: the code flow with PKCE, identity tokens, and log-out from
//! behind. Values in, values out: the caller fetches what [`Request`] says, brings clock and chance, keeps what a question
//! has to remember, and sees to it that each is answered once. Signatures are checked with the one crypto module of this
//! house and with asymmetric algorithms only: "none" and shared secrets are no words of this language. Deliberately
//! absent: persons, rights, mail addresses, the implicit flow, encrypted tokens.

mod claims;
mod jwt;
mod keys;
mod provider;
mod question;
#[cfg(feature = "testing")]
pub mod testing;
mod wrong;

pub use claims::{LoggedOut, Party, Word};
pub use keys::Keys;
pub use provider::Provider;
pub use question::{Answer, Question, Request, id_token};
pub use wrong::Wrong;
