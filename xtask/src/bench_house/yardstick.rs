//! What the machine can do in the same minute: digests over the same bytes, and flushes of the same disk. An intake or
//! upload can be no faster than the slower of them.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use aws_lc_rs::digest;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::clock::{now, since};
use crate::Result;

/// What is appended before each flush: a page, as a small commit leaves it.
const APPENDED: [u8; 4096] = [7; 4096];

/// Speed of each digest on one core, in bytes a second.
#[derive(Debug, Clone, Copy)]
pub struct DigestSpeed {
    /// MD5 alone.
    pub md5: f64,
    /// SHA-1 alone.
    pub sha1: f64,
    /// SHA-256 alone.
    pub sha256: f64,
    /// All three, one after the other on one core, as the house computes them.
    pub all: f64,
}

impl DigestSpeed {
    /// The one that nobody who computes all three can outrun.
    pub fn slowest(&self) -> f64 {
        self.md5.min(self.sha1).min(self.sha256)
    }

    /// For details, in MB/s.
    pub fn described(&self) -> Value {
        let Self { md5, sha1, sha256, all } = self;
        json!({ "md5": md5 / 1e6, "sha1": sha1 / 1e6, "sha256": sha256 / 1e6, "all_on_one_core": all / 1e6 })
    }
}

/// Digests `total` bytes, `part` again and again, with each digest.
pub fn digest_speed(part: &[u8], total: u64) -> DigestSpeed {
    let mut md5 = Md5::new();
    let mut sha1 = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    let mut sha256 = digest::Context::new(&digest::SHA256);
    let mut all = seal::Digests::new();
    let speed = DigestSpeed {
        md5: speed(part, total, |bytes| md5.update(bytes)),
        sha1: speed(part, total, |bytes| sha1.update(bytes)),
        sha256: speed(part, total, |bytes| sha256.update(bytes)),
        all: speed(part, total, |bytes| all.update(bytes)),
    };
    // So that no compiler leaves the work out.
    std::hint::black_box((md5.finalize(), sha1.finish(), sha256.finish(), all.finish()));
    speed
}

fn speed(part: &[u8], total: u64, mut take: impl FnMut(&[u8])) -> f64 {
    let (started, mut taken) = (now(), 0);
    while taken < total {
        take(part);
        taken += part.len() as u64;
    }
    taken as f64 / since(started).as_secs_f64()
}

/// Small appends that are flushed one by one, a second, on the disk of that folder.
pub fn flushes_per_s(folder: &Path, span: Duration) -> Result<f64> {
    let path = folder.join("flushed");
    let mut file = File::create(&path)?;
    let (started, mut flushes) = (now(), 0_u64);
    while since(started) < span {
        file.write_all(&APPENDED)?;
        file.sync_data()?;
        flushes += 1;
    }
    let rate = flushes as f64 / since(started).as_secs_f64();
    drop(file);
    std::fs::remove_file(path)?;
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_digest_is_the_yardstick_whichever_it_is() {
        let speed = DigestSpeed { md5: 5.0, sha1: 4.0, sha256: 6.0, all: 1.5 };
        assert!((speed.slowest() - 4.0).abs() < f64::EPSILON);
        assert!(digest_speed(&[3; 1 << 16], 1 << 20).all > 0.0);
    }

    #[test]
    fn flushing_leaves_nothing_behind() {
        let scratch = tempfile::tempdir().unwrap();
        assert!(flushes_per_s(scratch.path(), Duration::from_millis(20)).unwrap() > 0.0);
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    }
}
