//! Embeds `checks/**/*.md` and `frameworks/*.toml`: the directory is the registry, nothing else lists them.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    embed(&root, "checks", "md", &out.join("checks.rs"))?;
    embed(&root, "frameworks", "toml", &out.join("frameworks.rs"))
}

/// Writes an array of (path below the root, text) of every file with that ending, in order of path.
fn embed(root: &Path, folder: &str, ending: &str, to: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", root.join(folder).display());
    let mut files = Vec::new();
    collect(&root.join(folder), ending, &mut files)?;
    files.sort();
    let mut text = String::from("&[\n");
    for file in files {
        let full = file.canonicalize()?;
        let name = full.strip_prefix(root.canonicalize()?).unwrap_or(&full).to_string_lossy().replace('\\', "/");
        text.push_str(&format!("({name:?}, include_str!({:?})),\n", full.to_string_lossy()));
    }
    text.push_str("]\n");
    fs::write(to, text)
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, ending, files)?;
        } else if path.extension().is_some_and(|found| found == ending) {
            files.push(path);
        }
    }
    Ok(())
}
