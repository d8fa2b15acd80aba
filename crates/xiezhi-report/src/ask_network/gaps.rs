//! Missing evidence of the network, in the reader's language: the names that the engine and the analyses give it, with
//! places for what they concern.

use crate::words::Lang;

/// English and Chinese; `{0}` and `{1}` are ids, addresses or names. The first that fits is taken.
const NAMES: &[(&str, &str)] = &[
    ("a confirmation of the witness by the plain evaluator", "逐包推演器对见证数据包的确认"),
    ("an end of the loop of transit routers", "转发路由器环路的出口"),
    ("an end of the loop of appliances", "串接设备环路的出口"),
    ("what happens without an appliance behind {0}", "{0} 之后没有设备时流量如何处理"),
    ("which vSwitch has the packet at {0}", "数据包从 {0} 的哪个交换机继续"),
    ("engine mode of Cloud Firewall", "云防火墙的引擎模式"),
    ("whether Cloud Firewall guards public addresses", "云防火墙是否防护公网地址"),
    ("whether Cloud Firewall stands before NAT gateways", "NAT 网关之前是否有云防火墙"),
    ("outbound policies of the internet boundary", "互联网边界的出方向策略"),
    ("whether Cloud Firewall stands between VPCs", "VPC 之间是否有云防火墙"),
    ("firewalls between VPCs: the list of {0}", "VPC 边界防火墙：{0} 列表"),
    ("endpoints of managed services: the list of {0}", "托管服务的连接地址：{0} 列表"),
    ("where the appliance forwards to", "中间设备转发到何处"),
    ("types of the groups of one interface", "同一网卡上各安全组的类型"),
    ("the address and port from which the balancer talks to its backend", "负载均衡访问后端所用的地址和端口"),
    ("the client address that backends of an IPv6 listener see", "IPv6 监听的后端看到的客户端地址"),
    ("the interface that holds {0} in {1}", "{1} 中持有 {0} 的网卡"),
    ("the interface that holds {0}", "持有 {0} 的网卡"),
    ("the vSwitch of {0} that serves {1}", "{0} 中承载 {1} 的交换机"),
    ("the route table by which {0} would forward", "{0} 转发所依据的路由表"),
    ("the far side of VPN gateway {0}", "VPN 网关 {0} 的对端"),
    ("the way from {0} on into {1}", "从 {0} 继续进入 {1} 的路径"),
    ("the way from {0} on to {1}", "从 {0} 继续到 {1} 的路径"),
    ("whether {0} stands before {1}", "{0} 是否位于 {1} 之前"),
    ("ranges of the cloud side of {0}", "{0} 的本端网段"),
    ("ranges of the far side of {0}", "{0} 的对端网段"),
    ("VPN gateway of {0}", "{0} 的 VPN 网关"),
    ("the VPCs of {0}", "{0} 的 VPC"),
    ("the site of {0}", "{0} 的站点"),
    ("the way back from {0}", "从 {0} 返回的路径"),
    ("times at which policy {0} holds", "策略 {0} 生效的时间"),
    ("transit router attachment {0}", "转发路由器连接 {0}"),
    ("policy-based routes of {0}", "{0} 的策略路由"),
    ("VPN routes of {0}", "{0} 的 VPN 路由"),
    ("which route of {0} decides", "由 {0} 的哪条路由决定"),
    ("whether it writes routes of {0}", "{0} 是否自动写入路由"),
    ("transit router routes of {0}", "转发路由器路由表 {0} 的路由"),
    ("transit router table {0}", "转发路由器路由表 {0}"),
    ("members of group {0} of another account", "其他账号安全组 {0} 的成员"),
    ("what stands behind backend {0}", "后端 {0} 之后的资源"),
    ("what passes {0}", "哪些流量经过 {0}"),
    ("what {0} is bound to", "{0} 绑定的对象"),
    ("what {0} protects", "{0} 防护的对象"),
    ("what {0} attaches", "{0} 连接的对象"),
    ("where {0} leads", "{0} 通往何处"),
    ("whether `icmp` in IPv6 entry {0} covers ICMPv6", "IPv6 条目 {0} 中的 `icmp` 是否涵盖 ICMPv6"),
    ("whether the intra-group policy of {0} covers {1}", "{0} 的组内策略是否涵盖 {1}"),
    ("whether the peering leads past {0}", "对等连接是否绕过 {0}"),
    ("whether {0} takes requests from its upstream only", "{0} 是否只接受上一级防护的请求"),
    ("which address {0} uses", "{0} 使用哪个地址"),
    ("which member holds {0}", "{0} 由哪个成员持有"),
    ("which ports {0} listens on", "{0} 监听哪些端口"),
    ("for which network each entry of the white list is of {0}", "白名单各条目适用的网络：{0}"),
    ("port of the public endpoint of {0}", "{0} 的公网连接地址的端口"),
    ("port of the private endpoint of {0}", "{0} 的内网连接地址的端口"),
    ("public endpoint of {0}", "{0} 的公网连接地址"),
    ("private endpoint of {0}", "{0} 的内网连接地址"),
    ("port of the {0} endpoint of {1}", "{1} 的 {0} 连接地址的端口"),
    ("API server endpoint of {0}", "{0} 的 API Server 连接地址"),
    ("kibana endpoint of {0}", "{0} 的 Kibana 连接地址"),
    ("access control of the API server's load balancer of {0}", "{0} 的 API Server 所用负载均衡的访问控制"),
    ("the white list of private addresses of {0}", "{0} 的内网地址白名单"),
    ("the white list of {0}", "{0} 的白名单"),
    ("access control of {0}", "{0} 的访问控制"),
    ("access control list {0}", "访问控制列表 {0}"),
    ("access lists of {0}", "{0} 的访问控制列表"),
    ("address of endpoint {0}", "连接地址 {0} 的 IP"),
    ("address type of {0}", "{0} 的地址类型"),
    ("address of {0}", "{0} 的地址"),
    ("addresses of {0}", "{0} 的地址"),
    ("allow-list of {0}", "{0} 的白名单"),
    ("VBR attachments of {0}", "{0} 的 VBR 连接"),
    ("VPN attachments of {0}", "{0} 的 VPN 连接"),
    ("ECR attachments of {0}", "{0} 的 ECR 连接"),
    ("attachment {0}", "连接 {0}"),
    ("DNAT entries of {0}", "{0} 的 DNAT 条目"),
    ("SNAT entries of {0}", "{0} 的 SNAT 条目"),
    ("egress addresses of {0}", "{0} 的出口地址"),
    ("egress-only rules of {0}", "{0} 的仅主动出规则"),
    ("engine mode of {0}", "{0} 的引擎模式"),
    ("entries of {0}", "{0} 的条目"),
    ("guard {0}", "防护 {0}"),
    ("inner access policy of {0}", "{0} 的组内连通策略"),
    ("interface of backend {0}", "后端 {0} 的网卡"),
    ("internet bandwidth of {0} on {1}", "{1} 上 {0} 的公网带宽"),
    ("IPv4 gateway of {0}", "{0} 的 IPv4 网关"),
    ("IPv6 gateway of {0}", "{0} 的 IPv6 网关"),
    ("linked security groups of {0}", "{0} 关联的安全组"),
    ("local addresses of {0}", "{0} 的本地地址"),
    ("members of {0}", "{0} 的成员"),
    ("NAT gateway {0}", "NAT 网关 {0}"),
    ("network ACL of {0}", "{0} 的网络 ACL"),
    ("network ACL {0}", "网络 ACL {0}"),
    ("own addresses of {0}", "{0} 的本端地址"),
    ("policies of Cloud Firewall before {0}", "{0} 之前的云防火墙策略"),
    ("policies of {0}", "{0} 的策略"),
    ("policy of {0} of {1}", "{1} 中 {0} 的策略"),
    ("policy of {0}", "{0} 的策略"),
    ("port list {0}", "端口列表 {0}"),
    ("ports of {0} in {1}", "{1} 中 {0} 的端口"),
    ("ports of {0}", "{0} 的端口"),
    ("prefix list {0}", "前缀列表 {0}"),
    ("priority of {0} of {1}", "{1} 中 {0} 的优先级"),
    ("priority of {0}", "{0} 的优先级"),
    ("private addresses of {0}", "{0} 的私网地址"),
    ("protocol of rule {0}", "规则 {0} 的协议"),
    ("protocol of {0} of {1}", "{1} 中 {0} 的协议"),
    ("protocol of {0}", "{0} 的协议"),
    ("public addresses of {0}", "{0} 的公网地址"),
    ("ranges of {0}", "{0} 的地址段"),
    ("route table of {0}", "{0} 的路由表"),
    ("route table {0}", "路由表 {0}"),
    ("routes of {0}", "{0} 的路由"),
    ("security group {0}", "安全组 {0}"),
    ("security groups of {0}", "{0} 的安全组"),
    ("source of {0}", "{0} 的源网段"),
    ("state of listener {0}", "监听 {0} 的状态"),
    ("status of VPC peering connection {0}", "VPC 对等连接 {0} 的状态"),
    ("state of {0}", "{0} 的状态"),
    ("status of {0}", "{0} 的状态"),
    ("switch of {0}", "{0} 的开关"),
    ("type of {0}", "{0} 的类型"),
    ("types of the groups of {0}", "{0} 各安全组的类型"),
    ("VPC of endpoint {0}", "连接地址 {0} 的 VPC"),
    ("VPC of {0}", "{0} 的 VPC"),
    ("VPC peering connection {0}", "VPC 对等连接 {0}"),
    ("VPC {0}", "VPC {0}"),
    ("vSwitch of {0}", "{0} 的交换机"),
    ("vSwitches of {0}", "{0} 的交换机"),
    ("vSwitch {0}", "交换机 {0}"),
    ("accepting VPC of {0}", "{0} 的接受端 VPC"),
    ("application of {0}", "{0} 的应用"),
    ("client address setting of {0}", "{0} 的客户端地址保持设置"),
    ("destination of {0}", "{0} 的目的地址"),
    ("source of {0}", "{0} 的源地址"),
    ("direction of {0} in {1}", "{1} 中 {0} 的方向"),
    ("far side of {0} in {1}", "{1} 中 {0} 的对端"),
    ("source ports of {0} in {1}", "{1} 中 {0} 的源端口"),
    ("port range of rule {0}", "规则 {0} 的端口范围"),
    ("source or destination of rule {0}", "规则 {0} 的源或目的地址"),
    ("DNS record {0}", "DNS 记录 {0}"),
    ("domains of {0}", "{0} 的域名"),
    ("firewall switch of {0}", "{0} 的防火墙开关"),
    ("instance of {0}", "{0} 的实例"),
    ("internet address of {0}", "{0} 的公网地址"),
    ("servers behind {0}", "{0} 之后的服务器"),
    ("zones of {0}", "{0} 的可用区"),
    ("IPv6 address of {0}", "{0} 的 IPv6 地址"),
    ("IPv6 address type of {0}", "{0} 的 IPv6 地址类型"),
    ("marks of requests of {0}", "{0} 的请求标记"),
    ("network type of {0}", "{0} 的网络类型"),
    ("proxy switch of {0}", "{0} 的代理开关"),
    ("state of the site of {0}", "{0} 所属站点的状态"),
    ("state of {0}", "{0} 的状态"),
    ("the internet boundary of {0}", "{0} 的互联网边界"),
    ("the kind of {0}", "{0} 的类别"),
    ("transit router of {0}", "{0} 的转发路由器"),
    ("VPN gateway of {0}", "{0} 的 VPN 网关"),
    ("whether egress addresses of {0} are shared", "{0} 的回源地址是否共用"),
    ("whether {0} marks requests", "{0} 是否标记请求"),
    ("which public addresses Cloud Firewall guards", "云防火墙防护哪些公网地址"),
    ("ways in by {0}", "经由 {0} 的入口"),
    ("weight of a server of {0}", "{0} 后端服务器的权重"),
];

/// A name of missing evidence in the reader's language; `None` when it is none of the network's.
pub fn named(what: &str, lang: Lang) -> Option<String> {
    NAMES.iter().find_map(|(en, zh)| {
        let concerned = fitted(en, what)?;
        let filled =
            |text: String, (at, one): (usize, &&str)| text.replace(&format!("{{{at}}}"), &super::rule_in(one, lang));
        Some(concerned.iter().enumerate().fold(lang.pick(en, zh).to_owned(), filled))
    })
}

/// What stands at the places of a pattern; `None` when the text does not fit it.
fn fitted<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split("{0}").flat_map(|part| part.split("{1}"));
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = if part.is_empty() && parts.peek().is_none() { rest.len() } else { rest.find(part)? };
        let (one, after) = rest.split_at(end);
        if one.is_empty() {
            return None;
        }
        found.push(one);
        rest = after.strip_prefix(part)?;
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_in_both_languages() {
        let said = |what: &str| named(what, Lang::Zh).unwrap_or_default();
        assert_eq!(said("which vSwitch has the packet at ep-1"), "数据包从 ep-1 的哪个交换机继续");
        assert_eq!(said("IPv4 gateway of vpc-1"), "vpc-1 的 IPv4 网关");
        assert_eq!(said("the interface that holds 10.0.0.1 in vpc-1"), "vpc-1 中持有 10.0.0.1 的网卡");
        assert_eq!(said("the interface that holds 10.0.0.1"), "持有 10.0.0.1 的网卡");
        assert_eq!(said("prefix list pl-1"), "前缀列表 pl-1");
        assert_eq!(said("port of the public endpoint of rm-1"), "rm-1 的公网连接地址的端口");
        assert_eq!(said("port of the kibana endpoint of es-1"), "es-1 的 kibana 连接地址的端口");
        assert_eq!(said("state of listener lb-1:80"), "监听 lb-1:80 的状态");
        assert_eq!(said("ports of web rule 2 in sg-1"), "sg-1 中 web 第 2 条规则 的端口");
        assert_eq!(named("IPv4 gateway of vpc-1", Lang::En).as_deref(), Some("IPv4 gateway of vpc-1"));
        assert_eq!(named("rds.instance at-rest", Lang::Zh), None);
    }

    #[test]
    fn every_name_has_the_same_places_in_both_languages_and_fits_itself() {
        for (en, zh) in NAMES {
            for place in ["{0}", "{1}"] {
                assert_eq!(en.matches(place).count(), zh.matches(place).count(), "{en}");
            }
            let sample = en.replace("{0}", "a-1").replace("{1}", "b-2");
            assert_eq!(named(&sample, Lang::En).as_deref(), Some(sample.as_str()), "{en}");
        }
    }
}
