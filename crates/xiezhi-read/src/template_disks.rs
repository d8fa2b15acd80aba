//! The disks that an instance of a configuration takes from its launch template: read where the template is declared beside
//! it, else the list of disks is open. Source: ECS RunInstances `LaunchTemplateId` (what the request does not say, the
//! template does), CreateLaunchTemplate `SystemDisk`, `DataDisk`.

use xiezhi_model::service::ecs::{Disk, Instance, LaunchTemplate};
use xiezhi_model::{Batch, Fact, Head, Key, Link, Reason, Resource, State};

use crate::fields::Fields;
use crate::sink::Sink;

/// How a source names the template and the disks that the instance says itself.
pub(crate) struct Names {
    /// The template's id.
    pub id: &'static str,
    /// The template's name.
    pub name: &'static str,
    /// The template's version: another than the one declared may be meant.
    pub version: &'static str,
    /// The data disks of the instance itself, which go before the template's.
    pub own: &'static str,
    /// The part of the block that is its system disk.
    pub system: &'static str,
}

/// Adds the disks of the template that the block names, once everything is read.
pub(crate) fn inherit(f: &Fields<'_>, sink: &mut Sink<'_>, names: &Names, owner: &Fact<Link<Instance>>) {
    let named = [names.id, names.name].into_iter().find(|name| f.has(name));
    let Some(named) = named else { return };
    let (around, owner, own) = (sink.around.clone(), owner.clone(), f.has(names.own));
    let link: Fact<Link<LaunchTemplate>> = f.link(named);
    let other_version = f.has(names.version);
    let system = format!("{}.{}", around.address, names.system);
    sink.batch.later(move |batch| {
        let template = match &link.state {
            State::Known(link) if !other_version => found(batch, link),
            State::Absent => return,
            State::Known(_) | State::Unknown(_) => None,
        };
        let Some(template) = template else {
            if !own {
                batch.leave_open(Disk::SCHEMA, link.reason().cloned().unwrap_or_else(|| Reason::unresolved(named)));
            }
            return;
        };
        batch.for_each(|disk: &mut Disk| {
            if disk.head.set == around.set && disk.head.address == system && disk.encrypted.reason().is_some() {
                disk.encrypted.clone_from(&template.system_disk_encrypted);
            }
        });
        if own {
            return;
        }
        let disks = match &template.data_disks.state {
            State::Known(list) => list,
            State::Absent => return,
            State::Unknown(reason) => return batch.leave_open(Disk::SCHEMA, reason.clone()),
        };
        if let Some(reason) = &disks.more {
            batch.leave_open(Disk::SCHEMA, reason.clone());
        }
        for (at, made) in disks.items.iter().enumerate() {
            let mut head = Head::new(template.head.origin.clone());
            head.account = around.account.clone();
            head.region = around.region.clone();
            head.address = format!("{}.launch_template.data_disks[{at}]", around.address).into();
            head.set = around.set.clone();
            let key = Key::address(&head.set, &head.address);
            let origin = head.origin.clone();
            let mut disk = Disk::new(head);
            disk.use_as = Fact::known("data".into(), origin.clone());
            disk.status = Fact::known("in-use".into(), origin);
            disk.encrypted = made.encrypted.clone();
            disk.kms_key = made.kms_key.clone();
            disk.source_snapshot = made.source_snapshot.clone();
            disk.instance = owner.clone();
            batch.add(&key, disk);
        }
    });
}

/// The template that a link names, by address, id or name.
fn found(batch: &mut Batch, link: &Link<LaunchTemplate>) -> Option<LaunchTemplate> {
    let named = |one: &&LaunchTemplate| {
        let head = &one.head;
        let address = !head.address.is_empty() && link.target == format!("{}#{}", head.set, head.address);
        address || head.id.value() == Some(&link.target) || head.name.value() == Some(&link.target)
    };
    let all = batch.resources::<LaunchTemplate>();
    let mut matching = all.into_iter().filter(named);
    let only = matching.next()?;
    matching.next().is_none().then(|| only.clone())
}

#[cfg(test)]
mod tests {
    use xiezhi_model::Inventory;

    use super::*;
    use crate::{Input, Options, read};

    /// The address, use and encryption of every disk, and whether there may be more of them.
    fn disks(name: &str, text: &str) -> (Vec<(String, String, Option<bool>)>, bool) {
        let input = Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().to_vec(), live: false };
        let reading = read(&[input], &Options::default());
        assert!(reading.problems.is_empty() && reading.batches.iter().all(|batch| batch.problems.is_empty()));
        let inventory = Inventory::join(reading.batches);
        let told = |disk: &Disk| {
            let used = disk.use_as.value().map(ToString::to_string).unwrap_or_default();
            (disk.head.address.to_string(), used, disk.encrypted.value().copied())
        };
        (inventory.all::<Disk>().iter().map(told).collect(), !inventory.gaps(Disk::SCHEMA).is_empty())
    }

    fn configuration(template: &str, more: &str) -> String {
        format!(
            r#"
resource "alicloud_ecs_launch_template" "t" {{
  launch_template_name = "t"
  system_disk {{ encrypted = true }}
  data_disks {{ encrypted = true }}
  data_disks {{ size = 40 }}
}}
resource "alicloud_instance" "i" {{
  launch_template_id = {template}
  {more}
}}
"#
        )
    }

    #[test]
    fn an_instance_has_the_disks_of_the_template_that_is_declared_beside_it() {
        let (found, open) = disks("root/main.tf", &configuration("alicloud_ecs_launch_template.t.id", ""));
        let part = |part: &str| format!("alicloud_instance.i.{part}");
        assert_eq!(
            found,
            [
                (part("launch_template.data_disks[0]"), "data".to_owned(), Some(true)),
                (part("launch_template.data_disks[1]"), "data".to_owned(), Some(false)),
                (part("system_disk"), "system".to_owned(), Some(true)),
            ]
        );
        assert!(!open);
    }

    #[test]
    fn an_instance_of_a_template_that_is_made_elsewhere_may_have_more_disks() {
        let elsewhere = configuration("\"lt-1\"", "");
        let (found, open) = disks("root/main.tf", &elsewhere);
        assert_eq!((found.len(), found[0].2, open), (1, None, true));
        let version = configuration("alicloud_ecs_launch_template.t.id", "launch_template_version = 3");
        assert!(disks("root/main.tf", &version).1, "another version may have other disks");
        let own = configuration("\"lt-1\"", "data_disks { size = 20 }");
        assert!(!disks("root/main.tf", &own).1, "its own disks go before the template's");
    }

    #[test]
    fn a_group_of_a_stack_has_the_disks_of_its_template_too() {
        let stack = |template: &str| {
            format!(
                "ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  T:\n    Type: ALIYUN::ECS::LaunchTemplate\n    \
                 Properties:\n      LaunchTemplateName: t\n      DiskMappings: [{{Size: 40, Encrypted: true}}]\n  G:\n    Type: \
                 ALIYUN::ECS::InstanceGroup\n    Properties:\n      MaxAmount: 1\n      LaunchTemplateId: {template}\n"
            )
        };
        let (found, open) = disks("stack.yaml", &stack("!Ref T"));
        assert!(
            found.contains(&("G.launch_template.data_disks[0]".to_owned(), "data".to_owned(), Some(true))),
            "{found:?}"
        );
        assert!(!open);
        assert!(disks("stack.yaml", &stack("lt-1")).1);
    }
}
