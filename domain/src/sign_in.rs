//! How somebody showed who they are, and how much that is worth.

use crate::named::words;

words! {
    /// By what means a person signed in.
    Means ("means of sign-in") {
        /// A one-click link of the synthetic demo.
        Link = "link",
        /// A passkey with user verification.
        Passkey = "passkey",
        /// A PIV or CAC card by client certificate.
        Card = "card",
        /// Another organisation's word, by OIDC.
        Federation = "federation",
    }
}

words! {
    /// Authenticator assurance levels of NIST SP 800-63B, the weakest first.
    Assurance ("assurance level") {
        /// One factor. Opens the synthetic demo only.
        Aal1 = "aal1",
        /// Two factors, one of them possibly copied between devices.
        Aal2 = "aal2",
        /// Two factors, one of them a key that cannot leave its device.
        Aal3 = "aal3",
    }
}
