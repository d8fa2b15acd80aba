//! From answers of calls to resources and listings: one account at a time.
//!
//! Answers of the same call (its pages) are read together, members one by one. A refused call says *what* it would
//! have told, as unknown with the refusal as the reason.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use xiezhi_model::{
    Batch, Fact, Label, List, Listing, ListingScope, Origin, ProblemKind, Reason, Schema, Scope, Source, SourceKind,
    Text,
};

use super::outcome::Outcome;
use super::paging::{self, Page};
use super::parts::Parts;
use super::{Call, calls, none};
use crate::calls::{self as table, ApiCall};
use crate::fields::Fields;
use crate::json::{Entries, JsonError, Raw, walk};
use crate::sink::{Around, Sink};
use crate::tree::{Node, Tree};

/// One answer, or what came instead of it, with everything that surrounds it.
#[derive(Debug, Clone)]
pub struct Taken<'a> {
    /// The file as it was given.
    pub file: &'a str,
    /// The line on which the answer starts.
    pub line: u32,
    /// The product code, lower case.
    pub product: String,
    /// The operation.
    pub action: String,
    /// The region asked.
    pub region: Option<Text>,
    /// The parameters of the request, as far as the evidence keeps them; the subject of a file name has an empty name.
    pub params: Vec<(Text, Text)>,
    /// The provider's request id.
    pub request_id: Option<Text>,
    /// When the answer was taken.
    pub time: Option<Text>,
    /// The number of the page, by the file's name or by the order in one file.
    pub page: Option<u32>,
    /// What came.
    pub outcome: Outcome<'a>,
    /// How strong the evidence is.
    pub label: Label,
}

impl Taken<'_> {
    pub(super) fn origin(&self) -> Origin {
        let mut source = Source::new(SourceKind::Api, self.file);
        source.call = Some(Box::new(xiezhi_model::Call {
            name: self.call().into(),
            region: self.region.clone(),
            request_id: self.request_id.clone(),
            time: self.time.clone(),
        }));
        Origin::new(Arc::new(source), self.line, self.label)
    }

    fn call(&self) -> String {
        format!("{}:{}", self.product, self.action)
    }
}

/// Parameters of a request that page or format an answer and so do not narrow it.
const NEUTRAL: &[&str] = &[
    "RegionId",
    "PageNumber",
    "PageSize",
    "CurrentPage",
    "PageNo",
    "Page",
    "Size",
    "ShowSize",
    "NextToken",
    "MaxResults",
    "Marker",
    "MaxItems",
    "max-keys",
    "offset",
    "Lang",
    "SourceIp",
    "Format",
    "IncludeShadowTrails",
    "AllUsers",
    "MaxKeys",
    "ClientToken",
];

fn is_neutral(name: &str) -> bool {
    NEUTRAL.iter().any(|neutral| neutral.eq_ignore_ascii_case(name))
}

/// Which answers are pages of one call.
type Key<'a> = (String, String, Option<Text>, Vec<(Text, Text)>, &'a str);

/// Reads the answers that belong to one account into a batch.
pub fn read_answers(batch: &mut Batch, account: &Fact<Text>, answers: Vec<Taken<'_>>) {
    let mut groups: BTreeMap<Key<'_>, Vec<Taken<'_>>> = BTreeMap::new();
    for taken in answers {
        let mut narrow: Vec<(Text, Text)> =
            taken.params.iter().filter(|(name, _)| !is_neutral(name)).cloned().collect();
        narrow.sort();
        // Without a region, two folders are two questions.
        let regional = table::find(&taken.product, &taken.action).is_none_or(ApiCall::is_regional);
        let folder = match taken.file.rsplit_once('/') {
            Some((folder, _)) if regional && taken.region.is_none() => folder,
            _ => "",
        };
        let key = (taken.product.clone(), taken.action.to_ascii_lowercase(), taken.region.clone(), narrow, folder);
        groups.entry(key).or_default().push(taken);
    }
    // Listings first: a resource stands where it is listed, whatever else speaks of it.
    let lists = |(product, action, ..): &Key<'_>| calls(product, action).any(|call| call.lists.is_some());
    let (first, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(key, _)| lists(key));
    let mut parts = Parts::default();
    for ((product, action, _, narrow, _), mut pages) in first.into_iter().chain(rest) {
        pages.sort_by(|a, b| (a.page, a.file, a.line).cmp(&(b.page, b.file, b.line)));
        if (product.as_str(), action.as_str()) == ("ecs", "describeregions") {
            regions_of(batch, &pages);
        }
        let group = Group { account, api: table::find(&product, &action), narrowed: !narrow.is_empty(), pages: &pages };
        for call in calls(&product, &action) {
            group.read(batch, call, &mut parts);
        }
    }
    parts.list(batch, account);
}

/// The answers of one call: its pages, in order.
struct Group<'g, 'a> {
    account: &'g Fact<Text>,
    api: Option<&'static ApiCall>,
    /// Whether the request narrowed the answer: then it is no listing of everything.
    narrowed: bool,
    pages: &'g [Taken<'a>],
}

impl<'a> Group<'_, 'a> {
    fn read(&self, batch: &mut Batch, call: &Call, parts: &mut Parts) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut pages: Vec<Page> = vec![];
        let mut gap: Option<Reason> = None;
        let mut member_regions: BTreeSet<Text> = BTreeSet::new();
        let mut whole: Vec<(&Taken<'a>, Page, Node<'a>)> = vec![];
        for taken in self.pages {
            let raw = match &taken.outcome {
                Outcome::Answer(raw) => *raw,
                Outcome::Failed(code, _) if none::means_none(call, code) => {
                    self.say_none(batch, call, taken, code);
                    continue;
                }
                outcome => {
                    if let Some(reason) = outcome.reason(&taken.product, &taken.action) {
                        self.say_unknown(batch, call, taken, &reason);
                        gap = gap.or(Some(reason));
                    }
                    continue;
                }
            };
            // The same answer twice (a copy of a file) says nothing more.
            if !seen.insert(raw.text) {
                continue;
            }
            let entries = raw.entries();
            let mut page = Page { place: taken.page, token: token_of(&taken.params), ..Page::of(&entries) };
            if call.list.is_empty() {
                let (node, errors, broken) = object(raw, &entries);
                report(batch, taken, errors);
                gap = gap.or(broken);
                // What came on a page of an object answer is counted at the list that the table names.
                page.got = self.api.map_or(0, |api| count_at(&node, &api.list));
                whole.push((taken, page.clone(), node));
            } else {
                let (got, broken) = self.read_members(batch, call, taken, raw, &mut member_regions);
                page.got = got;
                gap = gap.or(broken);
            }
            pages.push(page);
        }
        if !pages.is_empty() && gap.is_none() {
            gap = self.missing(batch, call, &pages);
        }
        self.read_whole(batch, call, whole, gap.as_ref());
        match (call.lists, self.pages.first()) {
            // The log stores of one project are not the listing of log stores.
            (Some(schema), Some(first)) if self.api.is_some_and(ApiCall::is_detail) => {
                parts.add(schema, first, gap);
            }
            (Some(schema), _) => self.list(batch, schema, gap, member_regions),
            (None, _) => {}
        }
    }

    /// Why the pages are not everything; also reported, because it names the file to look at.
    fn missing(&self, batch: &mut Batch, call: &Call, pages: &[Page]) -> Option<Reason> {
        let paged = !call.list.is_empty() || self.api.is_some_and(|api| api.paging != table::Paging::None);
        let said = pages.iter().any(|page| page.got > 0 || page.total.is_some() || page.next.is_some());
        if !paged || !(said || call.lists.is_some()) {
            return None;
        }
        let what = paging::missing(self.api, pages)?;
        let first = self.pages.first()?;
        batch.problem(first.file, first.line, ProblemKind::Truncated, format!("{}: {what}", first.call()));
        Some(Reason::unreadable(format!("{}: {what}", first.call())))
    }

    fn around(&self, taken: &Taken<'_>, origin: &Origin) -> Around {
        let scope = self.api.map(|api| api.scope.as_str());
        let mut around = Around::nothing(origin.clone());
        around.account = self.account.clone();
        around.region = match (&taken.region, scope) {
            (_, Some("global" | "account")) => Fact::known("global".into(), origin.clone()),
            (Some(region), _) => Fact::known(region.clone(), origin.clone()),
            (None, _) => Fact::unknown(Reason::NotInEvidence, origin.clone()),
        };
        around.params = taken.params.clone();
        around
    }

    fn read_members(
        &self,
        batch: &mut Batch,
        call: &Call,
        taken: &Taken<'a>,
        raw: Raw<'a>,
        regions: &mut BTreeSet<Text>,
    ) -> (usize, Option<Reason>) {
        let origin = taken.origin();
        let around = self.around(taken, &origin);
        let look = call.lists.is_some_and(|schema| schema.scope == Scope::Regional) && taken.region.is_none();
        let mut got = 0_usize;
        let mut twice = vec![];
        let (found, error) = {
            let mut sink = Sink { batch: &mut *batch, around };
            let mut each = |node: Node<'a>| {
                got = got.saturating_add(1);
                if look {
                    regions.insert(plain(&node, "RegionId"));
                }
                (call.read)(&Fields::new(&node, &origin, ""), &mut sink);
            };
            walk(raw, call.list, &mut each, &mut twice)
        };
        report(batch, taken, twice);
        if let Some(error) = error {
            let reason = error.reason();
            report(batch, taken, vec![error]);
            return (got, Some(reason));
        }
        if !found && !holds_nothing(raw, call.list) {
            let what = format!("{} has no `{}`", taken.call(), call.list);
            batch.problem(taken.file, taken.line, ProblemKind::Unexpected, what.clone());
            return (got, Some(Reason::unreadable(what)));
        }
        (got, None)
    }

    /// Reads answers that are objects: pages of one answer as one, anything else one by one.
    fn read_whole(
        &self,
        batch: &mut Batch,
        call: &Call,
        whole: Vec<(&Taken<'a>, Page, Node<'a>)>,
        gap: Option<&Reason>,
    ) {
        let mut joined: Vec<(&Taken<'a>, Page, Node<'a>)> = vec![];
        for (taken, page, node) in whole {
            match joined.last_mut() {
                Some((_, before, into)) if before.differs(&page) => {
                    *before = page;
                    join(into, node);
                }
                _ => joined.push((taken, page, node)),
            }
        }
        for (taken, _, mut node) in joined {
            if let Some(reason) = gap {
                open_lists(&mut node, reason, 3);
            }
            let origin = taken.origin();
            let around = self.around(taken, &origin);
            (call.read)(&Fields::new(&node, &origin, ""), &mut Sink { batch, around });
        }
    }

    /// The provider says that there is none: the adapter is given an answer that holds only the `Code`.
    fn say_none(&self, batch: &mut Batch, call: &Call, taken: &Taken<'_>, code: &str) {
        let code = Node::new(Tree::Text(Cow::Borrowed(code)), taken.line);
        let node = Node::new(Tree::Map(vec![(Cow::Borrowed("Code"), code)], None), taken.line);
        let origin = taken.origin();
        let around = self.around(taken, &origin);
        (call.read)(&Fields::new(&node, &origin, ""), &mut Sink { batch, around });
    }

    /// Nothing is known from this call: whatever it would have told is unknown for that reason.
    fn say_unknown(&self, batch: &mut Batch, call: &Call, taken: &Taken<'_>, reason: &Reason) {
        let mut part = Batch::new();
        let origin = taken.origin();
        let node = Node::new(Tree::Unknown(reason.clone()), taken.line);
        let around = self.around(taken, &origin);
        (call.read)(&Fields::new(&node, &origin, ""), &mut Sink { batch: &mut part, around });
        batch.absorb(part.doubtful(reason));
    }

    fn list(&self, batch: &mut Batch, schema: &'static Schema, gap: Option<Reason>, member_regions: BTreeSet<Text>) {
        let Some(first) = self.pages.first() else { return };
        let mut gap = gap;
        if self.narrowed {
            gap = gap.or_else(|| Some(Reason::unreadable(format!("{} was asked with a filter", first.call()))));
        }
        let region = if schema.scope == Scope::Regional { self.region(&mut gap, member_regions) } else { None };
        let scope = ListingScope::Account { account: self.account.value().cloned(), region };
        batch.listing(Listing { kind: schema.kind, scope, gap, about: None, origin: first.origin() });
    }

    /// The region of a listing: asked, or the only one that its members name.
    fn region(&self, gap: &mut Option<Reason>, member_regions: BTreeSet<Text>) -> Option<Text> {
        if let Some(region) = self.pages.iter().find_map(|taken| taken.region.clone()) {
            return Some(region);
        }
        let mut named = member_regions.into_iter();
        match (named.next(), named.next()) {
            (Some(only), None) if !only.is_empty() => Some(only),
            _ => {
                // One call may list every region (container clusters).
                if self.api.is_none_or(ApiCall::is_regional) {
                    gap.get_or_insert_with(|| Reason::NotAsked("the answer does not name its region".into()));
                }
                None
            }
        }
    }
}

/// The regions of the account: `ecs:DescribeRegions` lists every region that the account may use.
fn regions_of(batch: &mut Batch, pages: &[Taken<'_>]) {
    for taken in pages {
        let Outcome::Answer(raw) = &taken.outcome else { continue };
        let mut ids: Vec<Text> = vec![];
        let (found, error) = walk(*raw, "Regions.Region", &mut |node| ids.push(plain(&node, "RegionId")), &mut vec![]);
        ids.retain(|id| !id.is_empty());
        if found && !ids.is_empty() {
            ids.sort();
            ids.dedup();
            let list = List { items: ids, more: error.map(|error| error.reason()) };
            batch.regions = Some(Fact::known(list, taken.origin()));
        }
    }
}

fn plain(node: &Node<'_>, key: &str) -> Text {
    match node.key(key).map(|node| &node.value) {
        Some(Tree::Text(text) | Tree::Number(text)) if !crate::fields::is_masked(text) => Text::from(text.as_ref()),
        _ => Text::default(),
    }
}

fn token_of(params: &[(Text, Text)]) -> Option<String> {
    let token = params.iter().find(|(name, _)| name.eq_ignore_ascii_case("NextToken"));
    token.map(|(_, value)| value.to_string()).filter(|value| !value.is_empty())
}

fn report(batch: &mut Batch, taken: &Taken<'_>, errors: Vec<JsonError>) {
    for error in errors {
        batch.problem(taken.file, error.line, error.kind, error.detail);
    }
}

/// An answer as one tree. Where the text breaks, the keys before it are kept and every other key may be missing.
fn object<'a>(raw: Raw<'a>, entries: &Entries<'a>) -> (Node<'a>, Vec<JsonError>, Option<Reason>) {
    let mut cursor = raw.cursor();
    match cursor.value() {
        Ok(node) => (node, cursor.twice, None),
        Err(error) => {
            let kept: Vec<(Cow<'a, str>, Node<'a>)> =
                entries.list.iter().filter_map(|(key, raw)| Some((key.clone(), raw.node().ok()?))).collect();
            let reason = error.reason();
            (Node::new(Tree::Map(kept, Some(reason.clone())), raw.line), vec![error], Some(reason))
        }
    }
}

/// Whether the answer holds nothing where the list should be: XML turned into JSON writes an empty list as an empty
/// object or text, and some calls leave the key out beside a total of zero.
fn holds_nothing(raw: Raw<'_>, path: &str) -> bool {
    let entries = raw.entries();
    if Page::of(&entries).total == Some(0) {
        return true;
    }
    let mut here = entries;
    for step in path.split('.') {
        let Some(next) = here.get(step) else { return false };
        if matches!(next.text.trim(), "null" | "\"\"" | "[]") {
            return true;
        }
        let inner = next.entries();
        if next.first() == Some(b'{') && inner.list.is_empty() {
            return true;
        }
        here = inner;
    }
    false
}

/// How many members the list at a path has; 0 when the path is not one.
fn count_at(node: &Node<'_>, path: &str) -> usize {
    let mut here = node;
    for step in path.split('.') {
        match here.key(step) {
            Some(next) => here = next,
            None => return 0,
        }
    }
    match &here.value {
        Tree::List(items, _) => items.len(),
        Tree::Map(..) => 1,
        _ => 0,
    }
}

/// Joins a further page into the answer: lists grow, everything else stays as the first page says.
fn join<'a>(into: &mut Node<'a>, page: Node<'a>) {
    match (&mut into.value, page.value) {
        (Tree::Map(mine, mine_more), Tree::Map(theirs, theirs_more)) => {
            for (key, node) in theirs {
                match mine.iter_mut().find(|(name, _)| *name == key) {
                    Some((_, own)) => join(own, node),
                    None => mine.push((key, node)),
                }
            }
            *mine_more = mine_more.take().or(theirs_more);
        }
        (Tree::List(mine, mine_more), Tree::List(theirs, theirs_more)) => {
            mine.extend(theirs);
            *mine_more = mine_more.take().or(theirs_more);
        }
        _ => {}
    }
}

/// Marks the lists near the top of an answer as perhaps having more members.
fn open_lists(node: &mut Node<'_>, reason: &Reason, levels: u32) {
    match &mut node.value {
        Tree::List(_, more) => {
            more.get_or_insert_with(|| reason.clone());
        }
        Tree::Map(entries, _) => {
            if let Some(levels) = levels.checked_sub(1) {
                entries.iter_mut().for_each(|(_, node)| open_lists(node, reason, levels));
            }
        }
        _ => {}
    }
}
