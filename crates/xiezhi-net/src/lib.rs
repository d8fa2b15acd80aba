//! Packet sets and reachability with proof over Alibaba Cloud networks.
//!
//! Give a [`model::Network`]; ask [`reach`] what the internet reaches, [`segment`] what reaches what
//! inside, [`relay`] what load balancers and endpoints of PrivateLink hand on, [`premises`] what passes between premises
//! outside and the estate, [`outside`] what may leave for the internet, [`close`] which rule edits would end an exposure, [`changed`] what two snapshots differ
//! in, and [`web`] what stands before web applications and whether it can be bypassed. Every answer
//! carries a witness packet and the path that [`plain`] finds for it, with the deciding rule at every hop.
//!
//! Rule numbers such as `SG-5` or `NACL-4` refer to the project's reference of network semantics,
//! which names the vendor document behind each; `A-…` are its assumptions ([`assume`]). What was not
//! collected is never guessed: it makes a verdict unknown and is named as the reason.
//!
//! Not evaluated: what somebody else's service behind an endpoint of PrivateLink does, and what appliances in line refuse.
//! No answer counts them as absent or present.

pub mod assume;
pub mod changed;
pub mod close;
pub mod grant;
pub mod model;
pub mod outside;
pub mod path;
pub mod plain;
pub mod premises;
pub mod reach;
pub mod relay;
pub mod segment;
pub mod set;
pub mod web;
