//! ECI answers. Values of environment variables are looked at and dropped.

use xiezhi_model::service::eci::ContainerGroup;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::map::eci::variables;
use crate::words::{lower, values};

/// The calls of ECI.
pub const CALLS: &[Call] =
    &[Call::listing("eci", "DescribeContainerGroups", "ContainerGroups", ContainerGroup::SCHEMA, container_group)];

fn container_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ContainerGroupId"), |g: &mut ContainerGroup| {
        g.head.name = f.opt_text("ContainerGroupName");
        g.security_group = f.link("SecurityGroupId");
        g.vswitch = f.link("VSwitchId");
        g.public_ip = f.opt_text("InternetIp");
        g.private_ip = f.text("IntranetIp");
        g.ram_role = f.opt_text("RamRoleName");
        g.images = f.records("Containers", |c| c.text("Image")).map(values);
        g.volumes = f.opt_records("Volumes", |v| v.text("Name")).map(values);
        g.secret_variables = variables(f, &["Containers", "InitContainers"], "EnvironmentVars", "Key", "Value");
        g.status = lower(f.text("Status"));
    });
}
