//! What several answers of RAM say together, when the set is read to its end.

use rustc_hash::FxHashMap;
use xiezhi_model::service::ram::{Attachment, Grant, Group, Role, User};
use xiezhi_model::{Batch, Fact, Head, Link, List, Reason, State, Text};

/// A complete list of attachments says which policies each principal has, and the members of every group say which
/// groups each user is in.
pub(super) fn join(batch: &mut Batch) {
    let gap = batch.gap(Attachment::SCHEMA);
    let attachments: Vec<Attachment> = batch.resources::<Attachment>().into_iter().cloned().collect();
    if gap.is_none() || !attachments.is_empty() {
        let attached = Attached::of(&attachments, gap);
        batch.for_each::<User>(|user| fill(&mut user.policies, attached.grants("user", &user.head)));
        batch.for_each::<Group>(|group| fill(&mut group.policies, attached.grants("group", &group.head)));
        batch.for_each::<Role>(|role| fill(&mut role.policies, attached.grants("role", &role.head)));
    }
    let gap = batch.gap(Group::SCHEMA);
    let groups: Vec<Group> = batch.resources::<Group>().into_iter().cloned().collect();
    if gap.is_none() || !groups.is_empty() {
        let members = Members::of(&groups, gap);
        batch.for_each::<User>(|user| fill(&mut user.groups, members.groups(&user.head)));
    }
}

/// The attachments of each principal.
struct Attached<'a> {
    /// By kind and name of the principal, in the order of the list.
    of: FxHashMap<(&'a str, &'a str), Vec<&'a Attachment>>,
    /// Why there may be more of anybody's.
    more: Option<Reason>,
    first: Option<&'a Attachment>,
}

impl<'a> Attached<'a> {
    fn of(attachments: &'a [Attachment], gap: Option<Reason>) -> Self {
        let mut made = Self { of: FxHashMap::default(), more: gap, first: attachments.first() };
        for attachment in attachments {
            match (attachment.principal_kind.value(), attachment.principal.value()) {
                (Some(kind), Some(name)) => made.of.entry((kind, name)).or_default().push(attachment),
                _ => made.more = Some(Reason::not_understood("a policy attachment without a principal")),
            }
        }
        made
    }

    fn grants(&self, kind: &str, head: &Head) -> Fact<List<Grant>> {
        let own = head.id.value().and_then(|name| self.of.get(&(kind, name.as_str())));
        let items = own.into_iter().flatten().map(|attachment| grant(attachment)).collect();
        let origin = self.first.map_or(&head.origin, |attachment| &attachment.head.origin);
        Fact::known(List { items, more: self.more.clone() }, origin.clone())
    }
}

/// The groups of each member.
struct Members<'a> {
    /// By name of the user: its groups, in the order of the list.
    of: FxHashMap<&'a str, Vec<&'a Text>>,
    /// Groups of which not every member is known, and why: whoever is not named may be one.
    open: Vec<(&'a Text, &'a Reason)>,
    /// Why there may be more groups.
    more: Option<Reason>,
    first: Option<&'a Group>,
}

impl<'a> Members<'a> {
    fn of(groups: &'a [Group], gap: Option<Reason>) -> Self {
        let mut made = Self { of: FxHashMap::default(), open: vec![], more: gap, first: groups.first() };
        for group in groups {
            let Some(name) = group.head.id.value() else { continue };
            match &group.members.state {
                State::Known(members) => {
                    for member in &members.items {
                        let groups = made.of.entry(&member.target).or_default();
                        // An answer may name a member twice.
                        if groups.last() != Some(&name) {
                            groups.push(name);
                        }
                    }
                    made.open.extend(members.more.as_ref().map(|reason| (name, reason)));
                }
                State::Absent => {}
                State::Unknown(reason) => made.open.push((name, reason)),
            }
        }
        made
    }

    fn groups(&self, user: &Head) -> Fact<List<Link<Group>>> {
        let named: &[&Text] = user.id.value().and_then(|id| self.of.get(id.as_str())).map_or(&[], Vec::as_slice);
        let open = self.open.iter().rev().find(|(group, _)| !named.contains(group));
        let more = open.map(|(_, reason)| (*reason).clone()).or_else(|| self.more.clone());
        let items = named.iter().map(|name| Link::id((*name).clone())).collect();
        let origin = self.first.map_or(&user.origin, |group| &group.head.origin);
        Fact::known(List { items, more }, origin.clone())
    }
}

fn fill<T: PartialEq>(fact: &mut Fact<List<T>>, joined: Fact<List<T>>) {
    if fact.reason().is_some_and(Reason::is_silence) {
        *fact = joined;
    }
}

fn grant(attachment: &Attachment) -> Grant {
    let target = attachment.policy.value().map(|link| link.target.clone());
    let system = target.as_ref().is_some_and(|target| target.starts_with("acs:ram:*:system:policy/"));
    let origin = attachment.head.origin.clone();
    let name = attachment
        .policy
        .clone()
        .map(|link| Text::from(link.target.strip_prefix("acs:ram:*:system:policy/").unwrap_or(link.target.as_str())));
    Grant {
        policy: attachment.policy.clone(),
        name,
        kind: Fact::known(Text::from(if system { "system" } else { "custom" }), origin),
        resource_group: attachment.resource_group.clone(),
    }
}
