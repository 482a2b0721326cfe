//! Running other programs, and where the repository is.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// The repository's root, known from where this crate was compiled.
pub fn root() -> PathBuf {
    // INVARIANT: xtask stands one folder below the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).expect("xtask has a parent folder")
}

/// One line on stdout, which is kept for what programs read.
pub fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

/// A command that starts in the repository's root.
pub fn at_root(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Shows the command, runs it with our own input and output, and refuses anything but exit 0.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", line(command));
    let status = command.status().map_err(|error| format!("{}: {error}", program(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", program(command)).into()) }
}

/// Like [`run`], but shows the program's output only if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    output(command).map(|_| ())
}

/// What the program wrote on stdout; its stderr is part of the error if it fails.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{}: {error}", program(command)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("{} ended with {}\n{}", line(command), output.status, said.trim_end()).into())
}

/// Whether a program of that name is on the path.
#[expect(clippy::disallowed_methods, reason = "this is the binary: it asks the machine what it has")]
pub fn has(program: &str) -> bool {
    std::env::var("PATH")
        .is_ok_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(command.get_program().to_string_lossy()).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_carries_what_it_said() {
        let said =
            output(Command::new("sh").args(["-c", "echo out; echo no >&2; exit 3"])).unwrap_err().to_string();
        assert_eq!(said, "sh -c echo out; echo no >&2; exit 3 ended with exit status: 3\nout\nno");
    }

    #[test]
    fn the_root_holds_the_walls() {
        assert!(root().join("walls.toml").is_file());
    }

    #[test]
    fn a_program_that_is_not_there_is_not_found() {
        assert!(has("sh"));
        assert!(!has("a-program-that-nobody-has"));
    }
}
