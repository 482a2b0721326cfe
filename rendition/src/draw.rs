//! From bytes to a picture of ours. The kind of file is decided by its first bytes, never by what anybody called it;
//! its size is known before a pixel is decoded.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use crate::frames;
use crate::mark::Mark;

/// Pixels of a picture at most.
pub const MOST_PIXELS: u64 = 100_000_000;
/// Frames of a moving picture at most. Only the first is ever decoded.
pub const MOST_FRAMES: u32 = 10_000;
/// The longer edge of what we draw.
const EDGE: u32 = 1_600;
/// The longer edge while it is grey and blurred.
const GREY_EDGE: u32 = 480;
/// How far the grey picture is blurred, in its own pixels.
const BLUR: f32 = 12.0;
/// Quality of what we encode.
const QUALITY: u8 = 85;
/// What the decoder may allocate beside the picture.
const MOST_ALLOCATED: u64 = 384 * 1024 * 1024;

/// How a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Grey and blurred: enough to know whether one must look closer.
    Grey,
    /// As it is.
    Clear,
}

impl Manner {
    /// The word, as the command line of the process has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Clear => "clear",
        }
    }
}

impl std::str::FromStr for Manner {
    type Err = Refused;
    fn from_str(word: &str) -> Result<Self, Refused> {
        match word {
            "grey" => Ok(Self::Grey),
            "clear" => Ok(Self::Clear),
            _ => Err(Refused::Order),
        }
    }
}

/// A picture that we made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// JPEG.
    pub bytes: Vec<u8>,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no picture of a kind that is drawn. Documents, archives, drawings with script, sound and film are not.
    #[error("this is no picture of a kind that is shown here")]
    Kind,
    /// It has too many pixels.
    #[error("it has more pixels than are drawn here")]
    Pixels,
    /// It has too many frames.
    #[error("it has more frames than are drawn here")]
    Frames,
    /// It breaks off, or is none inside.
    #[error("it cannot be decoded: it is damaged, or not what its first bytes say")]
    Damaged,
    /// It is longer than what is read.
    #[error("it is larger than what is drawn here")]
    Bytes,
    /// The process was asked for something that it does not do.
    #[error("the drawing process was asked for something else")]
    Order,
}

impl Refused {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::Kind, Self::Pixels, Self::Frames, Self::Damaged, Self::Bytes, Self::Order];

    /// Stable code, as the process answers it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kind => "not-a-picture",
            Self::Pixels => "too-many-pixels",
            Self::Frames => "too-many-frames",
            Self::Damaged => "damaged",
            Self::Bytes => "too-large",
            Self::Order => "wrong-order",
        }
    }
}

/// Draws a picture with a mark across it. Of a moving one, the first frame. What the file says about itself beside its pixels is not read:
/// the EXIF block is a file of its own, which no ground for the picture opens, so nothing is turned upright.
///
/// # Errors
/// [`Refused`] says why not.
pub fn draw(bytes: &[u8], manner: Manner, mark: &Mark) -> Result<Picture, Refused> {
    let format = kind(bytes)?;
    if format == ImageFormat::Gif && frames::of_gif(bytes, MOST_FRAMES).ok_or(Refused::Damaged)? > MOST_FRAMES
    {
        return Err(Refused::Frames);
    }
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|_| Refused::Damaged)?;
    if width == 0 || height == 0 {
        return Err(Refused::Damaged);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refused::Pixels);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    limits.max_alloc = Some(MOST_ALLOCATED);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|fault| match fault {
        ImageError::Limits(_) => Refused::Pixels,
        _ => Refused::Damaged,
    })?;
    encode(&marked(shaped(decoded, manner), mark))
}

/// The kinds that are decoded at all, by their first bytes.
fn kind(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP)) => {
            Ok(format)
        }
        _ => Err(Refused::Kind),
    }
}

fn shaped(decoded: DynamicImage, manner: Manner) -> RgbImage {
    match manner {
        Manner::Clear => smaller(decoded, EDGE).to_rgb8(),
        Manner::Grey => {
            let grey = DynamicImage::ImageLuma8(smaller(decoded, GREY_EDGE).to_luma8());
            grey.fast_blur(BLUR).to_rgb8()
        }
    }
}

/// The picture with the mark across it. One that is too small for that is drawn larger, dot for dot.
fn marked(mut picture: RgbImage, mark: &Mark) -> RgbImage {
    let (width, height) = picture.dimensions();
    let times = mark.enlarges((width, height));
    if times > 1 {
        picture = imageops::resize(&picture, width * times, height * times, FilterType::Nearest);
    }
    let size = picture.dimensions();
    mark.burn(&mut picture, size);
    picture
}

/// The same picture with a longer edge of at most `edge`; never larger than it was.
fn smaller(decoded: DynamicImage, edge: u32) -> DynamicImage {
    if decoded.width().max(decoded.height()) <= edge {
        return decoded;
    }
    decoded.thumbnail(edge, edge)
}

fn encode(picture: &RgbImage) -> Result<Picture, Refused> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
        .map_err(|_| Refused::Damaged)?;
    Ok(Picture { bytes })
}
