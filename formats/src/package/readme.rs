//! `README.txt`: one page for someone who has never seen such a package.

use std::fmt::Write;

use domain::{Delivery, Dossier, Role};

use super::words;
use crate::csv::{Part, Withheld};
use crate::files::Files;

/// One member and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name in the archive.
    pub name: String,
    /// What it is for, in half a line.
    pub about: &'static str,
}

/// The page. Plain lines, no line longer than a terminal.
#[must_use]
pub fn readme(
    dossier: &Dossier<impl Files>,
    delivery: &Delivery,
    members: &[Line],
    withheld: &[Withheld],
) -> Vec<u8> {
    let mut page = String::new();
    // INVARIANT: writing to a String cannot fail.
    write(&mut page, dossier, delivery, members, withheld).expect("a string takes every write");
    page.into_bytes()
}

fn write(
    page: &mut String,
    dossier: &Dossier<impl Files>,
    delivery: &Delivery,
    members: &[Line],
    withheld: &[Withheld],
) -> std::fmt::Result {
    let count = |role| words::people(dossier, role).count();
    let shut = withheld.iter().filter(|shut| shut.part == Part::Content).count();
    writeln!(page, "CyberTipline Report Number: {}", dossier.report)?;
    writeln!(page, "Reporting ESP: {}", words::on_one_line(&dossier.provider_name))?;
    writeln!(page, "Date received: {}", words::utc(dossier.received_at))?;
    writeln!(page, "Made available to: {}", words::on_one_line(&delivery.agency_name))?;
    writeln!(page, "Made available at: {}", words::utc(delivery.available_at))?;
    writeln!(page, "Basis: {}", delivery.basis)?;
    if !dossier.court_orders.is_empty() {
        writeln!(page, "Court orders: {}; {CONDITIONS}", dossier.court_orders.len())?;
    }
    writeln!(page, "Files: {}, of which {shut} are withheld\n", dossier.files.count())?;
    writeln!(page, "WHAT IS IN HERE\n")?;
    for Line { name, about } in members {
        writeln!(page, "  {name:<24} {about}")?;
    }
    writeln!(page, "  {:<24} files with a recorded ground for viewing", "files/")?;
    writeln!(page, "\n{READ_FIRST}\n")?;
    writeln!(
        page,
        "People: {} reported, {} intended recipients, {} children.",
        count(Role::Reported),
        count(Role::Recipient),
        count(Role::Victim)
    )?;
    writeln!(page, "\n{CHECK}")
}

const CONDITIONS: &str = "\
read what the courts want kept in courtOrders of
  manifest.json, or in Section D of the pages, before anything is passed on";

const READ_FIRST: &str = "\
READ THIS FIRST

Roles. Every person carries a role. An intended recipient may be the child:
some tools print recipients under a suspect heading. Children stand in a list
of their own.

Files. Only files with a recorded ground for viewing are in files/. The
others are listed in withheld-files.csv with their digests, the reason, and
what would release them. Sibling files are separate: a ground for one opens
no other. An answer that the sender did not give is printed as Unknown.

Times. All times are UTC. A time that the sender gave without a time zone is
never shown as UTC: its exact text stands beside the field.

Look-ups. Places and networks of addresses are already here, from offline
tables with their date. Nothing in this package needs a network, and no
address needs to be sent to an outside service.

Priority is advice. Your agency decides its own.";

const CHECK: &str = "\
HOW TO CHECK THIS PACKAGE

manifest.json lists every member with its size and SHA-256. manifest.sig is a
C2SP signed note over the SHA-256 of manifest.json; check it with the
verifier key that the clearinghouse publishes. ledger-proof.txt is a C2SP
tlog-proof: its extra line is the ledger entry of this making-available.
Same report, same version, same bytes: download it again and compare.";
