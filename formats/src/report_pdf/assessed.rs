//! Sections C and D: what the clearinghouse thinks, and who has the report.

use domain::{CourtOrder, Dossier, Id as _};
use print::Level;

use super::Fault;
use super::fields::Fields;
use crate::files::Files;
use crate::package::words;

/// The most related reports that are printed; all are in `report-full.json`.
const MOST_RELATED: usize = 100;

pub(super) fn put(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    page.heading(Level::Two, "Section C: Added by the Clearinghouse")?;
    page.paragraph("Advice. Your agency decides its own.")?;
    page.put("Priority:", dossier.priority.as_str())?;
    for reason in &dossier.reasons {
        page.put("Reason:", &reason.says)?;
    }
    if let Some(quality) = &dossier.quality {
        page.put("Completeness (of 100):", &quality.score.to_string())?;
        for lack in &quality.lacks {
            page.put("Lacks:", &lack.says)?;
        }
    }
    for related in dossier.related.iter().take(MOST_RELATED) {
        page.put("Related Tip:", &related.report.to_string())?;
        let kinds: Vec<&str> = related.kinds.iter().map(|kind| kind.as_str()).collect();
        page.put("Shares:", &kinds.join(", "))?;
        page.put("Held by Your Agency:", if related.held { "Yes" } else { "No" })?;
        for holder in &related.holders {
            page.put("Held by:", holder.as_str())?;
        }
    }
    match dossier.related.len().checked_sub(MOST_RELATED).filter(|more| *more > 0) {
        Some(more) => page.put("Further Related:", &format!("{more} more, all in report-full.json")),
        None => Ok(()),
    }
}

pub(super) fn put_deliveries(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    page.heading(Level::Two, "Section D: Made Available to")?;
    for delivery in &dossier.deliveries {
        page.put("Agency:", &delivery.agency_name)?;
        page.put("Made Available:", &words::utc(delivery.available_at))?;
        page.put("Basis:", delivery.basis.as_str())?;
        page.put("Channel:", &delivery.channel)?;
        page.put("Why:", &delivery.says)?;
    }
    for CourtOrder { order, conditions } in &dossier.court_orders {
        page.put("Court Order:", order)?;
        for condition in conditions {
            page.put("Condition of the Court:", condition)?;
        }
    }
    page.put("Rules in Force:", &dossier.rule_set)
}
