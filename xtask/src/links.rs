//! Relative links in Markdown: the file exists, and so does the heading.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::{Result, shell};

/// Checks the root's pages and the book.
pub fn run() -> Result<()> {
    let root = shell::root();
    let mut pages = markdown_in(&root)?;
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        pages.extend(markdown_in(&folder)?);
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    let mut broken = Vec::new();
    for page in &pages {
        for target in targets(&std::fs::read_to_string(page)?) {
            if let Some(reason) = follow(page, &target) {
                broken.push(format!("{}: {target}: {reason}", page.strip_prefix(&root)?.display()));
            }
        }
    }
    if broken.is_empty() {
        eprintln!("links: the links of {} Markdown pages lead somewhere", pages.len());
        return Ok(());
    }
    Err(format!("links that lead nowhere:\n  {}", broken.join("\n  ")).into())
}

fn markdown_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(pages)
}

/// What a page's links and pictures point to, without what leads out of the repository.
fn targets(page: &str) -> Vec<String> {
    let prose = prose(page).join("\n");
    let ends = prose.match_indices("](").map(|(at, mark)| at + mark.len());
    ends.filter_map(|start| prose[start..].split_once(')').map(|(target, _)| target.trim().to_owned()))
        .filter(|target| !["https:", "http:", "mailto:"].iter().any(|scheme| target.starts_with(scheme)))
        .collect()
}

/// The lines outside fenced code and HTML comments.
fn prose(page: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut in_code, mut in_comment) = (false, false);
    for line in page.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        in_comment |= trimmed.starts_with("<!--");
        if !in_code && !in_comment {
            lines.push(line);
        }
        in_comment &= !line.contains("-->");
    }
    lines
}

/// Why the target cannot be reached from the page, if it cannot.
fn follow(page: &Path, target: &str) -> Option<String> {
    let (path, heading) =
        target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
    // INVARIANT: a page stands in a folder.
    let file = match path {
        "" => page.to_path_buf(),
        path => page.parent().expect("a page stands in a folder").join(path),
    };
    if !file.exists() {
        return Some("no such file".to_owned());
    }
    let heading = heading?;
    match std::fs::read_to_string(&file) {
        Ok(text) if anchors(&text).contains(heading) => None,
        Ok(_) => Some("no such heading".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// Headings as anchors: lower case, spaces to hyphens, punctuation away.
fn anchors(page: &str) -> HashSet<String> {
    let headings = prose(page).into_iter().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code_and_comments_only() {
        let page = "A [link](a.md), ![picture](b.png) and [out](https://example.org).\n\
                    ```\n[code](c.md)\n```\n<!-- [later](d.md) -->\n<!--\n[later](e.md)\n-->\n[last](f.md#part)";
        assert_eq!(targets(page), ["a.md", "b.png", "f.md#part"]);
    }

    #[test]
    fn a_link_needs_its_file_and_its_heading() {
        let scratch = tempfile::tempdir().unwrap();
        let page = scratch.path().join("page.md");
        std::fs::write(&page, "# Page\n").unwrap();
        std::fs::write(scratch.path().join("other.md"), "## What it is: *a house*, 2nd floor\n").unwrap();
        assert_eq!(follow(&page, "other.md#what-it-is-a-house-2nd-floor"), None);
        assert_eq!(follow(&page, "#page"), None);
        assert_eq!(follow(&page, "other.md#attic").as_deref(), Some("no such heading"));
        assert_eq!(follow(&page, "gone.md").as_deref(), Some("no such file"));
    }
}
