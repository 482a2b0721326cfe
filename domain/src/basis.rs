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
        /// 18 USC 2258A(g)(3)(E): as necessary to answer legal process.
        G3eProcess = "G3E-PROCESS",
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
