//! The errand: who was sent out, by which face, what for.

use federation::Question;
use jiff::{SignedDuration, Timestamp};
use seal::Place;
use serde::{Deserialize, Serialize};
use store::{House, Refusal, View};

use super::stranger;
use crate::passkeys::Refused;
use crate::{Trouble, carried, sign_in};

/// How long somebody may be out.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
const ERRAND: Place<'static> = Place { table: "outside", row: b"", column: "errand" };
const ASK: Place<'static> = Place { table: "outside", row: b"", column: "ask" };

/// What somebody is sent out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// To come in.
    SignIn,
    /// To show again who they are, in the session that the errand is bound to.
    Verify,
    /// To be known by it from now on, with the ticket that the errand is bound to.
    Enrol,
}

/// An errand before it has a name.
#[derive(Debug, Clone)]
pub struct NewErrand<'a> {
    /// What for.
    pub aim: Aim,
    /// Which way: [`super::CARD`], or the name of an issuer.
    pub way: &'a str,
    /// Where the pages of the face begin.
    pub face: &'a str,
    /// The origin of the face, one of those that the operator named.
    pub origin: &'a str,
    /// The session by its name, or the ticket by its digest.
    pub bound: String,
    /// Where they go on afterwards.
    pub to: &'a str,
}

/// Somebody who was sent out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Errand {
    /// What for.
    pub aim: Aim,
    /// Which way.
    pub way: String,
    /// Where they go on afterwards.
    pub to: String,
    /// What an issuer is asked, where the way leads to one.
    pub question: Option<Question>,
    face: String,
    origin: String,
    pub(super) bound: String,
    nonce: String,
    expires_at: Timestamp,
}

/// What the listener for cards is told: where to send somebody back, and for which errand.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    /// Its origin, and where its pages begin.
    pub(crate) face: String,
    pub(crate) errand: String,
    expires_at: Timestamp,
}

impl Errand {
    /// Sends somebody out.
    ///
    /// # Errors
    /// A fault when there is no chance to be had.
    pub fn begin(house: &House, new: NewErrand<'_>) -> Result<Self, Trouble> {
        let NewErrand { aim, way, face, origin, bound, to } = new;
        Ok(Self {
            aim,
            way: way.to_owned(),
            to: to.to_owned(),
            question: None,
            face: face.to_owned(),
            origin: origin.to_owned(),
            bound,
            nonce: sign_in::secret(house)?,
            expires_at: house.now().checked_add(LIFE).map_err(|_| Refusal::Expired)?,
        })
    }

    /// What the browser keeps of it.
    ///
    /// # Errors
    /// A fault.
    pub async fn kept(&self, house: &House) -> Result<String, Trouble> {
        carried::seal(house, ERRAND, self).await
    }

    /// The errand that a browser kept, when it is one of this face.
    ///
    /// # Errors
    /// [`Refused::NotAsked`] when it kept none, [`Refused::TooLate`] when it is over.
    pub async fn of(house: &House, face: &str, kept: Option<String>) -> Result<Self, Trouble> {
        let Some(kept) = kept else { return Err(stranger(Refused::NotAsked)) };
        let opened = house.read("outside::errand", move |view| {
            let errand: Option<Self> = carried::open(view, &ERRAND, &kept);
            Ok(errand.map(|errand| (errand.expires_at > view.now(), errand)))
        });
        match opened.await?.filter(|(_, errand)| errand.face == face) {
            Some((true, errand)) => Ok(errand),
            Some((false, _)) => Err(stranger(Refused::TooLate)),
            None => Err(stranger(Refused::NotAsked)),
        }
    }

    /// The same, with a question for an issuer.
    #[must_use]
    pub fn asking(self, question: Question) -> Self {
        Self { question: Some(question), ..self }
    }

    /// When it is over.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// By what a voucher is made for it, which says nothing to anybody else.
    #[must_use]
    pub fn mark(&self, house: &House) -> String {
        seal::hex(&house.secret_digest(self.nonce.as_bytes()))
    }

    /// What the listener for cards is asked.
    ///
    /// # Errors
    /// A fault.
    pub async fn ask_of_card(&self, house: &House) -> Result<String, Trouble> {
        let face = format!("{}{}", self.origin, self.face);
        let ask = Ask { face, errand: self.mark(house), expires_at: self.expires_at };
        carried::seal(house, ASK, &ask).await
    }
}

/// What a browser brought to the listener for cards.
pub(crate) fn opened_ask(view: &View<'_>, ask: &str) -> Result<Ask, Refused> {
    let ask: Ask = carried::open(view, &ASK, ask).ok_or(Refused::NotAsked)?;
    if ask.expires_at > view.now() { Ok(ask) } else { Err(Refused::TooLate) }
}
