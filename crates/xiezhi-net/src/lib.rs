//! Packet sets and reachability with proof over Alibaba Cloud networks.
