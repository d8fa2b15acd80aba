//! Three network namespaces in a row, with security groups, a network ACL and routes as the kernel's own.

#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::missing_docs_in_private_items)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xiezhi_net::model::*;

pub const SOURCES: [&str; 3] = ["8.8.8.8", "47.9.9.9", "114.114.114.114"];
pub const OWN: [&str; 3] = ["10.0.1.4", "10.0.1.5", "10.0.1.6"];
pub const SOURCES6: [&str; 2] = ["2400:3200::1", "2001:4860::8888"];
pub const OWN6: [&str; 2] = ["2408:4001::5", "2408:4001::6"];
pub const PORTS: [u16; 5] = [22, 53, 80, 443, 8080];
pub const WAIT: Duration = Duration::from_millis(400);

/// Three namespaces in a row: client, router with the network ACL, server with the security groups.
pub struct Lab {
    names: [String; 3],
    pub echoes: Vec<Child>,
}

impl Drop for Lab {
    fn drop(&mut self) {
        for echo in &mut self.echoes {
            let _ = echo.kill();
            let _ = echo.wait();
        }
        for name in &self.names {
            let _ = Command::new("ip").args(["netns", "del", name]).stderr(Stdio::null()).status();
        }
    }
}

pub fn run(program: &str, args: &[&str], input: &str) -> Result<(), String> {
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

    pub fn build() -> Result<Self, String> {
        let id = std::process::id();
        let lab = Self { names: ["c", "r", "s"].map(|part| format!("xz-{part}-{id}")), echoes: Vec::new() };
        for name in &lab.names {
            run("ip", &["netns", "add", name], "")?;
        }
        let [c, r, s] = &lab.names;
        run("ip", &["link", "add", "up0", "netns", c, "type", "veth", "peer", "name", "cl0", "netns", r], "")?;
        run("ip", &["link", "add", "dn0", "netns", r, "type", "veth", "peer", "name", "up0", "netns", s], "")?;
        let quiet = "for f in /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done\nip link set lo up\n";
        // Both ends send: from these ports, and echo requests.
        let ends = "echo 50000 60999 > /proc/sys/net/ipv4/ip_local_port_range\necho 0 2147483647 > /proc/sys/net/ipv4/ping_group_range\n";
        let mut client = format!(
            "{quiet}ip link set up0 up\nip addr add 192.168.100.2/30 dev up0\nip -6 addr add fd00:1::2/64 dev up0 nodad\n{ends}"
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
            "{quiet}ip link set up0 up\nip addr add 192.168.101.2/30 dev up0\nip -6 addr add fd00:2::2/64 dev up0 nodad\n{ends}"
        );
        OWN.iter().for_each(|own| writeln!(server, "ip addr add {own}/32 dev up0").unwrap());
        OWN6.iter().for_each(|own| writeln!(server, "ip -6 addr add {own}/128 dev up0 nodad").unwrap());
        lab.shell(2, &server)?;
        Ok(lab)
    }

    pub fn role(&self, at: usize, role: &str) -> Command {
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
    pub fn load(&self, network: &Network) -> Result<(), String> {
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

/// One chain for each direction, priority and policy; the kernel walks priorities upwards, drops first (SG-5). What a
/// flow that was let through sends back is let through too (SG-20).
pub fn groups(network: &Network) -> String {
    let (into, inward) = chains(network, Direction::Ingress, ("in", "saddr", "daddr"));
    let (out, outward) = chains(network, Direction::Egress, ("out", "daddr", "saddr"));
    let known = "ct state established accept\nicmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept\n";
    format!(
        "flush ruleset\ntable inet sg {{\n{into}{out}chain input {{ type filter hook input priority 0; policy drop;\n{known}{inward}}}\nchain output {{ type filter hook output priority 0; policy drop;\n{known}{outward}}}\n}}\n"
    )
}

/// The chains of one direction, and the jumps to them.
fn chains(network: &Network, direction: Direction, (name, far, near): (&str, &str, &str)) -> (String, String) {
    let rules = network.groups.iter().flat_map(|group| group.rules.known().unwrap());
    let rules: Vec<&Rule> = rules.filter(|rule| rule.direction == direction).collect();
    let (mut chains, mut jumps) = (String::new(), String::new());
    for priority in 1..=100 {
        for (policy, verdict) in [(Policy::Drop, "drop"), (Policy::Accept, "accept")] {
            let mut lines = String::new();
            for rule in
                rules.iter().filter(|rule| rule.priority == Seen::Known(priority) && rule.policy == Seen::Known(policy))
            {
                let own = rule.own.known().map(|nets| format!("ip {near} {} ", nets[0])).unwrap_or_default();
                terms(&rule.protocol, &rule.ports, &rule.source_ports, &rule.peer, far)
                    .iter()
                    .for_each(|term| writeln!(lines, "{own}{term}{verdict}").unwrap());
            }
            if !lines.is_empty() {
                write!(chains, "chain {name}{priority}{verdict} {{\n{lines}}}\n").unwrap();
                writeln!(jumps, "jump {name}{priority}{verdict}").unwrap();
            }
        }
    }
    (chains, jumps)
}

/// Stateless: both directions are walked entry by entry (NACL-4, NACL-5).
pub fn acl(network: &Network) -> String {
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
