//! `build`: what a newcomer waits for first, and a developer waits for all day.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Args, Outcome};
use crate::shell;

/// The face whose one changed line the second build must carry into the binary.
const TOUCHED: &str = "agencies/src/lib.rs";

/// A clean build in a target folder of its own, then the same build after one changed line.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn std::error::Error>> {
    let root = shell::root();
    let scratch = match &args.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let clean = build(&root, scratch.path())?;
    let edited = {
        let _restored = Edit::make(root.join(TOUCHED))?;
        build(&root, scratch.path())?
    };
    let (figure, yardstick) = (edited.as_secs_f64(), clean.as_secs_f64());
    Ok(Outcome {
        name: "build".into(),
        figure,
        unit: "seconds".into(),
        yardstick,
        ratio: figure / yardstick,
        details: serde_json::json!({
            "clean_seconds": yardstick,
            "one_line_in_a_face_seconds": figure,
            "touched": TOUCHED,
            "profile": "dev",
            "cores": std::thread::available_parallelism()?.get(),
        }),
    })
}

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn build(root: &Path, target: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let started = std::time::Instant::now();
    shell::run(
        Command::new("cargo")
            .current_dir(root)
            .args(["build", "--locked", "--package", "clearinghouse", "--target-dir"])
            .arg(target),
    )?;
    Ok(started.elapsed())
}

/// One line more in a source file, taken away again when dropped, even if the build fails.
struct Edit {
    path: std::path::PathBuf,
    before: Vec<u8>,
}

impl Edit {
    fn make(path: std::path::PathBuf) -> std::io::Result<Self> {
        let before = std::fs::read(&path)?;
        let mut after = before.clone();
        after.extend_from_slice(
            b"\n#[expect(dead_code, reason = \"a benchmark's line\")]\nconst TOUCHED: u8 = 1;\n",
        );
        std::fs::write(&path, after)?;
        Ok(Self { path, before })
    }
}

impl Drop for Edit {
    fn drop(&mut self) {
        if let Err(error) = std::fs::write(&self.path, &self.before) {
            eprintln!("{} could not be restored: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changed_line_is_taken_away_again() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("lib.rs");
        std::fs::write(&path, "//! A face.\n").unwrap();
        let edit = Edit::make(path.clone()).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().contains("TOUCHED"));
        drop(edit);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "//! A face.\n");
    }

    #[test]
    fn the_touched_file_exists() {
        assert!(shell::root().join(TOUCHED).is_file());
    }
}
