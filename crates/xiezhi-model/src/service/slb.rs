//! Classic Load Balancer (CLB, product code `slb`).

use crate::record::{record, resource};
use crate::service::ecs::Instance;
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// A classic load balancer.
    LoadBalancer = "slb.load-balancer", Regional {
        /// `internet` (it has a public address) or `intranet`; an intranet one may still have an EIP. Source: SLB DescribeLoadBalancers `AddressType`.
        address_type: Text,
        /// Its address. Source: SLB DescribeLoadBalancers `Address`.
        address: Text,
        /// `ipv4` or `ipv6`. Source: SLB DescribeLoadBalancers `AddressIPVersion`.
        ip_version: Text,
        /// `vpc` or `classic`. Source: SLB DescribeLoadBalancers `NetworkType`.
        network_type: Text,
        /// The VPC; absent when there is none. Source: SLB DescribeLoadBalancers `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch; absent when there is none. Source: SLB DescribeLoadBalancers `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// `active`, `inactive`, `locked`. Source: SLB DescribeLoadBalancers `LoadBalancerStatus`.
        status: Text,
        /// The primary zone. Source: SLB DescribeLoadBalancers `MasterZoneId`.
        master_zone: Text,
        /// The secondary zone; absent when there is none. Source: SLB DescribeLoadBalancers `SlaveZoneId`.
        slave_zone: Text,
        /// Whether it refuses to be deleted. Source: SLB DescribeLoadBalancers `DeleteProtection`.
        deletion_protection: bool,
        /// Whether the console refuses changes (`ConsoleProtection`). Source: SLB DescribeLoadBalancers `ModificationProtectionStatus`.
        modification_protection: bool,
        /// Peak bandwidth in Mbit/s; of no meaning when paid by traffic. Source: SLB DescribeLoadBalancers `Bandwidth`.
        bandwidth: i64,
        /// How internet traffic is paid for: `paybytraffic` or `paybybandwidth`. Source: SLB DescribeLoadBalancers `InternetChargeType`.
        internet_charge_type: Text,
        /// The servers of the default group. Source: SLB DescribeLoadBalancerAttribute `BackendServers`.
        backends: List<Backend>,
        /// Whether layer-7 access logs go to a Log Service project. Source: SLB DescribeAccessLogsDownloadAttribute.
        access_log: bool,
        /// The Log Service project of its access logs; absent when they go nowhere. Source: SLB DescribeAccessLogsDownloadAttribute `LogProject`.
        access_log_project: Text,
        /// The Logstore of its access logs; absent when they go nowhere. Source: SLB DescribeAccessLogsDownloadAttribute `LogStore`.
        access_log_store: Text,
        /// For how many days its access logs are kept where they are delivered; absent when they go nowhere.
        [derived] access_log_days: i64,
        /// The ports, as `tcp/443`, on which the internet reaches a web application at a listener without a WAF that blocks before it. Web ports of servers are the usual ones (80, 443, 8080 and their like).
        [derived] web_unguarded: List<Text>,
        /// Whether Anti-DDoS beyond the free basic protection stands before each of its public addresses: Anti-DDoS Origin, an enhanced EIP, or a proxy whose origin it is; absent when it has no public address.
        [derived] ddos_protected: bool,
        /// The public addresses, as `instance address`, of servers behind it that Anti-DDoS Origin does not cover although it covers the load balancer (case 16 of the catalogue, network semantics §6.2): a flood that names them takes the servers down. Absent when Anti-DDoS does not stand before it.
        [derived] ddos_bypasses: List<Text>,
    }
}

record! {
    /// A server behind a load balancer.
    Backend = "slb.load-balancer.backend" {
        /// `ecs`, `eni` or `eci`. Source: SLB `BackendServers.BackendServer.Type`.
        server_type: Text,
        /// The id (or `set#address`) of the instance or interface.
        server: Text,
        /// The port; absent in the default group, where the listener says it.
        port: i64,
        /// The weight: 0 gets no new flows. The default is 100. Source: SLB AddBackendServers.
        weight: i64,
        /// The server when it is an ECS instance; absent when it is something else.
        instance: Link<Instance>,
    }
}

resource! {
    /// A listener of a classic load balancer.
    Listener = "slb.listener", Regional {
        /// The load balancer.
        load_balancer: Link<LoadBalancer>,
        /// The port that clients call.
        port: i64,
        /// `tcp`, `udp`, `http` or `https`.
        protocol: Text,
        /// The servers' port, for the default group; absent when a group says it. Source: SLB DescribeLoadBalancerListeners `BackendServerPort`.
        backend_port: i64,
        /// `running`, `stopped`, `starting` …. Source: SLB DescribeLoadBalancerListeners `Status`.
        status: Text,
        /// Whether access control is on. Source: SLB DescribeLoadBalancerListeners `AclStatus`.
        acl_enabled: bool,
        /// `white` (only listed sources pass; an empty list lets everything pass) or `black`; absent when off. Source: SLB DescribeLoadBalancerListeners `AclType`.
        acl_type: Text,
        /// The access control lists; empty when off. Source: SLB DescribeLoadBalancerListeners `AclIds`.
        acls: List<Link<Acl>>,
        /// Whether an HTTP listener only redirects to HTTPS and forwards nothing. Source: SLB DescribeLoadBalancerHTTPListenerAttribute `ListenerForward`.
        redirects: bool,
        /// The TLS policy of an HTTPS listener: a system one such as `tls_cipher_policy_1_2`, or a custom one's id; absent for other protocols. Source: SLB DescribeLoadBalancerHTTPSListenerAttribute `TLSCipherPolicy`.
        tls_policy: Text,
        /// The custom TLS policy, when `tls_policy` is one. Source: SLB ListTLSCipherPolicies.
        custom_tls_policy: Link<TlsPolicy>,
        /// The server certificate of an HTTPS listener; absent for other protocols. Source: SLB DescribeLoadBalancerListeners `ServerCertificateId`.
        certificate: Link<Certificate>,
        /// Whether it probes its servers; TCP and UDP always do. Source: SLB DescribeLoadBalancerListeners `HealthCheck`.
        health_check: bool,
        /// The vServer group or primary/secondary group; absent when the default group serves. Source: SLB DescribeLoadBalancerListeners `VServerGroupId`, `MasterSlaveServerGroupId`.
        server_group: Link<ServerGroup>,
        /// Whether HTTP headers of the request carry the client's address. Source: SLB DescribeLoadBalancerHTTPListenerAttribute `XForwardedFor`.
        x_forwarded_for: bool,
    }
}

resource! {
    /// An access control list of classic load balancers.
    Acl = "slb.acl", Regional {
        /// Its ranges. Source: SLB DescribeAccessControlListAttribute `AclEntrys`.
        entries: List<Text>,
        /// `ipv4` or `ipv6`. Source: SLB DescribeAccessControlLists `AddressIPVersion`.
        ip_version: Text,
    }
}

resource! {
    /// A vServer group or a primary/secondary group.
    ServerGroup = "slb.server-group", Regional {
        /// The load balancer.
        load_balancer: Link<LoadBalancer>,
        /// `vserver` or `master-slave`.
        group_type: Text,
        /// The servers. Source: SLB DescribeVServerGroupAttribute `BackendServers`.
        backends: List<Backend>,
    }
}

resource! {
    /// A server certificate.
    Certificate = "slb.certificate", Regional {
        /// Whether Certificate Management Service keeps it. Source: SLB DescribeServerCertificates `IsAliCloudCertificate`.
        managed: bool,
        /// When it expires (RFC 3339). Source: SLB DescribeServerCertificates `ExpireTime`.
        expires: Text,
        /// Its common name. Source: SLB DescribeServerCertificates `CommonName`.
        common_name: Text,
    }
}

resource! {
    /// A TLS policy of the tenant's own.
    TlsPolicy = "slb.tls-policy", Regional {
        /// The versions it allows: `TLSv1.0`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`. Source: SLB ListTLSCipherPolicies `TLSVersions`.
        versions: List<Text>,
        /// The cipher suites it allows. Source: SLB ListTLSCipherPolicies `Ciphers`.
        ciphers: List<Text>,
    }
}
