//! A large estate, the same for the same size: a tenth as many groups as instances, 100 rules in
//! each, classes of one to five groups, an EIP on every instance, network ACLs on half of the
//! vSwitches, and a load balancer for every hundredth instance.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use xiezhi_net::model::*;

/// A small, repeatable source of choices.
pub struct Dice(u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }
}

fn prefix(dice: &mut Dice) -> IpNet {
    let length = [0, 8, 12, 16, 20, 24, 24, 32, 32, 32][dice.roll(10) as usize];
    let address = match dice.roll(4) {
        0 => 0x0a00_0000 | dice.roll(1 << 24) as u32,
        _ => dice.roll(0xdfff_ffff) as u32,
    };
    IpNet::V4(Ipv4Net::new(Ipv4Addr::from(address), length).unwrap().trunc())
}

fn rule(dice: &mut Dice, id: String) -> Rule {
    let ports = match dice.roll(4) {
        0 => (22, 22),
        1 => (80, 443),
        _ => {
            let low = 1 + dice.roll(60_000) as u16;
            (low, low + dice.roll(2_000) as u16)
        }
    };
    Rule {
        id: id.into(),
        direction: Direction::Ingress,
        policy: Seen::Known(if dice.roll(3) == 0 { Policy::Drop } else { Policy::Accept }),
        priority: Seen::Known(1 + dice.roll(100) as u32),
        protocol: Seen::Known(
            [Protocol::Tcp, Protocol::Tcp, Protocol::Tcp, Protocol::Udp, Protocol::Icmp][dice.roll(5) as usize],
        ),
        ports: PortMatch::Ranges(vec![ports]),
        source_ports: PortMatch::All,
        peer: if dice.roll(20) == 0 {
            Peer::Group(format!("sg-{}", dice.roll(100)).into())
        } else {
            Peer::Nets(vec![prefix(dice)])
        },
        own: Seen::Absent,
        nic: Nic::Intranet,
    }
}

/// An estate of `size` instances.
pub fn estate(size: u32) -> Network {
    let dice = &mut Dice(0x9e37_79b9_7f4a_7c15);
    let (groups, classes, vswitches) = (size / 10, (size / 17).max(1), (size / 100).max(1));
    let mut network = Network::default();
    network.vpcs.items.push(Vpc {
        id: "vpc-1".into(),
        cidrs: vec!["10.0.0.0/8".parse().unwrap()],
        ipv4_gateway: Seen::Absent,
        ipv6_gateway: Seen::Absent,
    });
    network.route_tables.items.push(RouteTable {
        id: "vtb-1".into(),
        vpc: "vpc-1".into(),
        gateway: None,
        routes: Seen::Known(vec![]),
    });
    for at in 0..groups {
        let rules = (0..100).map(|number| rule(dice, format!("sg-{at}/{number}"))).collect();
        network.groups.items.push(SecurityGroup {
            id: format!("sg-{at}").into(),
            vpc: Some("vpc-1".into()),
            kind: Seen::Known(GroupKind::Basic),
            inner: Seen::Known(Policy::Drop),
            rules: Seen::Known(rules),
        });
    }
    let entry = |id: String, policy: Policy, ports: (u16, u16)| AclEntry {
        id: id.into(),
        policy,
        protocol: Seen::Known(Protocol::Tcp),
        ports: PortMatch::Ranges(vec![ports]),
        peer: Peer::Nets(vec!["0.0.0.0/0".parse().unwrap()]),
        version: IpVersion::V4,
    };
    for at in 0..vswitches {
        let acl = if at % 2 == 0 { Seen::Absent } else { Seen::Known(format!("nacl-{at}").into()) };
        network.vswitches.items.push(VSwitch {
            id: format!("vsw-{at}").into(),
            vpc: "vpc-1".into(),
            cidrs: vec![IpNet::V4(Ipv4Net::new(Ipv4Addr::from(0x0a00_0000 + (at << 8)), 24).unwrap())],
            acl,
            table: Seen::Known("vtb-1".into()),
        });
        network.acls.items.push(NetworkAcl {
            id: format!("nacl-{at}").into(),
            ingress: Seen::Known(vec![
                entry(format!("nacl-{at}/1"), Policy::Drop, (3389, 3389)),
                entry(format!("nacl-{at}/2"), Policy::Accept, (1, 65535)),
            ]),
            egress: Seen::Known(vec![entry(format!("nacl-{at}/3"), Policy::Accept, (1024, 65535))]),
        });
    }
    let pools: Vec<Vec<Id>> = (0..classes)
        .map(|_| (0..=dice.roll(5)).map(|_| format!("sg-{}", dice.roll(u64::from(groups))).into()).collect())
        .collect();
    for at in 0..size {
        let private = Ipv4Addr::from(0x0a00_0000 + ((at / 100) << 8) + at % 100 + 1);
        network.enis.items.push(Eni {
            id: format!("eni-{at}").into(),
            instance: Some(format!("i-{at}").into()),
            vpc: Seen::Known("vpc-1".into()),
            vswitch: Seen::Known(format!("vsw-{}", at / 100).into()),
            addresses: vec![private],
            ipv6: vec![],
            public: vec![],
            groups: Seen::Known(pools[dice.roll(pools.len() as u64) as usize].clone()),
        });
        let public = IpAddr::V4(Ipv4Addr::from(0x2f60_0000 + at));
        let binding = Binding { to: Bound::Interface(format!("eni-{at}").into()), private: None, mode: EipMode::Nat };
        network.eips.items.push(Eip {
            id: format!("eip-{at}").into(),
            address: public,
            bound: Seen::Known(binding),
            locked: false,
        });
        if at % 100 == 0 {
            let backends = (0..4)
                .map(|next| Backend {
                    to: BackendTo::Instance(format!("i-{}", (at + next) % size).into()),
                    port: Some(80),
                    takes_flows: Seen::Absent,
                })
                .collect();
            network.balancers.items.push(Balancer {
                id: format!("lb-{at}").into(),
                kind: BalancerKind::Clb,
                vpc: Seen::Known("vpc-1".into()),
                public: Seen::Known(vec![IpAddr::V4(Ipv4Addr::from(0x2f80_0000 + at))]),
                private: vec![],
                local: Seen::Absent,
                vswitches: Seen::Absent,
                groups: Seen::Absent,
                listeners: Seen::Known(vec![Listener {
                    id: format!("lb-{at}/80").into(),
                    protocol: ListenerProtocol::Tcp,
                    ports: (80, 80),
                    running: Seen::Known(true),
                    redirect: false,
                    access: Seen::Absent,
                    backends: Seen::Known(backends),
                    preserve_client: Seen::Absent,
                }]),
            });
        }
    }
    network
}
