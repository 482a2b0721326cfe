//! Words about a person's account: why one ends, and what CJIS calls what a person is.

use crate::named::words;

words! {
    /// Why somebody was switched off.
    Gone ("reason to switch off") {
        /// Somebody with the right to did it.
        ByHand = "by-hand",
        /// They left (PS-4).
        Terminated = "terminated",
        /// They did not sign in for 45 days (AC-2(3)).
        Inactive = "inactive",
        /// Their agency did not say in time that they still work there.
        Unattested = "unattested",
        /// Their agency or provider is switched off.
        Orphaned = "orphaned",
        /// A temporary account whose day was over (AC-2(2)).
        Temporary = "temporary",
    }
}

words! {
    /// What a person is, by the name that CJIS has for it (AC-2 d(3)).
    Attribute ("attribute") {
        /// Originating agency identifier of the employer.
        EmployerOri = "employer-ori",
        /// A sworn law-enforcement officer.
        SwornOfficer = "sworn-law-enforcement-officer",
        /// A public-safety officer.
        PublicSafetyOfficer = "public-safety-officer",
        /// Certified to use NCIC.
        NcicCertified = "ncic-certification",
        /// Certified for 28 CFR part 23.
        CfrCertified = "28-cfr-certification",
        /// How well it is known who they are (IAL).
        IdentityAssurance = "identity-assurance-level",
        /// How well they show it (AAL).
        AuthenticatorAssurance = "authenticator-assurance-level",
        /// How well a federation shows it (FAL).
        FederationAssurance = "federation-assurance-level",
    }
}
