//! ECI in Terraform. Source: terraform-provider-alicloud, `website/docs/r/eci_container_group`.

use xiezhi_model::service::eci::ContainerGroup;
use xiezhi_model::service::ram::Role;
use xiezhi_model::{Fact, List, Reason, State, Text};

use super::ecs::texts_of_records;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::variables::secret_variables;
use crate::words::{lower, target};

/// The resource types of ECI.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_eci_container_group", kind: Some(ContainerGroup::SCHEMA), read: container_group }];

const PAGE: &str = "terraform-provider-alicloud r/eci_container_group";

fn container_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut ContainerGroup| {
        g.head.name = f.opt_text("container_group_name");
        g.security_group = f.link("security_group_id");
        g.vswitch = f.link("vswitch_id");
        g.auto_create_eip = f.bool_or("auto_create_eip", false, PAGE);
        g.public_ip = match g.auto_create_eip.value() {
            Some(false) if !f.has("internet_ip") => documented(PAGE).absent(),
            _ if f.has("internet_ip") => f.opt_text("internet_ip"),
            _ => f.unknown(Reason::NotInEvidence),
        };
        g.private_ip = f.text("intranet_ip");
        g.ram_role = target(f.link::<Role>("ram_role_name"));
        g.images = texts_of_records(f, "containers", "image");
        g.volumes = texts_of_records(f, "volumes", "name");
        g.secret_variables = variables(f, &["containers", "init_containers"], "environment_vars", "key", "value");
        g.status = lower(f.text("status"));
    });
}

/// Names of environment variables with a literal secret, over the containers in several lists.
pub(crate) fn variables(f: &Fields<'_>, lists: &[&str], vars: &str, key: &str, value: &str) -> Fact<List<Text>> {
    let mut all = List::complete(vec![]);
    for list in lists {
        let found = f.opt_records(list, |container| {
            container.opt_records(vars, |v| (v.plain(key).unwrap_or_default().to_owned(), v.opt_text(value)))
        });
        match found.state {
            State::Known(containers) => {
                all.more = all.more.or(containers.more);
                for container in containers.items {
                    match container.state {
                        State::Known(pairs) => {
                            all.more = all.more.or(pairs.more);
                            let names = secret_variables(pairs.items.iter().map(|(k, v)| (k.as_str(), v.clone())));
                            all.items.extend(names.items);
                            all.more = all.more.or(names.more);
                        }
                        State::Absent => {}
                        State::Unknown(reason) => all.more = Some(reason),
                    }
                }
            }
            State::Absent => {}
            State::Unknown(reason) => all.more = Some(reason),
        }
    }
    f.known(all)
}
