//! Starts the drawing process, feeds it one file, and believes of its answer no more than a picture's worth.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use rendition::{EXIT_REFUSED, MOST_INPUT_BYTES, MOST_OUTPUT_BYTES, Refused};
use store::Reader;
use store::media::Manner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

/// A process is ended after this long, whatever it does.
const LASTS: Duration = Duration::from_secs(45);
/// Pictures that are drawn at once.
const AT_ONCE: usize = 2;
/// How a JPEG begins.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// The process says why.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It was ended: it computed for too long, took too much, or reached for what is not its own.
    #[error(
        "the drawing of this file was ended: it took too long or too much, or reached for what is not its own"
    )]
    Ended,
    /// The bytes could not be read.
    #[error("the file could not be read")]
    Unread(#[from] store::Error),
    /// The process could not be started or spoken to.
    #[error("the drawing process did not work")]
    Process(#[from] std::io::Error),
}

/// Draws pictures, in a process each.
#[derive(Debug, Clone)]
pub struct Renderer {
    program: PathBuf,
    order: Vec<String>,
    places: Arc<Semaphore>,
}

impl Renderer {
    /// A renderer that starts this program with these words, and the manner after them.
    #[must_use]
    pub fn new(program: PathBuf, order: Vec<String>) -> Self {
        Self { program, order, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Draws what a reader reads, with a mark across it. The process is gone when this returns.
    ///
    /// # Errors
    /// [`NotDrawn`] says why there is no picture.
    pub async fn draw(&self, reader: &mut Reader, manner: Manner, mark: &str) -> Result<Vec<u8>, NotDrawn> {
        if reader.len() > MOST_INPUT_BYTES {
            return Err(Refused::Bytes.into());
        }
        // INVARIANT: the semaphore is never closed.
        let place = self.places.acquire().await.expect("the places are never closed");
        let mut child = self.start(manner)?;
        let drawn = tokio::time::timeout(LASTS, exchange(&mut child, reader, mark)).await;
        drop(place);
        match drawn {
            Ok(drawn) => drawn,
            // Dropping the child ends it.
            Err(_) => Err(NotDrawn::Ended),
        }
    }

    /// No word of ours goes along: an empty environment, no folder, two pipes.
    fn start(&self, manner: Manner) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.order)
            .arg(manner.as_str())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

async fn exchange(child: &mut Child, reader: &mut Reader, mark: &str) -> Result<Vec<u8>, NotDrawn> {
    let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(std::io::Error::other("the process has no pipes").into());
    };
    let (fed, answered) = tokio::join!(feed(to, reader, mark), answer(from));
    let (status, answer) = (child.wait().await?, answered?);
    match status.code() {
        // A process that ended well has read to the end.
        Some(0) if answer.starts_with(&JPEG) => fed.map(|()| answer),
        Some(code) if code == i32::from(EXIT_REFUSED) => Err(refused(&answer).into()),
        other => {
            tracing::warn!(code = other, "a drawing process was ended");
            fed.and(Err(NotDrawn::Ended))
        }
    }
}

/// Writes who looks in a line, and the file. A process that says no does not read on, which is no fault of ours.
async fn feed(mut to: ChildStdin, reader: &mut Reader, mark: &str) -> Result<(), NotDrawn> {
    if to.write_all(format!("{mark}\n").as_bytes()).await.is_err() {
        return Ok(());
    }
    while let Some(piece) = reader.read_next().await? {
        if to.write_all(&piece).await.is_err() {
            return Ok(());
        }
    }
    drop(to);
    Ok(())
}

async fn answer(from: ChildStdout) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST_OUTPUT_BYTES).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn refused(code: &[u8]) -> Refused {
    Refused::ALL.into_iter().find(|refused| refused.code().as_bytes() == code).unwrap_or(Refused::Damaged)
}
