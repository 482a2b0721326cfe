//! What a sandbox says when it is ready.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use console::say;
use serde_json::{Value, json};

use super::senders::SENDERS;

/// What somebody needs to begin.
pub(super) struct Told<'a> {
    pub(super) address: SocketAddr,
    pub(super) data: &'a Path,
    pub(super) temporary: bool,
    pub(super) ready_in: Duration,
}

impl Told<'_> {
    /// An address that this machine reaches it by.
    fn base(&self) -> String {
        let ip = self.address.ip();
        if ip.is_unspecified() {
            return format!("http://127.0.0.1:{}", self.address.port());
        }
        format!("http://{}", self.address)
    }

    /// The one line for programs.
    pub(super) fn ready(&self) -> Value {
        let base = self.base();
        let accounts = SENDERS.iter().flat_map(|sender| {
            sender.accounts.iter().map(|one| {
                json!({ "name": sender.name, "username": one.username, "password": one.password,
                    "maySubmit": one.may_submit, "disabled": one.disabled })
            })
        });
        let ready_ms = u64::try_from(self.ready_in.as_millis()).unwrap_or(u64::MAX);
        json!({
            "ready": true,
            "ispws": format!("{base}/ispws"),
            "providers": accounts.collect::<Vec<_>>(),
            "page": format!("{base}/sandbox"),
            "data": self.data,
            "readyMs": ready_ms,
        })
    }

    /// The same for people.
    pub(super) fn to_people(&self) {
        let base = self.base();
        say::people(format_args!(
            "The sandbox is ready after {} ms. Send invented data only; no file is kept.\n",
            self.ready_in.as_millis()
        ));
        say::people(format_args!("Provider API: {base}/ispws"));
        for one in SENDERS.iter().flat_map(|sender| sender.accounts) {
            say::people(format_args!("  {:<10} {:<8} {}", one.username, one.password, one.purpose));
        }
        say::people(format_args!("Requests:     {base}/sandbox"));
        if self.temporary {
            say::people("Everything goes at the end; keep reports with --data DIR. Ctrl-C ends it.");
        } else {
            say::people(format_args!("Data:         {}\nCtrl-C ends it.", self.data.display()));
        }
    }
}
