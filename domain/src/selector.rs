//! What two reports can have in common.

use serde::{Deserialize, Serialize};

use crate::named::words;
use crate::private::Private;
use crate::submission::Role;

words! {
    /// The kinds of thing that identify a person, an account or a file across reports.
    SelectorKind ("selector kind") {
        /// An account: service and the provider's own user id.
        Account = "account",
        /// A screen name on a service.
        ScreenName = "screen-name",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// An internet address.
        IpAddress = "ip-address",
        /// A device: IMEI, ICCID and the like.
        Device = "device",
        /// A web address.
        Url = "url",
        /// A file's SHA-256, SHA-1 or MD5.
        FileHash = "file-hash",
    }
}

impl SelectorKind {
    /// Whether it points to one person, so that two who hold it should talk: an address or a page is shared by many,
    /// and a file by whoever has it.
    #[must_use]
    pub const fn names_somebody(self) -> bool {
        matches!(self, Self::Account | Self::ScreenName | Self::Email | Self::Phone | Self::Device)
    }
}

/// One value that identifies, in its normal form, with where it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selector {
    /// What kind of thing it is.
    pub kind: SelectorKind,
    /// The normal form: E.164, lower-case host, canonical IPv6, `service:id`. Two equal selectors have equal bytes.
    pub normal: Private<String>,
    /// The text as it was given.
    pub given: Private<String>,
    /// The person it was said of, `None` when it belongs to the report or a file.
    pub role: Option<Role>,
    /// Where it stood, such as `personOrUserReported/ipCaptureEvent/ipAddress`.
    pub path: String,
}
