//! What the list is narrowed to, in one line above it: each filter with the link that takes it away. Whoever sets or takes away
//! one comes back to this line, with the keyboard and the screen reader too, since it is where every such address leads.

use domain::{BasisCode, Id as _, IncidentType, PersonId, ProviderId, Status, StatusReason};
use maud::{Markup, html};
use workspace::inbox::Inbox;

use super::change::name;
use dossierpage::asked::{Asked, SORTS};

const PLACE: &str = "listed";
/// Where the form of filters leads; what it asks for is put between.
pub(super) const THERE: &str = "/agency/inbox#listed";

pub(super) fn section(asked: &Asked, found: &Inbox) -> Markup {
    let set = asked.filters();
    let there = |asked: &Asked| format!("{}#{PLACE}", asked.address());
    let order = SORTS.iter().find(|(.., sort)| *sort == asked.sort).map_or("", |(_, label, _)| label);
    html! {
        section .house-listed #(PLACE) tabindex="-1" aria-label="What is listed" {
            @if set.is_empty() { p { "Everything that is open. " (order) "." } }
            @else {
                ul {
                    @for (filter, word) in &set {
                        @let says = format!("{}: {}", label(filter), said(filter, word, found));
                        li {
                            (ui::text(&says)) " "
                            a href=(there(&asked.without(filter))) { "Take away" span .usa-sr-only { " " (ui::text(&says)) } }
                        }
                    }
                }
                p { (order) ". " a href=(there(&asked.unfiltered())) { "Take all filters away" } }
            }
        }
    }
}

/// What a field of the form is called, there and here.
pub(super) fn label(field: &str) -> &'static str {
    match field {
        "sort" => "Order",
        "status" => "Status",
        "reason" => "Reason",
        "holder" => "Assigned to",
        "unit" => "Unit",
        "priority" => "Priority",
        "advised" => "Advised priority",
        "type" => "Incident type",
        "provider" => "Sender",
        "place" => "Place",
        "files" => "Files",
        "basis" => "Basis of the disclosure",
        "from" => "Received from (UTC)",
        "to" => "Received until, that day included (UTC)",
        "arrived-from" => "Made available from (UTC)",
        "arrived-to" => "Made available until, that day included (UTC)",
        "changed-from" => "Last change from (UTC)",
        "changed-to" => "Last change until, that day included (UTC)",
        "due" => "Deadline",
        "new" => "New",
        _ => "",
    }
}

/// The word of a filter, for people.
fn said(filter: &str, word: &str, found: &Inbox) -> String {
    let words = match filter {
        "status" if word == "any" => Some("open or closed"),
        "status" => word.parse().ok().map(|status: Status| status.title()),
        "reason" => word.parse().ok().map(|reason: StatusReason| reason.title()),
        "type" => IncidentType::find(word).map(|kind| kind.title.as_str()),
        "files" => Some(if word == "yes" { "with files" } else { "without files" }),
        "due" => Some(if word == "late" { "late" } else { "late, or due within 24 hours" }),
        "new" => Some("since you said that you had seen everything"),
        "holder" if ["me", "nobody"].contains(&word) => Some(word),
        "holder" => {
            return PersonId::parse(word).map_or_else(|_| word.to_owned(), |id| name(&id, &found.people));
        }
        "basis" => word.parse().ok().map(|basis: BasisCode| basis.as_str()),
        "provider" => ProviderId::parse(word).ok().and_then(|id| {
            found.providers.iter().find(|(known, _)| *known == id).map(|(_, name)| name.as_str())
        }),
        _ => None,
    };
    words.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_has_the_name_of_its_field() {
        let all = Asked::parse(
            "status=new&holder=me&unit=North&priority=urgent&advised=routine&type=enticement&provider=examplechat\
            &place=Cook&files=yes&basis=G3B-STATE&from=2026-01-02&to=2026-02-03&arrived-from=2026-01-03\
            &arrived-to=2026-02-04&changed-from=2026-01-04&changed-to=2026-02-05&due=late&new=yes",
        );
        let with_reason = Asked::parse("reason=duplicate");
        let set = [all.filters(), with_reason.filters()].concat();
        assert_eq!(set.len(), 18 + 2);
        assert!(set.iter().all(|(filter, _)| !label(filter).is_empty()), "{set:?}");
    }
}
