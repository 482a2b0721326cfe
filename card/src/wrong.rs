//! Why a card opens nothing.

/// What is wrong with a card. Each has a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// No certificate was shown.
    #[error("no card was shown")]
    Missing,
    /// What was shown is no certificate, or one with more in it than it may have.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// Its time is over.
    #[error("the certificate has expired")]
    Expired,
    /// Its time has not come.
    #[error("the certificate is not valid yet")]
    NotYet,
    /// No path leads from it to a root that is taken here.
    #[error("the certificate is of an authority that is not taken here")]
    UnknownRoot,
    /// Its authority took it back, or one of the authorities above was taken back.
    #[error("the certificate was revoked")]
    Revoked,
    /// The revocation list is too old to say that it was not.
    #[error("the revocation list is out of date")]
    StaleList,
    /// No revocation list speaks of it.
    #[error("no revocation list speaks of the certificate")]
    Unlisted,
    /// It is not for signing in.
    #[error("the certificate is not for signing in")]
    Purpose,
    /// It names its subject by nothing but words: a common name is nobody's.
    #[error("the certificate has no subject identifier")]
    Nameless,
    /// A signature in the path is wrong, or a rule of the path is broken.
    #[error("the certificate's path does not hold")]
    Untrusted,
}

impl Wrong {
    /// The word in the leaf.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "card-missing",
            Self::Unreadable => "card-unreadable",
            Self::Expired => "card-expired",
            Self::NotYet => "card-not-yet",
            Self::UnknownRoot => "card-unknown-root",
            Self::Revoked => "card-revoked",
            Self::StaleList => "card-stale-list",
            Self::Unlisted => "card-unlisted",
            Self::Purpose => "card-purpose",
            Self::Nameless => "card-nameless",
            Self::Untrusted => "card-untrusted",
        }
    }
}

impl From<webpki::Error> for Wrong {
    fn from(error: webpki::Error) -> Self {
        use webpki::Error as It;
        match error {
            It::CertExpired { .. } => Self::Expired,
            It::CertNotValidYet { .. } => Self::NotYet,
            It::CertRevoked => Self::Revoked,
            It::CrlExpired { .. } => Self::StaleList,
            It::UnknownRevocationStatus => Self::Unlisted,
            It::UnknownIssuer => Self::UnknownRoot,
            It::RequiredEkuNotFoundContext(_) | It::EmptyEkuExtension => Self::Purpose,
            It::BadDer | It::BadDerTime | It::TrailingData(_) | It::UnsupportedCertVersion => {
                Self::Unreadable
            }
            _ => Self::Untrusted,
        }
    }
}
