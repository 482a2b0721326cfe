//! What an officer needs first. One reader looks here for words that mean haste and takes them for true wherever they
//! stand, so they stand here only where they are.

use domain::{Dossier, Priority, Role};
use print::Level;

use super::Fault;
use super::fields::Fields;
use crate::csv::{Part, Withheld};
use crate::files::Files;
use crate::package::words;

pub(super) fn put(
    page: &mut Fields,
    dossier: &Dossier<impl Files>,
    withheld: &[Withheld],
) -> Result<(), Fault> {
    page.heading(Level::One, &format!("Report {}", dossier.report))?;
    page.put("CyberTipline Report Number:", &dossier.report.to_string())?;
    page.put("Received:", &words::utc(dossier.received_at))?;
    page.put("Incident Type:", words::incident_type(&dossier.submission.incident.incident_type))?;
    if matches!(dossier.priority, Priority::Immediate | Priority::Urgent) {
        page.put("Urgent:", "Yes")?;
    }
    page.put("Priority (advice):", dossier.priority.as_str())?;
    if let Some(reason) = &dossier.submission.batched {
        page.put("Bundled Report:", reason)?;
    }
    page.put("Number of Files:", &dossier.files.count().to_string())?;
    let shut = withheld.iter().filter(|shut| shut.part == Part::Content).count();
    page.put("Files Withheld:", &shut.to_string())?;
    // Their words stand in section D: a court's haste is not this report's.
    if !dossier.court_orders.is_empty() {
        let orders = format!("{}; their conditions stand in Section D", dossier.court_orders.len());
        page.put("Court Orders on This Report:", &orders)?;
    }
    page.put("People:", &people(dossier))?;
    page.put("Preserved by the Sender until:", &words::utc(dossier.preserve_until))?;
    page.paragraph(
        "All times are UTC. An answer that the sender did not give is printed as Unknown. Every person carries a \
         role; being listed does not make anybody a suspect. Pictures and films never stand in these pages.",
    )
}

fn people(dossier: &Dossier<impl Files>) -> String {
    let count = |role| words::people(dossier, role).count();
    format!(
        "{} reported, {} intended recipients, {} children",
        count(Role::Reported),
        count(Role::Recipient),
        count(Role::Victim)
    )
}
