//! What the listener for cards does with a card: judges it, and sends its person back to their face with a voucher.

use card::{Card, Wrong};
use domain::{Assurance, Means};
use serde_json::json;
use store::House;
use store::binding::Identity;

use crate::Trouble;
use crate::outside::{self, Cards, Vouched};
use crate::passkeys::Refused;

/// Judges the certificates that somebody showed, whose key TLS has seen, and answers where they go with their voucher.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong with the card, or with the way by which they came.
pub async fn vouch(
    house: &House,
    cards: &dyn Cards,
    ask: &str,
    shown: &[Vec<u8>],
) -> Result<String, Trouble> {
    let ask = opened(house, ask).await?.map_err(outside::stranger)?;
    let card = match cards.trust() {
        Ok(trust) => trust.judge(shown, house.now()),
        Err(error) => {
            tracing::error!(%error, "roots or revocation lists of cards cannot be read: no card opens anything");
            Err(Wrong::Unlisted)
        }
    };
    let card = card.map_err(|wrong| outside::stranger(Refused::Card(wrong)))?;
    let told = json!({ "certificate": card.sha256 });
    let voucher = outside::vouch(house, (&ask.errand, None), vouched(card, house), told).await?;
    Ok(format!("{}/enter/back?voucher={voucher}", ask.face))
}

/// Where somebody came from with this, and may begin again.
///
/// # Errors
/// A fault; nothing when it was never asked here, or is over.
pub async fn back(house: &House, ask: &str) -> Result<Option<String>, Trouble> {
    Ok(opened(house, ask).await?.ok().map(|ask| format!("{}/sign-in", ask.face)))
}

async fn opened(house: &House, ask: &str) -> Result<Result<outside::Ask, Refused>, Trouble> {
    let ask = ask.to_owned();
    Ok(house.read("cards::ask", move |view| Ok(outside::opened_ask(view, &ask))).await?)
}

fn vouched(card: Card, house: &House) -> Vouched {
    Vouched {
        identity: Identity { means: Means::Card, issuer: card.root.sha256, subject: card.subject },
        assurance: if card.hardware { Assurance::Aal3 } else { Assurance::Aal2 },
        verified_at: house.now(),
        outside: None,
    }
}
