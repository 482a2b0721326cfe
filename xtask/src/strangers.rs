//! What the tests need and the machine lacks: Debian's packages, and strangers' programs from PyPI and npm.
//!
//! The strangers' clients stand in `target/strangers`, which tests find as `CLEARINGHOUSE_TEST_STRANGERS`:
//! `python/bin/python` has `ncmec_cybertip`, `necmec_api` and `jsonschema`, and `node/node_modules` has
//! `@civitai/cybertipline-tools`; `tus/bin/python` has `tusclient`; `pages/node_modules` has `playwright-core`, which
//! drives Debian's Chromium, and `axe-core`, which checks pages for people who do not see them.
//! `exports/bin/python` has `case_utils`, which holds CASE/UCO bundles against their shapes, and three readers of PDF; and
//! `reading/node_modules` has a fourth with a reader of archives; `issuer/node_modules` has `oidc-provider`.
//! `api/bin` has `schemathesis`, `standardwebhooks` and `aiosmtpd`, for the agency API and what it tells.
//! Each folder ends with a stamp of what was asked for, so that a second run does nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::services::postgres;
use crate::{Result, shell};

const S3_SERVER: &[&str] = &["moto[s3,server]==5.2.5"];
/// The first asks for Python 3.13 and runs on 3.11 after one change of its text. The last holds exports against their
/// published schemas.
const PYTHON_CLIENTS: &[&str] = &["ncmec-cybertip==0.1.1", "necmec-api==0.1.3", "jsonschema==4.26.0"];
/// In a folder of its own, so that what it needs does not change what the others have.
const TUS_CLIENTS: &[&str] = &["tuspy==1.1.0"];
/// In a folder of its own too: the readers of PDF need an old version of what they stand on.
/// What the first pulls in is named too: the newest of those ask for a newer Python.
const EXPORT_READERS: &[&str] = &[
    "case-utils==0.18.0",
    "numpy==2.4.6",
    "pandas==3.1.1",
    "py-pdf-parser==0.13.0",
    "pdfplumber==0.7.5",
    "pypdf==7.1.1",
];
/// What asks the agency API everything that its document allows and forbids, what checks the signature of a webhook, and a
/// mail server.
const API_CLIENTS: &[&str] = &["schemathesis==4.32.5", "standardwebhooks==1.1.0", "aiosmtpd==1.4.6"];
const NODE_READERS: &[&str] = &["pdf-parse@1.1.1", "adm-zip@0.5.16"];
/// A provider of OpenID Connect, through which people come in. It asks for Node 22 and runs on 20, with a warning.
const ISSUERS: &[&str] = &["oidc-provider@9.13.3"];
const NODE_CLIENTS: &[&str] = &["@civitai/cybertipline-tools@0.1.0"];
/// They bring no browser of their own.
const PAGE_TOOLS: &[&str] = &["playwright-core@1.65.1", "axe-core@4.14.1"];

/// The only construct in `ncmec_cybertip/client.py` that Python 3.11 cannot read, and what stands in its place.
const NEW_SYNTAX: &str = "def _parse[T: ReportResponse | ReportDoneResponse](";
const OLD_SYNTAX: &str = "def _parse(";

/// Where each thing has been installed.
pub struct Installed {
    /// What tests get as `CLEARINGHOUSE_TEST_STRANGERS`.
    pub clients: PathBuf,
    /// The virtual environment of the S3 server.
    pub s3: PathBuf,
}

/// Installs whatever is missing.
pub fn install() -> Result<Installed> {
    debian()?;
    let clients = shell::root().join("target/strangers");
    let s3 = clients.join("s3");
    stamped(&s3, S3_SERVER, |venv| pip(venv, S3_SERVER))?;
    stamped(&clients.join("python"), PYTHON_CLIENTS, |venv| {
        pip(venv, PYTHON_CLIENTS)?;
        let client = purelib(venv)?.join("ncmec_cybertip/client.py");
        let text = std::fs::read_to_string(&client)?;
        Ok(std::fs::write(&client, text.replace(NEW_SYNTAX, OLD_SYNTAX))?)
    })?;
    stamped(&clients.join("api"), API_CLIENTS, |venv| pip(venv, API_CLIENTS))?;
    stamped(&clients.join("tus"), TUS_CLIENTS, |venv| pip(venv, TUS_CLIENTS))?;
    stamped(&clients.join("exports"), EXPORT_READERS, |venv| pip(venv, EXPORT_READERS))?;
    for (name, packages) in
        [("node", NODE_CLIENTS), ("pages", PAGE_TOOLS), ("reading", NODE_READERS), ("issuer", ISSUERS)]
    {
        stamped(&clients.join(name), packages, |folder| npm(folder, packages))?;
    }
    Ok(Installed { clients, s3 })
}

/// Debian's packages, by what shows that each is there.
fn debian() -> Result<()> {
    let mut missing = Vec::new();
    if postgres::binaries().is_none() {
        missing.push("postgresql");
    }
    if !shell::has("python3") {
        missing.push("python3");
    }
    if shell::output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_err() {
        missing.push("python3-venv");
    }
    // The browser opens our pages, the next two our PDF, as others do; the last compiles the example in its language.
    let programs = [
        ("node", "nodejs"),
        ("npm", "npm"),
        ("chromium", "chromium"),
        ("qpdf", "qpdf"),
        ("pdftotext", "poppler-utils"),
        ("go", "golang-go"),
        // A hardware security module without the hardware.
        ("softhsm2-util", "softhsm2"),
    ];
    missing.extend(programs.iter().filter(|(it, _)| !shell::has(it)).map(|(_, from)| from));
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install {}", missing.join(" "));
    if !postgres::am_root()? {
        return Err(format!("the tests need more than this machine has: run as root `{line}`").into());
    }
    eprintln!("test: {line}");
    let apt = |arguments: &[&str]| {
        shell::run_quietly(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat())
}

/// Makes the folder anew unless its stamp says that it already holds exactly this.
fn stamped(folder: &Path, what: &[&str], make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let stamp = folder.join("stamp");
    let wanted = format!("{}\n{}\n", folder.display(), what.join("\n"));
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    eprintln!("test: installing {}", what.join(", "));
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    make(folder)?;
    Ok(std::fs::write(stamp, wanted)?)
}

fn npm(folder: &Path, packages: &[&str]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let flags = ["install", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"];
    shell::run_quietly(Command::new("npm").current_dir(folder).args(flags).args(packages))
}

fn pip(venv: &Path, packages: &[&str]) -> Result<()> {
    shell::run_quietly(Command::new("python3").args(["-m", "venv"]).arg(venv))?;
    let flags = ["install", "--quiet", "--disable-pip-version-check", "--ignore-requires-python"];
    shell::run_quietly(Command::new(venv.join("bin/pip")).args(flags).args(packages))
}

fn purelib(venv: &Path) -> Result<PathBuf> {
    let ask = "import sysconfig; print(sysconfig.get_paths()['purelib'], end='')";
    Ok(String::from_utf8(shell::output(Command::new(venv.join("bin/python")).args(["-c", ask]))?)?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_once_and_again_when_more_is_asked_for() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("venv");
        let made = std::cell::Cell::new(0);
        let make = |folder: &Path| {
            made.set(made.get() + 1);
            Ok(std::fs::create_dir(folder)?)
        };
        for (what, times) in [(["one"], 1), (["one"], 1), (["two"], 2)] {
            stamped(&folder, &what, make).unwrap();
            assert_eq!(made.get(), times);
        }
    }

    #[test]
    fn a_folder_that_could_not_be_made_is_tried_again() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("venv");
        assert!(stamped(&folder, &["one"], |_| Err("no network".into())).is_err());
        assert!(stamped(&folder, &["one"], |folder| Ok(std::fs::create_dir(folder)?)).is_ok());
    }
}
