//! One module per command.

pub mod explain;
pub mod list;
pub mod review;
pub mod test_checks;

use std::path::{Path, PathBuf};

use xiezhi_model::{Batch, Problem, ProblemKind};
use xiezhi_review::CHECK_FILES;
use xiezhi_rule::CheckSet;

use crate::output::Said;

/// The checks of the program and those of more folders. A file that cannot be used is a problem and costs itself.
pub fn load_checks(folders: &[PathBuf]) -> Result<(CheckSet, Vec<Problem>), Said> {
    let mut files: Vec<(String, String)> =
        CHECK_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for folder in folders {
        files.extend(check_files(folder)?);
    }
    let set = CheckSet::load_without_examples(files);
    let problems = set
        .errors()
        .iter()
        .map(|error| Problem {
            file: error.path.as_str().into(),
            line: error.line,
            kind: ProblemKind::BadCheck,
            detail: match &error.help {
                Some(help) => format!("{}; {help}", error.message),
                None => error.message.clone(),
            },
        })
        .collect();
    Ok((set, problems))
}

/// Every `.md` file below a folder, in order of path.
pub fn check_files(folder: &Path) -> Result<Vec<(String, String)>, Said> {
    let mut found = Vec::new();
    collect(folder, 0, &mut found)?;
    found.sort();
    found
        .into_iter()
        .map(|path| match std::fs::read_to_string(&path) {
            Ok(text) => Ok((path.display().to_string(), text)),
            Err(error) => Err(Said::unread("check", "检查项", &path, &error)),
        })
        .collect()
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Said> {
    const DEEPEST: usize = 16;
    let entries =
        std::fs::read_dir(folder).map_err(|error| Said::unread("check folder", "检查项目录", folder, &error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let kind = entry.file_type().ok();
        if kind.is_some_and(|kind| kind.is_dir()) && depth < DEEPEST {
            collect(&path, depth.saturating_add(1), found)?;
        } else if kind.is_some_and(|kind| kind.is_file()) && path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads evidence; what could not be read travels with it as a batch of problems.
pub fn read_evidence(paths: &[PathBuf], problems: Vec<Problem>) -> Result<Vec<Batch>, Said> {
    read_with(paths, problems, &xiezhi_read::Options::default())
}

/// Reads evidence that other evidence of the same estate is compared with.
pub fn read_beside(path: PathBuf) -> Result<Vec<Batch>, Said> {
    read_with(&[path], Vec::new(), &xiezhi_read::Options { beside: true, ..xiezhi_read::Options::default() })
}

fn read_with(
    paths: &[PathBuf],
    mut problems: Vec<Problem>,
    options: &xiezhi_read::Options,
) -> Result<Vec<Batch>, Said> {
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map_err(|error| {
                Said::new(format!("cannot read standard input: {error}"), format!("无法读取标准输入：{error}"))
            })?;
            inputs.push(xiezhi_read::Input::Bytes { name: "-".to_owned(), bytes, live: false });
        } else {
            inputs.push(xiezhi_read::Input::path(path));
        }
    }
    let reading = xiezhi_read::read(&inputs, options);
    let mut batches = reading.batches;
    problems.extend(reading.problems);
    let mut unread = Batch::new();
    unread.problems = problems;
    batches.push(unread);
    Ok(batches)
}

/// The time that ages are counted to, in seconds since 1970: as given, else now.
pub fn as_of(given: Option<&str>) -> Result<Option<i64>, Said> {
    match given {
        Some(text) => match xiezhi_rule::unix_seconds(text) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(Said::new(
                format!("`--as-of {text}` is no time: write it as 2026-01-31T00:00:00Z"),
                format!("`--as-of {text}` 不是时间：请写成 2026-01-31T00:00:00Z"),
            )),
        },
        None => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            Ok(now.ok().and_then(|now| i64::try_from(now.as_secs()).ok()))
        }
    }
}
