//! Anti-DDoS: Proxy (`ddoscoo`), Origin (`ddosbgp`) and the basic protection of public addresses.

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// An Anti-DDoS Proxy (Pro or Premium) instance.
    Instance = "ddos.instance", Global {
        /// Whether it is in service. Source: ddoscoo DescribeInstances `Status` (1 normal, 2 expired).
        active: bool,
        /// Whether it forwards traffic. Source: ddoscoo DescribeInstances `Enabled` (1).
        forwarding: bool,
        /// When it ends (RFC 3339).
        expires: Text,
        /// Its addresses. Source: ddoscoo DescribeInstanceDetails `EipInfos`.
        addresses: List<Address>,
        /// Whether log analysis is on. Source: ddoscoo DescribeSlsOpenStatus.
        log_service: bool,
        /// The address ranges from which the proxy talks to origins. Source: ddoscoo DescribeBackSourceCidr `Cidrs`.
        source_ranges: List<Text>,
    }
}

record! {
    /// An address of an Anti-DDoS Proxy instance.
    Address = "ddos.instance.address" {
        /// The IP address.
        ip: Text,
        /// Whether it is in service, not expired or sent to a black hole. Source: DescribeInstanceDetails `EipInfos[].Status` (`normal`).
        normal: bool,
    }
}

resource! {
    /// A web service behind Anti-DDoS Proxy.
    Domain = "ddos.domain", Global {
        /// The domain name.
        domain: Text,
        /// The name that DNS must point to. Source: ddoscoo DescribeWebRules `Cname`.
        cname: Text,
        /// The oldest TLS that clients may use: `1.0`, `1.1`, `1.2`; absent where it serves no HTTPS. Source: ddoscoo DescribeWebRules `SslProtocols` (`tls1.0`, `tls1.1`, `tls1.2`: that version or later).
        tls_min: Text,
        /// Whether its traffic goes through the proxy and is scrubbed. Source: ddoscoo DescribeWebRules `ProxyEnabled`.
        protected: bool,
        /// The addresses or names of the servers behind the proxy. Source: `RealServers`.
        origins: List<Text>,
        /// The protocols: `http`, `https`, `websocket`, `websockets`. Source: `ProxyTypes`.
        protocols: List<Text>,
        /// Whether protection against request floods is on. Source: `CcEnabled`.
        cc_protection: bool,
        /// Whether its accesses are logged. Source: ddoscoo DescribeWebAccessLogStatus `SlsStatus`.
        logged: bool,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
    }
}

resource! {
    /// A port forwarded by Anti-DDoS Proxy.
    PortRule = "ddos.port-rule", Global {
        /// The Anti-DDoS Proxy instance.
        instance: Text,
        /// `tcp` or `udp`.
        protocol: Text,
        /// The port at the proxy.
        port: i64,
        /// The servers behind it.
        origins: List<Text>,
    }
}

resource! {
    /// An Anti-DDoS Origin instance, which protects public addresses where they are.
    OriginInstance = "ddos.origin-instance", Regional {
        /// Whether it is in service. Source: ddosbgp DescribeInstanceList `Status` (1 normal).
        active: bool,
        /// When it ends (RFC 3339).
        expires: Text,
        /// The public addresses that it protects. Source: ddosbgp DescribePackIpList `Ip`.
        addresses: List<Text>,
    }
}

resource! {
    /// A public address under basic protection.
    PublicAddress = "ddos.public-address", Regional {
        /// The IP address.
        ip: Text,
        /// The instance that has it.
        instance: Text,
        /// The product of the instance: `ecs`, `slb`, `eip`, `ipv6`, `swas`, `waf`, `ga_basic`.
        product: Text,
        /// Its state: `normal`, `defense` (being scrubbed), `blackhole`. Source: antiddos-public DescribeInstance, DescribeInstanceIpAddress `IpStatus`.
        status: Text,
        /// The traffic above which scrubbing begins, in Mbit/s. Source: antiddos-public DescribeIpDdosThreshold `Bps`.
        scrubbing_mbps: i64,
        /// The traffic above which the address goes into the black hole, in Mbit/s. Source: DescribeInstance `BlackholeThreshold`.
        blackhole_mbps: i64,
        /// Whether the address is in an Anti-DDoS Origin instance. Source: antiddos-public DescribeInstance `IsBgppack`.
        in_origin_instance: bool,
    }
}
