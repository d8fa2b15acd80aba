//! Application Load Balancer (ALB).

use crate::record::{record, resource};
use crate::service::ecs::{Instance, SecurityGroup};
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// An application load balancer.
    LoadBalancer = "alb.load-balancer", Regional {
        /// `internet` or `intranet`, for IPv4. Source: ALB ListLoadBalancers `AddressType`.
        address_type: Text,
        /// `internet` or `intranet`, for IPv6; absent when it has no IPv6. Source: ALB ListLoadBalancers `Ipv6AddressType`.
        ipv6_address_type: Text,
        /// `ipv4` or `dualstack`. Source: ALB ListLoadBalancers `AddressIpVersion`.
        ip_version: Text,
        /// `basic`, `standard` or `standardwithwaf`. Source: ALB ListLoadBalancers `LoadBalancerEdition`.
        edition: Text,
        /// The VPC. Source: ALB ListLoadBalancers `VpcId`.
        vpc: Link<Vpc>,
        /// The security groups; they restrict nothing without a drop rule. Source: ALB ListLoadBalancers `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// The zones, with vSwitch and addresses. Source: ALB GetLoadBalancerAttribute `ZoneMappings`.
        zones: List<Zone>,
        /// Whether it refuses to be deleted. Source: ALB ListLoadBalancers `DeletionProtectionConfig.Enabled`.
        deletion_protection: bool,
        /// Whether the console refuses changes. Source: ALB ListLoadBalancers `ModificationProtectionConfig.Status`.
        modification_protection: bool,
        /// The Log Service project of its access logs; absent when there are none. Source: ALB ListLoadBalancers `AccessLogConfig.LogProject`.
        access_log_project: Text,
        /// The Logstore of its access logs; absent when there are none. Source: ALB ListLoadBalancers `AccessLogConfig.LogStore`.
        access_log_store: Text,
        /// For how many days access logs are kept, by the Logstore; 3650 means for ever; absent when there are none.
        [derived] access_log_days: i64,
        /// `active`, `inactive`, `provisioning` …. Source: ALB ListLoadBalancers `LoadBalancerStatus`.
        status: Text,
        /// Whether Web Application Firewall inspects what it forwards: by edition, or as a protected object of WAF 3.0.
        [derived] waf: bool,
        /// The public addresses, as `instance address`, of servers behind it that Anti-DDoS Origin does not cover although it covers the load balancer (case 16 of the catalogue, network semantics §6.2): a flood that names them takes the servers down. Absent when Anti-DDoS does not stand before it.
        [derived] ddos_bypasses: List<Text>,
    }
}

record! {
    /// What a load balancer has in one zone.
    Zone = "alb.load-balancer.zone" {
        /// The zone id.
        zone: Text,
        /// The vSwitch.
        vswitch: Link<VSwitch>,
        /// The public addresses.
        public_ips: List<Text>,
        /// The private addresses.
        private_ips: List<Text>,
        /// The IPv6 addresses.
        ipv6_addresses: List<Text>,
    }
}

resource! {
    /// A listener of an application load balancer.
    Listener = "alb.listener", Regional {
        /// The load balancer. Source: ALB ListListeners `LoadBalancerId`.
        load_balancer: Link<LoadBalancer>,
        /// The port. Source: ALB ListListeners `ListenerPort`.
        port: i64,
        /// `http`, `https` or `quic`. Source: ALB ListListeners `ListenerProtocol`.
        protocol: Text,
        /// `running`, `stopped` …. Source: ALB ListListeners `ListenerStatus`.
        status: Text,
        /// `white` (an empty list lets everything pass) or `black`; absent when there is no ACL. Source: ALB GetListenerAttribute `AclConfig.AclType`.
        acl_type: Text,
        /// The access control lists; empty when there are none. Source: ALB GetListenerAttribute `AclConfig.AclRelations`.
        acls: List<Link<Acl>>,
        /// What the default actions do: `forwardgroup`, `redirect`, `fixedresponse` …. Source: ALB ListListeners `DefaultActions`.
        action_types: List<Text>,
        /// The server groups that the default actions forward to. Source: ALB ListListeners `DefaultActions`.
        server_groups: List<Link<ServerGroup>>,
        /// The TLS policy of an HTTPS listener; absent when there is none. Source: ALB ListListeners `SecurityPolicyId`.
        security_policy: Text,
        /// That policy, when it is one of the tenant's own; absent when it is the platform's.
        own_policy: Link<TlsPolicy>,
        /// The certificates, by id. Source: ALB ListListenerCertificates.
        certificates: List<Text>,
        /// When its certificates end (RFC 3339, or a date), by Certificate Management.
        [derived] certificate_ends: List<Text>,
    }
}

resource! {
    /// A forwarding rule of a listener: the first in the order of priority whose conditions all hold decides.
    Rule = "alb.rule", Regional {
        /// The listener. Source: ALB ListRules `ListenerId`.
        listener: Link<Listener>,
        /// The priority, from 1: the smallest comes first. Source: ALB ListRules `Priority`.
        priority: i64,
        /// `request`, or `response` for what servers answer. Source: ALB ListRules `Direction`.
        direction: Text,
        /// The conditions, all of which must hold. Source: ALB ListRules `RuleConditions`.
        conditions: List<Condition>,
        /// What it does: `forwardgroup`, `redirect`, `fixedresponse`, `trafficmirror` …. Source: ALB ListRules `RuleActions.Type`.
        action_types: List<Text>,
        /// The server groups that it forwards to, or sends copies of requests. Source: ALB ListRules `RuleActions`.
        server_groups: List<Link<ServerGroup>>,
    }
}

record! {
    /// A condition of a forwarding rule.
    Condition = "alb.rule.condition" {
        /// `host`, `path`, `method`, `sourceip`, `header`, `cookie`, `querystring` …. Source: ALB ListRules `RuleConditions.Type`.
        condition_type: Text,
        /// The values, of which one must fit; absent for headers, cookies and query parameters. Source: ALB ListRules `RuleConditions`.
        values: List<Text>,
    }
}

resource! {
    /// An access control list of application load balancers.
    Acl = "alb.acl", Regional {
        /// Its ranges. Source: ALB ListAclEntries `AclEntries`.
        entries: List<Text>,
    }
}

resource! {
    /// A server group of an application load balancer.
    ServerGroup = "alb.server-group", Regional {
        /// `instance`, `ip` or `fc`. Source: ALB ListServerGroups `ServerGroupType`.
        group_type: Text,
        /// The VPC. Source: ALB ListServerGroups `VpcId`.
        vpc: Link<Vpc>,
        /// The protocol towards the servers: `http`, `https`, `grpc`. Source: ALB ListServerGroups `Protocol`.
        protocol: Text,
        /// Whether it probes its servers. Source: ALB ListServerGroups `HealthCheckConfig.HealthCheckEnabled`.
        health_check: bool,
        /// The servers. Source: ALB ListServerGroupServers `Servers`.
        servers: List<Server>,
    }
}

record! {
    /// A server of a server group.
    Server = "alb.server-group.server" {
        /// `ecs`, `eni`, `eci`, `ip`, `fc`. Source: ALB ListServerGroupServers `ServerType`.
        server_type: Text,
        /// The id (or `set#address`) of the server, or its address.
        server: Text,
        /// The address; absent when the id says enough. Source: ALB ListServerGroupServers `ServerIp`.
        ip: Text,
        /// The port. Source: ALB ListServerGroupServers `Port`.
        port: i64,
        /// The weight: 0 gets no new flows. Source: ALB ListServerGroupServers `Weight`.
        weight: i64,
        /// The server when it is an ECS instance; absent when it is something else.
        instance: Link<Instance>,
        /// The zone id, where the source states it. Source: NLB ListServerGroupServers `ZoneId`.
        zone: Text,
    }
}

resource! {
    /// A TLS policy of the tenant's own.
    TlsPolicy = "alb.tls-policy", Regional {
        /// The versions it allows: `TLSv1.0`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`. Source: ALB ListSecurityPolicies `TLSVersions`.
        versions: List<Text>,
    }
}
