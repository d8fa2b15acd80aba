//! The action catalogue: which actions exist, and at which access level. Sources stand in `data/README.md`.
//!
//! An action that is not here is not dropped from any question: the engine keeps unknown names as atoms of their own, and answers that
//! rest on unknown names only are marked so.

use crate::glob::Glob;
use serde::Serialize;
use std::io::Read;
use std::sync::OnceLock;

/// What an action does, as far as a reader needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Lists names.
    List,
    /// Reads.
    Read,
    /// Not known.
    Unknown,
    /// Creates, changes or deletes.
    Write,
    /// Changes who may do what (our class, not Alibaba's).
    Permissions,
}

/// One action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Action {
    /// `code:Name` as documented.
    pub name: &'static str,
    /// Access level.
    pub level: Level,
    /// Whether its answer holds a credential.
    pub returns_credential: bool,
    /// Whether it is checked against `*` only (R-1.21), where that is known.
    pub without_resource: bool,
    /// Whether it was seen only in published sample policies: weak evidence that it exists.
    pub weak_evidence: bool,
}

struct Table {
    actions: Vec<Action>,
    /// Names in lower case, in the same order.
    folded: Vec<String>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut text = String::new();
        let packed: &[u8] = include_bytes!("../data/actions.bin");
        // The bytes are part of the program; a broken build yields an empty catalogue, which a test would notice.
        let _read = flate2::read::ZlibDecoder::new(packed).read_to_string(&mut text);
        let text: &'static str = Box::leak(text.into_boxed_str());
        let actions: Vec<Action> = text.lines().filter_map(line).collect();
        let folded = actions.iter().map(|a| a.name.to_ascii_lowercase()).collect();
        Table { actions, folded }
    })
}

fn line(line: &'static str) -> Option<Action> {
    let (name, marks) = line.split_once('\t')?;
    Some(Action {
        name,
        level: match marks.chars().next()? {
            'r' => Level::Read,
            'l' => Level::List,
            'w' => Level::Write,
            'p' => Level::Permissions,
            _ => Level::Unknown,
        },
        returns_credential: marks.contains('c'),
        without_resource: marks.contains('n'),
        weak_evidence: marks.contains('s'),
    })
}

/// All actions, ordered by name without case.
#[must_use]
pub fn actions() -> &'static [Action] {
    &table().actions
}

/// The action of this name, without case.
///
/// ```
/// use xiezhi_policy::catalogue::{Level, find};
/// assert_eq!(find("ram:attachpolicytouser").unwrap().level, Level::Permissions);
/// assert!(find("ram:NoSuchAction").is_none());
/// ```
#[must_use]
pub fn find(name: &str) -> Option<&'static Action> {
    let wanted = name.to_ascii_lowercase();
    let table = table();
    let at = table.folded.binary_search(&wanted).ok()?;
    table.actions.get(at)
}

/// The actions that a pattern matches, in order. Only the range of its literal head is walked.
pub fn matching(pattern: &Glob) -> impl Iterator<Item = &'static Action> + '_ {
    let table = table();
    positions(pattern).filter_map(|at| table.actions.get(at))
}

/// The places in [`actions`] that a pattern matches, ascending.
pub fn positions(pattern: &Glob) -> impl Iterator<Item = usize> + '_ {
    let table = table();
    let head: String = pattern.folded().chars().take_while(|c| !matches!(c, '*' | '?')).collect();
    let from = table.folded.partition_point(|name| name.as_str() < head.as_str());
    table
        .folded
        .iter()
        .enumerate()
        .skip(from)
        .take_while(move |(_, name)| name.starts_with(&head))
        .filter(|(_, name)| pattern.matches_folded(name))
        .map(|(at, _)| at)
}

/// Whether the catalogue knows a RAM code.
#[must_use]
pub fn knows_code(code: &str) -> bool {
    let head = format!("{}:", code.to_ascii_lowercase());
    let table = table();
    let from = table.folded.partition_point(|name| name.as_str() < head.as_str());
    table.folded.get(from).is_some_and(|name| name.starts_with(&head))
}

/// The RAM codes of the catalogue, in lower case and in order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let mut last = None;
    table().folded.iter().filter_map(|name| name.split_once(':').map(|(code, _)| code)).filter(move |code| {
        let is_new = last != Some(*code);
        last = Some(*code);
        is_new
    })
}

/// RAM codes under which the same operations are listed by different official sources. Which code the service checks is not settled,
/// so a policy that grants either spelling is read as granting both, and the verdict names it.
///
/// Sources: API metadata `ims/2019-08-15` (codes `ram, ims`); authorization pages against metadata for CEN and Anti-DDoS.
const TWINS: &[(&str, &str)] =
    &[("ram", "ims"), ("cen", "cbn"), ("yundun-ddos", "antiddos-public"), ("yundun-antiddosbag", "ddosbgp")];

/// The other spelling of an action whose service has two codes.
///
/// ```
/// use xiezhi_policy::catalogue::twin;
/// assert_eq!(twin("ram:CreateAccessKey").as_deref(), Some("ims:CreateAccessKey"));
/// assert_eq!(twin("ram:AttachPolicyToUser"), None, "not an operation of IMS");
/// ```
#[must_use]
pub fn twin(action: &str) -> Option<String> {
    let (code, name) = action.split_once(':')?;
    let other = TWINS.iter().find_map(|(a, b)| {
        if code.eq_ignore_ascii_case(a) {
            Some(*b)
        } else if code.eq_ignore_ascii_case(b) {
            Some(*a)
        } else {
            None
        }
    })?;
    let other = format!("{other}:{name}");
    // Between ram and ims only operations that the catalogue has on the ims side have two spellings.
    let ims = if code.eq_ignore_ascii_case("ram") { Some(other.as_str()) } else { None };
    match ims {
        Some(name) => find(name).map(|_| other.clone()),
        None if code.eq_ignore_ascii_case("ims") => find(action).map(|_| other.clone()),
        None => Some(other),
    }
}

/// The other spellings of an action, or of every action that a pattern of one service covers.
///
/// ```
/// use xiezhi_policy::catalogue::twins;
/// assert_eq!(twins("ram:CreateAccessKey"), ["ims:CreateAccessKey"]);
/// assert!(twins("ram:Create*").contains(&"ims:CreateUser".to_owned()));
/// assert!(twins("oss:*").is_empty() && twins("*").is_empty());
/// ```
#[must_use]
pub fn twins(action: &str) -> Vec<String> {
    if !action.contains(['*', '?']) {
        return twin(action).into_iter().collect();
    }
    let folded = action.to_ascii_lowercase();
    let two_codes = |code: &str| TWINS.iter().any(|(a, b)| *a == code || *b == code);
    if !folded.split_once(':').is_some_and(|(code, _)| two_codes(code)) {
        return Vec::new();
    }
    let pattern = Glob::new(&folded);
    let covered = actions().iter().filter(|action| pattern.matches(&action.name.to_ascii_lowercase()));
    covered.filter_map(|action| twin(action.name)).collect()
}

/// An action of the catalogue close to a name that is not in it: same code, smallest edit distance, at most three edits.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    let folded = name.to_ascii_lowercase();
    let (code, _) = folded.split_once(':')?;
    let head = format!("{code}:");
    let table = table();
    let from = table.folded.partition_point(|name| name.as_str() < head.as_str());
    table
        .folded
        .iter()
        .zip(&table.actions)
        .skip(from)
        .take_while(|(name, _)| name.starts_with(&head))
        .map(|(name, action)| (edits(&folded, name), action.name))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, name)| name)
}

fn edits(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (cb, up) in b.iter().zip(row.iter().skip(1)) {
            let cost = diagonal.saturating_add(usize::from(ca != *cb));
            let best = cost.min(left.saturating_add(1)).min(up.saturating_add(1));
            next.push(best);
            diagonal = *up;
            left = best;
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_holds_every_action_in_order() {
        assert_eq!(actions().len(), 26_931);
        assert!(table().folded.is_sorted());
        assert_eq!(actions().iter().filter(|a| a.returns_credential).count(), 32);
        assert_eq!(actions().iter().filter(|a| a.level == Level::Permissions).count(), 297);
    }

    #[test]
    fn a_pattern_finds_its_actions_and_a_misspelling_its_neighbour() {
        assert!(matching(&Glob::new("ecs:Describe*")).all(|a| a.name.starts_with("ecs:Describe")));
        assert!(matching(&Glob::new("ecs:Describe*")).count() > 50);
        assert_eq!(matching(&Glob::new("*")).count(), 26_931);
        assert_eq!(nearest("ecs:RunInstance"), Some("ecs:RunInstances"));
        assert_eq!(nearest("ecs:Frobnicate"), None);
        assert!(knows_code("ECS") && !knows_code("ec"));
    }
}
