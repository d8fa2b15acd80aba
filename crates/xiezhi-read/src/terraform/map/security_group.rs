//! Security groups and prefix lists in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{security_group*,ecs_prefix_list}`.

use xiezhi_model::service::ecs::{PrefixList, Rule, SecurityGroup};
use xiezhi_model::{Fact, Key, Link, List, Reason, State};

use super::ecs::texts_of_records;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, ports};

/// The resource types of security groups.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_security_group", kind: Some(SecurityGroup::SCHEMA), read: security_group },
    Block { name: "alicloud_security_group_rule", kind: None, read: security_group_rule },
    Block { name: "alicloud_ecs_prefix_list", kind: Some(PrefixList::SCHEMA), read: prefix_list },
];

const GROUP: &str = "terraform-provider-alicloud r/security_group";
const INNER: &str = "ECS CreateSecurityGroup, ModifySecurityGroupPolicy";
const RULE: &str = "terraform-provider-alicloud r/security_group_rule";

fn security_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut SecurityGroup| {
        g.head.name = f.opt_text(if f.has("security_group_name") { "security_group_name" } else { "name" });
        g.vpc = f.link("vpc_id");
        g.group_type = lower(f.text_or("security_group_type", "normal", GROUP));
        g.inner_access = if f.has("inner_access_policy") {
            lower(f.text("inner_access_policy"))
        } else {
            // The deprecated switch. Without either, what ECS gives a new group holds: members of a basic one reach each
            // other, those of an advanced one do not.
            match (f.has("inner_access"), g.group_type.value().map(|kind| kind.as_str())) {
                (true, _) => f.bool("inner_access").map(|open| if open { "accept".into() } else { "drop".into() }),
                (false, Some("normal")) => documented(INNER).known("accept".into()),
                (false, Some("enterprise")) => documented(INNER).known("drop".into()),
                (false, _) => f.unknown(Reason::NotInEvidence),
            }
        };
        g.rules = documented(GROUP).known(List::complete(vec![]));
        g.service_managed = f.known(false);
    });
}

fn security_group_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let direction = lower(f.text("type"));
    let group = f.link::<SecurityGroup>("security_group_id");
    let named = by_name(f, &group);
    let protocol = lower(f.text("ip_protocol"));
    let rule = Rule {
        id: f.opt_text("security_group_rule_id"),
        policy: lower(f.text_or("policy", "accept", RULE)),
        priority: f.int_or("priority", 1, RULE),
        ports: ports(f.text_or("port_range", "-1/-1", RULE), &protocol),
        port_list: f.absent(),
        source_ports: f.absent(),
        cidr: f.opt_text("cidr_ip"),
        ipv6_cidr: f.opt_text("ipv6_cidr_ip"),
        group: f.link("source_security_group_id"),
        group_account: f.opt_text("source_group_owner_account"),
        prefix_list: f.link("prefix_list_id"),
        own_cidr: f.absent(),
        nic_type: lower(f.opt_text("nic_type")),
        direction,
        protocol,
    };
    if let Some(named) = named {
        nowhere_else(sink, named, rule.clone());
    }
    // Nobody can write rules into a group that a service manages.
    sink.on(&group, |g: &mut SecurityGroup| g.service_managed = f.known(false));
    sink.append(&group, |g: &mut SecurityGroup| &mut g.rules, vec![rule], None);
    // A group that the configuration does not declare may have rules that it does not show.
    if let Some(link) = group.value() {
        let (key, origin) = (Key::target(&link.target), group.origin.clone());
        sink.batch.later(move |batch| {
            batch.edit::<SecurityGroup>(&key, &origin, |g| {
                if g.head.address.is_empty()
                    && let State::Known(list) = &mut g.rules.state
                {
                    list.more.get_or_insert(Reason::NotInEvidence);
                }
            });
        });
    }
}

/// The group that a variable, a data source or a module's output stands for, known by that expression.
fn by_name(f: &Fields<'_>, group: &Fact<Link<SecurityGroup>>) -> Option<Fact<Link<SecurityGroup>>> {
    let reason = group.reason().filter(|reason| reason.code() == "unresolved")?;
    let expression = reason.detail();
    let stands_for_one = ["var.", "data.", "module."].iter().any(|prefix| expression.starts_with(prefix));
    stands_for_one.then(|| Fact::known(Link::address(f.set(), &expression), group.origin.clone()))
}

/// Where the configuration declares no group, a rule for one that an expression names is in a group that exists outside:
/// that group has this rule, and whichever others.
fn nowhere_else(sink: &mut Sink<'_>, group: Fact<Link<SecurityGroup>>, rule: Rule) {
    sink.batch.later(move |batch| {
        let State::Known(link) = &group.state else { return };
        if batch.resources::<SecurityGroup>().iter().any(|group| !group.head.address.is_empty()) {
            return;
        }
        let (key, origin) = (Key::target(&link.target), group.origin.clone());
        let name = link.target.split_once('#').map_or_else(|| link.target.clone(), |(_, name)| name.into());
        batch.edit::<SecurityGroup>(&key, &origin, |group| {
            group.head.name.merge(Fact::known(name, origin.clone()));
            group.service_managed = Fact::known(false, origin.clone());
        });
        let more = Some(Reason::NotInEvidence);
        batch.append(&key, &origin, |group: &mut SecurityGroup| &mut group.rules, vec![rule], more);
    });
}

fn prefix_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut PrefixList| {
        p.head.name = f.opt_text("prefix_list_name");
        p.family = lower(f.text("address_family"));
        p.entries = texts_of_records(f, "entry", "cidr");
    });
}

#[cfg(test)]
mod tests {
    use xiezhi_model::Inventory;

    use super::*;
    use crate::SourceFile;
    use crate::terraform::read_tree;

    fn groups(configuration: &str) -> Vec<SecurityGroup> {
        let file = SourceFile { path: "main.tf".into(), bytes: configuration.as_bytes().to_vec() };
        let batches = read_tree(&[file]).into_iter().map(|(_, batch)| batch).collect();
        Inventory::join(batches).all::<SecurityGroup>().to_vec()
    }

    const RULE: &str = r#"
        variable "group" {}
        resource "alicloud_security_group_rule" "r" {
          type              = "ingress"
          ip_protocol       = "tcp"
          port_range        = "22/22"
          cidr_ip           = "0.0.0.0/0"
          security_group_id = var.group
        }"#;

    #[test]
    fn a_rule_for_a_group_that_a_variable_names_is_in_that_group() {
        let found = groups(RULE);
        let [group] = found.as_slice() else { panic!("one group") };
        let rules = group.rules.value().unwrap();
        assert_eq!(rules.items.len(), 1);
        // Others may write rules into it.
        assert!(rules.more.is_some());
    }

    #[test]
    fn the_group_that_a_variable_names_may_be_one_that_is_declared() {
        let found = groups(&format!("{RULE}\nresource \"alicloud_security_group\" \"g\" {{ name = \"g\" }}"));
        let [declared] = found.as_slice() else { panic!("one group") };
        assert!(declared.rules.value().unwrap().more.is_some());
    }
}
