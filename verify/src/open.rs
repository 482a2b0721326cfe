//! `clearinghouse-verify open FILE --key FILE --to FILE|DIR`: a sealed package, opened and checked.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use verify::{Findings, Secret};

use crate::arguments::{Arguments, new_file, read_text};
use crate::lines;

pub(crate) fn run(words: Vec<String>) -> Result<(String, u8), String> {
    let mut given = Arguments::parse(words, &["--key", "--keys", "--policy", "--to"])?;
    let files = given.rest()?;
    let [sealed] = files.as_slice() else { return Err("open takes one file; see --help".to_owned()) };
    let key = given.one("--key")?.ok_or("open needs --key FILE, your private key; see --help")?;
    let to = given.one("--to")?.ok_or("open needs --to FILE or --to DIR; see --help")?;
    let keys = given.keys(false)?;
    let secret = Secret::parse(&read_text(key)?).map_err(|says| format!("{key}: {says}"))?;
    let name = sealed.display().to_string();
    let mut file = File::open(sealed).map_err(|error| format!("{name}: {error}"))?;
    let place = Place::of(to)?;
    let findings = place.fill(|plain| verify::open(&mut file, &secret, &keys, plain))?;
    let code = u8::from(!findings.hold());
    let says = if findings.hold() { format!("{name}: opened to {to}\n") } else { String::new() };
    Ok((lines(&name, &findings) + &says, code))
}

/// Where the package goes. Until everything was found to hold, it is a file that ends with `.partial`.
struct Place {
    to: PathBuf,
    is_folder: bool,
    partial: PathBuf,
}

impl Place {
    fn of(to: &str) -> Result<Self, String> {
        let path = PathBuf::from(to);
        let is_folder = to.ends_with('/') || path.is_dir();
        if !is_folder && path.exists() {
            return Err(format!("{to}: there is such a file already"));
        }
        let mut partial = path.clone().into_os_string();
        if let Some(trimmed) = to.strip_suffix('/') {
            partial = trimmed.into();
        }
        partial.push(".partial");
        Ok(Self { to: path, is_folder, partial: partial.into() })
    }

    /// Whatever comes of it, the partial file does not stay.
    fn fill(&self, open: impl FnOnce(&mut File) -> Findings) -> Result<Findings, String> {
        let failed = |error: io::Error| format!("{}: {error}", self.partial.display());
        let mut plain = new_file(&self.partial).map_err(failed)?;
        let findings = open(&mut plain);
        let kept = match findings.hold() {
            true => self.keep(&mut plain),
            false => Ok(()),
        };
        if self.partial.exists() {
            fs::remove_file(&self.partial).map_err(failed)?;
        }
        kept.map(|()| findings)
    }

    fn keep(&self, plain: &mut File) -> Result<(), String> {
        let failed = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
        if !self.is_folder {
            // A link and not a move: a file that came there meanwhile is not written over.
            plain.sync_all().map_err(|error| failed(&self.partial, error))?;
            return fs::hard_link(&self.partial, &self.to).map_err(|error| failed(&self.to, error));
        }
        let unpacked = verify::unpack(plain, |name, copy| {
            let path = self.to.join(name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
            }
            copy(&mut new_file(&path).map_err(|error| failed(&path, error))?)
        });
        unpacked.map(drop)
    }
}
