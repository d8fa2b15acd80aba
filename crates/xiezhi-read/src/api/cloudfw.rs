//! Cloud Firewall answers.

use xiezhi_model::service::cloudfw::{
    Asset, CenFirewall, ExpressFirewall, Firewall, NatFirewall, NatPolicy, Policy, TransitFirewall, VpcPolicy,
};
use xiezhi_model::{Fact, Link, List, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls of Cloud Firewall.
pub const CALLS: &[Call] = &[
    Call::answer("cloudfw", "DescribeUserBuyVersion", version),
    Call::answer("cloudfw", "DescribeDefaultIPSConfig", ips),
    Call::listing("cloudfw", "DescribeAssetList", "Assets", Asset::SCHEMA, asset),
    Call::listing("cloudfw", "DescribeControlPolicy", "Policys", Policy::SCHEMA, policy),
    Call::answer("cloudfw", "DescribePolicyAdvancedConfig", advanced),
    Call::listing("cloudfw", "DescribeVpcFirewallCenList", "VpcFirewalls", CenFirewall::SCHEMA, cen_firewall),
    Call::listing("cloudfw", "DescribeVpcFirewallList", "VpcFirewalls", ExpressFirewall::SCHEMA, express_firewall),
    Call::listing("cloudfw", "DescribeTrFirewallsV2List", "VpcTrFirewalls", TransitFirewall::SCHEMA, transit_firewall),
    Call::listing("cloudfw", "DescribeVpcFirewallControlPolicy", "Policys", VpcPolicy::SCHEMA, vpc_policy),
    Call::listing("cloudfw", "DescribeNatFirewallList", "NatFirewallList", NatFirewall::SCHEMA, nat_firewall),
    Call::listing("cloudfw", "DescribeNatFirewallControlPolicy", "Policys", NatPolicy::SCHEMA, nat_policy),
];

/// Words of `FirewallSwitchStatus`. One that is being switched is neither.
const ON: &[&str] = &["opened"];
const OFF: &[&str] = &["closed", "notconfigured", "configured"];

fn version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut Firewall| {
        firewall.active = f.bool("UserStatus");
        firewall.edition = f.text("Version");
        firewall.log_service = f.bool("LogStatus");
    });
}

fn switch(f: &Fields<'_>, path: &str) -> Fact<bool> {
    f.int(path).map(|value| value == 1)
}

fn ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut Firewall| {
        firewall.ips_blocks = switch(f, "RunMode");
        firewall.ips_basic_rules = switch(f, "BasicRules");
        firewall.ips_threat_intelligence = switch(f, "CtiRules");
        firewall.ips_virtual_patches = switch(f, "PatchRules");
    });
}

fn asset(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InternetAddress"), |asset: &mut Asset| {
        asset.head.name = f.text("Name");
        asset.head.region = f.text("RegionID");
        asset.ip = f.text("InternetAddress");
        asset.instance = f.text(if f.has("BindInstanceId") { "BindInstanceId" } else { "ResourceInstanceId" });
        asset.resource_type = f.text("ResourceType");
        asset.protected = f.flag("ProtectStatus", &["open"], &["closed", "opening", "closing"]);
    });
}

fn advanced(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut Firewall| firewall.strict = f.flag("InternetSwitch", &["on"], &["off"]));
}

fn cen_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpcFirewallId"), |firewall: &mut CenFirewall| {
        firewall.head.name = f.text("VpcFirewallName");
        firewall.vpc = f.link("LocalVpc.NetworkInstanceId");
        firewall.cen = f.text("CenId");
        firewall.active = f.flag("FirewallSwitchStatus", ON, OFF);
        firewall.strict = switch(f, "AclConfig.StrictMode");
    });
}

fn express_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpcFirewallId"), |firewall: &mut ExpressFirewall| {
        firewall.head.name = f.text("VpcFirewallName");
        firewall.vpc = f.link("LocalVpc.VpcId");
        firewall.peer_vpc = f.link("PeerVpc.VpcId");
        firewall.active = f.flag("FirewallSwitchStatus", ON, OFF);
        firewall.strict = switch(f, "AclConfig.StrictMode");
    });
}

fn transit_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("FirewallId"), |firewall: &mut TransitFirewall| {
        firewall.transit_router = f.text("TransitRouterId");
        firewall.active = f.flag("FirewallSwitchStatus", ON, OFF);
    });
}

/// What policies of every boundary say alike.
macro_rules! said {
    ($policy:ident, $f:ident, $page:literal) => {
        $policy.head.name = $f.text("Description");
        $policy.action = $f.text("AclAction").map(|word| word.to_ascii_lowercase());
        $policy.protocol = $f.text("Proto").map(|word| word.to_ascii_lowercase());
        $policy.application = $f.opt_text("ApplicationName");
        $policy.source_cidrs = ranges($f, "Source", "SourceType", "SourceGroupCidrs");
        $policy.destination_cidrs = ranges($f, "Destination", "DestinationType", "DestinationGroupCidrs");
        $policy.ports = policy_ports($f);
        $policy.order = $f.int("Order");
        $policy.enabled = $f.flag("Release", &["true"], &["false"]);
        $policy.repeat = lower($f.text_or("RepeatType", "Permanent", $page));
    };
}

fn nat_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ProxyId"), |firewall: &mut NatFirewall| {
        firewall.head.name = f.text("ProxyName");
        firewall.head.region = f.text("RegionId");
        firewall.gateway = f.link("NatGatewayId");
        // One that is being made, switched or failed is neither on nor off.
        firewall.active = f.flag("ProxyStatus", &["normal"], &["closed"]);
        firewall.strict = switch(f, "StrictMode");
        let entries = f.each("NatRouteEntryList");
        let routes = entries.iter().filter_map(|entry| {
            let (table, destination) = (entry.plain("RouteTableId")?, entry.plain("DestinationCidr")?);
            Some(Text::from(format!("{table} {destination}")))
        });
        firewall.routes = f.known(List::complete(routes.collect()));
    });
}

fn nat_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let asked = sink.param("NatGatewayId");
    sink.put(f, f.text("AclUuid"), |policy: &mut NatPolicy| {
        said!(policy, f, "Cloud Firewall DescribeNatFirewallControlPolicy");
        policy.gateway = match f.has("NatGatewayId") {
            true => f.link("NatGatewayId"),
            false => asked.map(Link::id),
        };
        policy.application = applications(f.texts("ApplicationNameList"));
    });
}

/// Several applications as one text.
pub(crate) fn applications(list: Fact<List<Text>>) -> Fact<Text> {
    list.map(|list| list.items.iter().map(Text::as_str).collect::<Vec<_>>().join(",").into())
}

fn vpc_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let firewall = sink.param("VpcFirewallId");
    sink.put(f, f.text("AclUuid"), |policy: &mut VpcPolicy| {
        policy.firewall = firewall;
        said!(policy, f, "Cloud Firewall DescribeVpcFirewallControlPolicy");
    });
}

/// The destination ports, or those of the port book.
fn policy_ports(f: &Fields<'_>) -> Fact<List<Text>> {
    match f.plain("DestPortType") {
        Some("group") => f.texts("DestPortGroupPorts"),
        _ => ports(f.text("DestPort")),
    }
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let family = sink.param("IpVersion").value().is_some_and(|version| version == "6");
    sink.put(f, f.text("AclUuid"), |policy: &mut Policy| {
        // The answer does not repeat the family that was asked for; 4 is asked for when none is named.
        policy.ip_version = f.known(if family { "ipv6" } else { "ipv4" }.into());
        policy.direction = f.text("Direction").map(|word| word.to_ascii_lowercase());
        policy.source = f.text("Source");
        policy.destination = f.text("Destination");
        said!(policy, f, "Cloud Firewall DescribeControlPolicy");
    });
}

/// A port as `from/to`; `0/0` and nothing at all are every port. Source: Cloud Firewall, AddControlPolicy `DestPort`.
pub(crate) fn ports(port: Fact<Text>) -> Fact<List<Text>> {
    port.map(|port| List::complete(vec![if port.is_empty() { "0/0".into() } else { port }]))
}

/// The address ranges of a side: the CIDR itself, or the members of the address book.
fn ranges(f: &Fields<'_>, side: &str, kind: &str, members: &str) -> Fact<List<Text>> {
    match f.plain(kind) {
        Some("net") => f.texts(side),
        Some("group") => f.texts(members),
        Some(kind) => f.unknown(Reason::not_understood(format!("the addresses behind a `{kind}`"))),
        None => f.unknown(Reason::NotInEvidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn an_address_book_is_its_members_and_a_domain_has_no_known_addresses() {
        let inventory = answers(&[(
            "cloudfw:DescribeControlPolicy",
            "",
            r#"{"Policys":[{"AclUuid":"u","Direction":"out","AclAction":"accept","Proto":"TCP","Source":"book",
            "SourceType":"group","SourceGroupCidrs":["10.0.0.0/8"],"Destination":"example.com","DestinationType":"domain",
            "DestPort":"443/443","DestPortType":"port","Order":1,"Release":"true"}]}"#,
        )]);
        let policy: &Policy = only(&inventory);
        assert_eq!(policy.source_cidrs.value().map(|list| list.items[0].as_str()), Some("10.0.0.0/8"));
        assert!(policy.destination_cidrs.reason().is_some());
        assert_eq!(policy.ports.value().map(|list| list.items[0].as_str()), Some("443/443"));
    }

    #[test]
    fn an_asset_that_is_just_being_switched_in_is_not_protected_yet() {
        let inventory = answers(&[
            (
                "cloudfw:DescribeAssetList",
                "",
                r#"{"Assets":[{"InternetAddress":"203.0.113.7","ProtectStatus":"opening"}]}"#,
            ),
            ("cloudfw:DescribeDefaultIPSConfig", "", r#"{"RunMode":0,"BasicRules":1,"CtiRules":1,"PatchRules":0}"#),
        ]);
        assert_eq!(only::<Asset>(&inventory).protected.value(), Some(&false));
        let firewall: &Firewall = only(&inventory);
        assert_eq!((firewall.ips_blocks.value(), firewall.ips_basic_rules.value()), (Some(&false), Some(&true)));
    }
}
