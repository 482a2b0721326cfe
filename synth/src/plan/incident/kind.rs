//! Which sort of report it is: drawn first, because everything else depends on it.

use super::{Chance, IncidentType, Persona, Plan, Shares, Spot, shares};

/// The draws that decide what a report holds.
#[derive(Debug)]
pub(in crate::plan) struct Kind {
    pub sender: usize,
    pub incident_type: &'static IncidentType,
    pub approaches_a_child: bool,
    /// Reported users; more than one in a batch.
    pub users: u64,
    /// Every file is a meme.
    pub memes: bool,
    /// The provider says that there is nothing to act on.
    pub marked: bool,
    /// Nothing in it says a place.
    pub thin: bool,
    /// Nobody is named at all.
    pub nobody: bool,
    pub generative: bool,
    pub urgent: bool,
    pub escalation: &'static str,
    pub annotations: Vec<&'static str>,
    pub victim_known: bool,
    pub law_enforcement: bool,
}

const ESCALATIONS: [&str; 3] = [
    "SYNTHETIC TEST - the reporter says that a meeting in person was proposed",
    "SYNTHETIC TEST - the reporter says that the child is in the same household",
    "SYNTHETIC TEST - the account announced that it will happen again soon",
];

/// The rate among the part of all reports in which it can occur, so that it holds among all. In a million.
fn among(rate: u64, part: u64) -> u64 {
    (rate * 1_000_000 / part.max(1)).min(1_000_000)
}

impl Kind {
    pub(super) fn of(plan: &Plan, index: u64, persona: &Persona) -> Self {
        let rates = plan.shares.rates();
        let mut chance = Chance::of(plan.seed, "kind", index);
        let incident_type = draw_type(&mut chance, plan.shares);
        let depictions = incident_type.key == "csam";
        let thin = persona.home == Spot::Nowhere;
        let share = |key| type_share(plan.shares, key);

        let batchable = share("csam") * (1_000_000 - rates.no_place) / 1_000_000;
        let batched = depictions && !thin && chance.ppm(among(rates.batched, batchable));
        let rest = rates.informational.saturating_sub(rates.no_place + rates.batched);
        let quiet = depictions
            && !thin
            && !batched
            && chance.ppm(among(rest, batchable.saturating_sub(rates.batched)));
        // The mark did not exist in 2022.
        let marked = quiet && plan.shares != Shares::National2022 && chance.percent(40);
        let informational = thin || batched || quiet;
        let urgent = !informational && chance.ppm(among(rates.urgent, 1_000_000 - rates.informational));

        let sender = shares::sender(&mut chance, plan.senders);
        let likely = if thin {
            among(rates.generative * 7 / 10, share("csam") * rates.no_place / 1_000_000)
        } else {
            among(rates.generative * 3 / 10, batchable)
        };
        let generative = depictions && !batched && chance.ppm(likely);
        let mut kind = Self {
            // Most reports with the mark came from one sender and held nothing to act on (7.1).
            sender: if generative && thin { 1 % plan.senders.max(1) } else { sender },
            incident_type,
            approaches_a_child: incident_type.approaches_a_child,
            users: if batched { 2 + chance.below(13) } else { 1 },
            memes: batched || (quiet && !marked),
            marked,
            thin,
            nobody: thin && chance.percent(40),
            generative,
            urgent,
            escalation: chance.pick(&ESCALATIONS),
            annotations: Vec::new(),
            victim_known: !informational && chance.ppm(rates.victim_known),
            law_enforcement: !informational && chance.ppm(rates.law_enforcement),
        };
        kind.annotate(&mut chance, plan.shares);
        kind
    }

    pub(in crate::plan) const fn is_informational(&self) -> bool {
        self.thin || self.memes || self.marked
    }

    /// Nothing but a type and a moment.
    pub(in crate::plan) const fn is_empty(&self) -> bool {
        self.nobody
    }

    /// Annotations of the whole report, in the order in which the API lists them.
    fn annotate(&mut self, chance: &mut Chance, shares: Shares) {
        if self.incident_type.key == "enticement" {
            let (rates, enticement) = (shares.rates(), type_share(shares, "enticement"));
            let marks = [
                (among(rates.sextortion, enticement), "sextortion"),
                (150_000, "csamSolicitation"),
                (50_000, "minorToMinorInteraction"),
                (among(rates.sadistic, enticement), "sadisticOnlineExploitation"),
            ];
            self.annotations
                .extend(marks.into_iter().filter(|(share, _)| chance.ppm(*share)).map(|(_, mark)| mark));
        }
        if self.marked {
            self.annotations.push(if chance.percent(85) { "informational" } else { "spam" });
        }
    }
}

fn draw_type(chance: &mut Chance, shares: Shares) -> &'static IncidentType {
    let key = chance.weighted(shares.rates().types);
    IncidentType::find(key).expect("every type in the tables of shares is in the taxonomy; a test draws each")
}

/// Share of an incident type, in a million.
fn type_share(shares: Shares, key: &str) -> u64 {
    let types = shares.rates().types;
    let all: u64 = types.iter().map(|(weight, _)| weight).sum();
    let one = types.iter().find(|(_, name)| *name == key).map_or(0, |(weight, _)| *weight);
    one * 1_000_000 / all
}
