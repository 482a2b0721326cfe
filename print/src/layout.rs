//! Where each piece of a page stands, before anything is drawn.

use crate::face::Style;
use crate::tree::Place;

/// US Letter, in points.
pub(crate) const PAGE_WIDTH: f32 = 612.0;
pub(crate) const PAGE_HEIGHT: f32 = 792.0;
pub(crate) const MARGIN: f32 = 54.0;
/// Between the margins.
pub(crate) const BODY_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
const TOP: f32 = MARGIN + 26.0;
const BOTTOM: f32 = PAGE_HEIGHT - MARGIN - 20.0;
/// The most that one page takes.
pub(crate) const BODY_HEIGHT: f32 = BOTTOM - TOP;

/// A line of text, or a rule across the page.
pub(crate) enum Piece {
    Run { x: f32, y: f32, style: Style, size: f32, text: String, node: Option<Place> },
    Rule { y: f32 },
}

/// Pages that fill from the top.
pub(crate) struct Pages {
    pages: Vec<Vec<Piece>>,
    y: f32,
}

impl Pages {
    pub(crate) fn new() -> Self {
        Self { pages: vec![Vec::new()], y: TOP }
    }

    /// Which page is being filled, from 0.
    pub(crate) const fn page(&self) -> usize {
        self.pages.len() - 1
    }

    /// How far down it is filled.
    pub(crate) const fn y(&self) -> f32 {
        self.y
    }

    /// Begins a new page unless `height` still fits; answers whether it did.
    pub(crate) fn need(&mut self, height: f32) -> bool {
        let breaks = self.y + height > BOTTOM && self.y > TOP;
        if breaks {
            self.turn();
        }
        breaks
    }

    /// Begins a new page.
    pub(crate) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Leaves space, but never at the top of a page.
    pub(crate) fn skip(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Moves down.
    pub(crate) fn advance(&mut self, height: f32) {
        self.y += height;
    }

    /// Places a piece on the page that is being filled.
    pub(crate) fn place(&mut self, piece: Piece) {
        // INVARIANT: there is always a page.
        if let Some(page) = self.pages.last_mut() {
            page.push(piece);
        }
    }

    pub(crate) fn into_pages(self) -> Vec<Vec<Piece>> {
        self.pages
    }
}
