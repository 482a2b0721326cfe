//! How the people of a report hang together with addresses, numbers, devices, files and other reports, as a picture with its
//! table.

use std::collections::BTreeMap;

use domain::{Dossier, Involved, Role, people};
use maud::{Markup, html};
use ui::{Graph, Node, Tie, Tone, graph};

const COLUMNS: [&str; 3] = ["People and accounts", "Addresses, numbers, devices", "Files and other reports"];
/// Ties that are listed; the sheets of the package have all.
const MOST_TIES: usize = 500;

pub(crate) fn section(dossier: &Dossier) -> Markup {
    let drawn = Drawn::of(dossier);
    let caption = "Who is tied to what in this report";
    html! {
        section aria-labelledby="ties" {
            h2 #ties { "How it hangs together" }
            @if drawn.ties.is_empty() { (ui::empty("Nothing in this report ties two things together.", None)) }
            @else { (graph(&Graph { id: "links", caption, columns: &COLUMNS, nodes: &drawn.nodes, ties: &drawn.ties })) }
            @if drawn.more > 0 { p { (drawn.more) " more ties are in the sheets of the package." } }
        }
    }
}

#[derive(Default)]
struct Drawn {
    nodes: Vec<Node>,
    places: BTreeMap<(usize, String, String), usize>,
    ties: Vec<Tie>,
    more: usize,
}

impl Drawn {
    fn of(dossier: &Dossier) -> Self {
        let mut drawn = Self::default();
        for (number, account) in people::accounts(&dossier.submission).into_iter().enumerate() {
            drawn.account(number + 1, account);
        }
        drawn.files(dossier);
        drawn.related(dossier);
        drawn
    }

    /// The box of something, made once.
    fn node(&mut self, column: usize, kind: &str, label: &str, tone: Tone) -> usize {
        let key = (column, kind.to_owned(), label.trim().to_lowercase());
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        self.nodes.push(Node { column, kind: kind.to_owned(), label: label.trim().to_owned(), tone });
        self.places.insert(key, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn tie(&mut self, from: usize, to: usize, what: &str) {
        if self.ties.iter().any(|tie| tie.from == from && tie.to == to) {
            return;
        }
        if self.ties.len() == MOST_TIES {
            self.more += 1;
            return;
        }
        self.ties.push(Tie { from, to, what: what.to_owned() });
    }

    fn account(&mut self, number: usize, account: &Involved) {
        // A child stands out as one, whatever else the picture shows.
        let (kind, tone) = match account.role {
            Role::Victim => ("Child", Tone::Strong),
            Role::Recipient => ("Recipient, may be a child", Tone::Plain),
            _ => ("Reported", Tone::Plain),
        };
        // The kind says which part they have; the number tells two of one name apart.
        let handle = account.screen_name.as_ref().or(account.account_id.as_ref());
        let name = handle.map_or_else(|| "no name".to_owned(), |handle| handle.reveal().clone());
        let who = self.node(0, kind, &format!("({number}) {name}"), tone);
        let events = account.ip_events.iter().map(|event| ("Address", event.address.reveal(), "used it"));
        let mails = account
            .person
            .emails
            .iter()
            .map(|mail| ("E-mail", mail.address.reveal(), "named for the account"));
        let phones = account
            .person
            .phones
            .iter()
            .map(|phone| ("Telephone", phone.number.reveal(), "named for the account"));
        let devices = account.devices.iter().map(|device| ("Device", device.value.reveal(), "used it"));
        for (kind, value, what) in events.chain(mails).chain(phones).chain(devices) {
            if !value.trim().is_empty() {
                let thing = self.node(1, kind, value, Tone::Plain);
                self.tie(who, thing, what);
            }
        }
    }

    /// Files whose upload has an address.
    fn files(&mut self, dossier: &Dossier) {
        for file in &dossier.files {
            let Some(event) = file.statement.as_ref().and_then(|said| said.ip_event.as_ref()) else {
                continue;
            };
            let address = self.node(1, "Address", event.address.reveal(), Tone::Plain);
            let file = self.node(2, "File", &format!("File {}", file.position), Tone::Plain);
            self.tie(address, file, "uploaded it");
        }
    }

    /// Pointers only: what another report holds is not said.
    fn related(&mut self, dossier: &Dossier) {
        if dossier.related.is_empty() {
            return;
        }
        let this = self.node(0, "Report", &format!("This report, {}", dossier.report), Tone::Plain);
        for (number, related) in dossier.related.iter().enumerate() {
            let kinds: Vec<&str> = related.kinds.iter().map(|kind| kind.as_str()).collect();
            let label = if related.held {
                related.report.to_string()
            } else {
                format!("held elsewhere ({})", number + 1)
            };
            let other =
                self.node(2, "Earlier report", &label, if related.held { Tone::Plain } else { Tone::Muted });
            self.tie(this, other, &format!("shares {}: {}", related.shared, kinds.join(", ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::addresses::tests::dossier;
    use super::*;

    #[test]
    fn what_two_people_share_is_one_box_tied_to_both() {
        let mut dossier = dossier();
        let event = dossier.submission.people.iter().find_map(|one| one.ip_events.first().cloned()).unwrap();
        dossier.submission.people.truncate(2);
        for person in &mut dossier.submission.people {
            person.associated.clear();
            person.ip_events = vec![event.clone()];
        }
        let drawn = Drawn::of(&dossier);
        let at = drawn.nodes.iter().position(|node| node.label == *event.address.reveal()).unwrap();
        assert_eq!(drawn.ties.iter().filter(|tie| tie.to == at).count(), 2);
    }

    #[test]
    fn a_child_is_named_as_one_and_a_report_held_elsewhere_by_nothing() {
        let dossier = dossier();
        let page = section(&dossier).into_string();
        assert!(page.contains("(Child)"), "{page}");
        for related in dossier.related.iter().filter(|related| !related.held) {
            assert!(!page.contains(&related.report.to_string()), "{}", related.report);
        }
    }
}
