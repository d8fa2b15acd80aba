//! The readings of the platform's open rules, and what would settle each, in the reader's language.

use xiezhi_review::ask_network::OpenRule;

use crate::words::Lang;

/// Both readings: the one that the rule's name states, and the other.
pub fn readings(rule: OpenRule, lang: Lang) -> [&'static str; 2] {
    let [one, other] = rule.readings();
    let [first, second] = chinese(rule);
    [lang.pick(one, first), lang.pick(other, second)]
}

/// The call or experiment that would settle it.
pub fn settled_by(rule: OpenRule, lang: Lang) -> &'static str {
    let zh = match rule {
        OpenRule::DefaultPort => "产品查询连接地址的接口，例如 rds:DescribeDBInstanceNetInfo",
        OpenRule::NlbPreserve => "nlb:ListServerGroups（`PreserveClientIpEnabled`）",
        OpenRule::ClbLegacyList => "slb:DescribeListenerAccessControlAttribute，并尝试建立一次连接",
        OpenRule::Ipv6EgressOnly => "vpc:DescribeIpv6EgressOnlyRules，并从外部尝试建立一次连接",
        OpenRule::BareEntry => "从其他条目均未放行的地址尝试建立一次连接",
        OpenRule::MailPort => "在 25 端口尝试建立一次出方向连接",
        OpenRule::AllProtocols | OpenRule::InnerEgress => "在两台测试实例之间发送一个数据包",
        _ => "对样例路径调用 nis:CreateAndAnalyzeNetworkPath",
    };
    lang.pick(rule.settled_by(), zh)
}

const fn chinese(rule: OpenRule) -> [&'static str; 2] {
    match rule {
        OpenRule::AllProtocols => ["`ALL` 涵盖所有 IP 协议", "`ALL` 仅涵盖 TCP、UDP、ICMP、ICMPv6 和 GRE"],
        OpenRule::MailPort => ["出方向 TCP 25 被限制", "该账号的出方向 TCP 25 已解封"],
        OpenRule::InnerEgress => ["组内互通优先于自定义出方向拒绝规则", "组内互通只对入方向生效"],
        OpenRule::RouteTie => ["自定义路由优先", "传播路由优先"],
        OpenRule::Middlebox => ["中间设备转发所有流量", "中间设备不转发任何流量"],
        OpenRule::DnatSource => ["DNAT 保留客户端源地址", "后端看到的是 NAT 网关的地址"],
        OpenRule::DnatBesideEip => ["DNAT 条目仍然生效", "EIP 路径取代 DNAT 条目"],
        OpenRule::SnatBesideEip => ["SNAT 不作用于已有公网地址的私网地址", "启用 IPv4 网关后由指向 NAT 网关的路由决定"],
        OpenRule::ClbLayer4Groups => ["后端的安全组过滤四层 CLB 流量", "CLB 流量不受后端安全组限制"],
        OpenRule::AlbLocal => ["后端的安全组过滤 ALB 的地址", "后端默认放行 ALB 的地址"],
        OpenRule::FirewallMonitor => ["观察策略放行并结束匹配", "继续匹配下一条策略"],
        OpenRule::Ipv6EgressOnly => ["设在网关上的规则对其后所有地址生效", "只有设在地址本身的规则才生效"],
        OpenRule::ClbLegacyList => ["旧版空白名单不放行任何来源", "旧版空白名单放行所有来源"],
        OpenRule::NlbPreserve => ["保留客户端地址", "后端看到的是 NLB 的地址"],
        OpenRule::PeeringTransit => ["对等连接不向第三方网络转发", "对端按其路由表转发"],
        OpenRule::DefaultPort => ["服务监听其产品文档所述端口", "服务监听其他端口"],
        OpenRule::BareEntry => ["不带掩码的 `0.0.0.0` 放行所有来源", "不带掩码的 `0.0.0.0` 不放行任何来源"],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_open_rule_has_two_different_readings_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let all: BTreeSet<[&str; 2]> = OpenRule::ALL.into_iter().map(|rule| readings(rule, lang)).collect();
            assert_eq!(all.len(), OpenRule::ALL.len());
            assert!(all.iter().all(|[one, other]| one != other));
        }
        let chinese = OpenRule::ALL.into_iter().flat_map(|rule| readings(rule, Lang::Zh));
        assert!(chinese.into_iter().all(|text| !text.is_ascii()));
    }
}
