//! Terraform's functions, as far as they are the same on every machine. Source: Terraform language, "Functions".
//!
//! What depends on the clock, chance or a machine is unresolved; so is any function that is not here. Functions that
//! only move members about keep unknown members as they are.

use std::borrow::Cow;

use xiezhi_model::{OWN_ACCOUNT, Reason};

use super::eval::{Context, pairs_of, put};
use super::value::{Stop, Value, all_known, equal, int, solid, text, to_bool, to_int, to_open_text, to_text};
use crate::tree::{Node, Tree};

type Made = Result<Tree<'static>, Stop>;

/// Calls a function.
pub(super) fn call(context: Context<'_, '_>, name: &str, mut arguments: Vec<Value>) -> Made {
    let mut cost = 1_u64;
    for argument in &arguments {
        cost = cost.saturating_add(super::value::weight(&argument.value));
    }
    context.scope.world.pay(cost)?;
    // Functions that only put texts together take what a reference stands for in a text.
    if matches!(name, "jsonencode" | "templatefile") || super::func_text::NAMES.contains(&name) {
        arguments.iter_mut().for_each(|argument| context.spell(argument));
    }
    let args = Args { name, list: arguments };
    let made = match name {
        "file" | "templatefile" | "fileexists" | "filebase64" | "fileset" => return files(context, args),
        name if super::func_text::NAMES.contains(&name) => super::func_text::call(args),
        "cidrsubnet" | "cidrsubnets" | "cidrhost" | "cidrnetmask" => super::func_number::network(args),
        "abs" | "ceil" | "floor" | "max" | "min" | "pow" | "signum" | "parseint" | "sum" | "tonumber" => {
            super::func_number::call(args)
        }
        _ => collections(args),
    }?;
    context.scope.world.pay(super::value::weight(&made))?;
    Ok(made)
}

/// The arguments of one call.
pub(super) struct Args<'n> {
    /// The function's name.
    pub(super) name: &'n str,
    /// The arguments that are left.
    pub(super) list: Vec<Value>,
}

impl Args<'_> {
    /// The call cannot be resolved.
    pub(super) fn unresolved(&self) -> Stop {
        Stop::unresolved(format!("{}(…)", self.name))
    }

    /// Terraform would refuse the call.
    pub(super) fn error(&self) -> Stop {
        Stop::Error(Reason::unresolved(format!("{}(…)", self.name)))
    }

    /// The argument at an index.
    pub(super) fn get(&self, index: usize) -> Result<&Tree<'static>, Stop> {
        match self.list.get(index).map(|value| &value.value) {
            Some(Tree::Unknown(reason)) => Err(Stop::Unknown(reason.clone())),
            Some(tree) => Ok(tree),
            None => Err(self.error()),
        }
    }

    /// The text at an index, to be put into a longer one.
    pub(super) fn open_text(&self, index: usize) -> Result<String, Stop> {
        to_open_text(self.get(index)?)
    }

    /// The text at an index.
    pub(super) fn text(&self, index: usize) -> Result<String, Stop> {
        to_text(self.get(index)?)
    }

    fn take(&mut self, index: usize) -> Result<Value, Stop> {
        match self.list.get_mut(index) {
            Some(value) => solid(std::mem::replace(value, Node::new(Tree::Null, 0))),
            None => Err(self.error()),
        }
    }

    /// The members of the list at an index, and why there may be more.
    pub(super) fn items(&mut self, index: usize) -> Result<(Vec<Value>, Option<Reason>), Stop> {
        match self.take(index)?.value {
            Tree::List(items, more) => Ok((items, more)),
            Tree::Reference { address, attribute } => Err(Stop::unresolved(format!("{address}.{attribute}"))),
            _ => Err(self.error()),
        }
    }

    /// The members of a list of which every one is known.
    pub(super) fn whole_items(&mut self, index: usize) -> Result<Vec<Value>, Stop> {
        let (items, more) = self.items(index)?;
        match more {
            Some(reason) => Err(Stop::Unknown(reason)),
            None => Ok(items),
        }
    }
}

fn collections(mut args: Args<'_>) -> Made {
    match args.name {
        "jsonencode" => {
            let value = args.take(0)?;
            value.json().map(text).map_err(Stop::Unknown)
        }
        "jsondecode" => {
            let json = args.open_text(0)?;
            let node = crate::json::Raw::whole(&json).node();
            // The own account's id may stand where its name is no JSON.
            let node = node.map_err(|_| if json.contains(OWN_ACCOUNT) { args.unresolved() } else { args.error() })?;
            Ok(node.into_owned().value)
        }
        "tostring" | "nonsensitive" | "toset" | "tolist" | "tomap" | "tobool" | "sensitive" | "distinct" => {
            conversions(args)
        }
        "length" => match args.get(0)? {
            Tree::List(items, None) => Ok(count(items.len())),
            Tree::Map(entries, None) => Ok(count(entries.len())),
            Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason)) => Err(Stop::Unknown(reason.clone())),
            text @ Tree::Text(_) => Ok(count(to_text(text)?.chars().count())),
            Tree::Reference { .. } => Err(args.unresolved()),
            _ => Err(args.error()),
        },
        "concat" | "setunion" => {
            let (mut all, mut more) = (Vec::new(), None);
            for at in 0..args.list.len() {
                match args.items(at) {
                    Ok((items, gap)) => {
                        all.extend(items);
                        more = more.or(gap);
                    }
                    Err(Stop::Unknown(reason)) => more = Some(reason),
                    Err(stop) => return Err(stop),
                }
            }
            if args.name == "setunion" { distinct(all, more) } else { Ok(Tree::List(all, more)) }
        }
        "merge" => merge(args),
        "flatten" => {
            let (items, mut more) = args.items(0)?;
            let mut flat = Vec::new();
            flatten(items, &mut flat, &mut more);
            Ok(Tree::List(flat, more))
        }
        "compact" => {
            let (items, more) = args.items(0)?;
            let kept = items.into_iter().filter(|item| match &item.value {
                Tree::Null => false,
                Tree::Text(text) => !text.is_empty(),
                _ => true,
            });
            Ok(Tree::List(kept.collect(), more))
        }
        "coalesce" | "coalescelist" => coalesce(args),
        "one" => {
            let mut items = args.whole_items(0)?;
            match (items.pop(), items.is_empty()) {
                (None, _) => Ok(Tree::Null),
                (Some(item), true) => solid(item).map(|item| item.value),
                (Some(_), false) => Err(args.error()),
            }
        }
        "lookup" => {
            let key = args.text(1)?;
            let map = args.take(0)?;
            let default = args.list.get(2).cloned();
            let missing = || args.error();
            match super::refer::member(map, &key, &missing) {
                Err(Stop::Error(_)) if default.is_some() => {
                    default.map_or_else(|| Err(missing()), |value| solid(value).map(|value| value.value))
                }
                found => found.map(|value| value.value),
            }
        }
        "element" => {
            let index = to_int(args.get(1)?)?;
            let items = args.whole_items(0)?;
            let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
            let at = index.checked_rem_euclid(length).ok_or_else(|| args.error())?;
            let item = items.into_iter().nth(usize::try_from(at).unwrap_or(usize::MAX)).ok_or_else(|| args.error())?;
            solid(item).map(|item| item.value)
        }
        "index" => {
            let wanted = args.take(1)?;
            for (at, item) in args.whole_items(0)?.iter().enumerate() {
                if equal(&item.value, &wanted.value)? {
                    return Ok(count(at));
                }
            }
            Err(args.error())
        }
        "contains" => {
            let wanted = args.take(1)?;
            let (items, mut more) = args.items(0)?;
            for item in &items {
                match equal(&item.value, &wanted.value) {
                    Ok(true) => return Ok(Tree::Bool(true)),
                    Ok(false) => {}
                    Err(stop) => more = Some(stop.reason()),
                }
            }
            more.map_or(Ok(Tree::Bool(false)), |reason| Err(Stop::Unknown(reason)))
        }
        "keys" | "values" => {
            let keys = args.name == "keys";
            let map = args.take(0)?;
            if !matches!(map.value, Tree::Map(..)) {
                return Err(args.error());
            }
            let (pairs, more) = pairs_of(map)?;
            let items = pairs.into_iter().map(|(key, value)| if keys { key } else { value }).collect();
            Ok(Tree::List(items, more))
        }
        "zipmap" => {
            let keys = args.whole_items(0)?;
            let values = args.whole_items(1)?;
            if keys.len() != values.len() {
                return Err(args.error());
            }
            let mut map = Vec::new();
            for (key, value) in keys.into_iter().zip(values) {
                put(&mut map, to_text(&key.value)?, value);
            }
            Ok(Tree::Map(map, None))
        }
        "reverse" => {
            let mut items = args.whole_items(0)?;
            items.reverse();
            Ok(Tree::List(items, None))
        }
        "sort" => {
            let mut texts = Vec::new();
            for item in args.whole_items(0)? {
                texts.push(to_text(&item.value)?);
            }
            texts.sort();
            Ok(list_of(texts))
        }
        "slice" => {
            let (from, to) = (to_int(args.get(1)?)?, to_int(args.get(2)?)?);
            let items = args.whole_items(0)?;
            let bounds = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            match bounds {
                Some((from, to)) if from <= to && to <= items.len() => {
                    Ok(Tree::List(items.into_iter().take(to).skip(from).collect(), None))
                }
                _ => Err(args.error()),
            }
        }
        "chunklist" => {
            let size = usize::try_from(to_int(args.get(1)?)?).unwrap_or(0);
            let items = args.whole_items(0)?;
            if size == 0 {
                return Err(args.error());
            }
            let chunks = items.chunks(size).map(|chunk| Node::new(Tree::List(chunk.to_vec(), None), 0)).collect();
            Ok(Tree::List(chunks, None))
        }
        "setintersection" | "setsubtract" => {
            let keep_common = args.name == "setintersection";
            let left = args.whole_items(0)?;
            let right = args.whole_items(1)?;
            let mut kept = Vec::new();
            for item in left {
                let mut common = false;
                for other in &right {
                    common = common || equal(&item.value, &other.value)?;
                }
                if common == keep_common {
                    kept.push(item);
                }
            }
            Ok(Tree::List(kept, None))
        }
        "setproduct" => {
            let mut rows: Vec<Vec<Value>> = vec![vec![]];
            for at in 0..args.list.len() {
                let items = args.whole_items(at)?;
                if rows.len().saturating_mul(items.len()) > 10_000 {
                    return Err(args.unresolved());
                }
                rows = rows
                    .iter()
                    .flat_map(|row| items.iter().map(|item| row.iter().cloned().chain([item.clone()]).collect()))
                    .collect();
            }
            Ok(Tree::List(rows.into_iter().map(|row| Node::new(Tree::List(row, None), 0)).collect(), None))
        }
        "range" => {
            let numbers: Vec<i128> = args.list.iter().map(|value| to_int(&value.value)).collect::<Result<_, _>>()?;
            let (from, to, step) = match numbers.as_slice() {
                [to] => (0, *to, if *to < 0 { -1 } else { 1 }),
                [from, to] => (*from, *to, if to < from { -1 } else { 1 }),
                [from, to, step] if *step != 0 => (*from, *to, *step),
                _ => return Err(args.error()),
            };
            let mut items = Vec::new();
            let mut here = from;
            while (step > 0 && here < to) || (step < 0 && here > to) {
                if items.len() >= 1024 {
                    return Err(args.error());
                }
                items.push(Node::new(int(here), 0));
                here = here.saturating_add(step);
            }
            Ok(Tree::List(items, None))
        }
        "alltrue" | "anytrue" => {
            let decides = args.name == "anytrue";
            let (items, mut more) = args.items(0)?;
            for item in items {
                match to_bool(&item.value) {
                    Ok(value) if value == decides => return Ok(Tree::Bool(decides)),
                    Ok(_) => {}
                    Err(stop) => more = Some(stop.reason()),
                }
            }
            more.map_or(Ok(Tree::Bool(!decides)), |reason| Err(Stop::Unknown(reason)))
        }
        _ => Err(args.unresolved()),
    }
}

fn conversions(mut args: Args<'_>) -> Made {
    match args.name {
        "tostring" => match args.get(0)? {
            Tree::Null => Ok(Tree::Null),
            reference @ Tree::Reference { .. } => Ok(reference.clone()),
            value => to_text(value).map(text),
        },
        "tobool" => match args.get(0)? {
            Tree::Null => Ok(Tree::Null),
            value => to_bool(value).map(Tree::Bool),
        },
        "sensitive" => Err(Stop::Unknown(Reason::Redacted)),
        "toset" | "distinct" => {
            let (items, more) = args.items(0)?;
            distinct(items, more)
        }
        _ => args.take(0).map(|value| value.value),
    }
}

fn distinct(items: Vec<Value>, more: Option<Reason>) -> Made {
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    let mut seen = rustc_hash::FxHashSet::default();
    for item in items {
        let is_new = match &item.value {
            Tree::Text(text) => seen.insert(text.to_string()),
            other => !kept.iter().any(|kept| equal(&kept.value, other) == Ok(true)),
        };
        if is_new {
            kept.push(item);
        }
        if kept.len() > 10_000 {
            return Err(Stop::unresolved("a set of more than 10000 members"));
        }
    }
    Ok(Tree::List(kept, more))
}

fn merge(mut args: Args<'_>) -> Made {
    let mut map: Vec<(Cow<'static, str>, Value)> = Vec::new();
    let mut more = None;
    for at in 0..args.list.len() {
        match args.take(at) {
            Ok(Node { value: Tree::Map(entries, gap), .. }) => {
                if gap.is_some() {
                    // A later map with unknown keys may replace anything before it.
                    map.iter_mut().for_each(|(_, value)| doubt(value, gap.as_ref()));
                }
                more = more.or(gap);
                entries.into_iter().for_each(|(key, value)| put(&mut map, key.into_owned(), value));
            }
            Ok(Node { value: Tree::Null, .. }) => {}
            Err(Stop::Unknown(reason)) => {
                map.iter_mut().for_each(|(_, value)| doubt(value, Some(&reason)));
                more = Some(reason);
            }
            Ok(_) => return Err(args.error()),
            Err(stop) => return Err(stop),
        }
    }
    Ok(Tree::Map(map, more))
}

fn doubt(value: &mut Value, reason: Option<&Reason>) {
    if let Some(reason) = reason {
        value.value = Tree::Unknown(reason.clone());
    }
}

fn flatten(items: Vec<Value>, flat: &mut Vec<Value>, more: &mut Option<Reason>) {
    for item in items {
        match item.value {
            Tree::List(inner, gap) => {
                if more.is_none() {
                    *more = gap;
                }
                flatten(inner, flat, more);
            }
            // An unknown may be a list of any length.
            Tree::Unknown(reason) => *more = Some(reason),
            _ => flat.push(item),
        }
    }
}

fn coalesce(args: Args<'_>) -> Made {
    for at in 0..args.list.len() {
        match args.get(at)? {
            Tree::Null => {}
            Tree::Text(text) if text.is_empty() => {}
            Tree::List(items, None) if items.is_empty() => {}
            value => return Ok(value.clone()),
        }
    }
    Err(args.error())
}

/// `file` and `templatefile`, as far as the file was given; nothing is opened.
fn files<'a>(context: Context<'_, 'a>, args: Args<'_>) -> Made {
    let path = args.text(0)?;
    let world = context.scope.world;
    let inside = super::module::normal(&format!("{}/{path}", world.root));
    let given = Some(inside).filter(|_| !path.starts_with('/')).and_then(|path| world.files.given.get(&path));
    match (args.name, given) {
        ("file", Some(given)) => {
            let content = crate::input::text_of(&given.file.bytes).map_err(|_| args.unresolved())?;
            given.taken_in.set(true);
            Ok(text(content))
        }
        ("templatefile", Some(given)) => {
            let (file, template) = given.template().ok_or_else(|| args.unresolved())?;
            given.taken_in.set(true);
            context.template_file(file, template, args.list.get(1).ok_or_else(|| args.error())?)
        }
        _ => Err(Stop::unresolved(format!("{}({path:?})", args.name))),
    }
}

/// A length or index.
fn count(number: usize) -> Tree<'static> {
    int(i128::try_from(number).unwrap_or(i128::MAX))
}

/// A list of texts.
pub(super) fn list_of(texts: Vec<String>) -> Tree<'static> {
    Tree::List(texts.into_iter().map(|item| Node::new(text(item), 0)).collect(), None)
}

/// Every member as text.
pub(super) fn texts_of(items: &[Value]) -> Result<Vec<String>, Stop> {
    items
        .iter()
        .map(|item| {
            all_known(&item.value)?;
            to_open_text(&item.value)
        })
        .collect()
}
