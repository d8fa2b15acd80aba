//! Functions over text. Source: Terraform language, "String Functions" and "Encoding Functions".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use xiezhi_model::OWN_ACCOUNT;

use super::func::{Args, list_of, texts_of};
use super::value::{Stop, quoted, text, to_float, to_int, to_open_text};
use crate::tree::{Node, Tree};

type Made = Result<Tree<'static>, Stop>;

/// The functions over text.
pub(super) const NAMES: &[&str] = &[
    "lower",
    "upper",
    "title",
    "trimspace",
    "chomp",
    "trim",
    "trimprefix",
    "trimsuffix",
    "replace",
    "split",
    "join",
    "format",
    "substr",
    "startswith",
    "endswith",
    "strcontains",
    "indent",
    "strrev",
    "base64encode",
    "base64decode",
    "urlencode",
    "formatlist",
];

/// Calls a function over text.
pub(super) fn call(mut args: Args<'_>) -> Made {
    Ok(match args.name {
        "lower" => Open::of(&args, 0)?.made(str::to_lowercase),
        "upper" => Open::of(&args, 0)?.made(str::to_uppercase),
        "title" => Open::of(&args, 0)?.made(title),
        "trimspace" => Open::of(&args, 0)?.made(|whole| whole.trim().to_owned()),
        "chomp" => Open::of(&args, 0)?.made(|whole| whole.trim_end_matches(['\n', '\r']).to_owned()),
        "trim" => {
            let whole = Open::of(&args, 0)?;
            let cut: Vec<char> = whole.apart(&args, 1)?.chars().collect();
            whole.made(|whole| whole.trim_matches(|character| cut.contains(&character)).to_owned())
        }
        "trimprefix" => {
            let whole = Open::of(&args, 0)?;
            let prefix = whole.apart(&args, 1)?;
            whole.made(|whole| whole.strip_prefix(&prefix).unwrap_or(whole).to_owned())
        }
        "trimsuffix" => {
            let whole = Open::of(&args, 0)?;
            let suffix = whole.apart(&args, 1)?;
            whole.made(|whole| whole.strip_suffix(&suffix).unwrap_or(whole).to_owned())
        }
        "replace" => {
            let whole = Open::of(&args, 0)?;
            let pattern = whole.apart(&args, 1)?;
            // Between slashes stands a regular expression.
            if pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/') {
                return Err(args.unresolved());
            }
            let new = args.open_text(2)?;
            whole.made(|whole| whole.replace(&pattern, &new))
        }
        "split" => {
            let whole = Open::of(&args, 1)?;
            let separator = whole.apart(&args, 0)?;
            list_of(match separator.as_str() {
                // Every digit of the account's id would be a member.
                "" if whole.open => return Err(args.unresolved()),
                "" => whole.text.chars().map(String::from).collect(),
                separator if !whole.text.is_empty() => {
                    whole.text.split(separator).map(|part| whole.named(part)).collect()
                }
                _ => vec![],
            })
        }
        "join" => {
            let separator = args.open_text(0)?;
            let mut parts = Vec::new();
            for at in 1..args.list.len() {
                let items = args.whole_items(at)?;
                parts.extend(texts_of(&items)?);
            }
            text(parts.join(&separator))
        }
        "substr" => {
            let whole = Open::of(&args, 0)?;
            let known = if whole.open { whole.text.chars().position(|character| character == STAND) } else { None };
            let characters: Vec<char> = whole.text.chars().collect();
            let (start, length) = (to_int(args.get(1)?)?, to_int(args.get(2)?)?);
            // How long the account's id is, is not said: places behind it are not known.
            let end = start.saturating_add(length);
            let limit = known.map(|known| i128::try_from(known).unwrap_or(i128::MAX));
            if limit.is_some_and(|limit| start < 0 || length < 0 || end > limit) {
                return Err(args.unresolved());
            }
            let all = i128::try_from(characters.len()).unwrap_or(i128::MAX);
            let start = if start < 0 { all.saturating_add(start).max(0) } else { start };
            let length = if length < 0 { all } else { length };
            let (start, length) = (usize::try_from(start), usize::try_from(length));
            let part = characters.into_iter().skip(start.unwrap_or(usize::MAX)).take(length.unwrap_or(0));
            text(part.collect::<String>())
        }
        "startswith" | "endswith" | "strcontains" => {
            let whole = Open::of(&args, 0)?;
            let part = whole.apart(&args, 1)?;
            Tree::Bool(match args.name {
                "startswith" => whole.text.starts_with(&part),
                "endswith" => whole.text.ends_with(&part),
                _ => whole.text.contains(&part),
            })
        }
        "strrev" => text(args.text(0)?.chars().rev().collect::<String>()),
        "indent" => {
            let spaces = usize::try_from(to_int(args.get(0)?)?).unwrap_or(0).min(1024);
            text(args.open_text(1)?.replace('\n', &format!("\n{}", " ".repeat(spaces))))
        }
        "base64encode" => text(STANDARD.encode(args.text(0)?)),
        "base64decode" => {
            let bytes = STANDARD.decode(args.text(0)?).map_err(|_| args.error())?;
            text(String::from_utf8(bytes).map_err(|_| args.error())?)
        }
        // Digits stay as they are.
        "urlencode" => {
            let whole = args.open_text(0)?;
            text(whole.split(OWN_ACCOUNT).map(url_encoded).collect::<Vec<_>>().join(OWN_ACCOUNT))
        }
        "format" => text(format_values(&args, &args.open_text(0)?, |at| args.get(at).cloned())?),
        "formatlist" => return format_list(&args),
        _ => return Err(args.unresolved()),
    })
}

/// Stands for the own account's id while functions work on a text that holds it: like an id it is a digit, which has no
/// case and is no blank, and no text that is searched for holds it.
const STAND: char = '\u{660}';

/// A text in which the own account's id may stand by its name.
struct Open {
    /// The text, with [`STAND`] for the id.
    text: String,
    /// Whether the id stands in it.
    open: bool,
}

impl Open {
    fn of(args: &Args<'_>, index: usize) -> Result<Self, Stop> {
        let text = args.open_text(index)?;
        match (text.contains(OWN_ACCOUNT), text.contains(STAND)) {
            (true, true) => Err(args.unresolved()),
            (true, false) => Ok(Self { text: text.replace(OWN_ACCOUNT, STAND.encode_utf8(&mut [0; 4])), open: true }),
            (false, _) => Ok(Self { text, open: false }),
        }
    }

    /// A text that is searched for in this one: one with digits may lie in the id.
    fn apart(&self, args: &Args<'_>, index: usize) -> Result<String, Stop> {
        let part = args.text(index)?;
        let within = self.open && part.chars().any(|character| character.is_ascii_digit() || character == STAND);
        if within { Err(args.unresolved()) } else { Ok(part) }
    }

    fn named(&self, made: &str) -> String {
        if self.open { made.replace(STAND, OWN_ACCOUNT) } else { made.to_owned() }
    }

    fn made(&self, make: impl FnOnce(&str) -> String) -> Tree<'static> {
        text(self.named(&make(&self.text)))
    }
}

fn title(whole: &str) -> String {
    let mut start = true;
    whole
        .chars()
        .flat_map(|character| {
            let raised = if start { character.to_uppercase().collect::<Vec<_>>() } else { vec![character] };
            start = !character.is_alphanumeric() && character != '\'' && character != '_';
            raised
        })
        .collect()
}

fn url_encoded(whole: &str) -> String {
    let mut out = String::new();
    for byte in whole.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn format_list(args: &Args<'_>) -> Made {
    let pattern = args.text(0)?;
    let lengths = args.list.iter().skip(1).filter_map(|value| match &value.value {
        Tree::List(items, None) => Some(items.len()),
        _ => None,
    });
    let rows = lengths.max().ok_or_else(|| args.unresolved())?;
    let mut out = Vec::new();
    for row in 0..rows {
        out.push(format_values(args, &pattern, |at| match args.get(at)? {
            Tree::List(items, None) => items.get(row).map(|item| item.value.clone()).ok_or_else(|| args.error()),
            value => Ok(value.clone()),
        })?);
    }
    Ok(list_of(out))
}

/// The verbs `%s %d %v %q %t %%`, and `%0Nd`, `%.Nf`; any other is unresolved.
fn format_values(
    args: &Args<'_>,
    pattern: &str,
    value: impl Fn(usize) -> Result<Tree<'static>, Stop>,
) -> Result<String, Stop> {
    let mut out = String::new();
    let mut next = 1_usize;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = characters.next_if(|c| c.is_ascii_digit() || *c == '.') {
            flags.push(flag);
        }
        let verb = characters.next().ok_or_else(|| args.error())?;
        if verb == '%' {
            out.push('%');
            continue;
        }
        let argument = value(next)?;
        next = next.saturating_add(1);
        match (verb, flags.as_str()) {
            ('s' | 'v' | 't', "") => match &argument {
                Tree::List(..) | Tree::Map(..) => out.push_str(&Node::new(argument, 0).json().map_err(Stop::Unknown)?),
                _ => out.push_str(&to_open_text(&argument)?),
            },
            ('q', "") => out.push_str(&quoted(&to_open_text(&argument)?)),
            ('d', "") => out.push_str(&to_int(&argument)?.to_string()),
            ('d', flags) => {
                let width: usize = flags.parse().map_err(|_| args.unresolved())?;
                let number = to_int(&argument)?;
                let width = width.min(64);
                out.push_str(&if flags.starts_with('0') {
                    format!("{number:0width$}")
                } else {
                    format!("{number:width$}")
                });
            }
            ('f', flags) => {
                let places = flags.strip_prefix('.').unwrap_or("6").parse::<usize>().map_err(|_| args.unresolved())?;
                let (number, places) = (to_float(&argument)?, places.min(32));
                out.push_str(&format!("{number:.places$}"));
            }
            _ => return Err(args.unresolved()),
        }
    }
    Ok(out)
}
