//! `selectors.csv`: what identifies people, accounts and files, in the normal form that other tools compare.

use std::io::{self, Write};

use domain::{Dossier, Role};

use crate::files::Files;

use super::sheet::Sheet;

/// The sheet: UTF-8 with byte-order mark.
///
/// # Errors
/// When it cannot be written.
pub fn selectors(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(out, ["Kind", "Normal Form", "As Given", "Role", "Where It Stood"])?;
    for selector in &dossier.selectors {
        sheet.row([
            selector.kind.as_str().into(),
            selector.normal.reveal().as_str().into(),
            selector.given.reveal().as_str().into(),
            // Not of a person: of the report or of a file.
            selector.role.map_or("none", Role::as_str).into(),
            selector.path.as_str().into(),
        ])?;
    }
    Ok(())
}
