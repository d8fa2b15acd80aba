//! Places in a document, and small changes of what stands there. Text in, text out: what is kept keeps its lines.

use crate::fields::is_masked;
use crate::json::Raw;

/// One step of a path: a key, and which members of the list under it are meant.
struct Step<'p> {
    key: &'p str,
    /// Lists to go into, each with the key and the start of the members that are left out.
    lists: Vec<Option<(&'p str, &'p str)>>,
}

/// The steps of a path such as `Listeners[].Listener` or `Policies[Source!Group:].Policy`.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split('.').filter(|step| !step.is_empty()).map(|step| {
        let (key, lists) = step.split_once('[').unwrap_or((step, ""));
        let lists = lists.split('[').filter(|list| !list.is_empty());
        Step { key, lists: lists.map(|list| list.trim_end_matches(']').split_once('!')).collect() }
    })
}

/// Where a walk along a path came to.
struct Walk<'a> {
    found: Vec<Raw<'a>>,
    /// How many places there would be, did every member of the lists have the keys behind it.
    wanted: usize,
}

fn walk<'a>(whole: Raw<'a>, path: &str) -> Walk<'a> {
    let mut walk = Walk { found: vec![whole], wanted: 1 };
    for step in steps(path) {
        walk.found = walk.found.iter().filter_map(|raw| raw.entries().get(step.key)).collect();
        for left_out in step.lists {
            let before = walk.found.len();
            walk.found = walk.found.iter().flat_map(|raw| raw.members().0).collect();
            if let Some((key, start)) = left_out {
                walk.found.retain(|raw| !raw.entries().plain(key).is_some_and(|text| text.starts_with(start)));
            }
            let lost = walk.wanted.saturating_sub(before);
            walk.wanted = walk.found.len().saturating_add(lost);
        }
    }
    walk
}

/// What stands at the path, in every member of the lists on its way.
pub(super) fn places<'a>(whole: Raw<'a>, path: &str) -> Vec<Raw<'a>> {
    walk(whole, path).found
}

/// How many places the path has, those included at which nothing stands.
pub(super) fn wanted(whole: Raw<'_>, path: &str) -> usize {
    walk(whole, path).wanted
}

/// The text or number under a key, when it names something.
pub(super) fn plain(raw: Raw<'_>, key: &str) -> Option<String> {
    let entries = raw.entries();
    let text = entries.plain(key)?;
    (!text.is_empty() && !is_masked(&text)).then(|| text.into_owned())
}

/// Whether a value says nothing: `null`, an empty text, or a structure of which nothing was filled in. That a structure
/// is none that came with an answer shows where the key that names its asset is an empty text.
pub(super) fn is_void(raw: Raw<'_>, owner: &str) -> bool {
    let empty = |text: &str| matches!(text, "null" | "\"\"" | "0" | "false" | "[]" | "{}");
    fn unfilled(raw: Raw<'_>, empty: &dyn Fn(&str) -> bool) -> bool {
        let inner = || raw.entries().list;
        empty(raw.text.trim()) || (raw.first() == Some(b'{') && inner().iter().all(|(_, raw)| unfilled(*raw, empty)))
    }
    if matches!(raw.text.trim(), "null" | "\"\"") {
        return true;
    }
    if raw.first() != Some(b'{') {
        return false;
    }
    let entries = raw.entries();
    let nulls = !entries.list.is_empty() && entries.list.iter().all(|(_, raw)| raw.text.trim() == "null");
    let nameless = entries.get(owner).is_some_and(|raw| raw.text.trim() == "\"\"");
    nulls || (nameless && unfilled(raw, &empty))
}

/// The value, or each member of it when it is a list, with the key set where it names nothing.
pub(super) fn set(value: &str, key: &str, json: &str) -> String {
    let raw = Raw::whole(value);
    match raw.first() {
        Some(b'{') => set_one(raw, key, json),
        Some(b'[') => {
            let members: Vec<Raw<'_>> = raw.members().0;
            if members.iter().all(|member| member.first() != Some(b'{') || plain(*member, key).is_some()) {
                return value.to_owned();
            }
            let members: Vec<String> = members
                .into_iter()
                .map(|member| match member.first() {
                    Some(b'{') => set_one(member, key, json),
                    _ => member.text.to_owned(),
                })
                .collect();
            format!("[{}]", members.join(","))
        }
        _ => value.to_owned(),
    }
}

fn set_one(raw: Raw<'_>, key: &str, json: &str) -> String {
    if plain(raw, key).is_some() {
        return raw.text.to_owned();
    }
    match raw.entries().get(key) {
        Some(old) => {
            let start = (old.text.as_ptr() as usize).wrapping_sub(raw.text.as_ptr() as usize);
            let end = start.saturating_add(old.text.len());
            match (raw.text.get(..start), raw.text.get(end..)) {
                (Some(before), Some(after)) => format!("{before}{json}{after}"),
                _ => raw.text.to_owned(),
            }
        }
        None => {
            let rest = raw.text.trim_start().strip_prefix('{').unwrap_or_default();
            let comma = if raw.entries().list.is_empty() { "" } else { "," };
            format!(r#"{{"{key}":{json}{comma}{rest}"#)
        }
    }
}

/// A list of objects with keys named otherwise.
pub(super) fn renamed(value: &str, names: &[(&str, &str)]) -> String {
    let rename = |raw: &Raw<'_>| {
        let entries = raw.entries().list;
        let entry = |(key, raw): &(std::borrow::Cow<'_, str>, Raw<'_>)| {
            let name = names.iter().find(|(from, _)| from == key).map_or(key.as_ref(), |(_, to)| to);
            format!("{}:{}", serde_json::Value::from(name), raw.text)
        };
        format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
    };
    let members = Raw::whole(value).members().0;
    format!("[{}]", members.iter().map(rename).collect::<Vec<_>>().join(","))
}
