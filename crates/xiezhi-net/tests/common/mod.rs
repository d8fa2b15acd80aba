//! Random estates from several generators and packets that aim at the edges of their rules.

#![allow(
    unused_imports,
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

mod edges;
mod estates;
mod joined;
mod outbound;
mod rules;
pub mod small;
mod tally;

use std::net::IpAddr;

use ipnet::IpNet;
use xiezhi_net::model::Seen;
use xiezhi_net::set::Flow;

pub use edges::Edges;
pub use estates::{GENERATORS, Generator, balancers, firewall, groups, plumbing};
pub use joined::{abroad, endpoint, joined};
pub use outbound::outbound;
pub use rules::rule;
pub use tally::{Tally, balanced, readings};

/// A small, repeatable source of choices.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }
    /// True once in `times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }
    pub fn pick<'a, T>(&mut self, pool: &'a [T]) -> &'a T {
        &pool[self.roll(pool.len() as u64) as usize]
    }
    pub fn some<T: Clone>(&mut self, pool: &[T], most: u64) -> Vec<T> {
        (0..=self.roll(most)).map(|_| self.pick(pool).clone()).collect()
    }
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
pub fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}
pub fn flow(source: &str, destination: &str, protocol: u8, port: u16) -> Flow {
    let ported = protocol == 6 || protocol == 17;
    Flow {
        source: ip(source),
        destination: ip(destination),
        protocol,
        source_port: if ported { 50_000 } else { 0 },
        port: if ported { port } else { 0 },
    }
}

pub const NETS: [&str; 16] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "8.0.0.0/8",
    "8.8.0.0/16",
    "8.8.8.8/32",
    "47.0.0.0/8",
    "10.0.0.0/8",
    "10.0.1.0/24",
    "10.0.1.4/31",
    "100.64.0.0/10",
    "100.100.0.0/17",
    "203.0.113.0/24",
    "114.114.0.0/15",
    "10.0.2.0/24",
];
pub const NETS6: [&str; 6] = ["::/0", "2400::/12", "2400:3200::/32", "2400:3200::1/128", "2000::/3", "2408:4001::/32"];
pub const PORTS: [(u16, u16); 12] = [
    (22, 22),
    (1, 65535),
    (80, 80),
    (443, 443),
    (1024, 65535),
    (20, 25),
    (3306, 3306),
    (79, 8080),
    (1, 1023),
    (8080, 8090),
    (50_000, 50_000),
    (32768, 60999),
];

pub fn gap(dice: &mut Dice) -> std::sync::Arc<str> {
    format!("evidence {}", dice.roll(5)).into()
}

/// How often evidence is missing: never, or once in so many fields.
#[derive(Clone, Copy)]
pub struct Holes(pub u64);

impl Holes {
    pub fn hit(self, dice: &mut Dice) -> bool {
        self.0 > 0 && dice.once_in(self.0)
    }
    pub fn seen<T>(self, dice: &mut Dice, value: T) -> Seen<T> {
        if self.hit(dice) { Seen::Missing(gap(dice)) } else { Seen::Known(value) }
    }
}
