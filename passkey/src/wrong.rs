//! Why a ceremony fails.

use std::fmt;

use webauthn_rs_core::error::WebauthnError;

/// What is wrong with an answer. Messages and codes name nothing of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is not what a browser answers.
    #[error("the answer cannot be read")]
    Answer,
    /// It answers another question than the one that was asked.
    #[error("the answer is to another challenge")]
    Challenge,
    /// It was made on another site.
    #[error("the answer was made on another site")]
    Origin,
    /// The key did not ask its person for PIN, finger or face.
    #[error("the key did not verify its person")]
    Unverified,
    /// The key can be copied to other devices, and such keys are not taken here.
    #[error("the key can be copied to other devices")]
    Syncable,
    /// The key's model is not on the list, or does not prove to be what it says; which, where its makers state one.
    #[error("the key's model is not accepted")]
    Model(Option<Aaguid>),
    /// The key's algorithm is none of those that were asked for.
    #[error("the key's algorithm is not accepted")]
    Algorithm,
    /// The signature is not this key's.
    #[error("the signature is wrong")]
    Signature,
    /// The key's counter did not go forward: there may be two of it.
    #[error("the key's counter went backwards")]
    Counter,
    /// The library or what was remembered failed: ours to mend.
    #[error("the ceremony could not be carried out")]
    Broken,
}

/// The number of a model of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aaguid(u128);

impl Aaguid {
    /// The number behind its text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|letter| *letter != '-').collect();
        u128::from_str_radix(&digits, 16).ok().map(Self)
    }
}

impl fmt::Display for Aaguid {
    /// As it is written everywhere: lower case, in five groups.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:032x}", self.0);
        let (first, second, third) = (&text[..8], &text[8..12], &text[12..16]);
        write!(f, "{first}-{second}-{third}-{}-{}", &text[16..20], &text[20..])
    }
}

impl Wrong {
    /// The word in leaves and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::Unverified => "unverified",
            Self::Syncable => "syncable",
            Self::Model(_) => "model",
            Self::Algorithm => "algorithm",
            Self::Signature => "signature",
            Self::Counter => "counter",
            Self::Broken => "broken",
        }
    }
}

impl From<WebauthnError> for Wrong {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::MismatchedChallenge => Self::Challenge,
            WebauthnError::InvalidRPOrigin
            | WebauthnError::InvalidRPIDHash
            | WebauthnError::CredentialCrossOrigin => Self::Origin,
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self::Unverified,
            WebauthnError::CredentialMayNotBeHardwareBound
            | WebauthnError::CredentialBackupEligibilityInconsistent => Self::Syncable,
            WebauthnError::CredentialAlteredAlgFromRequest => Self::Algorithm,
            WebauthnError::AuthenticationFailure => Self::Signature,
            WebauthnError::CredentialPossibleCompromise => Self::Counter,
            WebauthnError::AttestationNotSupported
            | WebauthnError::AttestationNotVerifiable
            | WebauthnError::AttestationUntrustedAaguid
            | WebauthnError::AttestationFormatMissingAaguid => Self::Model(None),
            _ => Self::Answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_model_reads_as_its_makers_write_it() {
        for text in ["2fc0579f-8113-47ea-b116-bb5a8db9202a", "00000000-0000-0000-0000-000000000001"] {
            assert_eq!(Aaguid::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Aaguid::parse("no number"), None);
    }
}
