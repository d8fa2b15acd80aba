//! Elastic Container Instance (ECI).

use crate::record::resource;
use crate::service::ecs::SecurityGroup;
use crate::service::port::OpenPorts;
use crate::service::vpc::VSwitch;
use crate::{Link, List, Text};

resource! {
    /// A container group.
    ContainerGroup = "eci.container-group", Regional {
        /// The security group. Source: ECI DescribeContainerGroups `SecurityGroupId`.
        security_group: Link<SecurityGroup>,
        /// The vSwitch. Source: ECI DescribeContainerGroups `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The public address; absent when there is none. Source: ECI DescribeContainerGroups `InternetIp`.
        public_ip: Text,
        /// Whether it gets an EIP when it is made. Source: ECI CreateContainerGroup `AutoCreateEip`.
        auto_create_eip: bool,
        /// The private address. Source: ECI DescribeContainerGroups `IntranetIp`.
        private_ip: Text,
        /// The RAM role; absent when there is none. Source: ECI DescribeContainerGroups `RamRoleName`.
        ram_role: Text,
        /// Names of environment variables that hold a literal secret: by their name, or because the value is an AccessKey. Values are never kept. Source: ECI DescribeContainerGroups `Containers.EnvironmentVars`.
        secret_variables: List<Text>,
        /// The images of its containers. Source: ECI DescribeContainerGroups `Containers.Image`.
        images: List<Text>,
        /// The names of its volumes. Source: ECI DescribeContainerGroups `Volumes`.
        volumes: List<Text>,
        /// `running`, `pending`, `succeeded`, `failed` …. Source: ECI DescribeContainerGroups `Status`.
        status: Text,
        /// Whether Security Center protects it; false too when Security Center does not list it.
        [derived] security_agent: bool,
        /// How many vulnerabilities Security Center knows on it; absent when it does not list it.
        [derived] vulnerabilities: i64,
        /// The TCP and UDP ports on which the internet reaches it over any path.
        [derived] internet_ports: List<OpenPorts>,
    }
}
