//! The control policies over an account, level by level. Source: RAM semantics R-2.8 (whom they bind), R-2.9 (each level
//! from the account up to the root must allow).
//!
//! Evidence that has no word of a resource directory is read as an account over which no control policy stands. That is
//! the documented default (an account is in no directory, and a directory has the feature off or `FullAliyunAccess`
//! everywhere until somebody changes it: R-2.9), so what is concluded from it is at best `documentation-based`, as every
//! provider default is, and names it: a right that a principal has, never one that it lacks, since control policies only
//! take away. "Inference" is for readings that documentation leaves open.

use xiezhi_model::service::resourcedirectory::{ControlPolicy, Directory, Member};
use xiezhi_model::{Inventory, Listing, ListingScope, Reason, State, Text};
use xiezhi_policy::decide::Gap;
use xiezhi_policy::estate::{self, Control};
use xiezhi_policy::{Policy, PolicyKind};

use super::estate::{gap_of, gaps, is_of};

/// The policy that the service attaches everywhere by default. Source: help.aliyun.com, Resource Directory, control
/// policies, "FullAliyunAccess".
const DEFAULT: (&str, &str) =
    ("FullAliyunAccess", r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#);

/// The control policies over the account, and why they are not known as a whole.
pub(super) fn over(inventory: &Inventory, account: Option<&Text>) -> (Control, Option<Reason>) {
    let directory = inventory.all::<Directory>().iter().find(|directory| is_of(inventory, &directory.head, account));
    let open = |what: &str, reason: &Reason| {
        (Control::Levels(vec![estate::Listing::partial(vec![], gap_of(what, reason))]), Some(reason.clone()))
    };
    let Some(directory) = directory else {
        // Members or control policies are word of a directory whose own record was not collected.
        let ours = |head| is_of(inventory, head, account);
        let heard = inventory.all::<Member>().iter().any(|one| one.head.id.value() == account || ours(&one.head))
            || inventory.all::<ControlPolicy>().iter().any(|one| ours(&one.head));
        return if heard { open("the resource directory", &Reason::NotCollected) } else { (Control::None, None) };
    };
    match &directory.control_policies.state {
        State::Known(true) => {}
        State::Known(false) | State::Absent => return (Control::None, None),
        State::Unknown(reason) => return open("control policies", reason),
    }
    // The management account escapes them.
    match (&directory.master.state, account) {
        (State::Known(master), Some(account)) if master == account => return (Control::None, None),
        (State::Known(_), Some(_)) => {}
        (State::Unknown(reason), _) => return open("the management account", reason),
        _ => return open("the account's own id", &Reason::NotInEvidence),
    }
    let member = inventory.all::<Member>().iter().find(|member| member.head.id.value() == account);
    let path = match member.map(|member| &member.path.state) {
        Some(State::Known(path)) => path.clone(),
        Some(State::Unknown(reason)) => return open("the account's place in the directory", reason),
        _ => return open("the account's place in the directory", &Reason::NotCollected),
    };
    let mut places: Vec<&str> = path.split('/').filter(|id| !id.is_empty() && !id.starts_with("rd-")).collect();
    let own = account.map_or("", Text::as_str);
    if places.last() != Some(&own) {
        places.push(own);
    }
    let levels: Vec<estate::Listing<Policy>> = places.iter().rev().map(|id| level(inventory, id)).collect();
    let missing = levels.iter().any(|level| !level.gaps.is_empty());
    let reason = missing.then(|| unread(inventory).unwrap_or(Reason::NotCollected));
    (Control::Levels(levels), reason)
}

/// Whether the evidence has no word of a resource directory: nobody asked the account for it, or the call failed. A
/// configuration or template without one says nothing: an account is put into a directory from outside of it.
pub(crate) fn silent(inventory: &Inventory, control: &Control) -> bool {
    let asked = |listing: &&Listing| listing.kind == Directory::SCHEMA.kind && listing.gap.is_none();
    let by_account = |listing: &Listing| matches!(listing.scope, ListingScope::Account { .. });
    let heard = !inventory.all::<Directory>().is_empty() || inventory.listings().iter().filter(asked).any(by_account);
    !heard && *control == Control::None
}

/// Why some control policy is not known.
fn unread(inventory: &Inventory) -> Option<Reason> {
    let policies = inventory.all::<ControlPolicy>();
    let of_policy = policies.iter().find_map(|policy| policy.targets.reason().or_else(|| policy.document.reason()));
    of_policy.cloned().or_else(|| inventory.gaps(ControlPolicy::SCHEMA).first().map(|gap| gap.reason.clone()))
}

fn level(inventory: &Inventory, id: &str) -> estate::Listing<Policy> {
    let mut level = estate::Listing { items: Vec::new(), gaps: gaps::<ControlPolicy>(inventory) };
    for policy in inventory.all::<ControlPolicy>() {
        let name = policy.head.name.value().or_else(|| policy.head.id.value()).map_or("control policy", Text::as_str);
        let attached = match &policy.targets.state {
            State::Known(list) => {
                if let Some(reason) = &list.more {
                    level.gaps.push(gap_of(&format!("targets of {name}"), reason));
                }
                list.items.iter().any(|target| target == id)
            }
            State::Absent => false,
            State::Unknown(reason) => {
                level.gaps.push(gap_of(&format!("targets of {name}"), reason));
                false
            }
        };
        if !attached {
            continue;
        }
        match &policy.document.state {
            State::Known(text) => level.items.push(Policy::parse(name, PolicyKind::Control, text)),
            _ if name == DEFAULT.0 => level.items.push(Policy::parse(name, PolicyKind::Control, DEFAULT.1)),
            State::Absent => {}
            State::Unknown(reason) => level.gaps.push(gap_of(&format!("text of {name}"), reason)),
        }
    }
    if level.items.is_empty() && level.gaps.is_empty() {
        // Every folder and account has at least the default policy: a level without any was not read.
        level.gaps.push(Gap::new(&format!("control policies of {id}"), "not among the collected"));
    }
    level
}

/// The accounts of the same directory.
pub(super) fn organisation(inventory: &Inventory) -> Vec<String> {
    let mut ids: Vec<String> =
        inventory.all::<Member>().iter().filter_map(|member| member.head.id.value()).map(ToString::to_string).collect();
    ids.extend(inventory.all::<Directory>().iter().filter_map(|one| one.master.value()).map(ToString::to_string));
    ids.sort();
    ids.dedup();
    ids
}
