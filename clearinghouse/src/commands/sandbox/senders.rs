//! Who may send to a sandbox. None of these companies exists, and the credentials open nothing else anywhere.

use providers::sandbox::{Account, Sender};

/// A credential that may do everything.
const fn whole(username: &'static str, password: &'static str, purpose: &'static str) -> Account {
    Account { username, password, may_submit: true, disabled: false, purpose }
}

/// The senders with their credentials, the same in every sandbox: recipes and tests name them.
pub(super) const SENDERS: [Sender; 2] = [
    Sender {
        name: "Harbor Chat",
        accounts: &[
            whole("usr123", "pswd123", "may do everything"),
            Account {
                may_submit: false,
                ..whole("update123", "pswd123", "may add to reports and close them, not open them: 3100")
            },
            Account { disabled: true, ..whole("off123", "pswd123", "was switched off: 3000") },
        ],
    },
    Sender {
        name: "Lantern Photos",
        accounts: &[whole("usr456", "pswd456", "another provider: reports of the first do not exist for it")],
    },
];
