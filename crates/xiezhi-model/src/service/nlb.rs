//! Network Load Balancer (NLB).

use crate::record::resource;
use crate::service::alb::{Server, Zone};
use crate::service::ecs::SecurityGroup;
use crate::service::vpc::Vpc;
use crate::{Link, List, Text};

resource! {
    /// A network load balancer.
    LoadBalancer = "nlb.load-balancer", Regional {
        /// `internet` or `intranet`, for IPv4. Source: NLB ListLoadBalancers `AddressType`.
        address_type: Text,
        /// `internet` or `intranet`, for IPv6; absent when it has no IPv6. Source: NLB ListLoadBalancers `Ipv6AddressType`.
        ipv6_address_type: Text,
        /// The VPC. Source: NLB ListLoadBalancers `VpcId`.
        vpc: Link<Vpc>,
        /// The security groups; they restrict nothing without a drop rule. Source: NLB ListLoadBalancers `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// The zones, with vSwitch and addresses. Source: NLB ListLoadBalancers `ZoneMappings`.
        zones: List<Zone>,
        /// Whether it refuses to be deleted. Source: NLB ListLoadBalancers `DeletionProtectionConfig.Enabled`.
        deletion_protection: bool,
        /// `active`, `inactive`, `provisioning` …. Source: NLB ListLoadBalancers `LoadBalancerStatus`.
        status: Text,
        /// The ports, as `tcp/443`, on which the internet reaches a web application at a listener without a WAF that blocks before it. Web ports of servers are the usual ones (80, 443, 8080 and their like).
        [derived] web_unguarded: List<Text>,
        /// The public addresses, as `instance address`, of servers behind it that Anti-DDoS Origin does not cover although it covers the load balancer (case 16 of the catalogue, network semantics §6.2): a flood that names them takes the servers down. Absent when Anti-DDoS does not stand before it.
        [derived] ddos_bypasses: List<Text>,
    }
}

resource! {
    /// A listener of a network load balancer.
    Listener = "nlb.listener", Regional {
        /// The load balancer. Source: NLB ListListeners `LoadBalancerId`.
        load_balancer: Link<LoadBalancer>,
        /// The port; 0 when it listens on a range. Source: NLB ListListeners `ListenerPort`.
        port: i64,
        /// The first port of a range; absent when it listens on one port. Source: NLB ListListeners `StartPort`.
        start_port: i64,
        /// The last port of a range; absent when it listens on one port. Source: NLB ListListeners `EndPort`.
        end_port: i64,
        /// `tcp`, `udp` or `tcpssl`. Source: NLB ListListeners `ListenerProtocol`.
        protocol: Text,
        /// `running`, `stopped` …. Source: NLB ListListeners `ListenerStatus`.
        status: Text,
        /// The TLS policy of a TCPSSL listener; absent for other protocols. Source: NLB ListListeners `SecurityPolicyId`.
        security_policy: Text,
        /// That policy, when it is one of the tenant's own; absent when it is the platform's.
        own_policy: Link<TlsPolicy>,
        /// The server group. Source: NLB ListListeners `ServerGroupId`.
        server_group: Link<ServerGroup>,
        /// The certificates, by id. Source: NLB ListListeners `CertificateIds`.
        certificates: List<Text>,
    }
}

resource! {
    /// A server group of a network load balancer.
    ServerGroup = "nlb.server-group", Regional {
        /// `instance` or `ip`. Source: NLB ListServerGroups `ServerGroupType`.
        group_type: Text,
        /// The VPC. Source: NLB ListServerGroups `VpcId`.
        vpc: Link<Vpc>,
        /// `tcp`, `udp`, `tcp_udp` or `tcpssl`. Source: NLB ListServerGroups `Protocol`.
        protocol: Text,
        /// Whether the servers see the client's address. Official sources disagree about the default, so only a stated value counts. Source: NLB ListServerGroups `PreserveClientIpEnabled`.
        preserve_client_ip: bool,
        /// Whether every port is forwarded and the destination port kept. Source: NLB ListServerGroups `AnyPortEnabled`.
        any_port: bool,
        /// Whether it probes its servers. Source: NLB ListServerGroups `HealthCheck.HealthCheckEnabled`.
        health_check: bool,
        /// The servers. Source: NLB ListServerGroupServers `Servers`.
        servers: List<Server>,
    }
}

resource! {
    /// A TLS policy of the tenant's own.
    TlsPolicy = "nlb.tls-policy", Regional {
        /// The versions it allows: `TLSv1.0`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`. Source: NLB ListSecurityPolicy `TlsVersion`.
        versions: List<Text>,
    }
}
