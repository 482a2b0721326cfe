//! What can go wrong while a package is made. All of it is ours to mend; none of it carries content.

/// A package that cannot be made as promised.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A member's name is not one of ours, or is used twice.
    #[error("{name} cannot name a member of a package")]
    Name {
        /// The refused name.
        name: String,
    },
    /// A file's bytes are not those that were received: nothing may be handed out in its place.
    #[error("the bytes of {member} are not those that were received")]
    Changed {
        /// The member, by its name in the package.
        member: String,
    },
    /// The caller pushed bytes without a file, or ended before the last one.
    #[error("the files of a package were not written one by one")]
    OutOfTurn,
    /// The manifest could not be signed.
    #[error("the manifest could not be signed")]
    Signing(#[source] ledger::Fault),
    /// The signature over a manifest does not hold.
    #[error("the signature does not belong to this manifest")]
    NotSigned,
    /// A ledger proof could not be read.
    #[error("the ledger proof cannot be read")]
    Proof(#[source] ledger::Refusal),
    /// It could not be sealed to the agency's keys.
    #[error("the package could not be sealed")]
    Seal(#[from] seal::Fault),
    /// The archive could not be written.
    #[error("the archive could not be written")]
    Archive(#[source] std::io::Error),
}

impl From<zip::result::ZipError> for Fault {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Archive(error.into())
    }
}
