//! Coming in on the word of another one: the authority of a card, or an issuer of OIDC. A face sends somebody out on an
//! errand, whose record stays sealed in their browser's cookie; they come back with a voucher, sealed by whoever judged
//! card or token, which serves once, in that browser, within five minutes. What it opens is decided here, by what two
//! people or a ticket recorded, and by nothing that the other one says about rights.

mod enter;
mod errand;
mod issuers;
mod voucher;
mod ways;

use store::Origin;

use crate::Trouble;
use crate::passkeys::Refused;

pub use enter::{Entered, Return, enter, look, said};
pub use errand::{Aim, Errand, NewErrand};
pub use issuers::{Fetch, Fetching, Issuer, Pinned};
pub use voucher::{Vouched, vouch};
pub use ways::{CARD, Cards, Ways};

pub(crate) use errand::{Ask, opened_ask};

/// A refusal of a request whose own leaf says why.
pub(crate) fn stranger(why: Refused) -> Trouble {
    if let Some(here) = Origin::current() {
        here.is_denied(why.code(), None);
    }
    Trouble::SignIn(why)
}
