//! Real packets: security groups, network ACLs and routes as namespaces and nftables rules, real TCP, UDP
//! and ICMP of both families, and the kernel's answers against the plain evaluator and the engine.
//!
//! It needs root, `ip netns` and `nft`; without them it says that it skips. Rules reach the kernel
//! unsorted, in one chain for each priority and policy, so the order does not come from this crate.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    clippy::missing_docs_in_private_items
)]

mod common;
mod lab;

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use common::small::{eip, estate};
use common::{Dice, ip, net};
use lab::{Lab, OWN, OWN6, PORTS, SOURCES, SOURCES6, WAIT, acl, groups, run};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::*;
use xiezhi_net::outside::leaving;
use xiezhi_net::plain::Evaluator;
use xiezhi_net::reach;
use xiezhi_net::segment::Zone;
use xiezhi_net::set::{Flow, PacketSet};

fn random(dice: &mut Dice) -> Network {
    let nets = [
        "0.0.0.0/0",
        "0.0.0.0/0",
        "8.0.0.0/8",
        "8.8.8.8/32",
        "47.0.0.0/8",
        "114.0.0.0/8",
        "0.0.0.0/1",
        "::/0",
        "::/0",
        "2400::/12",
        "2001:4860::/32",
    ];
    let ranges = [(22, 22), (1, 65535), (1, 65535), (80, 443), (53, 53), (1, 1023), (8080, 8080), (23, 80)];
    let rules = (0..14 + dice.roll(16))
        .map(|at| Rule {
            id: format!("r-{at}").into(),
            direction: if at % 2 == 0 { Direction::Ingress } else { Direction::Egress },
            policy: Seen::Known(if dice.once_in(4) { Policy::Drop } else { Policy::Accept }),
            priority: Seen::Known(*dice.pick(&[1, 2, 50, 100])),
            protocol: Seen::Known(*dice.pick(&[
                Protocol::Tcp,
                Protocol::Tcp,
                Protocol::Udp,
                Protocol::Icmp,
                Protocol::Icmpv6,
                Protocol::All,
            ])),
            ports: PortMatch::Ranges(vec![*dice.pick(&ranges)]),
            source_ports: PortMatch::All,
            peer: Peer::Nets(vec![net(dice.pick::<&str>(&nets))]),
            own: Seen::Absent,
            nic: Nic::Intranet,
        })
        .collect();
    let half = dice.roll(8) as usize;
    let mut rules: Vec<Rule> = rules;
    for rule in &mut rules {
        if !matches!(rule.protocol, Seen::Known(Protocol::Tcp | Protocol::Udp)) {
            // SG-9: a rule for ICMP or all protocols has no ports.
            rule.ports = PortMatch::All;
        }
        let v4 = matches!(&rule.peer, Peer::Nets(nets) if nets[0].addr().is_ipv4());
        if v4 && dice.once_in(6) {
            rule.own = Seen::Known(vec![net("10.0.1.5/32")]);
        }
    }
    let second = rules.split_off(half.min(rules.len()));
    let group = |id: &str, rules: Vec<Rule>| SecurityGroup {
        id: id.into(),
        vpc: Some("vpc-1".into()),
        kind: Seen::Known(GroupKind::Advanced),
        inner: Seen::Known(Policy::Drop),
        rules: Seen::Known(rules),
    };
    let mut network = estate(vec![group("sg-1", rules), group("sg-2", second)]);
    network.eips = (1..=3)
        .map(|at| {
            let binding = Binding {
                to: Bound::Interface("eni-1".into()),
                private: Some(OWN[at as usize - 1].parse().unwrap()),
                mode: EipMode::Multi,
            };
            Eip { bound: Seen::Known(binding), ..eip(at, Bound::Interface("eni-1".into())) }
        })
        .collect::<Vec<_>>()
        .into();
    let eni = &mut network.enis.items[0];
    eni.addresses = OWN.iter().map(|own| own.parse().unwrap()).collect();
    eni.ipv6 = OWN6
        .iter()
        .map(|own| Ipv6 {
            id: None,
            address: own.parse().unwrap(),
            bandwidth: Seen::Known(true),
            egress_only: Seen::Absent,
        })
        .collect();
    network.vpcs.items[0].ipv4_gateway = Seen::Known("igw-1".into());
    network.vpcs.items[0].ipv6_gateway = Seen::Known("ipv6gw-1".into());
    let v4 = *dice.pick(&[&["0.0.0.0/0"][..], &["0.0.0.0/0"], &["8.0.0.0/8", "47.0.0.0/8"]]);
    let v6 = *dice.pick(&[&["::/0"][..], &["::/0"], &["2400::/12"]]);
    let route = |text: &&str| {
        let destination = net(text);
        let next = if destination.addr().is_ipv4() {
            NextHop::Ipv4Gateway("igw-1".into())
        } else {
            NextHop::Ipv6Gateway("ipv6gw-1".into())
        };
        Route { id: (*text).into(), destination, next: Seen::Known(vec![next]), origin: RouteOrigin::Own }
    };
    network.route_tables.items[0].routes = Seen::Known(v4.iter().chain(v6).map(route).collect());
    let mut entries = |ports: &[(u16, u16)]| -> Vec<AclEntry> {
        let mut list: Vec<AclEntry> = (0..dice.roll(4))
            .map(|at| {
                let peer = net(dice.pick::<&str>(&nets));
                let pool = [Protocol::Tcp, Protocol::Tcp, Protocol::Udp, Protocol::Udp, Protocol::Icmp];
                let protocol = match *dice.pick(&pool) {
                    // What `icmp` means in an IPv6 entry no document says.
                    Protocol::Icmp if peer.addr().is_ipv6() => Protocol::All,
                    protocol => protocol,
                };
                AclEntry {
                    id: format!("e-{at}").into(),
                    policy: if dice.once_in(2) { Policy::Drop } else { Policy::Accept },
                    protocol: Seen::Known(protocol),
                    ports: match protocol {
                        Protocol::Icmp | Protocol::All => PortMatch::All,
                        _ => PortMatch::Ranges(vec![*dice.pick(ports)]),
                    },
                    peer: Peer::Nets(vec![peer]),
                    version: IpVersion::of(peer.addr()),
                }
            })
            .collect();
        if !dice.once_in(12) {
            for all in ["0.0.0.0/0", "::/0"] {
                list.push(AclEntry {
                    id: all.into(),
                    policy: Policy::Accept,
                    protocol: Seen::Known(Protocol::All),
                    ports: PortMatch::All,
                    peer: Peer::Nets(vec![net(all)]),
                    version: IpVersion::of(net(all).addr()),
                });
            }
        }
        list
    };
    // Ephemeral ports of the lab are 50000 to 60999; ranges do not cut through them.
    let (ingress, egress) = (entries(&ranges), entries(&[(1024, 65535), (1, 1023), (32768, 60999), (1, 49999)]));
    network.acls =
        vec![NetworkAcl { id: "nacl-1".into(), ingress: Seen::Known(ingress), egress: Seen::Known(egress) }].into();
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    network
}

/// A packet of the lab: protocol, source, source port (UDP), destination, port; and its destination in the model.
struct Probe {
    protocol: u8,
    source: &'static str,
    source_port: u16,
    to: &'static str,
    port: u16,
    stands: String,
}

/// The probes of one round: from outside to each address of the instance, or from these addresses to the outside.
fn probes(round: u16, outward: bool) -> Vec<Probe> {
    let public = |at: usize| format!("47.1.0.{}", at + 1);
    let v4 = SOURCES.iter().zip(OWN).enumerate().map(|(at, (far, own))| (*far, own, public(at)));
    let v6 = SOURCES6.iter().zip(OWN6).map(|(far, own)| (*far, own, own.to_owned()));
    let mut all = Vec::new();
    for (far, own, public) in v4.chain(v6) {
        let (source, to, stands) = if outward { (own, far, far.to_owned()) } else { (far, own, public) };
        let probe =
            |protocol, source_port, port| Probe { protocol, source, source_port, to, port, stands: stands.clone() };
        for (at, port) in (0_u16..).zip(PORTS) {
            all.push(probe(6, 50_000, port));
            // A fresh source port in every round, so that the kernel's connection tracking knows none.
            all.push(probe(17, 50_000 + round * 8 + at, port));
        }
        all.push(probe(if ip(own).is_ipv4() { 1 } else { 58 }, 0, 0));
    }
    all
}

/// What runs inside a namespace: the echo server, or the client with its probes.
#[test]
#[ignore = "started by the other test inside a namespace"]
fn role() {
    let Ok(role) = std::env::var("XIEZHI_REAL_ROLE") else { return };
    let (role, rest) = role.split_once(' ').unwrap();
    if role == "echo" {
        let own: Vec<&str> = if rest == "inside" {
            OWN.into_iter().chain(OWN6).collect()
        } else {
            SOURCES.into_iter().chain(SOURCES6).collect()
        };
        let sockets =
            own.iter().flat_map(|own| PORTS.map(|port| UdpSocket::bind(SocketAddr::new(ip(own), port)).unwrap()));
        let threads: Vec<_> = sockets
            .map(|socket| {
                std::thread::spawn(move || {
                    let mut buffer = [0; 64];
                    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                        let _ = socket.send_to(&buffer[..length], from);
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        return;
    }
    let (round, output) = rest.split_once(' ').unwrap();
    let threads: Vec<_> = probes(round.parse().unwrap(), role == "outward")
        .into_iter()
        .map(|probe| std::thread::spawn(move || answered(&probe)))
        .collect();
    let answers: String = threads.into_iter().map(|thread| if thread.join().unwrap() { '1' } else { '0' }).collect();
    std::fs::write(output, answers).unwrap();
}

fn answered(probe: &Probe) -> bool {
    let (from, to) = (ip(probe.source), SocketAddr::new(ip(probe.to), probe.port));
    match (probe.protocol, probe.port) {
        (6, _) => connects(from, to),
        (_, 0) => echoes(from, to),
        _ => {
            let socket = UdpSocket::bind(SocketAddr::new(from, probe.source_port)).unwrap();
            socket.set_read_timeout(Some(WAIT)).unwrap();
            socket.connect(to).is_ok() && socket.send(b"?").is_ok() && socket.recv(&mut [0; 8]).is_ok()
        }
    }
}

/// Calls a function with an address as the kernel takes it.
fn at<T>(address: SocketAddr, call: impl Fn(&dyn nix::sys::socket::SockaddrLike) -> T) -> T {
    use nix::sys::socket::{SockaddrIn, SockaddrIn6};
    match address {
        SocketAddr::V4(address) => call(&SockaddrIn::from(address)),
        SocketAddr::V6(address) => call(&SockaddrIn6::from(address)),
    }
}

/// Whether a connection is answered. A refusal is an answer: the segment arrived and its reply came back.
fn connects(from: IpAddr, to: SocketAddr) -> bool {
    use nix::errno::Errno;
    use nix::sys::socket::{AddressFamily, SockFlag, SockType, bind, connect, setsockopt, socket, sockopt};
    use nix::sys::time::TimeVal;
    use std::os::fd::AsRawFd;
    let family = if to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    let socket = socket(family, SockType::Stream, SockFlag::empty(), None).unwrap();
    // Bounds the connection attempt as well.
    setsockopt(&socket, sockopt::SendTimeout, &TimeVal::new(0, 400_000)).unwrap();
    at(SocketAddr::new(from, 0), |own| bind(socket.as_raw_fd(), own)).unwrap();
    matches!(at(to, |to| connect(socket.as_raw_fd(), to)), Ok(()) | Err(Errno::ECONNREFUSED))
}

/// Whether an ICMP echo request is answered. The kernel chooses the identifier.
fn echoes(from: IpAddr, to: SocketAddr) -> bool {
    use nix::sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType, bind};
    use std::os::fd::AsRawFd;
    let (family, protocol, request) = if to.is_ipv4() {
        (AddressFamily::Inet, SockProtocol::Icmp, 8)
    } else {
        (AddressFamily::Inet6, SockProtocol::IcmpV6, 128)
    };
    let socket = nix::sys::socket::socket(family, SockType::Datagram, SockFlag::empty(), protocol).unwrap();
    at(SocketAddr::new(from, 0), |own| bind(socket.as_raw_fd(), own)).unwrap();
    let socket = UdpSocket::from(socket);
    socket.set_read_timeout(Some(WAIT)).unwrap();
    socket.connect(to).is_ok()
        && socket.send(&[request, 0, 0, 0, 0, 0, 0, 1, b'?']).is_ok()
        && socket.recv(&mut [0; 16]).is_ok()
}

#[test]
fn the_kernel_agrees_with_the_plain_evaluator_and_the_engine() {
    let tools = ["ip", "nft"].iter().find(|tool| run(tool, &[if **tool == "ip" { "-V" } else { "-v" }], "").is_err());
    if let Some(tool) = tools {
        return eprintln!("SKIPPED: real packets need `{tool}`");
    }
    let mut lab = match Lab::build() {
        Ok(lab) => lab,
        Err(why) => return eprintln!("SKIPPED: real packets need namespaces: {why}"),
    };
    lab.echoes = [(2, "echo inside"), (0, "echo outside")].map(|(at, role)| lab.role(at, role).spawn().unwrap()).into();
    // Until link-local addresses are usable, routers cannot look up neighbours.
    std::thread::sleep(Duration::from_millis(2_000));
    let output = std::env::temp_dir().join(format!("xiezhi-real-{}", std::process::id()));
    let readings = Readings::default();
    // Accepted and dropped by direction and protocol.
    let mut seen: std::collections::BTreeMap<(bool, u8), (u32, u32)> = std::collections::BTreeMap::new();
    for round in 0..12_u16 {
        let network = random(&mut Dice::new(u64::from(round) + 90));
        lab.load(&network).unwrap();
        let evaluator = Evaluator::new(&network, &readings);
        let report = reach::from_internet(&network, &readings);
        let departures = leaving(&network, &readings, &Zone::Interface("eni-1".into()), &PacketSet::all());
        for (outward, at, role) in [(false, 0, "inward"), (true, 2, "outward")] {
            let status = lab.role(at, &format!("{role} {round} {}", output.display())).status().unwrap();
            assert!(status.success(), "the sender of round {round} failed");
            let answers = std::fs::read_to_string(&output).unwrap();
            for (probe, answer) in probes(round, outward).iter().zip(answers.chars()) {
                let flow = Flow {
                    source: ip(probe.source),
                    destination: ip(&probe.stands),
                    protocol: probe.protocol,
                    source_port: probe.source_port,
                    port: probe.port,
                };
                let (traces, engine) = match outward {
                    false => (
                        evaluator.from_internet(&flow),
                        report.exposures.iter().any(|exposure| exposure.certain().contains(&flow)),
                    ),
                    true => (
                        evaluator.outside(&"eni-1".into(), &flow),
                        departures.iter().any(|departure| departure.crossing.certain.contains(&flow)),
                    ),
                };
                let arrives = traces.iter().any(|trace| trace.verdict.is_yes());
                assert_eq!(
                    (answer == '1', arrives),
                    (arrives, engine),
                    "round {round}, {role}: {flow}: kernel {answer}\n{:?}\n{}{}",
                    traces.first(),
                    groups(&network),
                    acl(&network)
                );
                let of = seen.entry((outward, probe.protocol)).or_default();
                if arrives { of.0 += 1 } else { of.1 += 1 }
            }
        }
    }
    let _ = std::fs::remove_file(&output);
    eprintln!("real packets, accepted and dropped by direction (outward) and protocol: {seen:?}");
    for outward in [false, true] {
        for protocol in [1, 6, 17, 58] {
            let (accepted, dropped) = seen[&(outward, protocol)];
            assert!(
                accepted * 6 > accepted + dropped && dropped * 6 > accepted + dropped,
                "outward {outward}, protocol {protocol}: {accepted} accepted, {dropped} dropped"
            );
        }
    }
}
