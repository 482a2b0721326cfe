//! `clearinghouse-verify FILE...`: one line per check on standard output; exit 0 when all hold, 1 when one does not, 2
//! when there was nothing to check. `keygen` and `open` are for packages that are sealed to an agency.

mod arguments;
mod check;
mod keygen;
mod open;

use std::io::Write as _;
use std::process::ExitCode;

use verify::Findings;

const HELP: &str = "\
Checks what a clearinghouse hands out, offline. Makes an agency's key, and opens what is sealed to it.

Usage: clearinghouse-verify [--key KEY]... [--keys FILE]... [--policy FILE] [--since FILE] FILE...
       clearinghouse-verify keygen --to FILE [--curve p384|p256]
       clearinghouse-verify open FILE --key FILE --keys FILE [--policy FILE] --to FILE|DIR

  FILE           a receipt (.json, .xml), a certificate or an extract of the ledger (.json), a package (.zip,
                 .sealed), a proof of a leaf (.tlog-proof), a checkpoint, or a proof that the log only grew
  --key KEY      a verifier key, name+id+key, as the clearinghouse publishes it
  --keys FILE    a file with such keys, one a line
  --policy FILE  whose witnesses must have signed the checkpoints (C2SP tlog-policy); it may name the log as well
  --since FILE   a checkpoint that you kept: what is newer must hold all that it held

keygen  makes a key pair: the private half goes to the file, which must not be there yet; the public half and its
        fingerprint are printed
open    opens a sealed package with the private key of --key: to a file, or unpacked to a folder (an existing one, or
        a name that ends with /). Envelope and signature are checked first; nothing is left behind unless all holds.

Examples: clearinghouse-verify --keys keys.txt receipt-1000001.json
          clearinghouse-verify --keys keys.txt --policy witnesses.txt 1000001_v2.zip
          clearinghouse-verify --keys keys.txt --since checkpoint-of-march growth.txt
          clearinghouse-verify keygen --to agency-key.pem
          clearinghouse-verify open 1000001_v2.sealed --key agency-key.pem --keys keys.txt --to 1000001/

One line is printed for each check. Exit status: 0 all hold, 1 one does not hold, 2 nothing could be checked.
A PDF is for people: take the JSON out of it (pdfdetach -saveall receipt.pdf) and check that.
";

/// Nothing could be checked.
const NOTHING: u8 = 2;

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return told(HELP, 0);
    }
    let done = match words.first().map(String::as_str) {
        Some("keygen") => keygen::run(words.split_off(1)),
        Some("open") => open::run(words.split_off(1)),
        _ => check::run(words),
    };
    match done {
        Ok((text, code)) => told(&text, code),
        Err(says) => complain(&says),
    }
}

/// The lines of one file.
fn lines(name: &str, findings: &Findings) -> String {
    let mut lines: String = findings.checks().iter().map(|check| format!("{name}: {check}\n")).collect();
    let verdict = if findings.hold() { "HOLDS" } else { "DOES NOT HOLD" };
    lines.push_str(&format!("{name}: {verdict}\n"));
    lines
}

/// Whoever closed the pipe wants no more lines.
fn told(text: &str, code: u8) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => code.into(),
        Err(_) => NOTHING.into(),
    }
}

fn complain(says: &str) -> ExitCode {
    match writeln!(std::io::stderr(), "clearinghouse-verify: {says}") {
        Ok(()) | Err(_) => NOTHING.into(),
    }
}
