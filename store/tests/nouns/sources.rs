//! Every SQL constant of this crate, of the two below it, and of those above it that have nouns of their own, read from
//! their sources: a list that nobody has to keep.

use std::fs;
use std::path::{Path, PathBuf};

/// A SQL constant.
#[derive(Debug)]
pub struct Statement {
    /// From its first line, as in `report::open`.
    pub name: &'static str,
    /// The whole text.
    pub text: &'static str,
    /// The file it stands in, below `src`.
    pub file: PathBuf,
}

/// All of them.
pub fn statements() -> Vec<Statement> {
    let mut found = Vec::new();
    for (path, file) in all_files() {
        let source = source(&path);
        for text in constants(&source) {
            // The seam keeps statements by address, so a text must live as long as the test.
            let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
            let name = text.lines().next().and_then(|line| line.strip_prefix("-- ")).expect("it has a name");
            found.push(Statement { name, text, file: file.clone() });
        }
    }
    found
}

/// The statement of a name.
pub fn statement(name: &str) -> &'static str {
    let all = statements();
    all.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no statement {name}")).text
}

/// Every place in the sources that writes without an act, as the file below `src` with the transaction's name.
pub fn writes_beside_acts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, file) in all_files() {
        // The nouns reach the database's writer through the house.
        let source = source(&path).replace("house.write(", "house.write::<>(");
        let file = file.display().to_string();
        for call in source.split(".write::<").skip(1) {
            let (_, arguments) = call.split_once("(").expect("it is called");
            let name = arguments.trim_start().split(',').next().expect("the first argument is its name");
            found.push((file.clone(), name.trim_matches('"').to_owned()));
        }
    }
    found
}

/// Every source file with its path below its crate's `src`.
fn all_files() -> Vec<(PathBuf, PathBuf)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let roots = [
        "src",
        "../casework/src",
        "../dissemination/src",
        "../register/src",
        "../house/src",
        "../seized/src",
        "../told/src",
    ];
    for root in roots.map(|folder| here.join(folder)) {
        for path in rust_files(&root) {
            let file = path.strip_prefix(&root).expect("it is below src").to_owned();
            found.push((path, file));
        }
    }
    found
}

/// A source file without its own tests, which stand last.
fn source(path: &Path) -> String {
    let mut source = fs::read_to_string(path).expect("a source file is text");
    source.truncate(source.find("#[cfg(test)]").unwrap_or(source.len()));
    source
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The texts between quotes that begin as a statement does. SQL has no double quote of its own here.
fn constants(source: &str) -> impl Iterator<Item = &str> {
    source.split("\"-- ").skip(1).map(|rest| {
        let end = rest.find('"').expect("the text ends");
        let start = rest.as_ptr() as usize - source.as_ptr() as usize - "-- ".len();
        &source[start..start + "-- ".len() + end]
    })
}
