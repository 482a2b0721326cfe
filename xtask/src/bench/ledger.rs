//! `ledger`: leaves that become durable from 32 callers, against one caller at a time; and the check of all of them, for a
//! million leaves. Measured in a program of its own, so that this one need not be built with the house in it.

use serde_json::{Value, json};

use super::{Args, Outcome};
use crate::bench_house::Engine;
use crate::{Result, shell};

/// Measures both engines; the figure and the ratio are those of the first, the rest stands among the details.
pub fn run(args: &Args) -> Result<Outcome> {
    let mut details = json!({ "seconds": args.seconds });
    let mut first = None;
    for engine in args.engines() {
        let (name, url) = match engine {
            Engine::Sqlite => ("sqlite", None),
            Engine::Postgres => {
                let base =
                    args.postgres.as_deref().ok_or("the registry starts a PostgreSQL for this benchmark")?;
                ("postgres", Some(format!("{base}/postgres?sslmode=disable")))
            }
        };
        let told = measured(args, url)?;
        first.get_or_insert_with(|| told.clone());
        details[name] = told;
    }
    let first = first.ok_or("no engine was asked for")?;
    let figure = |name: &str| first[name].as_f64().ok_or_else(|| format!("{name} was not measured"));
    let (together, alone) = (figure("appends_per_s")?, figure("one_by_one_per_s")?);
    Ok(Outcome {
        name: "ledger".into(),
        figure: together,
        unit: "appends/s".into(),
        yardstick: alone,
        ratio: together / alone,
        details,
    })
}

fn measured(args: &Args, url: Option<String>) -> Result<Value> {
    let mut command = args.example("ledger")?;
    command.arg(args.seconds.to_string()).args(url);
    Ok(serde_json::from_slice(&shell::output(&mut command)?)?)
}
