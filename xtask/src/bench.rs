//! Benchmarks: each prints one figure and the yardstick of the same run, never a verdict on absolute time.

mod act;
mod build;

use crate::{Result, services};

/// What every benchmark is given; one bench ignores what it does not need.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Which benchmark; without a name the list is printed.
    pub name: Option<String>,
    /// One JSON line on stdout instead of lines for people on stderr.
    #[arg(long)]
    pub json: bool,
    /// How long each measured side runs.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// Superuser URL of a PostgreSQL without database name; a private, durable cluster is started when absent.
    #[arg(long)]
    pub postgres: Option<String>,
    /// Folder on the disk to be measured; the system's temporary folder when absent.
    #[arg(long)]
    pub dir: Option<std::path::PathBuf>,
}

/// One figure beside the yardstick that was measured in the same run on the same disk.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Outcome {
    /// The benchmark's name in the registry.
    pub name: String,
    /// Our figure, in `unit`.
    pub figure: f64,
    /// Unit of `figure` and `yardstick`, such as `acts/s`.
    pub unit: String,
    /// What the figure is compared with, in the same unit, measured in the same run.
    pub yardstick: f64,
    /// `figure / yardstick`.
    pub ratio: f64,
    /// Everything else that was measured, by name.
    pub details: serde_json::Value,
}

/// One line of the registry.
struct Bench {
    name: &'static str,
    about: &'static str,
    /// Whether `Args::postgres` must be filled before it runs.
    wants_postgres: bool,
    run: fn(&Args) -> Result<Outcome>,
}

/// Every benchmark there is. A new one is a file in `bench/` and a line here.
const ALL: &[Bench] = &[
    Bench {
        name: "act",
        about: "one act (3 rows and a leaf) from 32 callers against one transaction at a time",
        wants_postgres: true,
        run: act::run,
    },
    Bench {
        name: "build",
        about: "a clean build of the binary, then again after one changed line in a face",
        wants_postgres: false,
        run: build::run,
    },
];

/// Runs the named benchmark and prints its outcome.
pub fn run(args: &Args) -> Result<()> {
    let Some(name) = &args.name else {
        for bench in ALL {
            eprintln!("{:10} {}", bench.name, bench.about);
        }
        return Ok(());
    };
    let bench = ALL.iter().find(|bench| bench.name == name).ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|bench| bench.name).collect();
        format!("no benchmark named {name}; there are: {}", names.join(", "))
    })?;
    let mut args = args.clone();
    // Held until the benchmark ends: dropping it stops the server.
    let _cluster = if bench.wants_postgres && args.postgres.is_none() {
        let cluster = services::postgres::start(services::postgres::Durability::Full)?;
        args.postgres = Some(cluster.url().to_owned());
        Some(cluster)
    } else {
        None
    };
    print(&(bench.run)(&args)?, args.json)
}

fn print(outcome: &Outcome, json: bool) -> Result<()> {
    if json {
        serde_json::to_writer(std::io::stdout().lock(), outcome)?;
        crate::shell::say("")?;
        return Ok(());
    }
    let Outcome { name, figure, unit, yardstick, ratio, details } = outcome;
    eprintln!("{name}: {figure:.1} {unit}, yardstick {yardstick:.1} {unit}, ratio {ratio:.2}");
    eprintln!("{}", serde_json::to_string_pretty(details)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_in_the_folder_has_its_line_in_the_registry() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        let mut names: Vec<String> = ALL.iter().map(|bench| bench.name.to_owned()).collect();
        files.sort();
        names.sort();
        assert_eq!(files, names);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_list() {
        let args = Args { name: Some("nothing".into()), json: false, seconds: 1, postgres: None, dir: None };
        let refusal = run(&args).unwrap_err().to_string();
        assert_eq!(refusal, "no benchmark named nothing; there are: act, build");
    }
}
