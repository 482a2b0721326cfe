//! `build`: what a newcomer waits for first, and a developer waits for all day.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Args, Outcome};
use crate::shell;

/// The face whose one more line the second build must carry into the binary.
const TOUCHED: &str = "agencies/src/lib.rs";
const LINE: &str = "\n#[expect(dead_code, reason = \"a benchmark's line\")]\nconst TOUCHED: u8 = 1;\n";

/// A clean build of a copy of the sources, then the same build after one more line.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn std::error::Error>> {
    let scratch = match &args.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    copy(&shell::root(), scratch.path())?;
    let clean = build(scratch.path())?.as_secs_f64();
    let touched = scratch.path().join(TOUCHED);
    std::fs::write(&touched, std::fs::read_to_string(&touched)? + LINE)?;
    let edited = build(scratch.path())?.as_secs_f64();
    Ok(Outcome {
        name: "build".into(),
        figure: edited,
        unit: "s".into(),
        yardstick: clean,
        ratio: edited / clean,
        details: serde_json::json!({
            "clean_s": clean,
            "one_line_in_a_face_s": edited,
            "touched": TOUCHED,
            "profile": "dev",
            "cores": std::thread::available_parallelism()?.get(),
        }),
    })
}

/// Everything that git knows or would take: the working tree itself is never edited, whoever interrupts us.
fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = String::from_utf8(shell::output(Command::new("git").current_dir(from).args(list))?)?;
    for path in listed.split_terminator('\0') {
        let (source, target) = (from.join(path), to.join(path));
        // A file may be listed and deleted, and a folder may be a link.
        if source.is_file() {
            std::fs::create_dir_all(target.parent().unwrap_or(to))?;
            std::fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn build(folder: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let started = std::time::Instant::now();
    let line = ["build", "--locked", "--package", "clearinghouse", "--target-dir", "target"];
    shell::run(Command::new("cargo").current_dir(folder).args(line))?;
    Ok(started.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_has_the_touched_file_and_nothing_that_was_built() {
        let scratch = tempfile::tempdir().unwrap();
        copy(&shell::root(), scratch.path()).unwrap();
        assert!(scratch.path().join(TOUCHED).is_file());
        assert!(scratch.path().join("Cargo.lock").is_file());
        assert!(!scratch.path().join("target").exists());
    }
}
