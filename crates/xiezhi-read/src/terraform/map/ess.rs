//! Auto Scaling in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ess_*`.

use xiezhi_model::service::ess::{ScalingConfiguration, ScalingGroup};
use xiezhi_model::{List, Text};

use super::ecs::{template_disks, texts_of_records};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{both_links, lower, one_item, one_link, target, values};

/// The resource types of Auto Scaling.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ess_scaling_group", kind: Some(ScalingGroup::SCHEMA), read: scaling_group },
    Block { name: "alicloud_ess_alb_server_group_attachment", kind: None, read: alb_attachment },
    Block { name: "alicloud_ess_server_group_attachment", kind: None, read: server_group_attachment },
    Block { name: "alicloud_ess_scalinggroup_vserver_groups", kind: None, read: vserver_groups },
    Block { name: "alicloud_ess_scaling_configuration", kind: Some(ScalingConfiguration::SCHEMA), read: configuration },
];

const GROUP: &str = "terraform-provider-alicloud r/ess_scaling_group";
const CONFIGURATION: &str = "terraform-provider-alicloud r/ess_scaling_configuration";

fn scaling_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut ScalingGroup| {
        g.head.name = f.opt_text("scaling_group_name");
        g.vswitches = both_links(one_link(f.link("vswitch_id")), f.links("vswitch_ids"));
        g.health_check = lower(f.text_or("health_check_type", "ECS", GROUP));
        g.load_balancers = if f.has("loadbalancer_ids") {
            f.links::<ScalingGroup>("loadbalancer_ids").map(|links| List {
                items: links.items.into_iter().map(|link| link.target).collect(),
                more: links.more,
            })
        } else if f.has("alb_server_group") {
            texts_of_records(f, "alb_server_group", "alb_server_group_id")
        } else {
            documented(GROUP).known(List::complete(vec![]))
        };
        g.cooldown = f.int_or("default_cooldown", 300, GROUP);
    });
}

fn attach(f: &Fields<'_>, sink: &mut Sink<'_>, path: &str) {
    let (items, more): (Vec<Text>, _) = one_item(target(f.link::<ScalingGroup>(path)));
    sink.append(&f.link("scaling_group_id"), |g: &mut ScalingGroup| &mut g.load_balancers, items, more);
}

fn alb_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attach(f, sink, "alb_server_group_id");
}

fn server_group_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attach(f, sink, "server_group_id");
}

fn vserver_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let groups = f.opt_records("vserver_groups", |group| target(group.link::<ScalingGroup>("loadbalancer_id")));
    sink.extend(&f.link("scaling_group_id"), |g: &mut ScalingGroup| &mut g.load_balancers, groups.map(values));
}

fn configuration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |c: &mut ScalingConfiguration| {
        c.head.name = f.opt_text("scaling_configuration_name");
        c.scaling_group = f.link("scaling_group_id");
        c.security_groups = both_links(one_link(f.link("security_group_id")), f.links("security_group_ids"));
        c.internet_bandwidth_out = f.int_or("internet_max_bandwidth_out", 0, CONFIGURATION);
        c.data_disks = template_disks(f, "data_disk", CONFIGURATION);
        c.system_disk_encrypted = f.bool_or("system_disk_encrypted", false, CONFIGURATION);
        c.system_disk_kms_key = named(f, "system_disk_kms_key_id");
        c.image = f.link("image_id");
        c.ram_role = f.opt_text("role_name");
        c.key_pair = f.opt_text("key_name");
        c.metadata_tokens = lower(f.opt_text("http_tokens"));
        c.user_data_has_access_key = ask_script(f.opt_text("user_data"), holds_access_key);
    });
}
