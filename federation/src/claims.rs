//! What a token says, once its signature holds, and whether that is to be believed here and now.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Keys, Question, Wrong};

/// How far another one's clock may be from ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How old a token may be when it comes.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// Letters of a subject.
const MOST_SUBJECT_CHARS: usize = 255;
/// What a token says whose bearer was logged out.
const LOGGED_OUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose word is taken, and as whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party<'a> {
    /// The issuer, exactly.
    pub issuer: &'a str,
    /// What it calls us.
    pub client: &'a str,
}

/// An issuer's word on who somebody is.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What the issuer calls them, for ever and nobody else.
    pub subject: String,
    /// When it saw them.
    pub auth_time: Timestamp,
    /// How well, in its own words.
    pub acr: Option<String>,
    /// By what means, in its own words.
    pub amr: Vec<String>,
    /// What it calls its session.
    pub sid: Option<String>,
    /// Everything else that it says. Facts about a person, which give nobody a right.
    pub claims: Map<String, Value>,
}

/// An issuer's word that a session of its is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// Whose.
    pub subject: Option<String>,
    /// Which one; all of them where it does not say.
    pub sid: Option<String>,
    /// The name of this token, which serves once.
    pub jti: String,
    /// When it is worth nothing any more.
    pub until: Timestamp,
}

#[derive(Deserialize)]
struct Said {
    iss: String,
    #[serde(default)]
    sub: Option<String>,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: Seconds,
    iat: Seconds,
    #[serde(default)]
    nbf: Option<Seconds>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    auth_time: Option<Seconds>,
    #[serde(default)]
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    jti: Option<String>,
    #[serde(default)]
    events: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A moment as tokens write it: seconds since 1970, sometimes with a fraction, which is dropped.
#[derive(Deserialize, Clone, Copy)]
#[serde(untagged)]
enum Seconds {
    Whole(i64),
    Broken(f64),
}

impl Seconds {
    fn moment(self) -> Result<Timestamp, Wrong> {
        let seconds = match self {
            Self::Whole(seconds) => seconds,
            #[expect(clippy::cast_possible_truncation, reason = "what does not fit is refused below")]
            Self::Broken(seconds) => seconds as i64,
        };
        Timestamp::from_second(seconds).map_err(|_| Wrong::Unreadable)
    }
}

impl Party<'_> {
    /// The issuer's word in an identity token that answers this question.
    ///
    /// # Errors
    /// [`Wrong`].
    pub fn word(&self, keys: &Keys, token: &str, question: &Question, now: Timestamp) -> Result<Word, Wrong> {
        let (claims, kind) = keys.signed(token)?;
        // A token of another kind, such as one of a log-out, is no identity token, whoever signed it.
        if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
            return Err(Wrong::Purpose);
        }
        let said = self.believed(&claims, now)?;
        if said.events.is_some() {
            return Err(Wrong::Purpose);
        }
        if said.nonce.as_deref() != Some(question.nonce.as_str()) || question.nonce.is_empty() {
            return Err(Wrong::Nonce);
        }
        let auth_time = said.auth_time.ok_or(Wrong::TooOld)?.moment()?;
        let ago = now.duration_since(auth_time);
        if ago > question.max_age + SKEW || ago < -SKEW {
            return Err(Wrong::TooOld);
        }
        let subject = said.sub.filter(|it| is_name(it)).ok_or(Wrong::Nameless)?;
        let Value::Object(claims) = claims else { return Err(Wrong::Unreadable) };
        let (acr, amr, sid) = (said.acr, said.amr, said.sid);
        Ok(Word { subject, auth_time: auth_time.min(now), acr, amr, sid, claims })
    }

    /// The issuer's word that a session is over (OpenID Connect Back-Channel Logout).
    ///
    /// # Errors
    /// [`Wrong`].
    pub fn logged_out(&self, keys: &Keys, token: &str, now: Timestamp) -> Result<LoggedOut, Wrong> {
        let (claims, kind) = keys.signed(token)?;
        let of_kind = |kind: &str| ["JWT", "logout+jwt"].iter().any(|it| kind.eq_ignore_ascii_case(it));
        if kind.is_some_and(|kind| !of_kind(&kind)) {
            return Err(Wrong::Purpose);
        }
        let said = self.believed(&claims, now)?;
        // An identity token must never end a session, and has a nonce.
        let is_event = said.events.as_ref().is_some_and(|events| events.contains_key(LOGGED_OUT));
        if !is_event || said.nonce.is_some() {
            return Err(Wrong::Purpose);
        }
        let subject = said.sub.filter(|it| is_name(it));
        let sid = said.sid.filter(|it| is_name(it));
        let jti = said.jti.filter(|it| is_name(it)).ok_or(Wrong::Purpose)?;
        // Without its person a session cannot be found: the issuer has to say whose it is.
        if subject.is_none() {
            return Err(Wrong::Nameless);
        }
        Ok(LoggedOut { subject, sid, jti, until: said.exp.moment()? + SKEW })
    }

    /// Whose word it is, whom it is for, and whether it is of this moment.
    fn believed(&self, claims: &Value, now: Timestamp) -> Result<Said, Wrong> {
        let said: Said = serde_json::from_value(claims.clone()).map_err(|_| Wrong::Unreadable)?;
        if said.iss != self.issuer {
            return Err(Wrong::Issuer);
        }
        let (ours, others) = match &said.aud {
            Audience::One(one) => (one == self.client, false),
            Audience::Many(many) => (many.iter().any(|it| it == self.client), many.len() > 1),
        };
        let party = said.azp.as_deref();
        if !ours || party.map_or(others, |azp| azp != self.client) {
            return Err(Wrong::Audience);
        }
        let (exp, iat) = (said.exp.moment()?, said.iat.moment()?);
        let nbf = said.nbf.map(Seconds::moment).transpose()?;
        let late = now.duration_since(exp) >= SKEW || now.duration_since(iat) > FRESH + SKEW;
        let early = iat.duration_since(now) > SKEW || nbf.is_some_and(|at| at.duration_since(now) > SKEW);
        if late || early { Err(Wrong::Moment) } else { Ok(said) }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MOST_SUBJECT_CHARS
}
