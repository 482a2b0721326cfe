//! Accessible page components: plain data in, markup out. The same function makes a page's part and the answer to a
//! request for that part alone.
//!
//! Text that a stranger wrote may be handed to any component: it is escaped, and characters that change how text is
//! read without being seen are made visible. Deliberately absent: fetching, state, inline scripts and styles, links
//! that lead out of the house by accident, and every noun of ours.

mod alert;
mod breadcrumb;
mod chart;
mod chip;
mod choices;
mod definitions;
mod details;
mod empty;
mod field;
mod form;
mod keys;
mod link;
mod mistakes;
mod page;
mod pager;
mod picture;
mod reasons;
mod snippet;
mod table;
mod text;
mod timeline;
mod tri;

pub use alert::{Weight, alert};
pub use breadcrumb::breadcrumb;
pub use chart::{Bar, bars};
pub use chip::{Tone, chip};
pub use choices::Choices;
pub use definitions::{Value, definitions};
pub use details::details;
pub use empty::empty;
pub use field::{Choice, Field, Kind};
pub use form::{Button, button, get, post, post_files};
pub use keys::{Key, keys};
pub use link::{Link, Swap, outward};
pub use mistakes::mistakes;
pub use page::{Assets, Page, page};
pub use pager::{Pager, pager};
pub use picture::{
    Chronology, Columns, Graph, Happening, Map, Node, Series, Spot, Tie, Where, chronology, columns, graph,
    map,
};
pub use reasons::{Reason, reasons};
pub use snippet::snippet;
pub use table::{Column, Order, Row, Table, table};
pub use text::{text, visible};
pub use timeline::{Moment, timeline};
pub use tri::Tri;
