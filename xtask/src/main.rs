//! Chores of the repository.
//!
//! - `cargo xtask gen [--check]`: write `docs/`, `schema/` and the screens of the READMEs from the program; with `--check`, fail when they are stale.
//! - `cargo xtask new check <id> <subject>`: a check file to fill in.
//! - `cargo xtask ci`: everything that must hold before a change lands.

mod docs;
mod new;
mod readme;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => docs::generate(&root(), false),
        ["gen", "--check"] => docs::generate(&root(), true),
        ["new", "check", id, subject] => new::check(&root(), id, subject),
        ["ci"] => ci(),
        _ => Err("usage: cargo xtask gen [--check] | new check <id> <subject> | ci".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn ci() -> Result<(), String> {
    let status = Command::new("bash").arg(".ci/run").current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(".ci/run ended with {status}")),
        Err(error) => Err(format!("cannot run .ci/run: {error}")),
    }
}
