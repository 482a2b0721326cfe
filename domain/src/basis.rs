//! The closed lists of legal-rules section 3: why something may leave, and why a file may be opened.

use crate::named::words;

words! {
    /// The ground of one delivery. Every delivery has exactly one, or it does not exist.
    BasisCode ("basis code") {
        /// 18 USC 2258A(c)(1): a Federal agency.
        C1Fed = "C1-FED",
        /// 18 USC 2258A(c)(2): a State agency.
        C2State = "C2-STATE",
        /// 18 USC 2258A(c)(2): a local agency.
        C2Local = "C2-LOCAL",
        /// 18 USC 2258A(c)(3): a foreign agency designated by the Attorney General.
        C3ForDesig = "C3-FOR-DESIG",
        /// 18 USC 2258A(c)(3): a foreign agency with an established relationship with the FBI.
        C3ForFbi = "C3-FOR-FBI",
        /// 18 USC 2258A(c)(3): the same with ICE.
        C3ForIce = "C3-FOR-ICE",
        /// 18 USC 2258A(c)(3): the same with INTERPOL.
        C3ForInterpol = "C3-FOR-INTERPOL",
        /// 18 USC 2258A(g)(3)(A): a designated Federal agency.
        G3aDesig = "G3A-DESIG",
        /// 18 USC 2258A(g)(3)(A): a Federal agency involved in such investigations.
        G3aInvolved = "G3A-INVOLVED",
        /// 18 USC 2258A(g)(3)(B): a State agency.
        G3bState = "G3B-STATE",
        /// 18 USC 2258A(g)(3)(B): a local agency.
        G3bLocal = "G3B-LOCAL",
        /// 18 USC 2258A(g)(3)(B): a tribal agency.
        G3bTribal = "G3B-TRIBAL",
        /// 18 USC 2258A(g)(3)(C): a foreign agency designated by the Attorney General.
        G3cForDesig = "G3C-FOR-DESIG",
        /// 18 USC 2258A(g)(3)(C): a foreign agency with an established relationship with the FBI.
        G3cForFbi = "G3C-FOR-FBI",
        /// 18 USC 2258A(g)(3)(C): the same with ICE.
        G3cForIce = "G3C-FOR-ICE",
        /// 18 USC 2258A(g)(3)(C): the same with INTERPOL.
        G3cForInterpol = "G3C-FOR-INTERPOL",
        /// 18 USC 2258A(g)(3)(D): a provider, elements only, as 2258C allows.
        G3d2258c = "G3D-2258C",
        /// 18 USC 2258A(g)(3)(E): as necessary to answer legal process.
        G3eProcess = "G3E-PROCESS",
        /// 18 USC 2258A(d)(5)(A)-(B): telling a provider which foreign agency got its report, and when.
        D5Notice = "D5-NOTICE",
        /// 18 USC 2258A(d)(5)(C): telling a provider that its report could not be forwarded.
        D5Inability = "D5-INABILITY",
        /// 18 USC 2258C(d): elements to an investigating agency.
        C2258dLe = "2258C-d-LE",
    }
}

impl BasisCode {
    /// Whether a report can be made available to an agency on it. The others are for elements and notices, and for
    /// what is disclosed to a foreign agency without making the report available.
    #[must_use]
    pub const fn is_of_delivery(self) -> bool {
        !matches!(
            self,
            Self::G3cForDesig
                | Self::G3cForFbi
                | Self::G3cForIce
                | Self::G3cForInterpol
                | Self::G3d2258c
                | Self::D5Notice
                | Self::D5Inability
                | Self::C2258dLe
        )
    }
}

words! {
    /// The exception by which an agency passes on what it received: 18 USC 2258A(g)(2)(A).
    RedisclosureCode ("redisclosure code") {
        /// (i): to an attorney for the government.
        Attorney = "G2-i",
        /// (ii): within the same agency.
        SameAgency = "G2-ii",
        /// (iii): to government personnel whom an attorney for the government found necessary.
        FoundNecessary = "G2-iii",
        /// (iv): to a State or local official, for a State offence.
        StateOffence = "G2-iv",
        /// (v): to a defendant or counsel, on a pending charge.
        Defence = "G2-v",
        /// (vi): to a provider, for legal process on that report.
        ProviderProcess = "G2-vi",
        /// (vii): as a court orders.
        CourtOrder = "G2-vii",
    }
}

words! {
    /// Why something was destroyed.
    DestructionCode ("destruction code") {
        /// 18 USC 2258D(d)(2): an agency notified the clearinghouse.
        Notified = "2258D-d2",
        /// 18 USC 2258B(c)(2): an agency asked a provider, and the house carried the request.
        ProviderRelay = "2258B-c2",
        /// A report that was never finished, past its time.
        ExpiredDraft = "EXPIRED_DRAFT",
        /// The operator's retention schedule.
        Retention = "RETENTION",
        /// A person who reported their own material took it back.
        SelfReportWithdrawn = "SELF_REPORT_WITHDRAWN",
    }
}

words! {
    /// Why the bytes of one file may be opened. Siblings are separate: a ground opens exactly one file.
    ViewGround ("view ground") {
        /// The provider viewed the entire contents of this file.
        EspViewed = "ESP_VIEWED",
        /// The entire contents were publicly available.
        PubliclyAvailable = "PUBLICLY_AVAILABLE",
        /// A warrant names the file.
        Warrant = "WARRANT",
        /// Somebody who may, consented.
        Consent = "CONSENT",
        /// Exigent circumstances, with supervisor and reason.
        Exigent = "EXIGENT",
        /// A memorandum of counsel.
        Counsel = "COUNSEL",
    }
}
