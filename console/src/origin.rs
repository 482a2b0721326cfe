//! From where what this process does on its own is asked (R-76a).

use std::sync::LazyLock;

use store::Origin;

/// This process, so that two of them on one machine or on two are told apart.
static PROCESS: LazyLock<String> = LazyLock::new(|| {
    let host = rustix::system::uname();
    format!("{}/{}", host.nodename().to_string_lossy(), std::process::id())
});

/// Something of this process that is no request: the command line, a worker.
pub fn within(place: &'static str) -> Origin {
    Origin::new(place).in_process(PROCESS.as_str())
}
