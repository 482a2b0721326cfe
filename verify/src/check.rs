//! `clearinghouse-verify FILE...`.

use std::fs::File;
use std::path::Path;

use verify::{Keys, Kind, Unreadable};

use crate::arguments::Arguments;
use crate::{NOTHING, lines};

/// Checks every file; the worst of all decides.
pub(crate) fn run(words: Vec<String>) -> Result<(String, u8), String> {
    let mut given = Arguments::parse(words, &["--key", "--keys", "--policy", "--since"])?;
    let files = given.rest()?;
    let keys = given.keys(true)?;
    let kept = given.file("--since")?;
    let (mut text, mut worst) = (String::new(), 0);
    for path in &files {
        let (lines, code) = one(path, kept.as_deref(), &keys);
        text.push_str(&lines);
        worst = worst.max(code);
    }
    Ok((text, worst))
}

fn one(path: &Path, kept: Option<&[u8]>, keys: &Keys) -> (String, u8) {
    let name = path.display().to_string();
    let read = File::open(path).map_err(Unreadable::from);
    match read.and_then(|file| verify::file(file, kept, keys)) {
        Ok((Kind::Pages, _)) => {
            (format!("{name}: this is a PDF; take the JSON out of it and check that (see --help)\n"), NOTHING)
        }
        Ok((Kind::Sealed, findings)) if findings.hold() => {
            let checks: String = findings.checks().iter().map(|check| format!("{name}: {check}\n")).collect();
            let says = "its envelope holds; what is inside is checked when it is opened (see open in --help)";
            (format!("{checks}{name}: {says}\n"), NOTHING)
        }
        Ok((_, findings)) => (lines(&name, &findings), u8::from(!findings.hold())),
        Err(unreadable) => (format!("{name}: {unreadable}\n"), NOTHING),
    }
}
