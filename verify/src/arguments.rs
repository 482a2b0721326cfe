//! The words after the program's name: flags that take a value, and files.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use verify::Keys;

/// The longest file that is given beside what is checked: keys, a policy, a checkpoint.
const MOST_BYTES: u64 = 1 << 20;

/// What was asked for.
pub(crate) struct Arguments {
    flags: Vec<(String, String)>,
    rest: Vec<PathBuf>,
}

impl Arguments {
    /// Sorts the words. Every flag takes a value.
    pub(crate) fn parse(words: Vec<String>, known: &[&str]) -> Result<Self, String> {
        let mut arguments = Self { flags: Vec::new(), rest: Vec::new() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.starts_with('-') {
                true if known.contains(&word.as_str()) => {
                    let value = words.next().ok_or_else(|| format!("{word} needs a value; see --help"))?;
                    arguments.flags.push((word, value));
                }
                true => return Err(format!("{word} is not known; see --help")),
                false => arguments.rest.push(word.into()),
            }
        }
        Ok(arguments)
    }

    /// All that is believed: the keys and the policy that were given. `inline`: whether `--key` is a verifier key.
    pub(crate) fn keys(&self, inline: bool) -> Result<Keys, String> {
        let mut text = String::new();
        for (flag, value) in &self.flags {
            match flag.as_str() {
                "--key" if inline => text.push_str(value),
                "--keys" => text.push_str(&read_text(value)?),
                _ => continue,
            }
            text.push('\n');
        }
        let read = match self.one("--policy")? {
            Some(path) => Keys::under_policy(&text, &read_text(path)?),
            None => Keys::parse(&text),
        };
        read.map_err(|fault| fault.to_string())
    }

    /// The value of a flag that may be given once.
    pub(crate) fn one(&self, flag: &str) -> Result<Option<&str>, String> {
        let mut values =
            self.flags.iter().filter(|(given, _)| given == flag).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(format!("{flag} can be given once")),
            (value, None) => Ok(value),
        }
    }

    /// The bytes of a file that a flag names.
    pub(crate) fn file(&self, flag: &str) -> Result<Option<Vec<u8>>, String> {
        self.one(flag)?.map(read).transpose()
    }

    /// Refuses files where none are taken.
    pub(crate) fn no_rest(&self) -> Result<(), String> {
        match self.rest.first() {
            Some(file) => Err(format!("{} is not expected here; see --help", file.display())),
            None => Ok(()),
        }
    }

    /// The files; at least one.
    pub(crate) fn rest(&mut self) -> Result<Vec<PathBuf>, String> {
        match self.rest.is_empty() {
            true => Err("no file was named; see --help".to_owned()),
            false => Ok(std::mem::take(&mut self.rest)),
        }
    }
}

/// A file that was not there before and that nobody else can read.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(crate) fn read_text(path: &str) -> Result<String, String> {
    String::from_utf8(read(path)?).map_err(|_| format!("{path}: it is not a text"))
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| format!("{path}: {error}"))?;
    Ok(bytes)
}
