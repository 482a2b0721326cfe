//! The program that runs: its version, and the digest of its executable file.

use std::sync::OnceLock;

use pipeline::certificate::Build;

/// The file is read once: it may be replaced while the program runs, and what was started is what counts.
static RUNNING: OnceLock<Build> = OnceLock::new();

/// The program that runs.
pub(crate) fn running() -> Build {
    RUNNING.get_or_init(read).clone()
}

fn read() -> Build {
    // The file that was started, even when another took its name since; elsewhere than on Linux, the name must do.
    let bytes = std::fs::read("/proc/self/exe").or_else(|_| std::env::current_exe().and_then(std::fs::read));
    if let Err(error) = &bytes {
        tracing::warn!(%error, "the executable file could not be read; certificates say so");
    }
    Build {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256: bytes.ok().map(|bytes| seal::sha256(&bytes)),
    }
}
