//! The voucher: what was found out about somebody, by whoever judged their card or their token. It serves once.

use domain::{Actor, Assurance, Purpose};
use jiff::Timestamp;
use seal::Place;
use serde::{Deserialize, Serialize};
use store::binding::{self, Identity};
use store::{Act, House, Refusal, View, challenge};

use crate::ceremony::LIFE;
use crate::passkeys::Refused;
use crate::{Trouble, carried, sign_in};

const PLACE: Place<'static> = Place { table: "outside", row: b"", column: "voucher" };

/// Who somebody is, on the word of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// By what they are known.
    pub identity: Identity,
    /// How much that is worth.
    pub assurance: Assurance,
    /// When they were seen to be themself.
    pub verified_at: Timestamp,
    /// What the issuer calls its session.
    pub outside: Option<String>,
}

/// What is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Voucher {
    pub(super) vouched: Vouched,
    errand: String,
    nonce: String,
    expires_at: Timestamp,
}

/// Makes a voucher for the errand of this mark. `once` is what serves once with it, by its digest and until its end;
/// `told` goes into its leaf: digests and codes.
///
/// # Errors
/// [`Refused::Again`] when that served before.
pub async fn vouch(
    house: &House,
    (errand, once): (&str, Option<([u8; 32], Timestamp)>),
    vouched: Vouched,
    told: serde_json::Value,
) -> Result<String, Trouble> {
    let expires_at = house.now().checked_add(LIFE).map_err(|_| Refusal::Expired)?;
    let voucher = Voucher { vouched, errand: errand.to_owned(), nonce: sign_in::secret(house)?, expires_at };
    let sealed = carried::seal(house, PLACE, &voucher).await?;
    let identity = voucher.vouched.identity;
    let noted = house.act(Actor::House, Purpose::Access, "outside::vouch", move |act| {
        if let Some((digest, until)) = once {
            challenge::spend(act, digest, until)?;
        }
        binding::vouched(act, &identity, &told)
    });
    match noted.await {
        Err(error) if error.refusal() == Some(Refusal::Conflict) => Err(super::stranger(Refused::Again)),
        noted => Ok(noted.map(|()| sealed)?),
    }
}

impl Voucher {
    /// Opens a voucher that was made for this errand and did not serve yet.
    pub(super) fn opened(
        view: &View<'_>,
        sealed: &str,
        errand: &str,
    ) -> store::Result<Result<Self, Refused>> {
        let Some(voucher) = carried::open::<Self>(view, &PLACE, sealed) else {
            return Ok(Err(Refused::NotAsked));
        };
        if !seal::same(voucher.errand.as_bytes(), errand.as_bytes()) {
            return Ok(Err(Refused::NotAsked));
        }
        if voucher.expires_at <= view.now() {
            return Ok(Err(Refused::TooLate));
        }
        if challenge::is_spent(view, view.secret_digest(voucher.nonce.as_bytes()))? {
            return Ok(Err(Refused::Again));
        }
        Ok(Ok(voucher))
    }

    /// Once and never again.
    pub(super) fn spend(&self, act: &Act<'_>) -> store::Result<()> {
        challenge::spend(act, act.secret_digest(self.nonce.as_bytes()), self.expires_at)
    }
}
