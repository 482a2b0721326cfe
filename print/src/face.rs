//! The embedded faces: which letters they have and how wide each is.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::fault::Fault;

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        text: Face::read(include_bytes!("../fonts/NotoSans-Regular.ttf"))?,
        bold: Face::read(include_bytes!("../fonts/NotoSans-Bold.ttf"))?,
        mono: Face::read(include_bytes!("../fonts/NotoSansMono-Regular.ttf"))?,
    })
});

/// Latin, Greek and Cyrillic lie below.
const COMMON: u32 = 0x530;

/// Which face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Text,
    Bold,
    Mono,
}

/// One face.
pub(crate) struct Face {
    font: Font,
    read: FontRef<'static>,
    /// Glyph and advance of the letters up to [`COMMON`], looked up once.
    common: Vec<(u32, f32)>,
}

struct Faces {
    text: Face,
    bold: Face,
    mono: Face,
}

impl Style {
    /// The face of this style.
    pub(crate) fn face(self) -> Result<&'static Face, Fault> {
        let faces = FACES.as_ref().ok_or(Fault::Faces)?;
        Ok(match self {
            Self::Text => &faces.text,
            Self::Bold => &faces.bold,
            Self::Mono => &faces.mono,
        })
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let (font, read) = (Font::new(bytes.into(), 0)?, FontRef::new(bytes).ok()?);
        let mut face = Self { font, read, common: Vec::new() };
        let letters = (0..COMMON).map(|code| char::from_u32(code).unwrap_or_default());
        face.common = letters.map(|letter| face.looked_up(letter)).collect();
        Some(face)
    }

    pub(crate) fn font(&self) -> Font {
        self.font.clone()
    }

    /// Whether the face can show this letter.
    pub(crate) fn has(&self, letter: char) -> bool {
        self.em_advance(letter).0 != 0
    }

    /// How far this letter moves the pen at a size.
    pub(crate) fn advance(&self, letter: char, size: f32) -> f32 {
        self.em_advance(letter).1 * size
    }

    /// How wide a text is at a size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(letter, size)).sum()
    }

    /// One glyph a letter: nothing is joined or moved, so that what is read out of the page is what was put in.
    pub(crate) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, letter): (usize, char)| {
            let (id, advance) = self.em_advance(letter);
            KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, at..at + letter.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    /// Glyph, 0 where the face has none, and advance, of a size of one.
    fn em_advance(&self, letter: char) -> (u32, f32) {
        let common = usize::try_from(u32::from(letter)).ok().and_then(|code| self.common.get(code));
        common.copied().unwrap_or_else(|| self.looked_up(letter))
    }

    fn looked_up(&self, letter: char) -> (u32, f32) {
        let glyph = self.read.charmap().map(letter).unwrap_or_default();
        let metrics = self.read.glyph_metrics(Size::new(1.0), LocationRef::default());
        (glyph.to_u32(), metrics.advance_width(glyph).unwrap_or_default())
    }
}
