//! The house, opened with the real clock and real chance.

use std::sync::Arc;

use domain::Clock;
use seal::SystemRandom;
use store::{Given, House};

use crate::clock::SystemClock;
use crate::config::Config;
use crate::origin;
use crate::outcome::{Failure, Result};
use crate::rules;

/// Opens the house that the configuration describes.
pub async fn open(config: &Config) -> Result<House> {
    rules::before_opening(config)?;
    let settings = config.store()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let given = Given { clock, random: Arc::new(SystemRandom), corpus: Arc::new(synth::corpus::contains) };
    let root_key = settings.root_key_file.clone();
    let opened = House::open(&settings, given).await;
    let opened = opened.map(|house| house.seen_from(origin::within("command"))).map_err(|error| {
        let failure = Failure::new(format!("cannot open the house: {}", crate::outcome::chain(&error)));
        if root_key.exists() {
            failure.hint(
                "`clearinghouse check` says which part is missing, `clearinghouse migrate` makes the schema",
            )
        } else {
            failure.hint(format!(
                "there is no root key at {}; a new house is made with `clearinghouse init`",
                root_key.display()
            ))
        }
    })?;
    rules::take_up(&opened, config).await?;
    Ok(opened)
}
