//! Ports, as every rule and entry that names them has them.

use crate::Text;
use crate::record::record;

record! {
    /// An inclusive range of ports of one protocol.
    OpenPorts = "open-ports" {
        /// `tcp` or `udp`.
        protocol: Text,
        /// The first port, 1 to 65535.
        first: i64,
        /// The last port, 1 to 65535; the same as `first` for a single port.
        last: i64,
    }
}

record! {
    /// An inclusive range of ports.
    PortRange = "port-range" {
        /// The first port, 1 to 65535.
        first: i64,
        /// The last port, 1 to 65535; the same as `first` for a single port.
        last: i64,
    }
}
