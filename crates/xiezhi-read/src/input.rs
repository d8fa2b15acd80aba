//! What is read: files, folders and bytes.

use std::path::PathBuf;

use xiezhi_model::Text;

/// One thing to read.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file or folder.
    Path(PathBuf),
    /// Bytes that the caller has already, such as standard input.
    Bytes {
        /// How they are called in answers: `-` for standard input.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether this program read them from the provider's API in this run. Only the live collector says so.
        live: bool,
    },
}

impl Input {
    /// A file or folder.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Input::Path(path.into())
    }
}

/// A file and its bytes.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as it was given: what answers and problems name. Text that is not UTF-8 is shown with `�`.
    pub path: Text,
    /// The content.
    pub bytes: Vec<u8>,
}

impl SourceFile {
    /// The directory part of the path: empty for a bare name.
    pub fn directory(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(directory, _)| directory)
    }

    /// The name without its directory.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(self.path.as_str(), |(_, name)| name)
    }
}

/// The content as text without a byte-order mark, or why it is none: the line of the first byte that is not UTF-8.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, u32> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
    })
}
