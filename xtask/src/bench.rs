//! Benchmarks: each prints one figure and the yardstick of the same run, never a verdict on absolute time.

mod access;
mod act;
mod build;
mod destroy;
mod heavy;
mod intake;
mod ledger;
mod package;
mod queue;
mod stored;
mod upload;
mod urgent;
mod verify;

use std::path::PathBuf;
use std::process::Command;

use crate::bench_house::Engine;
use crate::{Result, services, shell};

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
    pub dir: Option<PathBuf>,
    /// Only this database, where a benchmark measures both.
    #[arg(long)]
    pub engine: Option<Engine>,
    /// How often each side is measured; the best counts, and all are told.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub rounds: u32,
    /// Measure this binary instead of building one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// `intake`, `urgent`, `upload`: connections at once.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub connections: u32,
    /// `intake`: let the house work on what is finished while it takes in more.
    #[arg(long)]
    pub work: bool,
    /// `queue`, `stored`: reports that the house has.
    #[arg(long, default_value_t = 5_000_000, value_parser = clap::value_parser!(u64).range(1_000..=20_000_000))]
    pub reports: u64,
    /// `urgent`: reports a second.
    #[arg(long, default_value_t = 200.0, value_parser = rate)]
    pub rate: f64,
    /// `upload`, `heavy`: length of the file, such as 2GiB.
    #[arg(long, default_value = "2GiB", value_parser = bytes)]
    pub bytes: u64,
    /// `upload`: also one report with so many small files; `destroy`, `heavy`: so many instead of 10,000; `package`,
    /// `verify`: instead of 1,000.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub small_files: u32,
}

impl Args {
    /// The databases to be measured, the one whose figure leads first.
    fn engines(&self) -> &[Engine] {
        match self.engine {
            None => &Engine::ALL,
            Some(Engine::Sqlite) => &Engine::ALL[..1],
            Some(Engine::Postgres) => &Engine::ALL[1..],
        }
    }

    /// A folder of our own on the disk to be measured.
    fn scratch(&self) -> std::io::Result<tempfile::TempDir> {
        self.dir.as_ref().map_or_else(tempfile::tempdir, tempfile::tempdir_in)
    }

    /// A program of the examples of some crate, optimised, which measures what this one would have to be built with. One
    /// selection for all of them, so that what they share is compiled once.
    fn example(&self, name: &str) -> Result<Command> {
        let line = ["build", "--locked", "--release", "--quiet", "--workspace", "--example", name];
        shell::run_quietly(shell::at_root("cargo").args(line))?;
        let mut command = shell::at_root(std::env::current_exe()?.with_file_name("examples").join(name));
        if let Some(dir) = &self.dir {
            command.env("TMPDIR", dir);
        }
        Ok(command)
    }
}

/// A rate that a load generator can keep.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (1.0..=100_000.0).contains(&rate) => Ok(rate),
        _ => Err("a number from 1 to 100000".to_owned()),
    }
}

/// A length in bytes, KiB, MiB or GiB.
fn bytes(text: &str) -> Result<u64, String> {
    let at = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let unit: u64 = match unit {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err("write the unit as KiB, MiB or GiB, or nothing for bytes".to_owned()),
    };
    let bytes = number.parse().ok().and_then(|number: u64| number.checked_mul(unit));
    bytes.filter(|bytes| (1..=1 << 40).contains(bytes)).ok_or_else(|| "a length up to 1024GiB".to_owned())
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
    /// Whether it must itself be optimised: a load generator that is not would be measured instead of the house.
    wants_release: bool,
    run: fn(&Args) -> Result<Outcome>,
}

/// Every benchmark there is. A new one is a file in `bench/` and a line here.
const ALL: &[Bench] = &[
    Bench {
        name: "access",
        about: "decisions a second of the access policies, against the same judgement written by hand",
        wants_postgres: false,
        wants_release: true,
        run: access::run,
    },
    Bench {
        name: "act",
        about: "one act (3 rows and a leaf) from 32 callers against one transaction at a time",
        wants_postgres: true,
        wants_release: true,
        run: act::run,
    },
    Bench {
        name: "ledger",
        about: "leaves a second from 32 callers against one at a time, and the check of a million of them",
        wants_postgres: true,
        wants_release: false,
        run: ledger::run,
    },
    Bench {
        name: "build",
        about: "a clean build of the binary, then again after one changed line in a face",
        wants_postgres: false,
        wants_release: false,
        run: build::run,
    },
    Bench {
        name: "destroy",
        about: "10,000 files destroyed with proof, against taking them in; and surviving keys wrapped anew",
        wants_postgres: false,
        wants_release: false,
        run: destroy::run,
    },
    Bench {
        name: "heavy",
        about: "a report of 10,000 files and one of a huge file, from the provider to the officer's package",
        wants_postgres: true,
        wants_release: true,
        run: heavy::run,
    },
    Bench {
        name: "intake",
        about: "reports a second through the provider API, everything durable, against an empty handler",
        wants_postgres: true,
        wants_release: true,
        run: intake::run,
    },
    Bench {
        name: "package",
        about: "the package of 1,000 files of 300 KB against SHA-256, and what the house grows by for it",
        wants_postgres: true,
        wants_release: true,
        run: package::run,
    },
    Bench {
        name: "queue",
        about: "the first page of an agency's inbox in every order and through many filters, against a look at one report",
        wants_postgres: true,
        wants_release: false,
        run: queue::run,
    },
    Bench {
        name: "stored",
        about: "intake, urgent and package in a house that has millions of reports, against intake in a new one",
        wants_postgres: true,
        wants_release: true,
        run: stored::run,
    },
    Bench {
        name: "upload",
        about: "one large file against the slowest of its digests, and the memory that it takes",
        wants_postgres: true,
        wants_release: true,
        run: upload::run,
    },
    Bench {
        name: "urgent",
        about: "from the answered finish to the agency's feed under steady load, against an idle poll",
        wants_postgres: true,
        wants_release: true,
        run: urgent::run,
    },
    Bench {
        name: "verify",
        about: "the independent checker on a package of 1,000 files, against a digest and a signature",
        wants_postgres: false,
        wants_release: true,
        run: verify::run,
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
    if bench.wants_release && cfg!(debug_assertions) {
        return released();
    }
    let mut args = args.clone();
    // Held until the benchmark ends: dropping it stops the server.
    let wants_postgres = bench.wants_postgres && args.engines().contains(&Engine::Postgres);
    let _cluster = if wants_postgres && args.postgres.is_none() {
        let cluster = services::postgres::start(services::postgres::Durability::Full)?;
        args.postgres = Some(cluster.url().to_owned());
        Some(cluster)
    } else {
        None
    };
    print(&(bench.run)(&args)?, args.json)
}

/// Runs the same line again, optimised.
fn released() -> Result<()> {
    let ours = std::env::args_os().skip(1);
    let mut command = shell::at_root("cargo");
    shell::run(command.args(["run", "--quiet", "--release", "--package", "xtask", "--"]).args(ours))
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
        let refusal = run(&asked("nothing")).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "no benchmark named nothing; there are: access, act, ledger, build, destroy, heavy, intake, package, \
             queue, stored, upload, urgent, verify"
        );
    }

    #[test]
    fn a_length_has_a_unit_or_none_and_a_bound() {
        assert_eq!((bytes("2GiB"), bytes("64KiB"), bytes("7")), (Ok(2 << 30), Ok(64 << 10), Ok(7)));
        for wrong in ["", "0", "GiB", "2GB", "-1", "1025GiB", "99999999999GiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_database_alone_can_be_measured() {
        assert_eq!(asked("intake").engines(), Engine::ALL);
        assert_eq!(asked("intake --engine postgres").engines(), [Engine::Postgres]);
    }

    fn asked(line: &str) -> Args {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            args: Args,
        }
        let words = std::iter::once("bench").chain(line.split(' '));
        <Line as clap::Parser>::try_parse_from(words).unwrap().args
    }
}
