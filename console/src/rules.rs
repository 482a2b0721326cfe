//! The rules on disk: the shipped ones, with whole folders replaced by the operator's own. They are offered to the house;
//! what two people put in force there is what this process decides by.

use std::sync::Arc;

use domain::{Clock as _, Profile};
use policy::{RuleSet, Texts};
use rulebook::NotTakenUp;
use rulebook::disk::{self, texts};
use store::House;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::outcome::{Doing, Failure, Result, chain};

/// The rule set of a configuration that counts today, checked that it can serve the profile.
pub fn of(config: &Config) -> Result<RuleSet> {
    let (_, rules) = chosen(config)?;
    rules.schedule(config.profile()?).map_err(|fault| Failure::from(fault).hint(SCHEDULE))?;
    Ok(rules)
}

const SCHEDULE: &str = "put your schedule into RULES/retention and set rules_folder, see docs/operators.md";

/// Every set on disk: the one that counts now, and the next one where the operator has some.
fn on_disk(config: &Config) -> Result<Vec<Texts>> {
    let folder = |folder: &Option<std::path::PathBuf>| folder.as_deref().map(|folder| config.path(folder));
    let mut sets = vec![texts(folder(&config.settings.rules_folder).as_deref())?];
    if let Some(next) = folder(&config.settings.next_rules_folder) {
        sets.push(texts(Some(&next))?);
    }
    Ok(sets)
}

/// The set on disk that the day and the profile choose.
fn chosen(config: &Config) -> Result<(Texts, RuleSet)> {
    disk::chosen(on_disk(config)?, config.profile()?, SystemClock.now()).doing("read the rules")
}

/// Until the house is open and says otherwise, this process decides by the rules of the configuration.
pub fn before_opening(config: &Config) -> Result<()> {
    let is_ours = config.settings.rules_folder.is_some() || config.settings.next_rules_folder.is_some();
    if is_ours && !RuleSet::put_in_force(Arc::new(of(config)?)) {
        return Err(Failure::new("this process has had too many rules".to_owned()));
    }
    Ok(())
}

/// Lets this process decide by the rules that the house keeps. A house that keeps none begins with those on disk, once they
/// can serve its profile: without a schedule of its own a real house decides nothing yet.
pub async fn take_up(house: &House, config: &Config) -> Result<()> {
    let taken_up = match rulebook::take_up(house).await {
        Err(NotTakenUp::Unfounded) => {
            let (texts, rules) = chosen(config)?;
            match rules.schedule(house.profile()) {
                Ok(_) => {
                    rules.is_whole()?;
                    rulebook::begin(house, &texts).await
                }
                Err(_) => Ok(()),
            }
        }
        taken_up => taken_up.map(drop),
    };
    taken_up.map_err(|fault| {
        Failure::new(chain(&fault))
            .hint("start the version before this one, put rules in force that both understand, then upgrade")
    })
}

/// Offers what lies on disk, and says which rules are in force and which wait. For processes that go on running.
pub async fn stand(house: &House, config: &Config) -> Result<()> {
    RuleSet::in_force().schedule(house.profile()).map_err(|fault| Failure::from(fault).hint(SCHEDULE))?;
    let sets =
        if house.profile() == Profile::SyntheticDemo { vec![chosen(config)?.0] } else { on_disk(config)? };
    for texts in &sets {
        rulebook::offer(house, texts).await.doing("offer the rules on disk")?;
    }
    take_up(house, config).await?;
    let in_force = RuleSet::in_force().id();
    tracing::info!(rule_set = in_force.as_str(), "rules in force");
    let ids = sets.iter().map(Texts::id).collect::<std::result::Result<Vec<_>, _>>()?;
    for waits in ids.iter().filter(|id| *id != in_force) {
        tracing::warn!(rule_set = waits.as_str(), "rules on disk wait for two people, at /admin/rules");
    }
    Ok(())
}

/// The rules of a folder, read.
pub fn load(own: Option<&std::path::Path>) -> Result<RuleSet> {
    RuleSet::load(&texts(own)?.files()).doing("read the rules")
}
