//! Streams and exit codes: results on standard output, all else on standard error; a closed pipe is a quiet end.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use xiezhi_report::Lang;
use xiezhi_report::safe::visible;
use xiezhi_review::ask::AskError;

/// Nothing at or above the threshold, and nothing undecided.
pub const NOTHING_FOUND: u8 = 0;
/// Defects at or above the threshold.
pub const FOUND: u8 = 1;
/// Could not do what was asked, or not all of it.
pub const COULD_NOT: u8 = 2;
/// No defect, but something is undecided.
pub const UNDECIDED: u8 = 3;

/// Why something could not be done, in every language.
#[derive(Debug)]
pub struct Said {
    en: String,
    zh: String,
}

impl Said {
    /// Both texts.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// One text for all languages: what a file's own syntax is refused with.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// That something could not be read.
    pub fn unread(en: &str, zh: &str, path: &std::path::Path, error: &io::Error) -> Self {
        let path = path.display();
        Self::new(format!("cannot read the {en} `{path}`: {error}"), format!("无法读取{zh} `{path}`：{error}"))
    }

    /// That an answer could not be written.
    pub fn unwritten(error: &dyn std::fmt::Display) -> Self {
        Self::new(format!("cannot write the answer: {error}"), format!("无法写出答复：{error}"))
    }
}

impl From<AskError> for Said {
    fn from(error: AskError) -> Self {
        Self::new(error.en, error.zh)
    }
}

/// Prints a result. A reader that went away is not an error; a full disk is.
pub fn result(text: &str) -> Result<(), Said> {
    let mut out = anstream::stdout().lock();
    finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints a result that is written in pieces.
pub fn result_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Said> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    finish(write(&mut out).and_then(|()| out.flush()))
}

fn finish(written: io::Result<()>) -> Result<(), Said> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Said::unwritten(&error)),
    }
}

/// Says something about the run, on standard error.
pub fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Ends the run with what went wrong.
pub fn failed(why: &Said, lang: Lang) -> ExitCode {
    let shown: Vec<String> = lang.pick(&why.en, &why.zh).lines().map(|line| visible(line).into_owned()).collect();
    note(&format!("{}{}", lang.pick("error: ", "错误："), shown.join("\n")));
    ExitCode::from(COULD_NOT)
}

/// The language of the locale.
pub fn locale() -> Lang {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
    locale.map_or(Lang::En, |locale| Lang::of_locale(&locale))
}

/// Refuses an argument that holds a credential, without repeating it.
pub fn refuse_credentials<'a>(args: impl Iterator<Item = &'a OsString>) -> Option<Said> {
    for (number, arg) in (1_usize..).zip(args) {
        if xiezhi_read::secret::contains_credential(&arg.to_string_lossy()) {
            return Some(Said::new(
                format!(
                    "argument {number} looks like a credential, and xiezhi never takes one; it was not used or kept, \
                     but your shell's history may have it: rotate it"
                ),
                format!(
                    "第 {number} 个参数看起来是凭证，xiezhi 从不接收凭证；它未被使用或保存，但可能留在 shell 历史记录中：请轮换"
                ),
            ));
        }
    }
    None
}

/// The arguments, with the id of an AccessKey as the foothold of `ask blast` or `ask escalate` cut to the `key/` form that
/// evidence can be searched for: its last four characters. The id alone signs nothing, but it is neither kept nor printed;
/// anywhere else, and for every other credential, [`refuse_credentials`] refuses.
pub fn short_key_ids(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let about_footholds =
        args.windows(2).any(|pair| matches!(pair, [ask, of] if ask == "ask" && (of == "blast" || of == "escalate")));
    if about_footholds {
        for arg in &mut args {
            if let Some(short) = arg.to_str().and_then(short_key_id) {
                *arg = short.into();
            }
        }
    }
    args
}

/// `LTAI` and 12 to 26 letters and digits, alone or behind `key/` or `--from=`. Source: the shape of AccessKey ids in RAM
/// `CreateAccessKey`.
fn short_key_id(arg: &str) -> Option<String> {
    let (option, value) = match arg.strip_prefix("--from=") {
        Some(value) => ("--from=", value),
        None => ("", arg),
    };
    let id = value.strip_prefix("key/").unwrap_or(value);
    let body = id.strip_prefix("LTAI")?;
    let plain = (12..=26).contains(&body.len()) && body.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let end = body.get(body.len().saturating_sub(4)..).filter(|_| plain)?;
    Some(format!("{option}key/****{end}"))
}
