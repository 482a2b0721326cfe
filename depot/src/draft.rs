//! A piece of any size on its way in, in flat memory.

use std::sync::Arc;

use crate::Result;
use crate::bucket::Bucket;
use crate::depot::{Kind, blocking};
use crate::folder::{FileDraft, Folder};
use crate::spot::Spot;
use crate::upload::{PART_BYTES, Upload};

/// A piece being written. Whoever makes its bytes calls [`Draft::write`] where that happens, and [`Draft::send`]
/// afterwards: a folder takes bytes in the first, a bucket in the second. Dropping it leaves nothing behind.
pub struct Draft {
    way: Way,
}

enum Way {
    Folder { folder: Arc<Folder>, file: Option<FileDraft> },
    Bucket { bucket: Arc<Bucket>, upload: Option<Upload> },
}

impl Draft {
    pub(crate) fn new(kind: Kind) -> Self {
        let way = match kind {
            Kind::Folder(folder) => Way::Folder { folder, file: None },
            Kind::Bucket(bucket) => Way::Bucket { bucket, upload: None },
        };
        Self { way }
    }

    /// Takes bytes to the folder and empties the buffer; does nothing for a bucket. Blocks.
    ///
    /// # Errors
    /// A fault of the disk; the piece is lost then.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        let Way::Folder { folder, file } = &mut self.way else { return Ok(()) };
        let draft = match file {
            Some(draft) => draft,
            None => file.insert(folder.draft()?),
        };
        draft.append(bytes)?;
        bytes.clear();
        Ok(())
    }

    /// Sends bytes to the bucket and empties the buffer, once they no longer fit into one request; until then they stay
    /// in the buffer. Does nothing for a folder.
    ///
    /// # Errors
    /// A fault of the bucket; the piece is lost then.
    pub async fn send(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        let Way::Bucket { bucket, upload } = &mut self.way else { return Ok(()) };
        let upload = match upload {
            Some(upload) => upload,
            None if bytes.len() < PART_BYTES => return Ok(()),
            None => upload.insert(bucket.begin().await?),
        };
        upload.append(bytes).await?;
        bytes.clear();
        Ok(())
    }

    /// Ends the piece with what is left in the buffer; durable when it answers.
    ///
    /// # Errors
    /// A fault of the depot. Nothing stays behind then.
    pub async fn finish(mut self, mut rest: Vec<u8>) -> Result<Spot> {
        self.send(&mut rest).await?;
        match self.way {
            Way::Bucket { upload: Some(mut upload), .. } => {
                upload.append(&rest).await?;
                upload.finish().await
            }
            Way::Bucket { bucket, upload: None } => bucket.put(rest).await,
            Way::Folder { folder, file } => {
                blocking(move || {
                    let mut draft = file.map_or_else(|| folder.draft(), Ok)?;
                    draft.append(&rest)?;
                    folder.publish(draft)
                })
                .await
            }
        }
    }
}
