//! Vendors: what shows that one may, and what its people can come near. Closed lists.

use crate::named::words;

words! {
    /// What a document of a vendor shows.
    VendorEvidence ("vendor evidence") {
        /// It is contractually retained.
        Contract = "contract",
        /// It is designated to support the work of a clearinghouse.
        Designation = "designation",
        /// Its security follows the NIST framework.
        Security = "security-statement",
        /// Somebody independent audited it within a year.
        Audit = "audit",
        /// What the audit found is mended.
        Mended = "findings-mended",
        /// What it stores and carries is encrypted end to end, or as well as that.
        Encryption = "encryption",
        /// Where it stores, and by which policy.
        Location = "location",
        /// Who of its people has access, as it declares.
        People = "list-of-people",
        /// Its subcontractors are bound to all of it.
        Subcontract = "subcontract",
    }
}

words! {
    /// What one of a vendor's people can come near. None of it is a depiction, or a key.
    VendorReach ("vendor reach") {
        /// Sealed bytes that it stores or carries.
        Ciphertext = "ciphertext",
        /// Machines and programs, without data.
        Systems = "systems",
        /// Elements of reports, as its contract says.
        Elements = "elements",
    }
}

impl VendorEvidence {
    /// Whether nothing may be given to a vendor without it, in no days of grace either.
    #[must_use]
    pub const fn is_standing(self) -> bool {
        matches!(self, Self::Contract | Self::Designation)
    }

    /// What it shows, in plain words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Designation => "designation",
            Self::Security => "statement of security under the NIST framework",
            Self::Audit => "yearly independent audit",
            Self::Mended => "findings of the audit mended",
            Self::Encryption => "encryption end to end",
            Self::Location => "place of storage and its policy",
            Self::People => "list of people with access",
            Self::Subcontract => "terms of its subcontractors",
        }
    }
}
