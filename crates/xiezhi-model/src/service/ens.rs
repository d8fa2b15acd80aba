//! Edge Node Service (ENS).

use crate::record::resource;
use crate::service::ecs::Rule;
use crate::service::port::PortRange;
use crate::{Link, List, Text};

resource! {
    /// An ENS instance.
    Instance = "ens.instance", Global {
        /// Public addresses. Source: ENS DescribeInstances `PublicIpAddresses`.
        public_ips: List<Text>,
        /// The security groups. Source: ENS DescribeInstances `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// `running`, `stopped`, `expired` …. Source: ENS DescribeInstances `Status`.
        status: Text,
        /// Whether the agent of Security Center is online on it; false too when Security Center does not list it.
        [derived] security_agent: bool,
    }
}

resource! {
    /// A security group of ENS.
    SecurityGroup = "ens.security-group", Global {
        /// The rules. Source: ENS DescribeSecurityGroupAttribute `Permissions`.
        rules: List<Rule>,
        /// The TCP ports that its rules open to the whole internet, drop rules and priorities considered.
        [derived] internet_tcp: List<PortRange>,
        /// The UDP ports that its rules open to the whole internet, drop rules and priorities considered.
        [derived] internet_udp: List<PortRange>,
    }
}
