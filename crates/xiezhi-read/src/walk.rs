//! Which files there are: each once, in order, never outside the folder given.
//!
//! Symbolic links inside a folder are not followed: what they point at inside the folder is visited by itself, and what
//! they point at outside was not given. Only regular files are opened, so that no pipe or device can block.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use xiezhi_model::{Problem, ProblemKind, Text};

use crate::input::Input;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// The path as it was given, `/` between its parts.
    pub(crate) shown: String,
    /// The path to open.
    pub(crate) path: PathBuf,
    /// The folder that was given, as it was given; for a file that was given, its folder.
    pub(crate) root: String,
    /// Whether the file itself was given.
    pub(crate) given: bool,
    /// Its size in bytes.
    pub(crate) size: u64,
}

/// Folders that hold tools and copies, never evidence.
const NEVER: [&str; 8] = [".git", ".terraform", ".svn", ".hg", "node_modules", "__pycache__", ".venv", ".idea"];

/// What was found and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Found>,
    pub(crate) problems: Vec<Problem>,
}

/// Visits every path that was given.
pub(crate) fn walk(inputs: &[Input]) -> Walked {
    let mut walked = Walked::default();
    let mut roots: Vec<&PathBuf> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::Path(path) => Some(path),
            Input::Bytes { .. } => None,
        })
        .collect();
    roots.sort();
    roots.dedup();
    for root in roots {
        walked.root(root);
    }
    // A folder and a file in it may both be given, or one folder by two names: each file counts once, under the first
    // of its names in order.
    walked.files.sort();
    let mut seen = BTreeSet::new();
    walked.files.retain(|file| seen.insert(fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone())));
    walked.problems.sort();
    walked.problems.dedup();
    walked
}

pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

impl Walked {
    fn problem(&mut self, path: &Path, kind: ProblemKind, detail: impl Into<String>) {
        self.problems.push(Problem { file: Text::from(shown(path)), line: 0, kind, detail: detail.into() });
    }

    fn root(&mut self, root: &Path) {
        let meta = match fs::metadata(root) {
            Ok(meta) => meta,
            Err(error) => {
                let kind = match error.kind() {
                    std::io::ErrorKind::NotFound => ProblemKind::Missing,
                    _ if fs::symlink_metadata(root).is_ok_and(|meta| meta.is_symlink()) => ProblemKind::Link,
                    _ => ProblemKind::Unreadable,
                };
                self.problem(root, kind, error.kind().to_string());
                return;
            }
        };
        if meta.is_dir() {
            self.folder(root);
        } else if meta.is_file() {
            let folder = root.parent().map(shown).unwrap_or_default();
            let file = Found { shown: shown(root), path: root.into(), root: folder, given: true, size: meta.len() };
            self.files.push(file);
        } else {
            self.problem(root, ProblemKind::Unreadable, "not a regular file");
        }
    }

    fn folder(&mut self, root: &Path) {
        let canonical = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let before = self.files.len();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.problem(&folder, ProblemKind::Unreadable, error.kind().to_string());
                    continue;
                }
            };
            for entry in entries {
                match entry {
                    Ok(entry) => self.entry(root, &canonical, &entry, &mut folders),
                    Err(error) => self.problem(&folder, ProblemKind::Unreadable, error.kind().to_string()),
                }
            }
        }
        if self.files.len() == before {
            self.problem(root, ProblemKind::Empty, "no files");
        }
    }

    fn entry(&mut self, root: &Path, canonical: &Path, entry: &fs::DirEntry, folders: &mut Vec<PathBuf>) {
        let path = entry.path();
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                self.problem(&path, ProblemKind::Unreadable, error.kind().to_string());
                return;
            }
        };
        if kind.is_symlink() {
            match fs::canonicalize(&path) {
                Ok(target) if target.starts_with(canonical) && !path_is_under(&path, &target) => {}
                Ok(target) if target.starts_with(canonical) => self.problem(&path, ProblemKind::Link, "a loop"),
                Ok(_) => self.problem(&path, ProblemKind::Link, "leads out of the folder"),
                Err(_) => self.problem(&path, ProblemKind::Link, "leads nowhere"),
            }
        } else if kind.is_dir() {
            if !NEVER.iter().any(|name| entry.file_name() == OsStr::new(name)) {
                folders.push(path);
            }
        } else if kind.is_file() {
            let size = entry.metadata().map_or(0, |meta| meta.len());
            self.files.push(Found { shown: shown(&path), path, root: shown(root), given: false, size });
        } else {
            self.problem(&path, ProblemKind::Unreadable, "not a regular file");
        }
    }
}

/// Whether a link lies inside the folder that it points at.
fn path_is_under(link: &Path, target: &Path) -> bool {
    let parent = link.parent().and_then(|parent| fs::canonicalize(parent).ok());
    parent.is_some_and(|parent| parent.starts_with(target))
}
