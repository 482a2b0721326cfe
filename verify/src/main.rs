//! `clearinghouse-verify FILE...`: one line per check on standard output; exit 0 when all hold, 1 when one does not, 2
//! when there was nothing to check.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use verify::{Findings, Key, Keys, Kind};

const HELP: &str = "\
Checks receipts and packages of a clearinghouse, offline.

Usage: clearinghouse-verify [--key KEY]... [--keys FILE]... FILE...

  FILE        a receipt (.json or .xml) or a package (.zip)
  --key KEY   a verifier key, name+id+key, as the clearinghouse publishes it
  --keys FILE a file with such keys, one a line

Example: clearinghouse-verify --keys keys.txt receipt-1000001.json

One line is printed for each check. Exit status: 0 all hold, 1 one does not hold, 2 nothing could be checked.
A receipt as PDF is for people: take the JSON out of it (pdfdetach -saveall receipt.pdf) and check that.
";

/// The longest file of keys.
const MOST_KEY_BYTES: u64 = 64 << 10;

/// What was asked for.
struct Asked {
    keys: String,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return told(HELP, ExitCode::SUCCESS);
    }
    match asked(arguments).and_then(|asked| {
        let keys = Keys::parse(&asked.keys).map_err(|fault| fault.to_string())?;
        Ok((asked.files, keys))
    }) {
        Ok((files, keys)) => all(&files, &keys),
        Err(says) => complain(&says),
    }
}

fn asked(arguments: Vec<String>) -> Result<Asked, String> {
    let mut asked = Asked { keys: String::new(), files: Vec::new() };
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--key" => {
                let key = rest.next().ok_or("--key needs a key")?;
                Key::parse(&key).map_err(|fault| fault.to_string())?;
                asked.keys.push_str(&format!("{key}\n"));
            }
            "--keys" => {
                let path = rest.next().ok_or("--keys needs a file")?;
                asked.keys.push_str(&read_keys(&path)?);
                asked.keys.push('\n');
            }
            flag if flag.starts_with('-') => return Err(format!("{flag} is not known; see --help")),
            _ => asked.files.push(argument.into()),
        }
    }
    match asked.files.is_empty() {
        true => Err("no file was named; see --help".to_owned()),
        false => Ok(asked),
    }
}

fn read_keys(path: &str) -> Result<String, String> {
    use std::io::Read as _;
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    file.take(MOST_KEY_BYTES).read_to_string(&mut text).map_err(|error| format!("{path}: {error}"))?;
    Ok(text)
}

/// The worst of all files decides.
fn all(files: &[PathBuf], keys: &Keys) -> ExitCode {
    let mut worst = 0;
    for path in files {
        let name = path.display();
        let read = std::fs::File::open(path).map_err(verify::Unreadable::from);
        let (lines, code) = match read.and_then(|file| verify::file(file, keys)) {
            Ok((Kind::Pages, _)) => {
                (format!("{name}: this is a PDF; take the JSON out of it and check that (see --help)\n"), 2)
            }
            Ok((_, findings)) => (lines(&name.to_string(), &findings), u8::from(!findings.hold())),
            Err(unreadable) => (format!("{name}: {unreadable}\n"), 2),
        };
        told(&lines, ExitCode::SUCCESS);
        worst = worst.max(code);
    }
    ExitCode::from(worst)
}

fn lines(name: &str, findings: &Findings) -> String {
    let mut lines: String = findings.checks().iter().map(|check| format!("{name}: {check}\n")).collect();
    let verdict = if findings.hold() { "HOLDS" } else { "DOES NOT HOLD" };
    lines.push_str(&format!("{name}: {verdict}\n"));
    lines
}

/// Whoever closed the pipe wants no more lines.
fn told(text: &str, code: ExitCode) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => code,
        Err(_) => ExitCode::from(2),
    }
}

fn complain(says: &str) -> ExitCode {
    match writeln!(std::io::stderr(), "clearinghouse-verify: {says}") {
        Ok(()) | Err(_) => ExitCode::from(2),
    }
}
