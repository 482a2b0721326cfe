//! A document as its author sees it: put one thing after the other, then take the bytes.

use std::num::NonZeroU16;

use crate::draw;
use crate::face::Style;
use crate::fault::Fault;
use crate::layout::{BODY_HEIGHT, BODY_WIDTH, MARGIN, Pages, Piece};
use crate::lines;
use crate::tree::{Kind, Place, Tree};

const TEXT_SIZE: f32 = 10.0;
const TABLE_SIZE: f32 = 8.0;
const MONO_SIZE: f32 = 7.0;
/// A value on one line is never printed smaller.
const LEAST_SIZE: f32 = 7.0;
/// Baseline to baseline, in sizes.
const LEADING: f32 = 1.4;
/// Readers of other programs find a value by this distance from its label.
const VALUE_AT: f32 = 200.0;
const GAP: f32 = 6.0;

/// What holds for a whole document.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Its title, also that of the window.
    pub title: String,
    /// Its language, such as `en-US`.
    pub language: String,
    /// Name of the program that wrote it; no version, if the bytes are to outlive one.
    pub producer: String,
    /// The moment that it speaks of; never the present one, if the bytes are to stay the same.
    pub moment: Moment,
    /// A name for this document that no other has.
    pub id: String,
    /// The line at the head of every page.
    pub header: String,
    /// The line at the foot of every page, beside its number.
    pub footer: String,
}

/// A moment, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
    /// Hour, from 0.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

/// Rank of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Of the document.
    One,
    /// Of a part.
    Two,
    /// Of a part of a part.
    Three,
}

/// What happens to a value that is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It goes on in the next line.
    Wrap,
    /// It stays on one line, smaller or cut in its middle: for names, which a break would change.
    OneLine,
    /// As `Wrap`, in letters of one width: for digests.
    Code,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its part of the width, in the same units as that of the other columns.
    pub share: u16,
    /// What happens to a value that is too wide.
    pub fit: Fit,
}

/// A table. A row has as many cells as there are columns.
#[derive(Debug, Clone)]
pub struct Table {
    /// What it is a table of.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A file that travels within the document.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What it is.
    pub says: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A place in the table of contents.
pub(crate) struct Entry {
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// A document on its way.
pub struct Document {
    pub(crate) cover: Cover,
    pub(crate) pages: Pages,
    pub(crate) tree: Tree,
    pub(crate) contents: Vec<Entry>,
    pub(crate) attachments: Vec<Attachment>,
    words: Vec<String>,
}

impl Document {
    /// An empty document.
    #[must_use]
    pub fn new(cover: Cover) -> Self {
        let (contents, attachments) = (Vec::new(), Vec::new());
        let Cover { title, language, producer, moment: _, id, header, footer } = &cover;
        let words = [title, language, producer, id, header, footer].map(String::clone).to_vec();
        Self { cover, pages: Pages::new(), tree: Tree::default(), contents, attachments, words }
    }

    /// Every run of words that was put until now, as it was given: of pages, outline and metadata. Whoever must be sure that
    /// something does not stand in a document asks here, because in its bytes words are numbers of letters.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    fn keep(&mut self, words: &str) {
        self.words.push(words.to_owned());
    }

    /// Puts a heading, never alone at the foot of a page.
    ///
    /// # Errors
    /// [`Fault::Faces`].
    pub fn heading(&mut self, level: Level, text: &str) -> Result<(), Fault> {
        let (rank, size) = match level {
            Level::One => (NonZeroU16::MIN, 18.0),
            Level::Two => (NonZeroU16::MIN.saturating_add(1), 13.0),
            Level::Three => (NonZeroU16::MIN.saturating_add(2), 11.0),
        };
        self.keep(text);
        self.pages.skip(size * 0.8);
        self.pages.need(size * LEADING + 3.0 * TEXT_SIZE * LEADING);
        let text = lines::shown(text, Style::Bold.face()?);
        self.contents.push(Entry { title: text.clone(), page: self.pages.page(), y: self.pages.y() });
        let node = self.tree.add(None, Kind::Heading(rank, text.clone()));
        self.flow(&text, Style::Bold, size, node)?;
        self.pages.advance(size * 0.3);
        Ok(())
    }

    /// Puts a paragraph.
    ///
    /// # Errors
    /// [`Fault::Faces`].
    pub fn paragraph(&mut self, text: &str) -> Result<(), Fault> {
        self.keep(text);
        let text = lines::shown(text, Style::Text.face()?);
        let node = self.tree.add(None, Kind::Paragraph);
        self.flow(&text, Style::Text, TEXT_SIZE, node)?;
        self.pages.advance(TEXT_SIZE * 0.6);
        Ok(())
    }

    fn flow(&mut self, text: &str, style: Style, size: f32, node: Place) -> Result<(), Fault> {
        for line in lines::broken(text, style.face()?, size, BODY_WIDTH) {
            self.pages.need(size * LEADING);
            self.pages.advance(size * LEADING);
            let y = self.pages.y();
            self.pages.place(Piece::Run { x: MARGIN, y, style, size, text: line, node: Some(node) });
        }
        Ok(())
    }

    /// Puts a value beside its label. Each is a run of its own on one line, so that other programs find both.
    ///
    /// # Errors
    /// [`Fault::Faces`].
    pub fn field(&mut self, label: &str, value: &str, fit: Fit) -> Result<(), Fault> {
        self.keep(label);
        self.keep(value);
        let list = self.tree.last_top(&Kind::List).unwrap_or_else(|| self.tree.add(None, Kind::List));
        let item = self.tree.add(Some(list), Kind::ListItem);
        let (name, body) = (self.tree.add(Some(item), Kind::Label), self.tree.add(Some(item), Kind::Body));
        let label = lines::shown(label, Style::Bold.face()?);
        let labels =
            vec![lines::on_one_line(&label, Style::Bold.face()?, TEXT_SIZE, LEAST_SIZE, VALUE_AT - GAP)];
        let values = fitted(value, fit, TEXT_SIZE, BODY_WIDTH - VALUE_AT)?;
        let label = Cell { x: MARGIN, style: Style::Bold, lines: labels, node: Some(name) };
        let value = Cell { x: MARGIN + VALUE_AT, style: style(fit), lines: values, node: Some(body) };
        self.side_by_side(&[label, value], TEXT_SIZE);
        self.pages.advance(2.0);
        Ok(())
    }

    /// Puts a table. Its head stands on every page that it reaches.
    ///
    /// # Errors
    /// [`Fault::Faces`].
    pub fn table(&mut self, table: &Table) -> Result<(), Fault> {
        self.keep(&table.caption);
        table.columns.iter().for_each(|column| self.keep(&column.title));
        table.rows.iter().flatten().for_each(|cell| self.keep(cell));
        self.pages.skip(GAP);
        let node = self.tree.add(None, Kind::Table);
        let caption = self.tree.add(Some(node), Kind::Caption);
        self.pages.need(6.0 * TEXT_SIZE * LEADING);
        self.flow(&lines::shown(&table.caption, Style::Bold.face()?), Style::Bold, TEXT_SIZE, caption)?;
        let head = self.tree.add(Some(node), Kind::Head);
        let row = self.tree.add(Some(head), Kind::Row);
        let nodes = table.columns.iter().map(|_| Some(self.tree.add(Some(row), Kind::HeadCell))).collect();
        self.head(table, nodes)?;
        let body = self.tree.add(Some(node), Kind::Rows);
        for cells in &table.rows {
            self.row(table, body, cells)?;
        }
        self.pages.advance(GAP);
        Ok(())
    }

    fn head(&mut self, table: &Table, nodes: Vec<Option<Place>>) -> Result<(), Fault> {
        let mut cells = Vec::new();
        for ((column, (x, width)), node) in table.columns.iter().zip(columns(table)).zip(nodes) {
            let lines = fitted_in(&column.title, Style::Bold, Fit::Wrap, TABLE_SIZE, width)?;
            cells.push(Cell { x, style: Style::Bold, lines, node });
        }
        self.side_by_side(&cells, TABLE_SIZE);
        self.pages.advance(3.0);
        self.pages.place(Piece::Rule { y: self.pages.y() });
        Ok(())
    }

    fn row(&mut self, table: &Table, body: Place, values: &[String]) -> Result<(), Fault> {
        let row = self.tree.add(Some(body), Kind::Row);
        let mut cells = Vec::new();
        for ((column, (x, width)), value) in table.columns.iter().zip(columns(table)).zip(values) {
            let lines = fitted(value, column.fit, TABLE_SIZE, width)?;
            let node = Some(self.tree.add(Some(row), Kind::Cell));
            cells.push(Cell { x, style: style(column.fit), lines, node });
        }
        if self.pages.need(height(&cells, TABLE_SIZE)) {
            // Only for the eye: the tree has the head once.
            self.head(table, vec![None; table.columns.len()])?;
        }
        self.side_by_side(&cells, TABLE_SIZE);
        self.pages.advance(2.0);
        Ok(())
    }

    /// Puts cells side by side from one baseline on, and goes below the longest. Those that are longer than a page go on
    /// over the next ones, line by line.
    fn side_by_side(&mut self, cells: &[Cell], size: f32) {
        let step = size * LEADING;
        self.pages.need(height(cells, size).min(BODY_HEIGHT));
        let longest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        for at in 0..longest {
            self.pages.need(step);
            self.pages.advance(step);
            let y = self.pages.y();
            for Cell { x, style, lines, node } in cells {
                if let Some((text, size)) = lines.get(at).filter(|(text, _)| !text.is_empty()) {
                    let (x, style, size, text, node) = (*x, *style, *size, text.clone(), *node);
                    self.pages.place(Piece::Run { x, y, style, size, text, node });
                }
            }
        }
    }

    /// Puts a file into the document; programs can take it out again.
    pub fn attach(&mut self, attachment: Attachment) {
        self.keep(&attachment.name);
        self.keep(&attachment.says);
        self.attachments.push(attachment);
    }

    /// The bytes of the document. Equal documents have equal bytes.
    ///
    /// # Errors
    /// [`Fault`] when the writer refuses it.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        draw::all(self)
    }
}

/// Lines that stand below each other, each with its size.
struct Cell {
    x: f32,
    style: Style,
    lines: Vec<(String, f32)>,
    node: Option<Place>,
}

fn height(cells: &[Cell], size: f32) -> f32 {
    let longest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    // INVARIANT: a document has far fewer lines than a float can count.
    u16::try_from(longest).map_or(f32::MAX, f32::from) * size * LEADING
}

const fn style(fit: Fit) -> Style {
    match fit {
        Fit::Wrap | Fit::OneLine => Style::Text,
        Fit::Code => Style::Mono,
    }
}

fn fitted(value: &str, fit: Fit, size: f32, width: f32) -> Result<Vec<(String, f32)>, Fault> {
    fitted_in(value, style(fit), fit, size, width)
}

fn fitted_in(
    value: &str,
    style: Style,
    fit: Fit,
    size: f32,
    width: f32,
) -> Result<Vec<(String, f32)>, Fault> {
    let face = style.face()?;
    let value = lines::shown(value, face);
    Ok(match fit {
        Fit::OneLine => vec![lines::on_one_line(&value, face, size, LEAST_SIZE, width)],
        Fit::Wrap => with_size(lines::broken(&value, face, size, width), size),
        Fit::Code => with_size(lines::broken(&value, face, MONO_SIZE, width), MONO_SIZE),
    })
}

fn with_size(lines: Vec<String>, size: f32) -> Vec<(String, f32)> {
    lines.into_iter().map(|line| (line, size)).collect()
}

/// Where each column begins and how wide it is.
fn columns(table: &Table) -> Vec<(f32, f32)> {
    let all: f32 = table.columns.iter().map(|column| f32::from(column.share)).sum();
    let mut x = MARGIN;
    let place = |column: &Column| {
        let width = BODY_WIDTH * f32::from(column.share) / all.max(1.0);
        let at = (x, width - GAP);
        x += width;
        at
    };
    table.columns.iter().map(place).collect()
}
