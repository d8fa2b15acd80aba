//! Exact packet sets over source, destination, protocol and ports, for IPv4 and IPv6.
//!
//! A set is a tower of interval layers: destination, then protocol, then destination port, then
//! source port, and source ranges at the bottom. Every layer is sorted, disjoint and merged, so two
//! equal sets have the same shape and comparison is structural. This module knows nothing of clouds.
//!
//! ```
//! use xiezhi_net::set::{Addresses, Match, PacketSet, Ports, Protocols};
//!
//! let world = PacketSet::from(Match {
//!     source: Addresses::parse(&["0.0.0.0/1", "128.0.0.0/1"]).unwrap(),
//!     protocols: Protocols::TCP,
//!     ports: Ports::one(22),
//!     ..Match::everything()
//! });
//! let except = PacketSet::from(Match { source: Addresses::parse(&["8.8.8.0/24"]).unwrap(), ..Match::everything() });
//! let left = world.subtract(&except);
//! assert!(left.is_subset(&world) && left != world);
//! let packet = left.witness().unwrap();
//! assert_eq!(packet.port, 22);
//! assert!(left.contains(&packet));
//! assert!(left.union(&world.intersect(&except)) == world);
//! ```

mod addresses;
mod layer;
mod packets;
mod protocols;
mod ranges;

pub use addresses::Addresses;
pub(crate) use addresses::Family;
pub use addresses::internet;
pub(crate) use layer::{Block, Cover, Inner, Layer, Space};
pub use packets::{Boxes, Flow, Match, PacketSet};
pub use protocols::Protocols;
pub use ranges::{Number, Ports, Ranges};
