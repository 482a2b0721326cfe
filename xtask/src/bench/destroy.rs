//! `destroy`: ten thousand files of one report, from the agreement to the signed certificate, and how fast surviving keys
//! are wrapped anew. The yardstick is taking the same files in.

use super::{Args, Outcome};
use crate::shell;

/// Files that are destroyed, when nothing else is said.
const FILES: u32 = 10_000;

/// Runs the example of the crate `pipeline` that measures it, in release.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn std::error::Error>> {
    let files = if args.small_files == 0 { FILES } else { args.small_files };
    let mut command = args.example("destroy")?;
    let told: serde_json::Value = serde_json::from_slice(&shell::output(command.arg(files.to_string()))?)?;
    let seconds =
        |name: &str| told[name].as_f64().ok_or_else(|| format!("the example says nothing of {name}"));
    let per_second = |seconds: f64| f64::from(files) / seconds;
    let (figure, yardstick) = (per_second(seconds("destroyed_s")?), per_second(seconds("taken_s")?));
    let keys = told["rewrapped_keys"].as_f64().unwrap_or_default();
    let mut details = told.clone();
    details["rewrapped_keys_a_second"] = (keys / seconds("rewrapped_s")?).into();
    Ok(Outcome {
        name: "destroy".into(),
        figure,
        unit: "files/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}
