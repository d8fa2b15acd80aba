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

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::small::{eip, estate};
use common::{Dice, ip, net};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::*;
use xiezhi_net::set::Flow;
use xiezhi_net::{plain, reach};

const SOURCES: [&str; 3] = ["8.8.8.8", "47.9.9.9", "114.114.114.114"];
const OWN: [&str; 3] = ["10.0.1.4", "10.0.1.5", "10.0.1.6"];
const SOURCES6: [&str; 2] = ["2400:3200::1", "2001:4860::8888"];
const OWN6: [&str; 2] = ["2408:4001::5", "2408:4001::6"];
const PORTS: [u16; 5] = [22, 53, 80, 443, 8080];
const WAIT: Duration = Duration::from_millis(400);

/// Three namespaces in a row: client, router with the network ACL, server with the security groups.
struct Lab {
    names: [String; 3],
    echo: Option<Child>,
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(mut echo) = self.echo.take() {
            let _ = echo.kill();
            let _ = echo.wait();
        }
        for name in &self.names {
            let _ = Command::new("ip").args(["netns", "del", name]).stderr(Stdio::null()).status();
        }
    }
}

fn run(program: &str, args: &[&str], input: &str) -> Result<(), String> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    child.stdin.take().unwrap().write_all(input.as_bytes()).map_err(|error| error.to_string())?;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Lab {
    fn shell(&self, at: usize, script: &str) -> Result<(), String> {
        run("ip", &["netns", "exec", &self.names[at], "sh", "-e"], script)
    }

    fn build() -> Result<Self, String> {
        let id = std::process::id();
        let lab = Self { names: ["c", "r", "s"].map(|part| format!("xz-{part}-{id}")), echo: None };
        for name in &lab.names {
            run("ip", &["netns", "add", name], "")?;
        }
        let [c, r, s] = &lab.names;
        run("ip", &["link", "add", "up0", "netns", c, "type", "veth", "peer", "name", "cl0", "netns", r], "")?;
        run("ip", &["link", "add", "dn0", "netns", r, "type", "veth", "peer", "name", "up0", "netns", s], "")?;
        let quiet = "for f in /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done\nip link set lo up\n";
        let mut client = format!(
            "{quiet}ip link set up0 up\nip addr add 192.168.100.2/30 dev up0\nip -6 addr add fd00:1::2/64 dev up0 nodad\necho 50000 60999 > /proc/sys/net/ipv4/ip_local_port_range\necho 0 2147483647 > /proc/sys/net/ipv4/ping_group_range\n"
        );
        for (source, own) in SOURCES.iter().zip(OWN) {
            write!(client, "ip addr add {source}/32 dev up0\nip route add {own}/32 via 192.168.100.1 src {source}\n")
                .unwrap();
        }
        for (source, own) in SOURCES6.iter().zip(OWN6) {
            write!(
                client,
                "ip -6 addr add {source}/128 dev up0 nodad\nip -6 route add {own}/128 via fd00:1::1 src {source}\n"
            )
            .unwrap();
        }
        lab.shell(0, &client)?;
        let mut router = format!(
            "{quiet}ip link set cl0 up\nip link set dn0 up\nip addr add 192.168.100.1/30 dev cl0\nip addr add 192.168.101.1/30 dev dn0\nip -6 addr add fd00:1::1/64 dev cl0 nodad\nip -6 addr add fd00:2::1/64 dev dn0 nodad\n\
             echo 1 > /proc/sys/net/ipv4/ip_forward\necho 1 > /proc/sys/net/ipv6/conf/all/forwarding\nip route add 10.0.1.0/24 via 192.168.101.2\nip -6 route add 2408:4001::/64 via fd00:2::2\n"
        );
        SOURCES.iter().for_each(|source| writeln!(router, "ip route add {source}/32 via 192.168.100.2").unwrap());
        SOURCES6.iter().for_each(|source| writeln!(router, "ip -6 route add {source}/128 via fd00:1::2").unwrap());
        lab.shell(1, &router)?;
        let mut server = format!(
            "{quiet}ip link set up0 up\nip addr add 192.168.101.2/30 dev up0\nip -6 addr add fd00:2::2/64 dev up0 nodad\n"
        );
        OWN.iter().for_each(|own| writeln!(server, "ip addr add {own}/32 dev up0").unwrap());
        OWN6.iter().for_each(|own| writeln!(server, "ip -6 addr add {own}/128 dev up0 nodad").unwrap());
        lab.shell(2, &server)?;
        Ok(lab)
    }

    fn role(&self, at: usize, role: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.names[at]]).arg(std::env::current_exe().unwrap());
        command
            .args(["--exact", "role", "--ignored", "--nocapture"])
            .env("XIEZHI_REAL_ROLE", role)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Loads the groups, the ACL and the routes of a network.
    fn load(&self, network: &Network) -> Result<(), String> {
        run("ip", &["netns", "exec", &self.names[2], "nft", "-f", "-"], &groups(network))?;
        run("ip", &["netns", "exec", &self.names[1], "nft", "-f", "-"], &acl(network))?;
        let mut script = "ip route flush proto static\nip -6 route flush proto static\n".to_owned();
        for route in network.route_tables.items[0].routes.known().unwrap() {
            let (family, via) =
                if route.destination.addr().is_ipv4() { ("-4", "192.168.101.1") } else { ("-6", "fd00:2::1") };
            writeln!(script, "ip {family} route add {} via {via} proto static", route.destination).unwrap();
        }
        self.shell(2, &script)
    }
}

fn terms(
    protocol: &Seen<Protocol>,
    ports: &PortMatch,
    source_ports: &PortMatch,
    peer: &Peer,
    side: &str,
) -> Vec<String> {
    let Peer::Nets(nets) = peer else { panic!("the lab knows prefixes only") };
    let name = match protocol {
        Seen::Known(Protocol::Tcp) => Some("tcp"),
        Seen::Known(Protocol::Udp) => Some("udp"),
        Seen::Known(Protocol::Icmp) => Some("icmp"),
        Seen::Known(Protocol::Icmpv6) => Some("icmpv6"),
        _ => None,
    };
    let mut match_ports = String::new();
    for (field, ports) in [("dport", ports), ("sport", source_ports)] {
        if let (Some(name), PortMatch::Ranges(ranges)) = (name, ports) {
            let ranges: Vec<String> = ranges.iter().map(|(low, high)| format!("{low}-{high}")).collect();
            write!(match_ports, "{name} {field} {{ {} }} ", ranges.join(", ")).unwrap();
        }
    }
    if match_ports.is_empty()
        && let Some(name) = name
    {
        write!(match_ports, "meta l4proto {name} ").unwrap();
    }
    nets.iter()
        .map(|net| format!("{} {side} {net} {match_ports}", if net.addr().is_ipv4() { "ip" } else { "ip6" }))
        .collect()
}

/// One chain for each priority and policy; the kernel walks priorities upwards, drops first (SG-5).
fn groups(network: &Network) -> String {
    let rules: Vec<&Rule> = network.groups.iter().flat_map(|group| group.rules.known().unwrap()).collect();
    let (mut chains, mut jumps) = (String::new(), String::new());
    for priority in 1..=100 {
        for (policy, verdict) in [(Policy::Drop, "drop"), (Policy::Accept, "accept")] {
            let mut lines = String::new();
            for rule in
                rules.iter().filter(|rule| rule.priority == Seen::Known(priority) && rule.policy == Seen::Known(policy))
            {
                let own = rule.own.known().map(|nets| format!("ip daddr {} ", nets[0])).unwrap_or_default();
                terms(&rule.protocol, &rule.ports, &rule.source_ports, &rule.peer, "saddr")
                    .iter()
                    .for_each(|term| writeln!(lines, "{own}{term}{verdict}").unwrap());
            }
            if !lines.is_empty() {
                write!(chains, "chain p{priority}{verdict} {{\n{lines}}}\n").unwrap();
                writeln!(jumps, "jump p{priority}{verdict}").unwrap();
            }
        }
    }
    format!(
        "flush ruleset\ntable inet sg {{\n{chains}chain input {{ type filter hook input priority 0; policy drop;\nct state established accept\nicmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert }} accept\n{jumps}}}\n}}\n"
    )
}

/// Stateless: both directions are walked entry by entry (NACL-4, NACL-5).
fn acl(network: &Network) -> String {
    let acl = &network.acls.items[0];
    let chain = |name: &str, entries: &Seen<Vec<AclEntry>>, side: &str| {
        let mut lines = String::new();
        for entry in entries.known().unwrap() {
            let verdict = if entry.policy == Policy::Accept { "accept" } else { "drop" };
            terms(&entry.protocol, &entry.ports, &PortMatch::All, &entry.peer, side)
                .iter()
                .for_each(|term| writeln!(lines, "{term}{verdict}").unwrap());
        }
        format!("chain {name} {{\n{lines}drop\n}}\n")
    };
    format!(
        "flush ruleset\ntable inet nacl {{\n{}{}chain forward {{ type filter hook forward priority 0; policy drop;\niifname \"cl0\" jump into\niifname \"dn0\" jump out\n}}\n}}\n",
        chain("into", &acl.ingress, "saddr"),
        chain("out", &acl.egress, "daddr")
    )
}

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
    let rules = (0..8 + dice.roll(10))
        .map(|at| Rule {
            id: format!("r-{at}").into(),
            direction: Direction::Ingress,
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
    let half = dice.roll(4) as usize;
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
                let protocol =
                    *dice.pick(&[Protocol::Tcp, Protocol::Tcp, Protocol::Udp, Protocol::Udp, Protocol::Icmp]);
                AclEntry {
                    id: format!("e-{at}").into(),
                    policy: if dice.once_in(2) { Policy::Drop } else { Policy::Accept },
                    protocol: Seen::Known(protocol),
                    ports: match protocol {
                        Protocol::Icmp => PortMatch::All,
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

/// Protocol, source, source port (UDP), destination in the lab, destination in the model, port.
type Probe = (u8, &'static str, u16, &'static str, String, u16);

fn probes(round: u16) -> Vec<Probe> {
    let mut all = Vec::new();
    let v4 =
        SOURCES.iter().zip(OWN).enumerate().map(|(at, (source, own))| (*source, own, format!("47.1.0.{}", at + 1)));
    let v6 = SOURCES6.iter().zip(OWN6).map(|(source, own)| (*source, own, own.to_owned()));
    for (source, own, public) in v4.chain(v6) {
        for (at, port) in (0_u16..).zip(PORTS) {
            all.push((6, source, 50_000, own, public.clone(), port));
            // A fresh source port in every round, so that the kernel's connection tracking knows none.
            all.push((17, source, 50_000 + round * 8 + at, own, public.clone(), port));
        }
        all.push((if ip(own).is_ipv4() { 1 } else { 58 }, source, 0, own, public, 0));
    }
    all
}

/// What runs inside a namespace: the echo server, or the client with its probes.
#[test]
#[ignore = "started by the other test inside a namespace"]
fn role() {
    let Ok(role) = std::env::var("XIEZHI_REAL_ROLE") else { return };
    if role == "echo" {
        let sockets = OWN
            .iter()
            .chain(&OWN6)
            .flat_map(|own| PORTS.map(|port| UdpSocket::bind(SocketAddr::new(ip(own), port)).unwrap()));
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
    let (round, output) = role.split_once(' ').unwrap();
    let threads: Vec<_> =
        probes(round.parse().unwrap()).into_iter().map(|probe| std::thread::spawn(move || answered(&probe))).collect();
    let answers: String = threads.into_iter().map(|thread| if thread.join().unwrap() { '1' } else { '0' }).collect();
    std::fs::write(output, answers).unwrap();
}

fn answered((protocol, source, source_port, own, _, port): &Probe) -> bool {
    let to = SocketAddr::new(ip(own), *port);
    if *protocol == 6 {
        // A refusal is an answer: the segment arrived and its reply came back.
        return match TcpStream::connect_timeout(&to, WAIT) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        };
    }
    if *port == 0 {
        return echoes(to);
    }
    let socket = UdpSocket::bind(SocketAddr::new(ip(source), *source_port)).unwrap();
    socket.set_read_timeout(Some(WAIT)).unwrap();
    socket.connect(to).unwrap();
    socket.send(b"?").is_ok() && socket.recv(&mut [0; 8]).is_ok()
}

/// Whether an ICMP echo request is answered. The kernel chooses the identifier; the source is that of the route.
fn echoes(to: SocketAddr) -> bool {
    use nix::sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType};
    let (family, protocol, request) = if to.is_ipv4() {
        (AddressFamily::Inet, SockProtocol::Icmp, 8)
    } else {
        (AddressFamily::Inet6, SockProtocol::IcmpV6, 128)
    };
    let socket = nix::sys::socket::socket(family, SockType::Datagram, SockFlag::empty(), protocol).unwrap();
    let socket = UdpSocket::from(socket);
    socket.set_read_timeout(Some(WAIT)).unwrap();
    socket.connect(to).unwrap();
    socket.send(&[request, 0, 0, 0, 0, 0, 0, 1, b'?']).is_ok() && socket.recv(&mut [0; 16]).is_ok()
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
    lab.echo = Some(lab.role(2, "echo").spawn().unwrap());
    // Until link-local addresses are usable, routers cannot look up neighbours.
    std::thread::sleep(Duration::from_millis(2_000));
    let output = std::env::temp_dir().join(format!("xiezhi-real-{}", std::process::id()));
    let readings = Readings::default();
    // Accepted and dropped by protocol.
    let mut seen: std::collections::BTreeMap<u8, (u32, u32)> = std::collections::BTreeMap::new();
    for round in 0..12_u16 {
        let network = random(&mut Dice::new(u64::from(round) + 90));
        lab.load(&network).unwrap();
        let status = lab.role(0, &format!("{round} {}", output.display())).status().unwrap();
        assert!(status.success(), "the client of round {round} failed");
        let answers = std::fs::read_to_string(&output).unwrap();
        let report = reach::from_internet(&network, &readings);
        for ((protocol, source, source_port, own, public, port), answer) in probes(round).iter().zip(answers.chars()) {
            let flow = Flow {
                source: ip(source),
                destination: ip(public),
                protocol: *protocol,
                source_port: *source_port,
                port: *port,
            };
            let traces = plain::from_internet(&network, &readings, &flow);
            let arrives = traces.iter().any(|trace| trace.verdict.is_yes());
            let engine = report.exposures.iter().any(|exposure| exposure.certain().contains(&flow));
            assert_eq!(
                (answer == '1', arrives),
                (arrives, engine),
                "round {round}: {flow} to {own}: kernel {answer}\n{:?}\n{}{}",
                traces.first(),
                groups(&network),
                acl(&network)
            );
            let of = seen.entry(*protocol).or_default();
            if arrives { of.0 += 1 } else { of.1 += 1 }
        }
    }
    let _ = std::fs::remove_file(&output);
    eprintln!("real packets, accepted and dropped by protocol: {seen:?}");
    for protocol in [1, 6, 17, 58] {
        let (accepted, dropped) = seen[&protocol];
        assert!(
            accepted * 5 > accepted + dropped && dropped * 5 > accepted + dropped,
            "protocol {protocol}: {accepted} accepted, {dropped} dropped"
        );
    }
}
