//! Bounds that the system puts on the process.

use std::path::Path;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Asks for that many open files and connections, as far as the system lets us, and answers what was granted.
pub fn raise_open_files(wanted: u32) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let current = current.unwrap_or(u64::MAX);
    let wanted = u64::from(wanted).min(maximum.unwrap_or(u64::MAX));
    if current >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => wanted,
        Err(fault) => {
            tracing::warn!(%fault, current, wanted, "the limit on open files could not be raised");
            current
        }
    }
}

/// Bytes that may still be written in the file system of that folder.
pub fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_on_open_files_is_never_lowered() {
        let before = raise_open_files(1);
        assert!(raise_open_files(1) >= before);
        assert!(free_bytes(Path::new("/")).unwrap() > 0);
    }
}
