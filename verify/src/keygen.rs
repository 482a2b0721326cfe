//! `clearinghouse-verify keygen --to FILE`: an agency's key pair.

use std::io::Write as _;
use std::path::Path;

use verify::{Curve, Secret};

use crate::arguments::{Arguments, new_file};

pub(crate) fn run(words: Vec<String>) -> Result<(String, u8), String> {
    let given = Arguments::parse(words, &["--to", "--curve"])?;
    given.no_rest()?;
    let to = given.one("--to")?.ok_or("keygen needs --to FILE; see --help")?;
    let curve = match given.one("--curve")? {
        None | Some("p384") => Curve::P384,
        Some("p256") => Curve::P256,
        Some(other) => return Err(format!("--curve is p384 or p256, not {other}")),
    };
    let secret = Secret::generate(curve)?;
    let pem = secret.private_pem()?;
    let written = new_file(Path::new(to)).and_then(|mut file| {
        file.write_all(pem.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| format!("{to}: {error}"))?;
    let says = format!(
        "{}Fingerprint: {}\n\nThe private key is in {to}; only you can read it. Keep a copy where a fire does not reach \
         both:\nwithout it nothing that is sealed to it can ever be opened. Give the clearinghouse the public key \
         above, and\nread the fingerprint to it over the telephone.\n",
        secret.public_pem(),
        secret.fingerprint()
    );
    Ok((says, 0))
}
