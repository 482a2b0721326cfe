//! `queue`: the first page of an agency's inbox among millions of reports, in every order, through filters that an index
//! knows and through some that none does. The figure is the slowest question's p99; the yardstick is that of a look at one
//! report by its number. The plans stand beside the figures.

use serde_json::{Value, json};

use super::{Args, Outcome};
use crate::Result;
use crate::bench_house::Engine;
use crate::bench_house::rows::Rows;
use crate::shell;

/// Pages of each question, for each round that is asked for.
const PAGES: u32 = 100;

/// Runs the example of the crate `casework` that measures it, in release, for each database.
pub fn run(args: &Args) -> Result<Outcome> {
    let mut details = json!({ "reports": args.reports });
    let mut slowest = None;
    for engine in args.engines() {
        let told = measured(args, *engine)?;
        let of = |one: &Value| one["p99_ms"].as_f64().unwrap_or(f64::INFINITY);
        let questions = told["questions"].as_array().ok_or("the example tells no questions")?;
        let worst = questions.iter().map(of).fold(0.0, f64::max);
        slowest.get_or_insert((worst, of(&told["one_report"])));
        details[engine.as_str()] = told;
    }
    let (figure, yardstick) = slowest.ok_or("no database was asked for")?;
    Ok(Outcome {
        name: "queue".into(),
        figure,
        unit: "ms".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

fn measured(args: &Args, engine: Engine) -> Result<Value> {
    let rows = Rows::make(engine, args.postgres.as_deref())?;
    let mut command = args.example("queue")?;
    command.arg(args.reports.to_string()).arg((args.rounds * PAGES).to_string());
    if let Some((_, url)) = rows.environment() {
        command.arg(url);
    }
    Ok(serde_json::from_slice(&shell::output(&mut command)?)?)
}
