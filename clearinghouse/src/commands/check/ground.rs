//! What a house stands on: configuration, keys, clock, disk, certificates, rules, the process's own bounds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use console::{clock::SystemClock, limits, rules};
use domain::Clock as _;
use ways::Standing;

use super::Finding;
use crate::config::{Config, Listener, Variables};
use crate::outcome::{Doing, Failure, Result};
use crate::{listeners, tls};

/// Less free space than this is a failure: the database needs room to stay consistent.
const LEAST_FREE_BYTES: u64 = 256 << 20;
/// Less than this deserves a look.
const SOME_FREE_BYTES: u64 = 4 << 30;
/// The fewest open files with which a listener keeps its promise about connections.
const OPEN_FILES: u64 = 4_096;
/// The day this program was written: a clock before it is wrong.
const WRITTEN: &str = "2026-11-01T00:00:00Z";

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        Finding::of("configuration", configuration(config)),
        Finding::of("keys", root_key(config)),
        clock(),
        disk(config),
        open_files(config),
        Finding::of("rules", rules::of(config).map(|rules| format!("rule set {}", rules.id()))),
        crypto(),
    ];
    findings.extend(asked_for(config));
    findings.extend(config.listeners().iter().map(|(name, listener)| listening(name, listener, config)));
    findings
}

fn configuration(config: &Config) -> Result<String> {
    let profile = config.profile()?;
    config.store()?;
    let overrides = Variables::of_process().names().count();
    Ok(format!("profile {profile}, {overrides} key(s) from the environment"))
}

fn root_key(config: &Config) -> Result<String> {
    let file = config.path(&config.settings.root_key_file);
    let there = fs::metadata(&file).doing(&format!("read the root key {}", file.display()));
    let mode = there
        .map_err(|failure| {
            failure.hint("a new house is made with `clearinghouse init`; an old one needs its own key")
        })?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(Failure::new(format!("the root key {} may be read by others", file.display()))
            .hint(format!("chmod 600 {}", file.display())));
    }
    let text = fs::read_to_string(&file).doing("read the root key")?;
    if text.starts_with("sealed ") {
        return Ok("the root key is there, sealed by custody".to_owned());
    }
    match seal::unhex(text.trim()) {
        Ok(bytes) if bytes.len() == 32 => Ok("the root key is there and private".to_owned()),
        _ => Err(Failure::new("the root key is not 64 hexadecimal digits".to_owned())
            .hint("put back the copy that you kept; a new key opens nothing old")),
    }
}

fn clock() -> Finding {
    let now = SystemClock.now();
    match WRITTEN.parse::<jiff::Timestamp>() {
        Ok(written) if now < written => Finding::failed(
            "clock",
            format!("the system clock shows {now}, before this program was written"),
            "set the clock and keep it with NTP",
        ),
        _ => Finding::ok("clock", format!("the system clock shows {}", now.strftime("%Y-%m-%dT%H:%M:%SZ"))),
    }
}

fn disk(config: &Config) -> Finding {
    let folder = config.path(".".as_ref());
    match limits::free_bytes(&folder) {
        Err(fault) => Finding::failed(
            "disk",
            format!("cannot look at {}: {fault}", folder.display()),
            "see that it is mounted",
        ),
        Ok(free) if free < LEAST_FREE_BYTES => {
            Finding::failed("disk", format!("{} free", gibibytes(free)), "make room before reports come in")
        }
        Ok(free) if free < SOME_FREE_BYTES => {
            Finding::note("disk", format!("{} free", gibibytes(free)), "make room soon")
        }
        Ok(free) => Finding::ok("disk", format!("{} free", gibibytes(free))),
    }
}

fn gibibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 30;
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

fn open_files(config: &Config) -> Finding {
    let granted = limits::raise_open_files(config.settings.limits.open_files);
    if granted < OPEN_FILES {
        let says = format!("only {granted} files and connections may be open");
        return Finding::note("open files", says, "raise the hard limit (ulimit -Hn, LimitNOFILE=)");
    }
    Finding::ok("open files", format!("{granted} files and connections may be open"))
}

fn crypto() -> Finding {
    let says = if tls::is_validated() {
        "aws-lc-rs, the validated module"
    } else {
        "aws-lc-rs, not the validated module"
    };
    Finding::ok("crypto", says)
}

/// Whether cards open anything, where they are asked for.
fn asked_for(config: &Config) -> Option<Finding> {
    const PART: &str = "cards";
    const TO_DO: &str = "fetch the lists anew, and see that whatever fetches them runs often enough";
    Some(match ways::standing(config, SystemClock.now())? {
        Err(failure) => Finding::of(PART, Err(failure)),
        Ok((Standing::Good, says)) => Finding::ok(PART, says),
        Ok((Standing::Soon, says)) => Finding::note(PART, says, TO_DO),
        Ok((Standing::Shut, says)) => Finding::failed(PART, says, TO_DO),
    })
}

fn listening(name: &str, listener: &Listener, config: &Config) -> Finding {
    const PART: &str = "listener";
    match listeners::certificate(name, listener, config) {
        Err(failure) => Finding::of(PART, Err(failure)),
        Ok(Some(_)) => Finding::ok(PART, format!("{name}: https on {}", listener.address)),
        Ok(None) if listener.address.ip().is_loopback() => {
            Finding::ok(PART, format!("{name}: http on {}, this machine only", listener.address))
        }
        Ok(None) => {
            let says = format!("{name}: http without TLS on {}", listener.address);
            Finding::note(
                PART,
                says,
                "set certificate_file and key_file, or let only your TLS proxy reach it",
            )
        }
    }
}
