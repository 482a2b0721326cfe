//! The ways in besides keys, as the configuration says them; the authorities of cards and their revocation lists, read
//! from their files and read again when these change.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use card::Trust;
use jiff::{SignedDuration, Timestamp};
use office::outside::{Cards, Ways};

use config::outcome::{Failure, Result};
use config::{Config, Listener, Surface};

/// Bytes of one file of roots or revocations: the largest lists of agencies are a tenth of it.
const MOST_BYTES: u64 = 256 << 20;
/// Origins of faces.
const MOST_ORIGINS: usize = 32;

/// Files with authorities and what they took back.
pub struct Files {
    roots: PathBuf,
    lists: Vec<PathBuf>,
    read: Mutex<Option<(Vec<Stamp>, Arc<Trust>)>>,
}

/// When a file was changed, and how long it is.
type Stamp = (SystemTime, u64);

impl Files {
    fn stamps(&self) -> io::Result<Vec<Stamp>> {
        let all = std::iter::once(&self.roots).chain(&self.lists);
        let stamp =
            |file: &PathBuf| fs::metadata(file).and_then(|found| Ok((found.modified()?, found.len())));
        all.map(|file| stamp(file).map_err(|fault| named(file, &fault))).collect()
    }
}

impl Cards for Files {
    fn trust(&self) -> io::Result<Arc<Trust>> {
        let stamps = self.stamps()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, trust)) = &*read
            && *known == stamps
        {
            return Ok(Arc::clone(trust));
        }
        let lists = self.lists.iter().map(|file| bytes(file)).collect::<io::Result<Vec<_>>>()?;
        let trust = Arc::new(Trust::read(&bytes(&self.roots)?, &lists).map_err(io::Error::other)?);
        *read = Some((stamps, Arc::clone(&trust)));
        Ok(trust)
    }
}

fn named(file: &Path, fault: &io::Error) -> io::Error {
    io::Error::new(fault.kind(), format!("{}: {fault}", file.display()))
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let named = |fault: io::Error| named(file, &fault);
    let mut content = Vec::new();
    let open = File::open(file).map_err(named)?;
    if open.take(MOST_BYTES + 1).read_to_end(&mut content).map_err(named)? as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("{} is too large", file.display())));
    }
    Ok(content)
}

/// The files of the listener that asks for cards, when one does.
pub fn configured(config: &Config) -> Result<Option<Files>> {
    let listeners = config.listeners();
    let asking = listeners.iter().find(|(_, listener)| listener.surfaces.contains(&Surface::Cards));
    asking.map_or(Ok(None), |(name, listener)| of(name, listener, config))
}

/// The files of one listener, when it asks for cards.
pub fn of(name: &str, listener: &Listener, config: &Config) -> Result<Option<Files>> {
    if !listener.surfaces.contains(&Surface::Cards) {
        return Ok(None);
    }
    check(name, listener)?;
    let Some(roots) = &listener.client_roots_file else { return Ok(None) };
    let lists = listener.crl_files.iter().map(|file| config.path(file)).collect();
    Ok(Some(Files { roots: config.path(roots), lists, read: Mutex::default() }))
}

/// Less than this before a revocation list is out of date deserves a look.
const SOON: SignedDuration = SignedDuration::from_hours(12);

/// How it stands with the cards that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They open.
    Good,
    /// They open, and soon no more.
    Soon,
    /// None opens anything.
    Shut,
}

/// How it stands with cards at a moment, in words too; nothing where none are asked for.
pub fn standing(config: &Config, now: Timestamp) -> Option<Result<(Standing, String)>> {
    let files = match ways(config).and_then(|_| configured(config)) {
        Ok(files) => files?,
        Err(failure) => return Some(Err(failure)),
    };
    let trust = match files.trust() {
        Ok(trust) => trust,
        Err(fault) => return Some(Ok((Standing::Shut, format!("no card opens anything: {fault}")))),
    };
    let until = trust.stale_at();
    let says = format!("of {} authorities, revocation lists good until {until}", trust.roots().len());
    let left = until.duration_since(now);
    let standing = if !left.is_positive() {
        Standing::Shut
    } else if left < SOON {
        Standing::Soon
    } else {
        Standing::Good
    };
    Some(Ok((standing, says)))
}

/// Whether a listener may ask for cards as it is configured.
pub fn check(name: &str, listener: &Listener) -> Result<()> {
    let asks = listener.surfaces.contains(&Surface::Cards);
    let says = match (&listener.client_roots_file, listener.crl_files.is_empty()) {
        (None, true) if !asks => return Ok(()),
        _ if !asks => "names authorities of cards or revocation lists and does not serve `cards`",
        _ if listener.surfaces.len() > 1 => "serves cards beside something else",
        _ if listener.certificate_file.is_none() => "asks for cards without TLS of its own",
        (None, _) => "asks for cards and names no authorities",
        (_, true) => "asks for cards and names no revocation list",
        (Some(_), false) => return Ok(()),
    };
    Err(Failure::new(format!("listen.{name} {says}")).hint(
        "a listener of its own with surfaces = [\"cards\"], certificate_file, key_file, client_roots_file and crl_files",
    ))
}

/// The ways in besides keys.
pub fn ways(config: &Config) -> Result<Ways> {
    let said = &config.settings.sign_in;
    if said.origins.len() > MOST_ORIGINS {
        return Err(Failure::new(format!("sign_in.origins has more than {MOST_ORIGINS} entries")));
    }
    for origin in said.origins.iter().chain(&said.card_origin) {
        if !is_origin(origin) {
            return Err(Failure::new(format!("sign_in names {origin:?}, which is no origin")).hint(
                "write it as the browser shows it: https://host or https://host:port, and nothing after it",
            ));
        }
    }
    let asks = config.listeners().iter().any(|(_, listener)| listener.surfaces.contains(&Surface::Cards));
    let leads_back = said.card_origin.is_some() && !said.origins.is_empty();
    if (asks || said.card_origin.is_some()) && !leads_back {
        return Err(Failure::new("cards are asked for and sign_in does not say where".to_owned())
            .hint("set sign_in.card_origin to the origin of that listener, and sign_in.origins to those of the pages"));
    }
    if !said.issuer.is_empty() && said.origins.is_empty() {
        return Err(Failure::new("sign_in.issuer is set and sign_in.origins is not".to_owned())
            .hint("set sign_in.origins to the origins of the pages: people are sent back to these only"));
    }
    let issuers = crate::issuers::all(config)?;
    Ok(Ways { origins: said.origins.clone(), card: said.card_origin.clone(), issuers })
}

/// Scheme, host and perhaps a port, in lower case as browsers show it. Plain HTTP is one on this machine only.
fn is_origin(text: &str) -> bool {
    let host = match text.split_once("://") {
        Some(("https", host)) => host,
        Some(("http", host)) if host == "localhost" || host.starts_with("localhost:") => host,
        _ => return false,
    };
    let (name, port) = host.split_once(':').unwrap_or((host, "1"));
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    !name.is_empty() && name.bytes().all(letter) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_show_it() {
        for good in ["https://desk.example", "https://desk.example:8443", "http://localhost:8480"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "desk.example",
            "http://desk.example",
            "https://desk.example/",
            "https://Desk.example",
            "https://desk.example:x",
            "https://a@b",
            "https://",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn a_listener_asks_for_cards_alone_with_tls_authorities_and_revocation_lists() {
        let whole = Listener {
            surfaces: vec![Surface::Cards],
            certificate_file: Some("c.pem".into()),
            key_file: Some("k.pem".into()),
            client_roots_file: Some("roots.pem".into()),
            crl_files: vec!["crl.pem".into()],
            ..Listener::default()
        };
        let refusal = |listener: &Listener| check("card", listener).unwrap_err().to_string();
        assert!(check("card", &whole).is_ok() && check("house", &Listener::default()).is_ok());
        let beside = Listener { surfaces: vec![Surface::Cards, Surface::Staff], ..whole.clone() };
        assert!(refusal(&beside).contains("beside something else"));
        let bare = Listener { certificate_file: None, ..whole.clone() };
        assert!(refusal(&bare).contains("without TLS"));
        let rootless = Listener { client_roots_file: None, ..whole.clone() };
        assert!(refusal(&rootless).contains("no authorities"));
        let unlisted = Listener { crl_files: Vec::new(), ..whole.clone() };
        assert!(refusal(&unlisted).contains("no revocation list"));
        let elsewhere = Listener { surfaces: vec![Surface::Staff], ..whole };
        assert!(refusal(&elsewhere).contains("does not serve"));
    }
}
