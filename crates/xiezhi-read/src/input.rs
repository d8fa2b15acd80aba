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
