//! `selectors.csv`: what identifies people, accounts and files, in the normal form that other tools compare.

use domain::{Dossier, Role};

use super::sheet::Sheet;

/// The sheet: UTF-8 with byte-order mark.
#[must_use]
pub fn selectors(dossier: &Dossier) -> Vec<u8> {
    let mut sheet = Sheet::new(["Kind", "Normal Form", "As Given", "Role", "Where It Stood"]);
    for selector in &dossier.selectors {
        sheet.row([
            selector.kind.as_str().into(),
            selector.normal.reveal().as_str().into(),
            selector.given.reveal().as_str().into(),
            // Not of a person: of the report or of a file.
            selector.role.map_or("none", Role::as_str).into(),
            selector.path.as_str().into(),
        ]);
    }
    sheet.into_bytes()
}
