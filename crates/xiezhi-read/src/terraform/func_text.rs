//! Functions over text. Source: Terraform language, "String Functions" and "Encoding Functions".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::func::{Args, list_of, texts_of};
use super::value::{Stop, quoted, text, to_float, to_int, to_open_text};
use crate::tree::{Node, Tree};

type Made = Result<Tree<'static>, Stop>;

/// Calls a function over text.
pub(super) fn call(mut args: Args<'_>) -> Made {
    Ok(match args.name {
        "lower" => text(args.text(0)?.to_lowercase()),
        "upper" => text(args.text(0)?.to_uppercase()),
        "title" => text(title(&args.text(0)?)),
        "trimspace" => text(args.open_text(0)?.trim()),
        "chomp" => text(args.open_text(0)?.trim_end_matches(['\n', '\r'])),
        "trim" => {
            let cut: Vec<char> = args.text(1)?.chars().collect();
            text(args.text(0)?.trim_matches(|character| cut.contains(&character)))
        }
        "trimprefix" => {
            let whole = args.text(0)?;
            text(whole.strip_prefix(&args.text(1)?).unwrap_or(&whole))
        }
        "trimsuffix" => {
            let whole = args.text(0)?;
            text(whole.strip_suffix(&args.text(1)?).unwrap_or(&whole))
        }
        "replace" => {
            let pattern = args.text(1)?;
            // Between slashes stands a regular expression.
            if pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/') {
                return Err(args.unresolved());
            }
            text(args.open_text(0)?.replace(&pattern, &args.open_text(2)?))
        }
        "split" => {
            let separator = args.text(0)?;
            let whole = args.text(1)?;
            list_of(match separator.as_str() {
                "" => whole.chars().map(String::from).collect(),
                separator if !whole.is_empty() => whole.split(separator).map(str::to_owned).collect(),
                _ => vec![],
            })
        }
        "join" => {
            let separator = args.text(0)?;
            let mut parts = Vec::new();
            for at in 1..args.list.len() {
                let items = args.whole_items(at)?;
                parts.extend(texts_of(&items)?);
            }
            text(parts.join(&separator))
        }
        "substr" => {
            let whole: Vec<char> = args.text(0)?.chars().collect();
            let (start, length) = (to_int(args.get(1)?)?, to_int(args.get(2)?)?);
            let all = i128::try_from(whole.len()).unwrap_or(i128::MAX);
            let start = if start < 0 { all.saturating_add(start).max(0) } else { start };
            let length = if length < 0 { all } else { length };
            let (start, length) = (usize::try_from(start), usize::try_from(length));
            text(whole.into_iter().skip(start.unwrap_or(usize::MAX)).take(length.unwrap_or(0)).collect::<String>())
        }
        "startswith" => Tree::Bool(args.text(0)?.starts_with(&args.text(1)?)),
        "endswith" => Tree::Bool(args.text(0)?.ends_with(&args.text(1)?)),
        "strcontains" => Tree::Bool(args.text(0)?.contains(&args.text(1)?)),
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
        "urlencode" => text(url_encoded(&args.text(0)?)),
        "format" => text(format_values(&args, &args.open_text(0)?, |at| args.get(at).cloned())?),
        "formatlist" => return format_list(&args),
        _ => return Err(args.unresolved()),
    })
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
