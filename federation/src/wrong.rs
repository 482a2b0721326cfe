//! Why another one's word is not taken.

/// What is wrong with it. Each has a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The issuer did not answer, or not with what was asked for.
    #[error("the issuer does not answer")]
    Unreachable,
    /// The issuer did not let the person in, or they broke off.
    #[error("the issuer said no")]
    Refused,
    /// What it says of itself or in a token cannot be read.
    #[error("what the issuer says cannot be read")]
    Unreadable,
    /// The answer belongs to another question.
    #[error("the answer belongs to another question")]
    State,
    /// A token is signed in a way that is not taken: not at all, or with a shared secret.
    #[error("the token's algorithm is not taken")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the issuer has no such key")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// It is another one's word.
    #[error("the token is of another issuer")]
    Issuer,
    /// It was made for somebody else.
    #[error("the token is for somebody else")]
    Audience,
    /// Its time is over, or has not come.
    #[error("the token is not of this moment")]
    Moment,
    /// It answers another question.
    #[error("the token answers another question")]
    Nonce,
    /// The person was seen too long ago, or it does not say when.
    #[error("the person was seen too long ago")]
    TooOld,
    /// It names nobody.
    #[error("the token names nobody")]
    Nameless,
    /// It is not what it should be used for.
    #[error("the token is not for this")]
    Purpose,
    /// It lacks what the operator demands of this issuer's people.
    #[error("the token lacks what is demanded")]
    Lacking,
}

impl Wrong {
    /// The word in the leaf.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "oidc-unreachable",
            Self::Refused => "oidc-refused",
            Self::Unreadable => "oidc-unreadable",
            Self::State => "oidc-state",
            Self::Algorithm => "oidc-algorithm",
            Self::UnknownKey => "oidc-unknown-key",
            Self::Signature => "oidc-signature",
            Self::Issuer => "oidc-issuer",
            Self::Audience => "oidc-audience",
            Self::Moment => "oidc-moment",
            Self::Nonce => "oidc-nonce",
            Self::TooOld => "oidc-too-old",
            Self::Nameless => "oidc-nameless",
            Self::Purpose => "oidc-purpose",
            Self::Lacking => "oidc-lacking",
        }
    }
}
