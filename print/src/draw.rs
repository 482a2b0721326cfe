//! Draws what the layout placed, and says what each piece means.

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::{Document as Writer, SerializeSettings};

use crate::document::{Attachment, Cover, Document, Entry, Moment};
use crate::face::Style;
use crate::fault::Fault;
use crate::layout::{BODY_WIDTH, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Piece};
use crate::lines;
use crate::tree::Tree;

const FURNITURE_SIZE: f32 = 8.0;
const RULE: f32 = 0.6;

/// Writes a document as PDF/UA-1 and PDF/A-3a.
pub(crate) fn all(document: Document) -> Result<Vec<u8>, Fault> {
    let Document { cover, pages, mut tree, contents, attachments, .. } = document;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Fault::Writing(format!("{error:?}")))?;
    let mut writer =
        Writer::new_with(SerializeSettings { configuration, enable_tagging: true, ..Default::default() });
    let pages = pages.into_pages();
    let count = pages.len();
    for (at, pieces) in pages.into_iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(Fault::Faces)?;
        let mut page = writer.start_page_with(settings);
        let mut surface = page.surface();
        for piece in pieces {
            draw(&mut surface, &mut tree, piece)?;
        }
        furnish(&mut surface, &cover, at + 1, count)?;
    }
    writer.set_outline(outline(contents));
    writer.set_metadata(metadata(&cover));
    writer.set_tag_tree(tree.tags(&cover.language));
    for attachment in attachments {
        let name = attachment.name.clone();
        let embedded = writer.embed_file(embedded(attachment, cover.moment));
        embedded.ok_or_else(|| Fault::Writing(format!("{name} is attached twice")))?;
    }
    writer.finish().map_err(|error| Fault::Writing(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, tree: &mut Tree, piece: Piece) -> Result<(), Fault> {
    match piece {
        Piece::Run { x, y, style, size, text, node: Some(node) } => {
            let tagged = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            write(surface, (x, y), style, size, &text)?;
            surface.end_tagged();
            tree.drawn(node, tagged);
        }
        Piece::Run { x, y, style, size, text, node: None } => {
            as_artifact(surface, ArtifactType::PaginationOther, |surface| {
                write(surface, (x, y), style, size, &text)
            })?;
        }
        Piece::Rule { y } => {
            as_artifact(surface, ArtifactType::Layout, |surface| {
                rule(surface, y);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// What a reader that does not look passes over.
fn as_artifact(
    surface: &mut Surface<'_>,
    kind: ArtifactType,
    what: impl FnOnce(&mut Surface<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    let done = what(surface);
    surface.end_tagged();
    done
}

fn write(
    surface: &mut Surface<'_>,
    (x, y): (f32, f32),
    style: Style,
    size: f32,
    text: &str,
) -> Result<(), Fault> {
    let face = style.face()?;
    surface.draw_glyphs(Point::from_xy(x, y), &face.glyphs(text), face.font(), text, size, false);
    Ok(())
}

fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    if let Some(bar) = Rect::from_xywh(MARGIN, y, BODY_WIDTH, RULE) {
        path.push_rect(bar);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn furnish(surface: &mut Surface<'_>, cover: &Cover, number: usize, count: usize) -> Result<(), Fault> {
    let face = Style::Text.face()?;
    let one_line = |text: &str, width: f32| {
        lines::on_one_line(&lines::shown(text, face), face, FURNITURE_SIZE, FURNITURE_SIZE, width).0
    };
    let page = format!("Page {number} of {count}");
    let page_at = PAGE_WIDTH - MARGIN - face.width(&page, FURNITURE_SIZE);
    let (head, foot) = (MARGIN + FURNITURE_SIZE, PAGE_HEIGHT - MARGIN);
    let header = one_line(&cover.header, BODY_WIDTH);
    let footer = one_line(&cover.footer, page_at - MARGIN - 2.0 * FURNITURE_SIZE);
    let runs = [
        (ArtifactType::Header, MARGIN, head, header),
        (ArtifactType::Footer, MARGIN, foot, footer),
        (ArtifactType::Footer, page_at, foot, page),
    ];
    for (kind, x, y, text) in runs {
        as_artifact(surface, kind, |surface| write(surface, (x, y), Style::Text, FURNITURE_SIZE, &text))?;
    }
    as_artifact(surface, ArtifactType::Header, |surface| {
        rule(surface, head + FURNITURE_SIZE / 2.0);
        Ok(())
    })
}

fn outline(contents: Vec<Entry>) -> Outline {
    let mut outline = Outline::new();
    for Entry { title, page, y } in contents {
        let at = XyzDestination::new(page, Point::from_xy(MARGIN, y));
        outline.push_child(OutlineNode::new(title, at));
    }
    outline
}

fn metadata(cover: &Cover) -> Metadata {
    Metadata::new()
        .title(cover.title.clone())
        .language(cover.language.clone())
        .producer(cover.producer.clone())
        .creator(cover.producer.clone())
        .creation_date(date(cover.moment))
        .document_id(cover.id.clone())
}

fn date(moment: Moment) -> DateTime {
    DateTime::new(moment.year)
        .month(moment.month)
        .day(moment.day)
        .hour(moment.hour)
        .minute(moment.minute)
        .second(moment.second)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn embedded(attachment: Attachment, moment: Moment) -> EmbeddedFile {
    let Attachment { name, media_type, says, bytes } = attachment;
    EmbeddedFile {
        path: name,
        mime_type: MimeType::new(media_type),
        description: Some(says),
        association_kind: AssociationKind::Data,
        data: bytes.into(),
        modification_date: Some(date(moment)),
        compress: Some(true),
        location: None,
    }
}
