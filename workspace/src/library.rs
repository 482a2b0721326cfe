//! Documents and training material: put in by the clearinghouse, read by agencies.

use domain::portal::Shelf;
use domain::{Profile, Purpose};
use office::Trouble;
use policy::access::{Action, Space};
use policy::permit::UsePortal;
use policy::{Viewer, access};
use store::{House, Refusal};

pub use casework::library::{MOST_BYTES, MOST_TITLE_LETTERS, Volume};

/// What is brought.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The document and the version that it follows; `None` begins a document.
    pub follows: Option<(String, u32)>,
    /// Where it stands.
    pub shelf: Shelf,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What its file is called.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Kinds of file that are taken, by the ends of their names.
const KINDS: [(&str, &str); 4] = [
    (".pdf", "application/pdf"),
    (".txt", "text/plain; charset=utf-8"),
    (".md", "text/markdown; charset=utf-8"),
    (".csv", "text/csv; charset=utf-8"),
];

/// Puts a version into the library.
///
/// # Errors
/// A denial; a refusal for what is no such file, incomplete or too long, and for a version that somebody else followed since;
/// a fault.
pub async fn add(house: &House, viewer: &Viewer, brought: Brought) -> Result<String, Trouble> {
    let right = access::right(viewer, Action::KeepPortal, &Space::House)?;
    let media_type = kind(house.profile(), &brought.file_name, &brought.bytes)
        .ok_or(Refusal::Unfit { what: "kind of file" })?;
    let sha256 = seal::sha256(&brought.bytes);
    let Brought { follows, shelf, title, summary, file_name, bytes } = brought;
    let new = casework::library::NewVersion {
        follows,
        shelf,
        title,
        summary,
        file_name,
        media_type,
        bytes,
        sha256,
    };
    let added = house.act(viewer.actor.clone(), Purpose::Administration, "library::add", move |act| {
        casework::library::add(act, &right, &new)
    });
    Ok(added.await?)
}

/// What kind of file it is, by its name and by its bytes. INVARIANT: in `synthetic-demo` only text is kept, which can be no
/// picture of anybody.
fn kind(profile: Profile, name: &str, bytes: &[u8]) -> Option<&'static str> {
    let name = name.to_lowercase();
    let (end, media_type) = KINDS.into_iter().find(|(end, _)| name.ends_with(end))?;
    let is_what_it_says = match end {
        ".pdf" => profile.keeps_foreign_bytes() && bytes.starts_with(b"%PDF-"),
        _ => std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0),
    };
    is_what_it_says.then_some(media_type)
}

/// Takes a document out.
///
/// # Errors
/// A denial; "no such thing"; a fault.
pub async fn withdraw(house: &House, viewer: &Viewer, document: String) -> Result<(), Trouble> {
    let right = access::right(viewer, Action::KeepPortal, &Space::House)?;
    let withdrawn =
        house.act(viewer.actor.clone(), Purpose::Administration, "library::withdraw", move |act| {
            casework::library::withdraw(act, &right, &document)
        });
    Ok(withdrawn.await?)
}

/// Every document in its newest version, what came last first.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<Volume>, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    Ok(house.read("library", move |view| casework::library::list(view, &permit)).await?)
}

/// The same for whoever keeps the library, from the command line too.
///
/// # Errors
/// A denial, or a fault.
pub async fn kept(house: &House, viewer: &Viewer) -> Result<Vec<Volume>, Trouble> {
    let right = access::right(viewer, Action::KeepPortal, &Space::House)?;
    Ok(house.read("library::kept", move |view| casework::library::kept(view, &right)).await?)
}

/// All versions of a document, the newest first.
///
/// # Errors
/// As [`list`]; "no such thing".
pub async fn versions(house: &House, viewer: &Viewer, document: String) -> Result<Vec<Volume>, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let found =
        house.read("library::versions", move |view| casework::library::versions(view, &permit, &document));
    Ok(found.await?)
}

/// One version with its bytes.
///
/// # Errors
/// As [`versions`].
pub async fn take(
    house: &House,
    viewer: &Viewer,
    (document, version): (String, u32),
) -> Result<(Volume, Vec<u8>), Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let taken = house.act(viewer.actor.clone(), Purpose::Administration, "library::take", move |act| {
        casework::library::take(act, &permit, (&document, version))
    });
    Ok(taken.await?)
}

/// Whether the viewer puts documents in.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    access::right(viewer, Action::KeepPortal, &Space::House).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_for_what_its_name_and_its_bytes_both_say() {
        let of = |name, bytes: &[u8]| kind(Profile::Hotline, name, bytes);
        assert_eq!(of("Guide.PDF", b"%PDF-1.7 dull"), Some("application/pdf"));
        assert_eq!(of("guide.pdf", b"MZ"), None);
        assert_eq!(of("guide.md", "dull \u{e9}".as_bytes()), Some("text/markdown; charset=utf-8"));
        for (name, bytes) in
            [("guide.txt", &b"\xff\xd8\xff"[..]), ("a.txt", b"a\0b"), ("a.html", b"a"), ("pdf", b"a")]
        {
            assert_eq!(of(name, bytes), None, "{name}");
        }
    }

    // PROVES: R-01
    #[test]
    fn a_demo_keeps_text_and_nothing_else() {
        assert_eq!(kind(Profile::SyntheticDemo, "guide.pdf", b"%PDF-1.7"), None);
        assert!(kind(Profile::SyntheticDemo, "guide.txt", b"dull").is_some());
    }
}
