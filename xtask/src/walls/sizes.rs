//! A file is one thought, and a crate is one that a person can hold.

use std::collections::BTreeMap;
use std::path::Path;

use super::plan::Sizes;
use crate::Result;
use crate::metadata::Package;

/// One Rust file of ours.
#[derive(Debug)]
pub struct File {
    in_crate: String,
    /// From the root, with slashes.
    path: String,
    lines: usize,
    /// Under `src`, and so part of the crate's own size.
    in_src: bool,
}

/// Every Rust file of the package.
pub fn measure(root: &Path, package: &Package) -> Result<Vec<File>> {
    // INVARIANT: a manifest stands in a folder.
    let folder = package.manifest_path.parent().expect("a manifest stands in a folder");
    let mut waiting = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder_or_file) = waiting.pop() {
        if folder_or_file.is_dir() {
            for entry in std::fs::read_dir(&folder_or_file)? {
                let path = entry?.path();
                if !path.ends_with("target") {
                    waiting.push(path);
                }
            }
        } else if folder_or_file.extension().is_some_and(|extension| extension == "rs") {
            files.push(File {
                in_crate: package.name.clone(),
                path: folder_or_file.strip_prefix(root)?.to_string_lossy().into_owned(),
                lines: std::fs::read_to_string(&folder_or_file)?.lines().count(),
                in_src: folder_or_file.starts_with(folder.join("src")),
            });
        }
    }
    Ok(files)
}

/// Breaks and advice, one sentence each.
pub fn judge(sizes: &Sizes, files: &[File]) -> (Vec<String>, Vec<String>) {
    let mut breaks = Vec::new();
    let mut advice = Vec::new();
    for File { path, lines, .. } in files {
        match sizes.exceptions.get(path) {
            Some(listed) if lines > listed => {
                breaks.push(format!("{path} grew from its listed {listed} lines to {lines}"));
            }
            Some(_) if *lines <= sizes.file_lines => {
                breaks.push(format!("{path} is small enough now: remove its exception"));
            }
            Some(listed) if lines < listed => {
                breaks.push(format!("{path} shrank to {lines} lines: lower its exception of {listed}"));
            }
            Some(_) => {}
            None if *lines > sizes.file_lines => {
                breaks.push(format!("{path} has {lines} lines, more than {}", sizes.file_lines));
            }
            None if *lines > sizes.file_lines_advised => {
                advice.push(format!("{path} has {lines} lines, more than {}", sizes.file_lines_advised));
            }
            None => {}
        }
    }
    for path in sizes.exceptions.keys().filter(|path| files.iter().all(|file| file.path != **path)) {
        breaks.push(format!("{path} is gone: remove its exception"));
    }
    breaks.extend(crates(sizes, files));
    (breaks, advice)
}

fn crates(sizes: &Sizes, files: &[File]) -> Vec<String> {
    let mut lines_of: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files.iter().filter(|file| file.in_src) {
        *lines_of.entry(&file.in_crate).or_default() += file.lines;
    }
    lines_of
        .into_iter()
        .filter(|(_, lines)| *lines > sizes.crate_lines)
        .map(|(name, lines)| format!("crate {name} has {lines} lines, more than {}", sizes.crate_lines))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(exceptions: &[(&str, usize)]) -> Sizes {
        let exceptions = exceptions.iter().map(|(path, lines)| ((*path).to_owned(), *lines)).collect();
        Sizes { crate_lines: 1_000, file_lines: 600, file_lines_advised: 400, exceptions }
    }

    fn file(path: &str, lines: usize) -> File {
        File { in_crate: "store".to_owned(), path: path.to_owned(), lines, in_src: true }
    }

    #[test]
    fn a_long_file_is_advised_against_and_a_longer_one_is_a_break() {
        let (breaks, advice) = judge(&sizes(&[]), &[file("a.rs", 401), file("b.rs", 400)]);
        assert_eq!((breaks.len(), advice), (0, vec!["a.rs has 401 lines, more than 400".to_owned()]));
        let (breaks, _) = judge(&sizes(&[]), &[file("a.rs", 601)]);
        assert_eq!(breaks, ["a.rs has 601 lines, more than 600"]);
    }

    #[test]
    fn an_exception_holds_at_its_number_and_may_only_shrink() {
        let listed = sizes(&[("a.rs", 700)]);
        assert!(judge(&listed, &[file("a.rs", 700)]).0.is_empty());
        assert_eq!(judge(&listed, &[file("a.rs", 701)]).0, ["a.rs grew from its listed 700 lines to 701"]);
        assert_eq!(
            judge(&listed, &[file("a.rs", 650)]).0,
            ["a.rs shrank to 650 lines: lower its exception of 700"]
        );
        assert_eq!(
            judge(&listed, &[file("a.rs", 600)]).0,
            ["a.rs is small enough now: remove its exception"]
        );
        assert_eq!(judge(&listed, &[]).0, ["a.rs is gone: remove its exception"]);
    }

    #[test]
    fn a_crate_has_a_bound_too_and_its_tests_do_not_count() {
        let test = File { in_src: false, ..file("store/tests/a.rs", 500) };
        assert!(judge(&sizes(&[]), &[file("a.rs", 400), file("b.rs", 400), test]).0.is_empty());
        let (breaks, _) = judge(&sizes(&[]), &[file("a.rs", 400), file("b.rs", 400), file("c.rs", 201)]);
        assert_eq!(breaks, ["crate store has 1001 lines, more than 1000"]);
    }
}
