//! One file of evidence, as the walker hands it to a reader.

use xiezhi_model::Text;

/// A file's name and content. Readers open nothing themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
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
