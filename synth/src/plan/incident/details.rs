//! Where it happened: one or two places at the provider, filled with lines that mean nothing.

use domain::{EstimatedLocation, IncidentDetail, IpEvent, Private};
use jiff::Timestamp;

use super::kind::Kind;
use super::{Chance, Draft, Spot};
use crate::names::{CHAT_LINES, Scene};
use crate::plan::person::{email, given, said};

pub(super) fn draw(draft: &Draft, kind: &Kind, chance: &mut Chance) -> Vec<IncidentDetail> {
    if kind.is_empty() {
        return Vec::new();
    }
    let first = match draft.provider().scene {
        Scene::Chat => chat(draft, chance),
        Scene::Web => web(draft),
        Scene::Mail => mail(draft, chance),
        Scene::Game => game(chance),
        Scene::Peer => peer(draft),
        Scene::News => news(draft, chance),
    };
    // What approaches a child is said, wherever else it happened.
    let talks = matches!(first, IncidentDetail::Chat { .. } | IncidentDetail::Gaming { .. });
    if kind.approaches_a_child && !talks { vec![first, chat(draft, chance)] } else { vec![first] }
}

/// A few placeholder lines.
fn lines(chance: &mut Chance) -> Option<Private<String>> {
    let lines: Vec<&str> = (0..2 + chance.below(6)).map(|_| chance.pick(&CHAT_LINES)).collect();
    said(lines.join("\n"))
}

fn chat(draft: &Draft, chance: &mut Chance) -> IncidentDetail {
    IncidentDetail::Chat {
        client: Some(format!("{} (fictional)", draft.provider().name)),
        room: said(format!("test-room-{}", draft.index % 97)),
        content: lines(chance),
        additional: None,
    }
}

fn web(draft: &Draft) -> IncidentDetail {
    let host = draft.provider().host;
    IncidentDetail::WebPage {
        urls: vec![Private::new(format!("https://{host}/posts/{}", draft.index))],
        third_party_hosted: Some(false),
        additional: None,
    }
}

fn mail(draft: &Draft, chance: &mut Chance) -> IncidentDetail {
    let address = format!("{}@mail.example", draft.persona.handle());
    IncidentDetail::Email {
        addresses: vec![email(address, "Home")],
        content: lines(chance),
        additional: None,
    }
}

fn game(chance: &mut Chance) -> IncidentDetail {
    IncidentDetail::Gaming {
        game: Some("Vegetable Kart (fictional)".to_owned()),
        console: Some("Imaginary Console".to_owned()),
        content: lines(chance),
        additional: None,
    }
}

fn peer(draft: &Draft) -> IncidentDetail {
    let seen: Vec<IpEvent> = match draft.place {
        Spot::Nowhere => Vec::new(),
        _ => vec![draft.persona.upload(draft.happened)],
    };
    IncidentDetail::PeerToPeer {
        client: Some("Quarry Client (fictional)".to_owned()),
        ip_events: seen,
        file_names: said("card-a.png card-b.png"),
        additional: None,
    }
}

fn news(draft: &Draft, chance: &mut Chance) -> IncidentDetail {
    IncidentDetail::Newsgroup {
        name: Some(format!("example.synthetic.group{}", draft.index % 7)),
        addresses: vec![email(format!("{}@mail.example", draft.persona.handle()), "Home")],
        content: lines(chance),
        additional: None,
    }
}

/// Where the provider thinks the person is: the state or country, never more than the address says.
pub(super) fn estimate(place: Spot, at: Timestamp) -> Option<EstimatedLocation> {
    Some(EstimatedLocation {
        city: None,
        region: place.state().map(str::to_owned),
        country: Some(place.country()?.to_owned()),
        verified: Some(false),
        at: Some(given(at)),
    })
}
