//! Whether the role under which a trail delivers can write: it is there, lets ActionTrail in, and its policies allow the
//! write (network semantics §12.1(6)). What the role needs is in AliyunActionTrailDeliveryPolicy (ActionTrail help, "Manage
//! the permission policy for event delivery"): `oss:PutObject`, and `log:PostLogStoreLogs` on Logstores `actiontrail_*`.

use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::ram::Role;
use xiezhi_model::{Fact, Inventory, Link, Reason, Resource, State, Text};
use xiezhi_policy::ask::{self, Options, Target, Truth};
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::{Caller, Layers, PolicySet};

use super::Holds;
use super::trail::all;
use crate::analyse::evidence;
use crate::analyse::ram::{estate, undecided};

/// The role that a trail has when none is named: ActionTrail makes it for itself, and nobody can change it. Source:
/// ActionTrail help, "Service-linked role for ActionTrail".
const OWN: &str = "AliyunServiceRoleForActionTrail";

/// Who assumes the role.
const SERVICE: &str = "actiontrail.aliyuncs.com";

/// Whether a trail may write to every target that it has.
pub(super) fn writes(inventory: &Inventory, trail: &Trail) -> Holds {
    let owner = trail.head.account.value().or(inventory.only_account()).map_or("*", Text::as_str);
    let bucket = || {
        let State::Known(link) = &trail.bucket.state else { return Ok(true) };
        let prefix = match &trail.bucket_prefix.state {
            State::Known(prefix) => format!("{}/", prefix.trim_end_matches('/')),
            State::Absent => String::new(),
            State::Unknown(reason) => return Err(reason.clone()),
        };
        let name = plain(inventory, trail, link, "bucket")?;
        let object = format!("acs:oss:*:{owner}:{name}/{prefix}AliyunLogs/Actiontrail/*");
        may(inventory, trail, &trail.bucket_role, "oss:PutObject", &object)
    };
    let project = || {
        let State::Known(link) = &trail.project.state else { return Ok(true) };
        let (project, name) = (plain(inventory, trail, link, "project")?, evidence::called(&trail.head));
        let store = format!("acs:log:*:{owner}:project/{project}/logstore/actiontrail_{name}");
        may(inventory, trail, &trail.project_role, "log:PostLogStoreLogs", &store)
    };
    // A target that is not known is another condition's matter.
    all([bucket(), project()])
}

/// The name of a target, wherever it is declared.
fn plain<R: Resource>(inventory: &Inventory, trail: &Trail, link: &Link<R>, what: &str) -> Result<Text, Reason> {
    let found = inventory.follow_as::<R>(Some(&trail.head), &link.target).map(Resource::head);
    match found.and_then(|head| head.id.value().or(head.name.value())) {
        Some(name) => Ok(name.clone()),
        None if link.target.contains('#') => Err(undecided(&format!("the name of the {what} of the trail"))),
        None => Ok(link.target.clone()),
    }
}

/// The roles in evidence under which a trail writes, but for those that are ActionTrail's own.
pub(super) fn named<'i>(inventory: &'i Inventory, trail: &'i Trail) -> impl Iterator<Item = &'i Role> {
    let links = [&trail.bucket_role, &trail.project_role].into_iter().filter_map(Fact::value);
    let others = links.filter(|link| !link.target.eq_ignore_ascii_case(OWN));
    let found = others.filter_map(move |link| role_of(inventory, trail, link));
    found.filter(|role| role.service_linked.value() != Some(&true))
}

fn role_of<'i>(inventory: &'i Inventory, trail: &Trail, link: &Link<Role>) -> Option<&'i Role> {
    let account = trail.head.account.value().or(inventory.only_account());
    let ours = |one: &Role| estate::is_of(inventory, &one.head, account);
    // Names of roles compare without case.
    let named = |one: &Role| one.head.id.value().is_some_and(|id| id.eq_ignore_ascii_case(&link.target));
    let found = inventory.follow_as::<Role>(Some(&trail.head), &link.target).filter(|one| ours(one));
    found.or_else(|| inventory.all::<Role>().iter().find(|one| ours(one) && named(one)))
}

fn may(inventory: &Inventory, trail: &Trail, role: &Fact<Link<Role>>, action: &str, resource: &str) -> Holds {
    let link = match &role.state {
        State::Known(link) if link.target.eq_ignore_ascii_case(OWN) => return Ok(true),
        State::Known(link) => link,
        State::Absent => return Ok(true),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let account = trail.head.account.value().or(inventory.only_account());
    let Some(found) = role_of(inventory, trail, link) else {
        // A configuration may name a role that is made elsewhere.
        let gap = evidence::gap(inventory, Role::SCHEMA, &trail.head);
        let elsewhere = (!trail.head.address.is_empty()).then_some(Reason::NotCollected);
        return gap.or(elsewhere).map_or(Ok(false), Err);
    };
    if found.service_linked.value() == Some(&true) {
        return Ok(true);
    }
    let built = estate::build(inventory, account);
    let row = inventory.all::<Role>().iter().position(|one| std::ptr::eq(one, found));
    let Some(at) = built.role_rows.iter().position(|known| Some(*known) == row) else {
        return Err(Reason::NotInEvidence);
    };
    let index = Index::new(&built.estate);
    let mut layers = Layers::identity_only(&built.estate.account, PolicySet::default());
    layers.resource = index.trust(at);
    let service = Caller::Service { domain: SERVICE.to_owned(), for_account: None };
    let arn = format!("acs:ram::{}:role/{}", built.estate.account, evidence::called(&found.head));
    let trusted = ask::can(&layers, &service, &Target::new(&["sts:AssumeRole"], &[&arn]), &Options::default());
    let role = Principal::Role(at);
    let target = Target::new(&[action], &[resource]);
    let allowed = ask::can(&index.layers(role, None), &index.caller(role), &target, &Options::default());
    let missing = || {
        let premises = built.role_premises.get(at).and_then(|premises| premises.reasons.first().cloned());
        found.trust_policy.reason().cloned().or(premises).unwrap_or_else(|| undecided("the policies of the write role"))
    };
    // A grant under a condition may be refused when the trail writes.
    let settled = |truth: Truth, always: Truth| match (truth, always) {
        (Truth::No, _) => Ok(false),
        (Truth::Yes, Truth::Yes) => Ok(true),
        _ => Err(missing()),
    };
    all([settled(trusted.finding.truth, Truth::Yes), settled(allowed.finding.truth, allowed.always)])
}
