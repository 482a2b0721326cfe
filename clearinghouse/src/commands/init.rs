//! `init`: a new house on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use administration::setup;
use clap::Args as ClapArgs;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use console::{Voice, house, say};
use domain::Profile;
use policy::ViewerRole;
use seal::SystemRandom;
use serde_json::json;

use crate::config::{Config, FILE_NAME, Variables};
use crate::outcome::{Doing, Failure, Result};

/// Makes a house: its folder, its configuration, its root key, its empty database.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  clearinghouse init --profile synthetic-demo --data house")]
pub(crate) struct Args {
    /// Under which law the house runs. It is recorded and never changes.
    #[arg(long, value_parser = PossibleValuesParser::new(Profile::ALL.iter().map(|profile| profile.as_str()))
        .try_map(|word| word.parse::<Profile>()))]
    profile: Profile,
    /// Folder of the house.
    #[arg(long, value_name = "DIR", default_value = "clearinghouse-data")]
    data: PathBuf,
    /// Name of the ledger: a URL without scheme. It stands in every checkpoint and never changes.
    #[arg(long, default_value = "localhost/clearinghouse")]
    origin: String,
    /// Who holds the root and the epoch keys instead of files: `pkcs11:LIBRARY?token=LABEL` or `https://HOST/PATH`. The
    /// PIN or token comes from the environment, CLEARINGHOUSE__CUSTODY__SECRET.
    #[arg(long, value_name = "ADDRESS")]
    custody: Option<String>,
    /// Role of the first person of the house.
    #[arg(long, default_value = "security-admin", value_parser = setup::founding_role)]
    administrator: ViewerRole,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let file = lay_ground(&args.data, args.profile, &args.origin, args.custody.as_deref())?;
    let config = Config::load(&file, &Variables::of_process())?;
    if args.custody.is_some() {
        seal_root(&config).await?;
    }
    let house = house::open(&config).await?;
    let founder = setup::found(&house, args.administrator, "First administrator").await;
    house.close();
    let enrolment = setup::enrolment_path(&founder?);
    voice.answer(
        &json!({ "done": true, "profile": args.profile, "config": file, "root_key": args.data.join("root.key"),
            "enrolment": enrolment }),
        format_args!("made a house under the profile {} in {}", args.profile, args.data.display()),
    )?;
    if !voice.is_json() {
        explain(&args, &file, &enrolment);
    }
    Ok(())
}

/// What a new operator has to know, before it is too late.
fn explain(args: &Args, file: &Path, enrolment: &str) {
    say::people(format_args!("  configuration  {}", file.display()));
    say::people(format_args!(
        "  root key       {}: keep a copy offline; without it nothing sealed opens again",
        args.data.join("root.key").display()
    ));
    if args.custody.is_none() {
        say::people(format_args!(
            "  epoch keys     {}: leave this folder out of every backup, see docs/operators.md",
            args.data.join("epochs").display()
        ));
    }
    say::people(format_args!("  administrator  sets up the first key at {enrolment}, within 7 days"));
    say::people(
        "                 then name the second person with `person found`: from then on two people decide",
    );
    say::people("  providers      `provider invite` prints where a provider's person sets up a key");
    say::people(format_args!("  next           clearinghouse check --config {}", file.display()));
    if args.profile != Profile::SyntheticDemo {
        say::people(
            "  before real reports: this profile needs your own retention schedule (R-55), see docs/operators.md",
        );
    }
}

/// Writes what must be there before a house can be opened. Replaces nothing.
pub(crate) fn lay_ground(
    data: &Path,
    profile: Profile,
    origin: &str,
    custody: Option<&str>,
) -> Result<PathBuf> {
    let file = data.join(FILE_NAME);
    if file.exists() {
        return Err(Failure::new(format!("{} is already there", file.display()))
            .hint("a house is made once: choose another folder with --data, or use the one that is there"));
    }
    private_folder(data)?;
    if custody.is_none() {
        store::make_root_key(&data.join("root.key"), &SystemRandom).doing("make the root key")?;
    }
    fs::write(&file, configuration(profile, origin) + &held_by(custody))
        .doing(&format!("write {}", file.display()))?;
    Ok(file)
}

/// Has custody make and seal the root key.
async fn seal_root(config: &Config) -> Result<()> {
    let settings = config.store()?;
    let sealed = tokio::task::spawn_blocking(move || {
        let random: Arc<dyn seal::Random> = Arc::new(SystemRandom);
        store::seal_root_key(&settings.root_key_file, &settings.custody, &random)
    });
    sealed.await.doing("make the root key")?.doing("have custody seal the root key")
}

fn held_by(custody: Option<&str>) -> String {
    custody.map_or_else(String::new, |url| {
        format!("\n[custody]\nurl = {}\n", toml::Value::String(url.to_owned()))
    })
}

/// A folder that nobody else on the machine can look into.
pub(super) fn private_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.doing(&format!("make the folder {}", folder.display()))
}

fn configuration(profile: Profile, origin: &str) -> String {
    let origin = toml::Value::String(origin.to_owned());
    format!(
        "# A clearinghouse. `clearinghouse config check --schema` lists every key; relative paths count from here.
# Every key can be set as CLEARINGHOUSE__SECTION__KEY. Secrets do not stand in this file.

profile = \"{profile}\"
origin = {origin}
root_key_file = \"root.key\"
migrate = true

[database]
url = \"sqlite:clearinghouse.sqlite\"

[vault]
url = \"file:vault\"

[listen.house]
address = \"127.0.0.1:8480\"
surfaces = [\"providers\", \"agencies\", \"staff\", \"log\"]

[metrics]
address = \"127.0.0.1:9480\"
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_ground_is_private_and_is_never_laid_twice() {
        let scratch = tempfile::tempdir().unwrap();
        let data = scratch.path().join("house");
        let file = lay_ground(&data, Profile::Hotline, "log.example/house", None).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(&data.join("root.key")), 0o600);
        let config = Config::load(&file, &Variables::default()).unwrap();
        assert_eq!(config.profile().unwrap(), Profile::Hotline);
        assert_eq!(config.settings.origin, "log.example/house");
        let key = fs::read(data.join("root.key")).unwrap();
        assert!(lay_ground(&data, Profile::Hotline, "x", None).is_err());
        assert_eq!(fs::read(data.join("root.key")).unwrap(), key);
    }
}
