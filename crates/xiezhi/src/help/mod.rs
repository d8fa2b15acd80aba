//! The command line's help and refusals in Chinese, from `zh.toml`. In English they are clap's own, from the doc comments
//! of the arguments.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches, Parser};
use xiezhi_report::Lang;

use crate::args::Cli;
use crate::{config, output};

/// Command, or `shared`; then argument, `about` or `long`; then the text.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

const ZH: &str = include_str!("zh.toml");
/// Columns of a line of Chinese help: with the indentation of long help below the 100 that clap takes without a terminal.
const COLUMNS: usize = 84;

/// What to print instead of working, and whether it is an error.
pub struct Instead {
    /// The text, with clap's styles.
    pub text: StyledStr,
    /// A refusal; help and version are answers.
    pub refused: bool,
}

impl Instead {
    /// Prints it in the language of the run: `--help` and `--version` are answers, on standard output and with 0.
    pub fn print(&self, lang: Lang) -> ExitCode {
        let text = self.text.ansi().to_string();
        if self.refused {
            output::note(text.trim_end());
            return ExitCode::from(output::COULD_NOT);
        }
        match output::result(&text) {
            Ok(()) => ExitCode::from(output::NOTHING_FOUND),
            Err(message) => output::failed(&message, lang),
        }
    }
}

/// The language that arguments, configuration or locale ask for, before the arguments are read: what refuses them must
/// know it.
pub fn language(args: &[OsString]) -> Lang {
    match value_of(args, "--lang").as_deref() {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => {
            let config = config::load(value_of(args, "--config").as_deref().map(Path::new)).ok();
            config.and_then(|config| config.lang()).unwrap_or_else(output::locale)
        }
    }
}

/// The value of an option that every command takes.
fn value_of(args: &[OsString], name: &str) -> Option<String> {
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    while let Some(word) = words.next() {
        if word == name {
            return words.next().map(str::to_owned);
        }
        if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some(value.to_owned());
        }
    }
    None
}

/// Reads the arguments; help and refusals are in the language.
pub fn parse(args: Vec<OsString>, lang: Lang) -> Result<Cli, Instead> {
    let parsed = match lang {
        Lang::En => Cli::try_parse_from(args),
        Lang::Zh => {
            let mut command = in_chinese(Cli::command(), "xiezhi", &texts());
            command.try_get_matches_from_mut(args).and_then(|matches| Cli::from_arg_matches(&matches))
        }
    };
    parsed.map_err(|error| {
        let is_help = matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        );
        let text = if lang == Lang::En || is_help { error.render() } else { refusal(&error).into() };
        Instead { text, refused: error.use_stderr() }
    })
}

fn texts() -> Texts {
    toml::from_str(ZH).unwrap_or_default()
}

/// The command with its Chinese texts, and so every command below it.
fn in_chinese(command: Command, path: &str, texts: &Texts) -> Command {
    let text = |key: &str| {
        let own = texts.get(path).and_then(|own| own.get(key));
        own.or_else(|| texts.get("shared")?.get(key)).map(|text| broken(text))
    };
    let about = text("about").unwrap_or_default();
    let long = text("long").map_or_else(|| about.clone(), |long| format!("{about}\n\n{long}"));
    let flag = |name: &'static str, short: char, action: ArgAction| {
        let arg = Arg::new(name).short(short).long(name).action(action).help_heading("选项").display_order(910);
        arg.help(text(name).unwrap_or_default())
    };
    let top = path == "xiezhi";
    // Under headings of our own clap would sort by name; those that every command takes come last.
    let mut order = if top { 900 } else { 0 };
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let mut command = command
        .about(about)
        .long_about(long)
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}")
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_subcommand(true)
        .mut_args(|arg| {
            let said = text(arg.get_id().as_str()).unwrap_or_default();
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            order += 1;
            let takes_value = arg.get_action().takes_values();
            let arg = arg.help(said.clone()).long_help(said).help_heading(heading).display_order(order);
            arg.hide_possible_values(takes_value).hide_default_value(takes_value)
        })
        .disable_help_flag(true)
        .arg(flag("help", 'h', ArgAction::Help));
    if top {
        command = command.disable_version_flag(true).arg(flag("version", 'V', ArgAction::Version));
    }
    names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |below| in_chinese(below, &format!("{path} {name}"), texts))
    })
}

/// Breaks a text into lines: clap breaks at spaces only, of which Chinese has few. Neither a word nor what stands between
/// backticks is cut, and no line begins with a mark that closes.
fn broken(text: &str) -> String {
    let mut lines = String::new();
    let (mut column, mut piece, mut piece_width) = (0, String::new(), 0);
    let (mut quoted, mut before) = (false, ' ');
    for letter in text.chars() {
        let word = |letter: char| letter.is_ascii() && letter != ' ';
        let glued = (word(before) && word(letter)) || "。，；：、）？！”".contains(letter) || "（“".contains(before);
        if !quoted && !glued && !piece.is_empty() {
            put(&mut lines, &mut column, &piece, piece_width);
            (piece, piece_width) = (String::new(), 0);
        }
        quoted ^= letter == '`';
        piece.push(letter);
        piece_width += if letter.is_ascii() { 1 } else { 2 };
        before = letter;
    }
    put(&mut lines, &mut column, &piece, piece_width);
    lines
}

fn put(lines: &mut String, column: &mut usize, piece: &str, width: usize) {
    if *column > 0 && *column + width > COLUMNS {
        lines.truncate(lines.trim_end_matches(' ').len());
        lines.push('\n');
        *column = 0;
    }
    lines.push_str(piece);
    *column += width;
}

/// Why the arguments cannot be taken, and what to do.
fn refusal(error: &clap::Error) -> String {
    let said = |kind: ContextKind| -> Option<String> {
        match error.get(kind)? {
            ContextValue::String(text) => Some(text.clone()),
            ContextValue::Strings(texts) => Some(texts.join("、")),
            ContextValue::StyledStr(text) => Some(text.to_string()),
            ContextValue::Number(number) => Some(number.to_string()),
            _ => None,
        }
        .filter(|text| !text.is_empty())
    };
    let arg = said(ContextKind::InvalidArg).unwrap_or_default();
    let mut lines = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{arg}"),
        ErrorKind::UnknownArgument => format!("没有参数 `{arg}`"),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 `{}`", said(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            Some(prior) if prior != arg => format!("`{arg}` 不能与 `{prior}` 同用"),
            _ => format!("`{arg}` 只能指定一次"),
        },
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match said(ContextKind::InvalidValue) {
            Some(value) => format!("`{arg}` 不能取值 `{value}`"),
            None => format!("`{arg}` 缺少值"),
        },
        _ if arg.is_empty() => "命令行不正确".to_owned(),
        _ => format!("参数 `{arg}` 的写法不正确"),
    };
    if let Some(valid) = said(ContextKind::ValidValue) {
        lines.push_str(&format!("；可选：{valid}"));
    }
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(meant) = meant.into_iter().find_map(said) {
        lines.push_str(&format!("；是否想写 `{meant}`？"));
    }
    let usage = said(ContextKind::Usage).map(|usage| usage.trim_start_matches("Usage:").trim().to_owned());
    let usage = usage.map(|usage| format!("\n用法：{usage}\n")).unwrap_or_default();
    format!("错误：{lines}\n{usage}\n更多说明见 `--help`。\n")
}

#[cfg(test)]
mod tests;
