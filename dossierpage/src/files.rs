//! The files: names, hashes, the sender's three answers, and whether the bytes may be opened. Nothing is shown of them.
//! A report may have ten thousand: they come a page at a time, and `files.csv` has all.

use std::collections::{BTreeMap, HashMap};

use domain::{DossierFile, Relevance, ReportId, TriState, ViewGround};
use maud::{Markup, html};
use seized::{Category, Digests, Sight};
use ui::{Column, Link, Order, Pager, Row, Table, Value, definitions, table};

use super::addresses::{self, Known};
use crate::show;

/// Files on one page: more make it slow to open and hopeless to read.
const MOST_SHOWN: usize = 100;

/// In which of the agency's seized sets files stand, by position.
pub type Seen = HashMap<u32, Vec<Sight>>;

/// Where the page of a file is.
#[must_use]
pub fn address(report: ReportId, position: u32) -> String {
    format!("/agency/reports/{report}/files/{position}")
}

/// The files of a page, 1 for the first; the last one for anything beyond it.
pub fn shown(files: &[DossierFile], page: usize) -> &[DossierFile] {
    let pages = files.len().div_ceil(MOST_SHOWN).max(1);
    let from = (page.clamp(1, pages) - 1) * MOST_SHOWN;
    &files[from..files.len().min(from + MOST_SHOWN)]
}

/// By what a file is sought: digests and nothing else.
pub fn sought(file: &DossierFile) -> Digests {
    Digests::from_hex(&file.md5, &file.sha1, &file.sha256)
}

/// The page of files that was asked for.
pub(crate) fn section(
    (report, files): (ReportId, &[DossierFile]),
    page: usize,
    seen: &Seen,
    known: &Known<'_>,
) -> Markup {
    let pages = files.len().div_ceil(MOST_SHOWN).max(1);
    let page = page.clamp(1, pages);
    let shown = shown(files, page).iter();
    let column = |label| Column { label, order: Order::Fixed };
    let columns = [
        "File",
        "Viewed by sender",
        "EXIF viewed",
        "Publicly available",
        "Class",
        "Opens on",
        "Seen before",
        "In your seized sets",
        "Size",
    ]
    .map(column);
    let rows: Vec<Row> = shown.clone().map(|file| row(report, file, seen)).collect();
    let caption = "Uploaded files, without their contents";
    html! {
        section aria-labelledby="files" {
            h2 #files { "Files" }
            @if files.is_empty() { (ui::empty("The sender uploaded no files.", None)) }
            @else {
                (together(files))
                (table(&Table { caption, columns: &columns, rows: &rows, swap: None }))
                @if pages > 1 { (pager(files.len(), page, pages)) }
                (in_sets(shown.clone(), seen))
                @for file in shown { (ui::details(&format!("File {}: hashes and details", file.position), &facts(file, known))) }
            }
        }
    }
}

/// All files in one sentence each: how many open and on what, what was seen before, which class the sender gives.
fn together(files: &[DossierFile]) -> Markup {
    let count = |fits: &dyn Fn(&DossierFile) -> bool| files.iter().filter(|file| fits(file)).count();
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for class in files.iter().filter_map(|file| file.statement.as_ref()?.classification.as_deref()) {
        *classes.entry(class).or_default() += 1;
    }
    html! {
        ul {
            li {
                (files.len()) @if files.len() == 1 { " file: " } @else { " files: " } (count(&|file| file.retained && file.ground.is_some())) " open on a ground, "
                (count(&|file| file.retained && file.ground.is_none())) " withheld, " (count(&|file| !file.retained)) " without bytes here"
            }
            li {
                "Viewed whole by the sender: " (count(&|file| file.viewed() == TriState::Yes)) " yes, "
                (count(&|file| file.viewed() == TriState::No)) " no, " (count(&|file| file.viewed() == TriState::Unknown)) " unknown"
            }
            li { "Seen in earlier reports: " (count(&|file| file.seen_before > 0)) "; never seen here before: " (count(&|file| file.seen_before == 0)) }
            @if !classes.is_empty() {
                li { "Class, as the sender says: " @for (at, (class, files)) in classes.iter().enumerate() { @if at > 0 { ", " } (ui::text(class)) " " (files) } }
            }
        }
    }
}

fn pager(files: usize, page: usize, pages: usize) -> Markup {
    let address = |page: usize| format!("?files={page}#files");
    let (previous, next) = (address(page - 1), address(page + 1));
    let (from, to) = ((page - 1) * MOST_SHOWN + 1, (page * MOST_SHOWN).min(files));
    let shown = format!("Files {from} to {to} of {files}; files.csv in the package lists all");
    ui::pager(&Pager {
        first: (page > 1).then_some("?files=1#files"),
        previous: (page > 1).then_some(&previous),
        next: (page < pages).then_some(&next),
        shown: &shown,
        swap: None,
    })
}

fn row(report: ReportId, file: &DossierFile, seen: &Seen) -> Row {
    let statement = file.statement.as_ref();
    let class = statement.and_then(|s| s.classification.as_deref());
    let (path, label) = (address(report, file.position), format!("File {}", file.position));
    Row {
        head: html! { (Link { href: &path, label: &label }) },
        cells: vec![
            show::tri(file.viewed()),
            show::tri(file.exif_viewed()),
            show::tri(file.public()),
            ui::text(class.unwrap_or("Unknown")),
            opens(file),
            html! { (file.seen_before) },
            counted(seen.get(&file.position).map_or(0, Vec::len)),
            html! { (show::size(file.size_bytes)) },
        ],
    }
}

/// In how many sets a file stands.
fn counted(sights: usize) -> Markup {
    html! { @if sights == 0 { "no" } @else { (sights) @if sights == 1 { " set" } @else { " sets" } } }
}

/// The files that stand in a set, each with the agency's own category and what both share.
fn in_sets<'a>(files: impl Iterator<Item = &'a DossierFile>, seen: &Seen) -> Markup {
    let sights: Vec<(u32, &Sight)> = files
        .flat_map(|file| seen.get(&file.position).into_iter().flatten().map(|one| (file.position, one)))
        .collect();
    html! {
        @if !sights.is_empty() {
            h3 { "In your seized sets" }
            ul { @for (position, sight) in sights {
                li {
                    "File " (position) ": " (ui::text(sight.name.reveal())) ", brought " (show::moment(sight.taken_at))
                    ", same " (sight.by.as_str())
                    @match sight.category {
                        Some(Category::Said(code)) => { ", category " (code) }
                        Some(Category::Unclear(code)) => { ", code " (code) ": ask whoever made the set" }
                        None => {}
                    }
                }
            } }
        }
    }
}

/// On which ground it opens, or why it does not.
fn opens(file: &DossierFile) -> Markup {
    match (file.retained, file.ground) {
        (false, _) => gone(file),
        (true, Some(ground)) => html! { (opened_by(ground)) " (" (ground) ")" },
        (true, None) => html! { "withheld: no ground" },
    }
}

/// Why there are no bytes.
pub fn gone(file: &DossierFile) -> Markup {
    let Some(destroyed) = &file.destroyed else { return html! { "not retained" } };
    html! {
        "destroyed on " (show::moment(destroyed.at))
        @if destroyed.certified_at.is_some() { " under certificate " (destroyed.destruction) }
        @else { ", certificate " (destroyed.destruction) " to come" }
    }
}

/// What somebody should know before they ask for a look.
pub fn state(file: &DossierFile) -> [(&'static str, Value); 7] {
    let said = file.statement.as_ref();
    [
        ("Opens on", opens(file).into()),
        ("Viewed by sender", show::tri(file.viewed()).into()),
        ("Publicly available", show::tri(file.public()).into()),
        ("Class", Value::words(said.and_then(|s| s.classification.as_deref()))),
        ("Seen in earlier reports", html! { (file.seen_before) }.into()),
        ("Media type (a claim)", Value::words(file.media_type.as_deref())),
        ("Size", html! { (show::size(file.size_bytes)) }.into()),
    ]
}

/// The ground in words; the code beside it is the one in manifest and sheets.
const fn opened_by(ground: ViewGround) -> &'static str {
    match ground {
        ViewGround::EspViewed => "the sender viewed all of it",
        ViewGround::PubliclyAvailable => "it was publicly available",
        ViewGround::Warrant => "a warrant",
        ViewGround::Consent => "consent",
        ViewGround::Exigent => "exigent circumstances",
        ViewGround::Counsel => "a memorandum of counsel",
    }
}

/// Everything that is known of a file but its bytes.
pub fn facts(file: &DossierFile, known: &Known<'_>) -> Markup {
    let statement = file.statement.as_ref();
    let relevance = statement.map_or(Relevance::Reported, |s| s.relevance);
    let annotations = statement.map(|s| s.annotations.join(", "));
    html! {
        (definitions(&[
            ("Name given by the sender", show::said(file.name())),
            ("File id", Value::words(Some(file.file.as_str()))),
            ("MD5", Value::words(Some(&file.md5))),
            ("SHA-1", Value::words(Some(&file.sha1))),
            ("SHA-256", Value::words(Some(&file.sha256))),
            ("Media type (a claim)", Value::words(file.media_type.as_deref())),
            ("Received", show::moment(file.received_at).into()),
            ("Relevance", Value::words(Some(relevance.as_str()))),
            ("Annotations", Value::words(annotations.as_deref())),
            ("Uploaded to the sender", show::given(statement.and_then(|s| s.uploaded_at.as_ref()))),
            ("Location (not a link)", show::said(statement.and_then(|s| s.location.as_ref()))),
        ]))
        @if let Some(event) = statement.and_then(|s| s.ip_event.as_ref()) {
            (addresses::table_of("Address that uploaded this file", std::slice::from_ref(event), known))
        }
        @for group in statement.iter().flat_map(|s| &s.details) {
            (definitions(&group.pairs.iter().map(|p| (p.name.as_str(), show::said(Some(&p.value)))).collect::<Vec<_>>()))
        }
        @if file.exif_withheld { p { "What the sender read out of the EXIF block is withheld: no ground opens it." } }
        @for note in statement.iter().flat_map(|s| &s.additional) { p .house-words { (ui::text(note.reveal())) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> ReportId {
        ReportId::try_from(7).unwrap()
    }

    fn drawn(files: &[DossierFile], page: usize, seen: &Seen) -> String {
        let dossier = super::super::addresses::tests::dossier();
        section((report(), files), page, seen, &Known::of(&dossier, None)).into_string()
    }

    fn many(count: u32) -> Vec<DossierFile> {
        let full: domain::Dossier =
            serde_json::from_str(include_str!("../../formats/fixtures/dossier/full.json")).unwrap();
        (1..=count).map(|position| DossierFile { position, ..full.files[0].clone() }).collect()
    }

    #[test]
    fn ten_thousand_files_come_a_hundred_at_a_time_and_none_is_out_of_reach() {
        let files = many(10_000);
        let page = |number| drawn(&files, number, &Seen::new());
        for (asked, first, last) in
            [(1, 1, 100), (2, 101, 200), (100, 9_901, 10_000), (0, 1, 100), (101, 9_901, 10_000)]
        {
            let page = page(asked);
            assert!(page.contains(&format!("Files {first} to {last} of 10000")), "{asked}");
            assert_eq!(page.matches(": hashes and details").count(), 100);
            for position in [first, last] {
                assert!(page.contains(&format!("File {position}: hashes")), "{asked}: {position}");
            }
        }
        assert!(page(1).contains("href=\"?files=2#files\"") && !page(1).contains("?files=0"));
        assert!(page(100).contains("href=\"?files=99#files\"") && !page(100).contains("?files=101"));
    }

    #[test]
    fn all_files_together_are_told_before_the_first() {
        let mut files = many(3);
        files[0].ground = Some(ViewGround::EspViewed);
        files[1].ground = None;
        files[2].retained = false;
        files[2].statement = None;
        let page = drawn(&files, 1, &Seen::new());
        assert!(page.contains("3 files: 1 open on a ground, 1 withheld, 1 without bytes here"), "{page}");
        assert!(page.contains("1 unknown</li>"), "{page}");
    }

    #[test]
    fn what_fits_on_one_page_is_not_paged() {
        assert!(!drawn(&many(100), 1, &Seen::new()).contains("?files="));
        assert!(drawn(&[], 1, &Seen::new()).contains("uploaded no files"));
    }

    #[test]
    fn a_file_of_a_seized_set_says_which_set_and_what_is_shared() {
        let sight = |category| Sight {
            set: domain::Id::parse("s-1").unwrap(),
            name: domain::Private::new("Phone <26-17>".to_owned()),
            taken_at: jiff::Timestamp::UNIX_EPOCH,
            category,
            by: seized::Kind::Md5,
        };
        let seen = Seen::from([(1, vec![sight(Some(Category::Said(1))), sight(Some(Category::Unclear(5)))])]);
        let page = drawn(&many(2), 1, &seen);
        assert!(page.contains("Phone &lt;26-17&gt;") && page.contains("same MD5, category 1"), "{page}");
        assert!(page.contains("code 5: ask whoever made the set"));
    }
}
