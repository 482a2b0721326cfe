//! HTTP manners, the same for every face: headers that keep a page to itself, session cookies, form tokens, the frame
//! and the door of pages, Basic credentials, problem documents, static assets and listeners with bounds. It knows no report
//! and no agency. Besides the door, the people's pages, the portal, assets and what browsers tell of pages, which are the same in every face, it
//! has no routes. Deliberately
//! absent: anything that stores.

mod assets;
mod basic;
mod broken;
pub mod cards;
mod cookie;
mod crowd;
pub mod door;
pub mod fields;
mod form;
pub mod frame;
mod headers;
mod limit;
mod listen;
mod look;
pub mod multipart;
mod peer;
pub mod people;
pub mod portal;
mod problem;
mod reply;
mod show;
pub mod upload;
mod veil;
mod visit;

pub use assets::{
    HOUSE_CSS, HTMX_JS, HTMX_POLICY_JS, ICON_SVG, KEYS_JS, LOOK_JS, NEWS_JS, PASSKEY_JS, USWDS_CSS, assets,
};
pub use basic::{BasicCredentials, basic_credentials};
pub use broken::reports;
pub use cookie::{clear_session_cookie, session_cookie, set_session_cookie};
pub use crowd::Crowd;
pub use form::{FormKey, same_origin};
pub use headers::{Surface, dressed, secure};
pub use limit::{Limiter, Rate};
pub use listen::{Limits, ListenFault, Tls, serve};
pub use look::Look;
pub use peer::{Peer, Shown};
pub use problem::{Problem, ProblemKind};
pub use reply::{Refused, allowed_by, download, page, redirect, weight};
pub use show::{moment, size, time};
pub use veil::veiled;
pub use visit::Visit;
