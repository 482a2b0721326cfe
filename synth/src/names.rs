//! Made-up providers and people. None of them exists: hosts end in `.example`, family names say what they are.

/// Where at a provider it happens; decides which incident detail a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    Chat,
    Web,
    Mail,
    Game,
    Peer,
    News,
}

/// A made-up provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// What it is called, in a report's `platform` and on pages.
    pub name: &'static str,
    /// Its host, below `.example`.
    pub host: &'static str,
    pub(crate) scene: Scene,
}

const fn provider(name: &'static str, host: &'static str, scene: Scene) -> Provider {
    Provider { name, host, scene }
}

/// The made-up providers, largest share of reports first. A plan with `n` senders uses the first `n`.
pub const PROVIDERS: [Provider; 14] = [
    provider("Harbor Chat", "harbor-chat.example", Scene::Chat),
    provider("Lantern Photos", "lantern-photos.example", Scene::Web),
    provider("Copperfield Games", "copperfield-games.example", Scene::Game),
    provider("Tidewater Mail", "tidewater-mail.example", Scene::Mail),
    provider("Juniper Messenger", "juniper-messenger.example", Scene::Chat),
    provider("Pebble Cloud", "pebble-cloud.example", Scene::Web),
    provider("Thistle Video", "thistle-video.example", Scene::Web),
    provider("Brightwell Forum", "brightwell-forum.example", Scene::Web),
    provider("Foxglove Meet", "foxglove-meet.example", Scene::Chat),
    provider("Oldmill Search", "oldmill-search.example", Scene::Web),
    provider("Quarry Share", "quarry-share.example", Scene::Peer),
    provider("Sparrow Hosting", "sparrow-hosting.example", Scene::Web),
    provider("Marrow News", "marrow-news.example", Scene::News),
    provider("Acorn Board", "acorn-board.example", Scene::Web),
];

pub(crate) const GIVEN_NAMES: [&str; 16] = [
    "Robin", "Sam", "Lee", "Alex", "Kit", "Jo", "Pat", "Drew", "Kim", "Ash", "Casey", "Rowan", "Toni", "Max",
    "Nic", "Billie",
];

pub(crate) const FAMILY_NAMES: [&str; 16] = [
    "Placeholder",
    "Sample",
    "Specimen",
    "Testcase",
    "Inventedson",
    "Notreal",
    "Nonesuch",
    "Imaginary",
    "Mockperson",
    "Dummyfield",
    "Fictional",
    "Madeupski",
    "Synthetica",
    "Nobody",
    "Exampleton",
    "Standin",
];

pub(crate) const HANDLES: [&str; 12] = [
    "kestrel",
    "teapot",
    "lighthouse",
    "gravel",
    "marble",
    "walnut",
    "compass",
    "thimble",
    "lantern",
    "pebble",
    "anchor",
    "biscuit",
];

/// Lines of chat that mean nothing at all. A report's chat is made of these and of nothing else.
pub(crate) const CHAT_LINES: [&str; 8] = [
    "[benign placeholder line]",
    "[placeholder: greeting]",
    "[placeholder: small talk about the weather]",
    "[placeholder: question about a recipe]",
    "[placeholder: answer about a recipe]",
    "[placeholder: a list of vegetables]",
    "[placeholder: opening hours of a made-up library]",
    "[placeholder: farewell]",
];
